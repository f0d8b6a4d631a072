/* differences.c -- a program's gradient against independent numbers: which of its values are needed, and what rounding
   did to them and to the gradient where that matters. */
#include "check/differences.h"

#include <math.h>
#include <string.h>

#include "base/heap.h"
#include "check/differences_judge.h"
#include "check/rounding.h"
#include "tape/forward.h"

const char *const difference_names[DIFFERENCE_VERDICTS] = { "ok", "wrong", "kink", "undecided" };

enum
{
  MOST = 200, /* elements of one source that are looked at */
  SHARP = 4   /* elements of a target whose rounding is found one by one */
};

/* One element of an input that is moved, and what rounding does to the gradient of its source: asked for once, where
   the first element is in doubt. */
struct moving
{
  struct points *points;
  const struct difference_task *task;
  struct point_input *input; /* NULL: it is none */
  size_t target, source, element;
  struct array *bounds; /* of the gradient's elements; NULL: not asked for yet */
};

static const struct value *
target_in (const struct moving *moving, const struct run *run)
{
  return area_of (&run->globals, struct value) + moving->task->targets[moving->target].slot;
}

static void
move (struct moving *moving, double step)
{
  struct points *points = moving->points;
  struct array *moved = value_copy (points->base->arrays, &moving->input->value);
  moved->elements[moving->element] += step;
  points->moved[moving->input->number] = moved;
}

static void
move_back (struct moving *moving)
{
  struct array **moved = &moving->points->moved[moving->input->number];
  array_drop (moving->points->base->arrays, *moved);
  *moved = NULL;
}

static double
sum_of (const struct value *value)
{
  struct shape shape = value_shape (value);
  double sum = 0;
  for (size_t i = 0; i < shape_size (&shape); i++)
    sum += value_elements (value)[i];
  return sum;
}

/* The sum of the target's elements with the element moved by a step; NaN where the program does not come through. */
static double
value_at (struct moving *moving, double step)
{
  struct points *points = moving->points;
  uint32_t slot = moving->task->targets[moving->target].slot;
  struct again again;
  move (moving, step);
  points->watched = &slot;
  points->watched_count = 1;
  double sum = points_run (points, &again, NULL, NULL) == POINT_GOOD ? sum_of (target_in (moving, &again.run)) : NAN;
  again_close (&again);
  move_back (moving);
  points->watched_count = 0;
  return sum;
}

/* How far off by rounding that sum can be: its elements, and adding them up. 0 where the program does not come through,
   INFINITY where it is not known. */
static double
value_rounding (struct moving *moving, double step)
{
  struct rounding rounding;
  double sum = INFINITY;
  move (moving, step);
  if (rounding_open (&rounding, moving->points))
    {
      const struct value *value = target_in (moving, &rounding.again.run);
      size_t size = value_size (value);
      struct array *bounds = array_vector (moving->points->base->arrays, size);
      rounding_of_value (&rounding, value, bounds->elements);
      sum = 0;
      for (size_t i = 0; i < size && size <= SHARP; i++)
        bounds->elements[i] = rounding_of_element (&rounding, value, i);
      for (size_t i = 0; i < size; i++)
        sum += bounds->elements[i] + (size > 1 ? 0x1p-53 * (double)size * fabs (value_elements (value)[i]) : 0);
      array_drop (moving->points->base->arrays, bounds);
    }
  rounding_close (&rounding);
  move_back (moving);
  return sum;
}

static const double *
gradient_of (const struct moving *moving)
{
  return moving->task->gradients[moving->target * moving->task->source_count + moving->source];
}

