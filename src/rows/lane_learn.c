/* lane_learn.c -- a way, from one run of the program that is listened to. */
#include "rows/lane_learn.h"

#include <math.h>
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
  switch (instruction->code)
    {
    case CODE_GROUP:
      lane_learn_group (learner, instruction, bases);
      break;
    case CODE_MOVE:
      learner->failed |= !value_is_number (OPERAND (bases, instruction->b));
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
      learner->failed |= instruction->op != 0;
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

/* The adjoints of all nodes for one target, as the sweep adds them up. */
static void
learn_sweep (struct learner *learner, uint32_t target, struct lane_value *adjoints, bool *came)
{
  memset (came, 0, tape_count (learner->run->tape) * sizeof *came);
  adjoints[target] = LANE_ONE;
  came[target] = true;
  for (uint32_t node = target; node > 0; node--)
    {
      for (uint32_t link = learner->starts[node]; came[node] && link < learner->starts[node + 1]; link++)
        {
          uint32_t from = learner->links[link].node;
          struct lane_value product
            = lane_combine (learner, LANE_MULTIPLY, adjoints[node], learner->links[link].weight);
          adjoints[from] = came[from] ? lane_combine (learner, LANE_ADD, adjoints[from], product) : product;
          came[from] = true;
        }
    }
}

static void
add_result (struct learner *learner, struct lane_way *way, struct lane_value value, bool is_value)
{
  lane_mark (learner, LANE_FINITE, value, LANE_ZERO, LANE_ZERO, 0);
  learner->failed |= value.column == LANE_NONE && !isfinite (value.number);
  way->is_value[way->result_count] = is_value;
  way->results[way->result_count++] = lane_column_of (learner, value);
}

/* What is reported: values of targets, and adjoints of sources. */
static void
learn_results (struct learner *learner, struct lane_way *way, const struct results *results)
{
  struct memory *memory = learner->run->memory;
  const struct report *report = &results->report;
  size_t targets = report->target_count, sources = report->gradients ? report->source_count : 0;
  size_t nodes = tape_count (learner->run->tape);
  struct lane_value *adjoints = heap_take_zeroed (memory, nodes, sizeof *adjoints, "a record");
  bool *came = heap_take_zeroed (memory, nodes, sizeof *came, "a record");
  const struct value *globals = area_of (&learner->run->globals, struct value);
  way->results = heap_take (memory, targets * (sources + 1), sizeof *way->results, "a record");
  way->is_value = heap_take (memory, targets * (sources + 1), sizeof *way->is_value, "a record");
  for (size_t t = 0; t < targets; t++)
    {
      uint32_t node = results->targets[t].value.node;
      add_result (learner, way, lane_get (learner, &globals[results->targets[t].slot]), true);
      if (node && sources)
        learn_sweep (learner, node, adjoints, came);
      for (size_t s = 0; s < sources; s++)
        {
          uint32_t of = results->sources[s].value.node;
          bool there = results->gradients[t * sources + s].elements;
          learner->failed |= there && !(of && node && came[of]);
          add_result (learner, way, there && !learner->failed ? adjoints[of] : LANE_ZERO, false);
        }
    }
  heap_give (adjoints);
  heap_give (came);
}

/* The report of a lane: as that of the run, but for its numbers. */
static void
keep_report (struct lane_way *way, const struct results *results, struct memory *memory)
{
  const struct report *report = &results->report;
  size_t targets = report->target_count, sources = report->source_count, used = 0;
  const char *what = "a record";
  struct quantity *target = heap_take (memory, targets, sizeof *target, what);
  struct quantity *source = heap_take (memory, sources, sizeof *source, what);
  struct gradient *gradients = heap_take_zeroed (memory, targets * sources, sizeof *gradients, what);
  way->numbers = heap_take_zeroed (memory, way->result_count, sizeof *way->numbers, what);
  way->report = *report;
  way->is_whole = way->is_plain = true;
  for (size_t s = 0; s < sources; s++)
    {
      source[s] = report->sources[s];
      source[s].elements = way->numbers;
    }
  for (size_t t = 0; t < targets; t++)
    {
      target[t] = report->targets[t];
      target[t].elements = &way->numbers[used++];
      way->is_plain &= target[t].type == TYPE_REAL;
      for (size_t s = 0; report->gradients && s < sources; s++)
        {
          gradients[t * sources + s] = results->gradients[t * sources + s];
          way->is_whole &= gradients[t * sources + s].elements != NULL;
          if (gradients[t * sources + s].elements)
            gradients[t * sources + s].elements = &way->numbers[used];
          used++;
        }
    }
  way->report.targets = target;
  way->report.sources = source;
  way->report.gradients = report->gradients ? gradients : NULL;
  way->is_plain &= way->is_whole;
  if (!report->gradients)
    heap_give (gradients);
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
    learn_results (learner, way, results);
  if (learner->failed)
    {
      lane_way_free (way);
      return NULL;
    }
  keep_report (way, results, memory);
  way->step_count = learner->step_count;
  way->column_count = learner->column_count;
  way->steps = heap_take (memory, way->step_count, sizeof *way->steps, "a record");
  memcpy (way->steps, learner->steps, way->step_count * sizeof *way->steps);
  way->room = heap_take_zeroed (memory, way->column_count * LANES, sizeof (double), "a record");
  for (size_t i = 0; i < way->column_count; i++)
    for (size_t lane = 0; lane < LANES && learner->is_fixed[i]; lane++)
      way->room[i * LANES + lane] = learner->fixed[i];
  return way;
}

/* Whether results are numbers alone, each with a gradient of its own. */
static bool
is_simple (const struct results *results)
{
  const struct report *report = &results->report;
  bool simple = true;
  for (size_t t = 0; t < report->target_count; t++)
    simple &= report->targets[t].shape.rank == 0 && value_is_number (&results->targets[t].value);
  for (size_t s = 0; s < report->source_count; s++)
    simple &= value_is_number (&results->sources[s].value);
  return simple;
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
  learner->column_count = binding->numbers;
  learner->failed = options->along_count || options->jacobian || options->hessian || options->sum
                    || options->upstream_count || binding->numbers >= LANE_COLUMNS / 2 || run_once->program->derives
                    || run_once->program->main_registers > REGISTERS_KNOWN;
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
          way = is_simple (&results) ? make_way (learner, &results) : NULL;
        }
    }
  run_listen (run_once, NULL);
  results_close (&results);
  run_once->out = out;
  *diagnostics = before;
  heap_give (learner);
  return way;
}
