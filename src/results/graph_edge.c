/* graph_edge.c -- the local derivatives of steps, and what is passed on by them. */
#include "results/graph_maker.h"

#include <math.h>
#include <string.h>

#include "tape/careful.h"

enum
{
  MATRIX = 64 /* derivatives in all, of a map that is written out */
};

/* A link of a step's node. */
struct edge_at
{
  struct graph_maker *maker;
  const struct graph_step *result, *operand;
  uint32_t node, from, link;
  const struct linear *map; /* NULL: a number times a number */
  struct linear room;
};

static void
hold (const struct edge_at *at, struct graph_edge *edge, enum graph_local form, const struct shape *shape,
      const double *elements)
{
  size_t size = shape_size (shape);
  double *local = graph_numbers (at->maker, size);
  edge->form = form;
  edge->local_shape = *shape;
  edge->local = local;
  /* A zero by rule reads as 0. */
  for (size_t i = 0; i < size; i++)
    local[i] = elements[i] + 0.0;
}

/* Elements that are all the same are one number. */
static void
hold_elements (const struct edge_at *at, struct graph_edge *edge, const struct shape *shape, const double *elements)
{
  static const struct shape number = { 0 };
  size_t size = shape_size (shape), same = 1;
  while (same < size && elements[same] == elements[0])
    same++;
  if (size && same >= size)
    hold (at, edge, LOCAL_NUMBER, &number, elements);
  else
    hold (at, edge, LOCAL_ELEMENTS, shape, elements);
}

/* All derivatives of a map, column by column. */
static void
hold_matrix (const struct edge_at *at, struct graph_edge *edge)
{
  const struct linear *map = at->map;
  double unit[MATRIX] = { 0 }, column[MATRIX], all[MATRIX];
  for (size_t i = 0; i < map->operand_size; i++)
    {
      unit[i] = 1;
      memset (column, 0, sizeof column);
      linear_forward (at->maker->results->run->memory, map, unit, column);
      for (size_t k = 0; k < map->result_size; k++)
        all[k * map->operand_size + i] = column[k];
      unit[i] = 0;
    }
  struct shape shape = shape_join (&at->result->shape, &at->operand->shape);
  hold (at, edge, LOCAL_MATRIX, &shape, all);
}

static bool
fits (const struct edge_at *at)
{
  size_t operand = at->map->operand_size, result = at->map->result_size;
  return operand <= MATRIX && result <= MATRIX && operand * result <= MATRIX
         && at->operand->shape.rank + at->result->shape.rank <= RANK_LIMIT
         && shape_size (&at->operand->shape) == operand && shape_size (&at->result->shape) == result;
}

/* What the operand is multiplied by. */
static void
find_local (const struct edge_at *at, struct graph_edge *edge)
{
  static const struct shape number = { 0 };
  static const double one = 1;
  const struct linear *map = at->map;
  edge->map = map ? linear_info[map->kind].name : "scale";
  if (!map)
    {
      hold (at, edge, LOCAL_NUMBER, &number, area_of (&at->maker->results->run->tape->weights, double) + at->link);
      return;
    }
  const struct array *coefficients = map->coefficients;
  switch (map->kind)
    {
    case LINEAR_SCALE:
      hold (at, edge, LOCAL_NUMBER, &number, &map->scale);
      return;
    case LINEAR_GATHER:
    case LINEAR_SCATTER:
    case LINEAR_KEEP:
      hold (at, edge, LOCAL_NUMBER, &number, &one);
      return;
    case LINEAR_DIAGONAL:
      hold_elements (at, edge, &at->result->shape, coefficients->elements);
      return;
    case LINEAR_REDUCE:
      if (coefficients && shape_size (&at->operand->shape) == coefficients->size)
        hold_elements (at, edge, &at->operand->shape, coefficients->elements);
      else if (!coefficients)
        hold (at, edge, LOCAL_NUMBER, &number, &map->scale);
      if (edge->local)
        return;
      break;
    case LINEAR_MATMUL_LEFT:
    case LINEAR_MATMUL_RIGHT:
      if (map->positions)
        break;
      hold (at, edge,
            map->result_size == 1 || map->operand_size == 1 ? LOCAL_ELEMENTS
            : map->kind == LINEAR_MATMUL_LEFT               ? LOCAL_RIGHT
                                                            : LOCAL_LEFT,
            &coefficients->shape, coefficients->elements);
      return;
    default:
      break;
    }
  edge->form = LOCAL_MAP;
  if (fits (at))
    hold_matrix (at, edge);
}

