/* landmark.c -- what is known of a long text every few kilobytes: places are found without a walk. */
#include "base/landmark.h"

#include <string.h>

#include "base/heap.h"

static uint32_t
count_characters (const char *text, size_t size)
{
  uint32_t count = 0;
  for (size_t i = 0; i < size; i++)
    count += !continues_character (text[i]);
  return count;
}

struct landmark *
landmarks_find (struct memory *memory, const char *text, size_t size)
{
  size_t count = (size + LANDMARK_STEP - 1) / LANDMARK_STEP + 1;
  struct landmark *landmarks = heap_try_line (memory, count * sizeof *landmarks);
  if (!landmarks)
    return NULL;
  landmarks[0] = (struct landmark){ 0 };
  for (size_t k = 0; k + 1 < count; k++)
    {
      size_t start = k * LANDMARK_STEP, length = size - start < LANDMARK_STEP ? size - start : LANDMARK_STEP;
      struct landmark *next = &landmarks[k + 1];
      *next = landmarks[k];
      for (const char *p = text + start, *end = p + length; (p = memchr (p, '\n', (size_t)(end - p))) != NULL; p++)
        {
          next->lines++;
          next->line_start = (uint32_t)(p - text) + 1;
        }
      next->characters += count_characters (text + start, length);
    }
  landmarks[count - 1].line_end = (uint32_t)size;
  for (size_t k = count - 1; k-- > 0;)
    {
      size_t start = k * LANDMARK_STEP, length = size - start < LANDMARK_STEP ? size - start : LANDMARK_STEP;
      const char *newline = memchr (text + start, '\n', length);
      landmarks[k].line_end = newline ? (uint32_t)(newline - text) : landmarks[k + 1].line_end;
    }
  return landmarks;
}

size_t
landmark_characters (const struct landmark *landmarks, const char *text, size_t offset)
{
  size_t k = offset / LANDMARK_STEP, start = k * LANDMARK_STEP;
  return landmarks[k].characters + count_characters (text + start, offset - start);
}
