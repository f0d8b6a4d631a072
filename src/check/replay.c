/* replay.c -- a run with all its steps at hand. */
#include <string.h>

#include "base/heap.h"
#include "check/replay.h"
#include "tape/forward.h"

/* Bytes that a run may take while it is heard: so many in any case, so many for each step, and for each number that it
   handles when nobody listens. A loop that writes the elements of an array has a copy of it for each step that is kept.
 */
static const size_t ROOM = (size_t)1 << 26, ROOM_STEP = 512, ROOM_NUMBER = 64;

static void
hear (void *data, const struct run *run, const struct heard *heard)
{
  struct replay *replay = data;
  const struct value *result = heard->result;
  if (run->memory->used > replay->room + ROOM_STEP * trace_count (&replay->trace))
    {
      replay->unheard = true;
      longjmp (*run->diagnostics->stop, 1);
    }
  if (!result->node || !value_is_numeric (result))
    return;
  struct heard kept = *heard;
  kept.count = heard->count < STEP_OPERANDS ? heard->count : STEP_OPERANDS;
  trace_add (&replay->trace, &kept);
}

static bool
open_heard (struct replay *replay, struct points *points, size_t draw, const struct listener *listener)
{
  struct memory *memory = points->base->memory;
  *replay = (struct replay){ 0 };
  if (!points->unheard)
    replay->room = memory->used + ROOM + ROOM_NUMBER * points_cost (points);
  trace_open (&replay->trace, memory, "the search for causes");
  area_open (&replay->patches, memory, (size_t)16 << 30, "the search for causes");
  points_draw (points, draw);
  bool good = points_run (points, &replay->again, listener, NULL) == POINT_GOOD;
  points->unheard |= replay->unheard;
  /* The listener lives no longer than this. */
  run_listen (&replay->again.run, NULL);
  trace_sort (&replay->trace, area_count (&points->base->program->code, struct instruction));
  return good;
}

bool
replay_open (struct replay *replay, struct points *points, size_t draw)
{
  return open_heard (replay, points, draw, &(struct listener){ .step = hear, .data = replay });
}

bool
replay_open_values (struct replay *replay, struct points *points, size_t draw)
{
  return open_heard (replay, points, draw, NULL);
}

void
replay_tangents (struct replay *replay, const struct claim *claim)
{
  const struct run *run = &replay->again.run;
  const struct value *source = claim_source_in (claim, run);
  size_t count = tape_count (run->tape), size;
  if (!value_is_numeric (source) || !source->node)
    return;
  replay->tangents = heap_take_zeroed (run->memory, count, sizeof *replay->tangents, "the search for causes");
  struct shape shape = value_shape (source);
  struct array *ones = array_filled (run->arrays, &shape, 1);
  forward_open (&replay->forward, run->tape);
  forward_seed (&replay->forward, source->node, ones->elements);
  forward_run (&replay->forward, (uint32_t)count - 1);
  array_drop (run->arrays, ones);
  for (uint32_t node = 1; node < count; node++)
    if (!tape_is_array (run->tape, node, &size))
      forward_read (&replay->forward, node, 1, &replay->tangents[node]);
}

void
replay_tangent (const struct replay *replay, const struct value *value, size_t size, double *elements)
{
  if (value->node)
    forward_read (&replay->forward, value->node, size, elements);
  else
    memset (elements, 0, size * sizeof *elements);
}

void
replay_close (struct replay *replay)
{
  trace_close (&replay->trace);
  if (replay->tangents)
    forward_close (&replay->forward);
  area_close (&replay->patches);
  heap_give (replay->tangents);
  again_close (&replay->again);
}
