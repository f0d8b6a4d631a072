/* index.c -- elements taken out of arrays, and arrays with elements replaced. */
#include "ops/select.h"

#include <stdlib.h>

#include "value/slices.h"

static struct linear
map_element (enum linear_kind kind, size_t operand_size, size_t result_size, size_t position)
{
  return (struct linear){ .kind = kind,
                          .scale = 1,
                          .operand_size = operand_size,
                          .result_size = result_size,
                          .layout.offset = (ptrdiff_t)position };
}

/* Whether the arguments from `first` on are a number for each axis of an array, and so one element of it. That is
   most of what loops do, so it comes before everything else. */
static bool
is_element (struct call *call, const struct value *value, int first, size_t *position)
{
  if (value->kind != KIND_ARRAY || call->count - first != value->array->shape.rank)
    return false;
  for (int i = first; i < call->count; i++)
    if (call->arguments[i].kind != KIND_REAL && call->arguments[i].kind != KIND_INTEGER)
      return false;
  *position = 0;
  for (int i = first; i < call->count; i++)
    {
      size_t length = value->array->shape.extent[i - first];
      *position = *position * length + select_index (call, call->arguments[i].number, i - first, length);
    }
  return true;
}

static bool
take_element (struct call *call)
{
  const struct value *x = &call->arguments[0];
  size_t position;
  if (!is_element (call, x, 1, &position))
    return false;
  call_result_number (call, x->array->type, x->array->elements[position]);
  if (x->node)
    call_link (call, x, map_element (LINEAR_SCALE, x->array->size, 1, position));
  return true;
}

void
function_index (struct call *call)
{
  if (take_element (call))
    return;
  const struct value *value = &call->arguments[0];
  char text[VALUE_TEXT];
  if (value->kind != KIND_ARRAY && !value_is_number (value))
    call_error (call, "%s has no elements", value_describe (text, value));
  struct operand x = call_operand (call, 0);
  struct selection selection = select_elements (call, &x.shape, 1);
  if (selection.positions)
    call_gather (call, &x, selection.positions, &selection.shape);
  else
    call_take (call, &x, &selection.layout, NULL);
}

void
function_item (struct call *call)
{
  struct operand x = call_operand (call, 0);
  if (x.shape.rank == 0)
    call_error (call, "a number has no elements");
  struct layout layout = layout_dense (&x.shape);
  size_t index = select_index (call, call->arguments[1].number, 0, x.shape.extent[0]);
  layout.offset = (ptrdiff_t)index * layout.stride[0];
  shape_remove (&layout.shape, 0);
  memmove (layout.stride, layout.stride + 1, (RANK_LIMIT - 1) * sizeof *layout.stride);
  call_take (call, &x, &layout, NULL);
}

/* Along one axis the same as an index there. */
void
function_take (struct call *call)
{
  call_need_array (call, 1);
  struct operand x = call_operand (call, 0);
  if (x.shape.rank == 0)
    call_error (call, "'%s' takes an array, not a number", call->name);
  int axis = call_given (call, 2) ? call_axis (call, 2, x.shape.rank) : 0;
  union
  {
    struct tuple tuple;
    char room[sizeof (struct tuple) + 3 * sizeof (struct value)];
  } everything = { .tuple.count = 3 };
  memset (everything.tuple.items, 0, 3 * sizeof *everything.tuple.items);
  struct value indices[RANK_LIMIT];
  for (int i = 0; i < axis; i++)
    indices[i] = (struct value){ .tuple = &everything.tuple, .kind = KIND_SLICE };
  indices[axis] = call->arguments[1];
  struct call inner = *call;
  inner.arguments = indices;
  inner.count = axis + 1;
  struct selection selection = select_elements (&inner, &x.shape, 0);
  if (selection.positions)
    call_gather (call, &x, selection.positions, &selection.shape);
  else
    call_take (call, &x, &selection.layout, NULL);
}

void
function_gather (struct call *call)
{
  function_take (call);
}

