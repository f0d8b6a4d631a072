/* edit_value.c -- what the items of an answer come to at a point. */
#include <setjmp.h>
#include <string.h>

#include "base/heap.h"
#include "diagnose/edit.h"
#include "machine/execute.h"

enum
{
  LARGEST = 10000 /* elements of an array that is edited */
};

/* Steps of the program that are no variables, and that a run comes to once, are known too. */
static void
find_steps (struct editing *editing)
{
  enum
  {
    STEPS = 100
  };
  const struct trace *trace = &editing->replay.trace;
  size_t variables = area_count (&editing->known, struct known), found = 0;
  const struct value *globals = area_of (&editing->replay.again.run.globals, struct value);
  /* Those of a second derivative are steps of rules. */
  for (uint32_t place = 0, count; place < trace_places (trace) && found < STEPS && !editing->claim->value; place++)
    {
      const uint32_t *numbers = trace_at_place (trace, place, &count);
      const struct step *step = count == 1 ? trace_at (trace, *numbers) : NULL;
      /* Claims come after everything that the target depends on. */
      bool is_known = !step || slip_formula (editing->claims, step)
                      || step->result.node > claim_target_in (editing->claim, &editing->replay.again.run)->node;
      for (size_t i = 0; i < variables && !is_known; i++)
        is_known = globals[area_of (&editing->known, struct known)[i].slot].node == step->result.node;
      if (is_known)
        continue;
      *area_add (&editing->known, struct known) = (struct known){ UINT32_MAX, UINT32_MAX, place, 0 };
      found++;
    }
}

static bool
take_values (struct editing *editing)
{
  const struct run *run = &editing->replay.again.run;
  const struct value *globals = area_of (&run->globals, struct value);
  size_t count = area_count (&editing->known, struct known);
  for (size_t i = 0; i < count; i++)
    {
      struct known *known = &area_of (&editing->known, struct known)[i];
      const struct step *step = NULL;
      if (known->name == UINT32_MAX && !(step = search_step (&editing->replay, known->place)))
        return false;
      editing->values[i] = step ? step->result : globals[known->slot];
      known->node = editing->values[i].node;
      editing->values[i].node = 0;
      if (!value_is_numeric (&editing->values[i]) || value_size (&editing->values[i]) > LARGEST)
        editing->values[i] = (struct value){ 0 };
    }
  return true;
}

bool
edit_open_point (struct editing *editing, const struct sample *sample)
{
  bool first = !editing->values;
  editing->sample = sample;
  if (!(points_are_long (editing->points) ? replay_open_values (&editing->replay, editing->points, sample->draw)
                                         : replay_open (&editing->replay, editing->points, sample->draw)))
    return false;
  if (first)
    find_steps (editing);
  size_t count = area_count (&editing->known, struct known);
  if (first)
    editing->values
      = heap_take_zeroed (editing->claims->memory, count + 1, sizeof *editing->values, "the search for causes");
  return take_values (editing);
}

void
edit_close_point (struct editing *editing)
{
  replay_close (&editing->replay);
}

/* A function with structure, or an index, over values that move in. */
static struct value
call (struct run *run, uint32_t routine, struct value *arguments, uint32_t count)
{
  struct value result = { 0 };
  struct value *bases[4] = { arguments, NULL, &result, arguments };
  routine_call (run, 0, &(struct instruction){ CODE_ROUTINE, (uint16_t)routine, GLOBAL, 0, count }, bases);
  return result;
}

static struct value
slice (struct run *run, const struct item *item, struct value *parts)
{
  struct value all[3], result = { 0 };
  struct value *bases[4] = { all, NULL, &result, all };
  memset (all, 0, sizeof all);
  for (int k = 0; k < 3; k++)
    if (item->count >> k & 1)
      all[k] = *parts++;
  statement_slice (run, 0, &(struct instruction){ CODE_SLICE, (uint16_t)item->count, GLOBAL, 0, 0 }, bases);
  return result;
}

