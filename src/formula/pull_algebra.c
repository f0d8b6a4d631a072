/* pull_algebra.c -- products, inverses and factors of matrices, as terms. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "formula/pull.h"
#include "linear/factor.h"

enum
{
  LETTERS = 128,
  MINORS = 20 /* rows of a matrix whose minors can be written out */
};

uint32_t
pull_product (const struct pulled *step, uint32_t k)
{
  struct terms *terms = step->terms;
  struct shape left = value_shape (&step->values[0]), right = value_shape (&step->values[1]);
  uint32_t a = step->operands[0], b = step->operands[1];
  uint32_t u = step->adjoint;
  if (left.rank > 2 || right.rank > 2 || !left.rank || !right.rank)
    return NO_TERM;
  if (left.rank == 1 && right.rank == 1)
    return term_multiply (terms, u, k ? a : b);
  if (k == 0)
    return left.rank == 1    ? term_product (terms, b, u)
           : right.rank == 1 ? term_outer (terms, u, b)
                             : term_product (terms, u, term_transposed (terms, b));
  return right.rank == 1  ? term_product (terms, term_transposed (terms, a), u)
         : left.rank == 1 ? term_outer (terms, a, u)
                          : term_product (terms, term_transposed (terms, a), u);
}

uint32_t
pull_outer (const struct pulled *step, uint32_t k)
{
  struct terms *terms = step->terms;
  if (value_shape (&step->values[0]).rank != 1 || value_shape (&step->values[1]).rank != 1)
    return NO_TERM;
  return k ? term_product (terms, step->operands[0], step->adjoint)
           : term_product (terms, step->adjoint, step->operands[1]);
}

static uint32_t
solved (struct terms *terms, uint32_t a, uint32_t b)
{
  struct shape shape = term_at (terms, b)->shape;
  return term_of_two (terms, OP_solve, a, b, &shape);
}

uint32_t
pull_solve (const struct pulled *step, uint32_t k)
{
  struct terms *terms = step->terms;
  struct shape a = value_shape (&step->values[0]), b = value_shape (&step->values[1]);
  if (a.rank != 2 || b.rank > 2)
    return NO_TERM;
  uint32_t g = solved (terms, term_transposed (terms, step->operands[0]), step->adjoint);
  if (k)
    return g;
  uint32_t part
    = b.rank == 1 ? term_outer (terms, g, step->value) : term_product (terms, g, term_transposed (terms, step->value));
  return term_scale (terms, part, -1);
}

/* With L the factor: the symmetric part of L'^-1 P L^-1, where P is the lower half of L' U. */
uint32_t
pull_cholesky (const struct pulled *step)
{
  struct terms *terms = step->terms;
  struct shape shape = step->shape, line = { 1, { step->shape.extent[0] } };
  if (shape.rank != 2)
    return NO_TERM;
  uint32_t turned = term_transposed (terms, step->value);
  uint32_t inner = term_product (terms, turned, step->adjoint);
  uint32_t diagonal = term_of (terms, OP_diag, term_of (terms, OP_diag, inner, &line), &shape);
  uint32_t half = term_add (terms, term_of (terms, OP_tril, inner, &shape), term_scale (terms, diagonal, -0.5));
  uint32_t whole
    = solved (terms, turned, term_transposed (terms, solved (terms, turned, term_transposed (terms, half))));
  return term_scale (terms, term_add (terms, whole, term_transposed (terms, whole)), 0.5);
}

uint32_t
pull_matrix_power (const struct pulled *step)
{
  enum
  {
    MOST = 6
  };
  struct terms *terms = step->terms;
  struct shape shape = step->shape;
  if (!value_is_number (&step->values[1]) || step->values[1].number < 1 || step->values[1].number > MOST
      || shape.rank != 2)
    return NO_TERM;
  int n = (int)step->values[1].number;
  uint32_t x = term_transposed (terms, step->operands[0]), sum = NO_TERM;
  for (int i = 0; i < n; i++)
    {
      uint32_t part = step->adjoint;
      for (int k = 0; k < 2; k++)
        {
          int exponent = k ? n - 1 - i : i;
          uint32_t number = term_number (terms, exponent);
          uint32_t power = exponent == 1 ? x : term_of_two (terms, OP_matrix_power, x, number, &shape);
          if (exponent)
            part = k ? term_product (terms, part, power) : term_product (terms, power, part);
        }
      sum = sum == NO_TERM ? part : term_add (terms, sum, part);
    }
  return sum;
}

