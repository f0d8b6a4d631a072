/* pull_parts.c -- what takes elements out of arrays, replaces them, and puts arrays together, as terms. */
#include <string.h>

#include "code/program.h"
#include "formula/pull.h"

static size_t
slice_end (const struct value *value, size_t otherwise, size_t length)
{
  if (!value_is_number (value))
    return otherwise;
  double end = value->number < 0 ? value->number + (double)length : value->number;
  return end < 0 ? 0 : end > (double)length ? length : (size_t)end;
}

bool
pull_cut (const struct pulled *step, uint32_t first, struct cut *cut)
{
  struct shape shape = value_shape (&step->values[0]);
  *cut = cut_whole (&shape);
  for (uint32_t i = first; i < step->count; i++)
    {
      const struct value *index = &step->values[i];
      struct cut_axis *axis = &cut->axis[i - first];
      size_t length = i - first < (uint32_t)shape.rank ? shape.extent[i - first] : 0;
      if (i - first >= (uint32_t)shape.rank)
        return false;
      if (index->kind == KIND_REAL || index->kind == KIND_INTEGER)
        *axis
          = (struct cut_axis){ (size_t)(index->number < 0 ? index->number + (double)length : index->number), 1, true };
      else if (index->kind == KIND_SLICE)
        {
          const struct value *items = index->tuple->items;
          if (value_is_number (&items[2]) && items[2].number != 1)
            return false;
          size_t start = slice_end (&items[0], 0, length), stop = slice_end (&items[1], length, length);
          *axis = (struct cut_axis){ start, stop > start ? stop - start : 0, false };
        }
      else
        return false;
    }
  return true;
}

static bool
is_single (const struct cut *cut)
{
  for (int i = 0; i < cut->rank; i++)
    if (!cut->axis[i].single)
      return false;
  return true;
}

/* An array that is `inner` in a cut and `outer` elsewhere, element by element. Both stand for arrays of their shape. */
static uint32_t
mixed_list (struct terms *terms, uint32_t outer, uint32_t inner, const struct shape *shape, const struct cut *cut)
{
  uint32_t elements[TERM_LISTED];
  struct shape part = cut_shape (cut);
  for (size_t i = 0; i < shape_size (shape); i++)
    {
      struct cut at = cut_element (shape, i), inside;
      elements[i]
        = cut_has (cut, &at, &inside) ? term_cut (terms, inner, &part, &inside) : term_cut (terms, outer, shape, &at);
    }
  return term_listed (terms, elements, shape);
}

/* `term`, of shape `shape`, between zeros along an axis, so that it has `extent` elements there. */
static uint32_t
surrounded (struct terms *terms, uint32_t term, struct shape *shape, int axis, size_t first, size_t extent)
{
  uint32_t arguments[4], count = 0;
  struct shape zeros = *shape;
  size_t after = extent - first - shape->extent[axis];
  zeros.extent[axis] = first;
  if (first)
    arguments[count++] = term_filled (terms, OP_zeros, &zeros);
  arguments[count++] = term;
  zeros.extent[axis] = after;
  if (after)
    arguments[count++] = term_filled (terms, OP_zeros, &zeros);
  shape->extent[axis] = extent;
  if (count == 1)
    return term;
  if (axis)
    arguments[count++] = term_axis (terms, axis, false);
  return term_call (terms, OP_concat, arguments, count, shape);
}

static uint32_t
unit_vector (struct terms *terms, size_t at, size_t extent)
{
  return term_of_two (terms, OP_one_hot, term_number (terms, (double)at), term_number (terms, (double)extent),
                      &(struct shape){ 1, { extent } });
}

/* An array of zeros but for a cut, in which the elements of `term` stand. */
static uint32_t
embedded (struct terms *terms, uint32_t term, const struct shape *shape, const struct cut *cut)
{
  struct shape part = cut_shape (cut);
  double number;
  if (cut_is_whole (cut, shape) || (term_is_number (terms, term, &number) && number == 0))
    return term;
  if (term_can_list (shape) && (is_single (cut) || (term_is_call (terms, term, TERM_ARRAY) && part.rank == 1)))
    return mixed_list (terms, term_number (terms, 0), term, shape, cut);
  if (shape->rank == 1 && cut->axis[0].single)
    return term_multiply (terms, term, unit_vector (terms, cut->axis[0].first, shape->extent[0]));
  term = term_spread (terms, term, &part);
  if (shape->rank == 2 && part.rank == 1)
    {
      int axis = cut->axis[0].single ? 0 : 1;
      struct shape line = { 1, { shape->extent[1 - axis] } };
      part = (struct shape){ 1, { cut->axis[1 - axis].count } };
      uint32_t factors[2];
      factors[axis] = unit_vector (terms, cut->axis[axis].first, shape->extent[axis]);
      factors[1 - axis] = surrounded (terms, term, &part, 0, cut->axis[1 - axis].first, line.extent[0]);
      return term_call (terms, OP_outer, factors, 2, shape);
    }
  struct shape now = { .rank = cut->rank };
  for (int i = 0; i < cut->rank; i++)
    now.extent[i] = cut->axis[i].count;
  term = term_reshaped (terms, term, &now);
  for (int i = cut->rank - 1; i >= 0; i--)
    term = surrounded (terms, term, &now, i, cut->axis[i].first, shape->extent[i]);
  return term;
}

