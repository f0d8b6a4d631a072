/* stretch.h -- a file of records cut into stretches of whole records, by readers each of whom sees a part of it. */
#ifndef GRADCALC_STRETCH_H
#define GRADCALC_STRETCH_H

#include <stdbool.h>
#include <stdint.h>

/* Whether a place is within quotes, where a line end is part of a field, hangs on all that stands before it: on
   whether the quotes there are odd. So a file is cut in two steps. Each reader counts in its part of the bytes, and
   adds up what all readers before it have counted; with that it finds where its first record begins. It ends where the
   one behind it begins. A quote where none may be makes what is behind it anybody's guess, but the record that has it
   is whole, and whoever reads that refuses it. */
struct stretch_count
{
  uint64_t lines;  /* ends of lines */
  uint64_t quotes; /* 0 where they mean nothing */
};

struct stretch
{
  int file;        /* can be read at any place */
  bool has_quotes; /* they may hold line ends */
  uint64_t size;   /* of the file, as far as it counts */
  int error;       /* of reading, or 0 */
};

/* What there is from one place up to another. */
struct stretch_count stretch_count (struct stretch *stretch, uint64_t from, uint64_t to);

/* The first place behind a line that is not blank from `at` on: a record begins there, or blank lines that go with it.
   `before` is what all before `at` has; its lines become those before the place. */
uint64_t stretch_find (struct stretch *stretch, uint64_t at, struct stretch_count *before);

#endif
