/* diagnose_second.c -- second derivatives in one number, from which a term of the product rule or of the chain rule is
   missing: of h(u, v) the second derivative is the sum of h_uu u'^2, 2 h_uv u' v', h_vv v'^2, h_u u'' and h_v v''. */
#include <math.h>
#include <string.h>

#include "base/heap.h"
#include "diagnose/diagnose.h"
#include "diagnose/search.h"
#include "ops/ops.h"
#include "tape/reverse.h"

enum second
{
#define SECOND(name, cause, words) SECOND_##name,
#include "diagnose/slips.def"
  SECONDS
};

static const struct
{
  const char *cause, *words;
} second_info[SECONDS] = {
#define SECOND(name, cause, words) { cause, words },
#include "diagnose/slips.def"
};

enum
{
  FITS = 64,
  STEPS = 2000 /* of a program; of a longer one none are looked at */
};

/* A term that is missing at a place. */
struct missing
{
  enum second second;
  uint32_t place;
  int operand;
  bool alive; /* without it the claim comes out at all points so far */
};

struct seconds
{
  struct claims *claims;
  struct claim *claim;
  struct replay replay;
  double *adjoints, *changes; /* by node: of the value, and the second derivatives of what there is */
  struct missing fits[FITS];
  size_t fit_count;
};

/* The second partial derivative of a step in two of its operands, from differences of the first one. */
static double
second_partial (const struct step *step, int i, int k)
{
  static const double WIDTHS[] = { 1e-3, 5e-4 };
  double slopes[2], x[STEP_OPERANDS] = { 0 };
  for (uint32_t j = 0; j < step->count; j++)
    x[j] = step->operands[j].number;
  for (int w = 0; w < 2; w++)
    {
      double at = x[k], width = WIDTHS[w] * fmax (fabs (at), 1e-3), partials[2];
      for (int side = 0; side < 2; side++)
        {
          x[k] = side ? at + width : at - width;
          double value = op_value ((enum op)step->op, x[0], x[1], x[2]);
          partials[side] = op_partial ((enum op)step->op, i, x[0], x[1], x[2], value, step_both_vary (step));
        }
      x[k] = at;
      slopes[w] = (partials[1] - partials[0]) / (2 * width);
    }
  return slopes[1] + (slopes[1] - slopes[0]) / 3;
}

static double
first_partial (const struct step *step, int k)
{
  const struct value *x = step->operands;
  return op_partial ((enum op)step->op, k, x[0].number, step->count > 1 ? x[1].number : 0,
                     step->count > 2 ? x[2].number : 0, step->result.number, step_both_vary (step));
}

static bool
is_plain (const struct step *step)
{
  bool plain = step->op < OPS && op_info[step->op].arity && value_is_number (&step->result);
  for (uint32_t k = 0; k < step->count && plain; k++)
    plain = value_is_number (&step->operands[k]);
  return plain;
}

static double
tangent (const struct seconds *seconds, const struct step *step, int k)
{
  return k < (int)step->count ? seconds->replay.tangents[step->operands[k].node] : 0;
}

/* The second derivative that a step adds of its own, by two operands; that which an operand of it has. */
static double
own_term (const struct seconds *seconds, const struct step *step, int i, int k)
{
  double both = tangent (seconds, step, i) * tangent (seconds, step, k);
  return both == 0 ? 0 : second_partial (step, i, k) * both;
}

static double
inner_term (const struct seconds *seconds, const struct step *step, int k)
{
  double change = k < (int)step->count ? seconds->changes[step->operands[k].node] : 0;
  return change == 0 ? 0 : first_partial (step, k) * change;
}

static const struct value *
value_in (const struct seconds *seconds)
{
  static const struct value nothing = { 0 };
  const struct run *run = &seconds->replay.again.run;
  const char *text = seconds->claim->value;
  uint32_t name = names_find (run->program->names, text, strlen (text));
  if (name == UINT32_MAX || program_variable (run->program, name)->slot == UINT32_MAX)
    return &nothing;
  return &area_of (&run->globals, struct value)[program_variable (run->program, name)->slot & REGISTER_MASK];
}

/* Adjoints and second derivatives of all values on the way; false when some are no numbers, or the claim's derivative
   does not come out. */
static bool
prepare (struct seconds *seconds, const struct sample *sample)
{
  const struct run *run = &seconds->replay.again.run;
  const struct value *value = value_in (seconds);
  size_t count = tape_count (run->tape), size;
  if (!value->node || !value_is_number (value) || trace_count (&seconds->replay.trace) > STEPS)
    return false;
  replay_tangents (&seconds->replay, seconds->claim);
  seconds->adjoints = heap_take_zeroed (run->memory, count, sizeof *seconds->adjoints, "the search for causes");
  seconds->changes = heap_take_zeroed (run->memory, count, sizeof *seconds->changes, "the search for causes");
  struct reverse reverse;
  reverse_from (&reverse, run->tape, value->node, NULL, 0);
  for (uint32_t node = 1; node < count; node++)
    if (!tape_is_array (run->tape, node, &size))
      reverse_read (&reverse, node, 1, &seconds->adjoints[node]);
  reverse_close (&reverse);
  for (size_t i = 1; i <= trace_count (&seconds->replay.trace); i++)
    {
      const struct step *step = trace_at (&seconds->replay.trace, i);
      double change = 0;
      for (int k = 0; k < (int)step->count && is_plain (step); k++)
        {
          change += inner_term (seconds, step, k);
          for (int j = 0; j < (int)step->count; j++)
            change += own_term (seconds, step, k, j);
        }
      seconds->changes[step->result.node] = change;
    }
  double found = seconds->changes[value->node];
  return seconds->replay.tangents && claim_agrees (seconds->claims, found, *sample->correct->elements, sample->scale);
}

