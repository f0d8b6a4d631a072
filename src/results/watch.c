/* watch.c -- a run whose steps are kept: the turns of its loops. */
#include "results/watch.h"

#include <string.h>

/* Notes that the nodes which are new were made where the run has been since. */
static void
note_nodes (struct watch *watch)
{
  while (area_count (&watch->makings, struct making) < tape_count (watch->run->tape))
    *area_add (&watch->makings, struct making) = watch->now;
}

static struct watched_loop *
innermost (const struct watch *watch)
{
  size_t count = area_count (&watch->loops, struct watched_loop);
  return count ? area_of (&watch->loops, struct watched_loop) + count - 1 : NULL;
}

/* Leaves the loops that a place is not in. */
static void
leave_loops (struct watch *watch, uint32_t place, size_t depth)
{
  const uint32_t *ends = area_of (&watch->ends, uint32_t);
  const struct watched_loop *loop;
  while ((loop = innermost (watch))
         && (loop->depth > depth || (loop->depth == depth && (place < loop->top || place > ends[loop->top]))))
    watch->loops.used -= sizeof *loop;
}

/* A turn begins: another one of the innermost loop, or the first of one that is entered. */
static void
begin_turn (struct watch *watch, uint32_t place, size_t depth)
{
  struct watched_loop *loop = innermost (watch);
  uint32_t number = (uint32_t)area_count (&watch->turns, struct graph_turn);
  struct graph_turn *turn = area_add (&watch->turns, struct graph_turn);
  if (loop && loop->top == place && loop->depth == depth)
    {
      *turn = area_of (&watch->turns, struct graph_turn)[loop->turn];
      turn->number++;
      loop->turn = number;
      return;
    }
  *turn = (struct graph_turn){
    .outer = loop ? loop->turn : 0, .loop = ++watch->loop_count, .number = 1, .span = run_span (watch->run, place)
  };
  *area_add (&watch->loops, struct watched_loop) = (struct watched_loop){ place, number, depth };
}

/* A value is about to be returned. */
static void
note_return (struct watch *watch, const struct run *run, uint32_t place, const struct value *frame, size_t depth)
{
  const struct instruction *instruction = area_of (&run->program->code, struct instruction) + place;
  const struct value *bases[4] = { frame, NULL, area_of (&run->globals, struct value), frame };
  uint32_t node = OPERAND (bases, instruction->b)->node;
  if (node && node < area_count (&watch->makings, struct making) && depth)
    area_of (&watch->makings, struct making)[node].call = area_of (&run->frames, struct frame)[depth - 1].place + 1;
}

static void
hear (void *data, const struct run *run, uint32_t place, const struct value *frame)
{
  struct watch *watch = data;
  size_t depth = area_count (&run->frames, struct frame);
  note_nodes (watch);
  const struct instruction *previous = area_of (&run->program->code, struct instruction) + watch->previous;
  if (previous->code == CODE_UNLESS)
    area_of (&watch->ways, unsigned char)[watch->previous] |= place == previous->a ? WAY_JUMP : WAY_ON;
  watch->previous = place;
  if (area_of (&run->program->code, struct instruction)[place].code == CODE_RETURN)
    note_return (watch, run, place, frame, depth);
  leave_loops (watch, place, depth);
  if (area_of (&watch->ends, uint32_t)[place])
    begin_turn (watch, place, depth);
  const struct watched_loop *loop = innermost (watch);
  watch->now = (struct making){ place, loop ? loop->turn : 0, 0 };
}

void
watch_open (struct watch *watch, struct run *run)
{
  const char *what = "the trace";
  const struct instruction *code = area_of (&run->program->code, struct instruction);
  uint32_t count = (uint32_t)area_count (&run->program->code, struct instruction);
  *watch
    = (struct watch){ .run = run, .listener = { .instruction = hear, .data = watch, .stops = true }, .open = true };
  area_open (&watch->makings, run->memory, (size_t)16 << 30, what);
  area_open (&watch->turns, run->memory, (size_t)64 << 30, what);
  area_open (&watch->loops, run->memory, (size_t)1 << 30, what);
  area_open (&watch->ends, run->memory, (size_t)4 << 30, what);
  area_open (&watch->ways, run->memory, (size_t)4 << 30, what);
  memset (area_push (&watch->ways, count + 1), 0, count + 1);
  uint32_t *ends = area_push (&watch->ends, (count + 1) * sizeof *ends);
  memset (ends, 0, (count + 1) * sizeof *ends);
  for (uint32_t place = 0; place < count; place++)
    if (code[place].code == CODE_JUMP && code[place].a <= place)
      ends[code[place].a] = place;
  *area_add (&watch->turns, struct graph_turn) = (struct graph_turn){ 0 };
  if (!run->trace)
    {
      trace_open (&watch->own, run->memory, what);
      run->trace = &watch->own;
    }
  /* Which zeros are rules has to be known from the start: what is not finite may come later. */
  run->tape->careful = true;
  run_listen (run, &watch->listener);
}

void
watch_end (struct watch *watch)
{
  note_nodes (watch);
}

void
watch_close (struct watch *watch)
{
  struct area *areas[] = { &watch->makings, &watch->turns, &watch->loops, &watch->ends, &watch->ways };
  for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
    area_close (areas[i]);
  if (watch->own.steps.start)
    trace_close (&watch->own);
  *watch = (struct watch){ 0 };
}
