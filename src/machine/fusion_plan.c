/* fusion_plan.c -- coefficients that need not be computed: one number for all elements, or another operand as it is. */
#include "machine/fusion.h"

#include <math.h>

/* The leaf beside operand k of a step of two, if it is a number. */
static const struct leaf *
number_beside (const struct fusion *fusion, const struct fused_step *step, int k)
{
  bool leaf = step->arity == 2 && step->from[1 - k].step < 0;
  return leaf && fusion->leaves[step->from[1 - k].leaf].filled ? &fusion->leaves[step->from[1 - k].leaf] : NULL;
}

/* A partial that is the same for all elements; false where it is not. */
static bool
same_for_all (const struct fusion *fusion, const struct fused_step *step, int k, double *partial)
{
  const struct leaf *other = number_beside (fusion, step, k);
  switch (op_partial_form (step->op, k))
    {
    case PARTIAL_ONE:
      *partial = 1;
      return true;
    case PARTIAL_MINUS_ONE:
      *partial = -1;
      return true;
    case PARTIAL_OTHER:
      *partial = other ? other->value->number + 0.0 : 0;
      return other;
    default:
      *partial = other ? 1 / other->value->number + 0.0 : 0;
      return step->op == OP_divide && k == 0 && other;
    }
}

/* Whether a zero among the partials in an operand is a rule, because the operand beside it does not vary, and has to be
   told from others. What spreads over the result is in a sum, which has no such rule. */
static bool
has_fixed (const struct fusion *fusion, const struct fused_step *step, int k)
{
  if (!fusion->fixes || step->arity != 2 || step->varying[1 - k])
    return false;
  if (step->from[1 - k].step >= 0)
    return true;
  const struct leaf *other = &fusion->leaves[step->from[1 - k].leaf];
  const double *elements = other->filled ? &other->value->number : other->value->array->elements;
  return op_has_fixed (step->op, k, other->filled ? 1 : other->direct ? fusion->size : 0, elements);
}

/* Whether each operand is the partial in the other one, where that is FLAT nowhere. */
static bool
is_product (enum op op)
{
  return op == OP_multiply || op == OP_through || op == OP_carry;
}

/* What comes to a leaf by one operand of a step. */
static void
reach_leaf (const struct fusion *fusion, const struct fused_step *step, int k, bool same, double slope)
{
  struct leaf *leaf = &fusion->leaves[step->from[k].leaf];
  bool product = is_product (step->op) && step->from[1 - k].step < 0 && step->same && step->slope == 1;
  const struct leaf *other = product ? &fusion->leaves[step->from[1 - k].leaf] : NULL;
  leaf->scale = leaf->reached ? leaf->scale + slope : slope;
  leaf->reached++;
  leaf->same &= same;
  leaf->lender = leaf->reached == 1 && other && other->direct && other != leaf ? other->value->array : NULL;
}

/* The slopes of the result, from the last step back to the leaves. */
static void
find_slopes (struct fusion *fusion)
{
  struct fused_step *last = &fusion->steps[fusion->step_count - 1];
  last->same = true;
  last->slope = fusion->share;
  for (struct fused_step *step = last + 1; step-- > fusion->steps;)
    for (int k = 0; k < step->arity && step->varies; k++)
      {
        double partial = 0;
        if (!step->varying[k])
          continue;
        bool fixed = has_fixed (fusion, step, k);
        bool same = same_for_all (fusion, step, k, &partial) && step->same && !fixed;
        double slope = step->slope * partial + 0.0;
        if (step->from[k].step < 0)
          reach_leaf (fusion, step, k, same, slope);
        else
          {
            fusion->steps[step->from[k].step].same = same;
            fusion->steps[step->from[k].step].slope = slope;
          }
        if (fixed && step->from[k].step < 0)
          fusion->leaves[step->from[k].leaf].lender = NULL;
      }
}

/* An operand that comes to a step times 1: as a leaf it has the step's weights as coefficients, as a step as weights.
   Of several such leaves, as of what is added up, one computes them for all. */
static void
share_weights (struct fusion *fusion, struct fused_step *step, int k)
{
  struct source_of from = step->from[k];
  bool one = op_partial_form (step->op, k) == PARTIAL_ONE;
  if (from.step >= 0 && one)
    fusion->steps[from.step].weighing = step->weighing;
  if (from.step >= 0 || !one)
    return;
  struct leaf *leaf = &fusion->leaves[from.leaf];
  if (!leaf->computed || leaf->summed || leaf->reached > 1)
    return;
  leaf->twin = step->weighing->bare;
  leaf->computed = !leaf->twin;
  if (!leaf->twin)
    step->weighing->bare = leaf;
}

static void
find_twins (struct fusion *fusion)
{
  for (int i = 0; i < fusion->step_count; i++)
    {
      fusion->steps[i].weighing = &fusion->steps[i];
      fusion->steps[i].bare = NULL;
    }
  for (struct fused_step *step = fusion->steps + fusion->step_count; step-- > fusion->steps;)
    for (int k = 0; k < step->arity && step->varies; k++)
      if (step->varying[k])
        share_weights (fusion, step, k);
}

/* Whether anything has to be folded: the operands through which slopes come to leaves that need them computed. */
static bool
mark_folds (struct fusion *fusion)
{
  for (int i = 0; i < fusion->step_count; i++)
    {
      struct fused_step *step = &fusion->steps[i];
      step->folds = false;
      for (int k = 0; k < step->arity; k++)
        {
          struct source_of from = step->from[k];
          bool needed = from.step >= 0 ? fusion->steps[from.step].folds : fusion->leaves[from.leaf].computed;
          step->folded[k] = step->varies && step->varying[k] && needed;
          step->folds |= step->folded[k];
        }
    }
  return fusion->steps[fusion->step_count - 1].folds;
}

bool
fusion_plan (struct fusion *fusion, bool careful)
{
  for (int l = 0; l < fusion->leaf_count; l++)
    {
      struct leaf *leaf = &fusion->leaves[l];
      leaf->summed = leaf->wanted && fusion->sum && leaf->filled;
      leaf->same = leaf->wanted && !leaf->summed && !careful;
      leaf->reached = 0;
      leaf->scale = 0;
      leaf->lender = NULL;
      leaf->twin = NULL;
    }
  find_slopes (fusion);
  for (int l = 0; l < fusion->leaf_count; l++)
    {
      struct leaf *leaf = &fusion->leaves[l];
      leaf->same &= isfinite (leaf->scale);
      if (leaf->same || !leaf->wanted || leaf->summed || careful || !fusion->lends)
        leaf->lender = NULL;
      leaf->computed = leaf->wanted && !leaf->same && !leaf->lender;
    }
  find_twins (fusion);
  return mark_folds (fusion);
}