uint32_t
pull_inverse (const struct pulled *step)
{
  struct terms *terms = step->terms;
  uint32_t turned = term_transposed (terms, step->value);
  return term_scale (terms, term_product (terms, term_product (terms, turned, step->adjoint), turned), -1);
}

/* The cofactor of element (i, j) of a matrix of 2 or 3 rows: rows and columns in turn, so that no sign is needed for 3.
 */
static uint32_t
cofactor (struct terms *terms, uint32_t x, const struct shape *shape, size_t i, size_t j)
{
  size_t n = shape->extent[0];
  uint32_t at[2][2];
  for (size_t p = 0; p < 2; p++)
    for (size_t q = 0; q < 2; q++)
      at[p][q] = term_cut_element (terms, x, shape, (i + 1 + p) % n * n + (j + 1 + q) % n);
  if (n == 2)
    return term_scale (terms, at[0][0], (i + j) % 2 ? -1 : 1);
  return term_subtract (terms, term_multiply (terms, at[0][0], at[1][1]), term_multiply (terms, at[0][1], at[1][0]));
}

/* A matrix without row (or, transposed, column) `without`. */
static uint32_t
rows_without (struct terms *terms, uint32_t x, size_t without)
{
  struct shape shape = term_at (terms, x)->shape;
  uint32_t numbers[MINORS], count = 0;
  for (size_t i = 0; i < shape.extent[0]; i++)
    if (i != without)
      numbers[count++] = term_number (terms, (double)i);
  uint32_t list = term_call (terms, TERM_ARRAY, numbers, count, &(struct shape){ 1, { count } });
  shape.extent[0] = count;
  return term_of_two (terms, TERM_INDEX, x, list, &shape);
}

/* The same of a larger matrix: the determinant of what is left without row i and column j. */
static uint32_t
minor (struct terms *terms, uint32_t x, size_t i, size_t j)
{
  uint32_t left = rows_without (terms, term_transposed (terms, rows_without (terms, x, i)), j);
  return term_scale (terms, term_of (terms, OP_det, left, &number_shape), (i + j) % 2 ? -1 : 1);
}

/* Whether a matrix of more than 3 rows has no inverse worth the name, and not too many minors. */
static bool
lacks_inverse (struct memory *memory, const struct value *value)
{
  size_t n = value_shape (value).extent[0];
  struct lu lu;
  if (n > MINORS)
    return false;
  lu_open (&lu, memory, n, value_elements (value));
  bool singular = fabs (lu.lu[n * n - 1]) <= 1e-9 * fabs (lu.lu[0]);
  lu_close (&lu);
  return singular;
}

static bool
is_singular (struct memory *memory, const struct value *value)
{
  size_t n = value_shape (value).extent[0];
  const double *x = value_elements (value);
  double sum = 0, size = 0;
  if (n < 2 || n > 3)
    return n > 3 && lacks_inverse (memory, value);
  for (size_t i = 0; i < n; i++)
    {
      double down = n == 2 ? x[i] * x[3 - i] : x[i] * x[3 + (i + 1) % 3] * x[6 + (i + 2) % 3];
      double up = n == 2 ? 0 : x[i] * x[3 + (i + 2) % 3] * x[6 + (i + 1) % 3];
      sum += n == 2 && i ? -down : down;
      sum -= up;
      size += fabs (down) + fabs (up);
    }
  /* A determinant among the smallest numbers has no digits either. */
  return fabs (sum) <= 1e-9 * size || size < 1e-290;
}

static uint32_t
cofactors (struct terms *terms, uint32_t x, const struct shape *shape)
{
  size_t n = shape->extent[0];
  struct shape row = { 1, { n } };
  uint32_t rows[MINORS], elements[MINORS];
  x = term_spread (terms, x, shape);
  for (size_t i = 0; i < n; i++)
    {
      for (size_t j = 0; j < n; j++)
        elements[j] = n > 3 ? minor (terms, x, i, j) : cofactor (terms, x, shape, i, j);
      rows[i] = term_call (terms, TERM_ARRAY, elements, (uint32_t)n, &row);
    }
  return term_call (terms, TERM_ARRAY, rows, (uint32_t)n, shape);
}

