/* body.c -- the cells of a loop's body, and its states: what is known of them where a way may begin. */
#include "machine/body.h"

#include <string.h>

#include "value/slices.h"

static const struct instruction *
code_of (const struct run *run)
{
  return area_of (&run->program->code, struct instruction);
}

static bool
is_within (uint32_t operand, uint32_t first, uint32_t count)
{
  return operand >= first && operand - first < count;
}

/* Whether an instruction leaves something else in a register. */
static bool
assigns (const struct instruction *instruction, uint32_t operand)
{
  switch (instruction->code)
    {
    case CODE_ROUTINE:
    case CODE_DERIVE:
    case CODE_LIST:
    case CODE_REPLACE:
      return operand == instruction->a || is_within (operand, instruction->b, instruction->c);
    case CODE_SLICE:
      return operand == instruction->a || is_within (operand, instruction->b, 3);
    case CODE_CALL:
      return operand == instruction->a || is_within (operand, instruction->c, instruction->op);
    case CODE_MOVE:
      return operand == instruction->a || (operand == instruction->b && instruction->op);
    case CODE_PRINT:
      return is_within (operand, instruction->b, instruction->c);
    case CODE_LEFT:
      return operand == instruction->c;
    case CODE_COUNT:
      return is_within (operand, instruction->a, 3);
    case CODE_COUNT_NEXT:
      return operand == instruction->b || operand == instruction->c;
    case CODE_ITEM_NEXT:
      return operand == instruction->b + 1 || operand == instruction->c;
    case CODE_JUMP:
    case CODE_UNLESS:
    case CODE_BOOLEAN:
    case CODE_RETURN:
    case CODE_ASSERT:
    case CODE_ASSIGNED:
    case CODE_UNBOUND:
    case CODE_KEEP:
      return false;
    default:
      return operand == instruction->a;
    }
}

/* What the code does to a register, by bits. */
enum
{
  ASSIGNS = 1,
  REPLACES = 2, /* elements of the array in it */
  COUNTS = 4    /* it has a part of a range that is counted, or of an array that is gone through */
};

static int
use_of (const struct run *run, const struct body *body, uint32_t operand)
{
  const struct instruction *code = code_of (run), *end = code + body->end;
  int use = 0;
  for (const struct instruction *at = code + body->top; at < end; at += at->code == CODE_GROUP ? at->b + 1 : 1)
    {
      bool replaces = at->code == CODE_REPLACE && operand == at->a;
      use |= (replaces ? REPLACES : 0) | (!replaces && assigns (at, operand) ? ASSIGNS : 0);
      if ((at->code == CODE_COUNT && is_within (operand, at->a, 3))
          || (at->code == CODE_COUNT_NEXT && is_within (operand, at->b, 3))
          || (at->code == CODE_ITEM_NEXT && is_within (operand, at->b, 2)))
        use |= COUNTS;
    }
  return use;
}

/* What a cell is by what the code does to its register: whether it is assigned as variables are. Registers of the main
   program that are no variables are those of expressions, but for what loops count. */
static bool
classify (const struct run *run, struct body *body, uint32_t cell, struct value *const bases[4])
{
  const uint32_t operand = body->registers[cell];
  const bool captured = operand >> 30 == PENDING >> 30;
  const int use = captured ? 0 : use_of (run, body, operand);
  const bool main = bases[0] == area_of (&run->registers, struct value);
  if (!use || use == COUNTS)
    body->constant |= cell_bit (cell);
  else if (use == REPLACES)
    body->in_place |= cell_bit (cell);
  else if (use == ASSIGNS && main && !(operand & GLOBAL))
    body->passing |= cell_bit (cell);
  return use & ASSIGNS && !(use & COUNTS) && !(body->passing & cell_bit (cell));
}

struct body *
body_new (struct run *run, uint32_t top, uint32_t end)
{
  struct body *body = area_push (&run->tape->loop_forms, sizeof *body);
  const struct instruction *code = code_of (run);
  memset (body, 0, sizeof *body);
  body->top = top;
  body->end = end;
  for (uint32_t at = top; at < end; at += code[at].code == CODE_GROUP ? code[at].b + 1 : 1)
    if (code[at].code == CODE_JUMP && code[at].a <= at && code[at].a >= top && !body_has_head (body, code[at].a)
        && body->head_count < BODY_HEADS)
      body->heads[body->head_count++] = code[at].a;
  return body;
}

