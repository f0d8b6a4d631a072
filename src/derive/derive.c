/* derive.c -- the derivatives that a program asks for itself. */
#include "derive/derive.h"

#include <string.h>

#include "derive/forget.h"
#include "derive/gradient.h"
#include "derive/rulebook.h"
#include "machine/answer.h"
#include "ops/routine.h"

#define ERROR(...) diagnose_stop (run->diagnostics, STATUS_PROGRAM, run_span (run, place), __VA_ARGS__)

/* A number or array, of a type up to that one: real, integer, boolean. */
static bool
is_numeric (const struct value *value, enum type last)
{
  return (value_is_number (value) || value->kind == KIND_ARRAY) && value_type (value) <= last;
}

/* The same value as a real one, with a reference. */
static struct value
as_real (struct run *run, const struct value *value)
{
  struct value real = *value;
  if (value_type (value) == TYPE_REAL)
    value_hold (&real);
  else if (value->kind == KIND_ARRAY)
    {
      real.array = array_new (run->arrays, TYPE_REAL, &value->array->shape);
      memcpy (real.array->elements, value->array->elements, value->array->size * sizeof (double));
    }
  else
    real.kind = KIND_REAL;
  return real;
}

/* What is not connected is zero, and said once for each place. */
static void
note_unconnected (struct run *run, uint32_t place, const struct value *y, const struct value *x)
{
  enum
  {
    PLACES = 100
  };
  const uint32_t *places = area_of (&run->noted_places, uint32_t);
  size_t count = area_count (&run->noted_places, uint32_t);
  for (size_t i = 0; i < count; i++)
    if (places[i] == place)
      return;
  if (count == PLACES)
    return;
  *area_add (&run->noted_places, uint32_t) = place;
  diagnose (run->diagnostics, SEVERITY_NOTE, run_span (run, place), "%s: its derivative is 0",
            value_type (y) == TYPE_INTEGER   ? "what is differentiated here is an integer"
            : value_type (x) == TYPE_INTEGER ? "the source is an integer here, through which no gradient flows"
                                             : "what is differentiated here does not depend on the source");
}

/* Zeros for a gradient that there is not. */
static struct value
or_zeros (struct run *run, uint32_t place, const struct value *y, const struct value *x, struct value gradient)
{
  if (gradient.kind != KIND_NOTHING)
    return gradient;
  struct shape shape = value_shape (x);
  note_unconnected (run, place, y, x);
  return run_filled (run, &shape, 0);
}

/* Whether nobody will differentiate the derivative that is being taken, nor any that comes behind. */
static bool
is_last (const struct run *run)
{
  return run->purpose == PURPOSE_VALUES && run->place == run->program->last_derivative && run->place
         && !run->frames.used && !run->derivations.used;
}

/* The recorded gradient in one source. */
static struct value
gradient_in (struct run *run, uint32_t place, const struct value *y, const struct value *seed, const struct value *x)
{
  struct value result;
  gradient_record (run, y, seed, 1, x, &result);
  return or_zeros (run, place, y, x, result);
}

/* That of one element of an array. */
static struct value
row_in (struct run *run, uint32_t place, const struct value *y, size_t element, const struct value *x)
{
  struct value result;
  gradient_record_row (run, y, element, x, &result);
  return or_zeros (run, place, y, x, result);
}

/* One map of a result of `size` elements: element pairs[2i] of it is element pairs[2i + 1] of the operand. */
static void
link_pairs (struct run *run, const struct value *operand, size_t operand_size, size_t size, const double *pairs,
            size_t count)
{
  struct array *ones = array_new (run->arrays, TYPE_REAL, &(struct shape){ 1, { count } });
  struct array *positions = array_new (run->arrays, TYPE_REAL, &(struct shape){ 1, { 2 * count } });
  for (size_t i = 0; i < count; i++)
    ones->elements[i] = 1;
  memcpy (positions->elements, pairs, 2 * count * sizeof *pairs);
  struct linear map = { .kind = LINEAR_TERMS,
                        .operand_size = operand_size,
                        .result_size = size,
                        .coefficients = ones,
                        .positions = positions };
  tape_link_linear (run->tape, operand->node, &map);
}

/* The rows of a Jacobian as one array, each a gradient in x of one element of y. Of a Hessian each pair is taken once,
   from the row of its first element, so that it is symmetric to the last digit. */
