/* functions-test.c -- functions with structure: values against closed forms, links against differences. */
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "ops/functions.h"

/* Arguments are written in words:

     v2x3 v      an array, a number that varies, at random         c2x3 c   the same, constant
     v2:1,2      an array that varies, with these elements         c2:1,2   the same, constant
     =3          the number 3                                      b2:1,0   booleans
     1:3 ::-1    a slice                                           -        left out
     None        None                                              |        any number of arguments follow  */
enum { ARGUMENTS = 12, FAILURE_SIZE = 400 };

struct test {
  const char *name;
  void (*function) (struct call *call);
  const char *arguments;
  const char *shape;   /* of the result; of each item of a tuple */
  const char *numbers; /* the result itself, or NULL */
  const char *slopes;  /* in the first argument, for one number: 'f' is a zero that passes nothing. Or NULL */
};

struct run {
  struct memory memory;
  struct arrays arrays;
  struct area links;
  struct diagnostics diagnostics;
  struct value arguments[ARGUMENTS];
  int count, rest;
  struct call call;
  jmp_buf stop;
  uint32_t seed;
};

static double
random_number (struct run *run)
{
  run->seed = run->seed * 1664525u + 1013904223u;
  return (double) (run->seed >> 8) / (1 << 22) - 2;
}

static struct shape
read_shape (const char **text)
{
  struct shape shape = { .rank = 0 };
  while (**text >= '0' && **text <= '9')
    {
      shape.extent[shape.rank++] = strtoul (*text, (char **) text, 10);
      *text += **text == 'x';
    }
  return shape;
}

static struct value
read_array (struct run *run, const char *word)
{
  char kind = *word++;
  struct shape shape = read_shape (&word);
  struct value value;
  double *elements = &value.number;
  if (shape.rank == 0)
    value = value_number (KIND_REAL, 0);
  else
    {
      value = value_of_array (array_new (&run->arrays, kind == 'b' ? TYPE_BOOLEAN : TYPE_REAL, &shape));
      elements = value.array->elements;
    }
  for (size_t i = 0; i < shape_size (&shape); i++)
    elements[i] = *word ? strtod (word + 1, (char **) &word) : random_number (run);
  value.node = kind == 'v' ? (uint32_t) run->count + 1 : 0;
  return value;
}

static struct value
read_slice (const char *word)
{
  struct tuple *tuple = calloc (1, sizeof *tuple + 3 * sizeof (struct value));
  tuple->count = 3;
  for (int i = 0; i < 3; i++, word += *word == ':')
    if (*word && *word != ':')
      tuple->items[i] = value_number (KIND_REAL, strtod (word, (char **) &word));
  return (struct value){ .tuple = tuple, .kind = KIND_SLICE };
}

static void
read_arguments (struct run *run, const char *text)
{
  char words[200];
  snprintf (words, sizeof words, "%s", text);
  run->rest = -1;
  for (char *word = strtok (words, " "); word; word = strtok (NULL, " "))
    {
      struct value *argument = &run->arguments[run->count];
      *argument = (struct value){ .kind = KIND_NOTHING };
      if (*word == '|')
        {
          run->rest = run->count;
          continue;
        }
      if (*word == 'v' || *word == 'c' || *word == 'b')
        *argument = read_array (run, word);
      else if (*word == '=')
        *argument = value_number (KIND_REAL, strtod (word + 1, NULL));
      else if (strchr (word, ':'))
        *argument = read_slice (word);
      else if (*word == 'N')
        argument->kind = KIND_NONE;
      run->count++;
    }
  if (run->rest < 0)
    run->rest = run->count;
}

static void
drop_result (struct run *run)
{
  struct value *result = &run->call.result;
  for (size_t i = 0; i < area_count (&run->links, struct call_link); i++)
    linear_drop (&run->arrays, &area_of (&run->links, struct call_link)[i].map);
  run->links.used = 0;
  if (result->kind == KIND_ARRAY)
    array_drop (&run->arrays, result->array);
  if (result->kind == KIND_TUPLE)
    {
      for (uint32_t i = 0; i < result->tuple->count; i++)
        array_drop (&run->arrays, result->tuple->items[i].array);
      heap_give (result->tuple);
    }
  *result = (struct value){ .kind = KIND_NOTHING };
}

