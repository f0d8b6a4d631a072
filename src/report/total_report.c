/* total_report.c -- a total over records as a report, and what its JSON has beside that. */
#include "report/total_report.h"

#include <string.h>

#include "base/heap.h"
#include "base/names.h"

static const char purpose[] = "the sums of records";

/* Whether a name is written in parentheses behind `d`: it is neither a name nor what is bound to one on a line, `x@7`.
 */
static bool
is_expression (const char *name)
{
  const char *at = strchr (name, '@');
  if (!at)
    return !names_is_name (name, strlen (name));
  return !names_is_name (name, (size_t)(at - name)) || at[1 + strspn (at + 1, "0123456789")];
}

static struct quantity *
quantities_of (struct memory *memory, const struct total_name *names, size_t count)
{
  struct quantity *quantities = heap_take_zeroed (memory, count, sizeof *quantities, purpose);
  for (size_t i = 0; i < count; i++)
    quantities[i] = (struct quantity){
      .name = names[i].name, .is_expression = is_expression (names[i].name), .type = TYPE_REAL, .shape = names[i].shape
    };
  return quantities;
}

void
report_of_total (struct report *report, const struct total *total)
{
  size_t derivatives = total->target_count * (total->has_gradients ? total->source_count : total->has_along);
  double *numbers = heap_take (total->memory, total->count, sizeof *numbers, purpose);
  struct quantity *targets = quantities_of (total->memory, total->targets, total->target_count);
  struct gradient *gradients = heap_take_zeroed (total->memory, derivatives, sizeof *gradients, purpose);
  for (size_t i = 0; i < total->count; i++)
    numbers[i] = total_number (total, i);
  for (struct total_piece piece = { 0 }; total_next_piece (total, &piece);)
    if (piece.derivative == SIZE_MAX)
      targets[piece.target].elements = numbers + piece.first;
    else if (!total_is_missing (total, &piece))
      gradients[total_derivative (total, &piece)].elements = numbers + piece.first;
  report->total = total;
  report->targets = targets;
  report->target_count = total->target_count;
  report->sources = quantities_of (total->memory, total->sources, total->source_count);
  report->source_count = total->source_count;
  report->gradients = total->has_along ? NULL : gradients;
  report->along = total->has_along ? gradients : NULL;
  if (!total->has_along && !total->has_gradients && total->is_named)
    report->gradients = NULL;
}

/* A count that is not 0. */
static void
print_count (struct printer *printer, const char *key, uint64_t count)
{
  if (count)
    print_json_size (printer, key, count);
}

static void
print_sum (struct printer *printer, const struct exact *sum)
{
  struct exact_part parts[EXACT_PARTS];
  size_t count = exact_parts (sum, parts);
  bool is_finite = !sum->nans && !sum->infinities[0] && !sum->infinities[1];
  if (!is_finite)
    print_text (printer, "{\"sum\":");
  print_char (printer, '[');
  for (size_t i = 0; i < count; i++)
    {
      char text[EXACT_TEXT];
      size_t size = exact_print_part (text, parts[i]);
      const char *quote = parts[i].scale ? "\"" : "";
      print_text (printer, i ? "," : "");
      print_text (printer, quote);
      print_bytes (printer, text, size);
      print_text (printer, quote);
    }
  print_char (printer, ']');
  if (is_finite)
    return;
  print_count (printer, "NaN", sum->nans);
  print_count (printer, "Infinity", sum->infinities[0]);
  print_count (printer, "-Infinity", sum->infinities[1]);
  print_char (printer, '}');
}

/* The sums of a piece, nested as its numbers are; null for each one where there is none. */
static void
print_sums (struct printer *printer, const struct total *total, const struct total_piece *piece)
{
  const struct shape *shape = piece->shape;
  bool is_missing = total_is_missing (total, piece);
  if (piece->size == 0)
    {
      print_array_json (printer, TYPE_REAL, shape, NULL);
      return;
    }
  for (size_t i = 0; i < piece->size; i++)
    {
      print_text (printer, i ? "," : "");
      size_t before = i, behind = i + 1;
      for (int axis = shape->rank - 1; axis >= 0 && before % shape->extent[axis] == 0; before /= shape->extent[axis--])
        print_char (printer, '[');
      if (is_missing)
        print_text (printer, "null");
      else
        print_sum (printer, &total->sums[piece->first + i]);
      for (int axis = shape->rank - 1; axis >= 0 && behind % shape->extent[axis] == 0; behind /= shape->extent[axis--])
        print_char (printer, ']');
    }
}

/* The sums of all values, or of all derivatives. */
static void
print_exact (struct printer *printer, const struct total *total, bool derivatives)
{
  size_t target = SIZE_MAX;
  print_char (printer, '{');
  for (struct total_piece piece = { 0 }; total_next_piece (total, &piece);)
    {
      if ((piece.derivative != SIZE_MAX) != derivatives)
        continue;
      bool begins = piece.target != target;
      if (begins && derivatives && total->has_gradients && target != SIZE_MAX)
        print_char (printer, '}');
      target = piece.target;
      if (begins)
        print_json_key (printer, total->targets[target].name);
      if (derivatives && total->has_gradients)
        {
          if (begins)
            print_char (printer, '{');
          print_json_key (printer, total->sources[piece.derivative].name);
        }
      print_sums (printer, total, &piece);
    }
  if (derivatives && total->has_gradients && target != SIZE_MAX)
    print_char (printer, '}');
  print_char (printer, '}');
}

void
report_total_json (const struct total *total, struct printer *printer)
{
  print_json_text (printer, "reduce", total->is_mean ? "mean" : "sum");
  print_json_size (printer, "rows", total->rows);
  print_json_size (printer, "skipped", total->skipped);
  print_json_begin (printer, "exact", '{');
  if (total->is_named)
    {
      print_json_key (printer, "value");
      print_exact (printer, total, false);
      if (total->has_gradients || total->has_along)
        {
          print_json_key (printer, total->has_gradients ? "grad" : "along");
          print_exact (printer, total, true);
        }
    }
  print_char (printer, '}');
}
