/* graph_maker.c -- the steps of a run between its sources and a target, from its tape and what was kept of it. */
#include "results/graph_maker.h"

#include <string.h>

#include "derive/kink.h"

enum
{
  REACHED = 1, /* depends on a source */
  NEEDED = 2   /* the target depends on it */
};

static void *
room (const struct graph_maker *maker, size_t count, size_t size)
{
  return results_held_room (maker->results, count, size);
}

static const struct tape *
tape_of (const struct graph_maker *maker)
{
  return maker->results->run->tape;
}

/* Marks what the sources reach, in the order of the tape, and what the targets need, in the other. */
static void
mark (const struct graph_maker *maker, const uint32_t *sources, size_t source_count, const uint32_t *targets,
      size_t target_count, unsigned char *marks)
{
  const struct tape *tape = tape_of (maker);
  uint32_t count;
  for (size_t i = 0; i < source_count; i++)
    marks[sources[i]] |= REACHED;
  for (size_t i = 0; i < target_count; i++)
    marks[targets[i]] |= NEEDED;
  for (uint32_t node = 1; node < maker->node_count; node++)
    {
      const uint32_t *operands = graph_links (tape, node, &count);
      for (uint32_t i = 0; i < count; i++)
        marks[node] |= marks[operands[i] & ~(uint32_t)LINK_SIZE] & REACHED;
    }
  for (uint32_t node = maker->node_count - 1; node > 0; node--)
    {
      const uint32_t *operands = graph_links (tape, node, &count);
      for (uint32_t i = 0; i < count && marks[node] & NEEDED; i++)
        marks[operands[i] & ~(uint32_t)LINK_SIZE] |= NEEDED;
    }
  marks[0] = 0;
}

/* The steps by which a source reaches the target, and their operands among them. */
static void
list_steps (struct graph_maker *maker, const unsigned char *marks)
{
  const struct tape *tape = tape_of (maker);
  size_t steps = 0, edges = 0;
  uint32_t count;
  maker->step_of = room (maker, maker->node_count, sizeof *maker->step_of);
  for (uint32_t node = 1; node < maker->node_count; node++)
    if (marks[node] == (REACHED | NEEDED))
      {
        graph_links (tape, node, &count);
        maker->step_of[node] = (uint32_t)++steps;
        edges += count;
      }
  maker->nodes = room (maker, steps, sizeof *maker->nodes);
  maker->steps = room (maker, steps, sizeof *maker->steps);
  maker->edges = room (maker, edges, sizeof *maker->edges);
  maker->links = room (maker, edges, sizeof *maker->links);
  maker->graph.step_count = steps;
  for (uint32_t node = 1; node < maker->node_count; node++)
    {
      if (!maker->step_of[node])
        continue;
      struct graph_step *step = &maker->steps[maker->step_of[node] - 1];
      maker->nodes[maker->step_of[node] - 1] = node;
      step->first_edge = (uint32_t)maker->graph.edge_count;
      const uint32_t *operands = graph_links (tape, node, &count);
      for (uint32_t i = 0; i < count; i++)
        if (maker->step_of[operands[i] & ~(uint32_t)LINK_SIZE])
          {
            maker->links[maker->graph.edge_count] = (uint32_t)(operands + i - area_of (&tape->operands, uint32_t));
            maker->edges[maker->graph.edge_count++].from = maker->step_of[operands[i] & ~(uint32_t)LINK_SIZE] - 1;
          }
      step->edge_count = (uint32_t)maker->graph.edge_count - step->first_edge;
      if (!count)
        step->marks |= GRAPH_INPUT;
    }
}

/* Values, shapes, and what is at a kink. */
static void
fill_steps (struct graph_maker *maker)
{
  const struct run *run = maker->results->run;
  for (size_t i = 0; i < maker->graph.step_count; i++)
    {
      struct graph_step *step = &maker->steps[i];
      const struct step *kept = run->trace ? trace_find (run->trace, maker->nodes[i]) : NULL;
      size_t size = 1;
      if (kept && value_is_numeric (&kept->result))
        {
          step->type = value_type (&kept->result);
          step->shape = value_shape (&kept->result);
          step->value = value_elements (&kept->result);
          if (kept->op != STEP_NONE && kink_count (run, kept))
            step->marks |= GRAPH_KINK | (op_kink (kept->op).rule == FLAT_PIECE ? GRAPH_JUMP : 0);
        }
      else if (tape_is_array (run->tape, maker->nodes[i], &size))
        step->shape = (struct shape){ .rank = 1, .extent = { size } };
    }
}

