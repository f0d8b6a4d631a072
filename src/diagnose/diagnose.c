/* diagnose.c -- why a claim is wrong, the simplest explanation first. */
#include "diagnose/diagnose.h"

#include <math.h>
#include <string.h>

#include "base/heap.h"
#include "check/trial.h"

/* How far off the numbers of a claim are at most. Whether they say enough: few digits agree with something by accident.
 */
static bool
says_enough (struct claims *claims, struct claim *claim)
{
  enum
  {
    DIGITS = 3, /* of one number */
    ALL = 4     /* of all together */
  };
  const struct array *given = claim->samples[0].given;
  int most = 0, sum = 0;
  if (claim->mentions)
    return true;
  claim->off = heap_take_zeroed (claims->memory, given->size + 1, sizeof *claim->off, "the claims");
  int *digits = heap_take_zeroed (claims->memory, given->size + 1, sizeof *digits, "the claims");
  const char *text = sources_text (claims->run->diagnostics->sources, claim->right);
  bool typed = claim_digits (text, claim->right.length, given->size, claim->off, digits);
  for (size_t i = 0; i < given->size; i++)
    {
      claim->off[i] = typed ? claim->off[i] : 0;
      if (given->elements[i] == 0)
        continue;
      sum += digits[i];
      most = digits[i] > most ? digits[i] : most;
    }
  heap_give (digits);
  return !typed || most >= DIGITS || sum >= ALL;
}

/* Zeros, or what rounding leaves of them, are explained by too much. */
static bool
is_zero (const struct claim *claim, bool given)
{
  static const double SLACK = 1e-9;
  for (size_t k = 0; k < claim_samples (claim); k++)
    {
      const struct sample *sample = &claim->samples[k];
      const struct array *array = given ? sample->given : sample->correct;
      for (size_t i = 0; array && i < array->size; i++)
        if (!(fabs (array->elements[i]) <= SLACK * sample->scale))
          return false;
    }
  return true;
}

/* Ones are the derivative in whatever is a term of the target. */
static bool
leave_ones (struct claims *claims, struct claim *claim, struct points *points)
{
  (void)claims, (void)points;
  for (size_t k = 0; k < claim_samples (claim); k++)
    for (size_t i = 0; claim->samples[k].usable && i < claim->samples[k].given->size; i++)
      if (fabs (claim->samples[k].given->elements[i]) != 1)
        return false;
  return true;
}

/* The ratio of a claim to what is right is told; what makes it has a place, in the program or in the answer. */
static bool
search_factor (struct claims *claims, struct claim *claim, struct points *points, const struct factor *factor)
{
  return !claim->jacobian
         && ((factor && diagnose_factor (claims, claim, points, factor))
             || diagnose_edits (claims, claim, points, EDITS_ALL));
}

static bool
search_constant (struct claims *claims, struct claim *claim, struct points *points)
{
  double ratio;
  size_t count;
  if (!claim->mentions || !diagnose_find_ratio (claims, claim, &ratio, &count))
    return false;
  if (ratio < 0)
    return search_factor (claims, claim, points, NULL);
  double number = ratio < 1 ? 1 / ratio : ratio;
  struct factor factor = { UINT32_MAX, fabs (number - round (number)) < 1e-7 * number ? round (number) : number,
                           ratio < 1 ? -1 : 1 };
  return search_factor (claims, claim, points, &factor);
}

/* A constant ratio is a message already, and no hint is asked for. */
static bool
leave_constant (struct claims *claims, struct claim *claim, struct points *points)
{
  (void)claims, (void)points;
  return claim->level <= REVEAL_HINT;
}

static bool
search_multiple (struct claims *claims, struct claim *claim, struct points *points)
{
  struct factor factor;
  bool found = diagnose_multiple (claims, claim, points, &factor);
  if (found)
    search_factor (claims, claim, points, &factor);
  return found;
}

static bool
search_reversed (struct claims *claims, struct claim *claim, struct points *points)
{
  (void)points;
  return diagnose_reversed (claims, claim);
}

static bool
search_swapped (struct claims *claims, struct claim *claim, struct points *points)
{
  if (!diagnose_swapped (claims, claim, points))
    return false;
  /* Other changes are simpler: b in the place of 1 - b is no swap. */
  struct claim swapped = *claim;
  claim->hint = NULL;
  if (diagnose_edits (claims, claim, points, EDITS_NOT_NAMES))
    heap_give (swapped.hint);
  else
    claim->hint = swapped.hint;
  return true;
}

static bool
leave_zero (struct claims *claims, struct claim *claim, struct points *points)
{
  (void)claims, (void)points;
  return is_zero (claim, false);
}

static bool
search_edits (struct claims *claims, struct claim *claim, struct points *points)
{
  return diagnose_edits (claims, claim, points, EDITS_ALL);
}

/* What a claim has to be for a cause to be looked for. */
enum need
{
  NEEDS_NOTHING = 0,
  NEEDS_USABLE = 1 << 0,   /* it is a number at the program's values, and so is what is right ... */
  NEEDS_SHAPE = 1 << 1,    /* ... of the same shape */
  NEEDS_GRADIENT = 1 << 2, /* no Jacobian */
  NEEDS_RATIO = 1 << 3     /* a constant multiple of what is right */
};

/* A slip in the program, the simplest first, then in the answer, then something that is no slip: the first that finds a
   cause, or leaves the claim without one, is the last that is asked. */
