/* select.c -- what the indices of x[...] select, by NumPy's rules. */
#include "ops/select.h"

#include "base/number.h"

enum part_kind
{
  PART_NUMBER,
  PART_SLICE,
  PART_NEW,
  PART_ARRAY
};

/* What an index does with its axis, or axes. */
struct part
{
  enum part_kind kind;
  size_t extent;           /* SLICE, NEW: of the result */
  ptrdiff_t stride;        /* SLICE */
  struct shape shape;      /* ARRAY */
  struct array *positions; /* ARRAY: what each index adds to the position */
};

struct reading
{
  struct call *call;
  struct layout from; /* the whole array */
  int axis;           /* the next one to be indexed */
  ptrdiff_t offset;   /* that numbers and slices have added up to */
  int count;
  struct part parts[2 * RANK_LIMIT];
};

size_t
select_index (struct call *call, double index, int axis, size_t length)
{
  double size = (double)length;
  if (index == rint (index) && index >= -size && index < size)
    return (size_t)(index < 0 ? index + size : index);
  char text[NUMBER_SIZE];
  number_print (text, index, 0);
  if (index != rint (index))
    call_error (call, "index %s is not a whole number", text);
  call_error (call, "index %s is out of range: axis %d has length %zu", text, axis, length);
}

static void
read_number (struct reading *reading, const struct value *value)
{
  size_t index = select_index (reading->call, value->number, reading->axis, reading->from.shape.extent[reading->axis]);
  reading->offset += (ptrdiff_t)index * reading->from.stride[reading->axis++];
  reading->parts[reading->count++] = (struct part){ .kind = PART_NUMBER };
}

/* One end of a slice, counted from the beginning and held between `low` and `high`. */
static ptrdiff_t
slice_end (struct call *call, const struct value *value, ptrdiff_t otherwise, size_t length, ptrdiff_t low,
           ptrdiff_t high)
{
  if (value->kind == KIND_NOTHING || value->kind == KIND_NONE)
    return otherwise;
  char text[VALUE_TEXT];
  if (!value_is_whole (value))
    call_error (call, "the ends and the step of a slice must be whole numbers, not %s",
                value_is_number (value) ? "a fraction or a boolean" : value_describe (text, value));
  double end = value->number < 0 ? value->number + (double)length : value->number;
  return end<(double)low ? low : end> (double) high ? high : (ptrdiff_t)end;
}

static void
read_slice (struct reading *reading, const struct tuple *slice)
{
  struct call *call = reading->call;
  size_t length = reading->from.shape.extent[reading->axis];
  ptrdiff_t limit = PTRDIFF_MAX / 4;
  ptrdiff_t step = slice_end (call, &slice->items[2], 1, 0, -limit, limit);
  if (step == 0)
    call_error (call, "the step of a slice cannot be 0");
  ptrdiff_t whole = (ptrdiff_t)length, low = step > 0 ? 0 : -1, high = step > 0 ? whole : whole - 1;
  ptrdiff_t start = slice_end (call, &slice->items[0], step > 0 ? low : high, length, low, high);
  ptrdiff_t stop = slice_end (call, &slice->items[1], step > 0 ? high : low, length, low, high);
  ptrdiff_t distance = step > 0 ? stop - start : start - stop, size = step > 0 ? step : -step;
  size_t extent = distance > 0 ? (size_t)((distance - 1) / size + 1) : 0;
  ptrdiff_t stride = reading->from.stride[reading->axis++];
  if (extent > 0)
    reading->offset += start * stride;
  /* One element needs no stride, and a step beyond the end would be too large to multiply. */
  stride = extent > 1 ? step * stride : 0;
  reading->parts[reading->count++] = (struct part){ .kind = PART_SLICE, .extent = extent, .stride = stride };
}

