/* claims_table.c -- claims from the elements that a table tells one by one. */
#include "check/claims_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "base/writing.h"
#include "check/claims_file.h"

enum
{
  TABLE_LIMIT = 1 << 22 /* elements */
};

/* One element of an array: where it is, and its text. */
struct element
{
  size_t index[RANK_LIMIT];
  size_t array;    /* number of the array it is of, in a sparse table */
  int rank, outer; /* axes in all, and those of the target, or of the first variable */
  struct cell text;
};

bool
cell_equal (struct cell a, struct cell b)
{
  return a.size == b.size && (!a.size || memcmp (a.text, b.text, a.size) == 0);
}

bool
claim_table_fail (const struct claim_table *table, const char *message)
{
  diagnose_data (table->diagnostics, STATUS_PROGRAM, table->name, table->line, 0, "%s", message);
  return false;
}

/* Numbers with blanks or points between, behind those that the element has. A program that holds a column with empty
   fields as real numbers writes a single one as `2.0`, where blanks are between. */
static bool
read_index (struct element *element, struct cell cell, char between)
{
  size_t i = 0;
  while (i < cell.size)
    {
      size_t position = 0, start = i;
      for (; i < cell.size && cell.text[i] >= '0' && cell.text[i] <= '9' && i - start < 9; i++)
        position = position * 10 + (size_t)(cell.text[i] - '0');
      if (i == start || element->rank == RANK_LIMIT)
        return false;
      element->index[element->rank++] = position;
      if (between == ' ' && start == 0 && i + 2 == cell.size && memcmp (cell.text + i, ".0", 2) == 0)
        return true;
      if (i < cell.size && cell.text[i] != between)
        return false;
      i += i < cell.size;
    }
  return true;
}

static int
by_index (const void *a, const void *b)
{
  const struct element *x = a, *y = b;
  if (x->array != y->array)
    return x->array < y->array ? -1 : 1;
  for (int axis = 0; axis < x->rank && axis < y->rank; axis++)
    if (x->index[axis] != y->index[axis])
      return x->index[axis] < y->index[axis] ? -1 : 1;
  return x->rank - y->rank;
}

/* A number or a formula; of a doubled quote in it one is written. Truth is written as pandas and R do, too. */
static void
print_element (FILE *out, struct cell text)
{
  static const char *const words[][2]
    = { { "True", "true" }, { "TRUE", "true" }, { "False", "false" }, { "FALSE", "false" } };
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (text.size == strlen (words[i][0]) && memcmp (text.text, words[i][0], text.size) == 0)
      {
        fputs (words[i][1], out);
        return;
      }
  fputs (text.size ? "" : "NaN", out);
  for (size_t i = 0; i < text.size; i++)
    {
      putc (text.text[i], out);
      i += text.text[i] == '"' && i + 1 < text.size && text.text[i + 1] == '"';
    }
}

/* How long each axis is, by the greatest position on it, and how many axes are the target's; false when elements have
   different axes. */
static bool
find_extents (const struct claim_table *table, size_t extents[RANK_LIMIT], size_t *size)
{
  const struct element *elements = table->elements;
  *size = 1;
  memset (extents, 0, RANK_LIMIT * sizeof *extents);
  for (size_t i = 0; i < table->count; i++)
    {
      if (elements[i].rank != elements[0].rank || elements[i].outer != elements[0].outer)
        return false;
      for (int axis = 0; axis < elements[i].rank; axis++)
        if (elements[i].index[axis] >= extents[axis])
          extents[axis] = elements[i].index[axis] + 1;
    }
  for (int axis = 0; axis < elements[0].rank; axis++)
    if (*size <= TABLE_LIMIT)
      *size *= extents[axis];
  return *size <= TABLE_LIMIT;
}

/* A name, with the part of it that so many positions say: `x[0:3]`. */
static char *
with_part (const struct claim_table *table, struct cell name, const size_t *extents, int count)
{
  struct writing *text = writing_open (table->diagnostics->memory, "the answers");
  fprintf (text->out, "%.*s", (int)name.size, name.size ? name.text : "");
  for (int axis = 0; axis < count; axis++)
    fprintf (text->out, "%s0:%zu%s", axis ? "," : "[", extents[axis], axis == count - 1 ? "]" : "");
  return writing_close (text, NULL);
}

/* The left side. What `--sparse` leaves out at the end of an axis may be there: so a claim is about a part. */
static void
print_left (struct claim_table *table, const size_t *extents)
{
  const struct element *first = &table->elements[0];
  int inner = first->rank - first->outer;
  bool second = table->heading.second.size > 0, split = table->sparse;
  char *target = with_part (table, table->heading.target, extents, split && !second ? first->outer : 0);
  char *source = with_part (table, table->heading.source, extents + (second ? 0 : first->outer),
                            !split   ? 0
                            : second ? first->outer
                                     : inner);
  char *other = with_part (table, table->heading.second, extents + first->outer, split && second ? inner : 0);
  answer_left (table->out, target, table->heading.source.size ? source : NULL, second ? other : NULL);
  heap_give (target);
  heap_give (source);
  heap_give (other);
}

/* How many axes begin at an element, and end before it: as many brackets open and close there. */
static int
axes_at (const size_t *extents, int rank, size_t element)
{
  int axis = rank;
  for (; axis > 0 && element % extents[axis - 1] == 0; axis--)
    element /= extents[axis - 1];
  return rank - axis;
}

