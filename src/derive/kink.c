/* kink.c -- kinks and jumps that a recorded derivative was taken at. */
#include "derive/kink.h"

#include <stdio.h>

#include "base/warning.h"
#include "linear/linear.h"
#include "value/layout.h"

/* How many elements of an elementwise step are at a kink. */
static size_t
kinks_of (const struct step *step)
{
  enum
  {
    BLOCK = 256
  };
  struct shape shape = value_shape (&step->result);
  struct layout layouts[3];
  double room[3][BLOCK];
  const double *blocks[3] = { 0 };
  size_t size = shape_size (&shape), kinks = 0;
  for (uint32_t k = 0; k < step->count; k++)
    {
      struct shape own = value_shape (&step->operands[k]);
      layouts[k] = layout_broadcast (&own, &shape);
    }
  for (size_t first = 0; first < size; first += BLOCK)
    {
      size_t length = size - first < BLOCK ? size - first : BLOCK;
      for (uint32_t k = 0; k < step->count; k++)
        blocks[k] = layout_block (&layouts[k], value_elements (&step->operands[k]), first, length, room[k]);
      kinks += op_count_kinks ((enum op)step->op, length, blocks[0], blocks[1], blocks[2]);
    }
  return kinks;
}

size_t
kink_count (const struct run *run, const struct step *step)
{
  bool elementwise = step->op < OPS && op_info[step->op].arity && op_kink ((enum op)step->op).rule != NO_KINK;
  const struct instruction *written = area_of (&run->program->code, struct instruction) + step->place;
  /* What the rule of a function with structure is made of was not written there: the function itself has told. */
  elementwise &= written->code != CODE_ROUTINE;
  return step->kink ? 1 : elementwise ? kinks_of (step) : 0;
}

void
kink_tell (struct run *run, struct step *step)
{
  size_t kinks = step->told ? 0 : kink_count (run, step);
  if (!kinks)
    return;
  step->told = true;
  const struct instruction *written = area_of (&run->program->code, struct instruction) + step->place;
  enum op op = (enum op) (step->kink ? written->op : step->op);
  struct kink kink = op_kink (op);
  char text[KINK_TEXT];
  if (step->kink)
    {
      struct shape shape = value_shape (&step->result);
      /* Only the norm that is the largest size is linear between its kinks. */
      bool tie = op == OP_norm && step->op == STEP_LINEAR
                 && !elements_are_zero (value_elements (&step->result), shape_size (&shape));
      kink = op_kink_text (op, tie, text);
    }
  else if (kink.rule == FLAT_PIECE)
    snprintf (text, sizeof text, "'%s' jumps here, and a derivative was taken through it; 0 was used", op_written (op));
  else
    snprintf (text, sizeof text, "%s has a kink here, and a derivative was taken through it", op_written (op));
  struct warned *warned
    = warn (run->diagnostics, WARNING_KINK, op_written (op), run_span (run, step->place), "%s", text);
  if (warned)
    {
      warned->count += kinks - 1;
      warned->rule = kink_rule_names[kink.rule];
      warned->left = kink.left;
      warned->right = kink.right;
    }
}
