/* pullback.c -- the rules of rules.def, called for each step of a recorded sweep. */
#include "derive/pullback.h"

#include <assert.h>
#include <string.h>

#include "ops/elementwise.h"
#include "ops/routine.h"

void
pullbacks_open (struct pullbacks *pullbacks, const struct run *outer)
{
  pullbacks->rules = outer->program->rules;
  area_open (&pullbacks->texts, outer->memory, (size_t)1 << 30, "the rules");
  run_open (&pullbacks->run, &pullbacks->rules->program, outer->tape, outer->diagnostics);
  run_program (&pullbacks->run);
  pullbacks->run.outer = outer;
  pullbacks->run.trace = outer->trace;
  pullbacks->run.apart = outer->trace != NULL;
}

void
pullbacks_close (struct pullbacks *pullbacks)
{
  run_close (&pullbacks->run);
  area_close (&pullbacks->texts);
}

/* A view of the same elements in another shape, as a step of its own. Takes over the reference. */
static struct value
reshaped (struct pullbacks *pullbacks, struct value value, const struct shape *shape)
{
  struct shape old = value_shape (&value);
  if (shape_equal (&old, shape))
    return value;
  struct run *run = &pullbacks->run;
  struct array *sizes = array_new (run->arrays, TYPE_INTEGER, &(struct shape){ 1, { (size_t)shape->rank } });
  for (int i = 0; i < shape->rank; i++)
    sizes->elements[i] = (double)shape->extent[i];
  struct value arguments[2] = { value, value_of_array (sizes) };
  return run_apply (run, 0, OP_reshape, arguments, 2);
}

/* The sum over the axes along which a value of shape `shape` was spread. Takes over the reference. */
static struct value
summed (struct pullbacks *pullbacks, struct value value, const struct shape *shape)
{
  struct shape wide = value_shape (&value), joined;
  if (shape_equal (&wide, shape))
    return value;
  struct run *run = &pullbacks->run;
  if (!shape_broadcast (&joined, shape, &wide) || !shape_equal (&joined, &wide))
    {
      /* Fewer elements than the operand: what is the same for all of them is spread. */
      struct array *sizes = array_new (run->arrays, TYPE_INTEGER, &(struct shape){ 1, { (size_t)shape->rank } });
      for (int i = 0; i < shape->rank; i++)
        sizes->elements[i] = (double)shape->extent[i];
      return run_apply (run, 0, OP_broadcast_to, (struct value[2]){ value, value_of_array (sizes) }, 2);
    }
  struct layout layout = layout_broadcast (shape, &wide);
  struct linear map = map_reduce (NULL, &layout, shape_size (shape));
  struct value result = run_filled (run, shape, 0);
  layout_add (&layout, value_elements (&value), value_room (&result));
  if (value.node)
    run_map (run, 0, &result, value.node, &map);
  value_drop (run, &value);
  return result;
}

/* The axes of an array with those that a list names last, and how to get back: `order` and `back` are axes by their new
   and their old place. */
static void
list_last (const struct array *list, int rank, double order[RANK_LIMIT], double back[RANK_LIMIT])
{
  bool listed[RANK_LIMIT] = { false };
  int used = 0;
  for (size_t i = 0; i < list->size; i++)
    listed[(int)list->elements[i] + (list->elements[i] < 0 ? rank : 0)] = true;
  for (int last = 0; last < 2; last++)
    for (int axis = 0; axis < rank; axis++)
      if (listed[axis] == last)
        order[used++] = axis;
  for (int axis = 0; axis < rank; axis++)
    back[(int)order[axis]] = axis;
}

/* A transpose as a step of its own. Takes over the reference. */
static struct value
reordered (struct pullbacks *pullbacks, struct value value, const double order[RANK_LIMIT], int rank)
{
  struct run *run = &pullbacks->run;
  struct array *axes = array_new (run->arrays, TYPE_INTEGER, &(struct shape){ 1, { (size_t)rank } });
  memcpy (axes->elements, order, (size_t)rank * sizeof *order);
  return run_apply (run, 0, OP_transpose, (struct value[2]){ value, value_of_array (axes) }, 2);
}

/* x as three axes, of which the middle one is worked on; all of it when no axis was given, but for what takes
   the last one then. */
