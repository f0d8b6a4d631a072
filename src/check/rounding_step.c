/* rounding_step.c -- one step of a complete run. */
#include "check/rounding_step.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "linear/linear_bound.h"
#include "ops/accuracy.h"
#include "value/sum.h"

static const double UNIT = 0x1p-53, SMALLEST_ERROR = 0x1p-1074;

const struct value *
rounding_value (const struct run *run, uint32_t node)
{
  const struct value *value = &trace_find (run->trace, node)->result;
  return value_is_numeric (value) ? value : NULL;
}

static bool
is_elementwise (const struct step *step)
{
  return step->op < OPS && op_info[step->op].arity;
}

/* The operands of an elementwise step at one element of the result. */
struct elements
{
  const double *base[3];
  struct array *spread[3]; /* scratch, of those that were broadcast */
  bool jumps[3];           /* of bounds: the step has jumps in that operand */
  int arity;
  size_t size;
};

static void
elements_open (struct elements *elements, const struct run *run, const struct step *step)
{
  struct shape shape = value_shape (&step->result);
  *elements = (struct elements){ .arity = step->count, .size = shape_size (&shape) };
  for (int k = 0; k < elements->arity; k++)
    {
      const struct value *operand = &step->operands[k];
      struct shape own = value_shape (operand);
      elements->base[k] = value_elements (operand);
      if (shape_equal (&own, &shape))
        continue;
      struct layout layout = layout_broadcast (&own, &shape);
      elements->spread[k] = array_vector (run->arrays, elements->size);
      layout_take (&layout, elements->base[k], elements->spread[k]->elements);
      elements->base[k] = elements->spread[k]->elements;
    }
}

static void
elements_close (struct elements *elements, const struct run *run)
{
  for (int k = 0; k < elements->arity; k++)
    array_drop (run->arrays, elements->spread[k]);
}

static void
elements_at (const struct elements *elements, size_t i, double x[3])
{
  for (int k = 0; k < 3; k++)
    x[k] = k < elements->arity ? elements->base[k][i] : 0;
}

/* The partial in one operand of an elementwise step; a side not selected passes nothing. */
static double
partial_at (const struct step *step, int k, const double x[3], double v)
{
  return op_partial ((enum op)step->op, k, x[0], x[1], x[2], v, true);
}

static void
visit_elementwise (const struct run *run, const struct step *step,
                   void (*visit) (void *data, uint32_t from, const struct linear *map), void *data)
{
  struct elements elements;
  struct shape shape = value_shape (&step->result);
  const double *v = value_elements (&step->result);
  if (op_info[step->op].traits & (TRUTH | INTEGER))
    return;
  elements_open (&elements, run, step);
  for (int k = 0; k < elements.arity; k++)
    {
      const struct value *operand = &step->operands[k];
      if (!operand->node)
        continue;
      struct shape own = value_shape (operand);
      struct array *slopes = array_vector (run->arrays, elements.size);
      for (size_t i = 0; i < elements.size; i++)
        {
          double x[3];
          elements_at (&elements, i, x);
          slopes->elements[i] = partial_at (step, k, x, v[i]);
        }
      struct linear map = { .kind = LINEAR_DIAGONAL,
                            .scale = 1,
                            .operand_size = shape_size (&own),
                            .result_size = elements.size,
                            .coefficients = slopes,
                            .layout = layout_broadcast (&own, &shape) };
      visit (data, operand->node, &map);
      array_drop (run->arrays, slopes);
    }
  elements_close (&elements, run);
}