static struct span
nowhere (const void *run, uint32_t place)
{
  (void) run;
  return (struct span){ place, 0 };
}

static void
compute (struct run *run, const struct test *test)
{
  run->call = (struct call){ .arrays = &run->arrays,
                             .diagnostics = &run->diagnostics,
                             .where = nowhere,
                             .name = test->name,
                             .arguments = run->arguments,
                             .count = run->count,
                             .rest = run->rest,
                             .links = &run->links };
  test->function (&run->call);
}

/* The elements of the result (all items of a tuple), copied. */
static size_t
copy_result (const struct run *run, double *elements)
{
  const struct value *result = &run->call.result;
  uint32_t items = result->kind == KIND_TUPLE ? result->tuple->count : 1;
  size_t size = 0;
  for (uint32_t i = 0; i < items; i++)
    {
      const struct value *item = result->kind == KIND_TUPLE ? &result->tuple->items[i] : result;
      struct shape shape = value_shape (item);
      memcpy (elements + size, value_elements (item), shape_size (&shape) * sizeof (double));
      size += shape_size (&shape);
    }
  return size;
}

enum { LARGEST = 200 };

/* What the links make of a change of one argument. */
static void
follow_links (const struct run *run, uint32_t node, const double *change, double *tangent, size_t size)
{
  const struct value *result = &run->call.result;
  size_t item_size = result->kind == KIND_TUPLE ? size / result->tuple->count : 0;
  for (size_t i = 0; i < size; i++)
    tangent[i] = 0;
  for (size_t i = 0; i < area_count (&run->links, struct call_link); i++)
    {
      const struct call_link *link = area_of (&run->links, struct call_link) + i;
      if (link->node == node)
        linear_forward (run->call.arrays->memory, &link->map, change, tangent + link->item * item_size);
    }
}

/* Moves an argument by `times` a change, recomputes, and returns it to where it was. */
static void
compute_beside (struct run *run, const struct test *test, int k, const double *change, double times, double *elements)
{
  struct value *argument = &run->arguments[k];
  double *own = argument->kind == KIND_ARRAY ? argument->array->elements : &argument->number, saved[LARGEST];
  size_t size = argument->kind == KIND_ARRAY ? argument->array->size : 1;
  memcpy (saved, own, size * sizeof (double));
  for (size_t i = 0; i < size; i++)
    own[i] += times * change[i];
  compute (run, test);
  copy_result (run, elements);
  drop_result (run);
  memcpy (own, saved, size * sizeof (double));
}

static bool
links_are_right (struct run *run, const struct test *test, size_t size, char failure[FAILURE_SIZE])
{
  double tangent[ARGUMENTS][LARGEST], changes[ARGUMENTS][LARGEST];
  for (int k = 0; k < run->count; k++)
    {
      for (int i = 0; i < LARGEST; i++)
        changes[k][i] = random_number (run);
      follow_links (run, (uint32_t) k + 1, changes[k], tangent[k], size);
    }
  drop_result (run);
  for (int k = 0; k < run->count; k++)
    {
      double step = 1e-5, above[LARGEST], below[LARGEST];
      if (run->arguments[k].node == 0)
        continue;
      compute_beside (run, test, k, changes[k], step, above);
      compute_beside (run, test, k, changes[k], -step, below);
      for (size_t i = 0; i < size; i++)
        {
          double difference = (above[i] - below[i]) / (2 * step);
          if (fabs (difference - tangent[k][i]) > 1e-6 * (1 + fabs (difference)))
            {
              snprintf (failure, FAILURE_SIZE, "argument %d, element %zu: %g by links, %g by differences", k, i,
                        tangent[k][i], difference);
              return false;
            }
        }
    }
  return true;
}

static bool
numbers_are_right (const double *elements, size_t size, const char *expected, char failure[FAILURE_SIZE])
{
  for (size_t i = 0; i < size; i++)
    {
      double number = strtod (expected, (char **) &expected);
      bool same = elements[i] == number || (isnan (number) && isnan (elements[i]));
      if (!same && !(fabs (elements[i] - number) <= 1e-14 * fabs (number)))
        {
          snprintf (failure, FAILURE_SIZE, "element %zu is %.17g, not %.17g", i, elements[i], number);
          return false;
        }
    }
  if (strspn (expected, " ") != strlen (expected))
    snprintf (failure, FAILURE_SIZE, "there are only %zu elements", size);
  return strspn (expected, " ") == strlen (expected);
}

