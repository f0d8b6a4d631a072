/* printed_slices.c -- arrays of three axes as R and Octave print them: a matrix for each place along the last axis. */
#include <stdio.h>
#include <string.h>

#include "answers/part.h"
#include "answers/printed.h"
#include "base/heap.h"
#include "base/writing.h"

/* A matrix as it was read: its text, and where its elements begin in it. */
struct slice
{
  char *text;
  const char **elements;
  size_t count, rows;
};

/* Finds the elements of [[1, 2], [3, 4]], which end with a comma or a bracket. */
static void
find_elements (struct memory *memory, struct slice *slice)
{
  bool inside = false;
  for (const char *at = slice->text; *at; at++)
    {
      bool apart = part_among (*at, "[], ");
      slice->rows += *at == ']' && at[1] && at[1] != ']';
      if (!apart && !inside)
        {
          slice->elements
            = heap_grow (memory, slice->elements, slice->count + 1, sizeof *slice->elements, "the answers");
          slice->elements[slice->count++] = at;
        }
      inside = !apart;
    }
  slice->rows++;
}

/* The slices, element by element; NULL where they differ in shape. */
static char *
join (struct memory *memory, const struct slice *slices, size_t count)
{
  const struct slice *first = &slices[0];
  for (size_t k = 0; k < count; k++)
    if (!slices[k].count || slices[k].count != first->count || slices[k].rows != first->rows)
      return NULL;
  size_t columns = first->count / first->rows;
  struct writing *text = writing_open (memory, "the answers");
  for (size_t i = 0; i < first->count; i++)
    {
      fputs (i % columns ? ", [" : i ? "], [[" : "[[[", text->out);
      for (size_t k = 0; k < count; k++)
        fprintf (text->out, "%s%.*s", k ? ", " : "", (int)strcspn (slices[k].elements[i], "], "),
                 slices[k].elements[i]);
      fputs ("]", text->out);
    }
  fputs ("]]", text->out);
  return writing_close (text, NULL);
}

char *
printed_slices (struct memory *memory, const char *text, size_t size)
{
  struct slice *slices = NULL;
  size_t count = 0, from = 0;
  bool good = true;
  for (size_t at = 0; at <= size && good;)
    {
      struct part line = part_line (text, size, at);
      size_t number = part_slice (line.text, line.size), next = at + line.size + 1;
      bool last = next > size;
      if ((number || last) && count)
        {
          slices[count - 1].text = printed_lines (memory, text + from, (last ? size : at) - from);
          good = slices[count - 1].text != NULL;
          if (good)
            find_elements (memory, &slices[count - 1]);
        }
      if (number)
        {
          good &= number == count + 1 && !last;
          slices = heap_grow (memory, slices, count + 1, sizeof *slices, "the answers");
          slices[count++] = (struct slice){ 0 };
          from = next;
        }
      /* Nothing comes before the first. */
      good &= count || !part_trim (line).size;
      at = next;
    }
  char *joined = good && count ? join (memory, slices, count) : NULL;
  for (size_t k = 0; k < count; k++)
    {
      heap_give (slices[k].text);
      heap_give (slices[k].elements);
    }
  heap_give (slices);
  return joined;
}
