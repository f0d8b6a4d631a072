/* factor.c -- factorisations of square matrices, row-major. */
#include "linear/factor.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/heap.h"
#include "linear/library.h"

static const char purpose[] = "a matrix";

static void
swap_numbers (double *a, double *b)
{
  double held = *a;
  *a = *b;
  *b = held;
}

static void
swap_places (size_t *order, size_t a, size_t b)
{
  size_t held = order[a];
  order[a] = order[b];
  order[b] = held;
}

/* Brings the largest element from row and column k on to place (k, k). */
static void
choose_pivot (struct lu *lu, size_t k)
{
  size_t n = lu->n, row = k, column = k;
  double largest = -1;
  for (size_t i = k; i < n; i++)
    for (size_t j = k; j < n; j++)
      if (fabs (lu->lu[i * n + j]) > largest)
        {
          largest = fabs (lu->lu[i * n + j]);
          row = i;
          column = j;
        }
  if (row != k)
    {
      for (size_t j = 0; j < n; j++)
        swap_numbers (&lu->lu[row * n + j], &lu->lu[k * n + j]);
      swap_places (lu->rows, row, k);
      lu->sign = -lu->sign;
    }
  if (column != k)
    {
      for (size_t i = 0; i < n; i++)
        swap_numbers (&lu->lu[i * n + column], &lu->lu[i * n + k]);
      swap_places (lu->columns, column, k);
      lu->sign = -lu->sign;
    }
}

void
lu_open (struct lu *lu, struct memory *memory, size_t n, const double *a)
{
  *lu = (struct lu){ .memory = memory, .n = n, .sign = 1 };
  lu->lu = heap_take (memory, n * n, sizeof *lu->lu, purpose);
  lu->rows = heap_take (memory, n, sizeof *lu->rows, purpose);
  lu->columns = heap_take (memory, n, sizeof *lu->columns, purpose);
  memcpy (lu->lu, a, n * n * sizeof *a);
  for (size_t i = 0; i < n; i++)
    lu->rows[i] = lu->columns[i] = i;
  for (size_t k = 0; k < n; k++)
    {
      choose_pivot (lu, k);
      const double *from = lu->lu + k * n;
      double pivot = from[k];
      /* The rest of the matrix is zero. */
      if (pivot == 0)
        break;
      for (size_t i = k + 1; i < n; i++)
        {
          double *row = lu->lu + i * n, factor = row[k] / pivot;
          row[k] = factor;
          for (size_t j = k + 1; j < n; j++)
            row[j] -= factor * from[j];
        }
    }
}

void
lu_open_quick (struct lu *lu, struct memory *memory, size_t n, const double *a)
{
  enum
  {
    WORTH_A_LIBRARY = 128
  };
  lapack_dgetrf *dgetrf = n >= WORTH_A_LIBRARY && n <= INT_MAX ? library_dgetrf () : NULL;
  if (!dgetrf || !library_dgetrs ())
    {
      lu_open (lu, memory, n, a);
      return;
    }
  *lu = (struct lu){ .memory = memory, .n = n, .sign = 1 };
  lu->lu = heap_take (memory, n * n, sizeof *lu->lu, purpose);
  lu->exchanges = heap_take (memory, n, sizeof *lu->exchanges, purpose);
  /* By columns, as LAPACK reads it, this is A'. */
  memcpy (lu->lu, a, n * n * sizeof *a);
  int size = (int)n, info;
  dgetrf (&size, &size, lu->lu, &size, lu->exchanges, &info);
  for (size_t i = 0; i < n; i++)
    if (lu->exchanges[i] != (int)i + 1)
      lu->sign = -lu->sign;
}

/* X = inv(A) B with LAPACK's factors: one column of B after the other. */
static void
solve_quick (const struct lu *lu, size_t m, const double *b, double *x)
{
  size_t n = lu->n;
  if (m > INT_MAX)
    memory_exhausted (lu->memory, n * m * sizeof *b, purpose);
  double *columns = heap_take (lu->memory, n * m, sizeof *columns, purpose);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < m; j++)
      columns[j * n + i] = b[i * m + j];
  int size = (int)n, count = (int)m, info;
  library_dgetrs () ("T", &size, &count, lu->lu, &size, lu->exchanges, columns, &size, &info);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < m; j++)
      x[i * m + j] = columns[j * n + i];
  heap_give (columns);
}

void
lu_close (struct lu *lu)
{
  heap_give (lu->exchanges);
  heap_give (lu->lu);
  heap_give (lu->rows);
  heap_give (lu->columns);
  *lu = (struct lu){ 0 };
}

bool
lu_is_singular (const struct lu *lu)
{
  for (size_t i = 0; i < lu->n; i++)
    if (lu->lu[i * lu->n + i] == 0)
      return true;
  return false;
}

double
lu_determinant (const struct lu *lu)
{
  double product = lu->sign;
  for (size_t i = 0; i < lu->n; i++)
    product *= lu->lu[i * lu->n + i];
  return product;
}

double
lu_log_determinant (const struct lu *lu, double *sign)
{
  double sum = 0;
  *sign = lu->sign;
  for (size_t i = 0; i < lu->n; i++)
    {
      double pivot = lu->lu[i * lu->n + i];
      *sign *= pivot > 0 ? 1 : pivot < 0 ? -1 : pivot;
      sum += log (fabs (pivot));
    }
  return sum;
}