/* What comes to the operand by this link alone. */
static const double *
pass_back (const struct edge_at *at, const struct reverse *reverse)
{
  struct results *results = at->maker->results;
  const struct tape *tape = results->run->tape;
  union adjoint adjoint = area_of (&reverse->adjoints, union adjoint)[at->node];
  size_t size = shape_size (&at->operand->shape), length, count = at->map ? at->map->operand_size : 1;
  double *passed = graph_numbers (at->maker, size > count ? size : count);
  bool is_array = tape_is_array (tape, at->node, &length), careful = careful_reaches (reverse, at->node);
  if (is_array && !adjoint.array)
    return passed;
  const double *Y = is_array ? adjoint.array->elements : &adjoint.number;
  size_t step = !is_array || adjoint.array->shape.rank > 0;
  for (size_t i = 0; i < count && careful; i++)
    passed[i] = FLAT;
  if (!at->map)
    *passed = careful_product (area_of (&tape->weights, double)[at->link], careful || *Y != 0 ? *Y : FLAT, false,
                               reverse->poison);
  else if (!careful)
    linear_reverse (tape->memory, at->map, Y, step, passed, reverse->poison);
  else
    {
      size_t scratch = linear_careful_room (at->map);
      struct array *held = scratch ? array_vector (tape->arrays, scratch) : NULL;
      linear_reverse_careful (tape->memory, at->map, Y, step, passed, reverse->poison, held ? held->elements : NULL);
      array_drop (tape->arrays, held);
    }
  for (size_t i = 0; i < count; i++)
    passed[i] += 0.0;
  return passed;
}

/* What the operand's tangent brings by this link alone. */
static const double *
bring (const struct edge_at *at, const struct forward *forward)
{
  struct results *results = at->maker->results;
  const struct tape *tape = results->run->tape;
  union tangent tangent = area_of (&forward->tangents, union tangent)[at->from];
  size_t size = shape_size (&at->result->shape), length, count = at->map ? at->map->result_size : 1;
  double *brought = graph_numbers (at->maker, size > count ? size : count);
  bool is_array = tape_is_array (tape, at->from, &length);
  if (is_array && !tangent.elements)
    return brought;
  const double *x = is_array ? tangent.elements : &tangent.number;
  if (!at->map)
    *brought = *x == 0 ? 0 : area_of (&tape->weights, double)[at->link] * *x;
  else
    linear_forward (tape->memory, at->map, x, brought);
  for (size_t i = 0; i < count; i++)
    brought[i] += 0.0;
  return brought;
}

void
graph_pass (const struct graph_maker *maker, uint32_t step, uint32_t edge, const double *adjoint, double *passed)
{
  const struct tape *tape = maker->results->run->tape;
  uint32_t link = maker->links[edge];
  struct linear held;
  if (area_of (&tape->operands, uint32_t)[link] & LINK_SIZE)
    linear_reverse (tape->memory, tape_map (tape, maker->nodes[step], link, &held), adjoint, 1, passed, false);
  else
    *passed = *adjoint == 0 ? 0 : area_of (&tape->weights, double)[link] * *adjoint;
}

void
graph_derive (struct graph_maker *maker, const struct reverse *reverse, const struct forward *forward)
{
  const struct tape *tape = maker->results->run->tape;
  const uint32_t *operands = area_of (&tape->operands, uint32_t);
  for (size_t i = 0; i < maker->graph.step_count; i++)
    {
      const struct graph_step *step = &maker->steps[i];
      for (uint32_t k = step->first_edge; k < step->first_edge + step->edge_count; k++)
        {
          struct graph_edge *edge = &maker->edges[k];
          struct edge_at at = { .maker = maker, .result = step, .operand = &maker->steps[edge->from] };
          if (step->marks & GRAPH_PASSED_OVER)
            continue;
          at.node = maker->nodes[i];
          at.from = maker->nodes[edge->from];
          at.link = maker->links[k];
          at.map = operands[at.link] & LINK_SIZE ? tape_map (tape, at.node, at.link, &at.room) : NULL;
          find_local (&at, edge);
          edge->passed = reverse ? pass_back (&at, reverse) : bring (&at, forward);
        }
    }
}
