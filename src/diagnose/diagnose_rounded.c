/* diagnose_rounded.c -- formulas with a decimal that is rounded: 0.333*x for x/3, or for a*x where a is 1/3. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/heap.h"
#include "base/number.h"
#include "check/trial.h"
#include "diagnose/diagnose.h"

enum
{
  TEXT = 60,
  LARGEST = 60, /* denominator that is looked for */
  DRAWS = 8     /* points at which inputs that a claim does not mention are held */
};

/* A number in a text, and how far the last digit that it has counts. */
struct decimal
{
  double value, unit;
  const char *text;
  int size;
};

/* The next number with a point and two digits or more that count, from `at` on; false when there is none. */
static bool
next_decimal (const char **at, const char *end, struct decimal *decimal)
{
  const char *from = *at;
  while (from < end)
    {
      bool begins = (*from >= '0' && *from <= '9') || *from == '.';
      if (!begins)
        {
          /* Digits of a name are none of a number. */
          bool word = (*from >= 'a' && *from <= 'z') || (*from >= 'A' && *from <= 'Z') || *from == '_'
                      || (unsigned char)*from >= 0x80;
          from++;
          while (word && from < end && ((*from >= '0' && *from <= '9') || *from == '_'))
            from++;
          continue;
        }
      const char *stop = from;
      int decimals = 0, digits = 0;
      bool point = false, leading = true;
      for (; stop < end && ((*stop >= '0' && *stop <= '9') || (*stop == '.' && !point)); stop++)
        {
          point |= *stop == '.';
          leading &= *stop == '0' || *stop == '.';
          digits += *stop != '.' && !leading;
          decimals += point && *stop != '.';
        }
      bool exponent = stop < end && (*stop == 'e' || *stop == 'E');
      decimal->text = from;
      decimal->size = (int)(stop - from);
      from = stop + exponent;
      if (!point || digits < 2 || exponent || decimal->size >= TEXT)
        continue;
      char copy[TEXT];
      snprintf (copy, sizeof copy, "%.*s", decimal->size, decimal->text);
      decimal->unit = pow (10, -decimals);
      *at = from;
      return number_parse (copy, strlen (copy), &decimal->value) != NUMBER_INVALID;
    }
  return false;
}

/* What a number is that a decimal stands for: a fraction, or a constant; else its digits. */
static void
write_exactly (double value, char text[TEXT])
{
  static const struct
  {
    double value;
    const char *name;
  } constants[]
    = { { 3.141592653589793, "pi" },         { 6.283185307179586, "2*pi" },     { 1.5707963267948966, "pi/2" },
        { 0.3183098861837907, "1/pi" },      { 2.718281828459045, "e" },        { 1.4142135623730951, "sqrt(2)" },
        { 0.7071067811865476, "1/sqrt(2)" }, { 1.7320508075688772, "sqrt(3)" }, { 0.6931471805599453, "log(2)" },
        { 1.4426950408889634, "1/log(2)" },  { 2.302585092994046, "log(10)" },  { 0.4342944819032518, "1/log(10)" },
        { 0.017453292519943295, "pi/180" },  { 57.29577951308232, "180/pi" } };
  static const double SLACK = 1e-7;
  for (int q = 1; q <= LARGEST; q++)
    {
      double p = round (value * q);
      if (p != 0 && fabs (p / q - value) <= SLACK * fabs (value))
        {
          snprintf (text, TEXT, q == 1 ? "%.0f" : "%.0f/%d", p, q);
          return;
        }
    }
  for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
    if (fabs (constants[i].value - value) <= SLACK * value)
      {
        snprintf (text, TEXT, "%s", constants[i].name);
        return;
      }
  number_print (text, value, 10);
}

/* The one decimal of a claim that is off by a ratio, as what it should be rounds to it, or is cut to it; false where
   there is none, or several. */
static bool
find_rounded (const struct claims *claims, const struct claim *claim, double ratio, struct decimal *found)
{
  static const double MOST = 0.1; /* more than that nobody rounds away */
  if (fabs (ratio - 1) > MOST || fabs (ratio - 1) <= 1e-12)
    return false;
  const char *at = sources_text (claims->run->diagnostics->sources, claim->right), *end = at + claim->right.length;
  struct decimal decimal;
  int fitting = 0;
  while (next_decimal (&at, end, &decimal))
    /* As a factor, or below a fraction. */
    for (int below = 0; below < 2; below++)
      {
        double exact = below ? decimal.value * ratio : decimal.value / ratio;
        const char *before = decimal.text;
        while (before > end - claim->right.length && before[-1] == ' ')
          before--;
        bool divides = before > end - claim->right.length && before[-1] == '/';
        if (divides != (below == 1) || fabs (exact - decimal.value) > decimal.unit)
          continue;
        fitting++;
        *found = decimal;
        found->value = exact;
      }
  return fitting == 1;
}

static bool
say (const struct claims *claims, struct claim *claim, const struct decimal *found, const char *where)
{
  char exactly[TEXT];
  write_exactly (found->value, exactly);
  claim->cause = "rounded";
  claim->level = REVEAL_HINT;
  heap_give (claim->message);
  claim->message = claim_text (claims, "%.*s is rounded, and numbers in formulas are exact", found->size, found->text);
  heap_give (claim->detail);
  claim->detail = claim_text (claims, "with %s in its place yours is right%s", exactly, where);
  return true;
}

bool
diagnose_rounded (struct claims *claims, struct claim *claim)
{
  double ratio;
  size_t count;
  struct decimal found;
  return claim->mentions && diagnose_find_ratio (claims, claim, &ratio, &count) && count >= 3
         && find_rounded (claims, claim, ratio, &found) && say (claims, claim, &found, "");
}

static bool
is_mentioned (const struct claim *claim, uint32_t name)
{
  for (size_t i = 0; i < claim->mentioned_count; i++)
    if (claim->mentioned[i] == name)
      return true;
  return name == claim->source_name;
}

/* Samples of a claim at points to which only the inputs move that it speaks of; false when the derivative is the same
   at all of them, which says nothing. */
static bool
take_samples (struct claims *claims, struct claim *claim, struct points *points)
{
  bool varies = false;
  for (size_t i = 0; i < points->input_count; i++)
    points->inputs[i].held = !is_mentioned (claim, points->inputs[i].name);
  for (size_t draw = 0; draw < DRAWS; draw++)
    {
      struct again again;
      points_draw (points, draw);
      if (points_run (points, &again, NULL, NULL) == POINT_GOOD)
        {
          struct sample *sample = &claim->samples[claim->sample_count++];
          *sample = claim_take (claim, &again.run, claims->run->arrays);
          sample->scale = claim_largest (sample->correct);
          sample->usable = sample->usable && shape_equal (&sample->given->shape, &sample->correct->shape);
          varies |= sample->usable && !claim_agrees_all (claims, sample->correct, claim->samples[0].correct, 0);
        }
      again_close (&again);
    }
  points_release (points);
  points_reset (points);
  return varies;
}

bool
diagnose_rounded_value (struct claims *claims, struct claim *claim, struct points *points)
{
  double ratio;
  size_t count;
  struct decimal found;
  struct sample samples[DRAWS];
  struct claim held = *claim;
  held.samples = samples;
  held.sample_count = 0;
  bool good = take_samples (claims, &held, points) && diagnose_find_ratio (claims, &held, &ratio, &count) && count >= 3
              && find_rounded (claims, claim, ratio, &found);
  for (size_t i = 0; i < held.sample_count; i++)
    sample_drop (&samples[i], claims->run->arrays);
  return good && say (claims, claim, &found, " at the program's values of what it does not mention");
}
