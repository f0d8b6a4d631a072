/* lane_learn.c -- a way, from one run of the program that is listened to. */
#include "rows/lane_learn.h"

#include <string.h>

#include "base/heap.h"

/* Holds what the group before has put on the tape against what was learned of it. */
static void
check_node (struct learner *learner)
{
  const struct tape *tape = learner->run->tape;
  uint32_t node = learner->awaited;
  learner->awaited = 0;
  if (!node || learner->failed)
    return;
  if (node + 1 != tape_count (tape))
    {
      learner->failed = true;
      return;
    }
  const uint32_t *ends = area_of (&tape->ends, uint32_t), *operands = area_of (&tape->operands, uint32_t);
  uint32_t first = ends[node - 1], count = ends[node] - first, start = learner->starts[node];
  learner->failed |= count != learner->link_count - start;
  for (uint32_t i = 0; i < count && !learner->failed; i++)
    learner->failed |= operands[first + i] != learner->links[start + i].node;
}

/* The column that the definition of a name is; NOTHING where it is the same for all records. */
static void
learn_definition (struct learner *learner, const struct instruction *instruction, const struct value *variable)
{
  const struct run *run = learner->run;
  const struct array *array = run->program->definitions[instruction->b].array;
  if (!area_of (&run->inputs, struct noted)[instruction->c].unbound)
    return;
  learner->failed |= array->shape.rank != 0;
  struct lane_value value = LANE_ZERO;
  for (size_t i = 0; i < learner->binding->count; i++)
    if (learner->binding->list[i].array == array)
      value.column = (uint16_t)learner->binding->list[i].slot;
  lane_set (learner, variable, value);
}

/* A branch, which other records may not take. */
static void
learn_branch (struct learner *learner, const struct value *condition)
{
  learner->failed |= condition->kind != KIND_BOOLEAN;
  lane_mark (learner, condition->number != 0 ? LANE_HOLDS : LANE_FAILS, lane_get (learner, condition), LANE_ZERO,
             LANE_ZERO, 0);
}

/* The numbers of a range are the same for all records. */
static void
learn_range (struct learner *learner, const struct value *range)
{
  for (int i = 0; i < 3; i++)
    learner->failed |= lane_get (learner, &range[i]).column != LANE_NONE;
}

/* A loop over a range goes on, and gives its variable a value, or ends. */
static void
learn_turn (struct learner *learner, const struct value *range, const struct value *variable)
{
  if (range[2].number > 0 ? range[0].number < range[1].number : range[0].number > range[1].number)
    lane_set (learner, variable, LANE_ZERO);
}

/* Whether a value is a number, or hangs on none, as what is left out of a range. */
static bool
is_simple (const struct value *value)
{
  return value_is_number (value) || value->kind == KIND_NOTHING || value->kind == KIND_FUNCTION
         || value->kind == KIND_STRING;
}

static void
hear (void *data, const struct run *run, uint32_t place, const struct value *frame)
{
  struct learner *learner = data;
  const struct instruction *instruction = area_of (&run->program->code, struct instruction) + place;
  struct value *registers = (struct value *)frame, *globals = area_of (&run->globals, struct value);
  struct value *bases[4] = { registers, NULL, globals, registers };
  struct noted *wanted = area_of (&run->wanted, struct noted);
  check_node (learner);
  if (learner->failed)
    return;
  lane_settle (learner, bases);
  switch (instruction->code)
    {
    case CODE_GROUP:
      lane_learn_group (learner, instruction, bases);
      break;
    case CODE_MOVE:
      learner->failed |= !is_simple (OPERAND (bases, instruction->b));
      lane_set (learner, OPERAND (bases, instruction->a), lane_get (learner, OPERAND (bases, instruction->b)));
      break;
    case CODE_DEFINE:
      learn_definition (learner, instruction, OPERAND (bases, instruction->a));
      break;
    case CODE_KEEP:
      learner->failed |= !value_is_number (OPERAND (bases, instruction->a));
      if (!wanted[instruction->c].set || run->program->wanted[instruction->c].line)
        lane_set (learner, &wanted[instruction->c].value, lane_get (learner, OPERAND (bases, instruction->a)));
      break;
    case CODE_RECALL:
      lane_set (learner, OPERAND (bases, instruction->a), lane_get (learner, &wanted[instruction->c].value));
      break;
    case CODE_UNLESS:
      learn_branch (learner, OPERAND (bases, instruction->b));
      break;
    case CODE_LEFT:
      learn_branch (learner, OPERAND (bases, instruction->b));
      lane_set (learner, OPERAND (bases, instruction->c), lane_get (learner, OPERAND (bases, instruction->b)));
      break;
    case CODE_ASSERT:
      lane_mark (learner, LANE_TRUE, lane_get (learner, OPERAND (bases, instruction->b)), LANE_ZERO, LANE_ZERO, 0);
      break;
    case CODE_JUMP:
      learner->turns += instruction->op != 0;
      learner->failed |= learner->turns > LANE_TURNS;
      break;
    case CODE_COUNT:
      learn_range (learner, OPERAND (bases, instruction->a));
      break;
    case CODE_COUNT_NEXT:
      learn_turn (learner, OPERAND (bases, instruction->b), OPERAND (bases, instruction->c));
      break;
    case CODE_FUNCTION:
      lane_learn_closure (learner, instruction, bases);
      break;
    case CODE_CALL:
      lane_learn_call (learner, instruction, bases);
      break;
    case CODE_RETURN:
      lane_learn_return (learner, instruction, bases);
      break;
    case CODE_UNBOUND:
    case CODE_INPUT:
    case CODE_ASSIGNED:
    case CODE_BOOLEAN:
    case CODE_STOP:
      break;
    default:
      learner->failed = true;
    }
}

