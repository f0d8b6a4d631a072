/* repeat.c -- many iterations of a loop at once: values one after the other, then a look at the coefficients of a whole
   block, for one that is not finite has to be met step by step. */
#include "machine/repeat.h"

#include <math.h>
#include <string.h>

#include "machine/body.h"
#include "ops/elementwise.h"

enum
{
  FIRST = 8,    /* times that a loop goes back before it is looked at: short ones are not worth the preparation */
  LEAST = 32,   /* iterations that are worth an entry of the tape */
  FAILURES = 16 /* in a row, after which a loop is left alone */
};

/* Where a loop is, between two ways. */
struct position
{
  struct body_state *state;
  uint32_t last;     /* the variable that was assigned last */
  uint64_t assigned; /* cells, since the loop was entered */
  size_t steps;      /* that the run still may count, if it has a limit */
  double cells[LOOP_CELLS];
};

/* The loop at work. */
struct repetition
{
  struct run *run;
  struct body *body;
  struct value *const *bases;
  struct position now;
  double numbers[BODY_NUMBERS]; /* the cells now, and room for the rest of a way */
  double entry[LOOP_CELLS];     /* the cells before the first */
  const struct array *arrays[LOOP_CELLS];
  uint32_t known; /* cells */
};

/* Reads the registers of cells that are new. */
static void
read_cells (struct repetition *repetition)
{
  const struct body *body = repetition->body;
  for (; repetition->known < body->cell_count; repetition->known++)
    {
      const uint32_t cell = repetition->known;
      const struct value *value = body_value (body, cell, repetition->bases);
      repetition->arrays[cell] = value->kind == KIND_ARRAY ? value->array : NULL;
      repetition->entry[cell] = repetition->numbers[cell] = repetition->now.cells[cell]
        = value->kind < KIND_ARRAY ? value->number : 0;
    }
}

static bool
read_item (const struct array *array, double position, double *item)
{
  double size = (double)array->size;
  if (position < 0)
    position += size;
  if (!(position >= 0 && position < size && position == floor (position)))
    return false;
  *item = array->elements[(size_t)position];
  return true;
}

/* Steps whose values take a moment are worth it that these are not called for. */
#define IS_SHORT(traits) ((traits) & (ARITHMETIC | TRUTH) || ((traits)&BLOCKS && (traits)&LINEAR))

#define LOAD(operand) const double operand = numbers[step->operand];
#define VALUE(op, traits, value, operands)                                                                             \
  case op:                                                                                                             \
    {                                                                                                                  \
      operands numbers[step->to] = IS_SHORT (traits) ? value : op_value (op, a, b, c);                                 \
      break;                                                                                                           \
    }

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
        case BODY_WHOLE:
          if (a != floor (a) || isinf (a))
            return false;
          break;
        case BODY_HOLDS:
          if (a == 0)
            return false;
          break;
        case BODY_FAILS:
          if (a != 0)
            return false;
          break;
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
        case BODY_DIFFER:
          if (a == numbers[step->b])
            return false;
          break;
        case BODY_KINK:
          repetition->run->suspicious |= at_kink (step->to, a, numbers[step->b], numbers[step->c]);
          break;
        default:
          __builtin_unreachable ();
        }
    }
  return true;
}