static bool
slopes_are_right (const struct run *run, const char *expected, char failure[FAILURE_SIZE])
{
  double unit[LARGEST] = { 0 }, slope;
  for (size_t i = 0; *expected; i++)
    {
      expected += strspn (expected, " ");
      bool flat = *expected == 'f';
      double number = flat ? 0 : strtod (expected, (char **) &expected);
      expected += flat;
      unit[i] = 1;
      follow_links (run, 1, unit, &slope, 1);
      unit[i] = 0;
      const struct linear *map = &area_of (&run->links, struct call_link)->map;
      double coefficient = map->coefficients ? map->coefficients->elements[i] : map->scale;
      if (!(fabs (slope - number) <= 1e-14 * fabs (number)) || (slope == 0 && flat != is_flat (coefficient)))
        {
          snprintf (failure, FAILURE_SIZE, "slope %zu is %.17g%s, not %.17g", i, slope,
                    is_flat (coefficient) ? " (flat)" : "", number);
          return false;
        }
    }
  return true;
}

static bool
shape_is_right (const struct run *run, const char *expected, char failure[FAILURE_SIZE])
{
  const struct value *result = &run->call.result;
  uint32_t items = result->kind == KIND_TUPLE ? result->tuple->count : 1;
  for (uint32_t i = 0; i < items; i++)
    {
      struct shape shape = value_shape (result->kind == KIND_TUPLE ? &result->tuple->items[i] : result);
      char text[SHAPE_TEXT];
      if (strcmp (shape_text (text, &shape), expected) != 0)
        {
          snprintf (failure, FAILURE_SIZE, "the shape is %s", text);
          return false;
        }
    }
  return true;
}

static bool
test_passes (struct run *run, const struct test *test, char failure[FAILURE_SIZE])
{
  double elements[LARGEST];
  read_arguments (run, test->arguments);
  /* Whoever holds an array keeps it as it is. */
  for (int i = 0; i < run->count; i++)
    if (run->arguments[i].kind == KIND_ARRAY)
      array_hold (run->arguments[i].array);
  compute (run, test);
  size_t size = copy_result (run, elements);
  if (!shape_is_right (run, test->shape, failure))
    return false;
  if (test->numbers && !numbers_are_right (elements, size, test->numbers, failure))
    return false;
  if (test->slopes)
    return slopes_are_right (run, test->slopes, failure);
  return links_are_right (run, test, size, failure);
}

