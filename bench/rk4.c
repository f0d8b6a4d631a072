/* rk4.c -- the twin of rk4.expr: the adjoint by hand.

   rk4 N */
#include <stdio.h>
#include <stdlib.h>

static const double h = 0.01, a = 1.1, b = 0.4, c = 0.4, e = 0.1;

struct pair
{
  double x, y;
};

static struct pair
slope (struct pair s)
{
  return (struct pair){ a * s.x - b * s.x * s.y, e * s.x * s.y - c * s.y };
}

/* s + step * k */
static struct pair
move (struct pair s, double step, struct pair k)
{
  return (struct pair){ s.x + step * k.x, s.y + step * k.y };
}

/* The adjoint K of slope (s): what it adds to those of a, b, c and e; that of s. */
static struct pair
reverse_slope (struct pair s, struct pair K, double parameters[4])
{
  parameters[0] += K.x * s.x;
  parameters[1] -= K.x * s.x * s.y;
  parameters[2] -= K.y * s.y;
  parameters[3] += K.y * s.x * s.y;
  return (struct pair){ K.x * (a - b * s.y) + K.y * e * s.y, K.y * (e * s.x - c) - K.x * b * s.x };
}

int
main (int argc, char **argv)
{
  size_t n = argc > 1 ? strtoul (argv[1], NULL, 10) : 100000;
  struct pair *states = malloc ((n + 1) * sizeof *states), S = { 0, 0 };
  if (!states)
    return 3;
  states[0] = (struct pair){ 10, 5 };
  double loss = 0, parameters[4] = { 0 };
  for (size_t i = 0; i < n; i++)
    {
      struct pair s = states[i], k1 = slope (s), k2 = slope (move (s, h / 2, k1)), k3 = slope (move (s, h / 2, k2)),
                  k4 = slope (move (s, h, k3));
      states[i + 1] = (struct pair){ s.x + h / 6 * (k1.x + 2 * k2.x + 2 * k3.x + k4.x),
                                     s.y + h / 6 * (k1.y + 2 * k2.y + 2 * k3.y + k4.y) };
      loss += states[i + 1].x;
    }
  for (size_t i = n; i-- > 0;)
    {
      struct pair s = states[i], k1 = slope (s), s2 = move (s, h / 2, k1), k2 = slope (s2), s3 = move (s, h / 2, k2),
                  k3 = slope (s3), s4 = move (s, h, k3);
      S.x += 1;
      struct pair none = { 0, 0 };
      struct pair S4 = reverse_slope (s4, move (none, h / 6, S), parameters);
      struct pair S3 = reverse_slope (s3, move (move (none, h / 3, S), h, S4), parameters);
      struct pair S2 = reverse_slope (s2, move (move (none, h / 3, S), h / 2, S3), parameters);
      struct pair S1 = reverse_slope (s, move (move (none, h / 6, S), h / 2, S2), parameters);
      S = (struct pair){ S.x + S1.x + S2.x + S3.x + S4.x, S.y + S1.y + S2.y + S3.y + S4.y };
    }
  printf ("loss = %.17g\ndloss/da = %.17g\ndloss/db = %.17g\ndloss/dc = %.17g\ndloss/de = %.17g\n", loss,
          parameters[0], parameters[1], parameters[2], parameters[3]);
  free (states);
  return 0;
}