/* What is missing from the second derivative, at one step; 0: nothing. */
static double
term_of (const struct seconds *seconds, const struct step *step, enum second second, int k)
{
  double adjoint = seconds->adjoints[step->result.node];
  switch (second)
    {
    case SECOND_MIXED_ONCE:
      return k ? 0 : adjoint * own_term (seconds, step, 0, 1);
    case SECOND_MIXED:
      return k ? 0 : 2 * adjoint * own_term (seconds, step, 0, 1);
    case SECOND_CURVED:
      return adjoint * own_term (seconds, step, k, k);
    case SECOND_UNSQUARED:
      {
        double slope = tangent (seconds, step, k);
        return slope == 0 ? 0 : adjoint * own_term (seconds, step, k, k) * (1 - 1 / slope);
      }
    default: /* INNER */
      return op_info[step->op].traits & LINEAR ? 0 : adjoint * inner_term (seconds, step, k);
    }
}

static bool
gives_claim (const struct seconds *seconds, const struct sample *sample, const struct missing *missing)
{
  const struct step *step = search_step (&seconds->replay, missing->place);
  if (!step || !is_plain (step))
    return false;
  double term = term_of (seconds, step, missing->second, missing->operand);
  return term != 0 && claim_gives (seconds->claims, seconds->claim, sample, 0, *sample->correct->elements - term);
}

/* One point; false when the program does not run there, or is none that this is for. */
static bool
try_point (struct seconds *seconds, struct points *points, const struct sample *sample, bool first)
{
  bool good = replay_open (&seconds->replay, points, sample->draw) && prepare (seconds, sample);
  uint32_t places = good && first ? (uint32_t)trace_places (&seconds->replay.trace) : 0;
  for (int second = 0; second < SECONDS; second++)
    for (uint32_t place = 0; place < places; place++)
      for (int k = 0; k < 2 && seconds->fit_count < FITS; k++)
        {
          struct missing missing = { (enum second)second, place, k, true };
          if (gives_claim (seconds, sample, &missing))
            seconds->fits[seconds->fit_count++] = missing;
        }
  for (size_t i = 0; i < seconds->fit_count && good && !first; i++)
    seconds->fits[i].alive = seconds->fits[i].alive && gives_claim (seconds, sample, &seconds->fits[i]);
  heap_give (seconds->adjoints);
  heap_give (seconds->changes);
  seconds->adjoints = seconds->changes = NULL;
  replay_close (&seconds->replay);
  return good;
}

/* The outermost of those of the simplest kind. */
static void
explain (struct seconds *seconds, struct points *points, size_t draw)
{
  struct claim *claim = seconds->claim;
  const struct missing *best = NULL;
  for (size_t i = 0; i < seconds->fit_count; i++)
    {
      const struct missing *fit = &seconds->fits[i];
      struct fit mine = { .place = fit->place }, other = { .place = best ? best->place : 0 };
      if (fit->alive && (!best || (fit->second == best->second && fit_is_better (seconds->claims, &mine, &other))))
        best = fit;
    }
  if (!best)
    return;
  if (replay_open (&seconds->replay, points, draw))
    {
      const struct step *step = search_step (&seconds->replay, best->place);
      bool product = best->second == SECOND_MIXED || best->second == SECOND_MIXED_ONCE;
      char *words = slip_filled (seconds->claims, step, second_info[best->second].words, best->operand);
      claim->cause = second_info[best->second].cause;
      claim->hint_span = run_span (seconds->claims->run, best->place);
      claim->hint = claim_text (seconds->claims, "you get this if in the second derivative %s; the rule is %s", words,
                                product ? "(u*v)'' = u''*v + 2*u'*v' + u*v''" : "f(u)'' = f''(u)*u'^2 + f'(u)*u''");
      heap_give (words);
    }
  replay_close (&seconds->replay);
}

bool
diagnose_second (struct claims *claims, struct claim *claim, struct points *points)
{
  size_t samples = claim_samples (claim), differing, first = search_first (claims, claim, samples, &differing);
  bool one = claim->value && claim->first && claim->samples[0].correct->size == 1 && !claim->part_count
             && strcmp (claim->first, claim->source) == 0;
  if (!one || points_are_long (points))
    return false;
  struct seconds *seconds = heap_take_zeroed (claims->memory, 1, sizeof *seconds, "the search for causes");
  *seconds = (struct seconds){ .claims = claims, .claim = claim };
  bool good = try_point (seconds, points, &claim->samples[first], true);
  for (size_t k = samples; k-- > 0 && good && seconds->fit_count;)
    if (claim->samples[k].usable && k != first)
      try_point (seconds, points, &claim->samples[k], false);
  if (good && (claim->mentions || seconds->fit_count == 1))
    explain (seconds, points, claim->samples[first].draw);
  points_reset (points);
  heap_give (seconds);
  return claim->hint != NULL;
}
