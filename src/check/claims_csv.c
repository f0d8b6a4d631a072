/* claims_csv.c -- csv and tsv output as claims. */
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "base/writing.h"
#include "check/claims_file.h"

enum
{
  COLUMNS = 6,
  SECOND = 5,            /* the other variable of a second derivative */
  TABLE_LIMIT = 1 << 22, /* elements */
  AT = COLUMNS           /* where a gradient was taken: of no use here */
};

static bool
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct field
{
  const char *text;
  size_t size;
};

/* One element of an array: where it is, and its text. */
struct element
{
  size_t index[RANK_LIMIT];
  size_t array;    /* number of the array it is of, in a sparse table */
  int rank, outer; /* axes in all, and those of the target, or of the first variable */
  struct field text;
};

/* The names that the lines of one array's elements begin with. */
struct heading
{
  struct field target, source, second;
};

struct table
{
  struct diagnostics *diagnostics;
  const char *name;
  size_t line;
  const char *at, *end;
  char delimiter;
  bool sparse;        /* it has positions in target and source, and what is not there is 0 */
  bool has_row_names; /* in a first column, as R and pandas write them */
  FILE *out;
  struct heading heading;   /* of the array whose elements are being read */
  struct heading *headings; /* of a sparse table, whose arrays lie mixed: all of them */
  size_t heading_count;
  struct element *elements;
  size_t count, room;
};

/* The next field of a line, without its quotes; a doubled quote stays as it is. */
static struct field
next_field (struct table *table)
{
  const char *at = table->at, *end = table->end;
  struct field field = { at, 0 };
  bool is_quoted = at < end && *at == '"';
  if (is_quoted)
    {
      field.text = ++at;
      while (at < end && !(*at == '"' && !(at + 1 < end && at[1] == '"')))
        at += *at == '"' ? 2 : 1;
      field.size = (size_t)(at - field.text);
    }
  while (at < end && *at != table->delimiter && *at != '\n')
    at++;
  if (!is_quoted)
    {
      field.size = (size_t)(at - field.text);
      while (field.size && is_blank (field.text[field.size - 1]))
        field.size--;
    }
  table->at = at < end && *at == table->delimiter ? at + 1 : at;
  return field;
}

static bool
same_field (struct field a, struct field b)
{
  return a.size == b.size && (!a.size || memcmp (a.text, b.text, a.size) == 0);
}

static bool
bad_table (struct table *table, const char *message)
{
  diagnose_data (table->diagnostics, STATUS_PROGRAM, table->name, table->line, 0, "%s", message);
  return false;
}

/* Positions with blanks between, behind those that the element has. A program that holds a column with empty fields as
   real numbers writes a single one as `2.0`. */
