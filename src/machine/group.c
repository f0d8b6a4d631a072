/* group.c -- an expression of elementwise operators on numbers: its value, and one link to each operand that varies.

   The steps' partials are folded by a reverse sweep within the expression, so that the tape gets a single node. A
   coefficient that is not finite would mix with the zeros of other factors: then each step becomes a node of its own.
 */
#include <math.h>

#include "base/warning.h"
#include "machine/complete.h"
#include "ops/elementwise.h"

/* The results of steps are values like those in registers; their `node` is INNER + the step when an operand varies. */
enum
{
  INNER = 1u << 31
};

/* An operand that varies, of one step:

     path  63                                  32 31             0
           [ its node, or INNER + the step it is | the step it is of ] */
struct fold_link
{
  double partial;
  uint64_t path;
};

static inline uint32_t
step_of (const struct fold_link *link)
{
  return (uint32_t)link->path;
}

static inline uint32_t
from_of (const struct fold_link *link)
{
  return (uint32_t)(link->path >> 32);
}

/* A product in which FLAT wins where it may occur: a path through it passes nothing. Elsewhere a negative zero is a
   zero like others, and becomes a positive one when it is written down. */
static inline double
times (double weight, double partial, bool blocks)
{
  if (blocks && (is_flat (weight) || is_flat (partial)))
    return FLAT;
  return blocks ? weight * partial + 0.0 : weight * partial;
}

/* Makes FLAT the partials that are 0 whatever varies. */
static void
fix_zeros (const struct instruction *steps, uint32_t count, struct value *const bases[4], struct fold_link *links)
{
  struct fold_link *link = links;
  for (uint32_t i = 0; i < count; i++)
    {
      const struct instruction *step = &steps[i];
      const struct value *operands[3]
        = { OPERAND (bases, step->a), OPERAND (bases, step->b), OPERAND (bases, step->c) };
      int arity = op_info[step->op].arity;
      if (op_info[step->op].traits & (TRUTH | INTEGER))
        continue;
      for (int k = 0; k < arity; k++)
        {
          if (operands[k]->node && arity == 2 && !operands[1 - k]->node)
            op_fix_zeros (step->op, k, 1, &operands[1 - k]->number, 0, &link->partial);
          link += operands[k]->node != 0;
        }
    }
}

/* Each step becomes a node of its own; the last one's number. */
static uint32_t
record_steps (struct tape *tape, const struct fold_link *links, const struct fold_link *end,
              uint32_t nodes[GROUP_LIMIT])
{
  for (const struct fold_link *link = links; link < end; link++)
    {
      tape_link_partial (tape, from_of (link) & INNER ? nodes[from_of (link) & ~INNER] : from_of (link), link->partial);
      if (link + 1 == end || step_of (&link[1]) != step_of (link))
        nodes[step_of (link)] = tape_node (tape);
    }
  return nodes[step_of (&end[-1])];
}

/* A reverse sweep within the expression: one node with a link for each operand that varies. */
static inline __attribute__ ((always_inline)) uint32_t
record_folded (struct run *run, const struct instruction *group, struct value *const bases[4], struct fold_link *links,
               const struct fold_link *end, const bool blocks, const bool mixed)
{
  struct tape *tape = run->tape;
  double adjoint[GROUP_LIMIT];
  double trouble = 0; /* NaN once a coefficient is not finite, as it is when something on the way to it was not */
  tape_room (tape, 3 * GROUP_LIMIT);
  double *weights = (double *)(tape->weights.start + tape->weights.used);
  uint32_t *operands = (uint32_t *)(tape->operands.start + tape->operands.used);
  uint32_t start = (uint32_t)(tape->operands.used / sizeof *operands), count = 0;
  adjoint[step_of (&end[-1])] = 1;
  /* A step that goes only into a boolean or an integer has no adjoint. */
  uint64_t reached = (uint64_t)1 << step_of (&end[-1]);
  for (const struct fold_link *link = end; link-- > links;)
    {
      if (mixed && !(reached >> step_of (link) & 1))
        continue;
      double product = times (adjoint[step_of (link)], link->partial, blocks);
      uint32_t from = from_of (link);
      if (from & INNER)
        {
          adjoint[from & ~INNER] = product;
          if (mixed)
            reached |= (uint64_t)1 << (from & 63);
          continue;
        }
      /* An operand that stands twice in an expression gets one link: `recent` has where a node was met last. */
      uint32_t *recent = &tape->recent[from % TAPE_RECENT], before = *recent - start;
      if (before < count && operands[before] == from)
        product = weights[before] += product;
      else
        {
          *recent = start + count;
          operands[count] = from;
          weights[count++] = blocks ? product : product + 0.0;
        }
      trouble += product * 0;
    }
  if (trouble != 0)
    {
      uint32_t nodes[GROUP_LIMIT];
      run->suspicious = true;
      for (struct fold_link *link = links; link < end && !blocks; link++)
        link->partial += 0.0;
      fix_zeros (group + 1, group->b, bases, links);
      return record_steps (tape, links, end, nodes);
    }
  tape->operands.used += count * sizeof *operands;
  tape->weights.used += count * sizeof *weights;
  return tape_node (tape);
}

