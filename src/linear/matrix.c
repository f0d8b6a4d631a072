/* matrix.c -- products of matrices. */
#include "linear/matrix.h"

#include <limits.h>

#include "linear/library.h"

/* Opening the library costs some milliseconds, which is what so many multiplications take here; and each call of it as
   much as so many in small matrices. */
static const double WORTH_A_LIBRARY = 4e6, WORTH_A_CALL = 4096;

enum
{
  ROWS = 4,
  PANEL = 64
};

/* A panel of rows of c, so that each row of b is read once for several rows of a. */
#define ELEMENT_A(row, inner) (transpose_a ? a[(inner) * m + (row)] : a[(row) * k + (inner)])

static void
multiply_rows (size_t m, size_t k, size_t n, const double *a, bool transpose_a, const double *b, double *c)
{
  for (size_t panel = 0; panel < k; panel += PANEL)
    {
      size_t end = k - panel < PANEL ? k : panel + PANEL;
      size_t row = 0;
      for (; row + ROWS <= m; row += ROWS)
        for (size_t i = panel; i < end; i++)
          {
            double a0 = ELEMENT_A (row, i), a1 = ELEMENT_A (row + 1, i), a2 = ELEMENT_A (row + 2, i),
                   a3 = ELEMENT_A (row + 3, i);
            const double *from = b + i * n;
            double *to = c + row * n;
            for (size_t j = 0; j < n; j++)
              {
                to[j] += a0 * from[j];
                to[n + j] += a1 * from[j];
                to[2 * n + j] += a2 * from[j];
                to[3 * n + j] += a3 * from[j];
              }
          }
      for (; row < m; row++)
        for (size_t i = panel; i < end; i++)
          {
            double element = ELEMENT_A (row, i);
            for (size_t j = 0; j < n; j++)
              c[row * n + j] += element * b[i * n + j];
          }
    }
}

/* b comes transposed: sums of products of rows. */
static void
multiply_dots (size_t m, size_t k, size_t n, const double *a, bool transpose_a, const double *b, double *c)
{
  for (size_t row = 0; row < m; row++)
    for (size_t j = 0; j < n; j++)
      {
        double sum = 0;
        for (size_t i = 0; i < k; i++)
          sum += ELEMENT_A (row, i) * b[j * k + i];
        c[row * n + j] += sum;
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
  else if (transpose_b)
    multiply_dots (m, k, n, a, transpose_a, b, c);
  else
    multiply_rows (m, k, n, a, transpose_a, b, c);
}

void
matrix_multiply_careful (size_t m, size_t k, size_t n, const double *a, bool transpose_a, const double *b,
                         bool transpose_b, double *c)
{
  for (size_t row = 0; row < m; row++)
    for (size_t i = 0; i < k; i++)
      {
        double element = ELEMENT_A (row, i);
        for (size_t j = 0; element != 0 && j < n; j++)
          c[row * n + j] += element * (transpose_b ? b[j * k + i] : b[i * n + j]);
      }
}
