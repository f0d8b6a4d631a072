/* repeat_block.c -- iterations of a block, one after the other: their values alone. */
#include <math.h>
#include <string.h>

#include "machine/repetition.h"
#include "ops/elementwise.h"
#include "ops/few.h"

/* Where x[position] is among `size`, or -1. */
static inline ptrdiff_t
place_of (size_t size, double position)
{
  const double count = (double)(ptrdiff_t)size;
  if (position < 0)
    position += count;
  if (!(position >= 0 && position < count))
    return -1;
  const ptrdiff_t place = (ptrdiff_t)position;
  return (double)place == position ? place : -1;
}

static inline bool
read_item (const struct array *array, double position, double *item)
{
  const ptrdiff_t place = place_of (array->size, position);
  if (place < 0)
    return false;
  *item = array->elements[place];
  return true;
}

static inline bool
replace_item (struct repetition *repetition, const struct array *array, double position, double item)
{
  const ptrdiff_t place = place_of (array->size, position);
  if (place < 0)
    return false;
  double *element = &array->elements[place];
  *area_add (&repetition->run->scratch, struct replaced) = (struct replaced){ element, *element };
  *element = item;
  return true;
}

/* The position of an element of a matrix, as that of its elements in a row. */
static bool
find_position (const struct array *array, double row, double column, double *position)
{
  const ptrdiff_t i = place_of (array->shape.extent[0], row), j = place_of (array->shape.extent[1], column);
  *position = (double)(i * (ptrdiff_t)array->shape.extent[1] + j);
  return i >= 0 && j >= 0;
}

static double
extent_of (const struct array *array, uint16_t axis)
{
  return (double)(axis == WHAT_SIZE ? array->size : array->shape.extent[axis]);
}

static bool
find_row (const struct array *array, double row, double *position)
{
  const ptrdiff_t i = place_of (array->shape.extent[0], row);
  *position = (double)(i * (ptrdiff_t)(array->size / array->shape.extent[0]));
  return i >= 0;
}

/* Steps whose values take a moment are worth it that these are not called for. */
#define IS_SHORT(traits) ((traits) & (ARITHMETIC | TRUTH) || ((traits)&BLOCKS && (traits)&LINEAR))

#define LOAD(operand) const double operand = numbers[step->operand];
#define VALUE(op, traits, value, operands)                                                                             \
  case op:                                                                                                             \
    {                                                                                                                  \
      operands const double result = IS_SHORT (traits) ? value : op_value (op, a, b, c);                               \
      numbers[step->to] = numbers[step->also] = result;                                                                \
      break;                                                                                                           \
    }
/* Two and three basic operations in one, of which the first ones leave their results in registers. */
#define ADD(x, y) ((x) + (y))
#define SUBTRACT(x, y) ((x) - (y))
#define MULTIPLY(x, y) ((x) * (y))
#define FROM(x, y) ((y) - (x))
#define JOINED(op, value)                                                                                              \
  case op:                                                                                                             \
    {                                                                                                                  \
      LOAD (b) LOAD (c) const double result = value;                                                                   \
      numbers[step->to] = numbers[step->also] = result;                                                                \
      break;                                                                                                           \
    }
#define TWO(first, second) JOINED (BODY_TWO + 4 * JOIN_##first + JOIN_##second, second (first (a, b), c))
#define FOUR(left, both, right)                                                                                        \
  JOINED (BODY_FOUR + 9 * JOIN_##left + 3 * JOIN_##both + JOIN_##right,                                                \
          both (left (a, b), right (c, numbers[step->d])))
#define TWO_AFTER(first) TWO (first, ADD) TWO (first, SUBTRACT) TWO (first, MULTIPLY) TWO (first, FROM)
#define FOUR_AROUND(left, both) FOUR (left, both, ADD) FOUR (left, both, SUBTRACT) FOUR (left, both, MULTIPLY)
#define FOUR_AFTER(left) FOUR_AROUND (left, ADD) FOUR_AROUND (left, SUBTRACT) FOUR_AROUND (left, MULTIPLY)