/* Booleans select along as many axes as they have. */
static void
read_mask (struct reading *reading, const struct array *mask)
{
  struct call *call = reading->call;
  char text[SHAPE_TEXT], other[SHAPE_TEXT];
  for (int i = 0; i < mask->shape.rank; i++)
    if (mask->shape.extent[i] != reading->from.shape.extent[reading->axis + i])
      {
        shape_text (text, &mask->shape);
        if (mask->shape.rank == 1)
          call_error (call, "%s booleans cannot select from an axis of length %zu", text,
                      reading->from.shape.extent[reading->axis]);
        call_error (call, "%s booleans cannot select from an array of shape (%s)", text,
                    shape_text (other, &reading->from.shape));
      }
  size_t count = 0;
  for (size_t i = 0; i < mask->size; i++)
    count += mask->elements[i] != 0;
  struct part part = { .kind = PART_ARRAY, .shape = shape_vector (count), .positions = call_vector (call, count) };
  ptrdiff_t stride = reading->from.stride[reading->axis + mask->shape.rank - 1];
  for (size_t i = 0, place = 0; i < mask->size; i++)
    if (mask->elements[i] != 0)
      part.positions->elements[place++] = (double)((ptrdiff_t)i * stride);
  reading->axis += mask->shape.rank;
  reading->parts[reading->count++] = part;
}

static void
read_array (struct reading *reading, const struct array *indices)
{
  struct array *positions = call_vector (reading->call, indices->size);
  struct part part = { .kind = PART_ARRAY, .shape = indices->shape, .positions = positions };
  size_t length = reading->from.shape.extent[reading->axis];
  ptrdiff_t stride = reading->from.stride[reading->axis];
  for (size_t i = 0; i < indices->size; i++)
    {
      size_t index = select_index (reading->call, indices->elements[i], reading->axis, length);
      part.positions->elements[i] = (double)((ptrdiff_t)index * stride);
    }
  reading->axis++;
  reading->parts[reading->count++] = part;
}

static int
axes_of (const struct value *index)
{
  bool mask = index->kind == KIND_ARRAY && index->array->type == TYPE_BOOLEAN;
  return index->kind == KIND_NONE ? 0 : mask ? index->array->shape.rank : 1;
}

static void
read_parts (struct reading *reading, int first)
{
  struct call *call = reading->call;
  int wanted = 0, rank = reading->from.shape.rank;
  char text[VALUE_TEXT];
  for (int i = first; i < call->count; i++)
    wanted += axes_of (&call->arguments[i]);
  if (wanted > rank && rank == 0)
    call_error (call, "a number has no elements");
  if (wanted > rank)
    call_error (call, "%d %s for an array of rank %d", wanted, wanted == 1 ? "index" : "indices", rank);
  if (call->count - first - wanted > RANK_LIMIT)
    call_error (call, "an array has at most %d axes, this one would have more", RANK_LIMIT);
  for (int i = first; i < call->count; i++)
    {
      const struct value *index = &call->arguments[i];
      if (index->kind == KIND_NONE)
        reading->parts[reading->count++] = (struct part){ .kind = PART_NEW, .extent = 1 };
      else if (index->kind == KIND_SLICE)
        read_slice (reading, index->tuple);
      else if (index->kind == KIND_ARRAY && index->array->type == TYPE_BOOLEAN)
        read_mask (reading, index->array);
      else if (index->kind == KIND_ARRAY)
        read_array (reading, index->array);
      else if (index->kind == KIND_REAL || index->kind == KIND_INTEGER)
        read_number (reading, index);
      else
        call_error (call, "%s cannot be an index", value_describe (text, index));
    }
  for (; reading->axis < rank; reading->axis++)
    reading->parts[reading->count++] = (struct part){ .kind = PART_SLICE,
                                                      .extent = reading->from.shape.extent[reading->axis],
                                                      .stride = reading->from.stride[reading->axis] };
}

/* The positions of all index arrays together, spread to their common shape. */
static struct array *
join_arrays (struct reading *reading, struct shape *shape)
{
  struct call *call = reading->call;
  *shape = (struct shape){ .rank = 0 };
  for (int i = 0; i < reading->count; i++)
    if (reading->parts[i].kind == PART_ARRAY)
      {
        struct shape before = *shape;
        char text[SHAPE_TEXT], other[SHAPE_TEXT];
        if (!shape_broadcast (shape, &before, &reading->parts[i].shape))
          call_error (call, "index arrays of shapes (%s) and (%s) cannot be combined", shape_text (text, &before),
                      shape_text (other, &reading->parts[i].shape));
      }
  struct array *sum = array_new (call->arrays, TYPE_REAL, shape), *spread = array_new (call->arrays, TYPE_REAL, shape);
  memset (sum->elements, 0, sum->size * sizeof (double));
  for (int i = 0; i < reading->count; i++)
    if (reading->parts[i].kind == PART_ARRAY)
      {
        struct layout layout = layout_broadcast (&reading->parts[i].shape, shape);
        layout_take (&layout, reading->parts[i].positions->elements, spread->elements);
        for (size_t k = 0; k < sum->size; k++)
          sum->elements[k] += spread->elements[k];
        array_drop (call->arrays, reading->parts[i].positions);
      }
  array_drop (call->arrays, spread);
  return sum;
}

