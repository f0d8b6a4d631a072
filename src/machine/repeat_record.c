/* repeat_record.c -- iterations that were run at once: what the tape knows of them, and what registers have then. */
#include <string.h>

#include "machine/repetition.h"
#include "machine/small.h"

/* The cell whose node a cell gets that was assigned, and varies: another one with the very same value, which was there
   before the loop, or is the first. */
static uint32_t
node_from (const struct repetition *repetition, uint32_t cell)
{
  const struct cell_state *cells = repetition->now.state->cells;
  for (uint32_t other = 0; other < repetition->known; other++)
    if (cells[other].varies && cells[other].same == cells[cell].same && !(repetition->now.assigned & cell_bit (other)))
      return other;
  return cells[cell].same;
}

/* A node for what a loop has made of an array: all of that, which nobody else reads. */
static uint32_t
array_node (struct tape *tape, uint32_t result, size_t size)
{
  struct linear all = { .kind = LINEAR_KEEP,
                        .finite = true,
                        .in_place = true,
                        .scale = 1,
                        .operand_size = size,
                        .result_size = size,
                        .positions = array_vector (tape->arrays, 0) };
  tape_size (tape, size);
  tape_link_linear (tape, result, &all);
  return tape_node (tape);
}

/* The nodes of cells as they are before the loop. An array whose elements are cells has none of its own, where it is
   assigned. */
static void
find_nodes (struct repetition *repetition, uint32_t nodes[LOOP_CELLS])
{
  const struct body *body = repetition->body;
  for (uint32_t cell = 0; cell < repetition->known; cell++)
    {
      const struct value *value = body_value (body, cell, repetition->bases);
      const uint32_t first = body->elements[cell];
      if (body_is_element (body, cell))
        continue;
      nodes[cell] = value->kind <= KIND_ARRAY && !(body->passing & cell_bit (cell)) && !body_is_unfolded (body, cell)
                      ? value->node
                      : 0;
      if (!first)
        continue;
      uint32_t room[ARRAY_SMALL];
      memcpy (nodes + first, small_nodes (repetition->run, value->array, value->node, room),
              value->array->size * sizeof *nodes);
    }
}

/* A register gets an array of the elements that are cells. */
static void
set_array (struct repetition *repetition, uint32_t cell, const uint32_t nodes[LOOP_CELLS])
{
  struct run *run = repetition->run;
  struct value *value = body_value (repetition->body, cell, repetition->bases);
  const uint32_t first = repetition->body->elements[cell];
  struct array *array = array_new (run->arrays, TYPE_REAL, &value->array->shape);
  struct value made = value_of_array (array);
  memcpy (array->elements, repetition->numbers + first, array->size * sizeof *array->elements);
  memcpy (array_nodes (array), nodes + first, array->size * sizeof *nodes);
  for (size_t i = 0; i < array->size; i++)
    if (nodes[first + i])
      made.node = NODE_ELEMENTS;
  if (repetition->now.state->cells[cell].what & WHAT_CLOSED)
    array->closed = (uint16_t)small_all (array->size);
  value_set (run, value, made);
}

/* Sets the registers that were assigned; of a result that the loop makes the node is a copy, for others may use it. */
static void
set_registers (struct repetition *repetition, const struct loop *loop, uint32_t nodes[LOOP_CELLS])
{
  struct run *run = repetition->run;
  const struct body *body = repetition->body;
  for (uint32_t cell = 0; cell < repetition->known; cell++)
    {
      if (!(loop->assigned & cell_bit (cell)) || body_is_unfolded (body, cell))
        continue;
      struct value *value = body_value (repetition->body, cell, repetition->bases);
      const struct cell_state *state = &repetition->now.state->cells[cell];
      uint32_t result = loop_after (run->tape, loop, cell), node = 0;
      if (state->kind == KIND_ARRAY)
        {
          if (result)
            value->node = array_node (run->tape, result, value->array->size);
          continue;
        }
      if (result)
        {
          tape_link (run->tape, result, 1);
          node = tape_node (run->tape);
        }
      else if (state->varies)
        node = nodes[node_from (repetition, cell)];
      nodes[cell] = node;
      if (body_is_element (body, cell))
        continue;
      if (value->kind >= KIND_ARRAY)
        value_drop (run, value);
      value->number = state->kind ? repetition->numbers[cell] : 0;
      value->node = node;
      value->kind = state->kind;
    }
  for (uint32_t cell = 0; cell < repetition->known; cell++)
    if (loop->assigned & cell_bit (cell) && body_is_unfolded (body, cell))
      set_array (repetition, cell, nodes);
  if (repetition->now.last != UINT32_MAX)
    run->last = repetition->now.last;
  run->steps = repetition->now.steps;
}

