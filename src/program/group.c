/* group.c -- an expression of elementwise operators on numbers: its value, and one link to each operand that varies.

   The steps' partials are folded by a reverse sweep within the expression, so that the tape gets a single node. A coefficient that is
   not finite would mix with the zeros of other factors: then each step becomes a node of its own. */
#include <math.h>

#include "ops/elementwise.h"
#include "program/run.h"

struct fold {
  double v[GROUP_LIMIT];
  double partial[GROUP_LIMIT][3];
  uint8_t varies[GROUP_LIMIT];
  uint8_t kind[GROUP_LIMIT];
  uint8_t arity[GROUP_LIMIT];
};

/* Products in which FLAT wins: a path through it passes nothing. */
static double
times (double weight, double partial)
{
  return is_flat (weight) || is_flat (partial) ? FLAT : weight * partial + 0.0;
}

static void
record_folded (struct run *run, const struct fold *fold, const struct instruction *steps, uint32_t count, bool blocks,
               struct value *const bases[4], struct value *result)
{
  struct tape *tape = run->tape;
  double adjoint[GROUP_LIMIT];
  size_t links = tape->operands.used, weights = tape->weights.used;
  double finite = 0;
  adjoint[count - 1] = 1;
  for (uint32_t i = count; i-- > 0;)
    {
      if (!fold->varies[i])
        continue;
      double weight = adjoint[i];
      const uint32_t operands[3] = { steps[i].a, steps[i].b, steps[i].c };
      for (int k = 0; k < fold->arity[i]; k++)
        {
          uint32_t operand = operands[k];
          uint32_t node = operand >> 30 == 1 ? fold->varies[operand & REGISTER_MASK] : OPERAND (bases, operand)->node;
          if (!node)
            continue;
          double product = blocks ? times (weight, fold->partial[i][k]) : weight * fold->partial[i][k] + 0.0;
          if (operand >> 30 == 1)
            adjoint[operand & REGISTER_MASK] = product;
          else
            tape_link (tape, node, product);
          finite += product * 0;
        }
    }
  if (finite == 0)
    {
      result->node = tape_node (tape);
      return;
    }
  tape->operands.used = links;
  tape->weights.used = weights;
  uint32_t nodes[GROUP_LIMIT];
  for (uint32_t i = 0; i < count; i++)
    {
      nodes[i] = 0;
      if (!fold->varies[i])
        continue;
      const uint32_t operands[3] = { steps[i].a, steps[i].b, steps[i].c };
      for (int k = 0; k < fold->arity[i]; k++)
        {
          uint32_t operand = operands[k];
          uint32_t node = operand >> 30 == 1 ? nodes[operand & REGISTER_MASK] : OPERAND (bases, operand)->node;
          if (node)
            tape_link (tape, node, fold->partial[i][k]);
        }
      nodes[i] = tape_node (tape);
    }
  result->node = nodes[count - 1];
}

/* A number, whether it varies, and its kind; gives the whole group over to arrays (or to an error) when it is none. */
#define FETCH(x, operand, vary, sort) \
  double x; \
  bool vary; \
  uint8_t sort; \
  if ((operand) >> 30 == 1) \
    { \
      uint32_t from = (operand) &REGISTER_MASK; \
      x = fold.v[from]; \
      vary = fold.varies[from]; \
      sort = fold.kind[from]; \
    } \
  else \
    { \
      const struct value *from = OPERAND (bases, operand); \
      if (!value_is_number (from)) \
        goto spread; \
      x = from->number; \
      vary = from->node != 0; \
      sort = from->kind; \
    }

#define CELL(traits, domain, cell) (!(domain) ? NAN : (traits) & BLOCKS ? (cell) : (cell) + 0.0)
#define RESULT(traits, whole, n, vary) \
  fold.v[i] = v; \
  fold.varies[i] = !((traits) & (TRUTH | CAST_INTEGER)) && (vary); \
  fold.kind[i] = (traits) & TRUTH ? KIND_BOOLEAN \
                 : ((traits) & CAST_INTEGER) || (((traits) & WHOLE) && (whole)) ? KIND_INTEGER \
                                                                                : KIND_REAL; \
  fold.arity[i] = n; \
  break;

void
run_group (struct run *run, uint32_t place, const struct instruction *group, struct value *const bases[4])
{
  const struct instruction *steps = group + 1;
  uint32_t count = group->b;
  struct fold fold;
  for (uint32_t i = 0; i < count; i++)
    {
      const struct instruction *step = &steps[i];
      switch (step->op)
        {
#define UNARY(name, sign, traits, domain, value, pa, says) \
  case OP_##name: \
    { \
      FETCH (a, step->a, vary_a, kind_a) \
      double v = value; \
      if (vary_a) \
        fold.partial[i][0] = CELL (traits, domain, pa); \
      RESULT (traits, kind_a != KIND_REAL, 1, vary_a) \
    }
#define BINARY(name, sign, traits, domain, value, pa, pb, says) \
  case OP_##name: \
    { \
      FETCH (a, step->a, vary_a, kind_a) \
      FETCH (b, step->b, vary_b, kind_b) \
      double v = value; \
      bool both = vary_a && vary_b; \
      (void) both; \
      if (vary_a) \
        fold.partial[i][0] = CELL (traits, domain, pa); \
      if (vary_b) \
        fold.partial[i][1] = CELL (traits, domain, pb); \
      RESULT (traits, kind_a != KIND_REAL && kind_b != KIND_REAL, 2, vary_a || vary_b) \
    }
#define TERNARY(name, sign, traits, domain, value, pa, pb, pc, says) \
  case OP_##name: \
    { \
      FETCH (a, step->a, vary_a, kind_a) \
      FETCH (b, step->b, vary_b, kind_b) \
      FETCH (c, step->c, vary_c, kind_c) \
      double v = value; \
      if (vary_a) \
        fold.partial[i][0] = CELL (traits, domain, pa); \
      if (vary_b) \
        fold.partial[i][1] = CELL (traits, domain, pb); \
      if (vary_c) \
        fold.partial[i][2] = CELL (traits, domain, pc); \
      (void) kind_a; \
      RESULT (traits, kind_b != KIND_REAL && kind_c != KIND_REAL, 3, vary_a || vary_b || vary_c) \
    }
#include "ops/ops.def"
        }
    }
  struct value result = { .number = fold.v[count - 1], .kind = fold.kind[count - 1] };
  if (fold.varies[count - 1])
    record_folded (run, &fold, steps, count, group->op & GROUP_BLOCKS, bases, &result);
  struct value *target = OPERAND (bases, group->a);
  if (target->kind >= KIND_ARRAY)
    value_set (run, target, result);
  else
    *target = result;
  return;

spread:
  run_group_spread (run, place, group, bases);
}
