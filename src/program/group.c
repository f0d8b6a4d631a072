/* group.c -- an expression of elementwise operators on numbers: its value, and one link to each operand that varies.

   The steps' partials are folded by a reverse sweep within the expression, so that the tape gets a single node. A
   coefficient that is not finite would mix with the zeros of other factors: then each step becomes a node of its own.
 */
#include <math.h>

#include "ops/elementwise.h"
#include "program/run.h"

/* What a group's steps came to. `from` is where a partial goes: the node of a register, INNER + an earlier step, or 0
   where the operand does not vary. */
enum
{
  INNER = 1u << 31
};

struct fold_step
{
  double v;
  double partial[3];
  uint32_t from[3];
  uint8_t varies, kind, arity;
};

/* A product in which FLAT wins where it may occur: a path through it passes nothing. Elsewhere a negative zero is a
   zero like others, and becomes a positive one when it is written down. */
static inline double
times (double weight, double partial, bool blocks)
{
  if (blocks && (is_flat (weight) || is_flat (partial)))
    return FLAT;
  return blocks ? weight * partial + 0.0 : weight * partial;
}

/* All bits of the exponent set, as of an infinity or NaN, carry into the sign when one is added to them. */
static inline uint64_t
exponent_carry (double number)
{
  uint64_t bits;
  memcpy (&bits, &number, sizeof bits);
  return (bits & (uint64_t)0x7ff << 52) + ((uint64_t)1 << 52);
}

/* Each step becomes a node of its own; the last one's number. */
static uint32_t
record_steps (struct tape *tape, const struct fold_step *fold, uint32_t count)
{
  uint32_t nodes[GROUP_LIMIT];
  for (uint32_t i = 0; i < count; i++)
    {
      if (!fold[i].varies)
        continue;
      for (int k = 0; k < fold[i].arity; k++)
        if (fold[i].from[k])
          tape_link (tape, fold[i].from[k] & INNER ? nodes[fold[i].from[k] & ~INNER] : fold[i].from[k],
                     fold[i].partial[k]);
      nodes[i] = tape_node (tape);
    }
  return nodes[count - 1];
}

/* A reverse sweep within the expression: one node with a link for each operand that varies. */
static inline uint32_t
record_folded (struct tape *tape, const struct fold_step *fold, uint32_t count, bool blocks)
{
  double adjoint[GROUP_LIMIT];
  uint64_t carried = 0;
  tape_room (tape, 3 * GROUP_LIMIT);
  double *weight = (double *)(tape->weights.start + tape->weights.used);
  uint32_t *operand = (uint32_t *)(tape->operands.start + tape->operands.used);
  const uint32_t *first = operand;
  adjoint[count - 1] = 1;
  for (uint32_t i = count; i-- > 0;)
    {
      const struct fold_step *step = &fold[i];
      if (!step->varies)
        continue;
      for (int k = 0; k < step->arity; k++)
        {
          uint32_t from = step->from[k];
          if (!from)
            continue;
          double product = times (adjoint[i], step->partial[k], blocks);
          carried |= exponent_carry (product);
          if (from & INNER)
            adjoint[from & ~INNER] = product;
          else
            {
              *operand++ = from;
              *weight++ = blocks ? product : product + 0.0;
            }
        }
    }
  if (carried >> 63)
    return record_steps (tape, fold, count);
  tape->operands.used += (size_t)(operand - first) * sizeof *operand;
  tape->weights.used += (size_t)(operand - first) * sizeof *weight;
  return tape_node (tape);
}

/* A number, whether it varies, and its kind; gives the whole group over to arrays (or to an error) when it is none. */
#define FETCH(x, operand, k, sort)                                                                                     \
  double x;                                                                                                            \
  uint8_t sort;                                                                                                        \
  if ((operand) >> 30 == 1)                                                                                            \
    {                                                                                                                  \
      uint32_t index = (operand) & REGISTER_MASK;                                                                      \
      x = fold[index].v;                                                                                               \
      from[k] = fold[index].varies ? INNER | index : 0;                                                                \
      sort = fold[index].kind;                                                                                         \
    }                                                                                                                  \
  else                                                                                                                 \
    {                                                                                                                  \
      const struct value *value_ = OPERAND (bases, operand);                                                           \
      if (!value_is_number (value_))                                                                                   \
        goto spread;                                                                                                   \
      x = value_->number;                                                                                              \
      from[k] = value_->node;                                                                                          \
      sort = value_->kind;                                                                                             \
    }

