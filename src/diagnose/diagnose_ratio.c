/* diagnose_ratio.c -- claims that are a constant multiple of what is right. */
#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "diagnose/diagnose.h"

enum
{
  TEXT = 120,
  USUAL = 2 /* of the ratios that have a name */
};

/* The ratio of all that is not zero; false when it is not constant. Numbers are a `wanted` multiple to the digits
   typed. */
static bool
find_ratio (const struct claims *claims, const struct claim *claim, double wanted, double *ratio, size_t *count)
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
              if (!claim_gives (claims, claim, sample, i, correct))
                return false;
              continue;
            }
          if (!*count)
            *ratio = wanted != 0 ? wanted : given / correct;
          ++*count;
          if (!claim_gives (claims, claim, sample, i, *ratio * correct))
            return false;
        }
    }
  return *count > 0 && *ratio != 0 && isfinite (*ratio);
}

bool
diagnose_find_ratio (const struct claims *claims, const struct claim *claim, double *ratio, size_t *count)
{
  return find_ratio (claims, claim, 0, ratio, count);
}

static bool
is_near (double a, double b)
{
  return fabs (a - b) <= 1e-7 * fabs (b);
}

/* Whether lengths come into the formula: the claim names one, or the program has a mean. */
static bool
has_lengths (const struct claims *claims, const struct claim *claim)
{
  const struct program *program = claims->run->program;
  const struct instruction *code = area_of (&program->code, struct instruction);
  size_t count = area_count (&program->code, struct instruction);
  for (size_t i = 0; i < count; i++)
    if (code[i].code == CODE_ROUTINE
        && (code[i].op == OP_mean || code[i].op == OP_var || code[i].op == OP_std || code[i].op == OP_len
            || code[i].op == OP_size || code[i].op == OP_shape))
      return true;
  return claim->measures;
}

/* Whether a variable has a length: `len(y)`, `size(X)` or `shape(X)[1]`, in this order. */
static bool
has_length (const struct run *run, uint32_t name, int kind, double length, char text[TEXT])
{
  static const char *const forms[] = { "len(%.80s)", "size(%.80s)", "shape(%.80s)[1]" };
  const struct variable *variable = program_variable (run->program, name);
  if (!(variable->flags & (VARIABLE_ASSIGNED | VARIABLE_DEFINED)) || variable->slot == UINT32_MAX)
    return false;
  const struct value *value = &area_of (&run->globals, struct value)[variable->slot & REGISTER_MASK];
  if (value->kind != KIND_ARRAY || value->array->shape.rank <= kind - (kind == 1))
    return false;
  size_t extent = kind == 1 ? value->array->size : value->array->shape.extent[kind == 2];
  if (extent < 2 || !is_near (length, (double)extent))
    return false;
  snprintf (text, TEXT, forms[kind], names_text (run->program->names, name));
  return true;
}

/* A length of an array of the program, of the one that the claim differentiates by if that has it; false when none is
   that. */
static bool
find_length (const struct claims *claims, const struct claim *claim, double length, char text[TEXT])
{
  const struct run *run = claims->run;
  uint32_t count = (uint32_t)area_count (&run->program->variables, struct variable);
  for (int kind = 0; kind < 3; kind++)
    {
      if (claim->source_name < count && has_length (run, claim->source_name, kind, length, text))
        return true;
      for (uint32_t name = 0; name < count; name++)
        if (has_length (run, name, kind, length, text))
          return true;
    }
  return false;
}

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

static const char *
name_of (double size)
{
  for (size_t i = 0; i < sizeof named / sizeof *named; i++)
    if (is_near (size, named[i].value))
      return named[i].words;
  return NULL;
}

/* The ratio of a claim: of a formula whatever it is, of numbers one that has a name where the digits leave several. */
static bool
find_any_ratio (const struct claims *claims, const struct claim *claim, bool enough, double *ratio, size_t *count)
{
  /* Few digits are a multiple by something or other: then twice or half it is. */
  size_t possible = enough ? sizeof named / sizeof *named : USUAL;
  bool exact = find_ratio (claims, claim, 0, ratio, count);
  if (!claim->off || (exact && (is_near (*ratio, -1) || name_of (fabs (*ratio)))))
    return exact;
  double wanted = *ratio;
  if (find_ratio (claims, claim, -1, ratio, count))
    return true;
  for (size_t i = 0; i < 2 * possible; i++)
    if (find_ratio (claims, claim, i % 2 ? -named[i / 2].value : named[i / 2].value, ratio, count))
      return true;
  /* Any other number is known as exactly as the digits are. */
  bool rounded = false;
  for (size_t i = 0; i < claim->samples[0].given->size; i++)
    rounded |= claim->off[i] > 0;
  return exact && !rounded && find_ratio (claims, claim, wanted, ratio, count);
}

bool
diagnose_ratio (struct claims *claims, struct claim *claim, bool enough)
{
  double ratio = 0;
  size_t count;
  char words[8 * TEXT] = "", length[TEXT], number[NUMBER_SIZE], at[TEXT];
  if (!find_any_ratio (claims, claim, enough, &ratio, &count) || is_near (ratio, 1))
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
  else if (name_of (size))
    snprintf (words, sizeof words, "%s %s%s", name_of (size), at, turned);
  /* One number alone is always some multiple of another. */
  bool telling = count > 2;
  enum reveal level = REVEAL_HINT;
  if (!*words && !telling)
    return false;
  /* A number may be a length by chance. */
  bool lengths = !*words && has_lengths (claims, claim);
  if (lengths && find_length (claims, claim, size, length))
    snprintf (words, sizeof words, "%.0f times the correct value %s%s; %.0f = %s", size, at, turned, size, length);
  else if (lengths && find_length (claims, claim, 1 / size, length))
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
