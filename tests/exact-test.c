/* exact-test.c -- exact sums against rational numbers (tests/exact.tsv, by tests/exact.py): in any order, cut anywhere,
   one by one and many at once, and read back from their normal form. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/exact.h"
#include "base/number.h"
#include "result.h"

enum
{
  LINE_SIZE = 4000,
  NUMBERS = 64,
  COPIES = 3000,
  SHUFFLES = 40,
  PARTS_SIZE = EXACT_PARTS * EXACT_TEXT
};

enum fault
{
  FAULT_SUM,
  FAULT_MEAN,
  FAULT_PARTS,
  FAULT_COPIES,
  FAULT_TOGETHER,
  FAULT_ORDER,
  FAULT_CUT,
  FAULT_BACK,
  FAULTS
};

static const char *const says[FAULTS] = { "the sum is the nearest double",
                                          "so is the mean",
                                          "the normal form is the nearest double, then that of what is left",
                                          "so is the sum of 3000 copies of each",
                                          "and where they are added together",
                                          "the order does not matter",
                                          "nor does where the numbers were cut",
                                          "a normal form reads back as the same sum" };

struct line
{
  const char *what, *sum, *mean, *parts, *copies;
  double numbers[NUMBERS];
  size_t count;
};

static bool faulty[FAULTS];
static size_t lines;

static void
add_all (struct exact *sum, const double *numbers, size_t count)
{
  for (size_t i = 0; i < count; i++)
    exact_add (sum, numbers[i]);
}

static void
check (enum fault fault, const struct line *line, const char *found, const char *expected)
{
  if (strcmp (found, expected) == 0)
    return;
  printf ("# %s: %s: found %s, expected %s\n", says[fault], line->what, found, expected);
  faulty[fault] = true;
}

/* A number as the table has it: as Python prints it, but for 9.0, which is 9 here. */
static const char *
same_text (char text[NUMBER_SIZE], const char *expected)
{
  double number = strtod (expected, NULL);
  number_print (text, number, 0);
  return text;
}

static void
check_number (enum fault fault, const struct line *line, double found, const char *expected)
{
  char text[NUMBER_SIZE], wanted[NUMBER_SIZE];
  number_print (text, found, 0);
  check (fault, line, text, same_text (wanted, expected));
}

static void
print_parts (char text[PARTS_SIZE], const struct exact *sum)
{
  struct exact_part parts[EXACT_PARTS];
  size_t count = exact_parts (sum, parts), used = 0;
  *text = 0;
  for (size_t i = 0; i < count; i++)
    {
      char part[EXACT_TEXT];
      exact_print_part (part, parts[i]);
      used += (size_t)sprintf (text + used, "%s%s", i ? " " : "", part);
    }
}

/* The parts of the table, each as this program prints a number. */
static void
expected_parts (char text[PARTS_SIZE], const char *parts)
{
  char copy[LINE_SIZE], *rest = copy, wanted[NUMBER_SIZE];
  size_t used = 0;
  strcpy (copy, parts);
  for (char *part; (part = strsep (&rest, " "));)
    used
      += (size_t)sprintf (text + used, "%s%s", used ? " " : "", strstr (part, "0x") ? part : same_text (wanted, part));
}

static void
check_back (const struct line *line, const struct exact *sum, const char *expected)
{
  char text[PARTS_SIZE], *rest = text;
  struct exact back = { 0 };
  struct exact_part part;
  print_parts (text, sum);
  for (char *word; (word = strsep (&rest, " "));)
    if (!exact_read_part (word, &part) || !exact_add_part (&back, part))
      check (FAULT_BACK, line, word, "a part");
  print_parts (text, &back);
  check (FAULT_BACK, line, text, expected);
}

static uint64_t
draw (uint64_t *state)
{
  *state = *state * UINT64_C (6364136223846793005) + 1;
  return *state >> 33;
}

