/* bind.c -- columns of records that give values to names of the program. */
#include "rows/bind.h"

#include <string.h>

#include "base/heap.h"

/* What is known of a name of the program while columns are gone through. */
struct candidate
{
  bool is_mentioned;
  uint32_t bound; /* plus one */
};

/* A column's name taken apart: x.0.1. */
struct parts
{
  size_t size; /* of the name */
  struct shape index;
};

struct finder
{
  struct binding *binding;
  struct intake *intake;
  struct names *names;
  struct diagnostics *diagnostics;
  struct candidate *candidates;
  struct shape *shapes; /* of each bound: as far as seen */
  size_t *columns;      /* how many columns each has */
  size_t *first;        /* its first column */
  bool *is_whole;       /* each is one column, and not of elements */
};

/* A name with positions behind points, if it ends in such. Leading zeros make none. */
static struct parts
take_apart (const struct column *column)
{
  struct parts parts = { column->size, { .rank = 0 } };
  size_t positions[RANK_LIMIT];
  int count = 0;
  for (size_t end = column->size; count < RANK_LIMIT;)
    {
      size_t at = end, position = 0, scale = 1;
      for (; at && column->name[at - 1] >= '0' && column->name[at - 1] <= '9' && end - at < 10; at--, scale *= 10)
        position += (size_t)(column->name[at - 1] - '0') * scale;
      if (at == end || !at || column->name[at - 1] != '.' || (end - at > 1 && column->name[at] == '0'))
        break;
      positions[count++] = position;
      end = parts.size = at - 1;
    }
  parts.index.rank = count;
  for (int i = 0; i < count; i++)
    parts.index.extent[i] = positions[count - 1 - i];
  return parts;
}

static bool
fail (const struct finder *finder, const char *format, const char *name, size_t size, const char *more)
{
  char excerpt[EXCERPT_SIZE];
  const struct intake *intake = finder->intake;
  diagnose_data (finder->diagnostics, STATUS_PROGRAM, intake->name, intake->is_named ? 0 : intake->first_line, 0,
                 format, file_excerpt (excerpt, name, size), more);
  return false;
}

static void
mark_mentioned (struct finder *finder, const struct syntax *syntax)
{
  const struct node *nodes = area_of (&syntax->nodes, struct node);
  for (size_t i = 0; i < area_count (&syntax->nodes, struct node); i++)
    if ((nodes[i].kind == SYNTAX_NAME && nodes[i].op != NAME_CALLED) || nodes[i].kind == SYNTAX_TARGET)
      finder->candidates[nodes[i].payload].is_mentioned = true;
}

/* Notes a column of a name: how far its elements go. */
static bool
note_column (struct finder *finder, size_t at, uint32_t name, const struct parts *parts)
{
  struct intake *intake = finder->intake;
  const struct column *column = &intake->columns[at];
  struct candidate *candidate = &finder->candidates[name];
  struct binding *binding = finder->binding;
  bool is_whole = parts->index.rank == 0;
  if (!candidate->bound)
    {
      size_t i = binding->count++;
      binding->list[i] = (struct bound){ .name = name };
      candidate->bound = (uint32_t)i + 1;
      finder->is_whole[i] = is_whole;
      finder->shapes[i].rank = parts->index.rank;
      finder->first[i] = at;
    }
  size_t i = candidate->bound - 1;
  intake->slots[at] = (uint32_t)i;
  finder->columns[i]++;
  if (is_whole && finder->columns[i] > 1)
    return fail (finder, "column '%s' is there twice%s", column->name, column->size, "");
  if (is_whole != finder->is_whole[i] || parts->index.rank != finder->shapes[i].rank)
    return fail (finder, "column '%s' does not go with '%s': both give values to one name", column->name, column->size,
                 intake->columns[finder->first[i]].name);
  for (int axis = 0; axis < parts->index.rank; axis++)
    if (parts->index.extent[axis] >= finder->shapes[i].extent[axis])
      finder->shapes[i].extent[axis] = parts->index.extent[axis] + 1;
  if (is_whole)
    finder->shapes[i] = column->shape;
  return true;
}

/* Where an element stands, in row-major order. */
static size_t
element_of (const struct shape *shape, const struct shape *index)
{
  size_t element = 0;
  for (int axis = 0; axis < shape->rank; axis++)
    element = element * shape->extent[axis] + index->extent[axis];
  return element;
}