static const struct
{
  bool (*search) (struct claims *claims, struct claim *claim, struct points *points);
  unsigned needs;
} causes[] = {
  { diagnose_second, NEEDS_SHAPE },
  { diagnose_rules, NEEDS_SHAPE },
  { diagnose_second_sign, NEEDS_SHAPE },
  { diagnose_run, NEEDS_SHAPE | NEEDS_GRADIENT },
  { leave_ones, NEEDS_NOTHING },
  { search_constant, NEEDS_RATIO },
  { leave_constant, NEEDS_RATIO },
  /* An answer that is right for another variable is often no swap of names: without the factor x, dloss/dw is
     dloss/db. */
  { diagnose_diagonal, NEEDS_SHAPE },
  { diagnose_unfinished, NEEDS_USABLE | NEEDS_GRADIENT },
  { search_multiple, NEEDS_SHAPE },
  { search_reversed, NEEDS_SHAPE },
  { search_swapped, NEEDS_NOTHING },
  { leave_zero, NEEDS_GRADIENT },
  { search_edits, NEEDS_GRADIENT },
  { diagnose_symmetric, NEEDS_SHAPE | NEEDS_GRADIENT },
  { diagnose_absent, NEEDS_SHAPE | NEEDS_GRADIENT },
  { diagnose_lacking, NEEDS_SHAPE | NEEDS_GRADIENT },
  { diagnose_pairs, NEEDS_SHAPE | NEEDS_GRADIENT },
};

static void
search_causes (struct claims *claims, struct claim *claim, struct points *points, bool enough)
{
  const struct sample *base = &claim->samples[0];
  double *off = claim->off;
  claim->off = enough ? off : NULL;
  bool shaped = diagnose_shape (claims, claim);
  claim->off = off;
  if (shaped)
    return;
  bool same = base->usable && shape_equal (&base->given->shape, &base->correct->shape);
  if (same && diagnose_rounded (claims, claim))
    return;
  unsigned has = (base->usable ? NEEDS_USABLE : 0) | (same ? NEEDS_SHAPE : 0) | (claim->jacobian ? 0 : NEEDS_GRADIENT)
                 | (same && diagnose_ratio (claims, claim, enough) ? NEEDS_RATIO : 0);
  for (size_t i = 0; enough && i < sizeof causes / sizeof *causes; i++)
    if (!(causes[i].needs & ~has) && causes[i].search (claims, claim, points))
      return;
}

static bool
is_variable (const struct claims *claims, const char *name, size_t size)
{
  uint32_t number = names_find (claims->run->program->names, name, size);
  return number != UINT32_MAX && program_variable (claims->run->program, number)->slot != UINT32_MAX;
}

/* loss/w is a value like others, but who writes it as an answer may have left out the d of dloss/dw. */
static void
diagnose_quotient (struct claims *claims, struct claim *claim)
{
  const char *slash = claim->source ? NULL : strchr (claim->target, '/');
  size_t size = slash ? (size_t)(slash - claim->target) : 0;
  if (claim->verdict != VERDICT_WRONG || !slash || !is_variable (claims, claim->target, size)
      || !is_variable (claims, slash + 1, strlen (slash + 1)))
    return;
  claim->hint = claim_text (claims, "this is about the quotient of two values; the derivative is written d%.*s/d%s",
                            (int)size, claim->target, slash + 1);
}

/* Whether a cause of what a claim says is looked for. */
static bool
is_looked_at (const struct claim *claim)
{
  const struct sample *base = &claim->samples[0];
  return claim->verdict == VERDICT_WRONG && !claim->none && claim->source && base->given && base->correct
         && !is_zero (claim, true);
}

bool
diagnose_slip (struct claims *claims, struct claim *claim, struct points *points)
{
  return diagnose_rules (claims, claim, points) || diagnose_edits (claims, claim, points, EDITS_VALUES);
}

/* What a loop begins with stands as a number in an answer, which cannot name it: while that is held, a slip may be
   found. */
static void
search_held (struct claims *claims, struct claim *claim, struct points *points)
{
  size_t held = 0;
  points_release (points);
  for (size_t i = 0; i < points->input_count; i++)
    {
      struct point_input *input = &points->inputs[i];
      bool past = claim_is_past (claims->run, input) && input->name != claim->source_name;
      input->held = past;
      held += past;
    }
  if (held)
    claim_find_twin (claims, claim, points);
  points_release (points);
}

void
diagnose_claims (struct claims *claims)
{
  bool any = false;
  for (size_t i = 0; i < claims->count; i++)
    {
      diagnose_quotient (claims, &claims->list[i]);
      any |= is_looked_at (&claims->list[i]);
    }
  if (any)
    claims_look_further (claims);
  for (size_t i = 0; i < claims->count; i++)
    {
      struct claim *claim = &claims->list[i];
      if (!is_looked_at (claim))
        continue;
      size_t compared = claim->points;
      search_causes (claims, claim, claims->points, says_enough (claims, claim));
      /* Who writes sqrt(y/x) for y/sqrt(x*y) speaks of the side of the domain where the program's values are. */
      if (!claim->hint && !claim->cause && claim->mentions && !points_are_long (claims->points)
          && claim_leave_beyond (claim, claims->points))
        search_causes (claims, claim, claims->points, true);
      if (!claim->hint && !claim->cause && claim->mentions && !points_are_long (claims->points))
        search_held (claims, claim, claims->points);
      if (!claim->hint && !claim->cause && claim->mentions && !claim->jacobian && !points_are_long (claims->points))
        diagnose_rounded_value (claims, claim, claims->points);
      claim->points = compared;
      claims->cut |= claims->points->unheard;
      heap_give (claim->off);
      claim->off = NULL;
    }
}
