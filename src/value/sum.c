/* sum.c -- sums in pairs. */
#include "value/sum.h"

static double
sum_run (const double *x, size_t length)
{
  double part[8] = { 0 };
  size_t i = 0;
  for (; i + 8 <= length; i += 8)
    for (int k = 0; k < 8; k++)
      part[k] += x[i + k];
  for (; i < length; i++)
    part[i & 7] += x[i];
  return ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
}

/* Runs are joined as in counting to base 2. */
void
sum_add (struct sum *sum, const double *elements, size_t count)
{
  for (size_t done = 0; done < count; done += SUM_RUN)
    {
      size_t rest = count - done;
      sum->partials[sum->depth++] = sum_run (elements + done, rest < SUM_RUN ? rest : SUM_RUN);
      for (size_t carry = ++sum->runs; (carry & 1) == 0; carry >>= 1, sum->depth--)
        sum->partials[sum->depth - 2] += sum->partials[sum->depth - 1];
    }
}

double
sum_total (const struct sum *sum)
{
  if (sum->depth == 0)
    return 0;
  double total = sum->partials[sum->depth - 1];
  for (int k = sum->depth - 1; k-- > 0;)
    total += sum->partials[k];
  return total;
}