static struct value
join_rows (struct run *run, const struct value *rows, size_t count, const struct shape *of_y, const struct shape *of_x,
           bool symmetric)
{
  struct shape shape = *of_y;
  size_t length = shape_size (of_x), size = count * length;
  bool varies = false;
  for (int i = 0; i < of_x->rank; i++)
    shape.extent[shape.rank++] = of_x->extent[i];
  struct value result = value_of_array (array_new (run->arrays, TYPE_REAL, &shape));
  for (size_t i = 0; i < count; i++)
    {
      const double *row = value_elements (&rows[i]);
      for (size_t k = symmetric ? i : 0; k < length; k++)
        {
          result.array->elements[i * length + k] = row[k];
          if (symmetric)
            result.array->elements[k * length + i] = row[k];
        }
      varies |= rows[i].node != 0;
    }
  if (!varies)
    return result;
  struct array *pairs = array_new (run->arrays, TYPE_REAL, &(struct shape){ 1, { 4 * length } });
  run_begin (run, &result);
  for (size_t i = 0; i < count; i++)
    {
      size_t used = 0;
      for (size_t k = symmetric ? i : 0; k < length; k++)
        {
          pairs->elements[used++] = (double)(i * length + k);
          pairs->elements[used++] = (double)k;
          if (symmetric && k > i)
            {
              pairs->elements[used++] = (double)(k * length + i);
              pairs->elements[used++] = (double)k;
            }
        }
      if (rows[i].node)
        link_pairs (run, &rows[i], length, size, pairs->elements, used / 2);
    }
  array_drop (run->arrays, pairs);
  run_node (run, run->place, &result);
  return result;
}

static struct value
jacobian (struct run *run, uint32_t place, const struct value *y, const struct value *x, bool symmetric)
{
  struct shape of_y = value_shape (y), of_x = value_shape (x);
  size_t count = shape_size (&of_y);
  if (!of_y.rank)
    return gradient_in (run, place, y, NULL, x);
  if (of_y.rank + of_x.rank > RANK_LIMIT)
    ERROR ("a jacobian of rank %d: arrays have at most %d axes", of_y.rank + of_x.rank, RANK_LIMIT);
  if (!of_x.rank && symmetric)
    return gradient_in (run, place, y, NULL, x);
  size_t base = run->stack.used;
  struct value *rows = area_push (&run->stack, (count + 1) * sizeof *rows);
  memset (rows, 0, count * sizeof *rows);
  for (size_t i = 0; i < count; i++)
    rows[i] = row_in (run, place, y, i, x);
  struct value result = join_rows (run, rows, count, &of_y, &of_x, symmetric);
  for (size_t i = 0; i < count; i++)
    value_drop (run, &rows[i]);
  run->stack.used = base;
  return result;
}

static struct value
derive_source (struct run *run, uint32_t place, struct value argument)
{
  char text[VALUE_TEXT];
  if (!is_numeric (&argument, TYPE_INTEGER))
    ERROR ("a derivative is taken in a real number or array, got %s", value_describe (text, &argument));
  struct value given = argument;
  argument = as_real (run, &given);
  value_drop (run, &given);
  struct shape shape = value_shape (&argument);
  run_begin (run, &argument);
  if (argument.node && shape.rank)
    run_link_same (run, argument.node, &shape);
  else if (argument.node)
    tape_link (run->tape, argument.node, 1);
  run_node (run, place, &argument);
  run_may_derive_in (run, &argument);
  return argument;
}

/* The change of y when x moves along v: what y's gradient, weighed with a w of zeros that varies, is to a change of w.
   For what is finite: a zero of w times an infinity is none. */
static struct value
forward_by_weights (struct run *run, uint32_t place, const struct value *y, const struct value *x,
                    const struct value *v)
{
  struct shape shape = value_shape (y);
  struct value weights = derive_source (run, place, run_filled (run, &shape, 0));
  struct value weighed;
  gradient_record (run, y, &weights, 1, x, &weighed);
  struct value result = { 0 };
  if (weighed.kind == KIND_NOTHING)
    {
      note_unconnected (run, place, y, x);
      result = run_filled (run, &shape, 0);
    }
  else
    gradient_record (run, &weighed, v, 1, &weights, &result);
  if (result.kind == KIND_NOTHING)
    result = run_filled (run, &shape, 0);
  value_drop (run, &weighed);
  value_drop (run, &weights);
  return result;
}

