/* lane_column.c -- the columns of a way, and what stands in registers. */
#include <string.h>

#include "ops/elementwise.h"
#include "rows/lane_learn.h"

static struct known *
find (struct learner *learner, const struct value *where)
{
  size_t at = ((uintptr_t)where >> 4) * 0x9e3779b1u;
  while (learner->known[at % REGISTERS_KNOWN].where && learner->known[at % REGISTERS_KNOWN].where != where)
    at++;
  return &learner->known[at % REGISTERS_KNOWN];
}

void
lane_set (struct learner *learner, const struct value *where, struct lane_value value)
{
  struct known *known = find (learner, where);
  if (!known->where && value.column == LANE_NONE)
    return;
  learner->known_count += !known->where;
  learner->failed |= learner->known_count > REGISTERS_KNOWN / 2;
  *known = (struct known){ where, value.column };
}

struct lane_value
lane_get (struct learner *learner, const struct value *where)
{
  const struct known *known = find (learner, where);
  if (known->where && known->column != LANE_NONE)
    return (struct lane_value){ known->column, 0 };
  return (struct lane_value){ LANE_NONE, where->number };
}

/* A column for what a step gives. */
static uint16_t
new_column (struct learner *learner)
{
  if (learner->column_count + 1 >= LANE_COLUMNS || learner->step_count + 1 >= LANE_COLUMNS)
    {
      learner->failed = true;
      return 0;
    }
  return (uint16_t)learner->column_count++;
}

static uint16_t
fill_column (void *data, double number)
{
  struct learner *learner = data;
  for (size_t i = 0; i < learner->column_count; i++)
    if (learner->is_fixed[i] && memcmp (&learner->fixed[i], &number, sizeof number) == 0)
      return (uint16_t)i;
  uint16_t column = new_column (learner);
  learner->is_fixed[column] = true;
  learner->fixed[column] = number;
  return column;
}

static void
add_step (struct learner *learner, struct lane_step step)
{
  if (learner->step_count == LANE_COLUMNS)
    learner->failed = true;
  else
    learner->steps[learner->step_count++] = step;
}

static uint16_t
add_column (void *learner, struct lane_step step)
{
  step.to = new_column (learner);
  add_step (learner, step);
  return step.to;
}

struct lane_writer
lane_writer_of (struct learner *learner)
{
  return (struct lane_writer){ add_column, fill_column, learner };
}

void
lane_mark_infinite (struct learner *learner, struct lane_value value)
{
  if (value.column != LANE_NONE)
    learner->is_finite[value.column] = true;
}

void
lane_mark (struct learner *learner, enum lane_op op, struct lane_value a, struct lane_value b, struct lane_value c,
           uint16_t kinked)
{
  if (a.column == LANE_NONE && b.column == LANE_NONE && c.column == LANE_NONE)
    {
      /* It is so in each record. */
      learner->failed |= (op == LANE_APART && a.number == b.number)
                         || (op == LANE_KINK && at_kink (kinked, a.number, b.number, c.number));
      return;
    }
  const struct lane_writer *writer = &learner->writer;
  add_step (learner, (struct lane_step){ .op = (uint16_t)op,
                                         .a = lane_column (writer, a),
                                         .b = lane_column (writer, b),
                                         .c = lane_column (writer, c),
                                         .to = kinked });
}