/* Shuffles the numbers, deals them to three sums and puts these together. */
static void
check_orders (struct line *line, const char *expected)
{
  uint64_t state = 1;
  char text[PARTS_SIZE];
  for (int turn = 0; turn < SHUFFLES; turn++)
    {
      struct exact all = { 0 }, dealt[3] = { 0 }, joined = { 0 };
      for (size_t i = line->count; i > 1; i--)
        {
          size_t other = draw (&state) % i;
          double number = line->numbers[i - 1];
          line->numbers[i - 1] = line->numbers[other];
          line->numbers[other] = number;
        }
      for (size_t i = 0; i < line->count; i++)
        exact_add (&dealt[draw (&state) % 3], line->numbers[i]);
      add_all (&all, line->numbers, line->count);
      for (int i = 0; i < 3; i++)
        exact_merge (&joined, &dealt[i]);
      print_parts (text, &all);
      check (FAULT_ORDER, line, text, expected);
      print_parts (text, &joined);
      check (FAULT_CUT, line, text, expected);
    }
}

/* Copies of the numbers, in blocks that begin anywhere. */
static void
check_together (const struct line *line, const struct exact *expected)
{
  static double numbers[COPIES * NUMBERS];
  struct exact together = { 0 };
  char text[PARTS_SIZE], wanted[PARTS_SIZE];
  size_t count = 0, size = 0;
  for (; count < COPIES * line->count; count++)
    numbers[count] = line->numbers[count % line->count];
  for (size_t first = 0; first < count; first += size)
    {
      size = first % 1000 + 1 < count - first ? first % 1000 + 1 : count - first;
      exact_add_all (&together, numbers + first, size);
    }
  check_number (FAULT_TOGETHER, line, exact_round (&together), line->copies);
  check_number (FAULT_TOGETHER, line, exact_mean (&together, count), line->mean);
  print_parts (text, &together);
  print_parts (wanted, expected);
  check (FAULT_TOGETHER, line, text, wanted);
}

static void
check_line (struct line *line)
{
  struct exact sum = { 0 }, copies = { 0 };
  char text[PARTS_SIZE], expected[PARTS_SIZE];
  add_all (&sum, line->numbers, line->count);
  check_number (FAULT_SUM, line, exact_round (&sum), line->sum);
  check_number (FAULT_MEAN, line, exact_mean (&sum, line->count), line->mean);
  print_parts (text, &sum);
  expected_parts (expected, line->parts);
  check (FAULT_PARTS, line, text, expected);
  for (int i = 0; i < COPIES; i++)
    add_all (&copies, line->numbers, line->count);
  check_number (FAULT_COPIES, line, exact_round (&copies), line->copies);
  check_number (FAULT_COPIES, line, exact_mean (&copies, COPIES * line->count), line->mean);
  check_together (line, &copies);
  check_back (line, &sum, expected);
  check_orders (line, expected);
}

static bool
read_table (const char *path)
{
  FILE *file = fopen (path, "r");
  char text[LINE_SIZE];
  while (file && fgets (text, sizeof text, file))
    {
      char *rest = text;
      struct line line = { .what = strsep (&rest, "\t") };
      line.sum = strsep (&rest, "\t");
      line.mean = strsep (&rest, "\t");
      line.parts = strsep (&rest, "\t");
      line.copies = strsep (&rest, "\t");
      for (char *word; (word = strsep (&rest, " ")) && line.count < NUMBERS;)
        line.numbers[line.count++] = strtod (word, NULL);
      check_line (&line);
      lines++;
    }
  if (file)
    fclose (file);
  return lines > 50;
}

