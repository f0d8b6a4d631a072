/* fusion.c -- steps of one shape that run together, block by block: values forward, then the partials folded backward,
   so that each operand that varies gets one array of coefficients and nothing in between is ever stored. */
#include "program/spread.h"

#include <math.h>
#include <stdio.h>

#include "value/layout.h"
#include "value/sum.h"

enum
{
  BLOCK = 256
};

/* What a step reads: an earlier step of the same fused run, or a value. */
struct source_of
{
  int step; /* >= 0: the result of that fused step */
  int leaf; /* else: one of the leaves */
};

/* A value from outside of a fused run. */
struct leaf
{
  const struct value *value;
  struct layout layout; /* of its elements in the result */
  bool direct;          /* it has the result's shape: blocks are read in place */
  bool filled;          /* it is one number: its block is filled once */
  bool wanted;          /* some step varies in it, so that it needs coefficients */
  struct array *coefficients;
  bool written; /* in the current block */
  double block[BLOCK];
  /* When the result is summed, the coefficients of a number are: */
  bool summed, flat; /* all so far are FLAT */
  struct sum sum;
  double folded[BLOCK]; /* in the current block */
};

struct fused_step
{
  enum op op;
  int arity;
  struct source_of from[3];
  bool varies;
  bool varying[3];
  bool decides;   /* a comparison that the choice of a side hangs on */
  size_t tie;     /* its first element with equal sides, or SIZE_MAX */
  double tied;    /* what they are there */
  double *values; /* of the current block */
  double adjoints[BLOCK];
  double buffer[BLOCK];
};

static bool
has_flat (const double *elements, size_t size)
{
  bool found = false;
  for (size_t i = 0; i < size; i++)
    found |= is_flat (elements[i]);
  return found;
}

static bool
all_flat (const double *elements, size_t size)
{
  size_t i = 0;
  while (i < size && is_flat (elements[i]))
    i++;
  return i == size;
}

/* A run of steps that are evaluated together; the last gives the result. */
struct fusion
{
  struct fused_step *steps;
  int step_count;
  struct leaf *leaves;
  int leaf_count;
  struct shape shape;
  size_t size;
  const struct kernels *kernels;
  bool blocks; /* some partial may be FLAT */
  bool finite;
  bool kink;       /* some step met one */
  struct sum *sum; /* of the results, in the place of an array of them; or NULL */
  double share;    /* of each element in the result: 1, or of n elements of a mean 1/n */
};

static const double *
block_of (struct fusion *fusion, struct source_of from, size_t first, size_t count)
{
  if (from.step >= 0)
    return fusion->steps[from.step].values;
  struct leaf *leaf = &fusion->leaves[from.leaf];
  if (leaf->direct)
    return value_elements (leaf->value) + first;
  if (!leaf->filled)
    layout_take_block (&leaf->layout, value_elements (leaf->value), first, count, leaf->block);
  return leaf->block;
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
  return leaf->summed ? leaf->folded : leaf->coefficients->elements + first;
}

/* The partials of one block, folded from the last step back to the leaves. */
static void
fold_back (struct fusion *fusion, size_t first, size_t count)
{
  double partial[BLOCK];
  for (int l = 0; l < fusion->leaf_count; l++)
    fusion->leaves[l].written = false;
  for (int i = fusion->step_count; i-- > 0;)
    {
      struct fused_step *step = &fusion->steps[i];
      bool last = i == fusion->step_count - 1;
      if (!step->varies)
        continue;
      const double *x[3] = { 0 };
      for (int k = 0; k < step->arity; k++)
        x[k] = block_of (fusion, step->from[k], first, count);
      for (int k = 0; k < step->arity; k++)
        {
          if (!step->varying[k])
            continue;
          struct source_of from = step->from[k];
          struct leaf *leaf = from.step < 0 ? &fusion->leaves[from.leaf] : NULL;
          double *target = leaf ? folded_block (leaf, first) : fusion->steps[from.step].adjoints;
          bool add = leaf && leaf->written, direct = last && !add && fusion->share == 1;
          fusion->kernels->partials[step->op][k](count, x[0], x[1], x[2], step->values,
                                                 step->varying[0] && step->varying[1], direct ? target : partial);
          if (!direct)
            fold_block (fusion, step->adjoints, partial, target, add, count);
          if (leaf)
            leaf->written = true;
        }
    }
  for (int l = 0; l < fusion->leaf_count && fusion->step_count > 1; l++)
    {
      struct leaf *leaf = &fusion->leaves[l];
      if (leaf->coefficients || leaf->summed)
        fusion->finite &= elements_are_finite (folded_block (leaf, first), count);
      if (leaf->summed)
        {
          sum_add (&leaf->sum, leaf->folded, count);
          leaf->flat = leaf->flat && all_flat (leaf->folded, count);
        }
    }
}

