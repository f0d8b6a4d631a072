/* row_total.c -- records added up, exactly. */
#include "rows/row_total.h"

#include <string.h>

#include "base/heap.h"

static void
fill_names (struct total *total, struct total_name *names, const struct quantity *quantities, size_t count)
{
  for (size_t i = 0; i < count; i++)
    {
      const char *name = quantities[i].name;
      names[i].name = heap_copy (total->memory, name, strlen (name), "the sums of records");
      names[i].shape = quantities[i].shape;
    }
}

static size_t
count_derivatives (const struct total *total)
{
  return total->target_count * (total->has_gradients ? total->source_count : total->has_along);
}

static bool
are_numbers (const struct total_name *names, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (names[i].shape.rank)
      return false;
  return true;
}

static void
begin (void *data, const struct row *row)
{
  struct row_total *sum = data;
  const struct report *report = row->report;
  struct total *total = &sum->total;
  bool is_mean = total->is_mean;
  total_open (total, sum->diagnostics->memory, report->target_count, report->gradients ? report->source_count : 0);
  total->is_mean = is_mean;
  total->has_gradients = report->gradients != NULL;
  total->has_along = report->along != NULL;
  fill_names (total, total->targets, report->targets, total->target_count);
  fill_names (total, total->sources, report->sources, total->source_count);
  total_count (total);
  sum->is_simple
    = are_numbers (total->targets, total->target_count) && are_numbers (total->sources, total->source_count);
}

/* A sum is of numbers that are the same ones in each record. */
static void
check_shapes (const struct row_total *sum, const struct row *row, const struct total_name *names,
              const struct quantity *quantities, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (!shape_equal (&names[i].shape, &quantities[i].shape))
      {
        char shape[SHAPE_TEXT], first[SHAPE_TEXT];
        shape_text (shape, &quantities[i].shape);
        shape_text (first, &names[i].shape);
        diagnose_data (sum->diagnostics, STATUS_WORLD, row->intake->name, row->intake->record.line, 0,
                       "%s is %s%s in this record, but %s%s in the first; they have no sum", names[i].name,
                       *shape ? "of shape " : "one number", shape, *first ? "of shape " : "one number", first);
        longjmp (*sum->diagnostics->stop, 1);
      }
}

/* A record of numbers that all are there: they are the sums, one after the other. */
static bool
take_plain (struct total *total, const struct row *row)
{
  size_t derivatives = count_derivatives (total);
  for (size_t i = 0; i < derivatives; i++)
    total->connected[i] = true;
  for (size_t i = 0; i < row->count; i++)
    exact_add (&total->sums[i], row->numbers[i]);
  total->rows++;
  return true;
}

/* The next piece that a report has: what is missing adds nothing, not so much as the sign of a zero. */
static bool
next_piece (struct total *total, const struct report *report, struct total_piece *piece)
{
  const struct gradient *derivatives = report->along ? report->along : report->gradients;
  while (total_next_piece (total, piece))
    {
      if (piece->derivative == SIZE_MAX)
        return true;
      size_t derivative = total_derivative (total, piece);
      if (derivatives[derivative].elements)
        {
          total->connected[derivative] = true;
          return true;
        }
    }
  return false;
}

static bool
take (void *data, const struct row *row)
{
  struct row_total *sum = data;
  struct total *total = &sum->total;
  const struct report *report = row->report;
  if (row->is_plain && sum->is_simple)
    return take_plain (total, row);
  check_shapes (sum, row, total->targets, report->targets, total->target_count);
  check_shapes (sum, row, total->sources, report->sources, total->source_count);
  for (struct total_piece piece = { 0 }; next_piece (total, report, &piece);)
    for (size_t i = piece.first; i < piece.first + piece.size; i++)
      exact_add (&total->sums[i], row->numbers[i]);
  total->rows++;
  return true;
}

/* What has lanes has numbers alone. */
static bool
take_lanes (void *data, const struct lane_way *way, const uint16_t *lanes, size_t count)
{
  struct row_total *sum = data;
  struct total *total = &sum->total;
  double numbers[LANES];
  if (!sum->is_simple)
    return false;
  for (struct total_piece piece = { 0 }; count && next_piece (total, &way->report, &piece);)
    {
      lane_way_gather_result (way, piece.first, lanes, count, numbers);
      exact_add_all (&total->sums[piece.first], numbers, count);
    }
  total->rows += count;
  return true;
}

static void
flush (void *data)
{
  (void)data;
}

/* The same sums, of nothing so far. */
static void *
copy (void *data, struct memory *memory)
{
  const struct row_total *sum = data;
  const struct total *total = &sum->total;
  struct row_total *same = heap_take (memory, 1, sizeof *same, "the sums of records");
  size_t derivatives = count_derivatives (total);
  *same = *sum;
  same->total.memory = memory;
  same->total.sums = heap_take_zeroed (memory, total->count, sizeof *total->sums, "the sums of records");
  same->total.connected = heap_take_zeroed (memory, derivatives, sizeof *total->connected, "the sums of records");
  return same;
}

static void
aim (void *copy, struct outlet *outlet)
{
  (void)copy;
  (void)outlet;
}

static bool
accept (void *data, const char *text, size_t size)
{
  struct row_total *sum = data;
  (void)text;
  (void)size;
  sum->total.rows++;
  return true;
}

static void
join (void *data, void *copy)
{
  struct total *total = &((struct row_total *)data)->total;
  const struct total *other = &((const struct row_total *)copy)->total;
  size_t derivatives = count_derivatives (total);
  for (size_t i = 0; i < total->count; i++)
    exact_merge (&total->sums[i], &other->sums[i]);
  for (size_t i = 0; i < derivatives; i++)
    total->connected[i] |= other->connected[i];
}

struct row_sink
row_total_open (struct row_total *sum, bool is_mean, struct diagnostics *diagnostics)
{
  *sum
    = (struct row_total){ .diagnostics = diagnostics, .total = { .is_mean = is_mean, .memory = diagnostics->memory } };
  return (struct row_sink){ sum, begin, take, take_lanes, flush, copy, aim, accept, join };
}
