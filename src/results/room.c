/* room.c -- what the kinds of results share. */
#include "results/results.h"

#include <math.h>

struct array *
results_room (const struct results *results, size_t count, size_t size)
{
  struct shape shape = { .rank = 1, .extent = { count * size / sizeof (double) + 1 } };
  return array_filled (results->run->arrays, &shape, 0);
}

void *
results_held_room (const struct results *results, size_t count, size_t size)
{
  return results_room (results, count, size)->elements;
}

double *
results_numbers (const struct results *results, struct result_numbers *numbers, size_t count)
{
  enum
  {
    PIECE = 8192
  };
  /* Of nothing there is a place as well. */
  count += count == 0;
  if (count > PIECE / 8)
    return results_held_room (results, count, sizeof (double));
  if (count > numbers->left)
    *numbers = (struct result_numbers){ results_held_room (results, PIECE, sizeof (double)), PIECE };
  numbers->left -= count;
  numbers->next += count;
  return numbers->next - count;
}

struct array *
results_seed (const struct results *results, const struct result_target *target)
{
  const double *elements = value_elements (&target->value);
  struct shape shape = value_shape (&target->value);
  size_t size = shape_size (&shape);
  const struct array *given = target->seed ? target->seed->seed : NULL;
  bool nan = false;
  for (size_t i = 0; i < size; i++)
    nan |= isnan (elements[i]);
  if (!given && !nan)
    return NULL;
  struct array *seeds = array_new (results->run->arrays, TYPE_REAL, &shape);
  for (size_t i = 0; i < size; i++)
    seeds->elements[i] = isnan (elements[i]) ? NAN : given ? given->elements[given->shape.rank ? i : 0] : 1;
  return seeds;
}

void
results_seed_target (const struct results *results, struct reverse *reverse, const struct result_target *target)
{
  struct array *seeds = results_seed (results, target);
  double one = 1;
  reverse_seed (reverse, target->value.node, seeds ? seeds->elements : &one, seeds != NULL);
  array_drop (results->run->arrays, seeds);
}

void
results_sweep (const struct results *results, const struct result_target *target, size_t element,
               struct reverse *reverse, const uint32_t *keep, size_t keep_count)
{
  struct array *seeds = results_room (results, value_size (&target->value), sizeof (double));
  seeds->elements[element] = isnan (value_elements (&target->value)[element]) ? NAN : 1;
  reverse_open (reverse, results->run->tape, keep, keep_count);
  reverse_seed (reverse, target->value.node, seeds->elements, 1);
  array_drop (results->run->arrays, seeds);
  reverse_run (reverse);
}

/* Where the text assigns a name for the last time. */
static struct span
last_assigned (const struct run *run, uint32_t name)
{
  const struct program *program = run->program;
  const struct syntax *syntax = program_syntax (program, run->diagnostics);
  const struct node *nodes = area_of (&syntax->nodes, struct node);
  for (size_t i = area_count (&syntax->nodes, struct node); i-- > 0;)
    if ((nodes[i].kind == SYNTAX_TARGET || nodes[i].kind == SYNTAX_DEFINE) && nodes[i].payload == name)
      return node_span (&nodes[i]);
  return (struct span){ program_variable (program, name)->first, program_variable (program, name)->length };
}

struct span
results_span (const struct run *run, const struct result_target *target)
{
  return target->variable == UINT32_MAX ? target->span : last_assigned (run, target->variable);
}

/* Which of two quantities stands in the way of columns of one length. */
static void
need_column (const struct results *results, const struct quantity *quantity, const struct quantity **first)
{
  char text[SHAPE_TEXT];
  if (quantity->shape.rank > 1)
    diagnose_stop (results->run->diagnostics, STATUS_PROGRAM, NOWHERE,
                   "--layout=columns: %s is %s; vectors stand side by side, and numbers are left out", quantity->name,
                   shape_text (text, &quantity->shape));
  if (!quantity->shape.rank)
    return;
  if (*first && (*first)->shape.extent[0] != quantity->shape.extent[0])
    diagnose_stop (results->run->diagnostics, STATUS_PROGRAM, NOWHERE,
                   "--layout=columns: %s has %zu elements, %s has %zu; -w and -t choose vectors of one length",
                   (*first)->name, (*first)->shape.extent[0], quantity->name, quantity->shape.extent[0]);
  *first = quantity;
}

void
results_need_columns (const struct results *results)
{
  const struct report *report = &results->report;
  const struct quantity *first = NULL;
  for (size_t s = 0; s < report_column_sources (report); s++)
    need_column (results, &report->sources[s], &first);
  for (size_t t = 0; t < report->target_count; t++)
    need_column (results, &report->targets[t], &first);
}
