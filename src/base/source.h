/* source.h -- program text, and places in it. */
#ifndef GRADCALC_SOURCE_H
#define GRADCALC_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/memory.h"

/* A place in the program: a run of bytes, counted over all sources in order. Length 0 at start 0 is no place. */
struct span
{
  uint32_t start;
  uint32_t length;
};
/* Of a message that has no place. */
#define NOWHERE ((struct span){ 0, 0 })

/* One file, one -e, or standard input. */
struct source
{
  const char *name; /* as messages print it: "loss.expr", "<stdin>", "<-e>" */
  const char *text;
  size_t size;
  uint32_t base;              /* the offset of its first byte among all sources */
  bool mapped;                /* text is a mapping of a file, else a block of the heap */
  const char *answers;        /* a file of answers, and what it is called: what cannot be taken in it spoils no other
                                 answer; or NULL */
  struct memory *memory;      /* what its blocks are charged to */
  struct landmark *landmarks; /* of a long text, once a place in it was asked for; NULL */
};

/* The texts that make up a program, in order. A byte between two sources belongs to none. */
struct sources
{
  struct source *list;
  size_t count;
  size_t total; /* bytes in all; at most SOURCE_LIMIT */
};

enum
{
  SOURCE_FIRST = 1
};
#define SOURCE_LIMIT ((size_t)2 << 30)

/* Adds a source, charged to `memory` unless it is mapped. `sources_read` opens a path ("-" is standard input) and
   returns 0 or an errno; EFBIG when it has more than `most` bytes, or all would pass SOURCE_LIMIT. `sources_add` takes
   a copy of the text; what passes the limit has no memory. */
int sources_read (struct sources *sources, struct memory *memory, const char *path, const char *name, size_t most);
void sources_add (struct sources *sources, struct memory *memory, const char *name, const char *text, size_t size);
void sources_free (struct sources *sources);
/* The offset behind the first `count` sources. */
uint32_t sources_end (const struct sources *sources, size_t count);
/* Lets the memory of mapped files go until they are looked at again. */
void sources_rest (const struct sources *sources);

/* The source a place is in, and its bytes. */
const struct source *sources_find (const struct sources *sources, uint32_t offset);
const char *sources_text (const struct sources *sources, struct span span);
/* Whether a text stands behind a place on its line, but for blanks. */
bool sources_follows (const struct sources *sources, struct span span, const char *text);

/* Line and column of an offset, from 1, columns in characters, and the line's extent. */
struct place
{
  const struct source *source;
  size_t line, column;
  const char *line_start;
  size_t line_size;
};
struct place sources_place (const struct sources *sources, uint32_t offset);

static inline struct span
span_join (struct span a, struct span b)
{
  return (struct span){ a.start, b.start + b.length - a.start };
}

#endif
