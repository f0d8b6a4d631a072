/* way_end.c -- a way that is written: columns that nothing needs go, and the tape can compute the rest. */
#include "machine/way.h"

#include <math.h>
#include <string.h>

void *
way_keep (struct tape *tape, const void *from, size_t size)
{
  enum
  {
    ALIGNMENT = 64
  };
  void *copy = area_push (&tape->loop_forms, (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
  if (from)
    memcpy (copy, from, size);
  return copy;
}

static void
fill (double *column, double number)
{
  for (int i = 0; i < LOOP_BLOCK; i++)
    column[i] = number;
}

static const double *const *
coefficients (const struct loop_form *form, const double *entry, const double **kept, uint32_t count)
{
  const struct body_way *way = (const struct body_way *)form; /* of which it is the first member */
  const struct kernels *kernels = kernels_find ();
  for (const uint16_t *fixed = way->fixed, *end = fixed + 2 * way->fixed_count; fixed < end; fixed += 2)
    {
      double *column = way->room + (size_t)fixed[0] * LOOP_BLOCK;
      /* A cell that is the same in all iterations is mostly the same in the next block too. */
      if (memcmp (column, &entry[fixed[1]], sizeof *column) != 0)
        fill (column, entry[fixed[1]]);
    }
  way_read_kept (way, count, kept);
  for (const struct lane_step *step = way->column_steps, *end = step + way->column_step_count; step < end; step++)
    lane_run (kernels, step, way->columns, count);
  for (uint32_t link = 0; link < form->link_count + way->position_count; link++)
    way->coefficients[link] = way->columns[way->links[link]];
  return way->coefficients;
}

/* Columns that are needed, and what they are called when the others are gone. */
struct needs
{
  bool needed[BODY_COLUMNS];
  uint16_t name[BODY_COLUMNS];
  uint16_t count;
};

static int
operands_of (const struct lane_step *step)
{
  return step->op == COLUMN_KEPT || step->op == COLUMN_CONSTANT ? 0 : op_info[step->op].arity;
}

static void
find_needs (const struct way *way, struct needs *needs)
{
  memset (needs, 0, sizeof *needs);
  for (uint32_t link = 0; link < way->link_count; link++)
    needs->needed[way->links[link]] = needs->needed[way->positions[link]] = true;
  for (uint32_t i = 0; i < way->assignment_count; i++)
    needs->needed[way->replaced[i]] = true;
  for (uint32_t i = way->column_step_count; i-- > 0;)
    {
      const struct lane_step *step = &way->column_steps[i];
      const uint16_t operands[3] = { step->a, step->b, step->c };
      for (int k = 0; needs->needed[step->to] && k < operands_of (step); k++)
        needs->needed[operands[k]] = true;
      if (needs->needed[step->to] && step->partial)
        needs->needed[step->value] = true;
    }
  for (uint32_t column = 0; column < way->column_count; column++)
    if (needs->needed[column])
      needs->name[column] = needs->count++;
}

/* The columns that iterations keep, and those that are the same in all. */
static void
finish_leaves (const struct way *way, const struct needs *needs, struct body_way *body_way)
{
  uint16_t numbers[BODY_COLUMNS], columns[BODY_COLUMNS], fixed[2 * LOOP_CELLS];
  uint32_t kept = 0;
  for (uint16_t cell = 0; cell < way->body->cell_count; cell++)
    if (needs->needed[cell] && way->body->constant & cell_bit (cell))
      {
        fixed[2 * body_way->fixed_count] = needs->name[cell];
        fixed[2 * body_way->fixed_count++ + 1] = cell;
      }
    else if (needs->needed[cell])
      {
        numbers[kept] = cell;
        columns[kept++] = needs->name[cell];
      }
  body_way->kept_cells = kept;
  for (uint32_t i = 0; i < way->column_step_count; i++)
    if (way->column_steps[i].op == COLUMN_KEPT && needs->needed[way->column_steps[i].to])
      {
        numbers[kept] = way->column_steps[i].a;
        columns[kept++] = needs->name[way->column_steps[i].to];
      }
  struct tape *tape = way->run->tape;
  body_way->form.kept_count = kept;
  body_way->kept_numbers = way_keep (tape, numbers, kept * sizeof *numbers);
  body_way->kept_columns = way_keep (tape, columns, kept * sizeof *columns);
  body_way->fixed = way_keep (tape, fixed, 2 * body_way->fixed_count * sizeof *fixed);
  body_way->kept = way_keep (tape, NULL, (size_t)kept * LOOP_BLOCK * sizeof *body_way->kept);
}

/* The columns of coefficients, and behind them those of positions. */
static void
finish_links (struct way *way, const struct needs *needs, struct body_way *body_way)
{
  struct tape *tape = way->run->tape;
  uint16_t links[2 * BODY_LINKS + BODY_STEPS], element[BODY_LINKS] = { 0 };
  uint32_t count = 0;
  for (uint32_t link = 0; link < way->link_count; link++)
    links[link] = needs->name[way->links[link]];
  for (uint32_t link = 0; link < way->link_count; link++)
    if (way->positions[link] != WAY_ONES)
      {
        links[way->link_count + count++] = needs->name[way->positions[link]];
        element[link] = (uint16_t)count;
      }
  for (uint32_t i = 0; i < way->assignment_count; i++)
    if (way->replaced[i] != WAY_ONES)
      {
        links[way->link_count + count++] = needs->name[way->replaced[i]];
        way->assignments[i].element = (uint16_t)count;
      }
  body_way->position_count = count;
  if (count)
    body_way->form.element = way_keep (tape, element, way->link_count * sizeof *element);
  body_way->form.assignments = way_keep (tape, way->assignments, way->assignment_count * sizeof *way->assignments);
  count += way->link_count;
  body_way->links = way_keep (tape, links, count * sizeof *links);
  body_way->coefficients = way_keep (tape, NULL, count * sizeof *body_way->coefficients);
}

/* The steps of the columns that are needed, and these. */
static void
finish_columns (struct way *way, const struct needs *needs, struct body_way *body_way)
{
  struct tape *tape = way->run->tape;
  uint32_t count = 0;
  body_way->room = way_keep (tape, NULL, (size_t)needs->count * LOOP_BLOCK * sizeof *body_way->room);
  for (uint32_t i = 0; i < way->column_step_count; i++)
    {
      struct lane_step step = way->column_steps[i];
      if (!needs->needed[step.to] || step.op == COLUMN_KEPT)
        continue;
      if (step.op == COLUMN_CONSTANT)
        {
          fill (body_way->room + (size_t)needs->name[step.to] * LOOP_BLOCK, way->body->numbers[step.a]);
          continue;
        }
      uint16_t *const columns[] = { &step.a, &step.b, &step.c, &step.value, &step.to };
      for (int k = 0; k < 5; k++)
        *columns[k] = needs->name[*columns[k]];
      way->column_steps[count++] = step;
    }
  body_way->column_step_count = count;
  body_way->column_steps = way_keep (tape, way->column_steps, count * sizeof *way->column_steps);
  body_way->columns = way_keep (tape, NULL, needs->count * sizeof *body_way->columns);
  for (uint32_t column = 0; column < needs->count; column++)
    body_way->columns[column] = body_way->room + (size_t)column * LOOP_BLOCK;
  for (uint32_t k = 0; k < body_way->fixed_count; k++)
    fill (body_way->room + (size_t)body_way->fixed[2 * k] * LOOP_BLOCK, 0);
  if (needs->needed[WAY_ONES])
    fill (body_way->room + (size_t)needs->name[WAY_ONES] * LOOP_BLOCK, 1);
  if (needs->needed[WAY_FLATS])
    fill (body_way->room + (size_t)needs->name[WAY_FLATS] * LOOP_BLOCK, FLAT);
}

/* Room for the ranges of columns, if each step gives one. What is the same in all ways is at most 1, or a constant. */
static void
finish_ranges (const struct way *way, const struct needs *needs, struct tape *tape, struct body_way *body_way)
{
  struct interval *ranges = way_keep (tape, NULL, needs->count * sizeof *ranges);
  bool bounded = true;
  for (uint32_t column = 0; column < needs->count; column++)
    ranges[column] = (struct interval){ -1, 1 };
  for (uint32_t at = 0; at < way->body->number_count; at++)
    {
      const uint16_t column = way->constant_columns[at];
      const double number = way->body->numbers[at];
      if (!column || !needs->needed[column])
        continue;
      ranges[needs->name[column]] = (struct interval){ number, number };
      bounded = bounded && isfinite (number);
    }
  for (uint32_t i = 0; i < body_way->column_step_count; i++)
    {
      bounded = bounded && way_bound_step (&body_way->column_steps[i], ranges, &(struct interval){ 0, 0 });
      body_way->needs_signs |= way_bound_needs_signs (&body_way->column_steps[i]);
    }
  body_way->ranges = bounded ? ranges : NULL;
}

/* Puts the links of an assignment that are FLAT in all iterations before the others, whose order stays. */
static void
put_flats_first (struct way *way, uint32_t start, struct loop_assignment *assignment)
{
  uint32_t open = start;
  for (uint32_t link = start; link < assignment->end; link++)
    if (way->links[link] == WAY_FLATS)
      {
        const uint16_t from = way->from[link], position = way->positions[link];
        const uint32_t moved = link - open;
        memmove (&way->from[open + 1], &way->from[open], moved * sizeof *way->from);
        memmove (&way->positions[open + 1], &way->positions[open], moved * sizeof *way->positions);
        memmove (&way->links[open + 1], &way->links[open], moved * sizeof *way->links);
        memmove (&way->flat[open + 1], &way->flat[open], moved * sizeof *way->flat);
        way->from[open] = from;
        way->positions[open] = position;
        way->links[open] = WAY_FLATS;
        way->flat[open++] = true;
      }
  assignment->start = (uint16_t)start;
  assignment->open = (uint16_t)open;
}

struct body_way *
way_end (struct way *way, struct body_state *to)
{
  struct tape *tape = way->run->tape;
  struct body *body = way->body;
  if (body->form_count == LOOP_FORMS)
    return NULL;
  struct body_way *body_way = way_keep (tape, NULL, sizeof *body_way);
  struct needs needs;
  bool flat = false;
  way_merge (way);
  for (uint32_t link = 0; link < way->link_count; link++)
    flat |= way->flat[link];
  for (uint32_t i = 0, start = 0; i < way->assignment_count; start = way->assignments[i++].end)
    put_flats_first (way, start, &way->assignments[i]);
  find_needs (way, &needs);
  *body_way = (struct body_way){
    .form = { .assignment_count = way->assignment_count,
              .link_count = way->link_count,
              .from = way_keep (tape, way->from, way->link_count * sizeof *way->from),
              .flat = flat ? way_keep (tape, way->flat, way->link_count * sizeof *way->flat) : NULL,
              .coefficients = coefficients },
    .number = body->form_count,
    .assigned = way->assigned,
    .steps = way->counted,
    .last = way->last,
    .to = to,
    .passage = { way_keep (tape, way->passage, way->passage_count * sizeof *way->passage), way->passage_count }
  };
  finish_leaves (way, &needs, body_way);
  finish_links (way, &needs, body_way);
  finish_columns (way, &needs, body_way);
  finish_ranges (way, &needs, tape, body_way);
  body->forms[body->form_count++] = &body_way->form;
  return body_way;
}
