/* writer.h -- programs made up from a seed, for tests. */
#ifndef TESTS_WRITER_H
#define TESTS_WRITER_H

#include <stdio.h>

#include "session.h"

/* A program being written. */
struct writer
{
  char text[TEXT];
  size_t used;
  uint32_t seed;
  int numbers, vectors; /* its values so far, by name: s0 s1 ..., v0 v1 ... */
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

/* A program of the inputs s0, s1 and v0, of 3 elements, whose last value is y, a number or a vector. Functions are
   smooth where the arguments are, and values stay of moderate size. */
void write_program (struct writer *writer, uint32_t seed);
/* A program of the inputs s0, s1 and v0, of 6 or 30 elements, which replaces elements, rows and slices of arrays, in
   loops and outside of them, some of them under two names; its last value is y. */
void write_replacements (struct writer *writer, uint32_t seed);

#endif
