/* fusion.c -- steps of one shape that run together: what they read, and the links of what they come to. Each operand
   that varies gets one array of coefficients, and nothing in between is ever stored. */
#include "machine/fusion.h"

#include <stdio.h>

#include "machine/small.h"

/* The leaf of a value, once for each value. */
static int
leaf_of (struct fusion *fusion, const struct value *value)
{
  for (int l = 0; l < fusion->leaf_count; l++)
    if (fusion->leaves[l].value == value)
      return l;
  struct leaf *leaf = &fusion->leaves[fusion->leaf_count];
  leaf->value = value;
  leaf->wanted = leaf->computed = leaf->summed = leaf->same = false;
  leaf->lender = leaf->coefficients = NULL;
  leaf->twin = NULL;
  leaf->filled = value->kind != KIND_ARRAY;
  leaf->direct = !leaf->filled && shape_equal (&value->array->shape, fusion->shape);
  if (!leaf->direct && !leaf->filled)
    leaf->layout = layout_broadcast (&value->array->shape, fusion->shape);
  if (leaf->filled)
    for (size_t i = 0; i < FUSION_BLOCK && i < fusion->size; i++)
      leaf->block[i] = value->number;
  return fusion->leaf_count++;
}

/* Marks what varies on the way to the result: a step that goes only into a boolean or an integer needs no partials. */
static void
mark_wanted (struct fusion *fusion)
{
  fusion->steps[fusion->step_count - 1].folds = true;
  for (struct fused_step *step = fusion->steps + fusion->step_count; step-- > fusion->steps;)
    {
      step->varies &= step->folds;
      step->folds = step->varies;
      for (int k = 0; k < step->arity; k++)
        {
          const struct source_of from = step->from[k];
          step->folded[k] = step->varies && step->varying[k];
          if (step->folded[k] && from.step >= 0)
            fusion->steps[from.step].folds = true;
          else if (step->folded[k] && !fusion->leaves[from.leaf].wanted)
            {
              fusion->leaves[from.leaf].wanted = fusion->leaves[from.leaf].computed = true;
              fusion->reached[fusion->reached_count++] = &fusion->leaves[from.leaf];
            }
        }
    }
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
      step->varies = step->folds = false;
      step->varying[0] = step->varying[1] = step->varying[2] = false;
      step->x[0] = step->x[1] = step->x[2] = NULL;
      step->values = step->buffer;
      fusion->blocks |= op_info[from->op].traits & BLOCKS;
      for (int k = 0; k < step->arity; k++)
        {
          uint32_t operand = spread_read (from, k);
          bool inner = operand >> 30 == 1 && count > 1 && spread->fused[operand & REGISTER_MASK];
          const struct value *value = inner ? NULL : spread_operand (spread, operand);
          step->from[k] = inner ? (struct source_of){ position[operand & REGISTER_MASK], -1 }
                                : (struct source_of){ -1, leaf_of (fusion, value) };
          step->varying[k] = inner ? fusion->steps[step->from[k].step].varies : value->node != 0;
          step->varies |= step->varying[k];
        }
      step->decides = spread->decides && is_comparison (step->op) && step->varies;
      step->tie = SIZE_MAX;
      step->varies &= spread->types[which[s]] == KIND_REAL;
    }
  mark_wanted (fusion);
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
      snprintf (element, sizeof element, " (element %s)", shape_position (position, fusion->shape, step->tie));
      warn_tie (spread->run, spread_place (spread, which[s]), step->op, element, step->tied);
    }
}

/* The link of the result, or of its sum, to one leaf. */
static void
link_leaf (struct tape *tape, const struct fusion *fusion, struct leaf *leaf)
{
  bool sum = fusion->sum;
  struct array *lent = leaf->twin ? leaf->twin->coefficients : leaf->lender;
  struct shape shape = value_shape (leaf->value);
  struct linear linear = { .kind = sum ? LINEAR_REDUCE : leaf->same ? LINEAR_SCALE : LINEAR_DIAGONAL,
                           .finite = fusion->checks || leaf->same || leaf->lender,
                           .scale = leaf->same ? leaf->scale : sum ? 1 : 0,
                           .operand_size = shape_size (&shape),
                           .result_size = sum ? 1 : fusion->size,
                           .coefficients = lent ? array_hold (lent) : leaf->coefficients,
                           .layout = layout_broadcast (sum ? &(struct shape){ 0 } : &shape, fusion->shape) };
  tape_link_linear (tape, leaf->value->node, &linear);
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
      leaf->flat = true;
      sum_begin (&leaf->sum);
      if (leaf->computed && !leaf->summed)
        leaf->coefficients = array_new (arrays, TYPE_REAL, fusion->shape);
    }
}

/* The links through arrays of coefficients or one number for all elements; then those of a sum to numbers among the
   operands. */
