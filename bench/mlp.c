/* mlp.c -- the twin of mlp.expr: the same steps by hand on the same BLAS, one thread, tanh from SLEEF.
   Gradients of the weights are added up by dgemm itself and the buffers are used again in every step.

   mlp STEPS */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum
{
  BATCH = 256,
  IN = 784,
  ONE = 256,
  TWO = 128,
  OUT = 10
};

__attribute__ ((simd ("notinbranch"))) double tanh (double);

#define VECTOR __attribute__ ((target_clones ("default", "avx2"), noinline))

void dgemm_ (const char *, const char *, const int *, const int *, const int *, const double *, const double *,
             const int *, const double *, const int *, const double *, double *, const int *);

/* One layer, value = f(in @ w + b), and the gradients of the sum over all steps. */
struct layer
{
  int in, out;
  double *w, *b, *value, *adjoint, *dw, *db;
  double scale, angle;
};

/* c = a @ b + beta c by rows: c is m x n, `ta` and `tb` say which factor is stored transposed. */
static void
multiply (double *c, const double *a, char ta, const double *b, char tb, int m, int n, int k, double beta)
{
  int lda = ta == 'T' ? m : k, ldb = tb == 'T' ? k : n;
  double one = 1;
  dgemm_ (&tb, &ta, &n, &m, &k, &one, b, &ldb, a, &lda, &beta, c, &n);
}

VECTOR static void
bias_tanh (double *restrict z, const double *restrict b, int rows, int columns)
{
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < columns; j++)
      z[i * columns + j] = tanh (z[i * columns + j] + b[j]);
}

VECTOR static void
tanh_back (double *restrict adjoint, const double *restrict value, int count)
{
  for (int i = 0; i < count; i++)
    adjoint[i] *= 1 - value[i] * value[i];
}

VECTOR static void
add_rows (double *restrict to, const double *restrict from, int rows, int columns)
{
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < columns; j++)
      to[j] += from[i * columns + j];
}

/* Mean cross-entropy of the rows of z + b, where row i is of class i % OUT; its adjoint in z goes to dz. */
static double
cross_entropy (double *dz, const double *z, const double *b)
{
  double loss = 0;
  for (int i = 0; i < BATCH; i++)
    {
      double row[OUT], most = -INFINITY, sum = 0;
      for (int j = 0; j < OUT; j++)
        most = fmax (most, row[j] = z[i * OUT + j] + b[j]);
      for (int j = 0; j < OUT; j++)
        sum += dz[i * OUT + j] = exp (row[j] - most);
      for (int j = 0; j < OUT; j++)
        dz[i * OUT + j] = (dz[i * OUT + j] / sum - (j == i % OUT)) / BATCH;
      loss -= row[i % OUT] - most - log (sum);
    }
  return loss / BATCH;
}

static double
step (struct layer *layers, const double *x)
{
  const double *in = x;
  for (int l = 0; l < 3; l++)
    {
      struct layer *at = &layers[l];
      multiply (at->value, in, 'N', at->w, 'N', BATCH, at->out, at->in, 0);
      if (l < 2)
        bias_tanh (at->value, at->b, BATCH, at->out);
      in = at->value;
    }
  double loss = cross_entropy (layers[2].adjoint, layers[2].value, layers[2].b);
  for (int l = 2; l >= 0; l--)
    {
      struct layer *at = &layers[l];
      if (l < 2)
        tanh_back (at->adjoint, at->value, BATCH * at->out);
      add_rows (at->db, at->adjoint, BATCH, at->out);
      multiply (at->dw, l ? layers[l - 1].value : x, 'T', at->adjoint, 'N', at->in, at->out, BATCH, 1);
      if (l > 0)
        multiply (layers[l - 1].adjoint, at->adjoint, 'N', at->w, 'T', BATCH, at->in, at->out, 0);
    }
  return loss;
}

static double *
zeros (int count)
{
  double *array = calloc ((size_t)count, sizeof *array);
  if (!array)
    exit (3);
  return array;
}

int
main (int argc, char **argv)
{
  int steps = argc > 1 ? atoi (argv[1]) : 21;
  struct layer layers[3] = { { .in = IN, .out = ONE, .scale = 0.05, .angle = 0.37 },
                             { .in = ONE, .out = TWO, .scale = 0.08, .angle = 0.53 },
                             { .in = TWO, .out = OUT, .scale = 0.1, .angle = 0.71 } };
  double *x = zeros (BATCH * IN), loss = 0;
  for (int i = 0; i < BATCH * IN; i++)
    x[i] = cos (i * 0.731);
  for (int l = 0; l < 3; l++)
    {
      struct layer *at = &layers[l];
      int size = at->in * at->out;
      at->w = zeros (size);
      at->dw = zeros (size);
      at->b = zeros (at->out);
      at->db = zeros (at->out);
      at->value = zeros (BATCH * at->out);
      at->adjoint = zeros (BATCH * at->out);
      for (int i = 0; i < size; i++)
        at->w[i] = at->scale * sin (i * at->angle);
    }
  for (int i = 0; i < steps; i++)
    loss += step (layers, x);

  printf ("loss = %.17g\n", loss);
  for (int l = 0; l < 3; l++)
    {
      double sum = 0;
      for (int i = 0; i < layers[l].in * layers[l].out; i++)
        sum += layers[l].dw[i] * layers[l].w[i];
      printf ("dloss/ds%d = %.17g\n", l + 1, sum / layers[l].scale);
    }
  for (int l = 0; l < 3; l++)
    {
      printf ("dloss/db%d = [%.17g", l + 1, layers[l].db[0]);
      for (int j = 1; j < layers[l].out; j++)
        printf (", %.17g", layers[l].db[j]);
      printf ("]\n");
    }
  return 0;
}
