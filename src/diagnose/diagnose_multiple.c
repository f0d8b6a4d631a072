/* diagnose_multiple.c -- claims that are a variable of the program times what is right, or divided by it. */
#include <math.h>
#include <stdio.h>

#include "base/heap.h"
#include "diagnose/diagnose.h"
#include "diagnose/search.h"

enum
{
  VARIABLES = 1000, /* of more, none are looked at */
  TEXT = 120,
  POWERS = 6
};

static const double powers[POWERS] = { 1, -1, 2, -2, 0.5, -0.5 };

double
diagnose_ratio_at (const struct claims *claims, const struct claim *claim, const struct sample *sample)
{
  double ratio = NAN;
  for (size_t i = 0; i < sample->given->size; i++)
    {
      double correct = sample->correct->elements[i];
      bool zero = fabs (correct) <= 1e-7 * sample->scale;
      if (!zero && isnan (ratio))
        ratio = sample->given->elements[i] / correct;
      if (!claim_gives (claims, claim, sample, i, zero ? correct : ratio * correct))
        return 0;
    }
  return isinf (ratio) ? 0 : ratio;
}

/* What power of a variable may be the ratio at one point, as bits. */
static unsigned
fitting (const struct run *run, uint32_t name, double ratio)
{
  const struct variable *variable = program_variable (run->program, name);
  unsigned fits = 0;
  if (!(variable->flags & VARIABLE_ASSIGNED) || variable->slot == UINT32_MAX)
    return 0;
  const struct value *value = &area_of (&run->globals, struct value)[variable->slot & REGISTER_MASK];
  for (int k = 0; k < POWERS && value_is_number (value) && value->number != 0; k++)
    {
      double wanted = pow (value->number, powers[k]);
      fits |= fabs (ratio - wanted) <= 1e-7 * fabs (wanted) ? 1u << k : 0;
    }
  return fits;
}

static void
say (const struct claims *claims, struct claim *claim, uint32_t name, unsigned fits)
{
  static const char *const words[] = { "%.40s times the correct value", "1/%.40s of the correct value",
                                       "%.40s^2 times the correct value", "1/%.40s^2 of the correct value",
                                       "sqrt(%.40s) times the correct value", "1/sqrt(%.40s) of the correct value" };
  char text[TEXT], all[2 * TEXT];
  snprintf (text, sizeof text, words[__builtin_ctz (fits)], names_text (claims->run->program->names, name));
  snprintf (all, sizeof all, "%s at all %zu points", text, claim->points);
  claim->cause = "ratio";
  claim->level = REVEAL_HINT;
  claim_say (claims, claim, all);
}

bool
diagnose_multiple (struct claims *claims, struct claim *claim, struct points *points, struct factor *factor)
{
  size_t count = area_count (&claims->run->program->variables, struct variable), left = 0, tested = 0,
         samples = search_samples (claims, claim, points);
  if (!claim->mentions || count > VARIABLES || claim->points < 2)
    return false;
  unsigned *fits = heap_take_zeroed (claims->memory, count, sizeof *fits, "the search for causes");
  for (size_t k = 0; k < samples && (!tested || left); k++)
    {
      const struct sample *sample = &claim->samples[k];
      double ratio = sample->usable ? diagnose_ratio_at (claims, claim, sample) : 0;
      struct again again;
      if (!sample->usable || isnan (ratio))
        continue;
      points_draw (points, sample->draw);
      bool good = points_run (points, &again, NULL, NULL) == POINT_GOOD;
      left = 0;
      for (uint32_t name = 0; name < count; name++)
        {
          fits[name] = (tested ? fits[name] : ~0u) & (good && ratio != 0 ? fitting (&again.run, name, ratio) : 0);
          left += fits[name] != 0;
        }
      tested++;
      again_close (&again);
    }
  points_reset (points);
  bool found = tested > 2 && left == 1;
  for (uint32_t name = 0; name < count && found; name++)
    if (fits[name])
      {
        *factor = (struct factor){ .name = name, .power = powers[__builtin_ctz (fits[name])] };
        say (claims, claim, name, fits[name]);
      }
  heap_give (fits);
  return found;
}
