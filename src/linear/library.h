/* library.h -- functions of BLAS, LAPACK and SLEEF, which are opened when the first one is wanted. */
#ifndef GRADCALC_LIBRARY_H
#define GRADCALC_LIBRARY_H

#include <stdbool.h>

typedef void blas_dgemm (const char *transpose_a, const char *transpose_b, const int *m, const int *n, const int *k,
                         const double *alpha, const double *a, const int *lda, const double *b, const int *ldb,
                         const double *beta, double *c, const int *ldc);
typedef void lapack_dgetrf (const int *m, const int *n, double *a, const int *lda, int *pivots, int *info);
typedef void lapack_dgetrs (const char *transpose, const int *n, const int *columns, const double *a, const int *lda,
                            const int *pivots, double *b, const int *ldb, int *info);

/* The libraries, from 0: what each is, as "BLAS", its file, and whether it is there (it is opened for that). False
   beyond the last. */
bool library_at (int number, const char **what, const char **file, bool *there);

/* Whether one that may be there could not be opened for want of memory. */
bool library_was_refused (void);

/* NULL where there is no such library. Looked for once in the life of the process. Opening one costs some
   milliseconds. */
blas_dgemm *library_dgemm (void);
lapack_dgetrf *library_dgetrf (void);
lapack_dgetrs *library_dgetrs (void);
/* A function of <math.h> for several numbers at once, by the name that the vector function ABI gives it. */
void *library_vector (const char *name);

#endif