static void
visit_links (const struct run *run, uint32_t node, void (*visit) (void *data, uint32_t from, const struct linear *map),
             void *data)
{
  const struct tape *tape = run->tape;
  uint32_t first = area_of (&tape->ends, uint32_t)[node - 1], end = area_of (&tape->ends, uint32_t)[node];
  for (uint32_t link = first; link < end; link++)
    {
      uint32_t operand = area_of (&tape->operands, uint32_t)[link], from = operand & ~(uint32_t)LINK_SIZE;
      double weight = area_of (&tape->weights, double)[link];
      size_t size;
      struct linear map = { .kind = LINEAR_SCALE, .scale = 1, .operand_size = 1, .result_size = 1 };
      if (operand == LINK_SIZE)
        continue;
      if (operand & LINK_LINEAR)
        map = area_of (&tape->linears, struct linear)[bits_of (weight)];
      else if (operand & LINK_ELEMENT)
        {
          map.operand_size = tape_is_array (tape, from, &size) ? size : 1;
          map.layout.offset = (ptrdiff_t)bits_of (weight);
        }
      else
        map.scale = weight;
      visit (data, from, &map);
    }
}

/* A stopped value is as wrong as its operand. */
static void
visit_stopped (const struct step *step, void (*visit) (void *data, uint32_t from, const struct linear *map), void *data)
{
  const struct value *operand = &step->operands[0];
  struct shape shape = value_shape (operand);
  size_t size = shape_size (&shape);
  struct linear map
    = { .kind = LINEAR_SCALE, .scale = 1, .operand_size = size, .result_size = size, .layout = layout_dense (&shape) };
  if (operand->node)
    visit (data, operand->node, &map);
}

void
rounding_visit (const struct run *run, uint32_t node,
                void (*visit) (void *data, uint32_t from, const struct linear *map), void *data)
{
  if (!rounding_value (run, node))
    return;
  const struct step *step = trace_find (run->trace, node);
  if (is_elementwise (step))
    visit_elementwise (run, step, visit, data);
  else if (step->op == OP_stop_gradient)
    visit_stopped (step, visit, data);
  else
    visit_links (run, node, visit, data);
}

/* A number that was read. */
static double
reading_error (double number)
{
  return number_is_exact (number) ? 0 : UNIT * fabs (number) + SMALLEST_ERROR;
}

static double
tiny_error (double v)
{
  return fabs (v) < DBL_MIN ? SMALLEST_ERROR : 0;
}

/* Whether the result is another one when an operand of no known size is another number of its sign. */
static bool
depends_on (const struct step *step, int k, const double x[3], double v)
{
  static const double OTHERS[] = { 0.73, 1900 };
  for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS; i++)
    {
      double other[3] = { x[0], x[1], x[2] };
      other[k] = copysign (OTHERS[i], x[k]);
      if (!(op_value ((enum op)step->op, other[0], other[1], other[2]) == v))
        return true;
    }
  return false;
}

/* Whether errors are so large a part of some number that a slope may be another one there. */
static bool
any_is_large (const double *bounds, const double *elements, size_t size)
{
  for (size_t i = 0; i < size; i++)
    if (!(isfinite (bounds[i]) && bounds[i] <= 0x1p-20 * fabs (elements[i])))
      return true;
  return false;
}

/* The bounds of the operands of an elementwise step, where one of them is large, an element has none or all count; the
   others are NULL. */
static void
bounds_open (struct elements *bounds, const struct run *run, const struct step *step, const struct known_bounds *known)
{
  struct shape shape = value_shape (&step->result);
  *bounds = (struct elements){ .arity = step->count, .size = shape_size (&shape) };
  for (int k = 0; k < bounds->arity; k++)
    {
      const struct value *operand = &step->operands[k];
      struct shape own = value_shape (operand);
      const double *base = operand->node ? known->bounds + known->starts[operand->node] : NULL;
      bounds->jumps[k] = known->beyond && op_jumps ((enum op)step->op, k);
      if (!base || !(bounds->jumps[k] || any_is_large (base, value_elements (operand), shape_size (&own))))
        continue;
      struct layout layout = layout_broadcast (&own, &shape);
      bounds->spread[k] = array_vector (run->arrays, bounds->size);
      layout_take (&layout, base, bounds->spread[k]->elements);
      bounds->base[k] = bounds->spread[k]->elements;
    }
}

/* Where a step is looked at, as far from an operand as its bound: below, above, and at 0 when that lies between. */
static bool
stray (double x, double bound, int way, double *to)
{
  *to = way == 0 ? x - bound : way == 1 ? x + bound : 0;
  return way < 2 || fabs (x) < bound;
}

