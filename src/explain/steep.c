/* steep.c -- where a derivative of a derivative is the first that is not finite.

   The rules of a recorded sweep are steps like others, at the place of the function that they belong to. */
#include "explain/steep.h"

#include <math.h>

#include "base/warning.h"
#include "derive/gradient.h"
#include "machine/again.h"
#include "tape/careful.h"
#include "tape/reverse.h"

/* The step that made a node, or NULL. */
static const struct step *
step_of (const struct run *run, uint32_t node)
{
  const struct step *step = run->trace ? trace_find (run->trace, node) : NULL;
  return step && step->op != STEP_NONE ? step : NULL;
}

/* Takes the function written at the place of a step, if it is one. */
static void
take (struct steep *steep, const struct run *run, const struct step *step, bool second)
{
  const struct instruction *written = area_of (&run->program->code, struct instruction) + step->place;
  bool calls = (written->code == CODE_STEP || written->code == CODE_ROUTINE) && written->op < OPS
               && (op_info[written->op].arity || op_info[written->op].routine);
  *steep = (struct steep){ true, second, step->place, calls ? written->op : OPS };
}

/* The operand of a node that is not finite, or 0. */
static uint32_t
operand_of (const struct run *run, uint32_t node)
{
  const struct tape *tape = run->tape;
  const uint32_t *ends = area_of (&tape->ends, uint32_t), *operands = area_of (&tape->operands, uint32_t);
  for (uint32_t link = ends[node - 1]; link < ends[node]; link++)
    {
      uint32_t from = operands[link] & ~(uint32_t)LINK_SIZE;
      const struct step *step = from ? step_of (run, from) : NULL;
      if (step && !elements_of_are_finite (&step->result))
        return from;
    }
  return 0;
}

void
steep_find (struct steep *steep, const struct run *run, const struct trouble *trouble)
{
  for (size_t t = 0; t < trouble->target_count && !steep->found; t++)
    {
      const struct value *target = area_of (&run->globals, struct value) + trouble->targets[t];
      uint32_t node = target->node;
      if (!node || elements_of_are_finite (target))
        continue;
      for (uint32_t from = node; from; from = operand_of (run, from))
        node = from;
      if (step_of (run, node))
        take (steep, run, step_of (run, node), true);
      /* No step holds what a coefficient made of a zero: the trouble is then the first coefficient that is not
         finite. */
      if (steep->op == OPS && run->tape->unbounded && step_of (run, run->tape->unbounded))
        take (steep, run, step_of (run, run->tape->unbounded), true);
    }
}

void
steep_warn (const struct steep *steep, const struct trouble *trouble, const char *after)
{
  struct diagnostics *diagnostics = trouble->run->diagnostics;
  struct span span = run_span (trouble->run, steep->place);
  const char *sign = steep->op < OPS && *op_info[steep->op].sign ? "'" : "";
  if (steep->op == OPS)
    warn (diagnostics, WARNING_DOMAIN, "", span, "a derivative is not finite here%s%s", *after ? "; " : "", after);
  else
    warn (diagnostics, WARNING_DOMAIN, op_written (steep->op), span, "%s%s%s%s has no finite derivative here%s%s",
          steep->second ? "the slope of " : "", sign, op_written (steep->op), sign, *after ? "; " : "", after);
}

/* The sources of a run: what was asked for, or its inputs. */
static size_t
sources_of (const struct run *run, struct value *sources, size_t most)
{
  const struct noted *noted = area_of (run->program->wanted_count ? &run->wanted : &run->inputs, struct noted);
  size_t count = area_count (run->program->wanted_count ? &run->wanted : &run->inputs, struct noted), used = 0;
  for (size_t i = 0; i < count && used < most; i++)
    if (noted[i].set && noted[i].value.node)
      sources[used++] = noted[i].value;
  return used;
}

static bool
adjoint_is_finite (const struct reverse *reverse, uint32_t node, double *room)
{
  size_t size = 1;
  tape_is_array (reverse->tape, node, &size);
  reverse_read (reverse, node, size, room);
  return elements_are_finite (room, size);
}

