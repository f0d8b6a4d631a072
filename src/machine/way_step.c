/* way_step.c -- steps of the first program of a way. */
#include <string.h>

#include "machine/way.h"

/* Whether a step writes a number. */
static bool
writes (const struct body_step *step, uint16_t number)
{
  return step->to == number || step->also == number || (step->op == BODY_RANGE && step->a == number);
}

/* A remainder that was just computed, as of an index that stands twice, is copied: the division takes longest. */
static void
find_remainder (const struct way *way, struct body_step *step)
{
  for (uint32_t i = way->step_count; i-- > 0;)
    {
      const struct body_step before = way->steps[i];
      bool steady = !writes (&before, step->a) && !writes (&before, step->b);
      if (!steady)
        return;
      for (uint32_t k = i + 1; k < way->step_count && steady; k++)
        steady = !writes (&way->steps[k], before.to);
      if (steady && before.op == step->op && before.a == step->a && before.b == step->b)
        {
          *step = (struct body_step){ OP_plus, before.to, 0, 0, step->to, 0, 0 };
          return;
        }
    }
}

void
way_step (struct way *way, struct body_step step)
{
  if (!way->writes)
    return;
  if (step.op == OP_modulo || step.op == OP_mod)
    find_remainder (way, &step);
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
  const bool four = step->op >= BODY_FOUR && step->op < BODY_OPERATORS;
  return step->a == number || (arity > 1 && step->b == number) || (arity > 2 && step->c == number)
         || (four && step->d == number);
}

bool
way_set_too (struct way *way, uint16_t from, uint16_t to)
{
  for (uint32_t i = way->writes ? way->step_count : 0; i-- > 0;)
    {
      struct body_step *step = &way->steps[i];
      if (step->to == from && (step->op < BODY_OPERATORS || step->op == BODY_ITEM) && step->also == from)
        {
          step->also = to;
          return true;
        }
      if (writes (step, from) || writes (step, to) || reads (step, to))
        return false;
    }
  return false;
}

/* A basic operation as one of those that are joined, or JOIN_FROM. */
static uint16_t
join_of (uint16_t op)
{
  return op == OP_add ? JOIN_ADD : op == OP_subtract ? JOIN_SUBTRACT : op == OP_multiply ? JOIN_MULTIPLY : JOIN_FROM;
}

/* A square is a product, which may be joined. */
static void
write_as_product (struct body_step *step)
{
  if (step->op == OP_square)
    step->op = OP_multiply, step->b = step->a;
}

/* The step from `first` on that is such an operation and gives `number`, or `end`. What is no cell has one reader: an
   expression is a tree. */
static uint32_t
find_basic (const struct way *way, uint32_t first, uint32_t end, uint16_t number)
{
  for (uint32_t i = first; i < end && number >= LOOP_ALL_CELLS; i++)
    if (way->steps[i].to == number && join_of (way->steps[i].op) != JOIN_FROM)
      return i;
  return end;
}

static void
remove_step (struct way *way, uint32_t at)
{
  memmove (&way->steps[at], &way->steps[at + 1], (way->step_count - at - 1) * sizeof *way->steps);
  way->step_count--;
}

void
way_join (struct way *way, uint32_t first)
{
  for (uint32_t i = first; i < way->step_count; i++)
    write_as_product (&way->steps[i]);
  for (uint32_t i = first; i < way->step_count; i++)
    {
      const struct body_step step = way->steps[i];
      const uint16_t join = join_of (step.op);
      if (join == JOIN_FROM)
        continue;
      const uint32_t left = find_basic (way, first, i, step.a), right = find_basic (way, first, i, step.b);
      const uint32_t low = left < right ? left : right, high = left < right ? right : left;
      if (low == high)
        continue;
      const struct body_step inner = way->steps[low], other = way->steps[right];
      const uint16_t second = low == right && join == JOIN_SUBTRACT ? JOIN_FROM : join;
      if (high < i)
        way->steps[i] = (struct body_step){
          (uint16_t)(BODY_FOUR + 9 * join_of (way->steps[left].op) + 3 * join + join_of (other.op)),
          way->steps[left].a, way->steps[left].b, other.a, step.to, step.also, other.b
        };
      else
        way->steps[i] = (struct body_step){ (uint16_t)(BODY_TWO + 4 * join_of (inner.op) + second),
                                            inner.a, inner.b, low == right ? step.a : step.b, step.to, step.also, 0 };
      if (high < i)
        remove_step (way, high);
      i -= high < i;
      remove_step (way, low);
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
    case BODY_FEW:
    case BODY_ROW:
    case BODY_SPAN:
    case BODY_POSITION:
    case BODY_DIFFER:
    case BODY_CHOICE:
    case BODY_TIED:
      return true;
    default:
      return false;
    }
}

cell_set
body_held (const struct body_segment *segment)
{
  cell_set held = 0, changed = 0;
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

struct body_segment *
body_straighten (struct run *run, const struct body_segment *end)
{
  uint32_t count = 0;
  for (const struct body_segment *at = end; at; at = at->before)
    count += at->step_count + (at->before != NULL);
  struct body_segment *straight = way_keep (run->tape, NULL, sizeof *straight);
  struct body_step *steps = way_keep (run->tape, NULL, count * sizeof *steps), *step = steps + count;
  for (const struct body_segment *at = end; at; at = at->before)
    {
      step -= at->step_count;
      memcpy (step, at->steps, at->step_count * sizeof *step);
      if (at->before)
        *--step = (struct body_step){ at->side ? BODY_HOLDS : BODY_FAILS, at->before->condition, 0, 0, 0, 0, 0 };
    }
  *straight = (struct body_segment){ .steps = steps, .step_count = count, .ends = true, .way = end->way };
  straight->held = body_held (straight);
  return straight;
}
