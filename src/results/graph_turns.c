/* graph_turns.c -- which turns of loops a graph shows. */
#include "results/graph_maker.h"

#include "results/watch.h"

enum
{
  FEW = 4 /* turns, of a loop that is shown whole */
};

/* How many turns of each loop have a step of the graph, by the number of the loop. */
static uint32_t *
count_turns (const struct graph_maker *maker, const struct graph_turn *turns)
{
  uint32_t *counts = results_held_room (maker->results, maker->watch->loop_count + 1, sizeof *counts);
  for (size_t i = 0; i < maker->graph.step_count; i++)
    for (uint32_t turn = maker->steps[i].turn; turn; turn = turns[turn].outer)
      {
        const struct graph_turn *at = &turns[turn];
        if (counts[at->loop] < at->number)
          counts[at->loop] = at->number;
      }
  return counts;
}

void
graph_fold (struct graph_maker *maker, bool all)
{
  const struct watch *watch = maker->watch;
  const struct making *makings = area_of (&watch->makings, struct making);
  struct graph_turn *turns = area_of (&watch->turns, struct graph_turn);
  size_t count = area_count (&watch->turns, struct graph_turn);
  bool *hidden = results_held_room (maker->results, count, sizeof *hidden);
  for (size_t i = 0; i < maker->graph.step_count; i++)
    maker->steps[i].turn = makings[maker->nodes[i]].turn;
  const uint32_t *counts = count_turns (maker, turns);
  /* An outer turn began before those in it. */
  for (size_t i = 1; i < count; i++)
    {
      turns[i].count = counts[turns[i].loop];
      turns[i].passed_over = !all && turns[i].count > FEW && turns[i].number > 2 && turns[i].number < turns[i].count;
      hidden[i] = hidden[turns[i].outer] || turns[i].passed_over;
    }
  for (size_t i = 0; i < maker->graph.step_count; i++)
    if (hidden[maker->steps[i].turn])
      maker->steps[i].marks |= GRAPH_PASSED_OVER;
  maker->graph.turns = turns;
  maker->graph.turn_count = count;
}
