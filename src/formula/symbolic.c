/* symbolic.c -- gradients as formulas: the steps of a run, and a reverse sweep over them that computes with terms. */
#include "formula/symbolic.h"

#include "base/heap.h"
#include "formula/pull.h"
#include "formula/symbolic_step.h"

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
operand_term (struct symbolic *formulas, const struct value *value)
{
  const struct symbolic_operand *operand = area_of (&formulas->operands, struct symbolic_operand)
                                           + (value - area_of (&formulas->trace.operands, struct value));
  const struct value *globals = area_of (&formulas->run->globals, struct value);
  if (value->node)
    {
      uint32_t maker = trace_number (&formulas->trace, value->node);
      if (maker)
        return step_at (formulas, maker)->term;
      uint32_t slot = symbolic_slot (formulas, value);
      if (slot != NO_SLOT)
        return name_term (formulas, slot);
      struct shape shape = value_shape (value);
      return symbolic_view_term (formulas, value, term_name (&formulas->terms, LOST | value->node, &shape));
    }
  if (operand->recent)
    return step_at (formulas, operand->recent)->term;
  /* In C a comparison is made again, as it may come out in another way for other inputs. */
  if (formulas->whole && operand->giver && value_is_number (value) && step_at (formulas, operand->giver)->depends)
    {
      uint32_t term = step_at (formulas, operand->giver)->term;
      if (term != NO_TERM && term_at (&formulas->terms, term)->traits & TERM_VARIES)
        return term;
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
  for (size_t k = 1; k <= trace_count (&formulas->trace); k++)
    {
      const struct value *result = &trace_at (&formulas->trace, k)->result;
      if (!result->node && result->kind == KIND_ARRAY && result->array == value->array)
        return step_at (formulas, k)->term;
    }
  return literal (formulas, value->array);
}

/* Notes which operand of a step that varies stands as a number, or is a position, though others than these inputs would
   change it. */
static void
find_frozen (struct symbolic *formulas, const struct step *step, const struct value *value, uint32_t term)
{
  const struct symbolic_operand *operand = area_of (&formulas->operands, struct symbolic_operand)
                                           + (value - area_of (&formulas->trace.operands, struct value));
  const struct term *read = term_at (&formulas->terms, term);
  if (!formulas->frozen && value_is_number (value) && operand->giver && step_at (formulas, operand->giver)->depends
      && (step->op >= OPS || (!(read->traits & TERM_VARIES) && (formulas->whole || read->kind == TERM_NUMBER))))
    formulas->frozen = operand->giver;
}

/* A step with the terms of its operands, of `all` also behind one that has none; false where one has none. */
static bool
find_operands (struct symbolic *formulas, const struct step *step, bool all, struct pulled *call)
{
  bool known = step->count <= PULLED_MOST;
  *call = (struct pulled){ .terms = &formulas->terms,
                           .op = step->op,
                           .count = step->count,
                           .shape = value_shape (&step->result),
                           .tape = formulas->run->tape,
                           .node = step->result.node };
  for (uint32_t k = 0; k < step->count && (known || all); k++)
    {
      bool has_term = value_is_numeric (&step->operands[k]);
      call->values[k] = step->operands[k];
      call->operands[k] = has_term ? operand_term (formulas, &step->operands[k]) : NO_TERM;
      known &= call->operands[k] != NO_TERM || !has_term;
      if (step->result.node && !step->operands[k].node && call->operands[k] != NO_TERM)
        find_frozen (formulas, step, &step->operands[k], call->operands[k]);
    }
  return known;
}

/* Whether a function gave a truth or a whole number that C is not asked for again. */
static bool
is_decided (const struct symbolic *formulas, const struct step *step)
{
  return formulas->whole && step->op < OPS && !op_info[step->op].arity && op_info[step->op].traits & (TRUTH | INTEGER)
         && value_is_number (&step->result);
}

/* The value of each step, as a name where a variable has it at the end. */
static void
find_values (struct symbolic *formulas)
{
  symbolic_find_views (formulas);
  for (size_t i = 1; i <= trace_count (&formulas->trace); i++)
    {
      const struct step *step = trace_at (&formulas->trace, i);
      const struct value *result = &step->result;
      struct symbolic_step *terms = step_at (formulas, i);
      struct pulled call;
      uint32_t slot
        = value_is_number (result) || result->kind == KIND_ARRAY ? symbolic_slot (formulas, result) : NO_SLOT;
      bool known = find_operands (formulas, step, false, &call) && !is_decided (formulas, step);
      terms->own = known ? pull_value (&call) : NO_TERM;
      terms->term = slot != NO_SLOT ? name_term (formulas, slot) : symbolic_view_term (formulas, result, terms->own);
      if (slot != NO_SLOT && terms->own != NO_TERM)
        term_at (&formulas->terms, terms->term)->traits |= term_at (&formulas->terms, terms->own)->traits & TERM_VARIES;
      if (terms->term == NO_TERM && !result->node && value_is_number (result))
        terms->term = term_number (&formulas->terms, result->number);
    }
}

static const char *
step_name (const struct step *step)
{
  return step->op < OPS                ? op_written (step->op)
         : step->op == ROUTINE_LITERAL ? "[ ]"
         : step->op == ROUTINE_REPLACE ? "x[i] ="
                                       : "index";
}

/* Says which step has no formula: the first one that another waits for. */
static bool
fail_at (struct symbolic *formulas, const struct step *step)
{
  for (uint32_t k = 0; k < step->count;)
    {
      uint32_t from = trace_number (&formulas->trace, step->operands[k++].node);
      if (!from || step_at (formulas, from)->term != NO_TERM)
        continue;
      step = trace_at (&formulas->trace, from);
      k = 0;
    }
  return symbolic_fail (formulas, step->place, "the derivative of '%s' has none here", step_name (step));
}

/* Whether a value depends on others by a step that was not told: one of a derivative, of a function that gives several
   values. */
static bool
is_untold (const struct symbolic *formulas, uint32_t node)
{
  const struct tape *tape = formulas->run->tape;
  const uint32_t *ends = area_of (&tape->ends, uint32_t);
  size_t size;
  if (!node || trace_number (&formulas->trace, node))
    return false;
  return ends[node] - ends[node - 1] > (tape_is_array (tape, node, &size) ? 1 : 0);
}

/* Whether a step of a function passes anything to an operand: sizes and positions get nothing. */
static bool
is_linked (const struct symbolic *formulas, const struct step *step, uint32_t node)
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
  return symbolic_fail (formulas, place, "what comes from a derivative or is one of several has none");
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
pass (struct symbolic *formulas, uint32_t number, uint32_t *results)
{
  const struct step *step = trace_at (&formulas->trace, number);
  const struct symbolic_step *terms = step_at (formulas, number);
  struct pulled call;
  uint32_t adjoint = gather_shares (formulas, terms->adjoint);
  if (step->count > PULLED_MOST)
    return fail_at (formulas, step);
  if (term_is_zero (&formulas->terms, adjoint))
    return true;
  find_operands (formulas, step, true, &call);
  call.adjoint = adjoint;
  call.value = terms->term;
  call.own = terms->own == NO_TERM ? terms->term : terms->own;
  call.result = &step->result;
  for (uint32_t k = 0; k < step->count; k++)
    {
      uint32_t node = step->operands[k].node;
      if (!node || !is_linked (formulas, step, node))
        continue;
      uint32_t from = trace_number (&formulas->trace, node), source = area_of (&formulas->sources, uint32_t)[node];
      if (is_untold (formulas, node))
        return fail_untold (formulas, step->place);
      uint32_t part = from || source ? pull_back (&call, k) : NO_TERM;
      if (part == NO_TERM && (from || source))
        return fail_at (formulas, step);
      for (; source; source = area_of (&formulas->alike, uint32_t)[source - 1])
        share (formulas, &results[source - 1], part);
      if (from)
        share (formulas, &step_at (formulas, from)->adjoint, part);
    }
  return true;
}

/* Tells the first step that takes a value which no variable has any more. */
static bool
fail_lost (struct symbolic *formulas, uint32_t node)
{
  for (size_t i = 1; i <= trace_count (&formulas->trace); i++)
    {
      const struct step *step = trace_at (&formulas->trace, i);
      for (uint32_t k = 0; k < step->count; k++)
        if (step->operands[k].node == node)
          return symbolic_fail (formulas, step->place, "a value that no name stands for any more goes into '%s' here",
                                step_name (step));
    }
  return true;
}

void
symbolic_read (struct symbolic *formulas)
{
  if (*formulas->trouble)
    return;
  symbolic_find_names (formulas);
  find_values (formulas);
}

bool
symbolic_gradient (struct symbolic *formulas, const struct value *target, uint32_t count, const struct value *sources,
                   uint32_t *results)
{
  if (*formulas->trouble)
    return false;
  if (is_untold (formulas, target->node))
    return fail_untold (formulas, UINT32_MAX);
  formulas->shares.used = 0;
  for (size_t i = 1; i <= trace_count (&formulas->trace); i++)
    step_at (formulas, i)->adjoint = NO_TERM;
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
  uint32_t step = trace_number (&formulas->trace, target->node);
  if (step)
    share (formulas, &step_at (formulas, step)->adjoint, term_number (&formulas->terms, 1));
  for (; step > 0; step--)
    if (step_at (formulas, step)->adjoint != NO_TERM
        && !(formulas->held && formulas->held[trace_at (&formulas->trace, step)->result.node])
        && !pass (formulas, step, results))
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
