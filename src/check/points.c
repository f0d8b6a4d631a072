/* points.c -- the program at other points than its own. */
#include "check/points.h"

#include <math.h>

#include "base/heap.h"
#include "derive/derive.h"
#include "machine/complete.h"
#include "ops/accuracy.h"

enum
{
  RUN_FIRST = 1 << 15, /* random numbers of points begin here, apart from those of the program and of options */
  STEPS = 20000000,
  TRIES = 6, /* before a set of moved inputs is given up */
  NEAR = 0   /* a draw near the values */
};

/* Data is bound once and for all, as the values of `const` are. */
static bool
is_data (const struct program *program, uint32_t name)
{
  for (size_t i = 0; i < program->definition_count; i++)
    if (program->definitions[i].name == name && program->definitions[i].of_file)
      return true;
  return false;
}

void
points_open (struct points *points, const struct run *base, uint64_t seed)
{
  const struct program *program = base->program;
  const uint32_t *order = area_of (&base->input_order, uint32_t);
  const struct noted *noted = area_of (&base->inputs, struct noted);
  size_t count = area_count (&base->input_order, uint32_t);
  *points = (struct points){ .base = base, .random = random_of_run (seed, RUN_FIRST), .steps = STEPS };
  points->inputs = heap_take_zeroed (base->memory, count, sizeof *points->inputs, "the points");
  points->moved
    = heap_take_zeroed (base->memory, area_count (&program->inputs, struct input), sizeof *points->moved, "the points");
  points->variation.inputs = points->moved;
  for (size_t i = 0; i < count; i++)
    {
      uint32_t name = area_of (&program->inputs, struct input)[order[i]].name;
      points->inputs[points->input_count++] = (struct point_input){
        .number = order[i], .name = name, .value = noted[order[i]].value, .still = is_data (program, name)
      };
      struct point_input *input = &points->inputs[points->input_count - 1];
      input->keeps = keep_find (&input->value, &input->otherwise);
    }
}

void
points_reset (struct points *points)
{
  for (size_t i = 0; i < points->input_count; i++)
    {
      array_drop (points->base->arrays, points->inputs[i].moved);
      points->inputs[i].moved = points->moved[points->inputs[i].number] = NULL;
    }
}

static struct array *
nudged (struct arrays *arrays, const struct point_input *input, double end)
{
  const struct value moved = { .kind = KIND_ARRAY, .array = input->moved };
  struct array *array = value_copy (arrays, input->moved ? &moved : &input->value);
  for (size_t i = 0; i < array->size; i++)
    if (!number_is_exact (array->elements[i]))
      array->elements[i] = nextafter (array->elements[i], end);
  return array;
}

struct array **
points_nudge (struct points *points, double end)
{
  struct array **kept
    = heap_take_zeroed (points->base->memory, points->input_count + 1, sizeof *kept, "the points");
  for (size_t i = 0; i < points->input_count; i++)
    {
      struct point_input *input = &points->inputs[i];
      kept[i] = input->moved;
      if (!value_is_numeric (&input->value))
        continue;
      input->moved = nudged (points->base->arrays, input, end);
      points->moved[input->number] = input->moved;
    }
  return kept;
}

void
points_put_back (struct points *points, struct array **kept)
{
  for (size_t i = 0; i < points->input_count; i++)
    {
      struct point_input *input = &points->inputs[i];
      if (input->moved != kept[i])
        array_drop (points->base->arrays, input->moved);
      input->moved = points->moved[input->number] = kept[i];
    }
  heap_give (kept);
}

void
points_release (struct points *points)
{
  for (size_t i = 0; i < points->input_count; i++)
    {
      struct point_input *input = &points->inputs[i];
      array_drop (points->base->arrays, input->other);
      input->other = NULL;
      input->held = input->free = false;
    }
  points->variation.resized = false;
}

void
points_close (struct points *points)
{
  if (points->inputs && points->moved)
    {
      points_reset (points);
      points_release (points);
    }
  heap_give (points->inputs);
  heap_give (points->moved);
  *points = (struct points){ 0 };
}

/* One number moved; u and w are from -1 to 1. With `scaled` a number that is small or large stays so when it gets the
   other sign. */