static bool
read_index (struct element *element, struct field field)
{
  size_t i = 0;
  while (i < field.size)
    {
      size_t position = 0, start = i;
      for (; i < field.size && field.text[i] >= '0' && field.text[i] <= '9' && i - start < 9; i++)
        position = position * 10 + (size_t)(field.text[i] - '0');
      if (i == start || element->rank == RANK_LIMIT)
        return false;
      element->index[element->rank++] = position;
      if (start == 0 && i + 2 == field.size && memcmp (field.text + i, ".0", 2) == 0)
        return true;
      if (i < field.size && field.text[i] != ' ')
        return false;
      i += i < field.size;
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
print_element (FILE *out, struct field text)
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
find_extents (const struct table *table, size_t extents[RANK_LIMIT], size_t *size)
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
with_part (const struct table *table, struct field name, const size_t *extents, int count)
{
  struct writing *text = writing_open (table->diagnostics->memory, "the answers");
  fprintf (text->out, "%.*s", (int)name.size, name.size ? name.text : "");
  for (int axis = 0; axis < count; axis++)
    fprintf (text->out, "%s0:%zu%s", axis ? "," : "[", extents[axis], axis == count - 1 ? "]" : "");
  return writing_close (text, NULL);
}

/* The left side. What `--sparse` leaves out at the end of an axis may be there: so a claim is about a part. */
static void
print_left (struct table *table, const size_t *extents)
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

/* The right side: what is not in a sparse table is 0. */
static void
print_right (const struct table *table, const size_t *extents, size_t size)
{
  int rank = table->elements[0].rank;
  size_t next = 0;
  for (size_t i = 0; i < size; i++)
    {
      /* As many brackets open and close as axes begin and end here. */
      size_t rest = i, at = 0, stride = 1;
      int opening = 0, closing = 0;
      for (int axis = rank - 1; axis >= 0 && rest % extents[axis] == 0; axis--)
        {
          rest /= extents[axis];
          opening++;
        }
      rest = i + 1;
      for (int axis = rank - 1; axis >= 0 && rest % extents[axis] == 0; axis--)
        {
          rest /= extents[axis];
          closing++;
        }
      const struct element *element = next < table->count ? &table->elements[next] : NULL;
      for (int axis = rank - 1; element && axis >= 0; axis--)
        {
          at += element->index[axis] * stride;
          stride *= extents[axis];
        }
      fprintf (table->out, "%s%.*s", i ? ", " : "", opening, "[[[[[[[[");
      if (element && at == i)
        print_element (table->out, table->elements[next++].text);
      else
        putc ('0', table->out);
      fprintf (table->out, "%.*s", closing, "]]]]]]]]");
    }
}

/* The elements read so far become one claim; false when some are missing or there twice. */
static bool
finish_array (struct table *table)
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
  return good || bad_table (table, "elements of an array are missing, or there twice");
}

static bool
same_heading (const struct heading *a, const struct heading *b)
{
  return same_field (a->target, b->target) && same_field (a->source, b->source) && same_field (a->second, b->second);
}

/* The number of the array with that heading. */
static size_t
find_heading (struct table *table, const struct heading *heading)
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
finish_all (struct table *table)
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

/* A line: of the array before it, or the first of another one. */
static bool
read_line (struct table *table, const int columns[COLUMNS], int count)
{
  struct field fields[COLUMNS + 1] = { 0 };
  if (table->has_row_names)
    next_field (table);
  for (int i = 0; i < count; i++)
    {
      struct field *field = &fields[columns[i]];
      *field = next_field (table);
      /* R writes NA for an empty field of numbers. */
      if (columns[i] >= 2 && columns[i] != SECOND && field->size == 2 && memcmp (field->text, "NA", 2) == 0)
        field->size = 0;
    }
  if (table->at < table->end && *table->at != '\n')
    return bad_table (table, "there are more fields than the header has");
  struct heading heading = { fields[0], fields[1], fields[SECOND] };
  size_t array = table->sparse ? find_heading (table, &heading) : 0;
  if (!table->sparse && !same_heading (&heading, &table->heading))
    if (!finish_array (table))
      return false;
  table->heading = heading;
  if (table->count + 1 >= table->room)
    {
      table->room = table->room * 2 + 64;
      table->elements = heap_grow (table->diagnostics->memory, table->elements, table->room, sizeof *table->elements,
                                   "the answers");
    }
  struct element *element = &table->elements[table->count++];
  *element = (struct element){ .array = array, .text = fields[4] };
  bool good = read_index (element, fields[2]);
  element->outer = element->rank;
  good = good && read_index (element, fields[3]);
  /* Of one variable twice each pair of elements is there once. */
  if (good && fields[SECOND].size && same_field (fields[SECOND], fields[1]) && !same_field (fields[2], fields[3]))
    {
      struct element *mirrored = &table->elements[table->count++];
      *mirrored = (struct element){ .array = array, .text = fields[4] };
      good = read_index (mirrored, fields[3]);
      mirrored->outer = mirrored->rank;
      good = good && read_index (mirrored, fields[2]);
    }
  return good || bad_table (table, "expected positions with a blank between them, as 0 or 1 2");
}

/* The long layouts of gradcalc; `roles` says of each column what it is: target, source, position, position in the
   source, the number or formula, the other variable. */
static const struct
{
  const char *header;
  int count;
  int roles[COLUMNS];
} layouts[] = { { "target,wrt,index,at,grad", 5, { 0, 1, 2, AT, 4 } },
                { "target,wrt1,index1,wrt2,index2,hess", 6, { 0, 1, 2, SECOND, 3, 4 } },
                { "target,index,wrt,windex,grad", 5, { 0, 2, 1, 3, 4 } },
                { "target,index,value", 3, { 0, 2, 4 } },
                { "target,wrt,formula", 3, { 0, 1, 4 } } };

static bool
is_text (struct field field, const char *text, size_t size)
{
  return field.size == size && memcmp (field.text, text, size) == 0;
}

/* The layout that a table begins with, or -1. Its names may be in quotes, and a column without a name may come before
   them. */
static int
find_layout (struct table *table)
{
  for (int i = 0; i < (int)(sizeof layouts / sizeof *layouts); i++)
    for (int tab = 0; tab < 2; tab++)
      {
        struct table look = *table;
        look.delimiter = tab ? '\t' : ',';
        struct field field = next_field (&look);
        bool has_row_names = !field.size, good = true;
        if (has_row_names)
          field = next_field (&look);
        for (const char *name = layouts[i].header; good;)
          {
            size_t size = strcspn (name, ",");
            good = is_text (field, name, size);
            if (!name[size])
              break;
            name += size + 1;
            field = next_field (&look);
          }
        if (good && (look.at == look.end || *look.at == '\n'))
          {
            table->delimiter = look.delimiter;
            table->has_row_names = has_row_names;
            return i;
          }
      }
  return -1;
}

bool
answers_are_csv (const char *text, size_t size)
{
  struct table table = { .at = text, .end = text + size };
  return find_layout (&table) >= 0;
}

bool
answers_csv (struct diagnostics *diagnostics, const char *name, const char *text, size_t size, FILE *out)
{
  struct table table
    = { .diagnostics = diagnostics, .name = name, .line = 1, .at = text, .end = text + size, .out = out };
  int layout = find_layout (&table);
  bool good = true;
  table.sparse = layout == 1 || layout == 2;
  while (table.at < table.end && good)
    {
      while (table.at < table.end && *table.at != '\n')
        table.at++;
      table.at += table.at < table.end;
      table.line++;
      const char *rest = table.at;
      while (rest < table.end && is_blank (*rest) && *rest != '\n')
        rest++;
      if (rest < table.end && *rest != '\n')
        good = read_line (&table, layouts[layout].roles, layouts[layout].count);
    }
  good = good && finish_all (&table);
  heap_give (table.elements);
  heap_give (table.headings);
  return good;
}