/* The right side: what is not in a sparse table is 0. */
static void
print_right (const struct claim_table *table, const size_t *extents, size_t size)
{
  int rank = table->elements[0].rank;
  size_t next = 0;
  for (size_t i = 0; i < size; i++)
    {
      size_t at = 0, stride = 1;
      const struct element *element = next < table->count ? &table->elements[next] : NULL;
      for (int axis = rank - 1; element && axis >= 0; axis--)
        {
          at += element->index[axis] * stride;
          stride *= extents[axis];
        }
      fprintf (table->out, "%s%.*s", i ? ", " : "", axes_at (extents, rank, i), "[[[[[[[[");
      if (element && at == i)
        print_element (table->out, table->elements[next++].text);
      else
        putc ('0', table->out);
      fprintf (table->out, "%.*s", axes_at (extents, rank, i + 1), "]]]]]]]]");
    }
}

/* The elements read so far become one claim; false when some are missing or there twice. */
static bool
finish_array (struct claim_table *table)
{
  struct element *elements = table->elements;
  size_t count = table->count, size, extents[RANK_LIMIT];
  if (!count)
    return true;
  qsort (elements, count, sizeof *elements, by_index);
  bool empty = true, good = find_extents (table, extents, &size) && (size == count || table->sparse);
  for (size_t i = 0; i < count; i++)
    {
      empty &= !elements[i].text.size;
      good &= i == 0 || by_index (&elements[i - 1], &elements[i]) != 0;
    }
  if (good)
    print_left (table, extents);
  if (good && empty)
    fputs ("none", table->out);
  else if (good)
    print_right (table, extents, size);
  putc ('\n', table->out);
  table->count = 0;
  return good || claim_table_fail (table, "elements of an array are missing, or there twice");
}

static bool
same_heading (const struct heading *a, const struct heading *b)
{
  return cell_equal (a->target, b->target) && cell_equal (a->source, b->source) && cell_equal (a->second, b->second);
}

/* The number of the array with that heading. */
static size_t
find_heading (struct claim_table *table, const struct heading *heading)
{
  size_t count = table->heading_count;
  /* Mostly it is that of the line before. */
  if (table->count && same_heading (&table->headings[table->elements[table->count - 1].array], heading))
    return table->elements[table->count - 1].array;
  for (size_t array = 0; array < count; array++)
    if (same_heading (&table->headings[array], heading))
      return array;
  table->headings
    = heap_grow (table->diagnostics->memory, table->headings, count + 1, sizeof *table->headings, "the answers");
  table->headings[count] = *heading;
  table->heading_count++;
  return count;
}

/* The arrays of a sparse table, one after the other. */
static bool
finish_all (struct claim_table *table)
{
  struct element *elements = table->elements;
  size_t count = table->count, from = 0;
  bool good = true;
  if (!table->sparse)
    return finish_array (table);
  if (count)
    qsort (elements, count, sizeof *elements, by_index);
  while (from < count && good)
    {
      size_t to = from;
      while (to < count && elements[to].array == elements[from].array)
        to++;
      table->heading = table->headings[elements[from].array];
      table->elements = elements + from;
      table->count = to - from;
      good = finish_array (table);
      from = to;
    }
  table->elements = elements;
  return good;
}

void
answer_left (FILE *out, const char *target, const char *source, const char *second)
{
  bool plain = strpbrk (target, "+-*/^@%()[]<>=!&|?:, '\"") == NULL;
  if (second)
    fprintf (out, plain ? "d2%s/d%sd%s = " : "d2(%s)/d%sd%s = ", target, source, second);
  else if (source)
    fprintf (out, plain ? "d%s/d%s = " : "d(%s)/d%s = ", target, source);
  else
    fprintf (out, "%s = ", target);
}

/* R writes NA for an empty field of numbers. */
static struct cell
without_na (struct cell cell)
{
  return cell_equal (cell, (struct cell){ "NA", 2 }) ? (struct cell){ cell.text, 0 } : cell;
}

static bool
add (struct claim_table *table, size_t array, struct cell first, struct cell second, struct cell number)
{
  if (table->count == table->room)
    {
      table->room = table->room * 2 + 64;
      table->elements
        = heap_grow (table->diagnostics->memory, table->elements, table->room, sizeof *table->elements, "the answers");
    }
  struct element *element = &table->elements[table->count++];
  *element = (struct element){ .array = array, .text = number };
  bool good = read_index (element, first, table->between);
  element->outer = element->rank;
  return good && read_index (element, second, table->between);
}

bool
claim_table_add (struct claim_table *table, const struct heading *heading, const struct cell positions[2],
                 struct cell number)
{
  struct cell first = without_na (positions[0]), second = without_na (positions[1]);
  size_t array = table->sparse ? find_heading (table, heading) : 0;
  if (!table->sparse && !same_heading (heading, &table->heading) && !finish_array (table))
    return false;
  table->heading = *heading;
  number = without_na (number);
  bool good = add (table, array, first, second, number);
  /* Of one variable twice each pair of elements is there once. */
  if (good && heading->second.size && cell_equal (heading->second, heading->source) && !cell_equal (first, second))
    good = add (table, array, second, first, number);
  return good || claim_table_fail (table, "expected positions with a blank between them, as 0 or 1 2");
}

bool
claim_table_close (struct claim_table *table, bool good)
{
  good = good && finish_all (table);
  heap_give (table->elements);
  heap_give (table->headings);
  return good;
}
