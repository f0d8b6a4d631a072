/* differences.c -- a program's gradient against independent numbers.

   Central differences with steps that shrink, extrapolated after Ridders (Advances in Engineering Software 4, 1982):
   each step removes one more power of the step from the error, and what two neighbours differ by is the error. The
   slopes of both sides tell a kink from a mistake, and what does not shrink with the step is a jump. */
#include "check/differences.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check/points.h"
#include "tape/forward.h"

const char *const difference_names[DIFFERENCE_VERDICTS] = { "ok", "wrong", "kink", "undecided" };

enum
{
  STEPS = 10,
  MOST = 200 /* elements of one source that are looked at */
};

/* One element of an input that is moved. */
struct moving
{
  struct points *points;
  const struct difference_task *task;
  struct point_input *input;
  size_t target, element;
};

/* The sum of the target's elements with the element moved by a step; NaN where the program does not come through. */
static double
value_at (const struct moving *moving, double step)
{
  struct points *points = moving->points;
  const struct run *base = points->base;
  struct shape shape = value_shape (&moving->input->value);
  struct array *moved = array_new (base->arrays, TYPE_REAL, &shape);
  uint32_t slot = moving->task->targets[moving->target].slot;
  struct again again;
  double sum = NAN;
  memcpy (moved->elements, value_elements (&moving->input->value), moved->size * sizeof (double));
  moved->elements[moving->element] += step;
  points->moved[moving->input->number] = moved;
  points->watched = &slot;
  points->watched_count = 1;
  if (points_run (points, &again, NULL, NULL) == POINT_GOOD)
    {
      const struct value *value = area_of (&again.run.globals, struct value) + slot;
      struct shape result = value_shape (value);
      sum = 0;
      for (size_t i = 0; i < shape_size (&result); i++)
        sum += value_elements (value)[i];
    }
  again_close (&again);
  points->moved[moving->input->number] = NULL;
  array_drop (base->arrays, moved);
  return sum;
}

/* A slope that a sequence of quotients tends to, and its error. */
struct slope
{
  double value, error;
};

/* Ridders' extrapolation of quotients at steps that are a quarter of the one before; `order` is the first power of the
   step in their error, and `every` how far apart the powers are. `noise` is the error of a quotient at the first step
   by rounding. */
static struct slope
extrapolate (const double quotients[STEPS], int order, int every, double noise)
{
  double row[STEPS];
  struct slope best = { NAN, INFINITY };
  for (int s = 0; s < STEPS; s++)
    {
      double factor = pow (4, order), before = quotients[s], rounding = noise * pow (4, s);
      for (int k = 0; k < s; k++)
        {
          double better = (factor * before - row[k]) / (factor - 1);
          double error = fmax (fabs (better - before), fabs (better - row[k])) + 2 * rounding;
          row[k] = before;
          before = better;
          factor *= pow (4, every);
          if (error < best.error)
            best = (struct slope){ better, error };
        }
      row[s] = before;
    }
  return best;
}

static bool
uses_stop_gradient (const struct program *program)
{
  const struct instruction *code = area_of (&program->code, struct instruction);
  for (size_t i = 0; i < area_count (&program->code, struct instruction); i++)
    if (code[i].code == CODE_ROUTINE && code[i].op == OP_stop_gradient)
      return true;
  return false;
}

static void
undecided (struct difference *difference, const char *reason)
{
  difference->verdict = DIFFERENCE_UNDECIDED;
  difference->reason = reason;
}