#define ROW(name, arguments, shape, numbers, slopes) { #name, function_##name, arguments, shape, numbers, slopes },
static const struct test tests[] = {
  ROW (sum, "v3x4 - -", "", NULL, NULL)
  ROW (sum, "v3x4 =0 -", "4", NULL, NULL)
  ROW (sum, "v2x3x4 =1 =1", "2x1x4", NULL, NULL)
  ROW (sum, "v2x3x4 c2:0,-1 -", "3", NULL, NULL)
  ROW (sum, "c0 - -", "", "0", NULL)
  ROW (sum, "b4:1,0,1,1 - -", "", "3", NULL)
  ROW (mean, "v3x4 =-1 -", "3", NULL, NULL)
  ROW (mean, "v3x4 =0 -", "4", NULL, NULL)
  ROW (mean, "v4:1,2,3,6 - -", "", "3", "0.25 0.25 0.25 0.25")
  ROW (mean, "c0 - -", "", "nan", NULL)
  ROW (prod, "v3x4 =0 -", "4", NULL, NULL)
  ROW (prod, "v3:2,0,5 - -", "", "0", "0 10 0")
  ROW (prod, "v3:0,0,5 - -", "", "0", "0 0 0")
  ROW (max, "v3x4 =0 - |", "4", NULL, NULL)
  ROW (max, "v4:1,7,7,2 - - |", "", "7", "f 0.5 0.5 f")
  ROW (min, "v4:1,7,7,2 - - |", "", "1", "1 f f f")
  ROW (max, "v:3 - - | v:3 =1", "", "3", "0.5")
  ROW (max, "v:3 - - | =3 =1", "", "3", "f")
  ROW (min, "v:2 - - | =3 v", "", NULL, NULL)
  ROW (max, "c3:1,nan,2 - - |", "", "nan", NULL)
  ROW (var, "v3x4 =0 - -", "4", NULL, NULL)
  ROW (var, "v5 - - =1", "", NULL, NULL)
  ROW (var, "c4:1,2,3,4 - - -", "", "1.25", NULL)
  ROW (std, "v3x4 =1 =1 =1", "3x1", NULL, NULL)
  ROW (std, "v3:0.1,0.1,0.1 - - -", "", "0", "f f f")
  ROW (std, "c2:1e200,-1e200 - - -", "", "1e200", NULL)
  ROW (std, "c2:1e-200,-1e-200 - - -", "", "1e-200", NULL)
  ROW (norm, "v3x4 - =1 -", "3", NULL, NULL)
  ROW (norm, "v2:0,0 - - -", "", "0", "f f")
  ROW (norm, "v2:3,4 - - -", "", "5", "0.6 0.8")
  ROW (norm, "c2:3e300,4e300 - - -", "", "5e300", NULL)
  ROW (norm, "c2:3e-300,4e-300 - - -", "", "5e-300", NULL)
  ROW (norm, "v3:3,-4,0 =1 - -", "", "7", "1 -1 f")
  ROW (norm, "v3:3,-4,4 =inf - -", "", "4", "f -0.5 0.5")
  ROW (norm, "v3:3,-4,5 =-inf - -", "", "3", "1 f f")
  ROW (norm, "v6 =3 - -", "", NULL, NULL)
  ROW (norm, "v6 v:2.5 - -", "", NULL, NULL)
  ROW (norm, "v3x4 v:1.5 =0 -", "4", NULL, NULL)
  ROW (logsumexp, "v3x4 =0 -", "4", NULL, NULL)
  ROW (logsumexp, "v2:1000,1000 - -", "", "1000.6931471805599453", "0.5 0.5")
  ROW (logsumexp, "c2:-inf,-inf - -", "", "-inf", NULL)
  ROW (logsumexp, "c2:inf,1 - -", "", "inf", NULL)
  ROW (median, "v3x4 =0 -", "4", NULL, NULL)
  ROW (median, "v3x4 =1 -", "3", NULL, NULL)
  ROW (median, "v4:4,1,3,2 - -", "", "2.5", "f f 0.5 0.5")
  ROW (median, "v5:5,1,4,2,3 - -", "", "3", "f f f f 1")
  ROW (median, "v9:5,1,4,2,3,9,8,7,6 - -", "", "5", "1 f f f f f f f f")
  ROW (cumsum, "v3x4 =0", "3x4", NULL, NULL)
  ROW (cumsum, "v3x4 -", "12", NULL, NULL)
  ROW (cumprod, "v3x4 =1", "3x4", NULL, NULL)
  ROW (cumprod, "v4:2,0,3,0 =0", "4", "2 0 0 0", NULL)
  ROW (any, "b2x2:0,1,0,0 =1 -", "2", "1 0", NULL)
  ROW (all, "b2x2:1,1,0,1 =1 -", "2", "1 0", NULL)
  ROW (count, "b2x3:1,1,0,1,0,0 =0 -", "3", "2 1 0", NULL)
  ROW (argmax, "c2x3:1,5,5,7,2,3 =1 -", "2", "1 0", NULL)
  ROW (argmin, "c2x3:1,5,5,7,2,3 - -", "", "0", NULL)
  ROW (softmax, "v3x4 -", "3x4", NULL, NULL)
  ROW (softmax, "v3x4 =0", "3x4", NULL, NULL)
  ROW (softmax, "c2:1000,1000 -", "2", "0.5 0.5", NULL)
  ROW (softmax, "v -", "", "1", NULL)
  ROW (log_softmax, "v3x4 =0", "3x4", NULL, NULL)
  ROW (log_softmax, "c2:1000,1000 -", "2", "-0.69314718055994530942 -0.69314718055994530942", NULL)
  ROW (shape, "c2x3x4", "3", "2 3 4", NULL)
  ROW (shape, "=3", "0", "", NULL)
  ROW (len, "c2x3x4", "", "2", NULL)
  ROW (size, "c2x3x4", "", "24", NULL)
  ROW (rank, "c2x3x4", "", "3", NULL)
  ROW (reshape, "v2x6 | =3 =-1", "3x4", NULL, NULL)
  ROW (reshape, "v2x6 | c2:4,3", "4x3", NULL, NULL)
  ROW (reshape, "v | =1 =1", "1x1", NULL, NULL)
  ROW (reshape, "v1x1 | c0", "", NULL, NULL)
  ROW (flatten, "v2x3", "6", NULL, NULL)
  ROW (flatten, "v", "1", NULL, NULL)
  ROW (transpose, "c2x3:1,2,3,4,5,6 |", "3x2", "1 4 2 5 3 6", NULL)
  ROW (transpose, "v2x3x4 | =1 =2 =0", "3x4x2", NULL, NULL)
  ROW (transpose, "v2x3x4 | c3:0,-1,1", "2x4x3", NULL, NULL)
  ROW (concat, "v2x3 =1 | v2x2 c2x1", "2x6", NULL, NULL)
  ROW (concat, "v2 - | v v3", "6", NULL, NULL)
  ROW (concat, "c1x2:1,2 - | c2x2:3,4,5,6", "3x2", "1 2 3 4 5 6", NULL)
  ROW (stack, "v2x3 =1 | v2x3", "2x2x3", NULL, NULL)
  ROW (stack, "c2:1,2 =-1 | c2:3,4 c2:5,6", "2x3", "1 3 5 2 4 6", NULL)
  ROW (stack, "v - | v", "2", NULL, NULL)
  ROW (literal, "v v =3", "3", NULL, NULL)
  ROW (literal, "v2 c2 v2", "3x2", NULL, NULL)
  ROW (literal, "", "0", "", NULL)
  ROW (vstack, "v3 | v2x3", "3x3", NULL, NULL)
  ROW (hstack, "v2x3 | v2x1", "2x4", NULL, NULL)
  ROW (hstack, "v2 | v3", "5", NULL, NULL)
  ROW (split, "v6 =3 -", "2", NULL, NULL)
  ROW (split, "v2x6 =2 =1", "2x3", NULL, NULL)
  ROW (tile, "v2x3 | =2", "2x6", NULL, NULL)
  ROW (tile, "c2:1,2 | =2 =2", "2x4", "1 2 1 2 1 2 1 2", NULL)
  ROW (tile, "v2x3 | =2 =1 =3", "2x2x9", NULL, NULL)
  ROW (repeat, "v2x3 =2 =0", "4x3", NULL, NULL)
  ROW (repeat, "c2:1,2 =3 -", "6", "1 1 1 2 2 2", NULL)
  ROW (repeat, "v3 c3:2,0,1 -", "3", NULL, NULL)
  ROW (repeat, "v2x3 c3:2,0,2 =1", "2x4", NULL, NULL)
  ROW (broadcast_to, "v3x1 | =2 =3 =4", "2x3x4", NULL, NULL)
  ROW (broadcast_to, "v | =2", "2", NULL, NULL)
  ROW (squeeze, "v1x3x1 -", "3", NULL, NULL)
  ROW (squeeze, "v1x3x1 =0", "3x1", NULL, NULL)
  ROW (expand_dims, "v3 =-1", "3x1", NULL, NULL)
  ROW (flip, "v2x3 =1", "2x3", NULL, NULL)
  ROW (flip, "c2x3:1,2,3,4,5,6 -", "2x3", "6 5 4 3 2 1", NULL)
  ROW (roll, "c5:1,2,3,4,5 =2 -", "5", "4 5 1 2 3", NULL)
  ROW (roll, "c5:1,2,3,4,5 =-6 -", "5", "2 3 4 5 1", NULL)
  ROW (roll, "v2x3 =1 =0", "2x3", NULL, NULL)
  ROW (pad, "v2x3 =1 -", "4x5", NULL, NULL)
  ROW (pad, "v2 c2:1,2 v", "5", NULL, NULL)
  ROW (pad, "c1x1:7 c2x2:1,0,0,1 =9", "2x2", "9 9 7 9", NULL)
  ROW (diag, "v3", "3x3", NULL, NULL)
  ROW (diag, "v3x2", "2", NULL, NULL)
  ROW (tril, "v3x4 -", "3x4", NULL, NULL)
  ROW (triu, "c3x3:1,2,3,4,5,6,7,8,9 =1", "3x3", "0 2 3 0 0 6 0 0 0", NULL)
  ROW (triu, "v2x3x3 =-1", "2x3x3", NULL, NULL)
  ROW (outer, "v3 v4", "3x4", NULL, NULL)
  ROW (outer, "v2x2 v", "4x1", NULL, NULL)
  ROW (zeros, "| =2 =3", "2x3", "0 0 0 0 0 0", NULL)
  ROW (ones, "| c1:3", "3", "1 1 1", NULL)
  ROW (full, "| =2 =2 v", "2x2", NULL, NULL)
  ROW (full, "| c2:2,3 v3", "2x3", NULL, NULL)
  ROW (eye, "=2 =3", "2x3", "1 0 0 0 1 0", NULL)
  ROW (zeros_like, "c2", "2", "0 0", NULL)
  ROW (ones_like, "=7", "", "1", NULL)
  ROW (linspace, "v v =5", "5", NULL, NULL)
  ROW (linspace, "v v -", "50", NULL, NULL)
  ROW (linspace, "=0 =1 =5", "5", "0 0.25 0.5 0.75 1", NULL)
  ROW (linspace, "v =1 =1", "1", NULL, NULL)
  ROW (arange, "=3 - -", "3", "0 1 2", NULL)
  ROW (arange, "=5 =0 =-2", "3", "5 3 1", NULL)
  ROW (arange, "v:0 v:1.1 v:0.25", "5", "0 0.25 0.5 0.75 1", NULL)
  ROW (range, "=2 =5 -", "3", "2 3 4", NULL)
  ROW (meshgrid, "v3 v2", "2x3", NULL, NULL)
  ROW (meshgrid, "c2:1,2 c2:3,4", "2x2", "1 2 1 2 3 3 4 4", NULL)
  ROW (one_hot, "c2:2,0 =3", "2x3", "0 0 1 1 0 0", NULL)
  ROW (one_hot, "=1 =3", "3", "0 1 0", NULL)
  ROW (sort, "v3x4 -", "3x4", NULL, NULL)
  ROW (sort, "v3x4 =0", "3x4", NULL, NULL)
  ROW (sort, "c5:3,nan,1,2,-1 -", "5", "-1 1 2 3 nan", NULL)
  ROW (take, "v4x3 c2:1,1 -", "2x3", NULL, NULL)
  ROW (take, "v4x3 c2x2:2,0,-1,0 =1", "4x2x2", NULL, NULL)
  ROW (gather, "v4x3 =2 =1", "4", NULL, NULL)
  ROW (dot, "v3 v3", "", NULL, NULL)
  ROW (dot, "v v2x3", "2x3", NULL, NULL)
  ROW (dot, "v v", "", NULL, NULL)
  ROW (matmul, "v2x3 v3x4", "2x4", NULL, NULL)
  ROW (matmul, "v3 v3x2", "2", NULL, NULL)
  ROW (matmul, "v2x3 v3", "2", NULL, NULL)
  ROW (matmul, "c2x2:1,2,3,4 c2x2:5,6,7,8", "2x2", "19 22 43 50", NULL)
  ROW (matmul, "c1x2:0,1 c2:inf,1", "1", "nan", NULL)
  ROW (trace, "v3x3", "", NULL, NULL)
  ROW (trace, "v5x2", "", NULL, NULL)
  ROW (stop_gradient, "c2:1,2", "2", "1 2", NULL)
  ROW (index, "v5 =-2", "", NULL, NULL)
  ROW (index, "c5:1,2,3,4,5 =-2", "", "4", NULL)
  ROW (index, "v3x4 =1", "4", NULL, NULL)
  ROW (index, "v3x4 =1 =2", "", NULL, NULL)
  ROW (index, "v3x4 : =2", "3", NULL, NULL)
  ROW (index, "c6:0,1,2,3,4,5 ::-1", "6", "5 4 3 2 1 0", NULL)
  ROW (index, "c6:0,1,2,3,4,5 1:-1:2", "2", "1 3", NULL)
  ROW (index, "c6:0,1,2,3,4,5 -2::-3", "2", "4 1", NULL)
  ROW (index, "c6:0,1,2,3,4,5 4:2", "0", "", NULL)
  ROW (index, "c6:0,1,2,3,4,5 -100:100:100", "1", "0", NULL)
  ROW (index, "c6:0,1,2,3,4,5 9:-9:-4", "2", "5 1", NULL)
  ROW (index, "v3x4 1: None ::2", "2x1x2", NULL, NULL)
  ROW (index, "v", "", NULL, NULL)
  ROW (index, "v None", "1", NULL, NULL)
  ROW (index, "v5 c4:1,1,-1,0", "4", NULL, NULL)
  ROW (index, "v3x4 b3:1,0,1", "2x4", NULL, NULL)
  ROW (index, "v2x3 b2x3:1,0,1,0,0,1", "3", NULL, NULL)
  ROW (index, "c2x3:1,2,3,4,5,6 b2x3:1,0,1,0,0,1", "3", "1 3 6", NULL)
  ROW (index, "c2x3:1,2,3,4,5,6 c2:0,1 c2:2,0", "2", "3 4", NULL)
  ROW (index, "v2x3x4 : c2:0,1 c2x1:2,0", "2x2x2", NULL, NULL)
  ROW (index, "v2x3x4 =0 : c2:0,1", "2x3", NULL, NULL)
  ROW (index, "c2x3x2:0,1,2,3,4,5,6,7,8,9,10,11 =1 : c2:1,0", "2x3", "7 9 11 6 8 10", NULL)
  ROW (index, "v2x3 : c2x2:0,1,2,2", "2x2x2", NULL, NULL)
  ROW (index, "v3 c0", "0", "", NULL)
  ROW (item, "v3x2 =1", "2", NULL, NULL)
  ROW (item, "v3 =2", "", NULL, NULL)
  ROW (replace, "v4 v =2", "4", NULL, NULL)
  ROW (replace, "c4:1,2,3,4 =9 =-1", "4", "1 2 3 9", NULL)
  ROW (replace, "v3x4 v4 =1", "3x4", NULL, NULL)
  ROW (replace, "v3x4 v4 : :", "3x4", NULL, NULL)
  ROW (replace, "v3x4 v3x1 : 1:3", "3x4", NULL, NULL)
  ROW (replace, "v3x4 v : 1:3", "3x4", NULL, NULL)
  ROW (replace, "v3x4 v1 =0 1:2", "3x4", NULL, NULL)
  ROW (replace, "v3x4 v =2 =3", "3x4", NULL, NULL)
  ROW (replace, "v3x4 v2x4 c2:2,0", "3x4", NULL, NULL)
  ROW (replace, "v3x4 v4 c2:2,0", "3x4", NULL, NULL)
  ROW (replace, "v3x4 v b3x4:1,0,0,0,1,1,1,0,0,0,0,1", "3x4", NULL, NULL)
  ROW (replace, "v5 v2 b5:0,1,0,0,1", "5", NULL, NULL)
  ROW (replace, "c5:1,2,3,4,5 c3:7,8,9 ::2", "5", "7 2 8 4 9", NULL)
  ROW (replace, "v5 v 2:2", "5", NULL, NULL)
};