/* Finds bounds of rounding of the gradient in all elements of the source: INFINITY where it is not known. */
static void
find_bounds (struct moving *moving)
{
  struct rounding rounding;
  struct value derivative;
  const struct value *source = &moving->input->value;
  struct shape shape = value_shape (source);
  if (moving->bounds)
    return;
  moving->bounds = array_filled (moving->points->base->arrays, &shape, INFINITY);
  if (rounding_open (&rounding, moving->points))
    {
      const struct run *run = &rounding.again.run;
      const struct value *target = target_in (moving, run);
      const struct noted *noted = area_of (&run->inputs, struct noted) + moving->input->number;
      if (rounding_derivative (&rounding, target, ROUNDING_ALL, &noted->value, &derivative))
        rounding_of_value (&rounding, &derivative, moving->bounds->elements);
      else if (!gradient_of (moving))
        memset (moving->bounds->elements, 0, moving->bounds->size * sizeof (double));
    }
  rounding_close (&rounding);
}

static bool
uses (const struct program *program, enum op op)
{
  const struct instruction *code = area_of (&program->code, struct instruction);
  for (size_t i = 0; i < area_count (&program->code, struct instruction); i++)
    if (code[i].code == CODE_ROUTINE && code[i].op == op)
      return true;
  return false;
}

static void
find_values (struct moving *moving, double step, struct difference_values *values)
{
  double x = value_elements (&moving->input->value)[moving->element];
  *values = (struct difference_values){ .at = x, .step = step, .middle = value_at (moving, 0) };
  for (int s = 0; s < DIFFERENCE_STEPS; s++)
    {
      /* The step that was really made. */
      volatile double up = x + step * pow (4, -s), down = x - step * pow (4, -s);
      values->up[s] = up - x;
      values->down[s] = x - down;
      values->high[s] = value_at (moving, values->up[s]);
      values->low[s] = value_at (moving, -values->down[s]);
    }
}

/* A bound of rounding of the values that are compared, where they are furthest apart too. */
static double
values_rounding (struct moving *moving, const struct difference_values *values)
{
  double least = 0x1p-53 * difference_size (values), off = fmax (least, value_rounding (moving, 0));
  if (!isnan (values->high[0]))
    off = fmax (off, value_rounding (moving, values->up[0]));
  if (!isnan (values->low[0]))
    off = fmax (off, value_rounding (moving, -values->down[0]));
  return off;
}

/* By another first step, times the usual one. */
static struct difference
judge_again (struct moving *moving, const struct difference_rounding *rounding,
             const struct difference_options *options, const struct difference *before, double step)
{
  struct difference_values values;
  struct difference difference = *before;
  find_values (moving, step, &values);
  difference_judge (&values, rounding, options, &difference);
  return difference;
}

/* The verdict over one partial derivative. Most agree by the rounding of the values alone; what does not is looked at
   with the rounding of all steps, and is wrong only if it is so by smaller steps too. Where rounding hides the
   derivative larger ones may show it, and smaller ones what changes fast: beside a pole that looked like a jump. */
static void
judge (struct moving *moving, const struct difference_options *options, struct difference *difference)
{
  static const double smaller[] = { 0.137, 0.011 }, others[] = { 7, 40, 1e-3, 1e-6 };
  double x = value_elements (&moving->input->value)[moving->element], step = x != 0 ? 0.02 * fabs (x) : 0.02;
  struct difference_values values;
  find_values (moving, step, &values);
  struct difference_rounding rounding = { .value = 0x1p-53 * difference_size (&values) };
  difference_judge (&values, &rounding, options, difference);
  if (difference->verdict == DIFFERENCE_OK || isnan (difference->gradient) || isnan (values.middle))
    return;
  find_bounds (moving);
  rounding
    = (struct difference_rounding){ values_rounding (moving, &values), moving->bounds->elements[moving->element] };
  if (isinf (rounding.value) || (isinf (rounding.gradient) && isfinite (difference->gradient)))
    {
      difference_undecided (difference, "what rounding does there is not known");
      return;
    }
  difference_judge (&values, &rounding, options, difference);
  for (int i = 0; i < 4 && difference->verdict == DIFFERENCE_UNDECIDED; i++)
    {
      struct difference other = judge_again (moving, &rounding, options, difference, others[i] * step);
      if (other.verdict == DIFFERENCE_OK)
        *difference = other;
      else if (difference->jumps && !other.jumps && others[i] < 1)
        difference_undecided (difference, "differences do not settle there");
    }
  for (int i = 0; i < 2 && difference->verdict == DIFFERENCE_WRONG; i++)
    {
      struct difference other = judge_again (moving, &rounding, options, difference, smaller[i] * step);
      double off = fabs (difference->found - difference->gradient);
      if (other.verdict == DIFFERENCE_WRONG && !(fabs (other.found - difference->found) <= 0.1 * off))
        difference_undecided (difference, "differences do not settle there");
      else
        *difference = other;
    }
}

