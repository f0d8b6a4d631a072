/* rounding.c -- what rounding can do to the values that a program computes, to first order. */
#include "check/rounding.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "check/rounding_step.h"
#include "derive/gradient.h"
#include "linear/linear_bound.h"

bool
rounding_open (struct rounding *rounding, const struct points *points)
{
  struct points complete = *points;
  struct memory *memory = points->base->memory;
  memset (rounding, 0, sizeof *rounding);
  area_open (&rounding->bounds, memory, (size_t)64 << 30, "the bounds of rounding");
  area_open (&rounding->own, memory, (size_t)64 << 30, "the bounds of rounding");
  area_open (&rounding->starts, memory, (size_t)16 << 30, "the bounds of rounding");
  area_open (&rounding->adjoints, memory, (size_t)16 << 30, "the bounds of rounding");
  complete.complete = true;
  complete.watched_count = 0;
  return points_run (&complete, &rounding->again, NULL, NULL) == POINT_GOOD;
}

void
rounding_close (struct rounding *rounding)
{
  area_close (&rounding->bounds);
  area_close (&rounding->own);
  area_close (&rounding->starts);
  area_close (&rounding->adjoints);
  again_close (&rounding->again);
}

/* Does some work on the run that may stop for want of memory; false when it does. */
static bool
is_done (struct rounding *rounding, void (*work) (struct rounding *rounding, void *data), void *data)
{
  struct again *again = &rounding->again;
  struct memory *memory = again->run.memory;
  jmp_buf *outer = memory->stop;
  volatile bool done = false;
  if (rounding->failed)
    return false;
  memory->stop = &again->stop;
  if (setjmp (again->stop) == 0)
    {
      work (rounding, data);
      done = true;
    }
  memory->stop = outer;
  rounding->failed = !done;
  return done;
}

struct derivation_task
{
  const struct value *target, *source;
  ptrdiff_t element;
  struct value *derivative;
};

static void
record_derivative (struct rounding *rounding, void *data)
{
  const struct derivation_task *task = data;
  struct run *run = &rounding->again.run;
  struct shape shape = value_shape (task->target);
  struct value seed = run_filled (run, &shape, 1);
  for (size_t i = 0; i < shape_size (&shape) && shape.rank; i++)
    value_room (&seed)[i] = task->element == ROUNDING_ALL || (size_t)task->element == i;
  gradient_record (run, task->target, &seed, 1, task->source, task->derivative);
  value_drop (run, &seed);
}

bool
rounding_derivative (struct rounding *rounding, const struct value *target, ptrdiff_t element,
                     const struct value *source, struct value *derivative)
{
  struct derivation_task task = { target, source, element, derivative };
  *derivative = (struct value){ 0 };
  return target->node && source->node && is_done (rounding, record_derivative, &task)
         && derivative->kind != KIND_NOTHING;
}

static size_t
size_of_node (const struct tape *tape, uint32_t node)
{
  size_t size = 1;
  return tape_is_array (tape, node, &size) ? size : 1;
}

static double *
bounds_of (const struct rounding *rounding, uint32_t node)
{
  return area_of (&rounding->bounds, double) + area_of (&rounding->starts, size_t)[node];
}

static double *
own_of (const struct rounding *rounding, uint32_t node)
{
  return area_of (&rounding->own, double) + area_of (&rounding->starts, size_t)[node];
}

/* The running bound where errors that are the same one were added up again and again until it left the range of
   doubles: it says nothing, but the sharp one does. What is made of it says no more. */
static const double LOST = DBL_MAX;

struct carrying
{
  struct rounding *rounding;
  uint32_t node;
  bool tiny;  /* bounds that are carried may become 0 because they are no normal numbers */
  bool known; /* something of all operands */
  bool lost;  /* that of one of them */
};

static bool
is_tiny (double bound)
{
  return bound > 0 && bound < DBL_MIN;
}