/* The largest size of a slope within the bounds of two operands, as far as their ends tell; INFINITY where there is
   none. A third is not moved. */
static double
steepest (const struct step *step, int k, const double x[3], const double bounds[2])
{
  double most = 0, y[3] = { x[0], x[1], x[2] };
  for (int first = 0; first < 3; first++)
    for (int second = 0; second < 3; second++)
      {
        if (!stray (x[0], bounds[0], first, &y[0]) || !stray (x[1], bounds[1], second, &y[1]))
          continue;
        double slope = fabs (partial_at (step, k, y, op_value ((enum op)step->op, y[0], y[1], y[2])));
        if (!(slope <= most))
          most = isnan (slope) ? INFINITY : slope;
      }
  return most;
}

/* How far the result jumps within the bounds of operands in which it has jumps, as far as their ends tell; 0 where it
   is no farther than slopes explain. */
static double
jump_near (const struct step *step, const bool jumps[3], const double x[3], const double bounds[3], double v)
{
  double most = 0, steep = 0, y[3] = { x[0], x[1], x[2] }, near[3];
  for (int k = 0; k < 3; k++)
    {
      near[k] = jumps[k] ? bounds[k] : 0;
      steep += near[k] > 0 ? fabs (partial_at (step, k, x, v)) * near[k] : 0;
    }
  for (int way = 0; way < 27 && (near[0] > 0 || near[1] > 0 || near[2] > 0); way++)
    if (stray (x[0], near[0], way % 3, &y[0]) && stray (x[1], near[1], way / 3 % 3, &y[1])
        && stray (x[2], near[2], way / 9, &y[2]))
      most = fmax (most, fabs (op_value ((enum op)step->op, y[0], y[1], y[2]) - v));
  return most > 2 * steep ? most : 0;
}

/* What errors of operands that have bounds come to beyond the first order: by the steepest slope near instead of the
   one there; and the jumps near. */
static double
beyond_first (const struct step *step, const struct elements *bounds, size_t i, const double x[3], double v)
{
  double beyond = 0, near[3] = { 0, 0, 0 };
  for (int k = 0; k < bounds->arity; k++)
    near[k] = bounds->base[k] && isfinite (bounds->base[k][i]) ? bounds->base[k][i] : 0;
  for (int k = 0; k < bounds->arity && k < 2; k++)
    if (near[k] > 0 && op_info[step->op].arity == bounds->arity)
      beyond += fmax (0, steepest (step, k, x, near) - fabs (partial_at (step, k, x, v))) * near[k];
  return beyond + jump_near (step, bounds->jumps, x, near, v);
}

/* Whether nothing is known of one element of the result, since it left the range of doubles or was made of such. */
static bool
is_unbounded (const struct step *step, const struct elements *bounds, size_t i, const double x[3], double v)
{
  bool leaves = isinf (v) != 0;
  for (int k = 0; k < bounds->arity; k++)
    {
      leaves = leaves && isfinite (x[k]);
      if (bounds->base[k] && isinf (bounds->base[k][i]) && depends_on (step, k, x, v))
        return true;
    }
  return leaves;
}

/* Of an elementwise step: its own accuracy, and operands that were read and have no node. */
static void
own_elementwise (const struct run *run, const struct step *step, const struct known_bounds *known, double *own)
{
  const struct accuracy *accuracy = op_accuracy ((enum op)step->op);
  const double *v = value_elements (&step->result);
  struct elements elements, bounds;
  elements_open (&elements, run, step);
  bounds_open (&bounds, run, step, known);
  for (size_t i = 0; i < elements.size; i++)
    {
      double x[3], read = 0, sizes = 0;
      elements_at (&elements, i, x);
      bool rounds = op_rounds ((enum op)step->op, x, v[i]);
      for (int k = 0; k < elements.arity; k++)
        {
          double error = step->operands[k].node ? 0 : 2 * reading_error (x[k]);
          bool counts = error > 0 || (rounds && accuracy->operand > 0);
          double slope = counts ? fabs (partial_at (step, k, x, v[i])) : 0;
          read += error > 0 && slope > 0 ? slope * error : 0;
          sizes += slope > 0 ? slope * fabs (x[k]) : 0;
        }
      own[i] = is_unbounded (step, &bounds, i, x, v[i])
                 ? INFINITY
                 : read + (known->beyond ? beyond_first (step, &bounds, i, x, v[i]) : 0);
      if (rounds && isfinite (v[i]))
        own[i] += UNIT * (accuracy->relative * fabs (v[i]) + accuracy->operand * sizes + accuracy->absolute)
                  + tiny_error (v[i]);
    }
  elements_close (&bounds, run);
  elements_close (&elements, run);
}