static struct shape
around_axis (enum op op, const struct shape *shape, const struct value *axis)
{
  bool last = op_info[op].traits & LAST_AXIS;
  if (axis->kind == KIND_NOTHING && !last)
    return (struct shape){ 3, { 1, shape_size (shape), 1 } };
  if (axis->kind == KIND_ARRAY)
    {
      struct shape rest = *shape;
      size_t length = 1;
      for (size_t i = 0; i < axis->array->size; i++)
        {
          size_t *extent = &rest.extent[(int)axis->array->elements[i] + (axis->array->elements[i] < 0 ? rest.rank : 0)];
          length *= *extent;
          *extent = 1;
        }
      return (struct shape){ 3, { shape_size (&rest), length, 1 } };
    }
  int at = axis->kind == KIND_NOTHING ? shape->rank - 1 : (int)axis->number;
  if (at < 0)
    at += shape->rank;
  struct axis parts = axis_of (shape, at);
  return (struct shape){ 3, { parts.outer, parts.length, parts.inner } };
}

/* An array of zeros but where indices of the same letter are equal; there it is `value`, which has each letter once.
   Takes over the reference. */
static struct value
on_diagonal (struct pullbacks *pullbacks, struct value value, const char *once, const char *letters,
             const struct shape *shape)
{
  struct run *run = &pullbacks->run;
  struct shape narrow = value_shape (&value);
  struct layout layout = { .shape = narrow };
  size_t step = 1;
  for (int axis = shape->rank; axis-- > 0; step *= shape->extent[axis])
    layout.stride[strchr (once, letters[axis]) - once] += (ptrdiff_t)step;
  struct linear map = map_reduce (NULL, &layout, step);
  struct value result = run_filled (run, shape, 0);
  layout_put (&layout, value_elements (&value), result.array->elements);
  if (value.node)
    run_map (run, 0, &result, value.node, &map);
  value_drop (run, &value);
  return result;
}

static void
hold_all (struct value *values, uint32_t count, bool alone)
{
  for (uint32_t i = 0; i < count; i++)
    {
      value_hold (&values[i]);
      values[i].node = alone ? 0 : values[i].node;
    }
}

/* einsum's pullback is an einsum too: of the adjoint and the other operands, with the letters of operand k as the
   result. A letter that stands nowhere else is spread by a vector of ones. */
static struct value
pull_einsum (struct pullbacks *pullbacks, const struct step *step, uint32_t k, const struct value *u, bool alone)
{
  enum
  {
    MOST = 16
  };
  struct run *run = &pullbacks->run;
  const struct value *operands = step->operands;
  const char *spec = operands[0].string;
  char letters[MOST][32] = { "" }, result[64] = "", text[600];
  uint32_t count = step->count - 1, part = 0;
  bool arrow = false;
  size_t used = 0;
  for (const char *p = spec; *p; p++)
    {
      if (*p == ',')
        part++, used = 0;
      else if (*p == '-')
        arrow = true, used = 0, p++;
      else if (*p != ' ' && used < 30)
        (arrow ? result : letters[part])[used++] = *p;
    }
  if (!arrow)
    {
      used = 0;
      for (int c = 'A'; c <= 'z'; c++)
        {
          int times = 0;
          for (uint32_t i = 0; i < count; i++)
            for (const char *p = letters[i]; *p; p++)
              times += *p == c;
          if (times == 1)
            result[used++] = (char)c;
        }
    }
  /* A letter that stands twice in the operand takes its diagonal: only that gets anything. */
  char own[32] = "";
  for (const char *p = letters[k - 1]; *p; p++)
    if (!strchr (own, *p))
      strncat (own, p, 1);
  struct value arguments[MOST + 2] = { 0 };
  uint32_t filled = 1;
  size_t length = (size_t)snprintf (text, sizeof text, "%s", result);
  arguments[filled++] = *u;
  for (uint32_t i = 1; i <= count; i++)
    if (i != k)
      {
        length += (size_t)snprintf (text + length, sizeof text - length, ",%s", letters[i - 1]);
        arguments[filled++] = operands[i];
      }
  hold_all (arguments + 1, filled - 1, alone);
  struct shape shape = value_shape (&operands[k]);
  for (const char *p = letters[k - 1]; *p; p++)
    if (!memchr (text, *p, length) && filled < MOST)
      {
        length += (size_t)snprintf (text + length, sizeof text - length, ",%c", *p);
        struct array *ones
          = array_new (run->arrays, TYPE_REAL, &(struct shape){ 1, { shape.extent[p - letters[k - 1]] } });
        for (size_t i = 0; i < ones->size; i++)
          ones->elements[i] = 1;
        arguments[filled++] = value_of_array (ones);
      }
  snprintf (text + length, sizeof text - length, "->%s", own);
  arguments[0] = (struct value){ .string = text, .kind = KIND_STRING };
  struct value value = run_apply (run, 0, OP_einsum, arguments, filled);
  /* The text is on the stack: whoever differentiates this again needs it. */
  struct step *made = run->trace ? trace_find (run->trace, value.node) : NULL;
  if (made && made->count)
    {
      size_t size = strlen (text) + 1;
      made->operands[0].string = memcpy (area_push (&pullbacks->texts, size), text, size);
    }
  return strlen (own) == (size_t)shape.rank ? value : on_diagonal (pullbacks, value, own, letters[k - 1], &shape);
}

