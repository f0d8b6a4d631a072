/* seeds.h -- which made-up programs a test goes through. */
#ifndef TESTS_SEEDS_H
#define TESTS_SEEDS_H

#include <stdint.h>
#include <stdlib.h>

/* The words of the command line are FIRST and COUNT: so many seeds from *first on. Without COUNT they are all that the
   test is meant to have; or with TEST_SHARE=N in the environment an N-th of them, the first. */
static inline uint32_t
seeds_to_try (int count, char **words, uint32_t all, uint32_t *first)
{
  const char *share = getenv ("TEST_SHARE");
  uint32_t parts = share ? (uint32_t)strtoul (share, NULL, 10) : 1;
  *first = count > 1 ? (uint32_t)strtoul (words[1], NULL, 10) : 0;
  return count > 2 ? (uint32_t)strtoul (words[2], NULL, 10) : (all + parts - 1) / parts;
}

#endif