/* Gives each name its place among the numbers, and each column that of its element. */
static bool
place_columns (struct finder *finder, struct arrays *arrays)
{
  struct intake *intake = finder->intake;
  struct binding *binding = finder->binding;
  for (size_t i = 0; i < binding->count; i++)
    {
      const char *name = names_text (finder->names, binding->list[i].name);
      size_t size = shape_size (&finder->shapes[i]);
      if (!finder->is_whole[i] && size != finder->columns[i])
        return fail (finder, "the columns of '%s' leave a gap or repeat one: %s", name, strlen (name),
                     size > finder->columns[i] ? "an element is missing" : "an element is there twice");
      binding->list[i].slot = binding->numbers;
      binding->numbers += size;
    }
  unsigned char *taken = heap_take_zeroed (arrays->memory, binding->numbers, 1, "the columns");
  bool is_good = binding->numbers < NO_SLOT;
  for (size_t at = 0; is_good && at < intake->column_count; at++)
    {
      if (intake->slots[at] == NO_SLOT)
        continue;
      size_t i = intake->slots[at];
      struct parts parts = take_apart (&intake->columns[at]);
      size_t slot = binding->list[i].slot + (finder->is_whole[i] ? 0 : element_of (&finder->shapes[i], &parts.index));
      is_good
        = !taken[slot]
          || fail (finder, "column '%s' is there twice%s", intake->columns[at].name, intake->columns[at].size, "");
      taken[slot] = 1;
      intake->slots[at] = (uint32_t)slot;
    }
  heap_give (taken);
  for (size_t i = 0; i < binding->count; i++)
    binding->list[i].array = array_filled (arrays, &finder->shapes[i], 1);
  return is_good;
}

static bool
find_columns (struct finder *finder)
{
  struct intake *intake = finder->intake;
  for (size_t at = 0; at < intake->column_count; at++)
    {
      const struct column *column = &intake->columns[at];
      struct parts parts = take_apart (column);
      uint32_t name = names_find (finder->names, column->name, parts.size);
      intake->slots[at] = NO_SLOT;
      if (name != UINT32_MAX && finder->candidates[name].is_mentioned && !note_column (finder, at, name, &parts))
        return false;
    }
  return true;
}

bool
bind_columns (struct binding *binding, struct intake *intake, const struct syntax *const syntaxes[], size_t count,
              struct names *names, struct arrays *arrays, struct diagnostics *diagnostics)
{
  struct memory *memory = arrays->memory;
  const char *what = "the columns";
  size_t columns = intake->column_count, known = names_count (names);
  intake->slots = heap_take (memory, columns, sizeof *intake->slots, what);
  binding->list = heap_take (memory, columns, sizeof *binding->list, what);
  struct finder finder = { .binding = binding,
                           .intake = intake,
                           .names = names,
                           .diagnostics = diagnostics,
                           .candidates = heap_take_zeroed (memory, known, sizeof *finder.candidates, what),
                           .shapes = heap_take_zeroed (memory, columns, sizeof *finder.shapes, what),
                           .columns = heap_take_zeroed (memory, columns, sizeof *finder.columns, what),
                           .first = heap_take_zeroed (memory, columns, sizeof *finder.first, what),
                           .is_whole = heap_take_zeroed (memory, columns, sizeof *finder.is_whole, what) };
  for (size_t i = 0; i < count; i++)
    mark_mentioned (&finder, syntaxes[i]);
  bool is_good = find_columns (&finder) && place_columns (&finder, arrays);
  heap_give (finder.candidates);
  heap_give (finder.shapes);
  heap_give (finder.columns);
  heap_give (finder.first);
  heap_give (finder.is_whole);
  intake->numbers = heap_take_zeroed (memory, binding->numbers, sizeof *intake->numbers, what);
  return is_good;
}

void
bind_close (struct binding *binding, struct arrays *arrays)
{
  for (size_t i = 0; i < binding->count; i++)
    array_drop (arrays, binding->list[i].array);
  heap_give (binding->list);
  *binding = (struct binding){ 0 };
}

void
bind_take (const struct binding *binding, const struct intake *intake)
{
  for (size_t i = 0; i < binding->count; i++)
    {
      struct array *array = binding->list[i].array;
      memcpy (array->elements, intake->numbers + binding->list[i].slot, array->size * sizeof (double));
    }
}