uint32_t
pull_determinant (const struct pulled *step)
{
  struct terms *terms = step->terms;
  struct shape shape = value_shape (&step->values[0]);
  /* For other inputs it may be singular. */
  bool always = terms->guards && shape.extent[0] <= 3 && shape.extent[0] > 1;
  if (step->op == OP_det && (always || is_singular (terms->list.memory, &step->values[0])))
    return term_multiply (terms, step->adjoint, cofactors (terms, step->operands[0], &shape));
  uint32_t inverse = term_of (terms, OP_inv, step->operands[0], &shape);
  uint32_t slope = term_multiply (terms, step->adjoint, term_transposed (terms, inverse));
  return step->op == OP_det ? term_multiply (terms, step->value, slope) : slope;
}

static uint32_t
text_term (struct terms *terms, const char *text)
{
  uint32_t letters[LETTERS], count = 0;
  for (; text[count] && count < LETTERS; count++)
    letters[count] = term_number (terms, text[count]);
  return term_call (terms, TERM_STRING, letters, count, &number_shape);
}

/* Reads "ij,jk->ik" of two operands, in which each letter of a part stands there once and in another part too. */
static bool
read_einsum (const struct pulled *step, char parts[3][LETTERS])
{
  if (step->count != 3 || step->values[0].kind != KIND_STRING)
    return false;
  const char *text = step->values[0].string, *comma = strchr (text, ','), *arrow = strstr (text, "->");
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ,->";
  if (!comma || !arrow || comma > arrow || strlen (text) >= LETTERS / 2 || strspn (text, letters) != strlen (text))
    return false;
  snprintf (parts[0], LETTERS, "%.*s", (int)(comma - text), text);
  snprintf (parts[1], LETTERS, "%.*s", (int)(arrow - comma - 1), comma + 1);
  snprintf (parts[2], LETTERS, "%s", arrow + 2);
  for (int i = 0; i < 3; i++)
    for (const char *letter = parts[i]; *letter; letter++)
      if (strchr (letter + 1, *letter) || strpbrk (parts[i], ",->")
          || (!strchr (parts[(i + 1) % 3], *letter) && !strchr (parts[(i + 2) % 3], *letter)))
        return false;
  return true;
}

uint32_t
pull_einsum (const struct pulled *step, uint32_t k)
{
  struct terms *terms = step->terms;
  char parts[3][LETTERS], text[3 * LETTERS + 1]; /* `a,b->c`: the signs in place of the NULs */
  struct shape shape = value_shape (&step->values[k]);
  if (k < 1 || k > 2 || !read_einsum (step, parts))
    return NO_TERM;
  snprintf (text, sizeof text, "%s,%s->%s", parts[2], parts[2 - k], parts[k - 1]);
  uint32_t arguments[3] = { text_term (terms, text), step->adjoint, step->operands[3 - k] };
  return term_call (terms, OP_einsum, arguments, 3, &shape);
}

uint32_t
pull_einsum_value (const struct pulled *step)
{
  uint32_t arguments[PULLED_MOST];
  if (step->values[0].kind != KIND_STRING || strlen (step->values[0].string) >= LETTERS
      || strpbrk (step->values[0].string, "\"\\\n\t"))
    return NO_TERM;
  arguments[0] = text_term (step->terms, step->values[0].string);
  for (uint32_t k = 1; k < step->count; k++)
    if (step->operands[k] == NO_TERM)
      return NO_TERM;
    else
      arguments[k] = step->operands[k];
  return term_call (step->terms, OP_einsum, arguments, step->count, &step->shape);
}

uint32_t
pull_trace (const struct pulled *step)
{
  struct shape shape = value_shape (&step->values[0]);
  uint32_t extent = term_number (step->terms, (double)shape.extent[0]);
  return shape.extent[0] == shape.extent[1]
           ? term_multiply (step->terms, step->adjoint, term_of (step->terms, OP_eye, extent, &shape))
           : NO_TERM;
}
