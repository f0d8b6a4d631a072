/* repeat.c -- many iterations of a loop at once: values one after the other, then a look at the coefficients of a whole
   block, for one that is not finite has to be met step by step. */
#include "machine/repeat.h"

#include <math.h>
#include <string.h>

#include "machine/repetition.h"
#include "machine/small.h"
#include "ops/elementwise.h"

enum
{
  FIRST = 8,    /* times that a loop goes back before it is looked at: short ones are not worth the preparation */
  LEAST = 32,   /* iterations that are worth an entry of the tape */
  FAILURES = 16 /* in a row, after which a loop is left alone */
};

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
#define PRODUCT(op, value)                                                                                             \
  case op:                                                                                                             \
    {                                                                                                                  \
      LOAD (b) LOAD (c) const double result = value;                                                                   \
      numbers[step->to] = numbers[step->also] = result;                                                                \
      break;                                                                                                           \
    }

/* False where somebody has to hear of a kink. */
static inline bool
meet_kink (struct run *run, int op, double a, double b, double c)
{
  const bool kink = at_kink (op, a, b, c);
  run->suspicious |= kink;
  return !kink || !run->listener;
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
          PRODUCT (BODY_PRODUCT_AND, a * b + c)
          PRODUCT (BODY_PRODUCT_LESS, a * b - c)
          PRODUCT (BODY_LESS_PRODUCT, c - a * b)
          STOP_IF (BODY_WHOLE, a != floor (a) || isinf (a))
          STOP_IF (BODY_HOLDS, a == 0)
          STOP_IF (BODY_FAILS, a != 0)
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
        case BODY_ONE:
          numbers[step->to] = 1;
          break;
        case BODY_NEXT:
          numbers[step->to] = a + 1;
          break;
        case BODY_ITEM:
          if (!read_item (repetition->arrays[step->b], a, &numbers[step->to]))
            return false;
          break;
        case BODY_REPLACE:
          if (!replace_item (repetition, repetition->arrays[step->c], a, numbers[step->b]))
            return false;
          break;
        case BODY_EXTENT:
          numbers[step->to] = extent_of (repetition->arrays[step->c], step->b);
          break;
        case BODY_ROW:
          if (!find_row (repetition->arrays[step->c], a, &numbers[step->to]))
            return false;
          break;
        case BODY_POSITION:
          if (!find_position (repetition->arrays[step->c], a, numbers[step->b], &numbers[step->to]))
            return false;
          break;
        case BODY_TIED:
          if ((a == numbers[step->b] && a == numbers[step->c]) || isnan (numbers[step->c]))
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
  return *next;
}

/* The way that is gone from here, or NULL. */
static const struct body_way *
find_way (struct repetition *repetition)
{
  struct body_segment *segment = repetition->now.state->root;
  if (!segment)
    segment = segment_after (repetition, NULL, false);
  while (segment && run_steps (repetition, segment))
    {
      if (segment->ends)
        return segment->way;
      const bool side = repetition->numbers[segment->condition] != 0;
      segment = segment->next[side] ? segment->next[side] : segment_after (repetition, segment, side);
    }
  return NULL;
}

/* Copies some cells: one by one, for each was written a moment ago, and a wider read has to wait until all that it
   spans is in the cache. */
static void
copy_cells (const double *from, double *to, uint64_t cells)
{
  for (; cells; cells &= cells - 1)
    {
      const int cell = __builtin_ctzll (cells);
      to[cell] = from[cell];
    }
}

/* The cells that may be others behind a way than before it. */
static uint64_t
unsteady_cells (const struct repetition *repetition)
{
  const uint64_t known = repetition->known < LOOP_CELLS ? cell_bit (repetition->known) - 1 : ~(uint64_t)0;
  return known & ~repetition->body->constant & ~repetition->body->passing;
}

/* A block at work: how many iterations there are of each form. */
struct block
{
  struct loop_block loop;
  uint32_t counts[LOOP_FORMS];
};

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