/* A number and the node it stands for; leaves when it is none. While all are real, kinds are not looked at. */
#define FETCH(x, operand)                                                                                              \
  const struct value *value_##x = OPERAND (bases, operand);                                                            \
  if (mixed ? !value_is_number (value_##x) : value_##x->kind != KIND_REAL)                                             \
    return false;                                                                                                      \
  const double x = value_##x->number;                                                                                  \
  const uint32_t from_##x = value_##x->node;

#define IS_REAL(x) (value_##x->kind == KIND_REAL)
#define CELL(traits, domain, cell) (!(domain) ? NAN : !blocks || (traits) & BLOCKS ? (cell) : (cell) + 0.0)
#define LINK(x, traits, cell)                                                                                          \
  if (from_##x && !((traits) & (TRUTH | INTEGER)))                                                                     \
    *link++ = (struct fold_link){ cell, i | (uint64_t)from_##x << 32 };
#define RESULT(traits, whole, from)                                                                                    \
  fold[i] = (struct value){ .number = v,                                                                               \
                            .node = (from) && !((traits) & (TRUTH | INTEGER)) ? INNER | i : 0,                         \
                            .kind = !mixed || !((traits) & (TRUTH | INTEGER | WHOLE)) ? KIND_REAL                      \
                                    : (traits) & TRUTH                                ? KIND_BOOLEAN                   \
                                    : ((traits) & INTEGER) || (whole)                 ? KIND_INTEGER                   \
                                                                                      : KIND_REAL };                   \
  break;
#define MEET(op, from, a, b, c)                                                                                        \
  if (blocks && (from))                                                                                                \
    *kink |= at_kink (op, a, b, c);
/* Traits of the steps that a kind of group has not. */
#define ABSENT(traits) ((!blocks && (traits) & BLOCKS) || (!mixed && (traits) & (TRUTH | INTEGER)))

/* Value and partials of every step; false when an operand is no number or, unless kinds are `mixed`, not real. Without
   `blocks` no partial is FLAT. */
static inline __attribute__ ((always_inline)) bool
evaluate_steps (const struct instruction *steps, uint32_t count, struct value *const bases[4], struct value *fold,
                struct fold_link **links, bool *kink, const bool blocks, const bool mixed)
{
  struct fold_link *link = *links;
  uint32_t i = 0;
  do
    {
      const struct instruction *step = &steps[i];
      switch (step->op)
        {
#define UNARY(name, sign, traits, accuracy, domain, value, pa, says)                                                   \
  case OP_##name:                                                                                                      \
    {                                                                                                                  \
      if (ABSENT (traits))                                                                                             \
        __builtin_unreachable ();                                                                                      \
      FETCH (a, step->a)                                                                                               \
      double v = value;                                                                                                \
      MEET (OP_##name, from_a, a, 0, 0)                                                                                \
      LINK (a, traits, CELL (traits, domain, pa))                                                                      \
      RESULT (traits, !IS_REAL (a), from_a)                                                                            \
    }
#define BINARY(name, sign, traits, accuracy, domain, value, pa, pb, says)                                              \
  case OP_##name:                                                                                                      \
    {                                                                                                                  \
      if (ABSENT (traits))                                                                                             \
        __builtin_unreachable ();                                                                                      \
      FETCH (a, step->a)                                                                                               \
      FETCH (b, step->b)                                                                                               \
      double v = value;                                                                                                \
      bool both = from_a && from_b;                                                                                    \
      (void)both;                                                                                                      \
      MEET (OP_##name, from_a | from_b, a, b, 0)                                                                       \
      LINK (a, traits, CELL (traits, domain, pa))                                                                      \
      LINK (b, traits, CELL (traits, domain, pb))                                                                      \
      RESULT (traits, !IS_REAL (a) && !IS_REAL (b), from_a | from_b)                                                   \
    }
#define TERNARY(name, sign, traits, accuracy, domain, value, pa, pb, pc, says)                                         \
  case OP_##name:                                                                                                      \
    {                                                                                                                  \
      if (ABSENT (traits))                                                                                             \
        __builtin_unreachable ();                                                                                      \
      FETCH (a, step->a)                                                                                               \
      FETCH (b, step->b)                                                                                               \
      FETCH (c, step->c)                                                                                               \
      double v = value;                                                                                                \
      MEET (OP_##name, from_a | from_b | from_c, a, b, c)                                                              \
      LINK (a, traits, CELL (traits, domain, pa))                                                                      \
      LINK (b, traits, CELL (traits, domain, pb))                                                                      \
      LINK (c, traits, CELL (traits, domain, pc))                                                                      \
      RESULT (traits, (OP_##name == OP_where || !IS_REAL (a)) && !IS_REAL (b) && !IS_REAL (c),                         \
              from_a | from_b | from_c)                                                                                \
    }
/* Array kernels have a function for several at once. */
#define pow(a, b) power_of (a, b)
#include "ops/ops.def"
#undef pow
        default:
          __builtin_unreachable ();
        }
    }
  while (++i < count);
  *links = link;
  return true;
}

/* The rest of an expression of numbers: its value goes to its register. Field by field, as it was written: a wider load
   would have to wait until the narrower stores are in the cache. */
static inline __attribute__ ((always_inline)) void
finish (struct run *run, const struct instruction *group, struct value *const bases[4], const struct value *last,
        uint32_t node)
{
  double number = last->number;
  uint8_t kind = last->kind;
  struct value *target = OPERAND (bases, group->a);
  if (target->kind >= KIND_ARRAY)
    value_drop (run, target);
  target->number = number;
  target->node = node;
  target->kind = kind;
}

/* Steps that lead to a value met a kink. No slope comes through one that leads to a boolean alone, where it is like
   sides of a choice that are equal. */
static inline void
meet_kink (struct run *run, bool kink, const struct value *last)
{
  if (kink)
    *(last->node ? &run->suspicious : &run->tied) = true;
}

/* A choice between branches that hangs on a hair: sides that are equal, and vary. The result may go where one of them
   is. */
static void
warn_choice (struct run *run, uint32_t place, const struct instruction *group, struct value *const bases[4])
{
  for (uint32_t i = 0; i < group->b && !run->outer; i++)
    {
      const struct instruction *step = &group[1 + i];
      if (!is_comparison (step->op))
        continue;
      const struct value *a = OPERAND (bases, step->a), *b = OPERAND (bases, step->b);
      if ((a->node || b->node) && value_is_number (a) && value_is_number (b) && a->number == b->number)
        warn_tie (run, place + 1 + i, step->op, "", a->number);
    }
}

static inline __attribute__ ((always_inline)) bool
run_blocks (struct run *run, uint32_t place, const struct instruction *group, struct value *const bases[4],
            struct value *fold, const bool mixed)
{
  struct fold_link links[3 * GROUP_LIMIT], *end = links;
  bool kink = false;
  if (!evaluate_steps (group + 1, group->b, bases, fold, &end, &kink, true, mixed))
    return false;
  const struct value *last = &fold[group->b - 1];
  meet_kink (run, kink, last);
  if (mixed && group->op & GROUP_DECIDES)
    warn_choice (run, place, group, bases);
  if (run->tape->careful)
    fix_zeros (group + 1, group->b, bases, links);
  finish (run, group, bases, last, last->node ? record_folded (run, group, bases, links, end, true, true) : 0);
  return true;
}

static __attribute__ ((noinline)) bool
run_real (struct run *run, const struct instruction *group, struct value *const bases[4], struct value *fold)
{
  return run_blocks (run, 0, group, bases, fold, false);
}

static __attribute__ ((noinline)) void
run_any (struct run *run, uint32_t place, const struct instruction *group, struct value *const bases[4],
         struct value *fold)
{
  if (!run_blocks (run, place, group, bases, fold, true))
    run_group_spread (run, place, group, bases);
}

/* Whether a complete run has to give a node to what a step before the last makes of numbers that have none, as of
   counters. */
static bool
completes_inside (const struct run *run, const struct instruction *group, const struct value *fold)
{
  bool any = false;
  for (uint32_t i = 0; run->complete && i + 1 < group->b; i++)
    any |= !fold[i].node && complete_needs_node (&fold[i]);
  return any;
}

/* Steps of numbers; false, with nothing done, when there are others. */
static bool
run_numbers_apart (struct run *run, uint32_t place, const struct instruction *group, struct value *const bases[4],
                   struct value *fold)
{
  struct fold_link links[3 * GROUP_LIMIT], *end = links;
  uint32_t nodes[GROUP_LIMIT];
  bool kink = false;
  if (!evaluate_steps (group + 1, group->b, bases, fold, &end, &kink, true, true)
      || completes_inside (run, group, fold))
    return false;
  meet_kink (run, kink, &fold[group->b - 1]);
  if (group->op & GROUP_DECIDES)
    warn_choice (run, place, group, bases);
  bool zeros = false;
  for (const struct fold_link *link = links; link < end; link++)
    zeros |= link->partial == 0;
  if (zeros)
    fix_zeros (group + 1, group->b, bases, links);
  if (end > links)
    record_steps (run->tape, links, end, nodes);
  for (uint32_t i = 0; i < group->b; i++)
    if (fold[i].node)
      fold[i].node = nodes[i];
  bool whole = area_of (&run->program->code, struct instruction)[place].code == CODE_GROUP;
  for (uint32_t i = 0; i < group->b; i++)
    {
      const struct instruction *step = &group[1 + i];
      const struct value *operands[3]
        = { OPERAND (bases, step->a), OPERAND (bases, step->b), OPERAND (bases, step->c) };
      if (run->complete)
        complete_value (run, &fold[i]);
      run_tell (run, &(struct heard){ whole ? place + 1 + i : place, step->op, (uint32_t)op_info[step->op].arity,
                                      operands, &fold[i], 0 });
    }
  finish (run, group, bases, &fold[group->b - 1], fold[group->b - 1].node);
  return true;
}

/* Runs each step apart: it is a node of its own, and heard or kept. */
static __attribute__ ((noinline)) void
run_apart (struct run *run, uint32_t place, const struct instruction *group, struct value *const bases[4],
           struct value *fold)
{
  if (!run_numbers_apart (run, place, group, bases, fold))
    run_group_spread (run, place, group, bases);
  if (run->listener && run->listener->settle)
    run->listener->settle (run->listener->data, run, OPERAND (bases, group->a));
}

void
run_group (struct run *run, uint32_t place, const struct instruction *group, struct value *bases[4])
{
  struct value fold[GROUP_LIMIT];
  bases[1] = fold;
  if (__builtin_expect (run->apart, false))
    {
      run_apart (run, place, group, bases, fold);
      return;
    }
  if (group->op & (GROUP_BLOCKS | GROUP_MIXED) || run->tape->careful)
    {
      if ((group->op & GROUP_MIXED) || !run_real (run, group, bases, fold))
        run_any (run, place, group, bases, fold);
      return;
    }
  struct fold_link links[3 * GROUP_LIMIT], *end = links;
  if (!evaluate_steps (group + 1, group->b, bases, fold, &end, NULL, false, false))
    {
      run_any (run, place, group, bases, fold);
      return;
    }
  const struct value *last = &fold[group->b - 1];
  uint32_t node = last->node ? record_folded (run, group, bases, links, end, false, false) : 0;
  finish (run, group, bases, last, node);
}