static void
carry_bound (void *data, uint32_t from, const struct linear *map)
{
  struct carrying *carrying = data;
  struct rounding *rounding = carrying->rounding;
  const double *bounds = bounds_of (rounding, from);
  for (size_t i = 0; i < map->operand_size; i++)
    {
      carrying->tiny |= is_tiny (bounds[i]);
      carrying->known &= isfinite (bounds[i]);
      carrying->lost |= bounds[i] == LOST;
    }
  linear_bound (rounding->again.run.arrays, map, bounds, bounds_of (rounding, carrying->node));
}

struct sweeping
{
  struct rounding *rounding;
  const struct value *value;
  size_t element;
  const struct array *adjoint;
  double bound;
  void (*meet) (void *data, const struct rounding_met *met);
  void *data;
};

static struct array **
adjoint_of (struct rounding *rounding, uint32_t node)
{
  return area_of (&rounding->adjoints, struct array *) + node;
}

static struct array *
zeros (struct rounding *rounding, size_t size)
{
  return array_filled (rounding->again.run.arrays, &(struct shape){ .rank = 1, .extent = { size } }, 0);
}

static void
pass_adjoint (void *data, uint32_t from, const struct linear *map)
{
  const struct sweeping *sweeping = data;
  struct array **place = adjoint_of (sweeping->rounding, from);
  if (!*place)
    *place = zeros (sweeping->rounding, map->operand_size);
  linear_reverse (sweeping->rounding->again.run.memory, map, sweeping->adjoint->elements, 1, (*place)->elements, false);
}

/* Adjoints of one element, over all steps that it was made of; what each is off by, times the adjoint. Of nodes that
   have bounds. */
static void
sweep_down (struct rounding *rounding, struct sweeping *sweeping)
{
  const struct run *run = &rounding->again.run;
  uint32_t top = sweeping->value->node;
  size_t bytes = (top + 1) * sizeof (struct array *);
  rounding->adjoints.used = 0;
  area_push (&rounding->adjoints, bytes);
  memset (rounding->adjoints.start, 0, bytes);
  *adjoint_of (rounding, top) = zeros (rounding, size_of_node (run->tape, top));
  (*adjoint_of (rounding, top))->elements[sweeping->element] = 1;
  for (uint32_t node = top; node > 0; node--)
    {
      struct array *adjoint = *adjoint_of (rounding, node);
      if (!adjoint)
        continue;
      const double *own = own_of (rounding, node);
      for (size_t i = 0; i < adjoint->size; i++)
        if (own[i] > 0 && adjoint->elements[i] != 0)
          sweeping->bound += fabs (adjoint->elements[i]) * own[i];
      if (sweeping->meet)
        sweeping->meet (sweeping->data, &(struct rounding_met){ node, adjoint->size, adjoint->elements, own,
                                                                bounds_of (rounding, node) });
      sweeping->adjoint = adjoint;
      rounding_visit (run, node, pass_adjoint, sweeping);
      array_drop (run->arrays, adjoint);
    }
}

/* Where running bounds of few numbers have become large they are made sharp, as long as that takes no longer than the
   run: what is made of them adds up errors that are the same one again and again, as a loop does. */
static void
sharpen (struct rounding *rounding, uint32_t node)
{
  enum
  {
    FEW = 4,
    WORK = 1 << 20
  };
  const struct value *value = rounding_value (&rounding->again.run, node);
  size_t size = value ? value_size (value) : 0;
  for (size_t i = 0; i < size && size <= FEW; i++)
    {
      double *bound = &bounds_of (rounding, node)[i], number = value_elements (value)[i];
      if (!(*bound > 0x1p-20 * fabs (number)) || *bound < 4 * own_of (rounding, node)[i] || isinf (*bound)
          || is_tiny (*bound)
          || rounding->sharpened + node > WORK)
        continue;
      struct sweeping sweeping = { .rounding = rounding, .value = value, .element = i };
      rounding->sharpened += node;
      sweep_down (rounding, &sweeping);
      *bound = fmin (*bound, sweeping.bound);
    }
}