/* The columns that have to be finite; the last one again where a set is not full. */
static void
list_finite (const struct learner *learner, struct lane_way *way)
{
  for (size_t i = 0; i < learner->column_count; i++)
    if (learner->is_finite[i])
      way->finite[way->finite_count++] = (uint16_t)i;
  for (; way->finite_count % FINITE_SET; way->finite_count++)
    way->finite[way->finite_count] = way->finite[way->finite_count - 1];
}

static struct lane_way *
make_way (struct learner *learner, const struct results *results)
{
  struct memory *memory = learner->run->memory;
  struct lane_way *way = heap_take_zeroed (memory, 1, sizeof *way, "a record");
  if (tape_count (learner->run->tape) > LANE_COLUMNS)
    learner->failed = true;
  /* Sources that were made behind the last group have no links. */
  while (!learner->failed && learner->node_count <= tape_count (learner->run->tape))
    learner->starts[learner->node_count++] = (uint32_t)learner->link_count;
  if (!learner->failed)
    lane_learn_results (learner, way, results);
  if (learner->failed)
    {
      lane_way_free (way);
      return NULL;
    }
  lane_keep_report (way, results, memory);
  way->step_count = learner->step_count;
  way->column_count = learner->column_count;
  way->steps = heap_take (memory, way->step_count, sizeof *way->steps, "a record");
  memcpy (way->steps, learner->steps, way->step_count * sizeof *way->steps);
  way->finite = heap_take (memory, way->column_count + FINITE_SET, sizeof *way->finite, "a record");
  list_finite (learner, way);
  lane_way_take_room (way, memory);
  for (size_t i = 0; i < way->column_count; i++)
    for (size_t lane = 0; lane < LANES && learner->is_fixed[i]; lane++)
      way->columns[i][lane] = learner->fixed[i];
  return way;
}

struct lane_way *
lane_way_learn (struct run *run_once, const struct binding *binding, const struct result_options *options)
{
  struct memory *memory = run_once->memory;
  struct diagnostics *diagnostics = run_once->diagnostics, before = *diagnostics;
  struct learner *learner = heap_take_zeroed (memory, 1, sizeof *learner, "a record");
  struct lane_way *volatile way = NULL;
  struct results results = { 0 };
  struct warnings none = { .silent = ~0u };
  FILE *out = run_once->out;
  jmp_buf stop;
  learner->run = run_once;
  learner->binding = binding;
  learner->writer = lane_writer_of (learner);
  learner->column_count = binding->numbers;
  learner->options = options;
  learner->failed = options->jacobian || options->hessian || binding->numbers >= LANE_COLUMNS / 2
                    || run_once->program->derives || run_once->program->main_registers > REGISTERS_KNOWN;
  const struct listener listener = { .instruction = hear, .data = learner };
  diagnostics->mute = true;
  diagnostics->stop = &stop;
  diagnostics->warnings = &none;
  run_once->out = NULL;
  if (!learner->failed && setjmp (stop) == 0)
    {
      run_listen (run_once, &listener);
      run_program (run_once);
      check_node (learner);
      if (!learner->failed && !run_once->tape->unbounded)
        {
          results_find (&results, run_once, options);
          way = lane_results_are_simple (&results) ? make_way (learner, &results) : NULL;
        }
    }
  run_listen (run_once, NULL);
  results_close (&results);
  run_once->out = out;
  *diagnostics = before;
  heap_give (learner);
  return way;
}
