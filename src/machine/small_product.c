/* small_product.c -- products of small vectors and matrices. */
#include "machine/small.h"
#include "ops/routine.h"

/* result[r, j] is made of row r of the left factor and column j of the right one. */
struct small_factors
{
  size_t rows, inner, columns;
  const double *elements[2];
  const uint32_t *nodes[2];
  uint32_t room[2][ARRAY_SMALL];
};

static bool
fits (const struct value *factor)
{
  return small_fits (factor) && factor->array->shape.rank <= 2
         && elements_are_finite (factor->array->elements, factor->array->size);
}

/* Links one element; its node, or 0 when it does not vary. 0 is added to what it is linked by, for among the elements
   of a matrix a negative zero is a zero like others. */
static uint32_t
element_node (struct tape *tape, const struct small_factors *factors, size_t row, size_t column)
{
  const size_t k = factors->inner, n = factors->columns;
  tape_room (tape, 2 * ARRAY_SMALL);
  double *weights = (double *)(tape->weights.start + tape->weights.used);
  uint32_t *operands = (uint32_t *)(tape->operands.start + tape->operands.used);
  size_t count = 0;
  for (int of = 0; of < 2; of++)
    for (size_t i = 0; i < k; i++)
      {
        size_t left = row * k + i, right = i * n + column;
        uint32_t node = factors->nodes[of][of ? right : left];
        operands[count] = node;
        weights[count] = factors->elements[1 - of][of ? left : right] + 0.0;
        count += node != 0;
      }
  if (count == 0)
    return 0;
  if (count == 1 && weights[0] == 1)
    return operands[0];
  tape->operands.used += count * sizeof *operands;
  tape->weights.used += count * sizeof *weights;
  return tape_node (tape);
}

bool
small_product (struct run *run, const struct value *left, const struct value *right, struct value *result)
{
  if (!small_is_on (run) || !fits (left) || !fits (right))
    return false;
  const struct array *a = left->array, *b = right->array;
  size_t m = a->shape.rank > 1 ? a->shape.extent[0] : 1, k = a->shape.extent[a->shape.rank - 1];
  size_t n = b->shape.rank > 1 ? b->shape.extent[1] : 1;
  if (k != b->shape.extent[0] || m * n > ARRAY_SMALL)
    return false;
  struct shape shape = { 0 };
  if (a->shape.rank > 1)
    shape.extent[shape.rank++] = m;
  if (b->shape.rank > 1)
    shape.extent[shape.rank++] = n;
  *result = shape.rank ? value_of_array (array_new (run->arrays, TYPE_REAL, &shape)) : value_number (KIND_REAL, 0);
  matrix_product (m, k, n, a->elements, b->elements, value_room (result));
  if (!left->node && !right->node)
    return true;
  struct small_factors factors = { .rows = m, .inner = k, .columns = n, .elements = { a->elements, b->elements } };
  factors.nodes[0] = small_nodes (run, a, left->node, factors.room[0]);
  factors.nodes[1] = small_nodes (run, b, right->node, factors.room[1]);
  uint32_t *nodes = shape.rank ? array_nodes (result->array) : &result->node, any = 0;
  for (size_t i = m * n; i-- > 0;)
    any |= nodes[i] = element_node (run->tape, &factors, i / n, i % n);
  if (!shape.rank || !any)
    return true;
  result->node = NODE_ELEMENTS;
  if ((!left->node || small_is_closed (a, left->node)) && (!right->node || small_is_closed (b, right->node)))
    result->array->closed = (uint16_t)small_all (m * n);
  return true;
}