static double
displaced (double x, size_t number, double u, double w, bool scaled)
{
  static const double LEAST = 0.05, MOST = 20;
  if (!isfinite (x))
    return x;
  /* From a fifth to three, evenly by their logarithm. */
  double ordinary = 0.2 * pow (15, fabs (u));
  bool extreme = x != 0 && (fabs (x) < LEAST || fabs (x) > MOST);
  if (number % 2 == 0)
    return x == 0 ? 0.3 * u : number % 8 >= 4 && extreme ? copysign (ordinary, x) : x * (1 + 0.3 * u);
  /* One draw surely has the other signs, and where signs are kept zeros go beyond 1, once to either side: a mistake may
     be in a branch that no other draw takes. */
  if (number % 16 == 9 && x != 0)
    return scaled && extreme ? -x * ordinary : copysign (ordinary, -x);
  if (x == 0 && (number % 16 == 11 || number % 16 == 15))
    return (number % 16 == 11 ? -1 : 1) * (1 + 2 * fabs (u));
  bool keeps_sign = number % 4 == 3 && x != 0;
  if (number % 8 >= 5)
    return number % 16 == 13 ? ordinary : copysign (ordinary, keeps_sign ? x : w);
  double away = x * (1 + u) + w;
  return keeps_sign ? copysign (away, x) : away;
}

/* By how much a wide draw scales the elements of an input; u and w are from -1 to 1. */
static double
wide_scale (const struct shape *shape, const double *elements, size_t number, double u, double w)
{
  static const double DECADES = 5;
  double most = 0;
  for (size_t i = 0; i < shape_size (shape); i++)
    most = fmax (most, fabs (elements[i]));
  bool turns = number % 2 && shape->rank < 2;
  return pow (10, DECADES * u) / (most > 0 && isfinite (most) ? most : 1) * (turns ? copysign (1, w) : 1);
}

/* Where an element of an array that has to be shares of 1 goes before they are. */
static double
share (double x, size_t number, double u)
{
  return number % 2 ? (u + 1) / 2 + 0.05 : x + 0.15 * (u + 1) + 0.01;
}

static void
move_input (struct points *points, struct point_input *input, size_t number, uint64_t *call)
{
  struct shape shape = input->other ? input->other->shape : value_shape (&input->value);
  const double *elements = input->other ? input->other->elements : value_elements (&input->value);
  struct arrays *arrays = points->base->arrays;
  size_t size = shape_size (&shape);
  unsigned keeps = input->free ? KEEP_NOTHING : input->keeps;
  struct random random = { points->random.seed, points->random.call + (*call)++ };
  struct array *chance = array_vector (arrays, 2 * size + 2);
  random_uniform (&random, chance->size, chance->elements);
  const double *common = chance->elements + 2 * size;
  double scale = points->wide ? wide_scale (&shape, elements, number, 2 * common[0] - 1, 2 * common[1] - 1) : 1;
  struct array *moved = input->moved = array_new (arrays, TYPE_REAL, &shape);
  points->moved[input->number] = moved;
  for (size_t i = 0; i < size; i++)
    {
      double u = 2 * chance->elements[2 * i] - 1, w = 2 * chance->elements[2 * i + 1] - 1;
      moved->elements[i] = input->still || input->held ? elements[i]
                           : keeps & KEEP_SHARES       ? share (elements[i], number, u)
                           : points->wide              ? scale * displaced (elements[i], NEAR, u, w, false)
                                                       : displaced (elements[i], number, u, w, points->scaled);
    }
  if (!input->still && !input->held)
    keep_impose (keeps, &shape, moved->elements);
  array_drop (arrays, chance);
}

/* The draw of a number for the first `count` inputs; the others stay. */
static void
draw (struct points *points, size_t number, size_t count)
{
  uint64_t call = (uint64_t)number << 24;
  points_reset (points);
  for (size_t i = 0; i < count; i++)
    if ((points->inputs[i].still || points->inputs[i].held) && !points->inputs[i].other)
      call++;
    else
      move_input (points, &points->inputs[i], number, &call);
}

void
points_draw (struct points *points, size_t number)
{
  draw (points, number, number == POINTS_OWN ? 0 : points->input_count);
}