/* The rows of the unit matrix at an operand's positions, as vector @ rows puts each element where it was taken. */
static uint32_t
rows_at (struct terms *terms, uint32_t positions, size_t count, size_t extent)
{
  return term_of_two (terms, OP_one_hot, positions, term_number (terms, (double)extent),
                      &(struct shape){ 2, { count, extent } });
}

/* The elements from which a link takes those of the result, in row-major order. */
static bool
link_positions (const struct pulled *step, double positions[TERM_LISTED])
{
  enum
  {
    MOST = 4096
  };
  const struct tape *tape = step->tape;
  const uint32_t *ends = area_of (&tape->ends, uint32_t), *operands = area_of (&tape->operands, uint32_t);
  const struct linear *found = NULL;
  size_t size = shape_size (&step->shape);
  for (uint32_t i = step->node ? ends[step->node - 1] : 0; step->node && i < ends[step->node]; i++)
    if ((operands[i] & LINK_SIZE) == LINK_LINEAR && (operands[i] & ~LINK_SIZE) == step->values[0].node)
      {
        if (found)
          return false;
        found = area_of (&tape->linears, struct linear) + bits_of (area_of (&tape->weights, double)[i]);
      }
  if (!found || found->result_size != size || size > TERM_LISTED || size == 0)
    return false;
  if (found->kind == LINEAR_GATHER)
    memcpy (positions, found->positions->elements, size * sizeof *positions);
  else if (found->kind != LINEAR_SCALE || found->scale != 1 || value_size (&step->values[0]) > MOST)
    return false;
  else
    for (struct layout_walk walk = layout_walk (&found->layout); walk.left; layout_step (&walk))
      for (size_t i = 0; i < walk.length; i++)
        *positions++ = (double)(walk.at + (ptrdiff_t)i * walk.stride);
  return true;
}

/* Each element of the adjoint where it was taken from, written out: what is infinite or NaN stays where it belongs,
   which a product with rows of zeros does not do. */
static uint32_t
scattered (const struct pulled *step, const double positions[TERM_LISTED])
{
  struct terms *terms = step->terms;
  struct shape shape = value_shape (&step->values[0]);
  uint32_t elements[TERM_LISTED];
  for (size_t i = 0; i < shape_size (&shape); i++)
    elements[i] = term_number (terms, 0);
  for (size_t i = 0; i < shape_size (&step->shape); i++)
    {
      uint32_t *element = &elements[(size_t)positions[i]];
      *element = term_add (terms, *element, term_cut_element (terms, step->adjoint, &step->shape, i));
    }
  return term_listed (terms, elements, &shape);
}

uint32_t
pull_taken (const struct pulled *step)
{
  struct terms *terms = step->terms;
  struct shape shape = value_shape (&step->values[0]);
  double positions[TERM_LISTED];
  uint32_t elements[TERM_LISTED];
  size_t size = shape_size (&step->shape);
  if (!link_positions (step, positions))
    return NO_TERM;
  if (term_can_list (&shape) && term_at (terms, step->adjoint)->traits & TERM_UNBOUNDED)
    return scattered (step, positions);
  for (size_t i = 0; i < size; i++)
    elements[i] = term_number (terms, positions[i]);
  struct shape vector = { 1, { size } }, all = { 1, { shape_size (&shape) } };
  uint32_t list = term_call (terms, TERM_ARRAY, elements, (uint32_t)size, &vector);
  uint32_t u = term_reshaped (terms, term_spread (terms, step->adjoint, &step->shape), &vector);
  return term_reshaped (terms, term_product (terms, u, rows_at (terms, list, size, all.extent[0])), &shape);
}

/* x[list], x[mask] and x[a:b:c] along the first axis, of a vector or of the rows of a matrix. NO_TERM where it is
   something else. */
static uint32_t
rows_back (const struct pulled *step)
{
  struct terms *terms = step->terms;
  struct shape shape = value_shape (&step->values[0]);
  const struct value *index = &step->values[1];
  uint32_t list = step->operands[1];
  if (shape.rank > 2 || step->count != 2 || index->kind != KIND_ARRAY || index->array->shape.rank != 1
      || list == NO_TERM)
    return NO_TERM;
  size_t count = step->shape.extent[0];
  if (index->array->type == TYPE_BOOLEAN)
    {
      uint32_t extent = term_number (terms, (double)shape.extent[0]);
      uint32_t places = term_of (terms, OP_arange, extent, &(struct shape){ 1, { shape.extent[0] } });
      list = term_of_two (terms, TERM_INDEX, places, list, &(struct shape){ 1, { count } });
    }
  else
    for (size_t i = 0; i < index->array->size; i++)
      if (index->array->elements[i] < 0)
        return NO_TERM;
  uint32_t rows = rows_at (terms, list, count, shape.extent[0]);
  uint32_t u = term_spread (terms, step->adjoint, &step->shape);
  return shape.rank == 1 ? term_product (terms, u, rows) : term_product (terms, term_transposed (terms, rows), u);
}