/* What cannot be computed, and what is said of it. */
static const struct test mistakes[] = {
  ROW (sum, "c3 =2 -", "axis 2 is out of range for rank 1", NULL, NULL)
  ROW (sum, "c3 =0.5 -", "'sum': axis must be whole numbers, not 0.5", NULL, NULL)
  ROW (max, "c0 - - |", "'max' of no elements", NULL, NULL)
  ROW (matmul, "c2x3 c2x4", "cannot multiply 2x3 by 2x4: the inner sizes 3 and 2 differ", NULL, NULL)
  ROW (concat, "c2x3 =0 | c2x4", "cannot join shapes (2x3) and (2x4) along axis 0", NULL, NULL)
  ROW (reshape, "c6 | =4 =2", "cannot reshape 6 elements to 4x2", NULL, NULL)
  ROW (reshape, "c6 | =4 =-1", "cannot reshape 6 elements to 2 axes, the others of which have 4", NULL, NULL)
  ROW (index, "c3 =5", "index 5 is out of range: axis 0 has length 3", NULL, NULL)
  ROW (index, "c2x3 =0 =-4", "index -4 is out of range: axis 1 has length 3", NULL, NULL)
  ROW (index, "c3 =0 =0", "2 indices for an array of rank 1", NULL, NULL)
  ROW (index, "=3 =0", "a number has no elements", NULL, NULL)
  ROW (index, "c3 =0.5", "index 0.5 is not a whole number", NULL, NULL)
  ROW (index, "c3 ::0", "the step of a slice cannot be 0", NULL, NULL)
  ROW (replace, "v3 v2 c2:1,1", "the same element is assigned twice, element 1 in row-major order", NULL, NULL)
  ROW (split, "c5 =2 -", "cannot split 5 elements along axis 0 into 2 equal pieces", NULL, NULL)
  ROW (zeros, "| =-1", "a size cannot be negative, got -1", NULL, NULL)
  ROW (tile, "c4096 | =1e19", "'tile': 10000000000000000000 is too large for the copies", NULL, NULL)
  ROW (arange, "=0 =1e300 -", "'arange': 1e+300 elements along an axis are too many", NULL, NULL)
};

