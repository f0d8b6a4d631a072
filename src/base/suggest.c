/* suggest.c -- the name that was meant. */
#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/diagnostic.h"

enum
{
  WORD_LIMIT = 64
};

/* Edits between two words: insertion, deletion, change, and swap of neighbours count one each (optimal string
 * alignment). */
static size_t
distance (const char *a, size_t m, const char *b, size_t n)
{
  size_t rows[3][WORD_LIMIT + 1];
  size_t *before = rows[0], *above = rows[1], *row = rows[2];
  for (size_t j = 0; j <= n; j++)
    above[j] = j;
  for (size_t i = 1; i <= m; i++)
    {
      row[0] = i;
      for (size_t j = 1; j <= n; j++)
        {
          int x = tolower ((unsigned char)a[i - 1]), y = tolower ((unsigned char)b[j - 1]);
          size_t best = above[j - 1] + (x != y);
          if (above[j] + 1 < best)
            best = above[j] + 1;
          if (row[j - 1] + 1 < best)
            best = row[j - 1] + 1;
          if (i > 1 && j > 1 && x == tolower ((unsigned char)b[j - 2]) && tolower ((unsigned char)a[i - 2]) == y
              && before[j - 2] + 1 < best)
            best = before[j - 2] + 1;
          row[j] = best;
        }
      size_t *spare = before;
      before = above;
      above = row;
      row = spare;
    }
  return above[n];
}

const char *
suggest (const char *word, size_t count, const char *(*name) (size_t, const void *), const void *data)
{
  size_t size = strlen (word);
  if (size > WORD_LIMIT)
    return NULL;
  size_t limit = size / 3 > 1 ? size / 3 : 1;
  const char *found = NULL;
  size_t least = SIZE_MAX;
  for (size_t i = 0; i < count; i++)
    {
      const char *candidate = name (i, data);
      if (!candidate || !*candidate)
        continue;
      size_t length = strlen (candidate);
      if (length > WORD_LIMIT || length > size + limit || size > length + limit)
        continue;
      size_t edits = distance (word, size, candidate, length);
      /* A word of one letter is near every other one: only its other case is a likely slip. */
      if (edits > limit || edits >= least || (edits > 0 && size == 1 && length == 1))
        continue;
      least = edits;
      found = candidate;
    }
  return found;
}