static bool
check_special (void)
{
  const double inf = HUGE_VAL;
  struct exact nothing = { 0 }, up = { 0 }, both = { 0 }, nan = { 0 };
  struct exact_part parts[EXACT_PARTS], part;
  add_all (&up, (const double[]){ 1, inf, 2, inf }, 4);
  add_all (&both, (const double[]){ -inf, inf }, 2);
  add_all (&nan, (const double[]){ NAN, -inf, -NAN }, 3);
  bool good = exact_round (&nothing) == 0 && !signbit (exact_round (&nothing)) && isnan (exact_mean (&nothing, 0))
              && exact_parts (&nothing, parts) == 0;
  good &= exact_round (&up) == inf && exact_mean (&up, 4) == inf && up.infinities[0] == 2
          && exact_parts (&up, parts) == 1 && parts[0].number == 3;
  good &= isnan (exact_round (&both)) && both.infinities[1] == 1 && exact_parts (&both, parts) == 0;
  exact_merge (&up, &nan);
  good &= isnan (exact_round (&up)) && up.nans == 2 && up.infinities[0] == 2 && up.infinities[1] == 1;
  static const char *const wrong[]
    = { "",           "x",     "0x1", "0x1p+1023", "0x1p+9999", "0x1.p", "0x1.00000000000001p+1024",
        "0x1p+1024x", "1e400", "inf", "nan",       "0x1p-1024", "1 2",   "0x2p+1024" };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    good &= !exact_read_part (wrong[i], &part);
  return good & !exact_add_part (&nothing, (struct exact_part){ 1, 2000 });
}

/* A double of about a size, or now and then one of another kind. */
static double
draw_number (uint64_t *state, int exponent, int spread)
{
  static const double odd[] = { 0, -0.0, HUGE_VAL, -HUGE_VAL, NAN, 5e-324, 1.7976931348623157e308 };
  if (draw (state) % 2000 == 0)
    return odd[draw (state) % (sizeof odd / sizeof *odd)];
  double fraction = (double)((draw (state) << 31 | draw (state)) >> 9) * 0x1p-53 + 1;
  double size = ldexp (fraction, exponent + (int)(draw (state) % (unsigned)(2 * spread + 1)) - spread);
  return draw (state) % 2 ? -size : size;
}

/* Blocks of any length and range have the sum that their numbers have one by one. */
static bool
check_blocks (void)
{
  enum
  {
    TURNS = 6000,
    MOST = 300
  };
  static const int spreads[] = { 0, 3, 38, 45, 100, 2100 };
  uint64_t state = 7;
  int failures = 0;
  for (int turn = 0; turn < TURNS; turn++)
    {
      double numbers[MOST];
      struct exact together = { 0 }, each = { 0 };
      char text[PARTS_SIZE], expected[PARTS_SIZE];
      size_t count = draw (&state) % MOST;
      int exponent = (int)(draw (&state) % 2100) - 1075, spread = spreads[draw (&state) % 6];
      bool are_minus_zeros = draw (&state) % 20 == 0, are_positive = draw (&state) % 3 == 0;
      for (size_t i = 0; i < count; i++)
        {
          double number = are_minus_zeros ? -0.0 : draw_number (&state, exponent, spread);
          numbers[i] = are_positive ? fabs (number) : number;
        }
      /* A larger one beside them. */
      if (count && draw (&state) % 2)
        numbers[draw (&state) % count] *= ldexp (1, (int)(draw (&state) % 100));
      exact_add_all (&together, numbers, count);
      add_all (&each, numbers, count);
      print_parts (text, &together);
      print_parts (expected, &each);
      bool is_good = strcmp (text, expected) == 0 && together.is_begun == each.is_begun
                     && together.is_positive_zero == each.is_positive_zero && together.nans == each.nans
                     && memcmp (together.infinities, each.infinities, sizeof each.infinities) == 0;
      failures += !is_good;
      if (!is_good)
        printf ("# turn %d, %zu numbers about 2^%d: found %s, expected %s\n", turn, count, exponent, text, expected);
    }
  return failures == 0;
}

int
main (void)
{
  const char *directory = getenv ("srcdir");
  char path[1000];
  snprintf (path, sizeof path, "%s/tests/exact.tsv", directory ? directory : ".");
  printf ("1..%d\n", FAULTS + 3);
  bool is_read = read_table (path);
  int failures = 0;
  for (int fault = 0; fault < FAULTS; fault++)
    failures += tell_result (fault + 1, !faulty[fault], says[fault]);
  failures += tell_result (FAULTS + 1, is_read, "the table is there");
  failures
    += tell_result (FAULTS + 2, check_special (), "what is not finite is counted, and what is no part is refused");
  failures += tell_result (FAULTS + 3, check_blocks (), "blocks of any length and range have the sum of their numbers");
  return failures > 0;
}