static void
mark_steps (const struct graph_maker *maker, const uint32_t *nodes, size_t count, unsigned bit)
{
  for (size_t i = 0; i < count; i++)
    if (maker->step_of[nodes[i]])
      maker->steps[maker->step_of[nodes[i]] - 1].marks |= bit;
}

/* What a sweep has come to at each step that is shown, and passes along the edges. */
static void
read_sweep (struct graph_maker *maker, const struct reverse *reverse, const struct forward *forward)
{
  for (size_t i = 0; i < maker->graph.step_count; i++)
    {
      struct graph_step *step = &maker->steps[i];
      size_t size = shape_size (&step->shape);
      if (step->marks & GRAPH_PASSED_OVER)
        continue;
      double *elements = graph_numbers (maker, size);
      if (reverse)
        reverse_read (reverse, maker->nodes[i], size, elements);
      else
        forward_read (forward, maker->nodes[i], size, elements);
      for (size_t k = 0; k < size; k++)
        elements[k] += 0.0;
      step->adjoint = elements;
    }
  graph_derive (maker, reverse, forward);
}

static void
sweep_back (struct graph_maker *maker, size_t first, size_t count)
{
  struct results *results = maker->results;
  struct reverse reverse;
  uint32_t *keep = room (maker, maker->graph.step_count, sizeof *keep);
  size_t kept = 0;
  for (size_t i = 0; i < maker->graph.step_count; i++)
    if (!(maker->steps[i].marks & GRAPH_PASSED_OVER))
      keep[kept++] = maker->nodes[i];
  reverse_open (&reverse, tape_of (maker), keep, kept);
  for (size_t i = first; i < first + count; i++)
    if (results->targets[i].value.node)
      results_seed_target (results, &reverse, &results->targets[i]);
  reverse_run (&reverse);
  maker->graph.poison = reverse.poison;
  read_sweep (maker, &reverse, NULL);
  reverse_close (&reverse);
}

static void
sweep_forward (struct graph_maker *maker, const struct result_options *options)
{
  struct forward forward;
  maker->graph.forward = true;
  forward_open (&forward, tape_of (maker));
  results_seed_direction (maker->results, options, &forward);
  forward_run (&forward, maker->node_count - 1);
  read_sweep (maker, NULL, &forward);
  forward_close (&forward);
}

/* The graph of some of the targets: of one, or of the sum of all. */
static struct graph
make_graph (struct results *results, const struct result_options *options, const uint32_t *sources, size_t source_count,
            size_t first, size_t count)
{
  struct graph_maker maker
    = { .results = results, .watch = options->watch, .first_target = first, .target_count = count };
  maker.node_count = tape_count (results->run->tape);
  uint32_t *targets = room (&maker, count, sizeof *targets);
  unsigned char *marks = room (&maker, maker.node_count, sizeof *marks);
  for (size_t i = 0; i < count; i++)
    targets[i] = results->targets[first + i].value.node;
  mark (&maker, sources, source_count, targets, count, marks);
  list_steps (&maker, marks);
  fill_steps (&maker);
  mark_steps (&maker, sources, source_count, GRAPH_WANTED);
  mark_steps (&maker, targets, count, GRAPH_TARGET);
  graph_describe (&maker);
  graph_fold (&maker, options->whole_trace || options->why);
  graph_find_parts (&maker);
  if (options->along_count)
    sweep_forward (&maker, options);
  else
    sweep_back (&maker, first, count);
  if (options->why)
    graph_find_paths (&maker);
  maker.graph.target = results->report.targets[first].name;
  maker.graph.steps = maker.steps;
  maker.graph.edges = maker.edges;
  return maker.graph;
}

void
results_graphs (struct results *results, const struct result_options *options)
{
  size_t targets = options->sum ? 1 : results->target_count, count = results->report.source_count;
  size_t apart = options->why ? count : 1; /* each source has a graph of its own */
  struct graph *graphs = results_held_room (results, targets * apart, sizeof *graphs);
  uint32_t *sources = results_held_room (results, count + options->along_count, sizeof *sources);
  size_t source_count = 0;
  for (size_t s = 0; s < count && !options->along_count; s++)
    sources[source_count++] = results->sources[s].value.node;
  for (size_t i = 0; i < options->along_count; i++)
    sources[source_count++] = results_find_input (results, &options->along[i])->node;
  for (size_t i = 0; i < targets * apart; i++)
    graphs[i] = make_graph (results, options, options->why ? &sources[i % apart] : sources,
                            options->why ? 1 : source_count, i / apart, options->sum ? results->target_count : 1);
  results->report.graphs = graphs;
  results->report.why = options->why;
}