enum point_outcome
points_run (const struct points *points, struct again *again, const struct listener *listener,
            struct array *const *moved_wanted)
{
  const struct run *base = points->base;
  struct memory *memory = base->memory;
  jmp_buf *outer = memory->stop;
  again_open (again, base->program, base->diagnostics, &base->files);
  again->diagnostics.status = STATUS_DONE;
  again->run.variation = points->variation;
  again->run.variation.wanted = moved_wanted;
  run_listen (&again->run, listener);
  again->run.steps = points->steps;
  memory->stop = &again->stop;
  volatile bool ended = false;
  if (setjmp (again->stop) == 0)
    {
      if (points->complete)
        {
          derive_prepare (base->program);
          complete_open (&again->run);
        }
      run (&again->run);
      ended = true;
    }
  memory->stop = outer;
  if (!ended)
    return again->diagnostics.status == STATUS_PROGRAM && again->run.steps != 0 ? POINT_WRONG : POINT_OUTSIDE;
  const struct value *globals = area_of (&again->run.globals, struct value);
  for (size_t i = 0; i < points->watched_count; i++)
    if (!elements_of_are_finite (&globals[points->watched[i] & REGISTER_MASK]))
      return POINT_OUTSIDE;
  return POINT_GOOD;
}

/* Whether some point is of use when the first `count` inputs move. */
static bool
works (struct points *points, size_t count)
{
  bool good = false;
  for (size_t number = 0; number < TRIES && !good; number++)
    {
      struct again again;
      draw (points, number, count);
      good = points_run (points, &again, NULL, NULL) == POINT_GOOD;
      again_close (&again);
    }
  points_reset (points);
  return good;
}

static bool
is_whole (const struct value *value)
{
  struct shape shape = value_shape (value);
  const double *elements = value_elements (value);
  for (size_t i = 0; i < shape_size (&shape); i++)
    if (elements[i] != floor (elements[i]))
      return false;
  return true;
}

/* The instructions of one turn, of the longest loop; of one in another its own alone. */
static size_t
longest_turn (const struct program *program)
{
  const struct instruction *code = area_of (&program->code, struct instruction);
  size_t longest = 0, from = 0;
  for (uint32_t place = 0; place < area_count (&program->code, struct instruction); place++)
    if (code[place].code == CODE_JUMP && code[place].op != 0)
      {
        size_t start = code[place].a > from ? code[place].a : from;
        longest = place - start > longest ? place - start : longest;
        from = place;
      }
  return longest;
}

void
points_limit (struct points *points, size_t turns)
{
  enum
  {
    LONGER = 50,
    LEAST = 10000,
    MANY = 2500
  };
  points->turns = turns;
  points->work = turns * longest_turn (points->base->program);
  /* What leaves the range of doubles early goes on step by step, much longer than all else. */
  points->variation.bounded = turns > MANY && !points->base->tape->unbounded;
  points->steps = LONGER * turns + LEAST;
}

size_t
points_cost (const struct points *points)
{
  const struct tape *tape = points->base->tape;
  const struct linear *linears = area_of (&tape->linears, struct linear);
  size_t cost = tape_count (tape) + points->turns + 1;
  for (size_t i = 0; i < area_count (&tape->linears, struct linear); i++)
    cost += linears[i].operand_size + linears[i].result_size;
  return cost;
}

bool
points_are_large (const struct points *points)
{
  enum
  {
    LARGE = 200000
  };
  return points_cost (points) > LARGE;
}

bool
points_are_long (const struct points *points)
{
  enum
  {
    LONG_TURNS = 80000, /* instructions in loops */
    LONG = 20000        /* instructions of the program */
  };
  return points->work > LONG_TURNS || area_count (&points->base->program->code, struct instruction) > LONG;
}

/* Whether it works once a single whole number stays as it is that is no small one, as counts are not. Of a long
   program, where a search among all inputs takes long. */
static bool
settle_count (struct points *points)
{
  enum
  {
    LEAST = 2,
    TRIED = 4
  };
  size_t tried = 0;
  for (size_t i = 0; i < points->input_count && tried < TRIED; i++)
    {
      struct point_input *input = &points->inputs[i];
      if (input->still || !value_is_number (&input->value) || !is_whole (&input->value) || input->value.number < LEAST)
        continue;
      input->still = true;
      if (works (points, points->input_count))
        return true;
      input->still = false;
      tried++;
    }
  return false;
}

void
points_settle (struct points *points)
{
  if (points_are_long (points) && settle_count (points))
    return;
  while (!works (points, points->input_count))
    {
      /* The first input with which it works no more. */
      size_t low = 0, high = points->input_count;
      if (!works (points, 0))
        return;
      while (high - low > 1)
        {
          size_t middle = low + (high - low) / 2;
          if (works (points, middle))
            low = middle;
          else
            high = middle;
        }
      struct point_input *culprit = &points->inputs[high - 1];
      if (culprit->still || !is_whole (&culprit->value))
        return;
      culprit->still = true;
    }
}