/* The terms that the linear maps of a step add up. */
struct adding
{
  const struct run *run;
  double *sizes; /* sums of |J| |x| */
  size_t terms, maps; /* roundings that each goes through, at most */
  bool moves, whole;
};

/* How many roundings each term goes through at most when so many are added up: one by one, but everything in pairs
   (value/sum.h). Terms that are alike, as those of a loop, err to one side again and again: no root of their number
   would do. */
static size_t
roundings_of_sum (const struct linear *map)
{
  size_t terms = linear_terms (map), runs = (terms + SUM_RUN - 1) / SUM_RUN, count = SUM_RUN / 8 + 3;
  if (map->kind != LINEAR_REDUCE || map->result_size > 1)
    return terms;
  for (; runs > 1; runs = (runs + 1) / 2)
    count++;
  return count < terms ? count : terms;
}

static void
add_sizes (void *data, uint32_t from, const struct linear *map)
{
  struct adding *adding = data;
  const struct value *value = rounding_value (adding->run, from);
  size_t terms = roundings_of_sum (map);
  bool is_nothing = map->kind == LINEAR_SCALE && map->scale == 0;
  if (!value || is_nothing)
    return;
  adding->maps++;
  adding->terms = terms > adding->terms ? terms : adding->terms;
  adding->moves &= linear_moves (map);
  adding->whole &= linear_is_whole (map);
  const double *x = value_elements (value);
  for (size_t i = 0; i < map->operand_size && adding->whole; i++)
    adding->whole = number_is_exact (x[i]);
  linear_bound (adding->run->arrays, map, x, adding->sizes);
}

/* Of a step with structure. */
static void
own_structured (const struct run *run, uint32_t node, const struct step *step, double *own)
{
  static const struct accuracy linear = { ROUNDED, 0, 1, 0 };
  size_t size = value_size (&step->result);
  const double *v = value_elements (&step->result);
  const struct accuracy *accuracy = step->op < OPS ? op_accuracy ((enum op)step->op) : &linear;
  struct array *sizes = array_filled (run->arrays, &(struct shape){ .rank = 1, .extent = { size } }, 0);
  struct adding adding = { run, sizes->elements, 1, 0, true, true };
  rounding_visit (run, node, add_sizes, &adding);
  bool read = adding.maps == 0, moves = accuracy == &linear && adding.moves && adding.maps == 1;
  double terms = (double)(adding.terms + (adding.maps > 1 ? adding.maps - 1 : 0));
  for (size_t i = 0; i < size; i++)
    {
      bool exact
        = number_is_exact (v[i]) && adding.whole && sizes->elements[i] <= 0x1p53 && accuracy->exactness != APPROXIMATE;
      if (read)
        own[i] = reading_error (v[i]);
      else if (!moves && !exact)
        own[i] = UNIT * terms
                   * (accuracy->relative * fabs (v[i]) + accuracy->operand * sizes->elements[i] + accuracy->absolute)
                 + tiny_error (v[i]);
    }
  array_drop (run->arrays, sizes);
}

void
rounding_own (const struct run *run, uint32_t node, const struct known_bounds *known, double *own)
{
  const struct value *value = rounding_value (run, node);
  if (!value)
    return;
  const struct step *step = trace_find (run->trace, node);
  memset (own, 0, value_size (value) * sizeof *own);
  if (is_elementwise (step))
    own_elementwise (run, step, known, own);
  else if (step->op != OP_stop_gradient)
    own_structured (run, node, step, own);
}
