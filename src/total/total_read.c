/* total_read.c -- totals as -f json prints them. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/heap.h"
#include "base/tree.h"
#include "total/total.h"

struct reading
{
  struct total *total;
  struct total_trouble *trouble;
  const json_t *value, *derivatives; /* of `value`, and of `grad` or `along` */
  const json_t *exact_value, *exact_derivatives;
};

/* Says what is wrong; false. */
static bool __attribute__ ((format (printf, 2, 3))) fail (struct total_trouble *trouble, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  vsnprintf (trouble->text, TOTAL_TEXT, format, arguments);
  va_end (arguments);
  return false;
}

/* A member that has to be there. */
static const json_t *
member (const json_t *object, const char *key, struct total_trouble *trouble)
{
  const json_t *found = json_object_get (object, key);
  if (!json_is_object (found))
    {
      fail (trouble, "this is no total of --reduce: %s \"%s\"", found ? "no object is under" : "there is no", key);
      return NULL;
    }
  return found;
}

/* A whole number from 0 to 2^53. */
static bool
read_count (const json_t *object, const char *key, uint64_t *count, struct total_trouble *trouble)
{
  const json_t *found = json_object_get (object, key);
  double number = json_number_value (found);
  if (!json_is_number (found) || !(number >= 0 && number <= 0x1p53) || number != floor (number))
    return fail (trouble, "this is no total of --reduce: \"%s\" is %s", key, found ? "no whole number" : "not there");
  *count = (uint64_t)number;
  return true;
}

/* The shape of nested lists, as their first elements show it. */
static bool
read_shape (const json_t *list, struct shape *shape)
{
  *shape = (struct shape){ .rank = 0 };
  for (; json_is_array (list); list = json_array_get (list, 0))
    {
      if (shape->rank == RANK_LIMIT)
        return false;
      shape->extent[shape->rank++] = json_array_size (list);
      if (json_array_size (list) == 0)
        break;
    }
  return true;
}

/* Element `index` of lists nested in a shape; NULL where they are not in that shape. */
static const json_t *
element_of (const json_t *list, const struct shape *shape, size_t index)
{
  size_t after = shape_size (shape);
  for (int axis = 0; axis < shape->rank; axis++)
    {
      after /= shape->extent[axis];
      if (json_array_size (list) != shape->extent[axis])
        return NULL;
      list = json_array_get (list, index / after);
      index %= after;
    }
  return list;
}

static bool
read_part (struct exact *sum, const json_t *part)
{
  struct exact_part read = { 0 };
  if (json_is_real (part))
    read.number = json_real_value (part);
  else if (!json_is_string (part) || !exact_read_part (json_string_value (part), &read) || read.scale == 0)
    return false;
  return exact_add_part (sum, read);
}

/* A sum: the list of its parts, or with what is not finite beside it an object. */
static bool
read_sum (struct exact *sum, const json_t *json)
{
  const json_t *parts = json;
  struct total_trouble ignored;
  static const char *const keys[] = { "NaN", "Infinity", "-Infinity" };
  uint64_t *counts[] = { &sum->nans, &sum->infinities[0], &sum->infinities[1] };
  if (json_is_object (json))
    {
      parts = json_object_get (json, "sum");
      for (int i = 0; i < 3; i++)
        if (json_object_get (json, keys[i]) && !read_count (json, keys[i], counts[i], &ignored))
          return false;
    }
  if (!json_is_array (parts))
    return false;
  for (size_t i = 0; i < json_array_size (parts); i++)
    if (!read_part (sum, json_array_get (parts, i)))
      return false;
  return true;
}

/* The names of an object's members. */
static size_t
count_members (const json_t *object)
{
  return object ? json_object_size (object) : 0;
}

static bool
fill_names (struct reading *reading)
{
  struct total *total = reading->total;
  const char *key;
  json_t *value;
  size_t i = 0;
  json_object_foreach ((json_t *)reading->value, key, value)
  {
    total->targets[i].name = heap_copy (total->memory, key, strlen (key), "the sums of records");
    if (!read_shape (value, &total->targets[i++].shape))
      return fail (reading->trouble, "'%.100s' has more than %d axes", key, RANK_LIMIT);
  }
  i = 0;
  if (total->source_count)
    json_object_foreach (json_object_get (reading->derivatives, total->targets[0].name), key, value) total->sources[i++]
      .name
      = heap_copy (total->memory, key, strlen (key), "the sums of records");
  return true;
}

/* What stands for a piece, among numbers or exact sums; NULL where there is nothing. */
static const json_t *
piece_of (const struct total *total, const struct total_piece *piece, const json_t *value, const json_t *derivatives)
{
  const char *target = total->targets[piece->target].name;
  if (piece->derivative == SIZE_MAX)
    return json_object_get (value, target);
  const json_t *of_target = json_object_get (derivatives, target);
  return total->has_gradients ? json_object_get (of_target, total->sources[piece->derivative].name) : of_target;
}

/* The shapes of sources: those of their first gradient that is not missing, else of the lists of null that stand for
   its sums. */
