/* fusion_block.c -- fused steps, block by block: values forward, then the partials folded backward. */
#include <string.h>

#include "machine/fusion.h"

static bool
all_flat (const double *elements, size_t size)
{
  size_t i = 0;
  while (i < size && is_flat (elements[i]))
    i++;
  return i == size;
}

static const double *
block_of (struct fusion *fusion, struct source_of from, size_t first, size_t count)
{
  if (from.step >= 0)
    return fusion->steps[from.step].values;
  struct leaf *leaf = &fusion->leaves[from.leaf];
  if (leaf->direct)
    return value_elements (leaf->value) + first;
  return leaf->filled ? leaf->block
                      : layout_block (&leaf->layout, value_elements (leaf->value), first, count, leaf->block);
}

/* target (+)= weight * partial, with FLAT winning over everything where it may occur. */
static void
fold_block (const struct fusion *fusion, const double *weight, const double *partial, double *target, bool add,
            size_t count)
{
  if (fusion->blocks)
    for (size_t i = 0; i < count; i++)
      {
        double product = is_flat (weight[i]) || is_flat (partial[i]) ? FLAT : weight[i] * partial[i] + 0.0;
        target[i] = add ? target[i] + product : product;
      }
  else if (add)
    for (size_t i = 0; i < count; i++)
      target[i] += weight[i] * partial[i] + 0.0;
  else
    for (size_t i = 0; i < count; i++)
      target[i] = weight[i] * partial[i] + 0.0;
}

static double *
folded_block (struct leaf *leaf, size_t first)
{
  return leaf->coefficients ? leaf->coefficients->elements + first : leaf->folded;
}

/* One operand of a step that varies: the step's weights times its partials, to an earlier step or a leaf. A step is an
   operand once. */
static void
fold_operand (struct fusion *fusion, struct fused_step *step, int k, size_t first, size_t count)
{
  double partial[FUSION_BLOCK];
  struct source_of from = step->from[k];
  struct leaf *leaf = from.step < 0 ? &fusion->leaves[from.leaf] : NULL;
  const bool add = leaf && leaf->written, one = op_partial_form (step->op, k) == PARTIAL_ONE;
  if (one && !leaf)
    {
      fusion->steps[from.step].weights = step->weights;
      return;
    }
  double *target = leaf ? folded_block (leaf, first) : fusion->steps[from.step].adjoints;
  if (leaf)
    leaf->written = true;
  else
    fusion->steps[from.step].weights = target;
  if (one && !add)
    memcpy (target, step->weights, count * sizeof *target);
  else if (step->op == OP_multiply && !fusion->blocks)
    fold_block (fusion, step->weights, step->x[1 - k], target, add, count);
  else
    {
      const bool direct = step == &fusion->steps[fusion->step_count - 1] && !add && fusion->share == 1;
      fusion->kernels->partials[step->op][k](count, step->x[0], step->x[1], step->x[2], step->values,
                                             step->varying[0] && step->varying[1], direct ? target : partial);
      if (fusion->fixes && step->arity == 2 && !step->varying[1 - k])
        op_fix_zeros (step->op, k, count, step->x[1 - k], 1, direct ? target : partial);
      if (!direct)
        fold_block (fusion, step->weights, partial, target, add, count);
    }
}

/* The partials of one block, folded from the last step back to the leaves. */
static void
fold_back (struct fusion *fusion, size_t first, size_t count)
{
  for (int l = 0; l < fusion->leaf_count; l++)
    fusion->leaves[l].written = false;
  for (int i = fusion->step_count; i-- > 0;)
    {
      struct fused_step *step = &fusion->steps[i];
      for (int k = 0; k < step->arity && step->folds; k++)
        if (step->folded[k])
          fold_operand (fusion, step, k, first, count);
    }
  for (int l = 0; l < fusion->leaf_count && fusion->checks; l++)
    {
      struct leaf *leaf = &fusion->leaves[l];
      if (leaf->computed)
        fusion->finite &= elements_are_finite (folded_block (leaf, first), count);
      if (leaf->summed)
        {
          sum_add (&leaf->sum, leaf->folded, count);
          leaf->flat = leaf->flat && all_flat (leaf->folded, count);
        }
    }
}

static void
find_tie (struct fused_step *step, const double *left, const double *right, size_t first, size_t count)
{
  size_t i = 0;
  while (i < count && left[i] != right[i])
    i++;
  if (i == count)
    return;
  step->tie = first + i;
  step->tied = left[i];
}

/* Whether what operands lend for a block can be coefficients. It is asked here because the steps read it too. */
static bool
lent_is_plain (const struct fusion *fusion, size_t first, size_t count)
{
  for (int l = 0; l < fusion->leaf_count; l++)
    if (fusion->leaves[l].lender && !elements_are_plain (fusion->leaves[l].lender->elements + first, count))
      return false;
  return true;
}

bool
fusion_evaluate (struct fusion *fusion, struct array *result, bool fold)
{
  struct fused_step *last = &fusion->steps[fusion->step_count - 1];
  for (size_t i = 0; fold && i < FUSION_BLOCK && i < fusion->size; i++)
    last->adjoints[i] = fusion->share;
  last->weights = last->adjoints;
  for (size_t first = 0; first < fusion->size && fusion->finite; first += FUSION_BLOCK)
    {
      size_t count = fusion->size - first < FUSION_BLOCK ? fusion->size - first : FUSION_BLOCK;
      if (!lent_is_plain (fusion, first, count))
        return false;
      if (result)
        last->values = result->elements + first;
      for (int i = 0; i < fusion->step_count; i++)
        {
          struct fused_step *step = &fusion->steps[i];
          const double **x = step->x;
          for (int k = 0; k < step->arity; k++)
            x[k] = block_of (fusion, step->from[k], first, count);
          fusion->kernels->values[step->op](count, x[0], x[1], x[2], step->values);
          if (step->decides && step->tie == SIZE_MAX)
            find_tie (step, x[0], x[1], first, count);
          if (fusion->blocks && step->varies && !fusion->kink && op_info[step->op].traits & BLOCKS)
            fusion->kink = op_count_kinks (step->op, count, x[0], x[1], x[2]) > 0;
        }
      if (fusion->sum)
        sum_add (fusion->sum, last->values, count);
      if (fold)
        fold_back (fusion, first, count);
    }
  return true;
}