struct value
pullback (struct pullbacks *pullbacks, const struct step *step, uint32_t k, const struct value *u, bool alone)
{
  struct run *run = &pullbacks->run;
  const struct value *operands = step->operands;
  enum op op = step->op;
  const struct op_info *info = &op_info[op];
  struct shape shape = value_shape (&operands[k]);
  assert (pullbacks->rules->wanted[op]);
  if (op == OP_einsum)
    return pull_einsum (pullbacks, step, k, u, alone);
  uint32_t rule = k < RULE_OPERANDS ? pullbacks->rules->prototypes[op][k] : 0;
  if (!rule)
    return (struct value){ 0 };
  enum
  {
    MOST = 12
  };
  struct value arguments[MOST] = { *u, step->result };
  uint32_t count = 2;
  for (uint32_t i = 0; i < step->count && count < MOST - 1; i++)
    arguments[count++] = operands[i];
  hold_all (arguments, count, alone);
  if (info->arity)
    {
      arguments[count++] = value_number (KIND_REAL, step_both_vary (step) ? 0.5 : FLAT);
    }
  int axis = pullbacks->rules->axes[op];
  /* Of several axes x is laid out with these last; the result is laid back. */
  bool listed = axis >= 0 && operands[axis].kind == KIND_ARRAY;
  double order[RANK_LIMIT], back[RANK_LIMIT];
  struct shape turned = { .rank = 0 };
  if (listed)
    {
      struct shape of_x = value_shape (&operands[0]);
      list_last (operands[axis].array, of_x.rank, order, back);
      turned.rank = of_x.rank;
      for (int i = 0; i < of_x.rank; i++)
        turned.extent[i] = of_x.extent[(int)order[i]];
      arguments[2] = reordered (pullbacks, arguments[2], order, of_x.rank);
    }
  if (axis >= 0)
    {
      struct shape of_x = value_shape (&operands[0]), of_result = value_shape (&step->result);
      struct shape three = around_axis (op, &of_x, &operands[axis]), kept = three;
      if (shape_size (&of_result) != shape_size (&of_x) || three.extent[1] == 1)
        kept.extent[1] = 1;
      arguments[0] = reshaped (pullbacks, arguments[0], &kept);
      arguments[1] = reshaped (pullbacks, arguments[1], &kept);
      arguments[2] = reshaped (pullbacks, arguments[2], &three);
      /* What was left out, as the rules want it. */
      for (uint32_t i = 3; i < count; i++)
        if (arguments[i].kind == KIND_NOTHING)
          arguments[i] = value_number (KIND_REAL, op == OP_norm ? 2 : 0);
    }
  struct value result = run_call (run, rule - 1, arguments);
  if (listed && k == 0)
    return reordered (pullbacks, reshaped (pullbacks, result, &turned), back, turned.rank);
  struct shape of_result = value_shape (&result);
  return shape_size (&of_result) == shape_size (&shape) ? reshaped (pullbacks, result, &shape)
                                                        : summed (pullbacks, result, &shape);
}