uint32_t
pull_index (const struct pulled *step)
{
  struct shape shape = value_shape (&step->values[0]);
  struct cut cut;
  if (pull_cut (step, 1, &cut))
    return embedded (step->terms, step->adjoint, &shape, &cut);
  /* Of an adjoint that may be infinite element by element. */
  bool unbounded = term_at (step->terms, step->adjoint)->traits & TERM_UNBOUNDED;
  uint32_t back = unbounded ? pull_taken (step) : NO_TERM;
  if (back == NO_TERM)
    back = rows_back (step);
  return back == NO_TERM ? pull_taken (step) : back;
}

/* Along the first axis the same as an index. */
uint32_t
pull_take (const struct pulled *step)
{
  struct pulled index = *step;
  bool first = step->count < 3 || step->values[2].kind == KIND_NOTHING
               || (value_is_number (&step->values[2]) && step->values[2].number == 0);
  index.count = 2;
  return first ? pull_index (&index) : pull_taken (step);
}

/* x[i] = new: the old array keeps the adjoint but there, the new elements get it there. */
uint32_t
pull_replace (const struct pulled *step, uint32_t k)
{
  struct terms *terms = step->terms;
  struct shape shape = step->shape, operand = value_shape (&step->values[k]);
  struct cut cut;
  if (k > 1 || !pull_cut (step, 2, &cut))
    return NO_TERM;
  struct shape part = cut_shape (&cut);
  if (k == 1)
    return term_summed (terms, term_cut (terms, step->adjoint, &shape, &cut), &part, &operand);
  if (cut_is_whole (&cut, &shape))
    return term_number (terms, 0);
  if (term_can_list (&shape))
    return mixed_list (terms, step->adjoint, term_number (terms, 0), &shape, &cut);
  uint32_t there = embedded (terms, term_number (terms, 1), &shape, &cut);
  return term_carry (terms, step->adjoint, term_subtract (terms, term_number (terms, 1), there));
}

uint32_t
pull_replace_value (const struct pulled *step)
{
  struct terms *terms = step->terms;
  struct shape shape = step->shape;
  struct cut cut;
  if (!term_can_list (&shape) || !pull_cut (step, 2, &cut))
    return NO_TERM;
  struct shape part = cut_shape (&cut), new = value_shape (&step->values[1]);
  /* Of more than one element spread over others broadcasting tells which; of other shapes it does not. */
  if (new.rank > part.rank)
    return NO_TERM;
  return mixed_list (terms, step->operands[0], step->operands[1], &shape, &cut);
}

/* What an index is as it was written. */
static uint32_t
index_term (const struct pulled *step, uint32_t k)
{
  struct terms *terms = step->terms;
  const struct value *index = &step->values[k];
  uint32_t items[3], nothing = term_call (terms, TERM_NOTHING, NULL, 0, &number_shape);
  if (index->kind == KIND_NONE)
    return term_call (terms, TERM_NEW_AXIS, NULL, 0, &number_shape);
  if (value_is_number (index))
    return term_number (terms, index->number);
  if (index->kind != KIND_SLICE)
    return step->operands[k];
  for (int i = 0; i < 3; i++)
    items[i] = value_is_number (&index->tuple->items[i]) ? term_number (terms, index->tuple->items[i].number) : nothing;
  return term_call (terms, TERM_STEP, items, items[2] == nothing ? 2 : 3, &number_shape);
}

uint32_t
pull_index_value (const struct pulled *step)
{
  struct terms *terms = step->terms;
  struct shape shape = value_shape (&step->values[0]);
  uint32_t arguments[PULLED_MOST] = { step->operands[0] };
  struct cut cut;
  if (pull_cut (step, 1, &cut))
    return term_spread (terms, term_cut (terms, step->operands[0], &shape, &cut), &step->shape);
  for (uint32_t k = 1; k < step->count; k++)
    {
      arguments[k] = index_term (step, k);
      /* Booleans that are written out would be read as positions. */
      if (arguments[k] == NO_TERM
          || (step->values[k].kind == KIND_ARRAY && step->values[k].array->type == TYPE_BOOLEAN
              && term_is_call (terms, arguments[k], TERM_ARRAY)))
        return NO_TERM;
    }
  return term_call (terms, TERM_INDEX, arguments, step->count, &step->shape);
}

/* An element of an array that was written out. */
uint32_t
pull_literal (const struct pulled *step, uint32_t k)
{
  struct cut cut = cut_whole (&step->shape);
  cut.axis[0] = (struct cut_axis){ k, 1, true };
  return term_cut (step->terms, step->adjoint, &step->shape, &cut);
}
