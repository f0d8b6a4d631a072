/* matrix.c -- products of matrices. */
#include "linear/matrix.h"

#include <limits.h>

#include "linear/library.h"
#include "linear/tile.h"

/* Opening the library costs some milliseconds, which is what so many multiplications take here; and each call of it as
   much as so many in small matrices. */
static const double WORTH_A_LIBRARY = 4e6, WORTH_A_CALL = 4096, WORTH_TURNING = 512;

/* b comes transposed: sums of products of rows. */
static void
multiply_dots (size_t m, size_t k, size_t n, const double *a, bool transpose_a, const double *b, double *c)
{
  for (size_t row = 0; row < m; row++)
    for (size_t j = 0; j < n; j++)
      {
        double sum = 0;
        for (size_t i = 0; i < k; i++)
          sum += (transpose_a ? a[i * m + row] : a[row * k + i]) * b[j * k + i];
        c[row * n + j] += sum;
      }
}

/* The same in the same order: pieces of b are turned, and sums stand apart until they are whole. */
static void
multiply_turned (size_t m, size_t k, size_t n, const struct tile_left *a, const double *b, double *c)
{
  enum
  {
    ROWS = 64,
    INNER = 64,
    COLUMNS = 16
  };
  for (size_t row = 0; row < m; row += ROWS)
    for (size_t column = 0; column < n; column += COLUMNS)
      {
        size_t rows = m - row < ROWS ? m - row : ROWS, columns = n - column < COLUMNS ? n - column : COLUMNS;
        double turned[INNER * COLUMNS], sums[ROWS * COLUMNS] = { 0 };
        for (size_t first = 0; first < k; first += INNER)
          {
            size_t inner = k - first < INNER ? k - first : INNER;
            for (size_t j = 0; j < columns; j++)
              for (size_t i = 0; i < inner; i++)
                turned[i * COLUMNS + j] = b[(column + j) * k + first + i];
            struct tile_left left = { a->elements + row * a->row + first * a->inner, a->row, a->inner };
            tile_multiply (rows, inner, columns, &left, turned, COLUMNS, sums, COLUMNS);
          }
        for (size_t i = 0; i < rows; i++)
          for (size_t j = 0; j < columns; j++)
            c[(row + i) * n + column + j] += sums[i * COLUMNS + j];
      }
}

void
matrix_multiply (size_t m, size_t k, size_t n, const double *a, bool transpose_a, const double *b, bool transpose_b,
                 double *c)
{
  matrix_multiply_among (1, m, k, n, a, transpose_a, b, transpose_b, c);
}

void
matrix_multiply_among (size_t count, size_t m, size_t k, size_t n, const double *a, bool transpose_a, const double *b,
                       bool transpose_b, double *c)
{
  if (m == 0 || k == 0 || n == 0)
    return;
  double work = (double)m * (double)k * (double)n;
  bool large = work * (double)count >= WORTH_A_LIBRARY && work >= WORTH_A_CALL && m <= INT_MAX && k <= INT_MAX
               && n <= INT_MAX;
  blas_dgemm *dgemm = large ? library_dgemm () : NULL;
  if (dgemm)
    {
      /* BLAS stores by columns: c' = op(b)' op(a)'. */
      int rows = (int)n, columns = (int)m, inner = (int)k;
      int lda = (int)(transpose_b ? k : n), ldb = (int)(transpose_a ? m : k);
      const double one = 1;
      dgemm (transpose_b ? "T" : "N", transpose_a ? "T" : "N", &rows, &columns, &inner, &one, b, &lda, a, &ldb, &one, c,
             &rows);
    }
  else if (transpose_b && work < WORTH_TURNING)
    multiply_dots (m, k, n, a, transpose_a, b, c);
  else
    {
      struct tile_left left = { a, transpose_a ? 1 : k, transpose_a ? m : 1 };
      if (transpose_b)
        multiply_turned (m, k, n, &left, b, c);
      else
        tile_multiply (m, k, n, &left, b, n, c, n);
    }
}

void
matrix_multiply_careful (size_t m, size_t k, size_t n, const double *a, const double *b, bool transpose_b,
                         double *c)
{
  for (size_t row = 0; row < m; row++)
    for (size_t i = 0; i < k; i++)
      {
        double element = a[row * k + i];
        for (size_t j = 0; element != 0 && j < n; j++)
          c[row * n + j] += element * (transpose_b ? b[j * k + i] : b[i * n + j]);
      }
}