static void
link_leaves (struct tape *tape, struct fusion *fusion)
{
  if (!fusion->sum)
    tape_size (tape, fusion->size);
  for (int l = 0; l < fusion->leaf_count; l++)
    if (fusion->leaves[l].wanted && !fusion->leaves[l].summed)
      link_leaf (tape, fusion, &fusion->leaves[l]);
  for (int l = 0; l < fusion->leaf_count; l++)
    if (fusion->leaves[l].summed)
      tape_link_partial (tape, fusion->leaves[l].value->node,
                         fusion->leaves[l].flat ? FLAT : sum_total (&fusion->leaves[l].sum) + 0.0);
}

/* Links as small.h has them: a node for each element, the first one last. */
static void
link_elements (struct run *run, const struct fusion *fusion, struct array *array)
{
  struct tape *tape = run->tape;
  uint32_t *nodes = array_nodes (array);
  bool closed = true;
  for (int l = 0; l < fusion->reached_count; l++)
    {
      struct leaf *leaf = fusion->reached[l];
      const struct value *value = leaf->value;
      struct array *own = value->kind == KIND_ARRAY ? value->array : NULL;
      closed = closed && (!own || small_is_closed (own, value->node));
      leaf->nodes = small_nodes (run, own, value->node, leaf->room);
      if (!own)
        for (size_t i = 1; i < fusion->size; i++)
          leaf->room[i] = leaf->room[0];
    }
  for (size_t i = fusion->size; i-- > 0;)
    {
      bool any = false;
      for (int l = 0; l < fusion->reached_count; l++)
        {
          const struct leaf *leaf = fusion->reached[l];
          if (leaf->nodes[i])
            tape_link (tape, leaf->nodes[i], leaf->folded[i]);
          any |= leaf->nodes[i] != 0;
        }
      nodes[i] = any ? tape_node (tape) : 0;
    }
  array->closed = closed ? (uint16_t)small_all (fusion->size) : 0;
}

/* The sum or the mean. */
static void
finish_sum (const struct spread *spread, struct fusion *fusion, struct value *result)
{
  struct tape *tape = spread->run->tape;
  *result = value_number (KIND_REAL, sum_total (fusion->sum));
  link_leaves (tape, fusion);
  if (spread->reduced & GROUP_AVERAGED)
    result->number /= (double)fusion->size;
}

static void
drop_coefficients (struct fusion *fusion, struct arrays *arrays)
{
  for (int l = 0; l < fusion->leaf_count; l++)
    {
      array_drop (arrays, fusion->leaves[l].coefficients);
      fusion->leaves[l].coefficients = NULL;
    }
}

/* Values and coefficients; once more where an operand could not lend its elements. */
static void
compute (const struct spread *spread, struct fusion *fusion, struct array *array)
{
  struct run *run = spread->run;
  const bool varies = fusion->steps[fusion->step_count - 1].varies;
  bool done = false;
  for (fusion->lends = true; !done; fusion->lends = false)
    {
      bool folds = varies && (spread->small || fusion_plan (fusion, run->tape->careful));
      drop_coefficients (fusion, run->arrays);
      if (folds && !spread->small)
        make_coefficients (fusion, run->arrays);
      if (fusion->sum)
        sum_begin (fusion->sum);
      done = fusion_evaluate (fusion, array, folds);
    }
}

bool
spread_fused (struct spread *spread, const uint32_t *which, int count, struct value *result)
{
  struct run *run = spread->run;
  uint32_t last = which[count - 1];
  struct fusion fusion
    = { .step_count = count, .kernels = kernels_find (), .shape = spread->shapes[last], .finite = true, .share = 1 };
  /* No more than this expression can need: blocks of all GROUP_LIMIT steps would be more than a megabyte to clear. */
  size_t room = (size_t)count * (sizeof (struct fused_step) + 3 * (sizeof (struct leaf) + sizeof (struct leaf *)));
  if (run->scratch.used < room)
    area_push (&run->scratch, room - run->scratch.used);
  fusion.steps = area_of (&run->scratch, struct fused_step);
  fusion.leaves = (struct leaf *)(fusion.steps + count);
  fusion.reached = (struct leaf **)(fusion.leaves + 3 * count);
  fusion.checks = count > 1 || spread->small;
  fusion.size = shape_size (fusion.shape);
  fusion.blocks = fusion.fixes = run->apart || run->tape->careful;
  prepare (spread, &fusion, which, count);
  bool varies = fusion.steps[count - 1].varies;
  enum kind kind = spread->types[last];
  struct array *array = NULL;
  struct sum sum;
  if (spread->reduced && !spread->small && varies && kind == KIND_REAL && count > 1 && can_sum (&fusion))
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
                       fusion.shape);
  compute (spread, &fusion, array);
  if (!fusion.finite)
    {
      drop_coefficients (&fusion, run->arrays);
      array_drop (run->arrays, array);
      run->suspicious = true;
      *result = (struct value){ 0 };
      return false;
    }
  if (varies && spread->small)
    link_elements (run, &fusion, array);
  else if (varies && array)
    link_leaves (run->tape, &fusion);
  run->suspicious |= fusion.kink;
  if (spread->decides)
    warn_ties (spread, &fusion, which);
  if (array)
    *result = value_of_array (array);
  else
    finish_sum (spread, &fusion, result);
  if (varies)
    result->node = spread->small ? NODE_ELEMENTS : tape_node (run->tape);
  return true;
}