/* The leaf of a value, once for each value. */
static int
leaf_of (struct fusion *fusion, const struct value *value)
{
  for (int l = 0; l < fusion->leaf_count; l++)
    if (fusion->leaves[l].value == value)
      return l;
  struct leaf *leaf = &fusion->leaves[fusion->leaf_count];
  struct shape shape = value_shape (value);
  leaf->value = value;
  leaf->wanted = leaf->summed = false;
  leaf->coefficients = NULL;
  leaf->layout = layout_broadcast (&shape, &fusion->shape);
  leaf->direct = shape_equal (&shape, &fusion->shape);
  leaf->filled = shape.rank == 0;
  if (leaf->filled)
    for (int i = 0; i < BLOCK; i++)
      leaf->block[i] = value->number;
  return fusion->leaf_count++;
}

/* Lays out the steps `which` of a group for one fused run. */
static void
prepare (const struct spread *spread, struct fusion *fusion, const uint32_t *which, int count)
{
  int position[GROUP_LIMIT];
  for (int s = 0; s < count; s++)
    {
      const struct instruction *from = &spread->steps[which[s]];
      struct fused_step *step = &fusion->steps[s];
      position[which[s]] = s;
      step->op = from->op;
      step->arity = op_info[from->op].arity;
      step->varies = false;
      step->varying[0] = step->varying[1] = step->varying[2] = false;
      step->values = step->buffer;
      fusion->blocks |= op_info[from->op].traits & BLOCKS;
      for (int k = 0; k < step->arity; k++)
        {
          uint32_t operand = spread_read (from, k);
          bool inner = operand >> 30 == 1 && count > 1 && spread->fused[operand & REGISTER_MASK];
          step->from[k] = inner ? (struct source_of){ position[operand & REGISTER_MASK], -1 }
                                : (struct source_of){ -1, leaf_of (fusion, spread_operand (spread, operand)) };
          step->varying[k]
            = inner ? fusion->steps[step->from[k].step].varies : spread_operand (spread, operand)->node != 0;
          step->varies |= step->varying[k];
        }
      step->decides = spread->decides && is_comparison (step->op) && step->varies;
      step->tie = SIZE_MAX;
      step->varies &= spread->types[which[s]] == KIND_REAL;
    }
  /* What goes only into a boolean or an integer needs no partials. */
  bool reached[GROUP_LIMIT] = { false };
  reached[count - 1] = true;
  for (int i = count; i-- > 0;)
    {
      struct fused_step *step = &fusion->steps[i];
      step->varies &= reached[i];
      for (int k = 0; k < step->arity; k++)
        if (step->varies && step->varying[k] && step->from[k].step >= 0)
          reached[step->from[k].step] = true;
        else if (step->varies && step->varying[k])
          fusion->leaves[step->from[k].leaf].wanted = true;
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

static void
warn_ties (const struct spread *spread, const struct fusion *fusion, const uint32_t *which)
{
  char position[SHAPE_TEXT], element[SHAPE_TEXT + 20];
  for (int s = 0; s < fusion->step_count; s++)
    {
      const struct fused_step *step = &fusion->steps[s];
      if (step->tie == SIZE_MAX)
        continue;
      snprintf (element, sizeof element, " (element %s)", shape_position (position, &fusion->shape, step->tie));
      warn_tie (spread->run, spread_place (spread, which[s]), step->op, element, step->tied);
    }
}

static void
evaluate_blocks (struct fusion *fusion, struct array *result, bool fold)
{
  struct fused_step *last = &fusion->steps[fusion->step_count - 1];
  for (int i = 0; fold && i < BLOCK; i++)
    last->adjoints[i] = fusion->share;
  for (size_t first = 0; first < fusion->size && fusion->finite; first += BLOCK)
    {
      size_t count = fusion->size - first < BLOCK ? fusion->size - first : BLOCK;
      if (result)
        last->values = result->elements + first;
      for (int i = 0; i < fusion->step_count; i++)
        {
          struct fused_step *step = &fusion->steps[i];
          const double *x[3] = { 0 };
          for (int k = 0; k < step->arity; k++)
            x[k] = block_of (fusion, step->from[k], first, count);
          fusion->kernels->values[step->op](count, x[0], x[1], x[2], step->values);
          if (step->decides && step->tie == SIZE_MAX)
            find_tie (step, x[0], x[1], first, count);
          if (step->varies && !fusion->kink && op_info[step->op].traits & BLOCKS)
            fusion->kink = op_meets_kink (step->op, count, x[0], x[1], x[2]);
        }
      if (fusion->sum)
        sum_add (fusion->sum, last->values, count);
      if (fold)
        fold_back (fusion, first, count);
    }
}

/* The coefficient of one step that is the same for all elements; false when it is not. */
static bool
same_for_all (const struct fused_step *step, int k, const struct fusion *fusion, double *scale)
{
  const struct leaf *other = step->arity == 2 ? &fusion->leaves[step->from[1 - k].leaf] : NULL;
  switch (step->op)
    {
    case OP_add:
    case OP_plus:
    case OP_real:
      *scale = 1;
      return true;
    case OP_subtract:
      *scale = k ? -1 : 1;
      return true;
    case OP_negate:
      *scale = -1;
      return true;
    case OP_multiply:
      *scale = other->value->number + 0.0;
      return other->filled;
    case OP_divide:
      *scale = 1 / other->value->number + 0.0;
      return k == 0 && other->filled;
    default:
      return false;
    }
}

static void
link_leaf (struct tape *tape, struct leaf *leaf, const struct fusion *fusion, enum linear_kind kind, double scale,
           struct array *coefficients)
{
  struct shape shape = value_shape (leaf->value);
  struct linear linear = { .kind = kind,
                           .scale = scale,
                           .operand_size = shape_size (&shape),
                           .result_size = fusion->size,
                           .coefficients = coefficients,
                           .layout = leaf->layout };
  tape_link_linear (tape, leaf->value->node, &linear);
}

/* One step alone: where its coefficients are one number, or another operand as it is, nothing is computed or stored for
 * them. */
static bool
link_single (struct spread *spread, struct fusion *fusion, struct array *result)
{
  struct tape *tape = spread->run->tape;
  struct fused_step *step = &fusion->steps[0];
  double scale[2];
  bool borrowed[2] = { false, false };
  if (step->arity > 2 || (step->arity == 2 && step->from[0].leaf == step->from[1].leaf))
    return false;
  for (int k = 0; k < step->arity; k++)
    if (step->varying[k] && !same_for_all (step, k, fusion, &scale[k]))
      {
        const struct leaf *other = step->arity == 2 ? &fusion->leaves[step->from[1 - k].leaf] : NULL;
        if (step->op != OP_multiply || !other->direct || has_flat (other->value->array->elements, fusion->size))
          return false;
        borrowed[k] = true;
      }
  evaluate_blocks (fusion, result, false);
  tape_size (tape, fusion->size);
  for (int k = 0; k < step->arity; k++)
    if (step->varying[k])
      {
        struct leaf *leaf = &fusion->leaves[step->from[k].leaf];
        if (borrowed[k])
          link_leaf (tape, leaf, fusion, LINEAR_DIAGONAL, 0,
                     array_hold (fusion->leaves[step->from[1 - k].leaf].value->array));
        else
          link_leaf (tape, leaf, fusion, LINEAR_SCALE, scale[k], NULL);
      }
  return true;
}

/* Whether the result can be summed on the way: what varies has its shape or is a number. */
static bool
can_sum (const struct fusion *fusion)
{
  for (int l = 0; l < fusion->leaf_count; l++)
    if (fusion->leaves[l].wanted && !fusion->leaves[l].direct && !fusion->leaves[l].filled)
      return false;
  return fusion->size > 0;
}

static void
make_coefficients (struct fusion *fusion, struct arrays *arrays)
{
  for (int l = 0; l < fusion->leaf_count; l++)
    {
      struct leaf *leaf = &fusion->leaves[l];
      leaf->summed = leaf->wanted && fusion->sum && leaf->filled;
      leaf->flat = true;
      sum_begin (&leaf->sum);
      if (leaf->wanted && !leaf->summed)
        leaf->coefficients = array_new (arrays, TYPE_REAL, &fusion->shape);
    }
}

/* The links of a result that is an array. */
static void
link_array (struct tape *tape, struct fusion *fusion)
{
  tape_size (tape, fusion->size);
  for (int l = 0; l < fusion->leaf_count; l++)
    if (fusion->leaves[l].coefficients)
      link_leaf (tape, &fusion->leaves[l], fusion, LINEAR_DIAGONAL, 0, fusion->leaves[l].coefficients);
}

/* The links of its sum: arrays of coefficients, and numbers for the numbers among the operands. */
static void
link_sum (struct tape *tape, struct fusion *fusion)
{
  for (int l = 0; l < fusion->leaf_count; l++)
    if (fusion->leaves[l].coefficients)
      tape_link_linear (tape, fusion->leaves[l].value->node,
                        &(struct linear){ .kind = LINEAR_REDUCE,
                                          .scale = 1,
                                          .operand_size = fusion->size,
                                          .result_size = 1,
                                          .coefficients = fusion->leaves[l].coefficients,
                                          .layout = layout_broadcast (&(struct shape){ 0 }, &fusion->shape) });
  for (int l = 0; l < fusion->leaf_count; l++)
    if (fusion->leaves[l].summed)
      tape_link (tape, fusion->leaves[l].value->node,
                 fusion->leaves[l].flat ? FLAT : sum_total (&fusion->leaves[l].sum) + 0.0);
}

/* The sum or the mean. */
static void
finish_sum (const struct spread *spread, struct fusion *fusion, struct value *result)
{
  struct tape *tape = spread->run->tape;
  *result = value_number (KIND_REAL, sum_total (fusion->sum));
  link_sum (tape, fusion);
  if (spread->reduced & GROUP_AVERAGED)
    result->number /= (double)fusion->size;
}

bool
spread_fused (struct spread *spread, const uint32_t *which, int count, struct value *result)
{
  struct run *run = spread->run;
  uint32_t last = which[count - 1];
  struct fusion fusion
    = { .step_count = count, .kernels = kernels_find (), .shape = spread->shapes[last], .finite = true, .share = 1 };
  /* No more than this expression can need: blocks of all GROUP_LIMIT steps would be more than a megabyte to clear. */
  size_t room = (size_t)count * (sizeof (struct fused_step) + 3 * sizeof (struct leaf));
  if (run->scratch.used < room)
    area_push (&run->scratch, room - run->scratch.used);
  fusion.steps = area_of (&run->scratch, struct fused_step);
  fusion.leaves = (struct leaf *)(fusion.steps + count);
  fusion.size = shape_size (&fusion.shape);
  prepare (spread, &fusion, which, count);
  bool varies = fusion.steps[count - 1].varies;
  enum kind kind = spread->types[last];
  struct array *array = NULL;
  struct sum sum;
  sum_begin (&sum);
  if (spread->reduced && varies && kind == KIND_REAL && count > 1 && can_sum (&fusion))
    {
      fusion.sum = &sum;
      if (spread->reduced & GROUP_AVERAGED)
        fusion.share = 1 / (double)fusion.size;
    }
  else
    array = array_new (run->arrays,
                       kind == KIND_REAL      ? TYPE_REAL
                       : kind == KIND_INTEGER ? TYPE_INTEGER
                                              : TYPE_BOOLEAN,
                       &fusion.shape);
  if (!varies || count > 1 || !link_single (spread, &fusion, array))
    {
      if (varies)
        make_coefficients (&fusion, run->arrays);
      evaluate_blocks (&fusion, array, varies);
      if (!fusion.finite)
        {
          run->suspicious = true;
          for (int l = 0; l < fusion.leaf_count; l++)
            array_drop (run->arrays, fusion.leaves[l].coefficients);
          array_drop (run->arrays, array);
          *result = (struct value){ 0 };
          return false;
        }
      if (varies && array)
        link_array (run->tape, &fusion);
    }
  run->suspicious |= fusion.kink;
  if (spread->decides)
    warn_ties (spread, &fusion, which);
  if (array)
    *result = value_of_array (array);
  else
    finish_sum (spread, &fusion, result);
  if (varies)
    result->node = tape_node (run->tape);
  return true;
}