static bool
fill_source_shapes (struct reading *reading)
{
  struct total *total = reading->total;
  for (size_t s = 0; s < total->source_count; s++)
    {
      const json_t *shown = NULL;
      for (size_t t = 0; t < total->target_count && (!shown || json_is_null (shown)); t++)
        {
          struct total_piece piece = { .target = t, .derivative = s };
          shown = piece_of (total, &piece, NULL, reading->derivatives);
          if (json_is_null (shown))
            {
              const json_t *sums = piece_of (total, &piece, NULL, reading->exact_derivatives);
              if (!read_shape (sums, &total->sources[s].shape))
                return fail (reading->trouble, "'%.100s' has more than %d axes", total->sources[s].name, RANK_LIMIT);
            }
        }
      if (!json_is_null (shown) && !read_shape (shown, &total->sources[s].shape))
        return fail (reading->trouble, "'%.100s' has more than %d axes", total->sources[s].name, RANK_LIMIT);
    }
  return true;
}

/* Reads the exact sums of a piece. Where there is none of a derivative, null stands for each. */
static bool
fill_piece (struct total *total, const struct total_piece *piece, const json_t *sums)
{
  bool is_derivative = piece->derivative != SIZE_MAX;
  bool is_missing = is_derivative && piece->size && json_is_null (element_of (sums, piece->shape, 0));
  if (is_derivative)
    total->connected[total_derivative (total, piece)] = !is_missing && total->rows;
  for (size_t i = 0; i < piece->size; i++)
    {
      const json_t *sum = element_of (sums, piece->shape, i);
      if (is_missing ? !json_is_null (sum) : !read_sum (&total->sums[piece->first + i], sum))
        return false;
    }
  return true;
}

static bool
fill_sums (struct reading *reading)
{
  struct total *total = reading->total;
  for (struct total_piece piece = { 0 }; total_next_piece (total, &piece);)
    {
      const json_t *shown = piece_of (total, &piece, reading->value, reading->derivatives);
      const json_t *sums = piece_of (total, &piece, reading->exact_value, reading->exact_derivatives);
      bool is_derivative = piece.derivative != SIZE_MAX;
      const char *source = is_derivative && total->has_gradients ? total->sources[piece.derivative].name : NULL;
      if (!shown || !fill_piece (total, &piece, sums))
        return fail (reading->trouble, "there are no exact sums of %s%.100s%s%.100s", is_derivative ? "d" : "",
                     total->targets[piece.target].name, source ? "/d" : "", source ? source : "");
    }
  return true;
}

/* The members of the object, as report_total () writes them. */
static bool
read_members (struct reading *reading, struct memory *memory, const json_t *all)
{
  struct total *total = reading->total;
  struct total_trouble *trouble = reading->trouble;
  const json_t *exact = member (all, "exact", trouble);
  uint64_t rows, skipped;
  if (!exact || !(reading->value = member (all, "value", trouble)) || !read_count (all, "rows", &rows, trouble)
      || !read_count (all, "skipped", &skipped, trouble))
    return false;
  const char *reduce = json_string_value (json_object_get (all, "reduce"));
  bool is_mean = reduce && strcmp (reduce, "mean") == 0;
  if (!reduce || (!is_mean && strcmp (reduce, "sum") != 0))
    return fail (trouble, "this is no total of --reduce: \"reduce\" is neither \"sum\" nor \"mean\"");
  const json_t *grad = json_object_get (all, "grad"), *along = json_object_get (all, "along");
  const json_t *first = json_object_iter_value (json_object_iter ((json_t *)grad));
  reading->derivatives = grad ? grad : along;
  size_t targets = count_members (reading->value), sources = count_members (first);
  if (!targets && rows)
    return fail (trouble, "this is no total of --reduce: %g records of nothing", (double)rows);
  total_open (total, memory, targets, sources);
  total->is_named = targets > 0;
  total->is_mean = is_mean;
  total->has_gradients = grad != NULL && targets;
  total->has_along = !grad && along && targets;
  total->rows = rows;
  total->skipped = skipped;
  reading->exact_value = json_object_get (exact, "value");
  reading->exact_derivatives = json_object_get (exact, grad ? "grad" : "along");
  if (!fill_names (reading) || !fill_source_shapes (reading))
    return false;
  total_count (total);
  return fill_sums (reading);
}

static bool
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

enum total_result
total_read (struct total *total, struct memory *memory, const char *text, size_t size, size_t *at,
            struct total_trouble *trouble)
{
  while (*at < size && is_blank (text[*at]))
    ++*at;
  if (*at == size)
    return TOTAL_END;
  *trouble = (struct total_trouble){ .at = *at };
  *total = (struct total){ .memory = memory };
  json_error_t error;
  struct area nodes;
  area_open (&nodes, memory, (size_t)64 << 30, "totals");
  struct reading reading = { .total = total, .trouble = trouble };
  json_t *all = NULL;
  if (text[*at] != '{')
    fail (trouble, "expected a total, as --reduce prints it with -f json");
  else
    {
      all = tree_read (&nodes, text + *at, size - *at,
                       JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK | JSON_DECODE_INT_AS_REAL, &error);
      if (!all)
        {
          fail (trouble, "%s", error.text);
          trouble->lines = error.line > 0 ? (size_t)error.line - 1 : 0;
          trouble->columns = error.column > 0 ? (size_t)error.column : 0;
        }
    }
  bool good = all && read_members (&reading, memory, all);
  if (good)
    *at += (size_t)error.position;
  else
    total_close (total);
  area_close (&nodes);
  return good ? TOTAL_READ : TOTAL_BAD;
}