/* Goes one way; NULL, and everything is as it was, where single steps have to. */
static const struct body_way *
run_way (struct repetition *repetition, const struct block *block)
{
  struct position *now = &repetition->now;
  const struct body_segment *root = now->state->root;
  const bool sure = root && root->sure && !now->steps && !repetition->run->listener;
  const size_t replaced = repetition->run->scratch.used;
  const uint32_t ties = repetition->tie_count;
  if (sure)
    keep_cells (root->way, repetition->numbers, block->counts[root->way->number]);
  copy_cells (repetition->numbers, now->cells, sure ? root->held : unsteady_cells (repetition));
  const struct body_way *way = find_way (repetition);
  if (!way || (now->steps && now->steps <= way->steps))
    {
      copy_cells (now->cells, repetition->numbers, sure ? root->held : unsteady_cells (repetition));
      repetition_put_back (repetition, replaced);
      repetition->tie_count = ties;
      return NULL;
    }
  if (!sure)
    keep_cells (way, now->cells, block->counts[way->number]);
  now->state = way->to;
  now->assigned |= way->assigned;
  now->steps -= now->steps ? way->steps : 0;
  if (way->last != UINT32_MAX)
    now->last = way->last;
  return way;
}

/* Runs up to `most` iterations. What they keep stands at their ways. It begins a line of the cache, so that its loops
   do not change their speed by a tenth with the length of what is linked before them. */
static __attribute__ ((aligned (64))) void
run_block (struct repetition *repetition, uint32_t most, struct block *block)
{
  const struct body_way *way;
  memset (block->counts, 0, sizeof block->counts);
  for (block->loop.count = 0; block->loop.count < most && (way = run_way (repetition, block)); block->loop.count++)
    {
      keep_results (way, repetition->numbers, block->counts[way->number]++);
      block->loop.forms[block->loop.count] = (uint8_t)way->number;
    }
}

/* Puts what a block keeps on the tape. */
static void
write_block (struct repetition *repetition, struct block *block)
{
  struct area *area = &repetition->run->tape->loop_numbers;
  const struct loop_form *const *forms = repetition->body->forms;
  block->loop.numbers = area_count (area, double);
  for (uint32_t k = 0; k < repetition->body->form_count; k++)
    {
      const struct body_way *way = (const struct body_way *)forms[k]; /* of which it is the first member */
      if (block->counts[k])
        way_write_kept (way, block->counts[k], area);
    }
}

/* The first of `count` numbers by link that is not finite, or `count`. */
static uint32_t
first_infinite (const struct loop_form *form, const double *const *coefficients, uint32_t count)
{
  uint32_t first = count;
  for (uint32_t link = 0; link < form->link_count; link++)
    if (!elements_are_finite (coefficients[link], first))
      for (uint32_t i = 0; i < first; i++)
        if (!isfinite (coefficients[link][i]))
          first = i;
  return first;
}

/* The first iteration of a block with a coefficient that is not finite, or how many there are. */
static uint32_t
first_unfit (const struct repetition *repetition, const struct block *block)
{
  const double *kept = area_of (&repetition->run->tape->loop_numbers, double) + block->loop.numbers;
  uint32_t firsts[LOOP_FORMS], i = 0;
  if (body_is_bounded (repetition->body, block->counts, repetition->entry))
    return block->loop.count;
  for (uint32_t k = 0; k < repetition->body->form_count; k++)
    {
      const struct loop_form *form = repetition->body->forms[k];
      const uint32_t count = firsts[k] = block->counts[k];
      if (count)
        firsts[k] = first_infinite (form, form->coefficients (form, repetition->entry, &kept, count), count);
    }
  bool fit = true;
  for (uint32_t k = 0; k < repetition->body->form_count; k++)
    fit = fit && firsts[k] == block->counts[k];
  if (fit)
    return block->loop.count;
  while (i < block->loop.count && firsts[block->loop.forms[i]]-- > 0)
    i++;
  return i;
}

/* Steps of a block, of those that are counted. */
static size_t
steps_of_block (const struct repetition *repetition, const struct block *block)
{
  size_t steps = 0;
  for (uint32_t k = 0; k < repetition->body->form_count; k++)
    steps += block->counts[k] * (size_t)((const struct body_way *)repetition->body->forms[k])->steps;
  return steps;
}

/* Where a block began, to go back there. */
struct block_start
{
  struct position position;
  size_t used, replaced; /* bytes of kept numbers, and of elements that were replaced */
  uint32_t known;
  double cells[LOOP_CELLS];
};

