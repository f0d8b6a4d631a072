/* kalman.c -- the twin of kalman.expr: the adjoint by hand.

   kalman N */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double h = 0.1, q = 0.01, r = 0.1, d = 0.9;

/* The state before an iteration. */
struct state
{
  double x[2], P[2][2];
};

/* What an iteration makes on its way. */
struct step
{
  double A[2][2], x[2], P[2][2], y, S, K[2];
};

static struct step
predict (const struct state *from, size_t i)
{
  const double (*P)[2] = from->P;
  struct step to = { .A = { { P[0][0] + h * P[1][0], P[0][1] + h * P[1][1] }, { d * P[1][0], d * P[1][1] } },
                     .x = { from->x[0] + h * from->x[1], d * from->x[1] } };
  for (int k = 0; k < 2; k++)
    {
      to.P[k][0] = to.A[k][0] + h * to.A[k][1] + (k == 0) * q;
      to.P[k][1] = d * to.A[k][1] + (k == 1) * q;
    }
  to.y = sin (0.1 * (double)i) - to.x[0];
  to.S = to.P[0][0] + r;
  to.K[0] = to.P[0][0] / to.S;
  to.K[1] = to.P[1][0] / to.S;
  return to;
}

/* Adjoints of the state after iteration i become those of the state before it. */
static void
reverse (const struct state *from, size_t i, struct state *adjoint, double *dq, double *dr, double *dd)
{
  struct step to = predict (from, i);
  double X[2] = { adjoint->x[0], adjoint->x[1] }, P[2][2], K[2], A[2][2];
  double Y = 2 * to.y / to.S, S = 1 / to.S - to.y * to.y / (to.S * to.S);
  for (int k = 0; k < 2; k++)
    for (int j = 0; j < 2; j++)
      P[k][j] = adjoint->P[k][j];
  for (int k = 0; k < 2; k++)
    {
      K[k] = X[k] * to.y;
      Y += X[k] * to.K[k];
      for (int j = 0; j < 2; j++)
        {
          K[k] -= adjoint->P[k][j] * to.P[0][j];
          P[0][j] -= adjoint->P[k][j] * to.K[k];
        }
    }
  for (int k = 0; k < 2; k++)
    {
      P[k][0] += K[k] / to.S;
      S -= K[k] * to.K[k] / to.S;
    }
  P[0][0] += S;
  *dr += S;
  X[0] -= Y;
  *dq += P[0][0] + P[1][1];
  for (int k = 0; k < 2; k++)
    {
      A[k][0] = P[k][0];
      A[k][1] = h * P[k][0] + d * P[k][1];
      *dd += P[k][1] * to.A[k][1];
    }
  *dd += A[1][0] * from->P[1][0] + A[1][1] * from->P[1][1] + X[1] * from->x[1];
  adjoint->x[0] = X[0];
  adjoint->x[1] = h * X[0] + d * X[1];
  for (int j = 0; j < 2; j++)
    {
      adjoint->P[0][j] = A[0][j];
      adjoint->P[1][j] = h * A[0][j] + d * A[1][j];
    }
}

int
main (int argc, char **argv)
{
  size_t n = argc > 1 ? strtoul (argv[1], NULL, 10) : 100000;
  struct state *states = malloc ((n + 1) * sizeof *states), adjoint = { .x = { 0 } };
  if (!states)
    return 3;
  states[0] = (struct state){ { 0, 1 }, { { 1, 0 }, { 0, 1 } } };
  double loss = 0, dq = 0, dr = 0, dd = 0;
  for (size_t i = 0; i < n; i++)
    {
      struct step to = predict (&states[i], i);
      for (int k = 0; k < 2; k++)
        {
          states[i + 1].x[k] = to.x[k] + to.K[k] * to.y;
          for (int j = 0; j < 2; j++)
            states[i + 1].P[k][j] = to.P[k][j] - to.K[k] * to.P[0][j];
        }
      loss += to.y * to.y / to.S + log (to.S);
    }
  for (size_t i = n; i-- > 0;)
    reverse (&states[i], i, &adjoint, &dq, &dr, &dd);
  printf ("loss = %.17g\ndloss/dq = %.17g\ndloss/dr = %.17g\ndloss/dd = %.17g\n", loss, dq, dr, dd);
  free (states);
  return 0;
}