/* Whether what comes to one node from another is not finite, though the adjoint there is. */
static bool
breaks (struct run *run, const struct reverse *reverse, uint32_t node, uint32_t operand)
{
  size_t size = 1, own = 1;
  tape_is_array (run->tape, node, &own);
  tape_is_array (run->tape, operand, &size);
  struct array *room = array_vector (run->arrays, own + size);
  double *adjoint = room->elements, *sum = adjoint + own;
  for (size_t i = 0; i < own; i++)
    adjoint[i] = reverse_came (reverse, node, i) ? 0 : FLAT;
  struct array *read = array_vector (run->arrays, own);
  bool finite = adjoint_is_finite (reverse, node, read->elements);
  for (size_t i = 0; i < own; i++)
    adjoint[i] = read->elements[i] == 0 ? adjoint[i] : read->elements[i];
  for (size_t i = 0; i < size; i++)
    sum[i] = FLAT;
  careful_pass (run->tape, node, operand, adjoint, sum);
  bool broken = finite && !elements_are_finite (sum, size);
  array_drop (run->arrays, read);
  array_drop (run->arrays, room);
  return broken;
}

/* The highest node whose adjoint is not finite, and the one above it that made it so. */
static void
search (struct steep *steep, struct run *run, const struct reverse *reverse, uint32_t top, uint32_t target)
{
  for (uint32_t node = top; node > 0; node--)
    {
      size_t size = 1;
      tape_is_array (run->tape, node, &size);
      struct array *room = array_vector (run->arrays, size);
      bool finite = adjoint_is_finite (reverse, node, room->elements);
      array_drop (run->arrays, room);
      if (finite)
        continue;
      uint32_t maker = top;
      while (maker > node && !breaks (run, reverse, maker, node))
        maker--;
      if (step_of (run, maker))
        take (steep, run, step_of (run, maker), maker > target);
      return;
    }
}

/* Sweeps from all finite elements of recorded gradients at once. */
static void
sweep (struct steep *steep, struct run *run, const struct value *gradients, size_t count, uint32_t target)
{
  uint32_t nodes = tape_count (run->tape), top = 0;
  struct array *room = array_vector (run->arrays, nodes);
  uint32_t *keep = (uint32_t *)room->elements;
  struct reverse reverse;
  for (uint32_t i = 0; i + 1 < nodes; i++)
    keep[i] = i + 1;
  reverse_open (&reverse, run->tape, keep, nodes - 1);
  for (size_t s = 0; s < count; s++)
    if (gradients[s].kind != KIND_NOTHING && gradients[s].node)
      {
        size_t size = value_size (&gradients[s]);
        const double *elements = value_elements (&gradients[s]);
        struct array *seeds = array_vector (run->arrays, size);
        for (size_t i = 0; i < size; i++)
          seeds->elements[i] = isfinite (elements[i]);
        reverse_seed (&reverse, gradients[s].node, seeds->elements, 1);
        array_drop (run->arrays, seeds);
        top = gradients[s].node > top ? gradients[s].node : top;
      }
  reverse_run (&reverse);
  search (steep, run, &reverse, top, target);
  reverse_close (&reverse);
  array_drop (run->arrays, room);
}

static void
explain (struct steep *steep, struct run *run, const struct trouble *trouble)
{
  enum
  {
    SOURCES = 1000
  };
  struct array *room = array_vector (run->arrays, 2 * SOURCES * sizeof (struct value) / sizeof (double));
  struct value *sources = (struct value *)room->elements, *gradients = sources + SOURCES;
  size_t count = sources_of (run, sources, SOURCES);
  for (size_t t = 0; t < trouble->target_count && !steep->found; t++)
    {
      const struct value target = area_of (&run->globals, struct value)[trouble->targets[t]];
      if (!target.node)
        continue;
      gradient_record (run, &target, NULL, (uint32_t)count, sources, gradients);
      sweep (steep, run, gradients, count, target.node);
      for (size_t s = 0; s < count; s++)
        value_drop (run, &gradients[s]);
    }
  array_drop (run->arrays, room);
}

void
steep_explain (const struct trouble *trouble, const char *after)
{
  const struct run *before = trouble->run;
  struct memory *memory = before->memory;
  struct again again;
  struct steep steep = { .op = OPS };
  jmp_buf *outer = memory->stop;
  again_open (&again, before->program, before->diagnostics, &before->files);
  memory->stop = &again.stop;
  if (setjmp (again.stop) == 0)
    {
      run (&again.run);
      explain (&steep, &again.run, trouble);
    }
  memory->stop = outer;
  again_close (&again);
  if (steep.found)
    steep_warn (&steep, trouble, after);
}
