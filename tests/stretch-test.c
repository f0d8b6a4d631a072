/* stretch-test.c -- files of made-up records cut by as many readers as there may be: each part begins with a record, at
   its line, and no blank line above it is left to another.

     tests/stretch-test [FIRST [COUNT]] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rows/stretch.h"

enum
{
  LONG = 70000, /* a field longer than what is read at once */
  TEXT = 3 * LONG + 100000,
  RECORDS = 60,
  FILES = 150,
  READERS = 40
};

static uint32_t state;

static uint32_t
draw (uint32_t below)
{
  state = state * 1664525u + 1013904223u;
  return (state >> 16) % below;
}

static char text[TEXT];
static size_t used;
static uint64_t lines;
/* Where a part may begin, the lines above that, and the end. */
static uint64_t starts[RECORDS + 1], lines_above[RECORDS + 1];

static void
put (const char *what)
{
  used += (size_t)sprintf (text + used, "%s", what);
}

static void
put_end (void)
{
  static const char *const ends[] = { "\n", "\r\n", "\r" };
  static uint32_t last;
  /* A lone CR and an LF behind it would be one end. */
  uint32_t next = draw (3);
  put (ends[last == 2 && next == 0 ? 1 : next]);
  last = next;
  lines++;
}

static void
put_record (bool is_long)
{
  for (uint32_t field = 1 + draw (4); field--;)
    {
      bool is_quoted = draw (3) == 0;
      put (is_quoted ? "\"" : "1");
      for (uint32_t i = is_long && !field ? LONG : draw (6); i--;)
        if (is_quoted && draw (3) == 0)
          put_end ();
        else
          put (is_quoted && draw (4) == 0 ? "\"\"" : draw (2) ? " " : "x");
      put (is_quoted ? "\"" : "");
      put (field ? "," : "");
    }
  put_end ();
}

/* Blank lines go with the record below. */
static void
make_file (void)
{
  uint32_t longest = draw (4 * RECORDS);
  used = lines = 0;
  for (uint32_t i = 0; i < RECORDS; i++)
    {
      starts[i] = used;
      lines_above[i] = lines;
      for (uint32_t blank = draw (3) ? 0 : draw (4); blank--; put_end ())
        put (draw (2) ? "" : " \t");
      put_record (i == longest);
    }
  starts[RECORDS] = used;
  lines_above[RECORDS] = lines;
}

/* Cuts the file for some readers; how many parts begin elsewhere than they should. */
static int
cut (FILE *file, uint64_t readers)
{
  struct stretch stretch = { .file = fileno (file), .has_quotes = true, .size = used };
  struct stretch_count before = { 0 };
  int faults = 0;
  uint64_t last = 0;
  for (uint64_t i = 0; i < readers; i++)
    {
      uint64_t begin = used * i / readers, end = used * (i + 1) / readers;
      struct stretch_count above = before, own = stretch_count (&stretch, begin, end);
      uint64_t start = i ? stretch_find (&stretch, begin, &above) : 0, k = 0;
      while (k < RECORDS && starts[k] < begin)
        k++;
      /* The first record that begins there, or the one after it: the end of a line may be all that is seen of it. */
      k += k < RECORDS && starts[k] < start;
      if (starts[k] != start || lines_above[k] != above.lines || start < last)
        faults++;
      last = start;
      before.lines += own.lines;
      before.quotes += own.quotes;
    }
  return faults + (before.lines != lines) + stretch.error;
}

int
main (int count, char **words)
{
  uint32_t first = count > 1 ? (uint32_t)atoi (words[1]) : 1, files = count > 2 ? (uint32_t)atoi (words[2]) : FILES;
  int faults = 0;
  puts ("1..1");
  for (uint32_t seed = first; seed < first + files; seed++)
    {
      state = seed * 2654435761u;
      make_file ();
      FILE *file = tmpfile ();
      if (!file || fwrite (text, 1, used, file) != used || fflush (file) != 0)
        return 1;
      for (uint64_t readers = 1; readers < READERS; readers += 1 + readers / 4)
        if (cut (file, readers))
          {
            printf ("# seed %u, %u readers: a part begins in the wrong place\n", seed, (unsigned)readers);
            faults++;
          }
      fclose (file);
    }
  printf ("%s 1 - parts begin with records, at their lines\n", faults ? "not ok" : "ok");
  return faults != 0;
}