/* Whether it is a way by itself that stops, if it does, before any cell is another. */
static bool
is_sure (const struct body_segment *segment)
{
  bool changed = false;
  for (uint32_t k = 0; k < segment->step_count; k++)
    {
      const struct body_step *step = &segment->steps[k];
      bool stops = step->op == BODY_WHOLE || step->op == BODY_HOLDS || step->op == BODY_FAILS
                   || step->op == BODY_GOES_ON || step->op == BODY_RANGE || step->op == BODY_ITEM
                   || step->op == BODY_DIFFER;
      if (stops && changed)
        return false;
      changed |= step->op == BODY_RANGE || (step->op != BODY_KINK && step->to < LOOP_CELLS);
    }
  return segment->ends && segment->way;
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
      (*next)->sure = !before && is_sure (*next);
      body->segment_count++;
      read_cells (repetition);
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

/* The cells before a way, of which most hold still: one by one, for each was written a moment ago, and a wider read has
   to wait until all that it spans is in the cache. */
static void
hold_cells (struct repetition *repetition)
{
  uint64_t left = ~repetition->body->constant;
  if (repetition->known < LOOP_CELLS)
    left &= cell_bit (repetition->known) - 1;
  for (; left; left &= left - 1)
    {
      const int cell = __builtin_ctzll (left);
      repetition->now.cells[cell] = repetition->numbers[cell];
    }
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
  const bool sure = root && root->sure && !now->steps;
  if (sure)
    keep_cells (root->way, repetition->numbers, block->counts[root->way->number]);
  else
    hold_cells (repetition);
  const struct body_way *way = find_way (repetition);
  if (sure && !way)
    return NULL;
  if (!way || (now->steps && now->steps <= way->steps))
    {
      memcpy (repetition->numbers, now->cells, repetition->known * sizeof *now->cells);
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
      for (uint32_t i = 0; i < way->form.kept_count && block->counts[k]; i++)
        {
          size_t size = block->counts[k] * sizeof (double);
          memcpy (area_push (area, size), way->kept + (size_t)i * LOOP_BLOCK, size);
        }
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
  for (uint32_t k = 0; k < repetition->body->form_count; k++)
    {
      const struct loop_form *form = repetition->body->forms[k];
      const uint32_t count = firsts[k] = block->counts[k];
      if (count && form->link_count)
        firsts[k] = first_infinite (form, form->coefficients (form, repetition->entry, kept, count), count);
      kept += form->kept_count * count;
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

/* One block; how many iterations of it were run. */
static uint32_t
repeat_block (struct repetition *repetition)
{
  struct tape *tape = repetition->run->tape;
  struct block block;
  const struct position start = repetition->now;
  const size_t used = tape->loop_numbers.used;
  double cells[LOOP_CELLS];
  memcpy (cells, repetition->numbers, sizeof cells);
  const uint32_t known = repetition->known;
  run_block (repetition, LOOP_BLOCK, &block);
  write_block (repetition, &block);
  uint32_t fit = first_unfit (repetition, &block);
  if (fit < block.loop.count)
    {
      tape->loop_numbers.used = used;
      memcpy (repetition->numbers, cells, known * sizeof *cells);
      memcpy (repetition->numbers + known, repetition->entry + known, (repetition->known - known) * sizeof *cells);
      repetition->now = start;
      run_block (repetition, fit, &block);
      write_block (repetition, &block);
    }
  *area_add (&tape->loop_blocks, struct loop_block) = block.loop;
  return block.loop.count;
}

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

/* Sets the registers that were assigned; of a result that the loop makes the node is a copy, for others may use it. */
static void
set_registers (struct repetition *repetition, const struct loop *loop)
{
  struct run *run = repetition->run;
  for (uint32_t cell = 0; cell < repetition->known; cell++)
    {
      if (!(loop->assigned & cell_bit (cell)))
        continue;
      struct value *value = body_value (repetition->body, cell, repetition->bases);
      const struct cell_state *state = &repetition->now.state->cells[cell];
      uint32_t result = loop_after (run->tape, loop, cell), node = 0;
      if (result)
        {
          tape_link (run->tape, result, 1);
          node = tape_node (run->tape);
        }
      else if (state->varies)
        node = body_value (repetition->body, node_from (repetition, cell), repetition->bases)->node;
      if (value->kind >= KIND_ARRAY)
        value_drop (run, value);
      value->number = state->kind ? repetition->numbers[cell] : 0;
      value->node = node;
      value->kind = state->kind;
    }
  if (repetition->now.last != UINT32_MAX)
    run->last = repetition->now.last;
  run->steps = repetition->now.steps;
}

/* Tells the tape of the loop, if some result varies. */
static bool
record (struct repetition *repetition, size_t iterations, size_t first_block)
{
  struct tape *tape = repetition->run->tape;
  const struct body *body = repetition->body;
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
      nodes[0] = value->kind <= KIND_ARRAY ? value->node : 0;
      nodes[1] = made ? tape_node (tape) : 0;
    }
  bool varies = tape_count (tape) > loop.first;
  if (varies)
    *area_add (&tape->loops, struct loop) = loop;
  set_registers (repetition, &loop);
  return varies;
}

/* Runs iterations from a state on; none rather than few. Where the program is then. */
static uint32_t
repeat_from (struct run *run, struct body *body, struct body_state *state, struct value *const bases[4],
             size_t *iterations)
{
  struct tape *tape = run->tape;
  struct repetition repetition = { .run = run, .body = body, .bases = bases };
  const size_t blocks = tape->loop_blocks.used, numbers = tape->loop_numbers.used;
  uint32_t done;
  repetition.now = (struct position){ .state = state, .last = UINT32_MAX, .steps = run->steps };
  read_cells (&repetition);
  do
    *iterations += done = repeat_block (&repetition);
  while (done == LOOP_BLOCK);
  if (*iterations < LEAST || !record (&repetition, *iterations, blocks / sizeof (struct loop_block)))
    {
      tape->loop_blocks.used = blocks;
      tape->loop_numbers.used = numbers;
    }
  return *iterations < LEAST ? state->place : repetition.now.state->place;
}

uint32_t
repeat_run (struct run *run, uint32_t place, struct value *const bases[4])
{
  const struct instruction *jump = area_of (&run->program->code, struct instruction) + place;
  struct repeat *repeat = area_of (&run->repeats, struct repeat) + jump->op;
  uint32_t top = jump->a;
  if (run->apart || run->listener || run->complete || run->tape->careful || run->variation.choice.way != FORCE_NOTHING
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
  if (state)
    top = repeat_from (run, repeat->body, state, bases, &iterations);
  repeat->failures = iterations >= LEAST ? 0 : repeat->failures + 1;
  repeat->wait = repeat->failures ? (uint32_t)iterations : 0;
  return top;
}