#define CELL(traits, domain, cell) (!(domain) ? NAN : (traits) & BLOCKS ? (cell) : (cell) + 0.0)
#define RESULT(traits, whole, n, vary)                                                                                 \
  fold[i].v = v;                                                                                                       \
  fold[i].varies = !((traits) & (TRUTH | CAST_INTEGER)) && (vary) != 0;                                                \
  fold[i].kind = (traits) & TRUTH                                               ? KIND_BOOLEAN                         \
                 : ((traits) & CAST_INTEGER) || (((traits) & WHOLE) && (whole)) ? KIND_INTEGER                         \
                                                                                : KIND_REAL;                           \
  fold[i].arity = n;                                                                                                   \
  break;

void
run_group (struct run *run, uint32_t place, const struct instruction *group, struct value *const bases[4])
{
  const struct instruction *steps = group + 1;
  uint32_t count = group->b;
  struct fold_step fold[GROUP_LIMIT];
  for (uint32_t i = 0; i < count; i++)
    {
      const struct instruction *step = &steps[i];
      uint32_t *const from = fold[i].from;
      double *const partial = fold[i].partial;
      switch (step->op)
        {
#define UNARY(name, sign, traits, domain, value, pa, says)                                                             \
  case OP_##name:                                                                                                      \
    {                                                                                                                  \
      FETCH (a, step->a, 0, kind_a)                                                                                    \
      double v = value;                                                                                                \
      if (from[0])                                                                                                     \
        partial[0] = CELL (traits, domain, pa);                                                                        \
      RESULT (traits, kind_a != KIND_REAL, 1, from[0])                                                                 \
    }
#define BINARY(name, sign, traits, domain, value, pa, pb, says)                                                        \
  case OP_##name:                                                                                                      \
    {                                                                                                                  \
      FETCH (a, step->a, 0, kind_a)                                                                                    \
      FETCH (b, step->b, 1, kind_b)                                                                                    \
      double v = value;                                                                                                \
      bool both = from[0] && from[1];                                                                                  \
      (void)both;                                                                                                      \
      if (from[0])                                                                                                     \
        partial[0] = CELL (traits, domain, pa);                                                                        \
      if (from[1])                                                                                                     \
        partial[1] = CELL (traits, domain, pb);                                                                        \
      RESULT (traits, kind_a != KIND_REAL && kind_b != KIND_REAL, 2, from[0] | from[1])                                \
    }
#define TERNARY(name, sign, traits, domain, value, pa, pb, pc, says)                                                   \
  case OP_##name:                                                                                                      \
    {                                                                                                                  \
      FETCH (a, step->a, 0, kind_a)                                                                                    \
      FETCH (b, step->b, 1, kind_b)                                                                                    \
      FETCH (c, step->c, 2, kind_c)                                                                                    \
      double v = value;                                                                                                \
      if (from[0])                                                                                                     \
        partial[0] = CELL (traits, domain, pa);                                                                        \
      if (from[1])                                                                                                     \
        partial[1] = CELL (traits, domain, pb);                                                                        \
      if (from[2])                                                                                                     \
        partial[2] = CELL (traits, domain, pc);                                                                        \
      (void)kind_a;                                                                                                    \
      RESULT (traits, kind_b != KIND_REAL && kind_c != KIND_REAL, 3, from[0] | from[1] | from[2])                      \
    }
#include "ops/ops.def"
        }
    }
  struct value result = { .number = fold[count - 1].v, .kind = fold[count - 1].kind };
  if (fold[count - 1].varies)
    result.node = group->op & GROUP_BLOCKS ? record_folded (run->tape, fold, count, true)
                                           : record_folded (run->tape, fold, count, false);
  struct value *target = OPERAND (bases, group->a);
  if (target->kind >= KIND_ARRAY)
    value_set (run, target, result);
  else
    *target = result;
  return;

spread:
  run_group_spread (run, place, group, bases);
}