void
lu_solve (const struct lu *lu, size_t m, const double *b, double *x)
{
  if (lu->exchanges)
    {
      solve_quick (lu, m, b, x);
      return;
    }
  size_t n = lu->n;
  double *work = heap_take (lu->memory, n * m, sizeof *work, purpose);
  for (size_t i = 0; i < n; i++)
    memcpy (work + i * m, b + lu->rows[i] * m, m * sizeof *b);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < i; k++)
      for (size_t j = 0; j < m; j++)
        work[i * m + j] -= lu->lu[i * n + k] * work[k * m + j];
  for (size_t i = n; i-- > 0;)
    {
      for (size_t k = i + 1; k < n; k++)
        for (size_t j = 0; j < m; j++)
          work[i * m + j] -= lu->lu[i * n + k] * work[k * m + j];
      for (size_t j = 0; j < m; j++)
        work[i * m + j] /= lu->lu[i * n + i];
    }
  for (size_t i = 0; i < n; i++)
    memcpy (x + lu->columns[i] * m, work + i * m, m * sizeof *x);
  heap_give (work);
}

void
lu_invert (const struct lu *lu, double *inverse)
{
  const size_t n = lu->n;
  double *unit = heap_take_zeroed (lu->memory, n * n, sizeof *unit, purpose);
  for (size_t i = 0; i < n; i++)
    unit[i * n + i] = 1;
  lu_solve (lu, n, unit, inverse);
  heap_give (unit);
}

/* The adjugate of U without division by its last pivot e: with U = [V u; 0 e] and d = det V it is
   [e d inv(V), -d inv(V) u; 0, d]. Of rank n - 2 and less it is zero. */
static void
adjugate_upper (size_t n, const double *upper, double *adjugate)
{
  size_t last = n - 1;
  memset (adjugate, 0, n * n * sizeof *adjugate);
  double d = 1, e = upper[last * n + last];
  for (size_t i = 0; i < last; i++)
    d *= upper[i * n + i];
  adjugate[last * n + last] = d;
  if (d == 0)
    return;
  /* Columns of inv(V), scaled, and inv(V) u, by back substitution. */
  for (size_t j = 0; j < n; j++)
    for (size_t i = j < last ? j + 1 : last; i-- > 0;)
      {
        double sum = j == last ? upper[i * n + last] : i == j;
        size_t end = j == last ? last : j + 1;
        for (size_t k = i + 1; k < end; k++)
          sum -= upper[i * n + k] * adjugate[k * n + j];
        adjugate[i * n + j] = sum / upper[i * n + i];
      }
  /* e d may be out of range where e d inv(V) is not. */
  bool joint = isnormal (e * d);
  for (size_t i = 0; i < last; i++)
    for (size_t j = i; j < n; j++)
      {
        double *element = &adjugate[i * n + j];
        *element = j == last ? *element * -d : joint ? *element * (e * d) : *element * d * e;
      }
}

/* The adjugate of the U of a factorisation. Where its determinant is out of range the products on the way are, too,
   though cofactors need not be: U is scaled to ordinary size by a power of 2, and its adjugate scaled back. */
static void
adjugate_scaled (const struct lu *lu, double *adjugate)
{
  size_t n = lu->n;
  double product = 1;
  int exponent = 0;
  for (size_t i = 0; i < n; i++)
    product *= lu->lu[i * n + i];
  frexp (lu->lu[0], &exponent);
  if (isnormal (product) || !isfinite (lu->lu[0]))
    {
      adjugate_upper (n, lu->lu, adjugate);
      return;
    }
  double *upper = heap_take (lu->memory, n * n, sizeof *upper, purpose);
  for (size_t i = 0; i < n * n; i++)
    upper[i] = scalbn (lu->lu[i], -exponent);
  adjugate_upper (n, upper, adjugate);
  heap_give (upper);
  for (size_t i = 0; i < n * n; i++)
    adjugate[i] = scalbn (adjugate[i], exponent * (int)(n - 1));
}

void
lu_cofactors (const struct lu *lu, double *cofactors)
{
  size_t n = lu->n;
  if (n == 0)
    return;
  double *adjugate = heap_take (lu->memory, n * n, sizeof *adjugate, purpose);
  adjugate_scaled (lu, adjugate);
  /* adj(A) = sign Q adj(U) inv(L) P; inv(L) by forward substitution in the rows of adj(U). */
  for (size_t i = 0; i < n; i++)
    for (size_t k = n; k-- > 0;)
      for (size_t j = 0; j < k; j++)
        adjugate[i * n + j] -= adjugate[i * n + k] * lu->lu[k * n + j];
  /* The matrix of cofactors is its transpose. */
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      cofactors[lu->rows[j] * n + lu->columns[i]] = lu->sign * adjugate[i * n + j];
  heap_give (adjugate);
}

bool
cholesky (size_t n, const double *a, double *l)
{
  memset (l, 0, n * n * sizeof *l);
  for (size_t j = 0; j < n; j++)
    for (size_t i = j; i < n; i++)
      {
        double sum = a[i * n + j];
        for (size_t k = 0; k < j; k++)
          sum -= l[i * n + k] * l[j * n + k];
        if (i == j && !(sum > 0))
          return false;
        l[i * n + j] = i == j ? sqrt (sum) : sum / l[j * n + j];
      }
  return true;
}

void
invert_lower (size_t n, const double *l, double *inverse)
{
  memset (inverse, 0, n * n * sizeof *inverse);
  for (size_t j = 0; j < n; j++)
    for (size_t i = j; i < n; i++)
      {
        double sum = i == j;
        for (size_t k = j; k < i; k++)
          sum -= l[i * n + k] * inverse[k * n + j];
        inverse[i * n + j] = sum / l[i * n + i];
      }
}
