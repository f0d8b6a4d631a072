/* jacobian.c -- the derivative of every element of a target in every element of a source, by as few sweeps as possible.
 */
#include <math.h>
#include <string.h>

#include "results/results.h"
#include "tape/forward.h"
#include "tape/pattern.h"

/* Room for the Jacobian of a target in each source that it depends on; of a sparse one that there is any. */
static void
open_blocks (struct results *results, size_t target, bool sparse)
{
  static const double nothing = 0;
  const struct report *report = &results->report;
  const struct value *value = &results->targets[target].value;
  const double one = 1;
  struct reverse reverse;
  reverse_open (&reverse, results->run->tape, NULL, 0);
  reverse_seed (&reverse, value->node, &one, 0);
  reverse_connect (&reverse, &value->node, 1);
  for (size_t s = 0; s < report->source_count; s++)
    {
      uint32_t node = results->sources[s].value.node;
      struct shape shape = report_shape (report, target, s);
      if (node && area_of (&reverse.connected, unsigned char)[node])
        results->gradients[target * report->source_count + s].elements
          = sparse ? &nothing : results_held_room (results, shape_size (&shape), sizeof (double));
    }
  reverse_close (&reverse);
}

/* One row of each block: a sweep from one element of the target. */
static void
sweep_row (struct results *results, size_t target, size_t element, const uint32_t *keep, size_t keep_count)
{
  const struct report *report = &results->report;
  struct reverse reverse;
  results_sweep (results, &results->targets[target], element, &reverse, keep, keep_count);
  for (size_t s = 0; s < report->source_count; s++)
    {
      const struct gradient *block = &results->gradients[target * report->source_count + s];
      size_t columns = value_size (&results->sources[s].value);
      if (block->elements)
        reverse_read (&reverse, results->sources[s].value.node, columns, (double *)block->elements + element * columns);
    }
  reverse_close (&reverse);
}

/* The columns of the blocks of one target, a forward sweep for each element of a source; false when something is not
   finite, where only the reverse sweep says what holds. */
static bool
sweep_columns (struct results *results, size_t target)
{
  const struct report *report = &results->report;
  const struct value *value = &results->targets[target].value;
  size_t rows = value_size (value);
  struct arrays *arrays = results->run->arrays;
  struct array *column_room = results_room (results, rows, sizeof (double));
  double *column = column_room->elements;
  bool finite = elements_are_finite (value_elements (value), rows) && !results->run->tape->unbounded;
  for (size_t s = 0; s < report->source_count && finite; s++)
    {
      double *block = (double *)results->gradients[target * report->source_count + s].elements;
      size_t columns = value_size (&results->sources[s].value);
      struct array *change_room = results_room (results, columns, sizeof (double));
      double *change = change_room->elements;
      for (size_t k = 0; block && k < columns && finite; k++)
        {
          struct forward forward;
          change[k] = 1;
          forward_open (&forward, results->run->tape);
          forward_seed (&forward, results->sources[s].value.node, change);
          forward_run (&forward, value->node);
          forward_read (&forward, value->node, rows, column);
          forward_close (&forward);
          change[k] = 0;
          finite = elements_are_finite (column, rows);
          for (size_t i = 0; i < rows; i++)
            block[i * columns + k] = column[i] + 0.0;
        }
      array_drop (arrays, change_room);
    }
  array_drop (arrays, column_room);
  return finite;
}

/* Ends the run when a Jacobian would have more axes than an array can. */
static void
check_ranks (const struct results *results)
{
  const struct report *report = &results->report;
  for (size_t t = 0; t < report->target_count; t++)
    for (size_t s = 0; s < report->source_count; s++)
      {
        int rank = report->targets[t].shape.rank + report->sources[s].shape.rank;
        if (rank > RANK_LIMIT)
          diagnose_stop (results->run->diagnostics, STATUS_PROGRAM, NOWHERE,
                         "the Jacobian d%s/d%s would have %d axes; an array has at most %d", report->targets[t].name,
                         report->sources[s].name, rank, RANK_LIMIT);
      }
}

