/* input.c -- variables that gradients are asked for: inputs, those of -D, those of -w. */
#include "machine/execute.h"
#include "machine/small.h"

static bool
is_real (const struct value *variable)
{
  return variable->kind == KIND_REAL || (variable->kind == KIND_ARRAY && variable->array->type == TYPE_REAL);
}

/* A node that depends on nothing, for a real value. Where nobody takes derivatives, nothing varies. */
static void
become_source (struct run *run, struct value *variable)
{
  if (run->purpose == PURPOSE_VALUES && !run->trace)
    return;
  run_source (run, variable);
  run_keep (run, &(struct heard){ .place = run->place, .op = STEP_NONE, .result = variable });
}

/* In a complete run an input that was computed, from numbers of the text, is as far off as they and the steps make it.
 */
static void
become_computed (struct run *run, struct value *variable)
{
  struct shape shape = value_shape (variable);
  uint32_t from = variable->node;
  run_begin (run, variable);
  if (variable->kind == KIND_ARRAY)
    run_link_same (run, from, &shape);
  else
    tape_link (run->tape, from, 1);
  run_node (run, run->place, variable);
}

/* At another point: the value that a variable gets instead; whether it does. */
static bool
move (struct run *run, const struct array *to, struct value *variable)
{
  struct shape shape = value_shape (variable);
  if (!to)
    return false;
  bool resized = run->variation.resized && shape.rank && shape.rank == to->shape.rank;
  if (!resized && !shape_equal (&shape, &to->shape))
    return false;
  uint32_t node = variable->node;
  if (variable->kind == KIND_ARRAY)
    {
      struct array *copy = array_copied (run->arrays, &to->shape, to->elements);
      value_set (run, variable, value_of_array (copy));
    }
  else
    variable->number = to->elements[0];
  variable->node = node;
  return true;
}

void
input_note (struct run *run, const struct instruction *instruction, struct value *variable)
{
  struct noted *noted = area_of (&run->inputs, struct noted) + instruction->c;
  if (!noted->unbound || !is_real (variable) || noted->set)
    return;
  noted->unbound = false;
  noted->set = true;
  bool moved = run->variation.inputs && move (run, run->variation.inputs[instruction->c], variable);
  if (run->complete && !moved && variable->node > run->constants)
    become_computed (run, variable);
  else
    become_source (run, variable);
  noted->value = *variable;
  value_hold (variable);
  *area_add (&run->input_order, uint32_t) = instruction->c;
}

void
input_define (struct run *run, uint32_t place, const struct instruction *instruction, struct value *variable)
{
  if (!area_of (&run->inputs, struct noted)[instruction->c].unbound)
    return;
  const struct definition *definition = &run->program->definitions[instruction->b];
  struct array *array = definition->array;
  struct value value = array->shape.rank
                         ? value_of_array (array_hold (array))
                         : value_number (array->type == TYPE_BOOLEAN ? KIND_BOOLEAN : KIND_REAL, array->elements[0]);
  if (variable->kind != KIND_NOTHING)
    {
      struct shape old = value_is_numeric (variable) ? value_shape (variable) : (struct shape){ 0 };
      const char *name = names_text (run->program->names, definition->name);
      char before[SHAPE_TEXT], after[SHAPE_TEXT];
      if (old.rank != array->shape.rank)
        ERROR (place, "%s %s%s%s here, but %s%s gives it %s%s%s", name, old.rank ? "has shape (" : "is a number",
               shape_text (before, &old), old.rank ? ")" : "", definition->source ? "" : "-D ",
               definition->source ? definition->source : name, array->shape.rank ? "shape (" : "a number",
               shape_text (after, &array->shape), array->shape.rank ? ")" : "");
    }
  value_set (run, variable, value);
}

void
input_keep (struct run *run, const struct instruction *instruction, struct value *variable)
{
  const struct wanted *wanted = &run->program->wanted[instruction->c];
  struct noted *noted = area_of (&run->wanted, struct noted) + instruction->c;
  bool real = is_real (variable);
  if (noted->set && wanted->line == 0)
    return;
  small_settle (run, variable);
  if (run->small && value_is_number (variable) && variable->node)
    {
      /* Elsewhere it may be an element of an array, or the other way around: here a node is asked for. */
      tape_link (run->tape, variable->node, 1);
      variable->node = tape_node (run->tape);
    }
  bool constant = program_variable (run->program, wanted->name)->flags & VARIABLE_CONST && !wanted->of_claim;
  if (run->variation.wanted && real)
    move (run, run->variation.wanted[instruction->c], variable);
  if (real && variable->node <= run->constants && !constant)
    become_source (run, variable);
  value_hold (variable);
  value_set (run, &noted->value, *variable);
  noted->set = true;
}

void
input_recall (struct run *run, uint32_t place, const struct instruction *instruction, struct value *result)
{
  const struct value *first = &area_of (&run->wanted, struct noted)[instruction->c].value;
  if (first->kind == KIND_NOTHING)
    run_unassigned (run, place, instruction->b);
  value_hold (first);
  value_set (run, result, *first);
}

void
input_source (struct run *run, uint32_t place, struct value *variable, enum source_kind source)
{
  bool numeric = value_is_numeric (variable);
  small_settle (run, variable);
  if (source == SOURCE_PARAMETER && numeric && value_type (variable) != TYPE_BOOLEAN)
    *variable = run->program->deriver->source (run, run->place, *variable);
  else if (source == SOURCE_SHARED && is_real (variable) && variable->node > run->constants)
    *variable = run_apply (run, place, OP_real, variable, 1);
  else if (is_real (variable) && variable->node <= run->constants)
    become_source (run, variable);
  run_may_derive_in (run, variable);
}
