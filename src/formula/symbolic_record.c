/* symbolic_record.c -- the steps of a run, kept for its formulas. */
#include "formula/symbolic.h"

#include <math.h>
#include <stdio.h>

#include "formula/symbolic_step.h"

enum
{
  STEPS = 50000 /* beyond which a formula is of no use to anyone */
};

static uint32_t *
writer_of (struct symbolic *formulas, uint32_t slot)
{
  while (area_count (&formulas->writers, uint32_t) <= slot)
    *area_add (&formulas->writers, uint32_t) = 0;
  return area_of (&formulas->writers, uint32_t) + slot;
}

static void
hear (void *data, const struct run *run, const struct heard *heard)
{
  struct symbolic *formulas = data;
  const uint32_t place = heard->place, op = heard->op, count = heard->count;
  const struct value *result = heard->result, *const *operands = heard->operands;
  size_t known = area_count (&formulas->steps, struct symbolic_step);
  if (known >= STEPS)
    {
      snprintf (formulas->trouble, sizeof formulas->trouble, "more than %d steps were taken", STEPS);
      formulas->place = place;
      return;
    }
  struct symbolic_step step = { .result = *result,
                                .where = result,
                                .place = place,
                                .op = op,
                                .first = (uint32_t)area_count (&formulas->operands, struct symbolic_operand),
                                .count = count,
                                .adjoint = NO_TERM };
  const struct value *globals = area_of (&run->globals, struct value);
  for (uint32_t i = 0; i < count; i++)
    {
      struct symbolic_operand operand = { *operands[i], NO_SLOT, 0, 0 };
      if (operands[i] >= globals && operands[i] < globals + run->program->global_count)
        {
          operand.slot = (uint32_t)(operands[i] - globals);
          operand.writer = *writer_of (formulas, operand.slot);
        }
      /* Earlier steps of the same expression still stand where they were told. */
      for (size_t k = known; k-- > 0 && known - k <= GROUP_LIMIT && !operand.recent;)
        if (step_at (formulas, k)->where == operands[i] && step_at (formulas, k)->result.number == operands[i]->number)
          operand.recent = (uint32_t)k + 1;
      if (!operand.recent)
        operand.recent = symbolic_origin (formulas, run, operands[i]);
      value_hold (operands[i]);
      *area_add (&formulas->operands, struct symbolic_operand) = operand;
    }
  value_hold (result);
  for (size_t k = known; k-- > 0 && !formulas->loops && known < 1000;)
    formulas->loops = step_at (formulas, k)->place == place && step_at (formulas, k)->op == op
                      && step_at (formulas, k)->result.node != result->node;
  *area_add (&formulas->steps, struct symbolic_step) = step;
  symbolic_set_origin (formulas, run, result, (uint32_t)known + 1);
  formulas->ordered |= (op == OP_argmax || op == OP_argmin) && operands[0]->node;
  if (!result->node)
    return;
  while (area_count (&formulas->of_node, uint32_t) <= result->node)
    *area_add (&formulas->of_node, uint32_t) = 0;
  area_of (&formulas->of_node, uint32_t)[result->node] = (uint32_t)known + 1;
}

static void
settle (void *data, const struct run *run, const struct value *where)
{
  struct symbolic *formulas = data;
  const struct value *globals = area_of (&run->globals, struct value);
  size_t count = area_count (&formulas->steps, struct symbolic_step);
  if (count && where >= globals && where < globals + run->program->global_count)
    *writer_of (formulas, (uint32_t)(where - globals)) = (uint32_t)count;
  symbolic_set_origin (formulas, run, where, (uint32_t)count);
}

void
symbolic_open (struct symbolic *formulas, struct run *run)
{
  struct memory *memory = run->memory;
  *formulas = (struct symbolic){
    .run = run,
    .place = UINT32_MAX,
    .listener = { symbolic_instruction, hear, settle, formulas, .parts = true, .stops = true },
  };
  area_open (&formulas->steps, memory, (STEPS + 1) * sizeof (struct symbolic_step), "the formulas");
  area_open (&formulas->operands, memory, (size_t)1 << 30, "the formulas");
  area_open (&formulas->writers, memory, (size_t)1 << 30, "the formulas");
  for (int i = 0; i < 2; i++)
    area_open (&formulas->origins[i], memory, (size_t)4 << 30, "the formulas");
  area_open (&formulas->of_node, memory, (size_t)4 << 30, "the formulas");
  area_open (&formulas->holders, memory, (size_t)4 << 30, "the formulas");
  area_open (&formulas->names, memory, (size_t)4 << 30, "the formulas");
  area_open (&formulas->sources, memory, (size_t)4 << 30, "the formulas");
  area_open (&formulas->alike, memory, (size_t)4 << 30, "the formulas");
  area_open (&formulas->views, memory, (size_t)1 << 30, "the formulas");
  area_open (&formulas->shares, memory, (size_t)1 << 30, "the formulas");
  area_open (&formulas->parts, memory, (size_t)1 << 30, "the formulas");
  area_open (&formulas->part_of, memory, (size_t)1 << 30, "the formulas");
  terms_open (&formulas->terms, memory);
  run_listen (run, &formulas->listener);
}

static bool
is_extreme (const struct value *value)
{
  static const double most = 1e75;
  if (!value_is_number (value) && value->kind != KIND_ARRAY)
    return false;
  struct shape shape = value_shape (value);
  for (size_t i = 0; i < shape_size (&shape); i++)
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
  for (size_t i = 0; i < area_count (&formulas->steps, struct symbolic_step) && !found; i++)
    found = is_extreme (&step_at (formulas, i)->result);
  for (size_t i = 0; i < area_count (&formulas->operands, struct symbolic_operand) && !found; i++)
    found = is_extreme (&area_of (&formulas->operands, struct symbolic_operand)[i].value);
  return found;
}

void
symbolic_close (struct symbolic *formulas)
{
  if (!formulas->run)
    return;
  area_close (&formulas->steps);
  area_close (&formulas->operands);
  area_close (&formulas->writers);
  for (int i = 0; i < 2; i++)
    area_close (&formulas->origins[i]);
  area_close (&formulas->of_node);
  area_close (&formulas->holders);
  area_close (&formulas->names);
  area_close (&formulas->sources);
  area_close (&formulas->alike);
  area_close (&formulas->views);
  area_close (&formulas->shares);
  area_close (&formulas->parts);
  area_close (&formulas->part_of);
  terms_close (&formulas->terms);
}