/* The sources that vary, as the sweeps keep them, and where their elements begin among those of all. */
struct columns
{
  uint32_t *nodes;
  size_t *offsets; /* of the nodes */
  size_t node_count;
  size_t *starts; /* of all sources */
  size_t count;
};

static struct columns
find_columns (struct results *results)
{
  size_t sources = results->report.source_count;
  struct columns columns = { .nodes = results_held_room (results, sources, sizeof (uint32_t)),
                             .offsets = results_held_room (results, sources, sizeof (size_t)),
                             .starts = results_held_room (results, sources + 1, sizeof (size_t)) };
  for (size_t s = 0; s < sources; s++)
    {
      const struct value *value = &results->sources[s].value;
      columns.starts[s] = columns.count;
      if (value->node)
        {
          columns.nodes[columns.node_count] = value->node;
          columns.offsets[columns.node_count++] = columns.count;
        }
      columns.count += shape_size (&results->report.sources[s].shape);
    }
  return columns;
}

/* Whether every row has some element: then no two of them go together. */
static bool
meet_all (struct results *results, const struct pattern_set *of_rows, const uint32_t *elements, size_t rows,
          size_t columns)
{
  struct array *room = results_room (results, columns + 1, sizeof (uint32_t));
  uint32_t *met = (uint32_t *)room->elements, most = 0;
  for (size_t i = 0; i < rows; i++)
    for (uint32_t k = 0; k < of_rows[i].count; k++)
      {
        uint32_t count = ++met[elements[of_rows[i].start + k]];
        most = count > most ? count : most;
      }
  array_drop (results->run->arrays, room);
  return most >= rows;
}

/* Puts rows that have no column in common into one group, the first that has room; how many groups there are. Row i is
   `of_rows[i]` of `elements`, and goes into group `groups[i]`. When that takes too long each has its own. */
static uint32_t
group_rows (struct results *results, const struct pattern_set *of_rows, const uint32_t *elements, size_t rows,
            size_t columns, uint32_t *groups)
{
  enum
  {
    WORK = 200000000
  };
  struct area met, chains; /* by column: the last row in it; by entry: the row, and the entry before it */
  struct memory *memory = results->run->memory;
  uint32_t count = 0;
  size_t work = 0;
  area_open (&met, memory, (columns + 1) * sizeof (uint32_t), "the pattern");
  area_open (&chains, memory, (size_t)16 << 30, "the pattern");
  uint32_t *last = area_push (&met, columns * sizeof *last);
  struct array *room = results_room (results, rows + 1, sizeof (uint32_t));
  uint32_t *taken = (uint32_t *)room->elements; /* by group: the last row that cannot be in it, plus one */
  if (meet_all (results, of_rows, elements, rows, columns))
    work = WORK;
  for (uint32_t i = 0; i < rows && work < WORK; i++)
    {
      for (uint32_t k = 0; k < of_rows[i].count; k++)
        for (uint32_t at = last[elements[of_rows[i].start + k]]; at; work++)
          {
            const uint32_t *entry = area_of (&chains, uint32_t) + 2 * (at - 1);
            taken[groups[entry[0]]] = i + 1;
            at = entry[1];
          }
      uint32_t group = 0;
      while (group < count && taken[group] == i + 1)
        group++;
      count += group == count;
      groups[i] = group;
      for (uint32_t k = 0; k < of_rows[i].count; k++)
        {
          uint32_t *entry = area_push (&chains, 2 * sizeof *entry), *head = &last[elements[of_rows[i].start + k]];
          entry[0] = i;
          entry[1] = *head;
          *head = (uint32_t)(area_count (&chains, uint32_t) / 2);
        }
    }
  area_close (&met);
  area_close (&chains);
  array_drop (results->run->arrays, room);
  if (work < WORK)
    return count;
  for (uint32_t i = 0; i < rows; i++)
    groups[i] = i;
  return (uint32_t)rows;
}

