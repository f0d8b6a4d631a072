/* reverse_array.c -- adjoints of arrays, which may be none, one number for all elements, or shared. */
#include "tape/reverse.h"

double *
reverse_writable (struct reverse *reverse, union adjoint *adjoint, size_t size, double nothing)
{
  struct arrays *arrays = reverse->tape->arrays;
  struct array *array = adjoint->array;
  if (array && array->shape.rank && array->references == 1)
    return array->elements;
  struct array *full = array_vector (arrays, size);
  reverse->has_arrays = true;
  double fill = array ? array->elements[0] : nothing;
  if (array && array->shape.rank)
    memcpy (full->elements, array->elements, size * sizeof (double));
  else
    for (size_t i = 0; i < size; i++)
      full->elements[i] = fill;
  array_drop (arrays, array);
  adjoint->array = full;
  return full->elements;
}
