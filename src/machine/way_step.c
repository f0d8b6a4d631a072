/* way_step.c -- steps of the first program of a way. */
#include <string.h>

#include "machine/way.h"

void
way_step (struct way *way, struct body_step step)
{
  if (!way->writes)
    return;
  step.also = step.to;
  if (way->step_count == sizeof way->steps / sizeof *way->steps)
    way->failed = true;
  else
    way->steps[way->step_count++] = step;
}

/* Whether a step reads a number, or perhaps does. */
static bool
reads (const struct body_step *step, uint16_t number)
{
  const int arity = step->op < OPS ? op_info[step->op].arity : 3;
  return step->a == number || (arity > 1 && step->b == number) || (arity > 2 && step->c == number);
}

bool
way_set_too (struct way *way, uint16_t from, uint16_t to)
{
  for (uint32_t i = way->writes ? way->step_count : 0; i-- > 0;)
    {
      struct body_step *step = &way->steps[i];
      if (step->to == from && step->op < BODY_OPERATORS && step->also == from)
        {
          step->also = to;
          return true;
        }
      bool moves = step->op == BODY_RANGE && step->a == from;
      if (moves || step->to == from || step->to == to || step->also == from || step->also == to || reads (step, to))
        return false;
    }
  return false;
}

/* The step from `first` on that is the product `number`, or `end`. What is no cell has one reader: an expression is a
   tree. */
static uint32_t
find_product (const struct way *way, uint32_t first, uint32_t end, uint16_t number)
{
  for (uint32_t i = first; i < end && number >= LOOP_ALL_CELLS; i++)
    if (way->steps[i].op == OP_multiply && way->steps[i].to == number)
      return i;
  return end;
}

void
way_join (struct way *way, uint32_t first)
{
  for (uint32_t i = first; i < way->step_count; i++)
    {
      struct body_step *step = &way->steps[i];
      if (step->op != OP_add && step->op != OP_subtract)
        continue;
      uint32_t left = find_product (way, first, i, step->a), right = find_product (way, first, i, step->b);
      if (left == i && right == i)
        continue;
      const uint32_t at = right < i ? right : left;
      const struct body_step product = way->steps[at];
      const uint16_t op = step->op == OP_add ? BODY_PRODUCT_AND
                          : right < i        ? BODY_LESS_PRODUCT
                                             : BODY_PRODUCT_LESS,
                     other = right < i ? step->a : step->b;
      *step = (struct body_step){ op, product.a, product.b, other, step->to, step->also };
      memmove (&way->steps[at], &way->steps[at + 1], (way->step_count - at - 1) * sizeof *step);
      way->step_count--;
      i--;
    }
}

static bool
may_stop (const struct body_step *step)
{
  switch (step->op)
    {
    case BODY_WHOLE:
    case BODY_HOLDS:
    case BODY_FAILS:
    case BODY_GOES_ON:
    case BODY_RANGE:
    case BODY_ITEM:
    case BODY_REPLACE:
    case BODY_ROW:
    case BODY_POSITION:
    case BODY_DIFFER:
    case BODY_CHOICE:
    case BODY_TIED:
      return true;
    default:
      return false;
    }
}

uint64_t
body_held (const struct body_segment *segment)
{
  uint64_t held = 0, changed = 0;
  for (uint32_t k = 0; k < segment->step_count; k++)
    {
      const struct body_step *step = &segment->steps[k];
      if (may_stop (step))
        held = changed;
      if (step->op == BODY_RANGE)
        changed |= cell_bit (step->a);
      const bool kink = step->op == BODY_KINK || step->op == BODY_KINK_ASIDE;
      const bool sets = !kink && !(may_stop (step) && step->op != BODY_RANGE && step->op != BODY_ITEM);
      if (sets && step->to < LOOP_CELLS)
        changed |= cell_bit (step->to);
      if (sets && step->also < LOOP_CELLS)
        changed |= cell_bit (step->also);
    }
  return held;
}
