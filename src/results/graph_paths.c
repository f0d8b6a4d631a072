/* graph_paths.c -- the paths by which a source reaches the target, those that count most.

   A search from the target: what has come furthest goes on first. A path that has not reached the source yet is
   ranked by the size of what it carries, times the most that the best way on can make of it. Of numbers that is exact,
   so paths are found in the order of their sizes; of arrays it is a guess by what the sweep has passed on there. Paths
   may be as many as there are steps to some power, and so all that were not followed are told of in one sum. */
#include <math.h>

#include "results/graph_maker.h"

enum
{
  SHOWN = 5,          /* paths */
  PATIENCE = 1 << 18, /* steps that are taken, by all paths together */
  NONE = UINT32_MAX
};

/* The beginning of a path: down to a step. */
struct way
{
  uint32_t step, edge;  /* the last edge that it took, or NONE */
  uint32_t before;      /* the way without it */
  float rank; /* ways that differ in their last digits alone are of one rank */
  struct array *carried; /* what came to the step by it alone */
};

struct search
{
  struct graph_maker *maker;
  uint32_t source;
  double *gains;    /* by step: the most that a way on to the source makes of what comes to it; 0 where there is none */
  struct area ways; /* struct way */
  struct area heap; /* uint32_t: ways to go on with, the best first */
};

static struct way *
way_at (const struct search *search, uint32_t number)
{
  return area_of (&search->ways, struct way) + number;
}

static double
norm (const double *elements, size_t count)
{
  double largest = 0, sum = 0;
  for (size_t i = 0; i < count; i++)
    largest = fmax (largest, fabs (elements[i]));
  for (size_t i = 0; i < count && largest > 0; i++)
    sum += elements[i] / largest * (elements[i] / largest);
  return largest * sqrt (sum);
}

/* What an edge makes of the size of what comes to its step. */
static double
gain_of (const struct graph_maker *maker, uint32_t step, uint32_t number)
{
  const struct graph_edge *edge = &maker->edges[number];
  const struct graph_step *result = &maker->steps[step], *operand = &maker->steps[edge->from];
  if (!result->shape.rank && !operand->shape.rank && edge->local)
    return fabs (*edge->local);
  double came = norm (result->adjoint, shape_size (&result->shape));
  return came > 0 ? norm (edge->passed, shape_size (&operand->shape)) / came : 1;
}

/* Gains and, by step, how many ways on there are. */
static double *
find_gains (struct search *search)
{
  struct graph_maker *maker = search->maker;
  double *counts = results_held_room (maker->results, maker->graph.step_count, sizeof *counts);
  search->gains = results_held_room (maker->results, maker->graph.step_count, sizeof *search->gains);
  search->gains[search->source] = counts[search->source] = 1;
  for (uint32_t i = search->source + 1; i < maker->graph.step_count; i++)
    for (uint32_t k = 0; k < maker->steps[i].edge_count; k++)
      {
        uint32_t edge = maker->steps[i].first_edge + k, from = maker->edges[edge].from;
        counts[i] += counts[from];
        search->gains[i] = fmax (search->gains[i], search->gains[from] * gain_of (maker, i, edge));
      }
  return counts;
}

/* Of one rank the way that has come further goes on first: there may be very many. */
static bool
is_before (const struct search *search, uint32_t a, uint32_t b)
{
  const struct way *x = way_at (search, a), *y = way_at (search, b);
  return x->rank > y->rank || (x->rank == y->rank && a > b);
}

static void
push (struct search *search, uint32_t way)
{
  *area_add (&search->heap, uint32_t) = way;
  uint32_t *heap = area_of (&search->heap, uint32_t);
  for (size_t i = area_count (&search->heap, uint32_t) - 1; i > 0 && is_before (search, way, heap[(i - 1) / 2]);
       i = (i - 1) / 2)
    {
      heap[i] = heap[(i - 1) / 2];
      heap[(i - 1) / 2] = way;
    }
}

static uint32_t
pop (struct search *search)
{
  uint32_t *heap = area_of (&search->heap, uint32_t), best = heap[0];
  size_t count = area_count (&search->heap, uint32_t) - 1, i = 0;
  uint32_t last = heap[count];
  search->heap.used -= sizeof last;
  for (size_t child; (child = 2 * i + 1) < count; i = child)
    {
      child += child + 1 < count && is_before (search, heap[child + 1], heap[child]);
      if (!is_before (search, heap[child], last))
        break;
      heap[i] = heap[child];
    }
  heap[i] = last;
  return best;
}