struct body *
body_turn_by_turn (struct run *run, struct body *body)
{
  if (body->turn_by_turn)
    return body;
  body = body_new (run, body->top, body->end);
  body->turn_by_turn = true;
  return body;
}

bool
body_has_head (const struct body *body, uint32_t place)
{
  for (uint32_t i = 0; i < body->head_count; i++)
    if (body->heads[i] == place)
      return true;
  return false;
}

struct value *
body_value (const struct body *body, uint32_t cell, struct value *const bases[4])
{
  uint32_t operand = body->registers[cell];
  if (body_is_element (body, cell))
    operand = body->registers[body_array_of (body, cell)];
  if (operand >> 30 != PENDING >> 30)
    return OPERAND (bases, operand);
  /* What the function in a cell has captured. */
  uint32_t of = operand >> 16 & (LOOP_CELLS - 1);
  return &OPERAND (bases, body->registers[of])->function->captured[operand & UINT16_MAX];
}

/* Of an array whose elements are no cells. */
static uint32_t
what_of_rows (const struct array *array)
{
  struct shape shape = array->shape, row = { .rank = shape.rank - 1 };
  if (shape.rank >= 2 && shape.rank <= WHAT_RANK)
    memcpy (row.extent, shape.extent + 1, (size_t)row.rank * sizeof *row.extent);
  if (shape.rank < 2 || shape.rank > WHAT_RANK || shape_size (&row) > ARRAY_SMALL)
    return (uint32_t)array->type << WHAT_TYPE | (uint32_t)shape.rank;
  if (array->size > ARRAY_SMALL)
    shape.extent[0] = 0;
  return body_what (array->type, &shape);
}

/* A value as a state tells of it, but for others that are the very same. Of what passes nothing is known. */
static struct cell_state
state_of (const struct body *body, const struct value *value, uint32_t cell)
{
  static const uint8_t kinds[]
    = { [TYPE_REAL] = KIND_REAL, [TYPE_INTEGER] = KIND_INTEGER, [TYPE_BOOLEAN] = KIND_BOOLEAN };
  struct cell_state state = { value->kind, value->node != 0, (uint16_t)cell, 0 };
  if (body_is_element (body, cell))
    {
      state.kind = kinds[value->array->type];
      return state;
    }
  if (body->passing & cell_bit (cell))
    return (struct cell_state){ KIND_NOTHING, false, (uint16_t)cell, 0 };
  if (value->kind == KIND_ARRAY && body->elements[cell])
    {
      const bool small = value->array->size <= ARRAY_SMALL && value->array->shape.rank <= WHAT_RANK;
      state.what = small ? body_what (value->array->type, &value->array->shape) | WHAT_CLOSED : 0;
      state.varies &= !body_is_unfolded (body, cell);
    }
  else if (value->kind == KIND_ARRAY)
    state.what = what_of_rows (value->array);
  if (value->kind == KIND_FUNCTION && !value->function->built_in && !value->function->derivative)
    state.what = value->function->prototype + 1;
  return state;
}

uint32_t
body_what (enum type type, const struct shape *shape)
{
  uint32_t what = (uint32_t)type << WHAT_TYPE | (uint32_t)shape->rank;
  for (int i = 0; i < shape->rank; i++)
    what |= (uint32_t)shape->extent[i] << (WHAT_EXTENT + 5 * i);
  return what;
}

struct shape
body_shape (uint32_t what)
{
  struct shape shape = { .rank = what & UINT8_MAX };
  for (int i = 0; i < shape.rank; i++)
    shape.extent[i] = what >> (WHAT_EXTENT + 5 * i) & 31;
  return shape;
}

/* A cell that is new, which in all states was what it is now, for no way so far has touched it. */
static void
add_cell (struct body *body, uint32_t operand)
{
  body->registers[body->cell_count++] = operand;
}

static void
set_states (struct body *body, uint32_t cell, struct value *const bases[4])
{
  struct cell_state state = state_of (body, body_value (body, cell, bases), cell);
  for (uint32_t i = 0; i < body->state_count; i++)
    body->states[i].cells[cell] = state;
}