/* The array that is to be changed: the argument's own when nobody else holds it, else a copy. */
static double *
own_copy (struct call *call, enum type type, bool *in_place)
{
  struct array *array = call->arguments[0].array;
  *in_place = slices_leave (call->arrays, array);
  if (*in_place)
    {
      array->type = type;
      call->result = value_of_array (array_hold (array));
      return array->elements;
    }
  double *elements = call_result (call, type, &array->shape);
  memcpy (elements, array->elements, array->size * sizeof (double));
  return elements;
}

static bool
replace_element (struct call *call)
{
  const struct value *old = &call->arguments[0], *new = &call->arguments[1];
  size_t position;
  if (!value_is_number (new) || !is_element (call, old, 2, &position))
    return false;
  size_t size = old->array->size;
  struct linear rest = map_element (LINEAR_KEEP, size, size, position);
  own_copy (call, type_joined (old->array->type, value_type (new)), &rest.in_place)[position] = new->number;
  if (new->node)
    call_link (call, new, map_element (LINEAR_REDUCE, 1, size, position));
  if (old->node)
    call_link (call, old, rest);
  return true;
}

static int
by_size (const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The positions of the elements selected, rising where they may be there more than once. */
static struct array *
selected_positions (struct call *call, const struct selection *selection)
{
  struct array *positions = call_vector (call, shape_size (&selection->shape));
  if (!selection->positions)
    {
      layout_positions (&selection->layout, positions->elements);
      return positions;
    }
  memcpy (positions->elements, selection->positions->elements, positions->size * sizeof (double));
  qsort (positions->elements, positions->size, sizeof (double), by_size);
  return positions;
}

/* One value for many elements. */
static void
link_one (struct call *call, const struct value *value, const struct selection *selection, size_t size)
{
  struct array *positions = selected_positions (call, selection);
  size_t count = 0;
  for (size_t i = 0; i < positions->size; i++)
    if (i == 0 || positions->elements[i] != positions->elements[i - 1])
      positions->elements[count++] = positions->elements[i];
  struct linear map = { .kind = LINEAR_TERMS,
                        .scale = 1,
                        .operand_size = 1,
                        .result_size = size,
                        .coefficients = call_vector (call, count),
                        .positions = call_vector (call, 2 * count) };
  for (size_t i = 0; i < count; i++)
    {
      map.coefficients->elements[i] = 1;
      map.positions->elements[2 * i] = positions->elements[i];
      map.positions->elements[2 * i + 1] = 0;
    }
  array_drop (call->arrays, positions);
  call_link (call, value, map);
}

/* The map to the elements at a layout among those selected, in row-major order. */
static struct linear
map_part (struct call *call, const struct selection *selection, const struct layout *part, size_t size)
{
  if (!selection->positions)
    return map_reduce (NULL, part, size);
  struct array *positions = call_vector (call, shape_size (&part->shape));
  layout_take (part, selection->positions->elements, positions->elements);
  return map_scatter (positions, size);
}

/* A value with as many elements as are selected, or spread to them: a map for each copy of it. */
static void
link_copies (struct call *call, const struct operand *new, const struct selection *selection, size_t size)
{
  struct layout spread = layout_broadcast (&new->shape, &selection->shape);
  struct layout whole = selection->positions ? layout_dense (&selection->shape) : selection->layout;
  struct layout part = { .offset = whole.offset };
  struct layout copies = { .offset = 0 };
  for (int axis = 0; axis < spread.shape.rank; axis++)
    {
      bool copied = spread.stride[axis] == 0 && spread.shape.extent[axis] > 1;
      struct layout *to = copied ? &copies : &part;
      to->shape.extent[to->shape.rank] = spread.shape.extent[axis];
      to->stride[to->shape.rank++] = whole.stride[axis];
    }
  size_t count = shape_size (&copies.shape);
  struct array *offsets = call_vector (call, count);
  layout_positions (&copies, offsets->elements);
  ptrdiff_t first = part.offset;
  for (size_t i = 0; i < count; i++)
    {
      part.offset = first + (ptrdiff_t)offsets->elements[i];
      call_link (call, &new->value, map_part (call, selection, &part, size));
    }
  array_drop (call->arrays, offsets);
}

/* Of several values for one element the last would stay, and no map leaves the others out. */
static void
refuse_repeats (struct call *call, const struct selection *selection, size_t size)
{
  struct array *positions = selected_positions (call, selection);
  bool repeated = false;
  for (size_t i = 1; i < positions->size; i++)
    repeated |= positions->elements[i] == positions->elements[i - 1];
  array_drop (call->arrays, positions);
  if (!repeated)
    return;
  struct array *seen = call_vector (call, size);
  memset (seen->elements, 0, size * sizeof (double));
  for (size_t i = 0; i < selection->positions->size; i++)
    if (seen->elements[(size_t)selection->positions->elements[i]]++ > 0)
      call_error (call, "the same element is assigned twice, element %.0f in row-major order",
                  selection->positions->elements[i]);
}

static void
put_elements (struct call *call, const struct operand *new, const struct selection *selection, double *elements)
{
  size_t count = shape_size (&selection->shape);
  struct layout spread = layout_broadcast (&new->shape, &selection->shape);
  const double *values = new->elements;
  struct array *copy = NULL;
  if (selection->shape.rank == 0 && !selection->positions)
    {
      elements[selection->layout.offset] = values[0];
      return;
    }
  if (!layout_is_dense (&spread))
    {
      copy = call_vector (call, count);
      layout_take (&spread, values, copy->elements);
      values = copy->elements;
    }
  if (selection->positions)
    for (size_t i = 0; i < count; i++)
      elements[(size_t)selection->positions->elements[i]] = values[i];
  else
    layout_put (&selection->layout, values, elements);
  array_drop (call->arrays, copy);
}

void
function_replace (struct call *call)
{
  if (replace_element (call))
    return;
  char text[VALUE_TEXT], other[SHAPE_TEXT];
  if (call->arguments[0].kind != KIND_ARRAY)
    call_error (call, "only elements of arrays can be assigned, not of %s", value_describe (text, &call->arguments[0]));
  if (!value_is_number (&call->arguments[1]) && call->arguments[1].kind != KIND_ARRAY)
    call_error (call, "%s cannot be assigned to an element", value_describe (text, &call->arguments[1]));
  struct operand old = call_operand (call, 0), new = call_operand (call, 1);
  struct selection selection = select_elements (call, &old.shape, 2);
  struct shape both;
  if (!shape_broadcast (&both, &new.shape, &selection.shape) || !shape_equal (&both, &selection.shape))
    {
      shape_text (text, &new.shape);
      if (selection.shape.rank == 0)
        call_error (call, "shape (%s) cannot be assigned to one element", text);
      call_error (call, "shape (%s) cannot be assigned to elements of shape (%s)", text,
                  shape_text (other, &selection.shape));
    }
  size_t count = shape_size (&selection.shape);
  bool in_place;
  double *elements = own_copy (call, type_joined (old.type, new.type), &in_place);
  put_elements (call, &new, &selection, elements);
  if (new.varies && count > 0)
    {
      if (selection.positions && new.size > 1)
        refuse_repeats (call, &selection, old.size);
      if (new.size == 1 && count > 1)
        link_one (call, &new.value, &selection, old.size);
      else
        link_copies (call, &new, &selection, old.size);
    }
  if (old.varies)
    {
      struct linear map = { .kind = LINEAR_KEEP,
                            .in_place = in_place,
                            .scale = 1,
                            .operand_size = old.size,
                            .result_size = old.size,
                            .positions = selection.positions ? array_hold (selection.positions) : NULL };
      map.layout = selection.layout;
      call_link (call, &old.value, map);
    }
  array_drop (call->arrays, selection.positions);
}
