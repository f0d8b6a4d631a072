/* writer.h -- programs made up from a seed, for tests. */
#ifndef TESTS_WRITER_H
#define TESTS_WRITER_H

#include <stdio.h>
#include <stdlib.h>

#include "session.h"

/* A program being written. */
struct writer
{
  char text[TEXT];
  size_t used;
  uint32_t seed;
  int numbers, vectors; /* its values so far, by name: s0 s1 ..., v0 v1 ... */
  bool replaces;        /* it replaces elements of arrays */
  bool arrays;          /* it works on arrays of few elements */
};

/* A whole number below `below`. */
static inline uint32_t
draw (struct writer *writer, uint32_t below)
{
  writer->seed = writer->seed * 1664525u + 1013904223u;
  return (writer->seed >> 16) % below;
}

#define WRITE(writer, ...)                                                                                             \
  ((writer)->used += (size_t)snprintf ((writer)->text + (writer)->used, TEXT - (writer)->used, __VA_ARGS__))

/* One of some texts. */
static inline const char *
pick (struct writer *writer, const char *const *forms, size_t count)
{
  return forms[draw (writer, (uint32_t)count)];
}
#define PICK(...)                                                                                                      \
  pick (writer, (const char *const[]){ __VA_ARGS__ },                                                                  \
        sizeof (const char *const[]){ __VA_ARGS__ } / sizeof (const char *))

/* Programs that run in a fast way and in a plain one, whose derivatives have to be the same. */
struct both_ways
{
  void (*write) (struct writer *writer, uint32_t seed);
  /* Whether a program is the same both ways, else what is not; `*fast`, whether the fast way was taken at all. */
  bool (*compare) (const char *text, bool *fast, char *failure);
  uint32_t programs;
  const char *agree, *most; /* what is tested, in words behind the number of programs; what most programs did */
};

/* A test of such programs, by the words of its command line, FIRST and COUNT of seeds; its status. */
static inline int
test_both_ways (const struct both_ways *ways, int count, char **words)
{
  uint32_t first = count > 1 ? (uint32_t)strtoul (words[1], NULL, 10) : 0;
  uint32_t programs = count > 2 ? (uint32_t)strtoul (words[2], NULL, 10) : ways->programs;
  uint32_t failures = 0, taken = 0;
  printf ("1..2\n");
  for (uint32_t seed = first; seed < first + programs; seed++)
    {
      static struct writer writer;
      char failure[FAILURE_SIZE] = "";
      bool fast = false;
      ways->write (&writer, seed);
      if (!ways->compare (writer.text, &fast, failure) && ++failures <= 10)
        printf ("# seed %u: %s\n#   in: %s\n", seed, failure, writer.text);
      taken += fast;
    }
  printf ("%sok 1 - %u %s\n", failures ? "not " : "", programs, ways->agree);
  printf ("%sok 2 - most %s (%u)\n", taken >= programs / 2 ? "" : "not ", ways->most, taken);
  return failures || taken < programs / 2;
}

/* A program of the inputs s0, s1 and v0, of 3 elements, whose last value is y, a number or a vector. Functions are
   smooth where the arguments are, and values stay of moderate size. */
void write_program (struct writer *writer, uint32_t seed);
/* A program of the inputs s0, s1 and v0, of 6 or 30 elements, which replaces elements, rows and slices of arrays, in
   loops and outside of them, some of them under two names; its last value is y. */
void write_replacements (struct writer *writer, uint32_t seed);

#endif