/* Turns the matrix: for each column the rows in it. */
static void
turn (const struct entries *entries, size_t columns, struct pattern_set *of_columns, uint32_t *rows)
{
  size_t start = 0;
  for (size_t k = 0; k < entries->starts[entries->rows]; k++)
    of_columns[entries->columns[k]].count++;
  for (size_t j = 0; j < columns; j++)
    {
      of_columns[j].start = start;
      start += of_columns[j].count;
      of_columns[j].count = 0;
    }
  for (uint32_t i = 0; i < entries->rows; i++)
    for (size_t k = entries->starts[i]; k < entries->starts[i + 1]; k++)
      {
        struct pattern_set *column = &of_columns[entries->columns[k]];
        rows[column->start + column->count++] = i;
      }
}

/* A reverse sweep from all rows of a group at once. */
static void
sweep_rows (struct results *results, size_t target, const struct columns *columns, const uint32_t *groups,
            uint32_t group, struct entries *entries, double *adjoints)
{
  const struct value *value = &results->targets[target].value;
  struct array *room = results_room (results, entries->rows, sizeof (double));
  const double *elements = value_elements (value);
  struct reverse reverse;
  uint32_t *keep = columns->nodes;
  struct array *sorted = results_room (results, columns->node_count, sizeof *keep);
  memcpy (sorted->elements, keep, columns->node_count * sizeof *keep);
  reverse_sort ((uint32_t *)sorted->elements, columns->node_count);
  for (size_t i = 0; i < entries->rows; i++)
    if (groups[i] == group)
      room->elements[i] = isnan (elements[i]) ? NAN : 1;
  reverse_open (&reverse, results->run->tape, (uint32_t *)sorted->elements, columns->node_count);
  reverse_seed (&reverse, value->node, room->elements, 1);
  reverse_run (&reverse);
  for (size_t s = 0; s < results->report.source_count; s++)
    if (results->sources[s].value.node)
      reverse_read (&reverse, results->sources[s].value.node, value_size (&results->sources[s].value),
                    adjoints + columns->starts[s]);
  reverse_close (&reverse);
  array_drop (results->run->arrays, room);
  array_drop (results->run->arrays, sorted);
  for (size_t i = 0; i < entries->rows; i++)
    for (size_t k = entries->starts[i]; groups[i] == group && k < entries->starts[i + 1]; k++)
      ((double *)entries->values)[k] = adjoints[entries->columns[k]];
}

/* A forward sweep from all columns of a group at once; false when something is not finite. */
static bool
sweep_group (struct results *results, size_t target, const struct columns *columns, const uint32_t *groups,
             uint32_t group, struct entries *entries, double *tangents)
{
  const struct value *value = &results->targets[target].value;
  struct forward forward;
  forward_open (&forward, results->run->tape);
  for (size_t s = 0; s < results->report.source_count; s++)
    if (results->sources[s].value.node)
      {
        size_t size = value_size (&results->sources[s].value);
        struct array *change = results_room (results, size, sizeof (double));
        for (size_t k = 0; k < size; k++)
          change->elements[k] = groups[columns->starts[s] + k] == group;
        forward_seed (&forward, results->sources[s].value.node, change->elements);
        array_drop (results->run->arrays, change);
      }
  forward_run (&forward, value->node);
  forward_read (&forward, value->node, entries->rows, tangents);
  forward_close (&forward);
  for (size_t i = 0; i < entries->rows; i++)
    for (size_t k = entries->starts[i]; k < entries->starts[i + 1]; k++)
      if (groups[entries->columns[k]] == group)
        ((double *)entries->values)[k] = tangents[i] + 0.0;
  return elements_are_finite (tangents, entries->rows);
}

