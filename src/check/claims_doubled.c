/* claims_doubled.c -- claims with twice as many elements as the program has. */
#include <string.h>

#include "check/trial.h"

/* An array with the elements along one axis there twice. */
static struct array *
repeat (struct arrays *arrays, const struct value *value, int axis)
{
  struct shape shape = value_shape (value);
  const double *elements = value_elements (value);
  size_t inner = 1, length = shape.extent[axis];
  for (int k = axis + 1; k < shape.rank; k++)
    inner *= shape.extent[k];
  size_t outer = shape_size (&shape) / (inner * length);
  shape.extent[axis] *= 2;
  struct array *twice = array_new (arrays, TYPE_REAL, &shape);
  for (size_t i = 0; i < outer; i++)
    for (int copy = 0; copy < 2; copy++)
      memcpy (twice->elements + (2 * i + (size_t)copy) * inner * length, elements + i * inner * length,
              inner * length * sizeof *elements);
  return twice;
}

/* The first axis of that length, or the last; -1 when there is none. */
static int
axis_of_length (const struct shape *shape, double length, bool last)
{
  int found = -1;
  for (int axis = 0; axis < shape->rank && (last || found < 0); axis++)
    if ((double)shape->extent[axis] == length)
      found = axis;
  return found;
}

enum trial_outcome
claim_try_doubled (struct trial *trial, size_t number)
{
  struct points *points = trial->points;
  struct arrays *arrays = points->base->arrays;
  double n = points->inputs[number].value.number;
  enum trial_outcome outcome = TRIAL_OUTSIDE;
  for (int last = 0; last < 2 && outcome == TRIAL_OUTSIDE; last++)
    {
      for (size_t i = 0; i < points->input_count; i++)
        {
          struct point_input *input = &points->inputs[i];
          struct shape shape = value_shape (&input->value);
          int axis = axis_of_length (&shape, n, last);
          if (axis >= 0)
            input->other = repeat (arrays, &input->value, axis);
        }
      points->inputs[number].other = array_new (arrays, TYPE_REAL, &(struct shape){ 0 });
      points->inputs[number].other->elements[0] = 2 * n;
      points->variation.resized = true;
      outcome = trial_run (trial, SEARCH_POINTS, false);
      for (size_t i = 0; i < points->input_count; i++)
        {
          array_drop (arrays, points->inputs[i].other);
          points->inputs[i].other = NULL;
        }
      points->variation.resized = false;
    }
  return outcome;
}
