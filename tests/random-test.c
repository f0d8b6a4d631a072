/* random-test.c -- what programs reach only by luck: the ends of the normal distribution, numbers that are drawn again.
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include "result.h"
#include "value/random.h"

/* clang-format off */
/* The lines of both tables come from expected.py: `expected.py --check random-test.c` compares. */
static const struct
{
  uint64_t bits;
  double value;
} points[] = {
  { 0, -8.292361075813595 },
  { 1, -8.160707840858583 },
  { 1000, -7.3347380140439435 },
  { 90000, -6.706139087483634 },
  { 125000, -6.658011604615129 },
  { 1048576, -6.337957681066634 },
  { 1073741824, -5.166578119641677 },
  { 1099511627776, -3.6683292851212066 },
  { 35184372088832, -2.660067468617455 },
  { 675539944105573, -1.4395314709384566 },
  { 675539944105574, -1.439531470938456 },
  { 1125899906842624, -1.1503493803760079 },
  { 2251799813685248, -0.6744897501960816 },
  { 3377699720527872, -0.31863936396437503 },
  { 4502500115742720, -0.000305984901580132 },
  { 4503599627370495, -1.3914582123358836e-16 },
  { 4503599627370496, 1.3914582123358836e-16 },
  { 4503599627382841, 3.4356494720785297e-12 },
  { 8972014882652160, 2.6600674686174646 },
  { 9007199253692416, 6.337957828040979 },
  { 9007199254740991, 8.292361075813595 },
};

/* Seed 5, first call, from -2^62 on 2^63 + 1 numbers: nearly every second draw is left over. */
static const int64_t wholes[] = {
  INT64_C (-4452094742806690159),
  INT64_C (3979460755007614010),
  INT64_C (1365859646646359397),
  INT64_C (2539613248699409042),
  INT64_C (-1128657022599516439),
  INT64_C (-3067634822383540770),
  INT64_C (-1047736296655940067),
  INT64_C (3592246629983078046),
  INT64_C (1532852047143805286),
};
/* clang-format on */

int
main (void)
{
  enum
  {
    POINTS = sizeof points / sizeof *points,
    WHOLES = sizeof wholes / sizeof *wholes,
    MANY = 1001
  };
  int failures = 0;
  printf ("1..4\n");
  bool good = true;
  for (int i = 0; i < POINTS; i++)
    {
      double actual = random_normal_point (points[i].bits);
      bool near = fabs (actual - points[i].value) <= 1e-15 * fabs (points[i].value);
      good &= near;
      if (!near)
        printf ("# point %llu: %.17g instead of %.17g\n", (unsigned long long)points[i].bits, actual, points[i].value);
    }
  failures += tell_result (1, good, "points of the normal distribution");
  struct random random = random_of_run (5, 0);
  double numbers[MANY], part[MANY];
  random_whole (&random, -(INT64_C (1) << 62), (UINT64_C (1) << 63) + 1, WHOLES, numbers);
  good = random.call == 1;
  for (int i = 0; i < WHOLES; i++)
    good &= numbers[i] == (double)wholes[i];
  failures += tell_result (2, good, "whole numbers that are drawn again");
  random_normal (&random, MANY, numbers);
  good = true;
  for (size_t count = 0; count < MANY; count += 125)
    {
      random.call = 1;
      random_normal (&random, count, part);
      for (size_t i = 0; i < count; i++)
        good &= part[i] == numbers[i];
    }
  failures += tell_result (3, good, "an element is the same however many there are");
  struct random other = random_of_run (5, 1);
  random_normal (&other, MANY, part);
  size_t same = 0;
  for (size_t i = 0; i < MANY; i++)
    same += part[i] == numbers[i];
  failures += tell_result (4, same == 0, "runs are apart from one another");
  return failures > 0;
}