static void
open_run (struct run *run, FILE *out)
{
  memset (run, 0, sizeof *run);
  run->seed = 12345;
  run->memory.stop = &run->stop;
  arrays_open (&run->arrays, &run->memory);
  area_open (&run->links, &run->memory, 1 << 20, "links");
  static const struct sources none;
  run->diagnostics = (struct diagnostics){ .sources = &none, .memory = &run->memory, .out = out, .stop = &run->stop };
}

static void
close_run (struct run *run)
{
  drop_result (run);
  for (int i = 0; i < run->count; i++)
    if (run->arguments[i].kind == KIND_SLICE)
      free (run->arguments[i].tuple);
  area_close (&run->links);
  arrays_close (&run->arrays);
  memory_close (&run->memory);
}

/* One test; of a mistake, `shape` is the message. */
static bool
try_test (const struct test *test, bool mistake, char failure[FAILURE_SIZE])
{
  static struct run run;
  char *said = NULL;
  size_t size = 0;
  FILE *out = open_memstream (&said, &size);
  volatile bool passed = false, stopped = false;
  open_run (&run, out);
  failure[0] = 0;
  if (setjmp (run.stop) == 0)
    {
      if (mistake)
        {
          read_arguments (&run, test->arguments);
          compute (&run, test);
        }
      else
        passed = test_passes (&run, test, failure);
    }
  else
    stopped = true;
  fclose (out);
  if (stopped)
    snprintf (failure, FAILURE_SIZE, "stopped: %.*s", (int) strcspn (said, "\n"), said);
  if (mistake)
    passed = stopped && strstr (said, test->shape) != NULL;
  free (said);
  close_run (&run);
  return passed;
}