static struct point_input *
find_input (const struct points *points, const struct difference_source *source)
{
  for (size_t i = 0; source->first && i < points->input_count; i++)
    if (points->inputs[i].name == source->name)
      return &points->inputs[i];
  return NULL;
}

/* <u, J v> of the forward sweep and <J' u, v> of the reverse one: u all ones, v at random in all sources, by how much
   they differ, and the size of what was added up. */
static double
difference_of_sweeps (const struct difference_task *task, size_t target, struct random *random, double *size)
{
  const struct run *run = task->run;
  const struct value *value = &task->targets[target].value;
  struct forward forward;
  double reverse = 0, ahead = 0;
  *size = 0;
  if (!value->node)
    return 0;
  forward_open (&forward, run->tape);
  for (size_t s = 0; s < task->source_count; s++)
    {
      const struct value *source = &task->sources[s].value;
      const double *gradient = task->gradients[target * task->source_count + s];
      size_t count = value_size (source);
      struct array *change = array_vector (run->arrays, count);
      random_uniform (random, count, change->elements);
      for (size_t i = 0; gradient && i < count; i++)
        {
          reverse += gradient[i] * change->elements[i];
          *size += fabs (gradient[i] * change->elements[i]);
        }
      if (source->node && gradient)
        forward_seed (&forward, source->node, change->elements);
      array_drop (run->arrays, change);
    }
  forward_run (&forward, value->node);
  struct array *tangent = array_vector (run->arrays, value_size (value));
  forward_read (&forward, value->node, tangent->size, tangent->elements);
  for (size_t i = 0; i < tangent->size; i++)
    {
      ahead += tangent->elements[i];
      *size += fabs (tangent->elements[i]);
    }
  array_drop (run->arrays, tangent);
  forward_close (&forward);
  return isfinite (ahead) && isfinite (reverse) ? fabs (ahead - reverse) : 0;
}

/* False when the sweeps differ by more than rounding: that of the forward sweep is like the other's or, where that has
   exact zeros, like what rounding does to the value when an element moves by as much as it is. */
static bool
sweeps_agree (struct moving *movings, const struct difference_task *task, size_t target, struct random *random)
{
  static const double loose = 16;
  double size, off = difference_of_sweeps (task, target, random, &size), rounding = 0;
  if (off == 0 || off <= 1e-9 * size)
    return true;
  for (size_t s = 0; s < task->source_count; s++)
    {
      if (!movings[s].input)
        return true;
      find_bounds (&movings[s]);
      const double *elements = value_elements (&movings[s].input->value);
      double of_value = value_rounding (&movings[s], 0);
      for (size_t i = 0; i < movings[s].bounds->size; i++)
        rounding += movings[s].bounds->elements[i] + of_value / (elements[i] != 0 ? fabs (elements[i]) : 1);
    }
  return off <= 1e-9 * size + loose * rounding;
}

static bool
is_equal (double a, double b)
{
  return fabs (a - b) <= 1e-9 * fmax (fabs (a), fabs (b)) || isnan (a) || isnan (b);
}

/* Judges, and leaves undecided what numbers alone do not tell: sources that are no inputs, derivatives that differences
   know nothing of. */