void
repetition_read (struct repetition *repetition)
{
  const struct body *body = repetition->body;
  for (; repetition->known < body->cell_count; repetition->known++)
    {
      const uint32_t cell = repetition->known;
      struct value *value = body_value (body, cell, repetition->bases);
      if (value->kind == KIND_ARRAY && !(body->passing & cell_bit (cell)))
        small_settle (repetition->run, value);
      const bool element = body_is_element (body, cell);
      repetition->arrays[cell] = value->kind == KIND_ARRAY && !element ? value->array : NULL;
      repetition->entry[cell] = repetition->numbers[cell] = repetition->now.cells[cell]
        = element                    ? value->array->elements[body->registers[cell] & UINT16_MAX]
          : value->kind < KIND_ARRAY ? value->number
                                     : 0;
    }
  memcpy (repetition->numbers + BODY_CONSTANT, body->numbers, body->number_count * sizeof *body->numbers);
}

bool
repetition_note_tie (struct repetition *repetition, uint32_t choice, double number)
{
  if (repetition->tie_count == TIES)
    return false;
  repetition->ties[repetition->tie_count++] = (struct tie){ choice, number };
  return true;
}

void
repetition_tell_ties (struct repetition *repetition)
{
  for (const struct tie *tie = repetition->ties; tie < repetition->ties + repetition->tie_count; tie++)
    {
      const struct body_choice *choice = &repetition->body->choices[tie->choice];
      warn_tie (repetition->run, choice->place, (enum op)choice->op, "", tie->number);
    }
  repetition->tie_count = 0;
}

void
repetition_put_back (struct repetition *repetition, size_t used)
{
  struct area *scratch = &repetition->run->scratch;
  while (scratch->used > used)
    {
      scratch->used -= sizeof (struct replaced);
      const struct replaced *last = (const struct replaced *)(scratch->start + scratch->used);
      *last->element = last->before;
    }
}

bool
repetition_record (struct repetition *repetition, size_t iterations, size_t first_block)
{
  struct tape *tape = repetition->run->tape;
  const struct body *body = repetition->body;
  uint32_t before[LOOP_CELLS] = { 0 };
  find_nodes (repetition, before);
  struct loop loop = { .forms = body->forms,
                       .form_count = body->form_count,
                       .cell_count = repetition->known,
                       .assigned = repetition->now.assigned,
                       .iterations = iterations,
                       .first_block = first_block,
                       .blocks = area_count (&tape->loop_blocks, struct loop_block) - first_block,
                       .numbers = area_count (&tape->loop_numbers, double),
                       .nodes = area_count (&tape->loop_nodes, uint32_t),
                       .first = tape_count (tape) };
  memcpy (area_push (&tape->loop_numbers, repetition->known * sizeof (double)), repetition->entry,
          repetition->known * sizeof (double));
  for (uint32_t cell = 0; cell < repetition->known; cell++)
    {
      const struct value *value = body_value (body, cell, repetition->bases);
      uint32_t *nodes = area_push (&tape->loop_nodes, 2 * sizeof *nodes);
      bool made = loop.assigned & cell_bit (cell) && repetition->now.state->cells[cell].varies
                  && node_from (repetition, cell) == cell;
      nodes[0] = before[cell];
      if (made && repetition->now.state->cells[cell].kind == KIND_ARRAY)
        tape_size (tape, value->array->size);
      nodes[1] = made ? tape_node (tape) : 0;
    }
  bool varies = tape_count (tape) > loop.first;
  loop.last = tape_count (tape) - 1;
  if (varies)
    *area_add (&tape->loops, struct loop) = loop;
  set_registers (repetition, &loop, before);
  return varies;
}
