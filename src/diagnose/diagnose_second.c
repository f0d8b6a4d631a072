/* diagnose_second.c -- second derivatives in numbers, from which a term of the product rule or of the chain rule is
   missing, or has the other sign: of h(u, v) the second derivative in x and y is the sum of h_uu u_x u_y,
   h_uv (u_x v_y + u_y v_x), h_vv v_x v_y, h_u u_xy and h_v v_xy. */
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
  double *tangents;           /* by node, in the claim's first variable; in its source the replay has them */
  bool same;                  /* both are one */
  unsigned from, end;         /* the kinds that are tried */
  struct missing fits[FITS];
  size_t fit_count;
};

static double
second_partial (const struct step *step, int i, int k)
{
  double x[STEP_OPERANDS] = { 0 };
  for (uint32_t j = 0; j < step->count; j++)
    x[j] = step->operands[j].number;
  return slip_second_partial (step->op, i, k, x, step_both_vary (step));
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
tangent (const double *tangents, const struct step *step, int k)
{
  return k < (int)step->count ? tangents[step->operands[k].node] : 0;
}

/* The second derivative that a step adds of its own, by two operands; that which an operand of it has. */
static double
own_term (const struct seconds *seconds, const struct step *step, int i, int k)
{
  double both = tangent (seconds->tangents, step, i) * tangent (seconds->replay.tangents, step, k);
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

/* The tangents of numbers in the claim's first variable, a block of the heap. */
static double *
find_tangents (const struct seconds *seconds)
{
  const struct run *run = &seconds->replay.again.run;
  const struct value *source = &area_of (&run->wanted, struct noted)[seconds->claim->wanted + 1].value;
  size_t count = tape_count (run->tape), size;
  double *tangents = heap_take_zeroed (run->memory, count, sizeof *tangents, "the search for causes");
  if (!value_is_number (source) || !source->node)
    return tangents;
  struct forward forward;
  forward_open (&forward, run->tape);
  forward_seed (&forward, source->node, (const double[]){ 1 });
  forward_run (&forward, (uint32_t)count - 1);
  for (uint32_t node = 1; node < count; node++)
    if (!tape_is_array (run->tape, node, &size))
      forward_read (&forward, node, 1, &tangents[node]);
  forward_close (&forward);
  return tangents;
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
  seconds->tangents = find_tangents (seconds);
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
      for (int k = 0; k < (int)step->count && is_plain (step) && seconds->replay.tangents; k++)
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

/* By how much the second derivative is off, at one step; 0: not at all. */
static double
term_of (const struct seconds *seconds, const struct step *step, enum second second, int k)
{
  double adjoint = seconds->adjoints[step->result.node];
  switch (second)
    {
    case SECOND_MIXED_ONCE:
      return k || !seconds->same ? 0 : adjoint * own_term (seconds, step, 0, 1);
    case SECOND_MIXED_ONE:
      return seconds->same ? 0 : adjoint * own_term (seconds, step, k, 1 - k);
    case SECOND_MIXED:
      {
        double one = own_term (seconds, step, 0, 1), other = own_term (seconds, step, 1, 0);
        return k || one == 0 || other == 0 ? 0 : adjoint * (one + other);
      }
    case SECOND_CURVED:
      return adjoint * own_term (seconds, step, k, k);
    case SECOND_FLIPPED:
      return 2 * adjoint * own_term (seconds, step, k, k);
    case SECOND_UNSQUARED:
      {
        double slope = tangent (seconds->replay.tangents, step, k);
        return slope == 0 || !seconds->same ? 0 : adjoint * own_term (seconds, step, k, k) * (1 - 1 / slope);
      }
    case SECOND_ONCE:
      {
        uint32_t node = step->result.node;
        double slope = k ? seconds->tangents[node] : seconds->replay.tangents[node];
        return node == value_in (seconds)->node ? seconds->changes[node] - slope : 0;
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
  for (unsigned second = seconds->from; second < seconds->end; second++)
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
  heap_give (seconds->tangents);
  seconds->adjoints = seconds->changes = seconds->tangents = NULL;
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
      bool product
        = best->second == SECOND_MIXED || best->second == SECOND_MIXED_ONCE || best->second == SECOND_MIXED_ONE;
      char *words = slip_filled (seconds->claims, step, second_info[best->second].words, best->operand);
      claim->cause = second_info[best->second].cause;
      claim->hint_span = run_span (seconds->claims->run, best->place);
      static const char *const rules[2][2]
        = { { "f(u)'' = f''(u)*u'^2 + f'(u)*u''", "(u*v)'' = u''*v + 2*u'*v' + u*v''" },
            { "d2f(u)/dxdy = f''(u)*du/dx*du/dy + f'(u)*d2u/dxdy",
              "d2(u*v)/dxdy = d2u/dxdy*v + du/dx*dv/dy + du/dy*dv/dx + u*d2v/dxdy" } };
      claim->hint = claim_text (seconds->claims, "you get this if in the second derivative %s; the rule is %s", words,
                                rules[!seconds->same][product]);
      heap_give (words);
    }
  replay_close (&seconds->replay);
}

static bool
search (struct claims *claims, struct claim *claim, struct points *points, unsigned from, unsigned end)
{
  size_t samples = claim_samples (claim), differing, first = search_first (claims, claim, samples, &differing);
  bool one = claim->value && claim->first && claim->samples[0].correct->size == 1 && !claim->part_count
             && !strchr (claim->target, '[');
  if (!one || points_are_long (points))
    return false;
  struct seconds *seconds = heap_take_zeroed (claims->memory, 1, sizeof *seconds, "the search for causes");
  *seconds = (struct seconds){
    .claims = claims, .claim = claim, .same = strcmp (claim->first, claim->source) == 0, .from = from, .end = end
  };
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

bool
diagnose_second (struct claims *claims, struct claim *claim, struct points *points)
{
  return search (claims, claim, points, 0, SECOND_FLIPPED);
}

bool
diagnose_second_sign (struct claims *claims, struct claim *claim, struct points *points)
{
  return search (claims, claim, points, SECOND_FLIPPED, SECONDS);
}