/* False where somebody has to hear of a kink. */
static inline bool
meet_kink (struct run *run, int op, double a, double b, double c)
{
  const bool kink = at_kink (op, a, b, c);
  run->suspicious |= kink;
  return !kink || !run_hears_kinks (run);
}

static bool
find_span (const struct repetition *repetition, const struct body_step *step, double *numbers)
{
  const double first = numbers[step->to] = numbers[step->a];
  return first >= 0 && first + step->b <= (double)repetition->arrays[step->c]->size;
}

static bool
compute_few (const struct run *run, const struct body_step *step, double *numbers)
{
  return few_compute (step->b, run->arrays->memory, &numbers[step->a], step->c, &numbers[step->to]);
}

#define STOP_IF(op, condition)                                                                                         \
  case op:                                                                                                             \
    if (condition)                                                                                                     \
      return false;                                                                                                    \
    break;

/* The steps of a segment; false where single steps have to go the way. */
static inline __attribute__ ((always_inline)) bool
run_steps (struct repetition *repetition, const struct body_segment *segment)
{
  double *numbers = repetition->numbers;
  for (const struct body_step *step = segment->steps, *end = step + segment->step_count; step < end; step++)
    {
      LOAD (a)
      switch (step->op)
        {
#define UNARY(name, sign, traits, accuracy, domain, value, pa, says)                                                   \
  VALUE (OP_##name, traits, value, const double b = 0; const double c = 0; (void)b; (void)c;)
#define BINARY(name, sign, traits, accuracy, domain, value, pa, pb, says)                                              \
  VALUE (OP_##name, traits, value, LOAD (b) const double c = 0; (void)c;)
#define TERNARY(name, sign, traits, accuracy, domain, value, pa, pb, pc, says)                                         \
  VALUE (OP_##name, traits, value, LOAD (b) LOAD (c))
#include "ops/ops.def"
          TWO_AFTER (ADD) TWO_AFTER (SUBTRACT) TWO_AFTER (MULTIPLY)
          FOUR_AFTER (ADD) FOUR_AFTER (SUBTRACT) FOUR_AFTER (MULTIPLY)
          STOP_IF (BODY_WHOLE, a != floor (a) || isinf (a))
          STOP_IF (BODY_HOLDS, a == 0)
          STOP_IF (BODY_FAILS, a != 0)
          STOP_IF (BODY_ROW, !find_row (repetition->arrays[step->c], a, &numbers[step->to]))
          STOP_IF (BODY_SPAN, !find_span (repetition, step, numbers))
          STOP_IF (BODY_FEW, !compute_few (repetition->run, step, numbers))
          STOP_IF (BODY_DIFFER, a == numbers[step->b])
          STOP_IF (BODY_KINK, !meet_kink (repetition->run, step->to, a, numbers[step->b], numbers[step->c]))
          STOP_IF (BODY_CHOICE, a == numbers[step->b] && !repetition_note_tie (repetition, step->to, a))
        case BODY_GOES_ON:
          if (!(numbers[step->c] > 0 ? a < numbers[step->b] : a > numbers[step->b]))
            return false;
          break;
        case BODY_RANGE:
          if (!(numbers[step->c] > 0 ? a < numbers[step->b] : a > numbers[step->b]))
            return false;
          numbers[step->to] = a;
          numbers[step->a] = a + numbers[step->c];
          break;
        case BODY_BELOW:
          numbers[step->to] = numbers[step->c] > 0 ? a < numbers[step->b] : a > numbers[step->b];
          break;
        case BODY_INSIDE:
          numbers[step->to] = a < (double)repetition->arrays[step->b]->shape.extent[0];
          break;
        case BODY_FUNCTION:
          kernels_find ()->values[step->b](step->c, &numbers[step->a], NULL, NULL, &numbers[step->to]);
          break;
        case BODY_NUMBER:
          numbers[step->to] = step->b;
          break;
        case BODY_NEXT:
          numbers[step->to] = a + 1;
          break;
        case BODY_ITEM:
          if (!read_item (repetition->arrays[step->b], a, &numbers[step->to]))
            return false;
          numbers[step->also] = numbers[step->to];
          break;
        case BODY_REPLACE:
          if (!replace_item (repetition, repetition->arrays[step->c], a, numbers[step->b]))
            return false;
          break;
        case BODY_EXTENT:
          numbers[step->to] = extent_of (repetition->arrays[step->c], step->b);
          break;
        case BODY_POSITION:
          if (!find_position (repetition->arrays[step->c], a, numbers[step->b], &numbers[step->to]))
            return false;
          break;
        case BODY_TIED:
          if (isnan (numbers[step->c])
              || (a == numbers[step->c] && !meet_kink (repetition->run, step->to, a, numbers[step->b], 0)))
            return false;
          break;
        case BODY_KINK_ASIDE:
          repetition->run->tied |= at_kink (step->to, a, numbers[step->b], numbers[step->c]);
          break;
        default:
          __builtin_unreachable ();
        }
    }
  return true;
}

/* The segment behind a branch, or the first; NULL where there are too many. */
static __attribute__ ((noinline)) struct body_segment *
segment_after (struct repetition *repetition, struct body_segment *before, bool side)
{
  struct body *body = repetition->body;
  struct body_state *state = repetition->now.state;
  struct body_segment **next = before ? &before->next[side] : &state->root;
  if (!*next && body->segment_count < BODY_SEGMENTS)
    {
      *next = body_extend (repetition->run, body, state, before, side, repetition->bases);
      (*next)->sure = !before && (*next)->ends && (*next)->way;
      (*next)->held = body_held (*next);
      body->segment_count++;
      repetition_read (repetition);
    }
  body->crowded |= !*next;
  return *next;
}

/* The segment that ends the way that is gone from here, or NULL. */
static struct body_segment *
find_way (struct repetition *repetition)
{
  struct body_segment *segment = repetition->now.state->root;
  if (!segment)
    segment = segment_after (repetition, NULL, false);
  while (segment && run_steps (repetition, segment))
    {
      if (segment->ends)
        return segment->way ? segment : NULL;
      const bool side = repetition->numbers[segment->condition] != 0;
      segment = segment->next[side] ? segment->next[side] : segment_after (repetition, segment, side);
    }
  return NULL;
}

static inline void
copy_word (const double *from, double *to, uint64_t cells)
{
  for (; cells; cells &= cells - 1)
    {
      const int cell = __builtin_ctzll (cells);
      to[cell] = from[cell];
    }
}

/* Copies some cells: one by one, for each was written a moment ago, and a wider read has to wait until all that it
   spans is in the cache. */
static inline void
copy_cells (const double *from, double *to, cell_set cells)
{
  copy_word (from, to, (uint64_t)cells);
  copy_word (from + 64, to + 64, (uint64_t)(cells >> 64));
}

/* The cells that may be others behind a way than before it. */
static cell_set
unsteady_cells (const struct repetition *repetition)
{
  const cell_set known = repetition->known < LOOP_CELLS ? cell_bit (repetition->known) - 1 : ~(cell_set)0;
  return known & ~repetition->body->constant & ~repetition->body->passing;
}

/* What an iteration keeps of the cells before its way, and what the steps have left. */
static void
keep_cells (const struct body_way *way, const double *cells, uint32_t iteration)
{
  for (uint32_t k = 0; k < way->kept_cells; k++)
    way->kept[k * LOOP_BLOCK + iteration] = cells[way->kept_numbers[k]];
}

static void
keep_results (const struct body_way *way, const double *numbers, uint32_t iteration)
{
  for (uint32_t k = way->kept_cells; k < way->form.kept_count; k++)
    way->kept[k * LOOP_BLOCK + iteration] = numbers[way->kept_numbers[k]];
}

/* Everything is as it was before a way that was not gone to its end. */
static void
undo_way (struct repetition *repetition, cell_set cells, size_t replaced, uint32_t ties)
{
  copy_cells (repetition->now.cells, repetition->numbers, cells);
  repetition_put_back (repetition, replaced);
  repetition->tie_count = ties;
}

/* Goes one way; NULL, and everything is as it was, where single steps have to. */
static const struct body_way *
run_way (struct repetition *repetition, const struct block *block)
{
  struct position *now = &repetition->now;
  const struct body_segment *root = now->state->root;
  const bool sure = root && root->sure && !now->steps && !run_hears_kinks (repetition->run);
  const size_t replaced = repetition->run->scratch.used;
  const uint32_t ties = repetition->tie_count;
  if (sure)
    keep_cells (root->way, repetition->numbers, block->counts[root->way->number]);
  copy_cells (repetition->numbers, now->cells, sure ? root->held : unsteady_cells (repetition));
  struct body_segment *end = find_way (repetition);
  const struct body_way *way = end ? end->way : NULL;
  if (!way || (now->steps && now->steps <= way->steps))
    {
      undo_way (repetition, sure ? root->held : unsteady_cells (repetition), replaced, ties);
      return NULL;
    }
  if (!sure)
    keep_cells (way, now->cells, block->counts[way->number]);
  now->state->in_a_row = end == now->state->last ? now->state->in_a_row + 1 : 0;
  now->state->last = end;
  now->state = way->to;
  now->assigned |= way->assigned;
  now->steps -= now->steps ? way->steps : 0;
  if (way->last != UINT32_MAX)
    now->last = way->last;
  return way;
}

/* A way from the state back to it that goes on to be gone, as one segment, or NULL: the only one, or the one that the
   last iterations went. */
static const struct body_segment *
find_straight (const struct repetition *repetition)
{
  enum
  {
    HABIT = 8 /* iterations in a row */
  };
  struct body_state *state = repetition->now.state;
  if (!state->root || repetition->now.steps || run_hears_kinks (repetition->run))
    return NULL;
  if (state->root->sure)
    return state->root->way->to == state ? state->root : NULL;
  if (state->in_a_row < HABIT || state->last->way->to != state)
    return NULL;
  if (!state->last->straight)
    state->last->straight = body_straighten (repetition->run, state->last);
  return state->last->straight;
}

/* Iterations that all go one way from a state back to it: what is the same for all of them is looked at once. */
static void
run_straight (struct repetition *repetition, const struct body_segment *root, uint32_t most, struct block *block)
{
  const struct body_way *way = root->way;
  struct position *now = &repetition->now;
  uint32_t *count = &block->counts[way->number], first = block->loop.count;
  for (bool goes_on = true; goes_on && block->loop.count < most;)
    {
      const size_t replaced = repetition->run->scratch.used;
      const uint32_t ties = repetition->tie_count;
      keep_cells (way, repetition->numbers, *count);
      copy_cells (repetition->numbers, now->cells, root->held);
      goes_on = run_steps (repetition, root);
      if (goes_on)
        {
          keep_results (way, repetition->numbers, (*count)++);
          block->loop.count++;
        }
      else
        undo_way (repetition, root->held, replaced, ties);
    }
  memset (block->loop.forms + first, (int)way->number, block->loop.count - first);
  if (block->loop.count == first)
    return;
  now->assigned |= way->assigned;
  if (way->last != UINT32_MAX)
    now->last = way->last;
}

/* It begins a line of the cache, so that its loops do not change their speed by a tenth with the length of what is
   linked before them. */
__attribute__ ((aligned (64))) void
repetition_run (struct repetition *repetition, uint32_t most, struct block *block)
{
  const struct body_way *way = NULL;
  memset (block->counts, 0, sizeof block->counts);
  block->loop.count = 0;
  do
    {
      const struct body_segment *straight = find_straight (repetition);
      if (straight)
        {
          run_straight (repetition, straight, most, block);
          repetition->now.state->in_a_row *= block->loop.count == most;
        }
      way = block->loop.count < most ? run_way (repetition, block) : NULL;
      if (way)
        {
          keep_results (way, repetition->numbers, block->counts[way->number]++);
          block->loop.forms[block->loop.count++] = (uint8_t)way->number;
        }
    }
  while (way);
}