/* What the quotients say of one partial derivative. */
static void
judge (const struct moving *moving, const struct difference_options *options, struct difference *difference)
{
  double x = value_elements (&moving->input->value)[moving->element], g = difference->gradient;
  double step = x != 0 ? 0.02 * fabs (x) : 0.02, middle = value_at (moving, 0), size = fabs (middle);
  double central[STEPS], left[STEPS], right[STEPS], jump = 0, last = 0;
  bool below = true, above = true;
  for (int s = 0; s < STEPS; s++)
    {
      /* The step that was really made. */
      volatile double up = x + step * pow (4, -s), down = x - step * pow (4, -s);
      double high = value_at (moving, up - x), low = value_at (moving, down - x);
      size = fmax (size, fmax (isnan (high) ? 0 : fabs (high), isnan (low) ? 0 : fabs (low)));
      central[s] = (high - low) / (up - down);
      right[s] = (high - middle) / (up - x);
      left[s] = (middle - low) / (x - down);
      above &= !isnan (high);
      below &= !isnan (low);
      last = fmax (fabs (high - middle), fabs (low - middle));
      jump = s ? jump : last;
    }
  double noise = 1.2e-16 * size / step;
  if (isnan (middle) || (!above && !below))
    {
      undecided (difference, "the program has no finite value there, or does not come through nearby");
      return;
    }
  struct slope both = extrapolate (central, 2, 2, noise), from_left = extrapolate (left, 1, 1, 2 * noise),
               from_right = extrapolate (right, 1, 1, 2 * noise);
  double scale = fmax (fabs (g), fmax (fabs (from_left.value), fabs (from_right.value)));
  double tolerance = options->rtol * scale + options->atol * size / fmax (fabs (x), 1) + 1e-300;
  difference->found = both.value;
  difference->error = both.error;
  difference->left = from_left.value;
  difference->right = from_right.value;
  if (isnan (g))
    undecided (difference, "the gradient is NaN, and differences cannot say whether it should be");
  else if (isinf (g))
    {
      const double *side = above ? right : left;
      difference->found = NAN;
      difference->error = NAN;
      if (fabs (side[STEPS - 1]) > 100 * fabs (side[0]) && (side[STEPS - 1] > 0) == (g > 0))
        difference->verdict = DIFFERENCE_OK;
      else
        undecided (difference, "the gradient is infinite, and differences do not grow like that");
    }
  else if (!above || !below)
    {
      const struct slope *side = above ? &from_right : &from_left;
      difference->found = side->value;
      difference->error = side->error;
      if (fabs (g - side->value) <= tolerance + 3 * side->error)
        difference->verdict = DIFFERENCE_OK;
      else
        undecided (difference, "the program does not come through on one side");
    }
  else if (last > 1e-3 * jump && last > 1e-9 * (size + 1e-300) && fabs (central[STEPS - 1]) > 100 * fabs (central[0]))
    undecided (difference, "the program jumps there");
  else if (fabs (g - both.value) <= tolerance + 3 * both.error
           && fabs (from_left.value - from_right.value)
                <= 1e-4 * scale + 10 * (from_left.error + from_right.error) + tolerance)
    {
      difference->verdict = DIFFERENCE_OK;
      if (both.error > 0.01 * scale && both.error > tolerance)
        undecided (difference, "rounding hides the derivative");
    }
  else if (fabs (from_left.value - from_right.value) > 1e-4 * scale + 10 * (from_left.error + from_right.error))
    {
      double low = fmin (from_left.value, from_right.value), high = fmax (from_left.value, from_right.value);
      double slack = 1e-3 * scale + 10 * (from_left.error + from_right.error);
      difference->verdict = g >= low - slack && g <= high + slack ? DIFFERENCE_KINK : DIFFERENCE_WRONG;
    }
  else if (!(both.error <= 1e-3 * scale + tolerance))
    undecided (difference, "differences do not settle there");
  else
    difference->verdict = DIFFERENCE_WRONG;
}

static struct point_input *
find_input (const struct points *points, const struct difference_source *source)
{
  for (size_t i = 0; source->first && i < points->input_count; i++)
    if (points->inputs[i].name == source->name)
      return &points->inputs[i];
  return NULL;
}

/* <u, J v> of the forward sweep and <J' u, v> of the reverse one: u all ones, v at random in all sources. False when
   they differ. */
