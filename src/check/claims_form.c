/* claims_form.c -- what a claim is about: a derivative as it is, a part of it, its axes the other way round, or the
   form that it has for a symmetric matrix. */
#include "base/heap.h"
#include "check/claims.h"

const struct value *
claim_target_in (const struct claim *claim, const struct run *run)
{
  static const struct value nothing = { 0 };
  if (claim->target_slot == UINT32_MAX)
    return &nothing;
  return area_of (&run->globals, struct value) + (claim->target_slot & REGISTER_MASK);
}

const struct value *
claim_source_in (const struct claim *claim, const struct run *run)
{
  return &area_of (&run->wanted, struct noted)[claim->wanted].value;
}

const struct value *
claim_given_in (const struct claim *claim, const struct run *run)
{
  return area_of (&run->globals, struct value) + (claim->slot & REGISTER_MASK);
}

/* (S + S')/2 or S + S' with the diagonal counted once, in place; how far off elements are (`bounds`) adds up alike. */
static void
impose_form (struct array *matrix, enum claim_form form)
{
  size_t n = matrix->shape.extent[0];
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++)
      {
        double *below = &matrix->elements[i * n + j], *above = &matrix->elements[j * n + i];
        *below = *above = form == FORM_SYMMETRISED ? (*below + *above) / 2 : *below + *above;
      }
}

bool
claim_part_shape (const struct claim *claim, const struct shape *source, struct shape *shape)
{
  *shape = (struct shape){ 0 };
  if (claim->part_count > source->rank)
    return false;
  for (int axis = 0; axis < source->rank; axis++)
    {
      const struct claim_part *part = &claim->parts[axis];
      ptrdiff_t length = (ptrdiff_t)source->extent[axis];
      if (axis >= claim->part_count)
        shape->extent[shape->rank++] = source->extent[axis];
      else if (part->single)
        {
          if (part->start >= length || part->start < -length)
            return false;
        }
      else if (part->stop > length)
        return false;
      else
        shape->extent[shape->rank++] = (size_t)(part->stop - part->start);
    }
  return true;
}

/* Where the elements of the part are among those of the source, one after the other. */
static size_t *
part_positions (const struct claim *claim, const struct shape *source, struct arrays *arrays, size_t *count)
{
  struct shape shape;
  claim_part_shape (claim, source, &shape);
  size_t size = *count = shape_size (&shape);
  size_t *positions = heap_take (arrays->memory, size + 1, sizeof *positions, "the claims");
  for (size_t i = 0; i < size; i++)
    {
      size_t rest = i, stride = 1, at = 0;
      for (int axis = source->rank - 1; axis >= 0; axis--)
        {
          const struct claim_part *part = &claim->parts[axis];
          bool whole = axis >= claim->part_count;
          size_t extent = source->extent[axis], length = whole ? extent : (size_t)(part->stop - part->start), place;
          if (!whole && part->single)
            place = part->start < 0 ? extent - (size_t)-part->start : (size_t)part->start;
          else
            {
              place = rest % length + (whole ? 0 : (size_t)part->start);
              rest /= length;
            }
          at += place * stride;
          stride *= extent;
        }
      positions[i] = at;
    }
  return positions;
}

size_t
claim_position (const struct claim *claim, const struct shape *source, size_t element, struct arrays *arrays)
{
  size_t count, *positions = part_positions (claim, source, arrays, &count), at = positions[element];
  heap_give (positions);
  return at;
}

/* The part of each row of a Jacobian, or of the gradient. */
static struct array *
take_part (const struct claim *claim, const struct array *whole, const struct shape *source, struct arrays *arrays)
{
  struct shape shape = whole->shape, part;
  if (!claim_part_shape (claim, source, &part))
    return NULL;
  shape.rank -= source->rank;
  shape = shape_join (&shape, &part);
  struct array *taken = array_new (arrays, TYPE_REAL, &shape);
  size_t count, *positions = part_positions (claim, source, arrays, &count), size = shape_size (source);
  for (size_t row = 0; count && row < taken->size / count; row++)
    for (size_t i = 0; i < count; i++)
      taken->elements[row * count + i] = whole->elements[row * size + positions[i]];
  heap_give (positions);
  return taken;
}

/* The axes of the target behind those of the source. */
static struct array *
turn (const struct array *array, int inner, struct arrays *arrays)
{
  struct shape shape = { 0 };
  int outer = array->shape.rank - inner;
  size_t rows = 1;
  for (int axis = 0; axis < array->shape.rank; axis++)
    {
      shape.extent[shape.rank++] = array->shape.extent[axis < inner ? outer + axis : axis - inner];
      rows *= axis < outer ? array->shape.extent[axis] : 1;
    }
  struct array *turned = array_new (arrays, TYPE_REAL, &shape);
  size_t columns = rows ? array->size / rows : 0;
  for (size_t i = 0; i < rows; i++)
    for (size_t k = 0; k < columns; k++)
      turned->elements[k * rows + i] = array->elements[i * columns + k];
  return turned;
}

struct array *
claim_formed (const struct claim *claim, struct array *whole, const struct shape *source, struct arrays *arrays)
{
  struct array *result = array_hold (whole);
  if (claim->form != FORM_FREE && !claim->part_count && shape_is_square (&whole->shape)
      && source->rank == 2)
    {
      array_drop (arrays, result);
      result = array_copied (arrays, &whole->shape, whole->elements);
      impose_form (result, claim->form);
    }
  int inner = source->rank;
  if (claim->part_count)
    {
      struct shape part;
      struct array *taken = take_part (claim, result, source, arrays);
      array_drop (arrays, result);
      if (!taken)
        return NULL;
      claim_part_shape (claim, source, &part);
      inner = part.rank;
      result = taken;
    }
  if (claim->jacobian && claim->column)
    {
      struct shape column = { .rank = 2, .extent = { result->size, result->size } };
      column.extent[!claim->turned] = 1;
      struct array *matrix = array_copied (arrays, &column, result->elements);
      array_drop (arrays, result);
      return matrix;
    }
  if (claim->jacobian && claim->turned)
    {
      struct array *turned = turn (result, inner, arrays);
      array_drop (arrays, result);
      result = turned;
    }
  return result;
}

void
claim_reform (struct claims *claims, struct claim *claim)
{
  struct arrays *arrays = claims->run->arrays;
  for (size_t k = 0; k < claim->sample_count; k++)
    {
      struct sample *sample = &claim->samples[k];
      if (!sample->whole)
        continue;
      array_drop (arrays, sample->correct);
      sample->correct = claim_formed (claim, sample->whole, &sample->source_shape, arrays);
    }
}

bool
claim_source_is_symmetric (const struct claim *claim)
{
  bool symmetric = claim->sample_count > 0;
  for (size_t k = 0; k < claim->sample_count && symmetric; k++)
    symmetric = claim->samples[k].symmetric || !claim->samples[k].usable;
  return symmetric;
}