static void
go_back (struct repetition *repetition, const struct block_start *start)
{
  const uint32_t known = start->known;
  repetition->run->tape->loop_numbers.used = start->used;
  memcpy (repetition->numbers, start->cells, known * sizeof *start->cells);
  memcpy (repetition->numbers + known, repetition->entry + known, (repetition->known - known) * sizeof *start->cells);
  repetition->now = start->position;
  repetition_put_back (repetition, start->replaced);
  repetition->tie_count = 0;
}

/* Runs up to `most` iterations. Steps that are counted are so behind all of them, as to count each takes as long as
   another step of it; only where they do not last are they counted one by one. */
static void
run_counted (struct repetition *repetition, const struct block_start *start, uint32_t most, struct block *block)
{
  const size_t left = start->position.steps;
  repetition->now.steps = 0;
  run_block (repetition, most, block);
  const size_t taken = left ? steps_of_block (repetition, block) : 0;
  repetition->now.steps = left - taken;
  if (taken < left || !left)
    return;
  go_back (repetition, start);
  run_block (repetition, most, block);
}

/* One block; how many iterations of it were run. */
static uint32_t
repeat_block (struct repetition *repetition)
{
  struct tape *tape = repetition->run->tape;
  struct block block;
  struct block_start start;
  start.position = repetition->now;
  start.used = tape->loop_numbers.used;
  start.replaced = repetition->run->scratch.used;
  start.known = repetition->known;
  memcpy (start.cells, repetition->numbers, sizeof start.cells);
  run_counted (repetition, &start, LOOP_BLOCK, &block);
  write_block (repetition, &block);
  uint32_t fit = first_unfit (repetition, &block);
  if (fit < block.loop.count)
    {
      repetition->unbounded = true;
      go_back (repetition, &start);
      run_counted (repetition, &start, fit, &block);
      write_block (repetition, &block);
    }
  *area_add (&tape->loop_blocks, struct loop_block) = block.loop;
  return block.loop.count;
}

/* Runs iterations from a state on; none rather than few. Where the program is then. */
static uint32_t
repeat_from (struct run *run, struct body *body, struct body_state *state, struct value *const bases[4],
             size_t *iterations)
{
  struct tape *tape = run->tape;
  struct repetition repetition = { .run = run, .body = body, .bases = bases };
  const size_t blocks = tape->loop_blocks.used, numbers = tape->loop_numbers.used, replaced = run->scratch.used;
  uint32_t done;
  repetition.now = (struct position){ .state = state, .last = UINT32_MAX, .steps = run->steps };
  repetition_read (&repetition);
  do
    {
      *iterations += done = repeat_block (&repetition);
      if (*iterations < LEAST)
        repetition_put_back (&repetition, replaced);
      else
        repetition_tell_ties (&repetition);
      run->scratch.used = replaced;
    }
  while (done == LOOP_BLOCK);
  if (*iterations < LEAST || !repetition_record (&repetition, *iterations, blocks / sizeof (struct loop_block)))
    {
      tape->loop_blocks.used = blocks;
      tape->loop_numbers.used = numbers;
    }
  if (repetition.unbounded && run->variation.bounded)
    run->steps = 1;
  return *iterations < LEAST ? state->place : repetition.now.state->place;
}

uint32_t
repeat_run (struct run *run, uint32_t place, struct value *const bases[4])
{
  const struct instruction *jump = area_of (&run->program->code, struct instruction) + place;
  struct repeat *repeat = area_of (&run->repeats, struct repeat) + jump->op;
  uint32_t top = jump->a;
  const bool heard = run->trace || (run->listener && !run->listener->kinks);
  if (heard || run->complete || run->tape->careful || run->variation.choice.way != FORCE_NOTHING
      || run->variation.stepwise || repeat->failures == FAILURES)
    return top;
  if (repeat->met < FIRST || repeat->wait)
    {
      repeat->met += repeat->met < FIRST;
      repeat->wait -= repeat->wait > 0;
      return top;
    }
  if (!repeat->body)
    repeat->body = body_new (run, top, place + 1);
  struct body_state *state = body_enter (repeat->body, top, bases);
  size_t iterations = 0;
  if (state && body_owns_arrays (repeat->body, run->arrays, bases))
    top = repeat_from (run, repeat->body, state, bases, &iterations);
  repeat->failures = iterations >= LEAST ? 0 : repeat->failures + 1;
  repeat->wait = repeat->failures ? (uint32_t)iterations : 0;
  return top;
}