/* The vector product, which the program has as a formula; nothing of what has other shapes. */
static struct value
cross (struct run *run, struct value operands[2])
{
  struct shape a = value_shape (&operands[0]), b = value_shape (&operands[1]);
  struct value result = { 0 };
  if (a.rank == 1 && shape_equal (&a, &b) && a.extent[0] == 3)
    {
      const double *x = value_elements (&operands[0]), *y = value_elements (&operands[1]);
      result = value_of_array (array_new (run->arrays, TYPE_REAL, &a));
      for (int i = 0, j = 1, k = 2; i < 3; j = k, k = i, i++)
        result.array->elements[i] = x[j] * y[k] - x[k] * y[j];
    }
  value_drop (run, &operands[0]);
  value_drop (run, &operands[1]);
  return result;
}

static uint32_t
operands_of (const struct item *item)
{
  switch (item->kind)
    {
    case ITEM_SLICE:
      return (uint32_t)__builtin_popcount (item->count);
    case ITEM_APPLY:
    case ITEM_INDEX:
    case ITEM_LITERAL:
    case ITEM_CHOICE:
      return item->count;
    default:
      return 0;
    }
}

static struct value
compute (struct editing *editing, const struct item *item, struct value *operands)
{
  struct run *run = &editing->replay.again.run;
  struct value value = { 0 };
  switch (item->kind)
    {
    case ITEM_NUMBER:
      return value_number (item->op ? KIND_BOOLEAN : KIND_REAL, item->number);
    case ITEM_KNOWN:
      value = editing->values[item->known];
      value_hold (&value);
      return value;
    case ITEM_APPLY:
      if (item->op == OP_cross)
        return cross (run, operands);
      return op_info[item->op].arity ? run_apply (run, 0, (enum op)item->op, operands, item->count)
                                     : call (run, item->op, operands, item->count);
    case ITEM_INDEX:
      return call (run, ROUTINE_INDEX, operands, item->count);
    case ITEM_LITERAL:
      return call (run, ROUTINE_LITERAL, operands, item->count);
    case ITEM_SLICE:
      return slice (run, item, operands);
    case ITEM_CHOICE:
      value_drop (run, &operands[value_is_number (&operands[0]) && operands[0].number != 0 ? 2 : 1]);
      return operands[value_is_number (&operands[0]) && operands[0].number != 0 ? 1 : 2];
    default:
      return value;
    }
}

/* The value of items, held by nobody else; nothing where they make no sense. */
static struct value
evaluate (struct editing *editing, const struct item *items, size_t count)
{
  struct again *again = &editing->replay.again;
  struct memory *memory = again->run.memory;
  jmp_buf *outer = memory->stop;
  volatile bool good = false;
  editing->operands.used = 0;
  struct value *operands = area_push (&editing->operands, (count + 1) * sizeof *operands);
  memory->stop = &again->stop;
  if (setjmp (again->stop) == 0)
    {
      size_t depth = 0;
      for (size_t i = 0; i < count; i++)
        {
          depth -= operands_of (&items[i]);
          struct value value = compute (editing, &items[i], operands + depth);
          size_t size = value.kind == KIND_ARRAY ? value.array->size : 1;
          editing->patience -= size + 20 < editing->patience ? size + 20 : editing->patience;
          operands[depth++] = value;
        }
      good = true;
    }
  else
    again->run.stack.used = again->run.links.used = 0;
  memory->stop = outer;
  return good ? area_of (&editing->operands, struct value)[0] : (struct value){ 0 };
}

struct array *
edit_value (struct editing *editing, const struct item *items, size_t count)
{
  struct run *run = &editing->replay.again.run;
  struct value value = evaluate (editing, items, count);
  struct array *array = value_is_numeric (&value) ? value_copy (run->arrays, &value) : NULL;
  value_drop (run, &value);
  return array;
}

bool
edit_is_right (struct editing *editing, const struct item *items, size_t count)
{
  struct array *array = edit_value (editing, items, count);
  bool right = claim_agrees_all (editing->claims, array, editing->sample->correct, editing->sample->scale);
  array_drop (editing->replay.again.run.arrays, array);
  return right;
}