bool
body_unfold (struct body *body, uint32_t cell, struct value *const bases[4])
{
  const struct value *value = body_value (body, cell, bases);
  if (body->elements[cell])
    return true;
  if (value->kind != KIND_ARRAY || value->array->size == 0 || value->array->size > ARRAY_SMALL
      || value->array->shape.rank < 1 || value->array->shape.rank > WHAT_RANK
      || body->cell_count + value->array->size > LOOP_CELLS)
    return false;
  body->elements[cell] = (uint8_t)body->cell_count;
  body->what[cell] = body_what (value->array->type, &value->array->shape) | WHAT_CLOSED;
  set_states (body, cell, bases);
  for (uint32_t i = 0; i < value->array->size; i++)
    {
      uint32_t element = body->cell_count;
      add_cell (body, BODY_ELEMENT | cell << 16 | i);
      if (body->constant & cell_bit (cell))
        body->constant |= cell_bit (element);
      set_states (body, element, bases);
    }
  return true;
}

uint32_t
body_cell (struct run *run, struct body *body, uint32_t operand, struct value *const bases[4])
{
  uint32_t cell = 0;
  while (cell < body->cell_count && body->registers[cell] != operand)
    cell++;
  if (cell < body->cell_count || cell == LOOP_CELLS)
    return cell;
  add_cell (body, operand);
  const bool variable = classify (run, body, cell, bases);
  set_states (body, cell, bases);
  const struct value *value = body_value (body, cell, bases);
  if (variable && value->kind == KIND_ARRAY && value->array->type == TYPE_REAL)
    body_unfold (body, cell, bases);
  return cell;
}

struct body_state *
body_state (struct body *body, uint32_t place, const struct cell_state *cells)
{
  for (struct body_state *state = body->states; state < body->states + body->state_count; state++)
    {
      bool same = state->place == place;
      for (uint32_t cell = 0; cell < body->cell_count && same; cell++)
        {
          const struct cell_state *a = &state->cells[cell], *b = &cells[cell];
          same = a->kind == b->kind && a->varies == b->varies && a->same == b->same && a->what == b->what;
        }
      if (same)
        return state;
    }
  if (body->state_count == BODY_STATES)
    return NULL;
  struct body_state *state = &body->states[body->state_count++];
  state->place = place;
  state->root = state->last = NULL;
  state->in_a_row = 0;
  memcpy (state->cells, cells, body->cell_count * sizeof *cells);
  return state;
}

/* Whether the function in a cell has captured as many values as the one that was there before. */
static bool
has_captured (const struct body *body, uint32_t operand, struct value *const bases[4])
{
  const struct value *of = OPERAND (bases, body->registers[operand >> 16 & (LOOP_CELLS - 1)]);
  return of->kind == KIND_FUNCTION && of->function->count > (operand & UINT16_MAX);
}

/* Whether an array has the shape with which its elements became cells. */
static bool
is_as_unfolded (const struct body *body, const struct cell_state *state, uint32_t cell)
{
  return state->kind == KIND_ARRAY && state->what == body->what[cell];
}

struct body_state *
body_enter (struct body *body, uint32_t place, struct value *const bases[4])
{
  struct cell_state cells[LOOP_CELLS];
  uint32_t nodes[LOOP_CELLS];
  for (uint32_t cell = 0; cell < body->cell_count; cell++)
    {
      uint32_t operand = body->registers[cell];
      const bool element = body_is_element (body, cell);
      if (operand >> 30 == PENDING >> 30 && !element && !has_captured (body, operand, bases))
        return NULL;
      const struct value *value = body_value (body, cell, bases);
      cells[cell] = state_of (body, value, cell);
      if (body->elements[cell] && !is_as_unfolded (body, &cells[cell], cell))
        return NULL;
      nodes[cell] = cells[cell].kind <= KIND_BOOLEAN && cells[cell].varies && !element ? value->node : 0;
      for (uint32_t other = 0; nodes[cell] && other < cell; other++)
        if (nodes[other] == nodes[cell])
          {
            cells[cell].same = (uint16_t)other;
            break;
          }
    }
  return body_state (body, place, cells);
}

bool
body_owns_arrays (const struct body *body, struct arrays *arrays, struct value *const bases[4])
{
  for (cell_set left = body->changed; left; left &= left - 1)
    {
      const struct value *value = body_value (body, cell_first (left), bases);
      if (value->kind == KIND_ARRAY && !slices_leave (arrays, value->array))
        return false;
    }
  return true;
}
