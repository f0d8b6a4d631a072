/* few.c -- functions of whole arrays that have few elements, with their slopes, computed where no array is. */
#include "ops/few.h"

#include <math.h>

#include "linear/factor.h"
#include "ops/groups.h"

static bool
reduce (group_function *function, double parameter, const double *x, size_t count, double *results)
{
  double scratch[ARRAY_SMALL];
  size_t kinks = 0;
  const struct group group = { .elements = x,
                               .length = count,
                               .parameter = parameter,
                               .slopes = results + 1,
                               .scratch = scratch,
                               .kinks = &kinks };
  *results = function (&group);
  return kinks == 0;
}

/* The number of rows of a square matrix that has so many elements, or that and one more column. */
static size_t
rows_of (size_t count)
{
  size_t rows = 1;
  while ((rows + 1) * (rows + 1) <= count)
    rows++;
  return rows;
}

static bool
determinant (enum op op, const struct lu *lu, double *results)
{
  const size_t n = lu->n;
  double sign = 1, inverse[ARRAY_SMALL];
  if (op == OP_det)
    {
      *results = lu_determinant (lu);
      lu_cofactors (lu, results + 1);
    }
  else
    {
      *results = lu_log_determinant (lu, &sign);
      if (lu_is_singular (lu) || sign < 0)
        return false;
      lu_invert (lu, inverse);
    }
  for (size_t i = 0; i < n * n; i++)
    results[1 + i] = (op == OP_det ? results[1 + i] : inverse[i % n * n + i / n]) + 0.0;
  return true;
}

static bool
factor (enum op op, struct memory *memory, const double *x, size_t count, double *results)
{
  const size_t n = rows_of (count);
  struct lu lu;
  lu_open (&lu, memory, n, x);
  bool computed = !lu_is_singular (&lu);
  if (op == OP_det || op == OP_logdet)
    computed = determinant (op, &lu, results);
  else if (computed && op == OP_solve)
    {
      lu_solve (&lu, 1, x + n * n, results);
      lu_invert (&lu, results + n);
    }
  else if (computed)
    lu_invert (&lu, results);
  lu_close (&lu);
  return computed;
}

bool
few_compute (enum op op, struct memory *memory, const double *x, size_t count, double *results)
{
  switch (op)
    {
    case OP_norm:
      return reduce (norm_of, 2, x, count, results);
    case OP_var:
      return reduce (variance_of, 0, x, count, results);
    case OP_std:
      return reduce (deviation_of, 0, x, count, results);
    case OP_prod:
      return reduce (product_of, 1, x, count, results);
    case OP_logsumexp:
      return reduce (logsumexp_of, 0, x, count, results);
    case OP_softmax:
      soften (x, count, 1, results, NULL);
      return true;
    case OP_log_softmax:
      soften (x, count, 1, results + count, results);
      return true;
    default:
      return factor (op, memory, x, count, results);
    }
}
