/* symbolic_listen.c -- hears the steps of a run, and where their operands come from, for its formulas. */
#include "formula/symbolic.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "formula/symbolic_step.h"

enum
{
  STEPS = 50000 /* beyond which a formula is of no use to anyone */
};

bool
symbolic_fail (struct symbolic *formulas, uint32_t place, const char *format, ...)
{
  va_list arguments;
  if (*formulas->trouble)
    return false;
  va_start (arguments, format);
  vsnprintf (formulas->trouble, sizeof formulas->trouble, format, arguments);
  va_end (arguments);
  formulas->place = place;
  return false;
}

static uint32_t *
writer_of (struct symbolic *formulas, uint32_t slot)
{
  while (area_count (&formulas->writers, uint32_t) <= slot)
    *area_add (&formulas->writers, uint32_t) = 0;
  return area_of (&formulas->writers, uint32_t) + slot;
}

/* Where an operand of a step came from. */
static struct symbolic_operand
find_operand (struct symbolic *formulas, const struct run *run, const struct value *operand)
{
  struct symbolic_operand found = { .slot = NO_SLOT };
  const struct value *globals = area_of (&run->globals, struct value);
  size_t known = trace_count (&formulas->trace);
  if (operand >= globals && operand < globals + run->program->global_count)
    found.slot = (uint32_t)(operand - globals);
  /* Earlier steps of the same expression still stand where they were told. */
  size_t last = known > GROUP_LIMIT ? known - GROUP_LIMIT : 0;
  const struct symbolic_step *steps = step_at (formulas, 0);
  for (size_t k = known; k > last && !found.recent; k--)
    if (steps[k].where == operand && trace_at (&formulas->trace, k)->result.number == operand->number)
      found.recent = (uint32_t)k;
  if (!found.recent)
    found.recent = symbolic_origin (formulas, run, operand);
  found.giver = found.recent ? found.recent : symbolic_giver (formulas, run, operand);
  return found;
}

/* Whether another value of a source could change what a step gave, be it by a comparison or a whole number. */
static bool
depends (const struct symbolic *formulas, const struct heard *heard, const struct symbolic_operand *found)
{
  bool result = heard->result->node != 0;
  bool of_shape = heard->op == OP_shape || heard->op == OP_len || heard->op == OP_size || heard->op == OP_rank;
  if (of_shape || (heard->op < OPS && op_info[heard->op].traits & CONSTANT && heard->op != OP_stop_gradient))
    return false;
  for (uint32_t i = 0; i < heard->count; i++)
    result |= heard->operands[i]->node || (found[i].giver && step_at (formulas, found[i].giver)->depends);
  return result;
}

static void
hear (void *data, const struct run *run, const struct heard *heard)
{
  struct symbolic *formulas = data;
  const struct value *result = heard->result;
  size_t known = trace_count (&formulas->trace);
  if (known >= STEPS)
    {
      symbolic_fail (formulas, heard->place, "more than %d steps were taken", STEPS);
      return;
    }
  size_t operands = area_count (&formulas->operands, struct symbolic_operand);
  for (uint32_t i = 0; i < heard->count; i++)
    *area_add (&formulas->operands, struct symbolic_operand) = find_operand (formulas, run, heard->operands[i]);
  const struct step *steps = trace_at (&formulas->trace, 0);
  bool loops = formulas->loops;
  for (size_t k = known < 1000 ? known : 0; k > 0 && !loops; k--)
    loops = steps[k].place == heard->place && steps[k].op == heard->op && steps[k].result.node != result->node;
  formulas->loops = loops;
  const struct symbolic_operand *found = area_of (&formulas->operands, struct symbolic_operand) + operands;
  struct symbolic_step step = { .where = result,
                                .adjoint = NO_TERM,
                                .varies = result->node != 0,
                                .depends = depends (formulas, heard, found) };
  trace_add (&formulas->trace, heard);
  *area_add (&formulas->steps, struct symbolic_step) = step;
  symbolic_set_origin (formulas, run, result, (uint32_t)known + 1);
  formulas->ordered |= (heard->op == OP_argmax || heard->op == OP_argmin) && heard->operands[0]->node;
}

static void
settle (void *data, const struct run *run, const struct value *where)
{
  struct symbolic *formulas = data;
  const struct value *globals = area_of (&run->globals, struct value);
  uint32_t count = (uint32_t)trace_count (&formulas->trace);
  if (count && where >= globals && where < globals + run->program->global_count)
    *writer_of (formulas, (uint32_t)(where - globals)) = count;
  symbolic_set_origin (formulas, run, where, count);
}

enum
{
  AREAS = 13
};

static void
list_areas (struct symbolic *formulas, struct area *areas[AREAS])
{
  struct area *all[AREAS]
    = { &formulas->steps,   &formulas->operands, &formulas->writers, &formulas->origins[0], &formulas->origins[1],
        &formulas->holders, &formulas->names,    &formulas->sources, &formulas->alike,      &formulas->views,
        &formulas->shares,  &formulas->parts,    &formulas->part_of };
  memcpy (areas, all, sizeof all);
}

void
symbolic_open (struct symbolic *formulas, struct run *run)
{
  struct area *areas[AREAS];
  *formulas = (struct symbolic){
    .run = run,
    .place = UINT32_MAX,
    .listener = { symbolic_instruction, hear, settle, .data = formulas, .parts = true, .stops = true },
  };
  list_areas (formulas, areas);
  for (int i = 0; i < AREAS; i++)
    area_open (areas[i], run->memory, (size_t)4 << 30, "the formulas");
  trace_open (&formulas->trace, run->memory, "the formulas");
  *area_add (&formulas->steps, struct symbolic_step) = (struct symbolic_step){ .term = NO_TERM };
  terms_open (&formulas->terms, run->memory);
  run_listen (run, &formulas->listener);
}

static bool
is_extreme (const struct value *value)
{
  static const double most = 1e75;
  for (size_t i = 0; value_is_numeric (value) && i < value_size (value); i++)
    {
      double size = fabs (value_elements (value)[i]);
      if (size > most || (size < 1 / most && size != 0))
        return true;
    }
  return false;
}

bool
symbolic_has_extremes (const struct symbolic *formulas)
{
  bool found = false;
  for (size_t i = 1; i <= trace_count (&formulas->trace) && !found; i++)
    found = is_extreme (&trace_at (&formulas->trace, i)->result);
  for (size_t i = 0; i < area_count (&formulas->trace.operands, struct value) && !found; i++)
    found = is_extreme (&area_of (&formulas->trace.operands, struct value)[i]);
  return found;
}

void
symbolic_close (struct symbolic *formulas)
{
  struct area *areas[AREAS];
  if (!formulas->run)
    return;
  list_areas (formulas, areas);
  for (int i = 0; i < AREAS; i++)
    area_close (areas[i]);
  trace_close (&formulas->trace);
  terms_close (&formulas->terms);
}
