/* repeat.c -- many iterations of a loop at once, block by block, with a look at the coefficients of each, for one that
   is not finite has to be met step by step. */
#include "machine/repeat.h"

#include <math.h>
#include <string.h>

#include "machine/repetition.h"
#include "machine/small.h"

enum
{
  FIRST = 8,    /* times that a loop goes back before it is looked at: short ones are not worth the preparation */
  LEAST = 32,   /* iterations that are worth an entry of the tape */
  FAILURES = 16 /* in a row, after which a loop is left alone, or where kinks are heard for a while */
};

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
  repetition_run (repetition, most, block);
  const size_t taken = left ? steps_of_block (repetition, block) : 0;
  repetition->now.steps = left - taken;
  if (taken < left || !left)
    return;
  go_back (repetition, start);
  repetition_run (repetition, most, block);
}

/* Who hears of turns is told of those of the last block. */
static void
tell_turns (const struct repetition *repetition)
{
  const struct run *run = repetition->run;
  const struct listener *listener = run->listener;
  if (!listener || !listener->turns)
    return;
  const size_t blocks = area_count (&run->tape->loop_blocks, struct loop_block);
  const struct loop_block *block = area_of (&run->tape->loop_blocks, struct loop_block) + blocks - 1;
  const struct passage *passages[LOOP_FORMS];
  for (uint32_t k = 0; k < repetition->body->form_count; k++)
    passages[k] = &((const struct body_way *)repetition->body->forms[k])->passage;
  const struct turns turns = { block->forms, block->count, passages };
  listener->turns (listener->data, run, &turns, repetition->bases[0]);
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
        {
          repetition_tell_ties (&repetition);
          tell_turns (&repetition);
        }
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

/* Behind what is not finite a loop goes step by step, which ends a run that is bounded when it has gone on for long. */
static void
end_careful (struct run *run, struct repeat *repeat)
{
  enum
  {
    MANY = 512
  };
  repeat->met++;
  if (repeat->met == MANY && run->tape->unbounded)
    run->steps = 1;
}

uint32_t
repeat_run (struct run *run, uint32_t place, struct value *const bases[4])
{
  const struct instruction *jump = area_of (&run->program->code, struct instruction) + place;
  struct repeat *repeat = area_of (&run->repeats, struct repeat) + jump->op;
  uint32_t top = jump->a;
  if (run->variation.bounded && run->tape->careful)
    end_careful (run, repeat);
  const bool heard = run->trace || (run->listener && !run->listener->kinks && !run->listener->turns);
  if (heard || run->complete || run->tape->careful || run->variation.choice.way != FORCE_NOTHING
      || run->variation.stepwise || (repeat->failures == FAILURES && !(run->listener && run->listener->kinks)))
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
  repeat->failures = iterations >= LEAST ? 0 : repeat->failures + (repeat->failures < FAILURES);
  if (repeat->body->crowded)
    repeat->body = body_turn_by_turn (run, repeat->body);
  repeat->wait = repeat->failures ? (uint32_t)iterations : 0;
  repeat->wait += repeat->failures == FAILURES ? LEAST : 0;
  return top;
}