static void
judge_in_context (struct moving *moving, const struct difference_options *options, bool agree,
                  struct difference *difference)
{
  const struct run *run = moving->task->run;
  const struct program *program = run->program;
  if (!moving->input)
    difference_undecided (difference, "only inputs can be moved");
  else
    judge (moving, options, difference);
  if (!agree)
    {
      difference->verdict = DIFFERENCE_WRONG;
      difference->reason = "the forward sweep says something else than the reverse one";
    }
  else if (difference->verdict != DIFFERENCE_WRONG)
    return;
  else if (run->suspicious || run->tied)
    /* Each function chooses its slope at a kink for itself: of what is made of them, and of derivatives that the
       program takes, the values know nothing. */
    difference_undecided (
      difference, "the program meets a kink, a tie or Inf there, and rules there need not give the slope of the whole");
  else if (uses (program, OP_stop_gradient))
    difference_undecided (difference, "the program uses stop_gradient, which differences know nothing of");
  else if (uses (program, OP_cholesky)
           && !is_equal (value_at (moving, 0), sum_of (&moving->task->targets[moving->target].value)))
    difference_undecided (difference, "cholesky was given a matrix that is not symmetric");
}

/* The partial derivatives of one target in one source; of many elements some, drawn at random. */
static void
judge_source (struct differences *differences, struct moving *moving, const struct difference_options *options,
              bool agree, struct random *random)
{
  const double *gradient = gradient_of (moving);
  struct shape shape = value_shape (&moving->task->sources[moving->source].value);
  size_t size = shape_size (&shape);
  double chance = size > MOST ? (double)MOST / (double)size : 2;
  for (size_t i = 0; i < size; i++)
    {
      double draw;
      random_uniform (random, 1, &draw);
      if (draw >= chance)
        {
          differences->left_out++;
          continue;
        }
      struct difference *difference = &differences->list[differences->count++];
      *difference = (struct difference){ .target = moving->target,
                                         .source = moving->source,
                                         .element = i,
                                         .gradient = gradient ? gradient[i] : 0,
                                         .found = NAN,
                                         .error = NAN,
                                         .left = NAN,
                                         .right = NAN };
      moving->element = i;
      judge_in_context (moving, options, agree, difference);
    }
}

void
differences_find (struct differences *differences, const struct difference_task *task,
                  const struct difference_options *options)
{
  struct points points;
  struct random random = random_of_run (options->seed, 1);
  size_t most = 0;
  *differences = (struct differences){ 0 };
  for (size_t s = 0; s < task->source_count; s++)
    {
      struct shape shape = value_shape (&task->sources[s].value);
      most += shape_size (&shape);
    }
  struct memory *memory = task->run->memory;
  differences->list = heap_take_zeroed (memory, task->target_count * most, sizeof *differences->list, "the check");
  struct moving *movings = heap_take_zeroed (memory, task->source_count, sizeof *movings, "the check");
  points_open (&points, task->run, options->seed);
  points.variation.symmetric = true;
  for (size_t t = 0; t < task->target_count; t++)
    {
      for (size_t s = 0; s < task->source_count; s++)
        movings[s] = (struct moving){
          .points = &points, .task = task, .input = find_input (&points, &task->sources[s]), .target = t, .source = s
        };
      bool agree = sweeps_agree (movings, task, t, &random);
      for (size_t s = 0; s < task->source_count; s++)
        judge_source (differences, &movings[s], options, agree, &random);
      for (size_t s = 0; s < task->source_count; s++)
        array_drop (task->run->arrays, movings[s].bounds);
    }
  points_close (&points);
  heap_give (movings);
  for (size_t i = 0; i < differences->count; i++)
    differences->counts[differences->list[i].verdict]++;
}

void
differences_free (struct differences *differences)
{
  heap_give (differences->list);
  *differences = (struct differences){ 0 };
}
