/* symbolic.c -- gradients as formulas: the steps of a run, and a reverse sweep over them that computes with terms. */
#include "formula/symbolic.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/heap.h"
#include "formula/pull.h"
#include "formula/symbolic_step.h"

static bool
fail (struct symbolic *formulas, const char *what, uint32_t place)
{
  if (!*formulas->trouble)
    {
      snprintf (formulas->trouble, sizeof formulas->trouble, "the derivative of '%s' has none here", what);
      formulas->place = place;
    }
  return false;
}

static uint32_t
name_term (struct symbolic *formulas, uint32_t slot)
{
  const struct value *value = area_of (&formulas->run->globals, struct value) + slot;
  struct shape shape = value_shape (value);
  uint32_t name = term_name (&formulas->terms, slot, &shape);
  /* A zero that does not vary passes nothing. */
  term_at (&formulas->terms, name)->traits |= value->node ? TERM_VARIES : TERM_BLOCKS;
  return name;
}

/* An array of numbers written out. */
static uint32_t
literal (struct symbolic *formulas, const struct array *array)
{
  uint32_t elements[TERM_LISTED];
  if (!term_can_list (&array->shape))
    return NO_TERM;
  for (size_t i = 0; i < array->size; i++)
    elements[i] = term_number (&formulas->terms, array->elements[i]);
  return term_listed (&formulas->terms, elements, &array->shape);
}

/* What stands for a value that a step read. */
static uint32_t
operand_term (struct symbolic *formulas, const struct symbolic_operand *operand)
{
  const struct value *value = &operand->value;
  const struct value *globals = area_of (&formulas->run->globals, struct value);
  if (value->node)
    {
      uint32_t step = value->node < area_count (&formulas->of_node, uint32_t)
                        ? area_of (&formulas->of_node, uint32_t)[value->node]
                        : 0;
      if (step)
        return step_at (formulas, step - 1)->term;
      uint32_t slot = symbolic_slot (formulas, value);
      if (slot != NO_SLOT)
        return name_term (formulas, slot);
      struct shape shape = value_shape (value);
      return symbolic_view_term (formulas, value, term_name (&formulas->terms, LOST | value->node, &shape));
    }
  if (operand->recent)
    return step_at (formulas, operand->recent - 1)->term;
  /* In C a comparison is made again, as it may come out in another way for other inputs. */
  if (formulas->whole && operand->writer && value_is_number (value))
    {
      const struct symbolic_step *writer = step_at (formulas, operand->writer - 1);
      if (writer->result.number == value->number && writer->term != NO_TERM
          && term_at (&formulas->terms, writer->term)->traits & TERM_VARIES)
        return writer->term;
    }
  /* A variable that varies by now was bound again, also where it came to the same. */
  if (operand->slot != NO_SLOT && value_is_number (value) && value_is_number (&globals[operand->slot])
      && !globals[operand->slot].node && globals[operand->slot].number == value->number)
    for (uint32_t name = 0; name < area_count (&formulas->run->program->variables, struct variable); name++)
      if (program_variable (formulas->run->program, name)->slot == operand->slot
          && !(program_variable (formulas->run->program, name)->flags & VARIABLE_LOOP))
        return name_term (formulas, operand->slot);
  if (value_is_number (value))
    return term_number (&formulas->terms, value->number);
  if (value->kind != KIND_ARRAY)
    return NO_TERM;
  uint32_t slot = symbolic_slot (formulas, value);
  if (slot != NO_SLOT)
    return name_term (formulas, slot);
  for (size_t k = 0; k < area_count (&formulas->steps, struct symbolic_step); k++)
    {
      const struct symbolic_step *step = step_at (formulas, k);
      if (!step->result.node && step->result.kind == KIND_ARRAY && step->result.array == value->array)
        return step->term;
    }
  return literal (formulas, value->array);
}

/* The value of each step, as a name where a variable has it at the end. */
static void
find_values (struct symbolic *formulas)
{
  symbolic_find_views (formulas);
  for (size_t i = 0; i < area_count (&formulas->steps, struct symbolic_step); i++)
    {
      struct symbolic_step *step = step_at (formulas, i);
      const struct symbolic_operand *operands = area_of (&formulas->operands, struct symbolic_operand) + step->first;
      struct pulled call = { .terms = &formulas->terms,
                             .op = step->op,
                             .count = step->count,
                             .shape = value_shape (&step->result),
                             .tape = formulas->run->tape,
                             .node = step->result.node };
      uint32_t slot = value_is_number (&step->result) || step->result.kind == KIND_ARRAY
                        ? symbolic_slot (formulas, &step->result)
                        : NO_SLOT;
      bool known = step->count <= PULLED_MOST;
      step->adjoint = NO_TERM;
      for (uint32_t k = 0; known && k < step->count; k++)
        {
          call.values[k] = operands[k].value;
          call.operands[k] = pull_has_term (&operands[k].value) ? operand_term (formulas, &operands[k]) : NO_TERM;
          known = call.operands[k] != NO_TERM || !pull_has_term (&operands[k].value);
        }
      step->own = known ? pull_value (&call) : NO_TERM;
      step->term
        = slot != NO_SLOT ? name_term (formulas, slot) : symbolic_view_term (formulas, &step->result, step->own);
      if (slot != NO_SLOT && step->own != NO_TERM)
        term_at (&formulas->terms, step->term)->traits |= term_at (&formulas->terms, step->own)->traits & TERM_VARIES;
      if (step->term == NO_TERM && !step->result.node && value_is_number (&step->result))
        step->term = term_number (&formulas->terms, step->result.number);
    }
}

