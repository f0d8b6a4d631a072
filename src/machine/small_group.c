/* small_group.c -- an expression of elementwise operators on numbers and small arrays of one shape: as fusion.c has it,
   without blocks and layouts, and each element linked by plain numbers. */
#include "machine/small.h"
#include "ops/elementwise.h"

enum
{
  LEAVES = 16 /* values that vary, at most */
};

/* A step on arrays; or on numbers alone, which is a node of its own. */
struct small_step
{
  const double *x[3]; /* the operands' elements */
  bool is_array, whole, varies;
  bool weighed; /* an adjoint came to it */
  struct value number;
  double values[ARRAY_SMALL], weights[ARRAY_SMALL];
};

/* A value that varies, and what a change of it does to the result. */
struct small_leaf
{
  const struct value *value;
  const uint32_t *nodes;
  uint32_t room[ARRAY_SMALL];
  double coefficients[ARRAY_SMALL];
};

struct small_expression
{
  struct run *run;
  const struct instruction *steps;
  struct value *const *bases;
  uint32_t count;
  const struct array *like; /* one of the arrays: all have its shape */
  size_t size;
  bool blocks; /* some partial may be FLAT */
  uint32_t leaf_count, filled_count;
  struct small_leaf leaves[LEAVES];
  double filled[2 * GROUP_LIMIT][ARRAY_SMALL]; /* numbers that meet arrays */
  struct small_step results[GROUP_LIMIT];
};

static inline uint32_t
operand_of (const struct instruction *step, int k)
{
  return k == 0 ? step->a : k == 1 ? step->b : step->c;
}

static inline bool
is_inner (uint32_t operand)
{
  return operand >> 30 == 1;
}

/* Whether an operand is a number, or an array like the others. */
static bool
fits (struct small_expression *all, const struct value *value)
{
  if (value->kind == KIND_REAL || value->kind == KIND_INTEGER)
    return true;
  if (value->kind != KIND_ARRAY || value->array->type == TYPE_BOOLEAN || value->array->size > ARRAY_SMALL
      || value->array->size == 0)
    return false;
  if (!all->like)
    all->like = value->array;
  return shape_equal (&all->like->shape, &value->array->shape);
}

/* Which steps are on arrays, and whether all is as it has to be: the result a real array. */
static bool
look_over (struct small_expression *all)
{
  for (uint32_t i = 0; i < all->count; i++)
    {
      const struct instruction *step = &all->steps[i];
      const struct op_info *info = &op_info[step->op];
      struct small_step *result = &all->results[i];
      result->is_array = false;
      result->whole = info->traits & WHOLE;
      if (info->traits & (TRUTH | INTEGER) || step->op == OP_where)
        return false;
      all->blocks |= info->traits & BLOCKS;
      for (int k = 0; k < info->arity; k++)
        {
          uint32_t operand = operand_of (step, k);
          const struct small_step *inner = &all->results[operand & REGISTER_MASK];
          const struct value *value = OPERAND (all->bases, operand);
          if (is_inner (operand))
            {
              result->is_array |= inner->is_array;
              result->whole &= inner->whole;
              continue;
            }
          if (!fits (all, value))
            return false;
          result->is_array |= value->kind == KIND_ARRAY;
          result->whole &= value_type (value) != TYPE_REAL;
        }
    }
  const struct small_step *last = &all->results[all->count - 1];
  all->size = all->like ? all->like->size : 0;
  return last->is_array && !last->whole;
}

/* One step on numbers. */
static void
evaluate_number (struct small_expression *all, uint32_t i)
{
  struct tape *tape = all->run->tape;
  const struct instruction *step = &all->steps[i];
  struct small_step *result = &all->results[i];
  int arity = op_info[step->op].arity;
  const struct value *operands[3] = { NULL };
  double x[3] = { 0 };
  bool varies = false;
  for (int k = 0; k < arity; k++)
    {
      uint32_t operand = operand_of (step, k);
      operands[k] = is_inner (operand) ? &all->results[operand & REGISTER_MASK].number : OPERAND (all->bases, operand);
      x[k] = operands[k]->number;
      varies |= operands[k]->node != 0;
    }
  double v = op_value (step->op, x[0], x[1], x[2]);
  result->number = value_number (result->whole ? KIND_INTEGER : KIND_REAL, v);
  if (!varies || result->whole)
    return;
  bool both = arity > 1 && operands[0]->node && operands[1]->node;
  for (int k = 0; k < arity; k++)
    if (operands[k]->node)
      tape_link_partial (tape, operands[k]->node, op_partial (step->op, k, x[0], x[1], x[2], v, both));
  result->number.node = tape_node (tape);
}

