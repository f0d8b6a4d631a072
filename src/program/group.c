/* group.c -- an expression of elementwise operators on numbers: its value, and one link to each operand that varies.

   The steps' partials are folded by a reverse sweep within the expression, so that the tape gets a single node. A
   coefficient that is not finite would mix with the zeros of other factors: then each step becomes a node of its own.
 */
#include <math.h>

#include "ops/elementwise.h"
#include "program/run.h"

/* What a step came to. */
struct fold_step
{
  double v;
  uint32_t varies; /* not 0: one of its operands does */
  uint32_t kind;
};

/* An operand that varies: of which step, with which partial, and where that goes: the node of a register, or INNER + an
   earlier step. */
enum
{
  INNER = 1u << 31
};

struct fold_link
{
  double partial;
  uint32_t step, from;
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
record_steps (struct tape *tape, const struct fold_link *links, const struct fold_link *end)
{
  uint32_t nodes[GROUP_LIMIT];
  for (const struct fold_link *link = links; link < end; link++)
    {
      tape_link (tape, link->from & INNER ? nodes[link->from & ~INNER] : link->from, link->partial);
      if (link + 1 == end || link[1].step != link->step)
        nodes[link->step] = tape_node (tape);
    }
  return nodes[end[-1].step];
}

/* A reverse sweep within the expression: one node with a link for each operand that varies. */
static inline __attribute__ ((always_inline)) uint32_t
record_folded (struct tape *tape, const struct fold_link *links, const struct fold_link *end, bool blocks, bool mixed)
{
  double adjoint[GROUP_LIMIT];
  uint64_t carried = 0;
  tape_room (tape, 3 * GROUP_LIMIT);
  double *weight = (double *)(tape->weights.start + tape->weights.used);
  uint32_t *operand = (uint32_t *)(tape->operands.start + tape->operands.used);
  const uint32_t *first = operand;
  adjoint[end[-1].step] = 1;
  /* What goes only into a boolean or an integer has no adjoint. */
  uint64_t reached = (uint64_t)1 << end[-1].step;
  for (const struct fold_link *link = end; link-- > links;)
    {
      if (mixed && !(reached >> link->step & 1))
        continue;
      double product = times (adjoint[link->step], link->partial, blocks);
      carried |= exponent_carry (product);
      if (link->from & INNER)
        {
          adjoint[link->from & ~INNER] = product;
          reached |= (uint64_t)1 << (link->from & 63);
        }
      else
        {
          *operand++ = link->from;
          *weight++ = blocks ? product : product + 0.0;
        }
    }
  if (carried >> 63)
    return record_steps (tape, links, end);
  tape->operands.used += (size_t)(operand - first) * sizeof *operand;
  tape->weights.used += (size_t)(operand - first) * sizeof *weight;
  return tape_node (tape);
}

/* A number, where its partial goes, and its kind; leaves when it is none. While all are real, kinds are not looked at.
 */
#define FETCH(x, operand, sort)                                                                                        \
  double x;                                                                                                            \
  uint32_t from_##x;                                                                                                   \
  uint32_t sort = KIND_REAL;                                                                                           \
  if ((operand) >> 30 == 1)                                                                                            \
    {                                                                                                                  \
      uint32_t index = (operand) & REGISTER_MASK;                                                                      \
      x = fold[index].v;                                                                                               \
      from_##x = fold[index].varies ? INNER | index : 0;                                                               \
      if (mixed)                                                                                                       \
        sort = fold[index].kind;                                                                                       \
    }                                                                                                                  \
  else                                                                                                                 \
    {                                                                                                                  \
      const struct value *value_ = OPERAND (bases, operand);                                                           \
      if (mixed ? !value_is_number (value_) : value_->kind != KIND_REAL)                                               \
        return false;                                                                                                  \
      x = value_->number;                                                                                              \
      from_##x = value_->node;                                                                                         \
      if (mixed)                                                                                                       \
        sort = value_->kind;                                                                                           \
    }

#define CELL(traits, domain, cell) (!(domain) ? NAN : (traits) & BLOCKS ? (cell) : (cell) + 0.0)
#define LINK(x, traits, cell)                                                                                          \
  if (from_##x && !((traits) & (TRUTH | CAST_INTEGER)))                                                                \
    *link++ = (struct fold_link){ cell, i, from_##x };
#define RESULT(traits, whole, vary)                                                                                    \
  fold[i].v = v;                                                                                                       \
  fold[i].varies = (traits) & (TRUTH | CAST_INTEGER) ? 0 : (vary);                                                     \
  if (mixed)                                                                                                           \
    fold[i].kind = (traits) & TRUTH                                               ? KIND_BOOLEAN                       \
                   : ((traits) & CAST_INTEGER) || (((traits) & WHOLE) && (whole)) ? KIND_INTEGER                       \
                                                                                  : KIND_REAL;                         \
  break;

/* Value and partials of every step; false when an operand is no number or, unless kinds are `mixed`, not real. */
static inline __attribute__ ((always_inline)) bool
evaluate_steps (const struct instruction *steps, uint32_t count, struct value *const bases[4], struct fold_step *fold,
                struct fold_link **links, const bool mixed)
{
  struct fold_link *link = *links;
  for (uint32_t i = 0; i < count; i++)
    {
      const struct instruction *step = &steps[i];
      switch (step->op)
        {
#define UNARY(name, sign, traits, domain, value, pa, says)                                                             \
  case OP_##name:                                                                                                      \
    {                                                                                                                  \
      FETCH (a, step->a, kind_a)                                                                                       \
      double v = value;                                                                                                \
      LINK (a, traits, CELL (traits, domain, pa))                                                                      \
      RESULT (traits, kind_a != KIND_REAL, from_a)                                                                     \
    }
#define BINARY(name, sign, traits, domain, value, pa, pb, says)                                                        \
  case OP_##name:                                                                                                      \
    {                                                                                                                  \
      FETCH (a, step->a, kind_a)                                                                                       \
      FETCH (b, step->b, kind_b)                                                                                       \
      double v = value;                                                                                                \
      bool both = from_a && from_b;                                                                                    \
      (void)both;                                                                                                      \
      LINK (a, traits, CELL (traits, domain, pa))                                                                      \
      LINK (b, traits, CELL (traits, domain, pb))                                                                      \
      RESULT (traits, kind_a != KIND_REAL && kind_b != KIND_REAL, from_a | from_b)                                     \
    }
#define TERNARY(name, sign, traits, domain, value, pa, pb, pc, says)                                                   \
  case OP_##name:                                                                                                      \
    {                                                                                                                  \
      FETCH (a, step->a, kind_a)                                                                                       \
      FETCH (b, step->b, kind_b)                                                                                       \
      FETCH (c, step->c, kind_c)                                                                                       \
      double v = value;                                                                                                \
      LINK (a, traits, CELL (traits, domain, pa))                                                                      \
      LINK (b, traits, CELL (traits, domain, pb))                                                                      \
      LINK (c, traits, CELL (traits, domain, pc)) (void) kind_a;                                                       \
      RESULT (traits, (OP_##name == OP_where || kind_a != KIND_REAL) && kind_b != KIND_REAL && kind_c != KIND_REAL,    \
              from_a | from_b | from_c)                                                                                \
    }
#include "ops/ops.def"
        }
    }
  *links = link;
  return true;
}

static bool
evaluate_mixed (const struct instruction *steps, uint32_t count, struct value *const bases[4], struct fold_step *fold,
                struct fold_link **links)
{
  return evaluate_steps (steps, count, bases, fold, links, true);
}

void
run_group (struct run *run, uint32_t place, const struct instruction *group, struct value *const bases[4])
{
  uint32_t count = group->b;
  struct fold_step fold[GROUP_LIMIT];
  struct fold_link links[3 * GROUP_LIMIT], *end = links;
  const struct fold_step *last = &fold[count - 1];
  struct value result = { .kind = KIND_REAL };
  if ((group->op & GROUP_MIXED) || !evaluate_steps (group + 1, count, bases, fold, &end, false))
    {
      if (!evaluate_mixed (group + 1, count, bases, fold, &end))
        {
          run_group_spread (run, place, group, bases);
          return;
        }
      result.kind = (uint8_t)last->kind;
    }
  result.number = last->v;
  if (last->varies)
    result.node = group->op & (GROUP_BLOCKS | GROUP_MIXED) ? record_folded (run->tape, links, end, true, true)
                                                           : record_folded (run->tape, links, end, false, false);
  struct value *target = OPERAND (bases, group->a);
  if (target->kind >= KIND_ARRAY)
    value_set (run, target, result);
  else
    *target = result;
}