/* The axes of the index arrays stand where the arrays stand, or come first when these (and numbers among them) do not
   stand together. */
static int
place_of_arrays (const struct reading *reading)
{
  int first = -1, last = -1, before = 0;
  for (int i = 0; i < reading->count; i++)
    if (reading->parts[i].kind == PART_ARRAY || reading->parts[i].kind == PART_NUMBER)
      {
        first = first < 0 ? i : first;
        last = i;
      }
  for (int i = first; i < last; i++)
    if (reading->parts[i].kind == PART_SLICE || reading->parts[i].kind == PART_NEW)
      return 0;
  for (int i = 0; i < first; i++)
    before += reading->parts[i].kind == PART_SLICE || reading->parts[i].kind == PART_NEW;
  return before;
}

/* Slices and new axes stay beside `others`. */
static void
check_rank (struct reading *reading, int others)
{
  int rank = others;
  for (int i = 0; i < reading->count; i++)
    rank += reading->parts[i].kind == PART_SLICE || reading->parts[i].kind == PART_NEW;
  if (rank > RANK_LIMIT)
    call_too_many_axes (reading->call, rank);
}

static void
select_by_arrays (struct reading *reading, struct selection *selection)
{
  struct call *call = reading->call;
  struct shape joined;
  struct array *sum = join_arrays (reading, &joined);
  int place = place_of_arrays (reading), split = 0;
  /* Of the other axes, those before and those after. */
  struct layout sides[2] = { { .offset = reading->offset }, { .offset = 0 } };
  selection->shape.rank = 0;
  check_rank (reading, joined.rank);
  for (int i = 0; i < reading->count; i++)
    if (reading->parts[i].kind == PART_SLICE || reading->parts[i].kind == PART_NEW)
      {
        struct layout *side = &sides[split++ >= place];
        side->shape.extent[side->shape.rank] = reading->parts[i].extent;
        side->stride[side->shape.rank++] = reading->parts[i].stride;
      }
  const struct shape *shapes[] = { &sides[0].shape, &joined, &sides[1].shape };
  for (int k = 0; k < 3; k++)
    for (int i = 0; i < shapes[k]->rank; i++)
      shape_insert (call, &selection->shape, selection->shape.rank, shapes[k]->extent[i]);
  struct array *before = array_new (call->arrays, TYPE_REAL, &sides[0].shape);
  struct array *after = array_new (call->arrays, TYPE_REAL, &sides[1].shape);
  layout_positions (&sides[0], before->elements);
  layout_positions (&sides[1], after->elements);
  selection->positions = call_vector (call, shape_size (&selection->shape));
  double *position = selection->positions->elements;
  for (size_t i = 0; i < before->size; i++)
    for (size_t j = 0; j < sum->size; j++)
      for (size_t k = 0; k < after->size; k++)
        *position++ = before->elements[i] + sum->elements[j] + after->elements[k];
  array_drop (call->arrays, before);
  array_drop (call->arrays, after);
  array_drop (call->arrays, sum);
}

struct selection
select_elements (struct call *call, const struct shape *shape, int first)
{
  struct reading reading = { .call = call, .from = layout_dense (shape) };
  struct selection selection = { .shape.rank = 0 };
  read_parts (&reading, first);
  bool arrays = false;
  for (int i = 0; i < reading.count; i++)
    arrays |= reading.parts[i].kind == PART_ARRAY;
  if (arrays)
    {
      select_by_arrays (&reading, &selection);
      return selection;
    }
  check_rank (&reading, 0);
  selection.layout.offset = reading.offset;
  for (int i = 0; i < reading.count; i++)
    if (reading.parts[i].kind != PART_NUMBER)
      {
        selection.layout.stride[selection.shape.rank] = reading.parts[i].stride;
        shape_insert (call, &selection.shape, selection.shape.rank, reading.parts[i].extent);
      }
  selection.layout.shape = selection.shape;
  return selection;
}