/* The sum of a gradient's elements times those of a direction; where that stands still, nothing counts. */
static struct value
moved_along (struct run *run, struct value gradient, const struct value *direction)
{
  struct shape shape = value_shape (&gradient);
  size_t size = shape_size (&shape);
  const double *slopes = value_elements (&gradient), *steps = value_elements (direction);
  struct value result = value_number (KIND_REAL, 0);
  if (direction->node)
    {
      value_hold (direction);
      struct value product = run_apply (run, run->place, OP_multiply, (struct value[2]){ gradient, *direction }, 2);
      return shape.rank ? run_apply (run, run->place, OP_sum, &product, 1) : product;
    }
  for (size_t i = 0; i < size; i++)
    result.number += steps[i] == 0 ? 0 : slopes[i] * steps[i];
  if (gradient.node)
    {
      struct array *coefficients = array_new (run->arrays, TYPE_REAL, &(struct shape){ 1, { size } });
      memcpy (coefficients->elements, steps, size * sizeof *steps);
      struct layout single = layout_single (&shape);
      struct linear map = map_reduce (coefficients, &single, 1);
      map.constant = true;
      run_map (run, run->place, &result, gradient.node, &map);
    }
  value_drop (run, &gradient);
  return result;
}

/* The same by the gradient of each element of y. */
static struct value
forward_by_rows (struct run *run, uint32_t place, const struct value *y, const struct value *x, const struct value *v)
{
  struct shape of_y = value_shape (y);
  size_t count = shape_size (&of_y), base = run->stack.used;
  if (!of_y.rank)
    return moved_along (run, gradient_in (run, place, y, NULL, x), v);
  struct value *rows = area_push (&run->stack, (count + 1) * sizeof *rows);
  memset (rows, 0, count * sizeof *rows);
  for (size_t i = 0; i < count; i++)
    rows[i] = moved_along (run, row_in (run, place, y, i, x), v);
  struct value result = join_rows (run, rows, count, &of_y, &(struct shape){ 0 }, false);
  run->stack.used = base;
  return result;
}

/* Of a number one gradient is all that it takes. */
static struct value
forward (struct run *run, uint32_t place, const struct value *y, const struct value *x, const struct value *v)
{
  if (!run->tape->careful && value_shape (y).rank)
    {
      struct value result = forward_by_weights (run, place, y, x, v);
      if (!run->tape->careful && elements_of_are_finite (&result))
        return result;
      value_drop (run, &result);
    }
  /* The reverse sweep says what holds where something is not finite. */
  return forward_by_rows (run, place, y, x, v);
}

static void
check_numeric (const struct run *run, uint32_t place, enum op op, const struct value *y, const struct value *x)
{
  char text[VALUE_TEXT];
  const char *name = op_info[op].name;
  if (!is_numeric (y, TYPE_INTEGER))
    ERROR ("'%s' differentiates a real number or array, got %s", name, value_describe (text, y));
  if (!is_numeric (x, TYPE_INTEGER))
    ERROR ("'%s' differentiates in a real number or array, got %s", name, value_describe (text, x));
}

/* The gradient in each item of a list, by one sweep. */
static void
gradients (struct run *run, uint32_t place, const struct value *y, const struct tuple *list, struct value *results)
{
  for (uint32_t i = 0; i < list->count; i++)
    check_numeric (run, place, OP_grad, y, &list->items[i]);
  gradient_values (run, is_last (run));
  gradient_record (run, y, NULL, list->count, list->items, results);
  for (uint32_t i = 0; i < list->count; i++)
    results[i] = or_zeros (run, place, y, &list->items[i], results[i]);
}

static struct value
derivative (struct run *run, uint32_t place, enum op op, const struct value *y, const struct value *x,
            const struct value *weights)
{
  char text[VALUE_TEXT], left[SHAPE_TEXT], right[SHAPE_TEXT];
  const char *name = op_info[op].name;
  check_numeric (run, place, op, y, x);
  if (weights)
    {
      const struct value *like = op == OP_vjp ? y : x;
      struct shape wanted = value_shape (like), given;
      if (!is_numeric (weights, TYPE_BOOLEAN))
        ERROR ("'%s' weighs with a real number or array, got %s", name, value_describe (text, weights));
      given = value_shape (weights);
      if (!shape_equal (&wanted, &given))
        ERROR ("'%s': the last argument has shape (%s), but %s has shape (%s)", name, shape_text (left, &given),
               op == OP_vjp ? "what is differentiated" : "the source", shape_text (right, &wanted));
    }
  struct value first, result, weight = { 0 };
  if (weights)
    weight = as_real (run, weights);
  bool last = is_last (run);
  gradient_values (run, last && (op == OP_grad || op == OP_vjp || op == OP_jacobian));
  switch (op)
    {
    case OP_grad:
      return gradient_in (run, place, y, NULL, x);
    case OP_jacobian:
      return jacobian (run, place, y, x, false);
    case OP_vjp:
      result = gradient_in (run, place, y, &weight, x);
      break;
    case OP_jvp:
      result = forward (run, place, y, x, &weight);
      break;
    default: /* hessian, hvp */
      first = gradient_in (run, place, y, NULL, x);
      gradient_values (run, last);
      result = op == OP_hvp ? gradient_in (run, place, &first, &weight, x) : jacobian (run, place, &first, x, true);
      value_drop (run, &first);
    }
  value_drop (run, &weight);
  return result;
}