static const char *
step_name (const struct symbolic_step *step)
{
  return step->op < OPS                ? op_written (step->op)
         : step->op == ROUTINE_LITERAL ? "[ ]"
         : step->op == ROUTINE_REPLACE ? "x[i] ="
                                       : "index";
}

/* Says which step has no formula: the first one that another waits for. */
static bool
fail_at (struct symbolic *formulas, const struct symbolic_step *step)
{
  for (bool deeper = true; deeper;)
    {
      deeper = false;
      const struct symbolic_operand *operands = area_of (&formulas->operands, struct symbolic_operand) + step->first;
      for (uint32_t k = 0; k < step->count && !deeper; k++)
        {
          uint32_t node = operands[k].value.node;
          uint32_t from = node && node < area_count (&formulas->of_node, uint32_t)
                            ? area_of (&formulas->of_node, uint32_t)[node]
                            : 0;
          deeper = from && step_at (formulas, from - 1)->term == NO_TERM;
          if (deeper)
            step = step_at (formulas, from - 1);
        }
    }
  return fail (formulas, step_name (step), step->place);
}

/* Whether a value depends on others by a step that was not told: one of a derivative, of a function that gives several
   values. */
static bool
is_untold (const struct symbolic *formulas, uint32_t node)
{
  const struct tape *tape = formulas->run->tape;
  const uint32_t *ends = area_of (&tape->ends, uint32_t);
  size_t size;
  if (!node || (node < area_count (&formulas->of_node, uint32_t) && area_of (&formulas->of_node, uint32_t)[node]))
    return false;
  return ends[node] - ends[node - 1] > (tape_is_array (tape, node, &size) ? 1 : 0);
}

/* Whether a step of a function passes anything to an operand: sizes and positions get nothing. */
static bool
is_linked (const struct symbolic *formulas, const struct symbolic_step *step, uint32_t node)
{
  const struct tape *tape = formulas->run->tape;
  const uint32_t *ends = area_of (&tape->ends, uint32_t), *operands = area_of (&tape->operands, uint32_t);
  if (step->op < OPS && op_info[step->op].arity)
    return true;
  for (uint32_t i = ends[step->result.node - 1]; i < ends[step->result.node]; i++)
    if ((operands[i] & LINK_SIZE) != LINK_SIZE && (operands[i] & ~LINK_SIZE) == node)
      return true;
  return false;
}

static bool
fail_untold (struct symbolic *formulas, uint32_t place)
{
  snprintf (formulas->trouble, sizeof formulas->trouble, "what comes from a derivative or is one of several has none");
  formulas->place = place;
  return false;
}

/* One more part of what a value gets. */
static void
share (struct symbolic *formulas, uint32_t *last, uint32_t term)
{
  *area_add (&formulas->shares, struct symbolic_share) = (struct symbolic_share){ term, *last };
  *last = (uint32_t)area_count (&formulas->shares, struct symbolic_share) - 1;
}

/* All that a value got; NO_TERM for nothing. */
static uint32_t
gather_shares (struct symbolic *formulas, uint32_t last)
{
  const struct symbolic_share *shares = area_of (&formulas->shares, struct symbolic_share);
  uint32_t count = 0;
  for (uint32_t i = last; i != NO_TERM; i = shares[i].before)
    count++;
  if (count < 2)
    return count ? shares[last].term : NO_TERM;
  uint32_t *list = heap_take (formulas->run->memory, count, sizeof *list, "the formulas");
  for (uint32_t i = last, at = count; i != NO_TERM; i = shares[i].before)
    list[--at] = shares[i].term;
  uint32_t sum = term_sum_of (&formulas->terms, list, count);
  heap_give (list);
  return sum;
}