static bool
sweeps_agree (const struct difference_task *task, size_t target, struct random *random)
{
  const struct run *run = task->run;
  const struct value *value = &task->targets[target].value;
  struct forward forward;
  double reverse = 0, size = 0, ahead = 0;
  if (!value->node)
    return true;
  forward_open (&forward, run->tape);
  for (size_t s = 0; s < task->source_count; s++)
    {
      const struct value *source = &task->sources[s].value;
      const double *gradient = task->gradients[target * task->source_count + s];
      struct shape shape = value_shape (source);
      size_t count = shape_size (&shape);
      struct array *change = array_new (run->arrays, TYPE_REAL, &(struct shape){ 1, { count } });
      random_uniform (random, count, change->elements);
      for (size_t i = 0; gradient && i < count; i++)
        {
          reverse += gradient[i] * change->elements[i];
          size += fabs (gradient[i] * change->elements[i]);
        }
      if (source->node && gradient)
        forward_seed (&forward, source->node, change->elements);
      array_drop (run->arrays, change);
    }
  forward_run (&forward, value->node);
  struct shape shape = value_shape (value);
  struct array *tangent = array_new (run->arrays, TYPE_REAL, &(struct shape){ 1, { shape_size (&shape) } });
  forward_read (&forward, value->node, tangent->size, tangent->elements);
  for (size_t i = 0; i < tangent->size; i++)
    {
      ahead += tangent->elements[i];
      size += fabs (tangent->elements[i]);
    }
  array_drop (run->arrays, tangent);
  forward_close (&forward);
  return !isfinite (ahead) || !isfinite (reverse) || fabs (ahead - reverse) <= 1e-9 * size;
}

void
differences_find (struct differences *differences, const struct difference_task *task,
                  const struct difference_options *options)
{
  struct points points;
  struct random random = random_of_run (options->seed, 1);
  bool stops = uses_stop_gradient (task->run->program);
  size_t most = 0;
  *differences = (struct differences){ 0 };
  for (size_t s = 0; s < task->source_count; s++)
    {
      struct shape shape = value_shape (&task->sources[s].value);
      most += shape_size (&shape);
    }
  differences->list = calloc (task->target_count * most + 1, sizeof *differences->list);
  if (!differences->list)
    memory_exhausted (task->run->memory, task->target_count * most * sizeof *differences->list, "the check");
  points_open (&points, task->run, options->seed);
  for (size_t t = 0; t < task->target_count; t++)
    {
      bool agree = sweeps_agree (task, t, &random);
      for (size_t s = 0; s < task->source_count; s++)
        {
          const double *gradient = task->gradients[t * task->source_count + s];
          struct shape shape = value_shape (&task->sources[s].value);
          size_t size = shape_size (&shape);
          struct moving moving = { &points, task, find_input (&points, &task->sources[s]), t, 0 };
          double chance = size > MOST ? (double)MOST / (double)size : 2;
          for (size_t i = 0; i < size; i++)
            {
              double draw;
              random_uniform (&random, 1, &draw);
              if (draw >= chance)
                {
                  differences->left_out++;
                  continue;
                }
              struct difference *difference = &differences->list[differences->count++];
              *difference = (struct difference){ .target = t,
                                                 .source = s,
                                                 .element = i,
                                                 .gradient = gradient ? gradient[i] : 0,
                                                 .found = NAN,
                                                 .error = NAN,
                                                 .left = NAN,
                                                 .right = NAN };
              moving.element = i;
              if (!moving.input)
                undecided (difference, "only inputs can be moved");
              else
                judge (&moving, options, difference);
              if (!agree)
                {
                  difference->verdict = DIFFERENCE_WRONG;
                  difference->reason = "the forward sweep says something else than the reverse one";
                }
              else if (stops && difference->verdict == DIFFERENCE_WRONG)
                undecided (difference, "the program uses stop_gradient, which differences know nothing of");
            }
        }
    }
  points_close (&points);
  for (size_t i = 0; i < differences->count; i++)
    differences->counts[differences->list[i].verdict]++;
}

void
differences_free (struct differences *differences)
{
  free (differences->list);
  *differences = (struct differences){ 0 };
}