/* The elements of an operand, and whether it varies. */
static const double *
elements_of (struct small_expression *all, uint32_t operand, bool *varies)
{
  struct small_step *inner = &all->results[operand & REGISTER_MASK];
  if (is_inner (operand) && inner->is_array)
    {
      *varies |= inner->varies;
      return inner->values;
    }
  const struct value *value = is_inner (operand) ? &inner->number : OPERAND (all->bases, operand);
  *varies |= value->node != 0;
  if (value->kind == KIND_ARRAY)
    return value->array->elements;
  double *filled = all->filled[all->filled_count++];
  for (size_t i = 0; i < all->size; i++)
    filled[i] = value->number;
  return filled;
}

/* The commonest operators here, for a call of a kernel takes longer than few elements do. */
static void
evaluate_elements (enum op op, size_t size, const double *const x[3], double *restrict values)
{
  switch (op)
    {
    case OP_add:
      for (size_t i = 0; i < size; i++)
        values[i] = x[0][i] + x[1][i];
      break;
    case OP_subtract:
      for (size_t i = 0; i < size; i++)
        values[i] = x[0][i] - x[1][i];
      break;
    case OP_multiply:
      for (size_t i = 0; i < size; i++)
        values[i] = x[0][i] * x[1][i];
      break;
    default:
      kernels_find ()->values[op](size, x[0], x[1], x[2], values);
    }
}

static void
evaluate (struct small_expression *all, double *values)
{
  for (uint32_t i = 0; i < all->count; i++)
    {
      struct small_step *result = &all->results[i];
      enum op op = all->steps[i].op;
      if (!result->is_array)
        {
          evaluate_number (all, i);
          continue;
        }
      int arity = op_info[op].arity;
      result->varies = result->weighed = false;
      for (int k = 0; k < 3; k++)
        result->x[k] = k < arity ? elements_of (all, operand_of (&all->steps[i], k), &result->varies) : NULL;
      result->varies &= !result->whole;
      evaluate_elements (op, all->size, result->x, i + 1 == all->count ? values : result->values);
      if (result->varies && op_info[op].traits & BLOCKS)
        all->run->suspicious |= op_count_kinks (op, all->size, result->x[0], result->x[1], result->x[2]) > 0;
    }
}

/* Whether one of a leaf or a step takes the weights of several steps. */
static struct small_leaf *
leaf_of (struct small_expression *all, const struct value *value, bool *fresh)
{
  struct small_leaf *leaf = all->leaves, *end = leaf + all->leaf_count;
  while (leaf < end && leaf->value != value)
    leaf++;
  *fresh = leaf == end;
  if (*fresh && all->leaf_count++ < LEAVES)
    leaf->value = value;
  return all->leaf_count > LEAVES ? NULL : leaf;
}

/* target (+)= weight * partial; where it may occur FLAT wins over everything. */
static void
fold (const struct small_expression *all, const double *weights, const double *partials, double *target, bool fresh)
{
  for (size_t i = 0; i < all->size; i++)
    {
      double product
        = all->blocks && (is_flat (weights[i]) || is_flat (partials[i])) ? FLAT : weights[i] * partials[i] + 0.0;
      target[i] = fresh ? product : target[i] + product;
    }
}

static void
copy_weights (const struct small_expression *all, const double *weights, double *target, bool fresh)
{
  for (size_t i = 0; i < all->size; i++)
    target[i] = fresh ? weights[i] : target[i] + weights[i];
}

/* One operand of a step that varies; false when there are too many leaves. */
static bool
fold_operand (struct small_expression *all, uint32_t i, int k, bool both, const double *values)
{
  struct small_step *step = &all->results[i];
  enum op op = all->steps[i].op;
  uint32_t operand = operand_of (&all->steps[i], k);
  struct small_step *inner = &all->results[operand & REGISTER_MASK];
  bool to_step = is_inner (operand) && inner->is_array, fresh = true;
  const struct value *value = is_inner (operand) ? &inner->number : OPERAND (all->bases, operand);
  double *target = inner->weights, partials[ARRAY_SMALL];
  if (!to_step)
    {
      struct small_leaf *leaf = leaf_of (all, value, &fresh);
      if (!leaf)
        return false;
      target = leaf->coefficients;
    }
  else
    inner->weighed = true;
  if (op == OP_add || op == OP_plus || op == OP_real || (op == OP_subtract && k == 0))
    copy_weights (all, step->weights, target, fresh);
  else if (op == OP_multiply && !all->blocks)
    fold (all, step->weights, step->x[1 - k], target, fresh);
  else
    {
      kernels_find ()->partials[op][k](all->size, step->x[0], step->x[1], step->x[2], values, both, partials);
      fold (all, step->weights, partials, target, fresh);
    }
  return true;
}