/* Sends the adjoint of a step to its operands. */
static bool
pass (struct symbolic *formulas, struct symbolic_step *step, uint32_t *results)
{
  const struct symbolic_operand *operands = area_of (&formulas->operands, struct symbolic_operand) + step->first;
  struct pulled call = { .terms = &formulas->terms,
                         .op = step->op,
                         .count = step->count,
                         .adjoint = gather_shares (formulas, step->adjoint),
                         .value = step->term,
                         .own = step->own == NO_TERM ? step->term : step->own,
                         .shape = value_shape (&step->result),
                         .result = &step->result,
                         .tape = formulas->run->tape,
                         .node = step->result.node };
  if (step->count > PULLED_MOST)
    return fail_at (formulas, step);
  if (term_is_zero (&formulas->terms, call.adjoint))
    return true;
  for (uint32_t k = 0; k < step->count; k++)
    {
      call.values[k] = operands[k].value;
      call.operands[k] = pull_has_term (&operands[k].value) ? operand_term (formulas, &operands[k]) : NO_TERM;
    }
  for (uint32_t k = 0; k < step->count; k++)
    {
      uint32_t node = operands[k].value.node;
      if (!node || !is_linked (formulas, step, node))
        continue;
      uint32_t from
        = node < area_count (&formulas->of_node, uint32_t) ? area_of (&formulas->of_node, uint32_t)[node] : 0;
      uint32_t *to = from ? &step_at (formulas, from - 1)->adjoint : NULL;
      if (is_untold (formulas, node))
        return fail_untold (formulas, step->place);
      const uint32_t *alike = area_of (&formulas->alike, uint32_t);
      for (uint32_t s = area_of (&formulas->sources, uint32_t)[node]; s; s = alike[s - 1])
        {
          uint32_t part = pull_back (&call, k);
          if (part == NO_TERM)
            return fail_at (formulas, step);
          share (formulas, &results[s - 1], part);
        }
      if (!to)
        continue;
      uint32_t part = pull_back (&call, k);
      if (part == NO_TERM)
        return fail_at (formulas, step);
      share (formulas, to, part);
    }
  return true;
}

/* Tells the first step that takes a value which no variable has any more. */
static bool
fail_lost (struct symbolic *formulas, uint32_t node)
{
  for (size_t i = 0; i < area_count (&formulas->steps, struct symbolic_step); i++)
    {
      const struct symbolic_step *step = step_at (formulas, i);
      for (uint32_t k = 0; k < step->count; k++)
        if (area_of (&formulas->operands, struct symbolic_operand)[step->first + k].value.node == node)
          {
            snprintf (formulas->trouble, sizeof formulas->trouble,
                      "a value that no name stands for any more goes into '%s' here", step_name (step));
            formulas->place = step->place;
            return false;
          }
    }
  return true;
}

bool
symbolic_gradient (struct symbolic *formulas, const struct value *target, uint32_t count, const struct value *sources,
                   uint32_t *results)
{
  if (*formulas->trouble)
    return false;
  if (is_untold (formulas, target->node))
    return fail_untold (formulas, UINT32_MAX);
  symbolic_find_names (formulas);
  find_values (formulas);
  formulas->shares.used = 0;
  uint32_t *of_node = symbolic_table (&formulas->sources, tape_count (formulas->run->tape));
  uint32_t *alike = symbolic_table (&formulas->alike, count);
  for (uint32_t s = 0; s < count; s++)
    {
      results[s] = NO_TERM;
      alike[s] = of_node[sources[s].node];
      of_node[sources[s].node] = s + 1;
      if (sources[s].node && sources[s].node == target->node)
        share (formulas, &results[s], term_number (&formulas->terms, 1));
    }
  uint32_t step = target->node && target->node < area_count (&formulas->of_node, uint32_t)
                    ? area_of (&formulas->of_node, uint32_t)[target->node]
                    : 0;
  if (step)
    share (formulas, &step_at (formulas, step - 1)->adjoint, term_number (&formulas->terms, 1));
  for (; step > 0; step--)
    if (step_at (formulas, step - 1)->adjoint != NO_TERM
        && !pass (formulas, step_at (formulas, step - 1), results))
      return false;
  for (uint32_t s = 0; s < count; s++)
    {
      results[s] = gather_shares (formulas, results[s]);
      uint32_t lost = results[s] == NO_TERM ? 0 : symbolic_names (formulas, results[s], NULL);
      if (lost && !fail_lost (formulas, lost))
        return false;
    }
  return true;
}

uint32_t
symbolic_sum (struct symbolic *formulas, uint32_t a, uint32_t b)
{
  return a == NO_TERM ? b : b == NO_TERM ? a : term_add (&formulas->terms, a, b);
}

uint32_t
symbolic_spread (struct symbolic *formulas, uint32_t term, const struct shape *shape)
{
  return term_spread (&formulas->terms, term, shape);
}