/* An array that nobody else holds is changed in place. */
static bool
replaces_in_place (void)
{
  static struct run run;
  static const struct test test = { "replace", function_replace, "c3:1,2,3 =9 =1", "3", NULL, NULL };
  open_run (&run, stderr);
  if (setjmp (run.stop))
    return false;
  read_arguments (&run, test.arguments);
  struct array *array = run.arguments[0].array;
  compute (&run, &test);
  bool passed = run.call.result.array == array && array->references == 2 && array->elements[1] == 9;
  close_run (&run);
  return passed;
}

int
main (void)
{
  size_t count = sizeof tests / sizeof *tests, wrong = sizeof mistakes / sizeof *mistakes, failures = 0;
  printf ("1..%zu\n", count + wrong + 1);
  for (size_t i = 0; i < count + wrong; i++)
    {
      const struct test *test = i < count ? &tests[i] : &mistakes[i - count];
      char failure[FAILURE_SIZE];
      bool passed = try_test (test, i >= count, failure);
      failures += !passed;
      printf ("%sok %zu - %s %s\n", passed ? "" : "not ", i + 1, test->name, test->arguments);
      if (!passed)
        printf ("# %s\n", failure);
    }
  bool in_place = replaces_in_place ();
  printf ("%sok %zu - in place\n", in_place ? "" : "not ", count + wrong + 1);
  return failures > 0 || !in_place;
}
