/* apart.h -- programs made up from a seed, each in two forms: as one would write it, and with the arguments and the
   result of every call bound to names of their own, choices and functions as statements. */
#ifndef TESTS_APART_H
#define TESTS_APART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum
{
  POOL = 1 << 17,
  PROGRAM_TEXT = 1 << 14,
  SCOPE = 12
};

enum sort
{
  NUMBERS,
  VECTORS, /* of three elements */
  TRUTHS
};

/* A program that is made up. Its inputs are s0, s1 and v0, its target y. */
struct maker
{
  uint32_t seed, fresh;
  char whole[PROGRAM_TEXT], apart[PROGRAM_TEXT];
  size_t whole_used, apart_used;
  char pool[POOL];
  size_t pool_used;
  const char *names[2][SCOPE]; /* that may be used here, numbers and vectors */
  uint32_t name_count[2];
  uint32_t functions; /* that were defined so far, of each form */
  bool derivatives;   /* some are in the program */
  uint32_t closed;    /* within the body of a `fn`, which has no statements */
};

/* The program of a seed. Where one of the texts is full it was cut, and is none: see is_whole. */
void make_program (struct maker *maker, uint32_t seed);

static inline bool
is_whole (const struct maker *maker)
{
  return maker->pool_used < POOL - 1 && maker->whole_used < PROGRAM_TEXT - 1 && maker->apart_used < PROGRAM_TEXT - 1;
}

#endif