/* Finds the elements of one target's Jacobian that can be other than 0; false, with nothing done, when all can. */
static bool
find_entries (struct results *results, size_t target, const struct columns *columns, struct entries *entries)
{
  struct run *run = results->run;
  const struct value *value = &results->targets[target].value;
  size_t rows = value_size (value);
  struct pattern pattern;
  *entries = (struct entries){ .rows = rows, .offsets = columns->starts };
  size_t *starts = results_held_room (results, rows + 1, sizeof *starts), used = 0;
  entries->starts = starts;
  entries->values = (double *)starts;
  if (!value->node)
    return true;
  pattern_open (&pattern, run->tape, columns->nodes, columns->offsets, columns->node_count, &value->node, 1);
  if (pattern.full)
    {
      pattern_close (&pattern);
      return false;
    }
  for (size_t i = 0; i < rows; i++)
    {
      starts[i] = used;
      used += pattern_of (&pattern, value->node, i).count;
    }
  starts[rows] = used;
  uint32_t *list = results_held_room (results, used, sizeof *list);
  for (size_t i = 0; i < rows; i++)
    {
      struct pattern_set set = pattern_of (&pattern, value->node, i);
      if (set.count)
        memcpy (list + starts[i], area_of (&pattern.elements, uint32_t) + set.start, set.count * sizeof *list);
    }
  pattern_close (&pattern);
  entries->columns = list;
  entries->values = results_held_room (results, used, sizeof (double));
  return true;
}

/* The values, by whichever mode needs fewer sweeps. False where a matrix is wanted and grouping gains nothing. */
static bool
sweep_entries (struct results *results, size_t target, const struct columns *columns, struct entries *entries,
               bool sparse)
{
  size_t used = entries->starts[entries->rows];
  struct pattern_set *of_rows = results_held_room (results, entries->rows, sizeof *of_rows);
  struct pattern_set *of_columns = results_held_room (results, columns->count, sizeof *of_columns);
  uint32_t *rows = results_held_room (results, used, sizeof *rows);
  uint32_t *row_groups = results_held_room (results, entries->rows, sizeof *row_groups);
  uint32_t *column_groups = results_held_room (results, columns->count, sizeof *column_groups);
  for (size_t i = 0; i < entries->rows; i++)
    of_rows[i] = (struct pattern_set){ entries->starts[i], (uint32_t)(entries->starts[i + 1] - entries->starts[i]) };
  turn (entries, columns->count, of_columns, rows);
  uint32_t by_rows = group_rows (results, of_rows, entries->columns, entries->rows, columns->count, row_groups);
  uint32_t by_columns = group_rows (results, of_columns, rows, columns->count, entries->rows, column_groups);
  if (!sparse && by_rows >= entries->rows && by_columns >= columns->count)
    return false;
  size_t most = entries->rows > columns->count ? entries->rows : columns->count;
  double *room = results_held_room (results, most, sizeof *room);
  bool finite = elements_are_finite (value_elements (&results->targets[target].value), entries->rows);
  if (by_columns < by_rows && finite && !results->run->tape->unbounded)
    {
      uint32_t group = 0;
      while (group < by_columns && sweep_group (results, target, columns, column_groups, group, entries, room))
        group++;
      if (group == by_columns)
        return true;
    }
  for (uint32_t group = 0; group < by_rows; group++)
    sweep_rows (results, target, columns, row_groups, group, entries, room);
  return true;
}

/* All of one target's Jacobian, without looking for zeros. */
static void
sweep_all (struct results *results, size_t target, const struct columns *columns)
{
  size_t rows = value_size (&results->targets[target].value);
  struct array *sorted = results_room (results, columns->node_count, sizeof (uint32_t));
  uint32_t *keep = (uint32_t *)sorted->elements;
  memcpy (keep, columns->nodes, columns->node_count * sizeof *keep);
  reverse_sort (keep, columns->node_count);
  sweep_row (results, target, 0, keep, columns->node_count);
  if (!(columns->count < rows && sweep_columns (results, target)))
    for (size_t i = 1; i < rows; i++)
      sweep_row (results, target, i, keep, columns->node_count);
  array_drop (results->run->arrays, sorted);
}

