/* landmark.h -- what is known of a long text every few kilobytes: places are found without a walk. */
#ifndef GRADCALC_LANDMARK_H
#define GRADCALC_LANDMARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/memory.h"

enum
{
  LANDMARK_STEP = 4096 /* bytes from one to the next */
};

/* Offsets count from the text's start, which is shorter than 4 GiB. */
struct landmark
{
  uint32_t lines;      /* newlines before it */
  uint32_t characters; /* before it: bytes that do not continue one */
  uint32_t line_start; /* of the line it stands in */
  uint32_t line_end;   /* the first newline from it on, or the text's end */
};

/* One for each begun step of a text, and one more at its end, in a block of the heap; NULL when there is no room. */
struct landmark *landmarks_find (struct memory *memory, const char *text, size_t size);

/* Whether a byte of UTF-8 continues a character. */
static inline bool
continues_character (char byte)
{
  return ((unsigned char)byte & 0xc0) == 0x80;
}

/* How many characters begin before an offset. */
size_t landmark_characters (const struct landmark *landmarks, const char *text, size_t offset);

#endif