/* The partials folded from the last step back to the leaves; false when a coefficient is not finite. */
static bool
fold_back (struct small_expression *all, const double *values)
{
  struct small_step *last = &all->results[all->count - 1];
  last->weighed = true;
  for (size_t i = 0; i < all->size; i++)
    last->weights[i] = 1;
  for (uint32_t i = all->count; i-- > 0;)
    {
      struct small_step *step = &all->results[i];
      int arity = op_info[all->steps[i].op].arity;
      bool varying[3] = { false };
      if (!step->is_array || !step->weighed || !step->varies)
        continue;
      for (int k = 0; k < arity; k++)
        {
          uint32_t operand = operand_of (&all->steps[i], k);
          const struct small_step *inner = &all->results[operand & REGISTER_MASK];
          varying[k] = !is_inner (operand) ? OPERAND (all->bases, operand)->node != 0
                       : inner->is_array   ? inner->varies
                                           : inner->number.node != 0;
        }
      for (int k = 0; k < arity; k++)
        if (varying[k] && !fold_operand (all, i, k, varying[0] && varying[1], step == last ? values : step->values))
          return false;
    }
  for (uint32_t l = 0; l < all->leaf_count; l++)
    if (!elements_are_finite (all->leaves[l].coefficients, all->size))
      return false;
  return true;
}

/* A node for each element, the first one last. */
static void
link_elements (struct small_expression *all, struct array *array)
{
  struct tape *tape = all->run->tape;
  uint32_t *nodes = array_nodes (array);
  bool closed = true;
  for (uint32_t l = 0; l < all->leaf_count; l++)
    {
      struct small_leaf *leaf = &all->leaves[l];
      struct array *own = leaf->value->kind == KIND_ARRAY ? leaf->value->array : NULL;
      closed = closed && (!own || small_is_closed (own, leaf->value->node));
      leaf->nodes = small_nodes (all->run, own, leaf->value->node, leaf->room);
      if (!own)
        for (size_t i = 1; i < all->size; i++)
          leaf->room[i] = leaf->room[0];
    }
  for (size_t i = all->size; i-- > 0;)
    {
      bool any = false;
      for (uint32_t l = 0; l < all->leaf_count; l++)
        if (all->leaves[l].nodes[i])
          {
            tape_link (tape, all->leaves[l].nodes[i], all->leaves[l].coefficients[i]);
            any = true;
          }
      nodes[i] = any ? tape_node (tape) : 0;
    }
  array->closed = closed ? (uint16_t)small_all (all->size) : 0;
}

static void
drop_temporaries (const struct small_expression *all)
{
  for (uint32_t i = 0; i < all->count; i++)
    for (int k = 0; k < op_info[all->steps[i].op].arity; k++)
      {
        uint32_t operand = operand_of (&all->steps[i], k);
        if ((operand & TEMPORARY) == TEMPORARY)
          value_drop (all->run, OPERAND (all->bases, operand));
      }
}

bool
small_group (struct run *run, const struct instruction *group, struct value *const bases[4])
{
  struct small_expression all;
  if (!small_is_on (run) || group->op & GROUP_DECIDES)
    return false;
  all.run = run;
  all.steps = group + 1;
  all.count = group->b;
  all.bases = bases;
  all.like = NULL;
  all.blocks = false;
  all.leaf_count = all.filled_count = 0;
  if (!look_over (&all))
    return false;
  struct array *array = array_new (run->arrays, TYPE_REAL, &all.like->shape);
  struct value result = value_of_array (array);
  evaluate (&all, array->elements);
  if (all.results[all.count - 1].varies)
    {
      if (!fold_back (&all, array->elements))
        {
          array_drop (run->arrays, array);
          return false;
        }
      link_elements (&all, array);
      result.node = NODE_ELEMENTS;
    }
  drop_temporaries (&all);
  value_set (run, OPERAND (bases, group->a), result);
  return true;
}