/* Takes a way on by each edge of its step. */
static void
go_on (struct search *search, uint32_t number)
{
  struct graph_maker *maker = search->maker;
  struct arrays *arrays = maker->results->run->arrays;
  uint32_t step = way_at (search, number)->step;
  for (uint32_t k = 0; k < maker->steps[step].edge_count; k++)
    {
      uint32_t edge = maker->steps[step].first_edge + k, from = maker->edges[edge].from;
      size_t size = shape_size (&maker->steps[from].shape);
      if (from < search->source)
        continue;
      struct array *carried = array_filled (arrays, &(struct shape){ .rank = 1, .extent = { size } }, 0);
      graph_pass (maker, step, edge, way_at (search, number)->carried->elements, carried->elements);
      float rank = (float)(norm (carried->elements, size) * search->gains[from]);
      if (rank > 0)
        {
          uint32_t made = (uint32_t)area_count (&search->ways, struct way);
          *area_add (&search->ways, struct way) = (struct way){ from, edge, number, rank, carried };
          push (search, made);
        }
      else
        array_drop (arrays, carried);
    }
}

/* Notes a way that has come to the source, and takes it from the rest. */
static void
keep_path (struct search *search, uint32_t number, struct graph_path *path, double *rest)
{
  struct graph_maker *maker = search->maker;
  const struct way *way = way_at (search, number);
  size_t size = shape_size (&maker->steps[search->source].shape);
  double *contribution = graph_numbers (maker, size);
  for (size_t i = 0; i < size; i++)
    {
      contribution[i] = way->carried->elements[i];
      rest[i] -= contribution[i];
    }
  for (const struct way *at = way; at->edge != NONE; at = way_at (search, at->before))
    path->count++;
  uint32_t *edges = results_held_room (maker->results, path->count, sizeof *edges), last = (uint32_t)path->count;
  for (const struct way *at = way; at->edge != NONE; at = way_at (search, at->before))
    edges[--last] = at->edge;
  path->edges = edges;
  path->contribution = contribution;
}

/* The ways begin at the target, with what the sweep began with there. */
static void
begin (struct search *search)
{
  struct graph_maker *maker = search->maker;
  struct results *results = maker->results;
  for (size_t t = maker->first_target; t < maker->first_target + maker->target_count; t++)
    {
      uint32_t node = results->targets[t].value.node, step = node ? maker->step_of[node] : 0;
      if (!step)
        continue;
      struct array *seeds = results_seed (results, &results->targets[t]);
      if (!seeds)
        seeds = array_filled (results->run->arrays, &maker->steps[step - 1].shape, 1);
      uint32_t made = (uint32_t)area_count (&search->ways, struct way);
      *area_add (&search->ways, struct way)
        = (struct way){ step - 1, NONE, NONE, (float)(norm (seeds->elements, seeds->size) * search->gains[step - 1]),
                        seeds };
      push (search, made);
    }
}

static void
follow (struct search *search, const double *counts)
{
  struct graph_maker *maker = search->maker;
  struct graph *graph = &maker->graph;
  const struct graph_step *source = &maker->steps[search->source];
  size_t size = shape_size (&source->shape);
  struct graph_path *paths = results_held_room (maker->results, SHOWN, sizeof *paths);
  double *rest = graph_numbers (maker, size);
  for (size_t i = 0; i < size; i++)
    rest[i] = source->adjoint[i];
  begin (search);
  for (size_t i = 0; i < area_count (&search->ways, struct way); i++)
    graph->others += counts[way_at (search, (uint32_t)i)->step];
  for (size_t taken = 0; search->heap.used && graph->path_count < SHOWN && taken < PATIENCE; taken++)
    {
      uint32_t number = pop (search);
      if (way_at (search, number)->step == search->source)
        keep_path (search, number, &paths[graph->path_count++], rest);
      else
        go_on (search, number);
      struct array **carried = &way_at (search, number)->carried;
      array_drop (maker->results->run->arrays, *carried);
      *carried = NULL;
    }
  graph->others -= (double)graph->path_count;
  graph->paths = paths;
  graph->rest = rest;
}

void
graph_find_paths (struct graph_maker *maker)
{
  struct search search = { .maker = maker };
  struct arrays *arrays = maker->results->run->arrays;
  size_t count = maker->graph.step_count;
  while (search.source < count && !(maker->steps[search.source].marks & GRAPH_WANTED))
    search.source++;
  if (search.source == count)
    return;
  const struct graph_step *source = &maker->steps[search.source];
  if (!elements_are_finite (source->adjoint, shape_size (&source->shape)))
    return;
  area_open (&search.ways, maker->results->run->memory, (size_t)64 << 30, "the paths");
  area_open (&search.heap, maker->results->run->memory, (size_t)16 << 30, "the paths");
  follow (&search, find_gains (&search));
  for (size_t i = 0; i < area_count (&search.ways, struct way); i++)
    array_drop (arrays, way_at (&search, (uint32_t)i)->carried);
  area_close (&search.ways);
  area_close (&search.heap);
}
