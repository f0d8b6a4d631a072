/* way_known.c -- what is known of registers on a way, from the state that it begins with on. */
#include <string.h>

#include "machine/way.h"

/* An array comes before its elements. */
static void
know_cell (struct way *way, uint16_t cell, const struct cell_state *state)
{
  const struct body *body = way->body;
  struct known known = { .kind = state->kind,
                         .varies = state->varies,
                         .number = cell,
                         .column = cell,
                         .same = state->same,
                         .what = state->what,
                         .reach = state->varies ? cell_bit (cell) : 0,
                         .parts = body->elements[cell] ? &way->cells[body->elements[cell]] : NULL };
  if (body_is_element (body, cell))
    {
      const uint32_t array = body_array_of (body, cell), first = body->elements[array];
      if (known.varies && way->cells[array].what & WHAT_CLOSED)
        known.reach = (cell_bit (way_part_count (&way->cells[array])) - 1) << first;
    }
  way->cells[cell] = known;
}

void
way_begin (struct way *way, struct run *run, struct body *body, const struct body_state *state,
           struct value *const bases[4])
{
  way->run = run;
  way->body = body;
  way->bases = bases;
  way->depth = way->own_cells = way->inner = way->counted = 0;
  way->names = LOOP_CELLS;
  way->assigned = 0;
  way->last = UINT32_MAX;
  way->failed = way->writes = way->smooth = false;
  way->step_count = way->column_step_count = way->assignment_count = way->link_count = 0;
  way->column_count = WAY_COLUMNS;
  way->part_count = way->waiting_count = 0;
  way->one.kind = KIND_NOTHING;
  way->turns = way->passage_count = 0;
  way->heard = run->listener && run->listener->turns;
  memset (way->constant_columns, 0, sizeof way->constant_columns);
  memset (way->exact, true, WAY_COLUMNS);
  for (uint16_t cell = 0; cell < body->cell_count; cell++)
    know_cell (way, cell, &state->cells[cell]);
}

void
way_know (struct way *way, uint32_t first)
{
  /* All states that were made before have them. */
  for (uint32_t cell = first; cell < way->body->cell_count; cell++)
    know_cell (way, (uint16_t)cell, &way->body->states[0].cells[cell]);
}

void
way_pass (struct way *way, uint32_t place)
{
  if (!way->heard)
    return;
  way->failed |= way->passage_count == WAY_PASSAGE;
  if (!way->failed)
    way->passage[way->passage_count++] = place;
}

struct known *
way_find (struct way *way, uint32_t operand)
{
  struct body *body = way->body;
  if (operand >> 30 == TEMPORARY >> 30)
    operand &= REGISTER_MASK;
  if (operand >> 29 == WAY_INPUT >> 29)
    return &way->inputs[operand - WAY_INPUT];
  if (way->depth && !(operand & GLOBAL) && operand >> 30 != PENDING >> 30)
    return &way->locals[way->calls[way->depth - 1].base + operand];
  uint32_t count = body->cell_count;
  uint16_t cell = (uint16_t)body_cell (way->run, body, operand, way->bases);
  if (cell == LOOP_CELLS)
    {
      way->failed = true;
      return &way->cells[0];
    }
  if (cell == count)
    way_know (way, cell);
  return &way->cells[cell];
}

struct known
way_number (struct way *way, uint32_t operand)
{
  struct known known = *way_find (way, operand);
  way->failed |= known.kind == KIND_NOTHING || known.kind > KIND_BOOLEAN;
  return known;
}

bool
way_left_out (struct way *way, uint32_t first, uint32_t count)
{
  for (uint32_t i = 0; i < count; i++)
    if (way_find (way, first + i)->kind != KIND_NOTHING)
      return false;
  return true;
}