/* The running bounds of all nodes that have none yet. */
static void
bound_nodes (struct rounding *rounding, void *data)
{
  const struct run *run = &rounding->again.run;
  (void)data;
  for (uint32_t node = (uint32_t)area_count (&rounding->starts, size_t); node < tape_count (run->tape); node++)
    {
      size_t size = node ? size_of_node (run->tape, node) : 0, start = area_count (&rounding->bounds, double);
      area_push (&rounding->bounds, size * sizeof (double));
      area_push (&rounding->own, size * sizeof (double));
      *area_add (&rounding->starts, size_t) = start;
      if (!size)
        continue;
      memset (bounds_of (rounding, node), 0, size * sizeof (double));
      memset (own_of (rounding, node), 0, size * sizeof (double));
      const struct known_bounds known
        = { area_of (&rounding->bounds, double), area_of (&rounding->starts, size_t), rounding->beyond };
      rounding_own (run, node, &known, own_of (rounding, node));
      struct carrying carrying = { .rounding = rounding, .node = node, .known = true };
      rounding_visit (run, node, carry_bound, &carrying);
      for (size_t i = 0; i < size; i++)
        {
          double *bound = &bounds_of (rounding, node)[i], own = own_of (rounding, node)[i];
          *bound += own + (carrying.tiny ? DBL_TRUE_MIN : 0);
          if (isnan (*bound))
            *bound = INFINITY;
          if (carrying.known && isfinite (own) && *bound > 0 && (carrying.lost || isinf (*bound)))
            *bound = LOST;
        }
      if (rounding->beyond)
        sharpen (rounding, node);
    }
}

/* The sharp bound of one element, and of all that it is made of. */
static void
sweep_back (struct rounding *rounding, void *data)
{
  bound_nodes (rounding, NULL);
  sweep_down (rounding, data);
}

/* A value that does not vary was read from the text. */
static double
bound_of_constant (double number)
{
  return number == rint (number) ? 0 : 0x1p-52 * fabs (number);
}

void
rounding_of_value (struct rounding *rounding, const struct value *value, double *bounds)
{
  struct shape shape = value_shape (value);
  size_t size = shape_size (&shape);
  const double *elements = value_elements (value);
  bool known = is_done (rounding, bound_nodes, NULL);
  for (size_t i = 0; i < size; i++)
    {
      double bound = value->node && known ? bounds_of (rounding, value->node)[i] : bound_of_constant (elements[i]);
      bounds[i] = isfinite (elements[i]) && known ? bound : INFINITY;
    }
}

bool
rounding_sweep (struct rounding *rounding, const struct value *value, size_t element,
                void (*meet) (void *data, const struct rounding_met *met), void *data)
{
  struct sweeping sweeping = { .rounding = rounding, .value = value, .element = element, .meet = meet, .data = data };
  return value->node && isfinite (value_elements (value)[element]) && is_done (rounding, sweep_back, &sweeping);
}

const double *
rounding_of_node (const struct rounding *rounding, uint32_t node)
{
  return bounds_of (rounding, node);
}

double
rounding_of_element (struct rounding *rounding, const struct value *value, size_t element)
{
  struct sweeping sweeping = { .rounding = rounding, .value = value, .element = element };
  double number = value_elements (value)[element];
  if (!isfinite (number))
    return INFINITY;
  if (!value->node)
    return bound_of_constant (number);
  if (!is_done (rounding, sweep_back, &sweeping))
    return INFINITY;
  /* Adjoints of what underflowed may be infinite, or 0. */
  double running = bounds_of (rounding, value->node)[element];
  return fmax (fmin (sweeping.bound, running), is_tiny (running) ? DBL_TRUE_MIN : 0);
}
