/* overflow.c -- where every value and slope is finite and a derivative is not: a number that grew too large in the
 * sweep.
 */
#include "explain/overflow.h"

#include <math.h>

#include "explain/finding.h"
#include "machine/again.h"
#include "tape/reverse.h"

/* The first link of a node through which its adjoint overflows. */
static bool
overflows (struct overflow *overflow, const struct reverse *reverse, uint32_t node)
{
  const uint32_t *ends = area_of (&reverse->tape->ends, uint32_t);
  const uint32_t *operands = area_of (&reverse->tape->operands, uint32_t);
  const double *weights = area_of (&reverse->tape->weights, double);
  size_t size;
  if (tape_is_array (reverse->tape, node, &size))
    return false;
  double adjoint = area_of (&reverse->adjoints, union adjoint)[node].number;
  for (uint32_t link = ends[node - 1]; link < ends[node] && isfinite (adjoint); link++)
    if (!(operands[link] & LINK_SIZE) && isfinite (weights[link]) && !isfinite (adjoint * weights[link]))
      {
        *overflow = (struct overflow){ node, adjoint, weights[link] };
        return true;
      }
  return false;
}

void
overflow_find (struct overflow *overflow, const struct run *run, const struct trouble *trouble)
{
  for (size_t t = 0; t < trouble->target_count && !overflow->node; t++)
    {
      const struct value *value = area_of (&run->globals, struct value) + trouble->targets[t];
      struct reverse reverse;
      if (!value->node)
        continue;
      reverse_from (&reverse, run->tape, value->node, NULL, 0);
      for (uint32_t node = value->node; node > 0 && !overflows (overflow, &reverse, node);)
        node--;
      reverse_close (&reverse);
    }
}

/* The step that made a node. */
struct maker
{
  uint32_t node, place, op;
};

static void
hear (void *data, const struct run *run, const struct heard *heard)
{
  struct maker *maker = data;
  (void)run;
  if (heard->result->node == maker->node && heard->op < OPS)
    *maker = (struct maker){ maker->node, heard->place, heard->op };
}

void
overflow_tell (const struct overflow *overflow, const struct trouble *trouble)
{
  const struct run *before = trouble->run;
  struct memory *memory = before->memory;
  struct again again;
  struct maker maker = { .node = overflow->node, .op = OPS };
  const struct listener listener = { .step = hear, .data = &maker };
  jmp_buf *outer = memory->stop;
  again_open (&again, before->program, before->diagnostics, &before->files);
  run_listen (&again.run, &listener);
  memory->stop = &again.stop;
  if (setjmp (again.stop) == 0)
    run (&again.run);
  memory->stop = outer;
  again_close (&again);
  if (maker.op < OPS)
    finding_warn (
      trouble,
      &(struct finding){ .fault = FAULT_ADJOINT, .op = maker.op, .operand = { overflow->adjoint, overflow->slope } },
      run_span (before, maker.place));
}