static struct value
derive_result (struct run *run, uint32_t place, enum op op, struct value result, const struct value *source)
{
  struct value value = derivative (run, place, op, &result, source, NULL);
  value_drop (run, &result);
  return value;
}

/* grad(f) or grad(f, k): a function with the same arguments. */
static struct value
derived_function (struct run *run, uint32_t place, enum op op, const struct value *arguments, uint32_t count)
{
  if (op_parameter_count (op_info[op].parameters) > 2)
    ERROR ("'%s' needs a value to differentiate, got a function; call it first", op_info[op].name);
  double which = 0;
  if (count > 1 && arguments[1].kind != KIND_NOTHING)
    {
      char text[VALUE_TEXT];
      if (!value_is_whole (&arguments[1]) || arguments[1].number < 0 || arguments[1].number > UINT16_MAX)
        ERROR ("'%s' of a function: which argument it is, from 0, must be a whole number, got %s", op_info[op].name,
               value_describe (text, &arguments[1]));
      which = arguments[1].number;
    }
  struct function *function = function_new (run, 0, false, 1);
  function->derivative = (uint16_t)(op + 1);
  function->argument = (uint16_t)which;
  function->captured[0] = arguments[0];
  value_hold (&arguments[0]);
  return (struct value){ .function = function, .kind = KIND_FUNCTION };
}

static struct value
derive (struct run *run, uint32_t place, enum op op, const struct value *arguments, uint32_t count)
{
  answer_check (run, place, op);
  if (arguments[0].kind == KIND_FUNCTION)
    return derived_function (run, place, op, arguments, count);
  if (count < 2 || arguments[1].kind == KIND_NOTHING)
    {
      char text[VALUE_TEXT];
      ERROR ("'%s' of one argument needs a function, got %s; say in which name: %s(y, x)", op_info[op].name,
             value_describe (text, &arguments[0]), op_info[op].name);
    }
  const struct value *x = &arguments[1], *weights = count > 2 ? &arguments[2] : NULL;
  if (x->kind != KIND_TUPLE)
    return derivative (run, place, op, &arguments[0], x, weights);
  if (op == OP_hessian || weights)
    ERROR ("'%s' takes one name, not a list", op_info[op].name);
  struct tuple *results = tuple_new (run, x->tuple->count);
  if (op == OP_grad)
    gradients (run, place, &arguments[0], x->tuple, results->items);
  else
    for (uint32_t i = 0; i < results->count; i++)
      results->items[i] = derivative (run, place, op, &arguments[0], &x->tuple->items[i], NULL);
  return (struct value){ .tuple = results, .kind = KIND_TUPLE };
}

static void
give_back (struct program *program)
{
  rulebook_close (program->rules);
  program->rules = NULL;
  program->deriver = NULL;
}

/* The last instruction that can take a derivative, if it runs once: it is in no loop. */
static uint32_t
find_last (const struct program *program)
{
  const struct instruction *code = area_of (&program->code, struct instruction);
  uint32_t count = (uint32_t)area_count (&program->code, struct instruction), last = count;
  while (last > 0 && code[last - 1].code != CODE_DERIVE && code[last - 1].code != CODE_CALL)
    last--;
  for (uint32_t i = last; i < count; i++)
    if (code[i].code == CODE_JUMP && code[i].a < last)
      return 0;
  return last ? last - 1 : 0;
}

void
derive_prepare (const struct program *program)
{
  static const struct deriver deriver
    = { gradient_open, gradient_close, derive, derive_source, derive_result, forget, give_back };
  /* What a program says does not change by having its rules at hand. */
  struct program *prepared = (struct program *)program;
  if (program->deriver)
    return;
  prepared->rules = rulebook_open (program);
  prepared->last_derivative = find_last (program);
  prepared->deriver = &deriver;
}
