/* diagnose_ratio.c -- claims that are a constant multiple of what is right. */
#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "diagnose/diagnose.h"

enum
{
  TEXT = 120
};

/* The ratio of all that is not zero; false when it is not constant. */
static bool
find_ratio (const struct claims *claims, const struct claim *claim, double *ratio, size_t *count)
{
  *count = 0;
  for (size_t k = 0; k < claim_samples (claim); k++)
    {
      const struct sample *sample = &claim->samples[k];
      for (size_t i = 0; sample->usable && i < sample->given->size; i++)
        {
          double given = sample->given->elements[i], correct = sample->correct->elements[i];
          if (fabs (correct) <= 1e-7 * sample->scale)
            {
              if (!claim_agrees (claims, given, correct, sample->scale))
                return false;
              continue;
            }
          if (!*count)
            *ratio = given / correct;
          ++*count;
          double expected = *ratio * correct;
          if (!claim_agrees (claims, given, expected, sample->scale))
            return false;
        }
    }
  return *count > 0 && *ratio != 0 && isfinite (*ratio);
}

static bool
is_near (double a, double b)
{
  return fabs (a - b) <= 1e-7 * fabs (b);
}

/* A length of an array of the program: `len(y)`, `size(X)`; false when none is that. */
static bool
find_length (const struct claims *claims, double length, char text[TEXT])
{
  const struct run *run = claims->run;
  const struct program *program = run->program;
  const struct value *globals = area_of (&run->globals, struct value);
  for (int kind = 0; kind < 3; kind++)
    for (uint32_t name = 0; name < area_count (&program->variables, struct variable); name++)
      {
        const struct variable *variable = program_variable (program, name);
        static const char *const forms[] = { "len(%.80s)", "size(%.80s)", "shape(%.80s)[1]" };
        if (!(variable->flags & (VARIABLE_ASSIGNED | VARIABLE_DEFINED)) || variable->slot == UINT32_MAX)
          continue;
        const struct value *value = &globals[variable->slot];
        if (value->kind != KIND_ARRAY || value->array->shape.rank <= kind - (kind == 1))
          continue;
        size_t extent = kind == 1 ? value->array->size : value->array->shape.extent[kind == 2];
        if (extent > 1 && is_near (length, (double)extent))
          {
            snprintf (text, TEXT, forms[kind], names_text (program->names, name));
            return true;
          }
      }
  return false;
}

bool
diagnose_ratio (struct claims *claims, struct claim *claim)
{
  static const struct
  {
    double value;
    const char *words;
  } named[] = { { 2, "twice the correct value" },
                { 0.5, "half of the correct value" },
                { 2.302585092994046, "ln(10) times the correct value" },
                { 1 / 2.302585092994046, "1/ln(10) of the correct value" },
                { 0.6931471805599453, "ln(2) times the correct value" },
                { 1 / 0.6931471805599453, "1/ln(2) of the correct value" },
                /* A factor where its reciprocal belongs. */
                { 5.301898110478399, "ln(10)^2 times the correct value" },
                { 1 / 5.301898110478399, "1/ln(10)^2 of the correct value" },
                { 0.4804530139182014, "ln(2)^2 times the correct value" },
                { 1 / 0.4804530139182014, "1/ln(2)^2 of the correct value" },
                { 3.141592653589793 / 180, "pi/180 times the correct value" },
                { 180 / 3.141592653589793, "180/pi times the correct value" } };
  double ratio = 0;
  size_t count;
  char words[8 * TEXT] = "", length[TEXT], number[NUMBER_SIZE], at[TEXT];
  if (!find_ratio (claims, claim, &ratio, &count) || is_near (ratio, 1))
    return false;
  size_t points = claim->points;
  if (points)
    snprintf (at, sizeof at, "at all %zu points", points);
  else
    snprintf (at, sizeof at, "at the program's values");
  const char *turned = ratio < 0 ? ", with the sign reversed" : "";
  double size = fabs (ratio);
  if (is_near (ratio, -1))
    snprintf (words, sizeof words, "the sign is reversed %s", at);
  for (size_t i = 0; !*words && i < sizeof named / sizeof *named; i++)
    if (is_near (size, named[i].value))
      snprintf (words, sizeof words, "%s %s%s", named[i].words, at, turned);
  /* One number alone is always some multiple of another. */
  bool telling = count > 2;
  enum reveal level = REVEAL_HINT;
  if (!*words && !telling)
    return false;
  if (!*words && find_length (claims, size, length))
    snprintf (words, sizeof words, "%.0f times the correct value %s%s; %.0f = %s", size, at, turned, size, length);
  if (!*words && find_length (claims, 1 / size, length))
    snprintf (words, sizeof words, "1/%.0f of the correct value %s%s; %.0f = %s", 1 / size, at, turned, 1 / size,
              length);
  if (!*words && is_near (1 / size, round (1 / size)))
    snprintf (words, sizeof words, "1/%.0f of the correct value %s%s", 1 / size, at, turned);
  if (!*words)
    {
      /* With this number the right one could be worked out. */
      level = REVEAL_ALL;
      number_print (number, size, 6);
      snprintf (words, sizeof words, "%s times the correct value %s%s", number, at, turned);
    }
  claim->cause = "ratio";
  claim->level = level;
  claim_say (claims, claim, words);
  return true;
}