/* The blocks of one target filled from its entries. */
static void
fill_blocks (struct results *results, size_t target, const struct entries *entries)
{
  const struct report *report = &results->report;
  for (size_t i = 0; i < entries->rows; i++)
    for (size_t k = entries->starts[i]; k < entries->starts[i + 1]; k++)
      {
        size_t s = report_source_of (report, entries, entries->columns[k]);
        double *block = (double *)results->gradients[target * report->source_count + s].elements;
        size_t size = value_size (&results->sources[s].value);
        if (block)
          block[i * size + entries->columns[k] - entries->offsets[s]] = entries->values[k];
      }
}

/* The entries of one target out of its blocks: all of them. */
static void
read_blocks (struct results *results, size_t target, const struct columns *columns, struct entries *entries)
{
  const struct report *report = &results->report;
  size_t rows = value_size (&results->targets[target].value), used = 0;
  size_t *starts = results_held_room (results, rows + 1, sizeof *starts);
  uint32_t *list = results_held_room (results, rows * columns->count, sizeof *list);
  double *values = results_held_room (results, rows * columns->count, sizeof *values);
  for (size_t i = 0; i < rows; i++)
    {
      starts[i] = used;
      for (size_t s = 0; s < report->source_count; s++)
        {
          const double *block = results->gradients[target * report->source_count + s].elements;
          size_t size = value_size (&results->sources[s].value);
          for (size_t k = 0; block && k < size; k++)
            {
              list[used] = (uint32_t)(columns->starts[s] + k);
              values[used++] = block[i * size + k];
            }
        }
    }
  starts[rows] = used;
  *entries
    = (struct entries){ .rows = rows, .offsets = columns->starts, .starts = starts, .columns = list, .values = values };
}

/* Ends the run when a matrix would be too large to be printed. */
static void
check_size (const struct results *results, size_t target, size_t columns)
{
  double size = (double)value_size (&results->targets[target].value) * (double)columns;
  if (size > 4e8)
    diagnose_stop (results->run->diagnostics, STATUS_PROGRAM, NOWHERE,
                   "--jacobian: the derivatives of %s are %.0f numbers; --sparse prints those that can be other than 0",
                   results->report.targets[target].name, size);
}

void
results_jacobian (struct results *results, const struct result_options *options)
{
  enum
  {
    SMALL = 4096 /* elements for which looking for zeros costs more than it saves */
  };
  struct report *report = &results->report;
  check_ranks (results);
  struct columns columns = find_columns (results);
  for (size_t t = 0; t < report->target_count; t++)
    {
      size_t rows = value_size (&results->targets[t].value);
      struct entries *entries = &results->jacobians[t];
      bool varies = results->targets[t].value.node && rows, found = false;
      if (!options->sparse)
        check_size (results, t, columns.count);
      if (options->sparse || (varies && rows * columns.count > SMALL))
        found = find_entries (results, t, &columns, entries)
                && (!varies || sweep_entries (results, t, &columns, entries, options->sparse));
      /* Without rows too the blocks tell what does not depend on a source. */
      if (results->targets[t].value.node && !rows)
        open_blocks (results, t, options->sparse);
      if (!varies)
        continue;
      if (!found)
        check_size (results, t, columns.count);
      open_blocks (results, t, found && options->sparse);
      if (!found)
        sweep_all (results, t, &columns);
      if (found && !options->sparse)
        fill_blocks (results, t, entries);
      else if (!found && options->sparse)
        read_blocks (results, t, &columns, entries);
    }
  report->gradients = results->gradients;
  report->jacobians = options->sparse ? results->jacobians : NULL;
  report->sparse = options->sparse;
}
