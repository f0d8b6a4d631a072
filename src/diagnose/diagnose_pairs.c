/* diagnose_pairs.c -- two wrong rules in two places, where no single one explains a formula.

   Slips that make the same of the gradient are one class, of which the best stands for all; what is tried is each pair
   of classes. */
#include <setjmp.h>
#include <string.h>

#include "base/heap.h"
#include "diagnose/diagnose.h"
#include "diagnose/search.h"
#include "ops/ops.h"

enum
{
  CLASSES = 64,
  FITS = 64,
  STEPS = 400, /* of a small program */
  POINTS = 5   /* fewer say too little */
};

/* The slips that people make two of. */
static const enum slip common[]
  = { SLIP_FACTOR,   SLIP_DROP,   SLIP_MEAN,   SLIP_SIGN,      SLIP_SLOPE_SIGN, SLIP_TURNED,     SLIP_ZERO,
      SLIP_EXPONENT, SLIP_OUTPUT, SLIP_SQUARE, SLIP_TRANSPOSE, SLIP_KEPT_SIGN,  SLIP_FIRST_SIDE, SLIP_SECOND_SIDE };

struct class
{
  struct fit fit;
  struct array *gradient; /* what it makes of it, at the first point */
};

struct pair
{
  struct fit first, second;
  bool alive;
};

struct pairs
{
  struct claims *claims;
  struct claim *claim;
  struct replay replay;
  struct class classes[CLASSES];
  size_t class_count;
  struct pair fits[FITS];
  size_t fit_count;
};

/* The constant factor that people forget is that of a power. */
static bool
is_common (const struct step *step, enum slip slip)
{
  return slip != SLIP_FACTOR || step->op == OP_square || op_is_power (step->op);
}

/* Whether a slip takes a function with a kink for one of its pieces: on that piece it changes nothing, elsewhere it
   does. */
static bool
forgets_kink (const struct step *step, enum slip slip)
{
  return slip == SLIP_FIRST_SIDE || slip == SLIP_SECOND_SIDE
         || (slip == SLIP_DROP && (step->op == OP_relu || step->op == OP_abs || step->op == OP_hard_tanh));
}

static struct array *
gradient_now (struct pairs *pairs)
{
  return claim_correct (pairs->claim, &pairs->replay.again.run, pairs->replay.again.run.arrays);
}

/* Puts a slip into its class. */
static void
classify (struct pairs *pairs, const struct sample *sample, const struct step *step, const struct fit *fit)
{
  struct arrays *arrays = pairs->replay.again.run.arrays;
  struct array *gradient
    = slip_apply (&pairs->replay, fit->slip, fit->place, fit->operand) ? gradient_now (pairs) : NULL;
  slip_undo (&pairs->replay);
  if (!gradient)
    return;
  bool nothing = claim_agrees_all (pairs->claims, gradient, sample->correct, sample->scale);
  bool known = nothing && !forgets_kink (step, fit->slip);
  for (size_t i = 0; i < pairs->class_count && !nothing && !known; i++)
    if (claim_agrees_all (pairs->claims, gradient, pairs->classes[i].gradient, sample->scale))
      {
        known = true;
        if (fit_is_better (pairs->claims, fit, &pairs->classes[i].fit))
          pairs->classes[i].fit = *fit;
      }
  if (known || pairs->class_count == CLASSES)
    array_drop (arrays, gradient);
  else
    pairs->classes[pairs->class_count++] = (struct class){ *fit, gradient };
}

static void
find_classes (struct pairs *pairs, const struct sample *sample)
{
  const struct replay *replay = &pairs->replay;
  unsigned char *path = search_path (replay, pairs->claim);
  for (uint32_t place = 0; place < trace_places (&replay->trace); place++)
    {
      const struct step *step = search_step (replay, place);
      if (!step || !path[step->result.node])
        continue;
      for (size_t k = 0; k < sizeof common / sizeof *common; k++)
        for (int operand = 0; operand < (slip_info[common[k]].joint ? 1 : (int)step->count); operand++)
          {
            struct fit fit = { common[k], operand, step->place, ALONE, true };
            if (is_common (step, common[k]) && (slip_info[common[k]].joint || step->operands[operand].node)
                && slip_is_sayable (pairs->claims, fit.slip, fit.place, fit.operand))
              classify (pairs, sample, step, &fit);
          }
    }
  heap_give (path);
}

static bool
gives_claim (struct pairs *pairs, const struct sample *sample, const struct pair *pair)
{
  struct replay *replay = &pairs->replay;
  struct array *gradient = NULL;
  if (slip_apply (replay, pair->first.slip, pair->first.place, pair->first.operand)
      && slip_apply (replay, pair->second.slip, pair->second.place, pair->second.operand))
    gradient = gradient_now (pairs);
  slip_undo (replay);
  bool same = claim_agrees_all (pairs->claims, sample->given, gradient, sample->scale);
  array_drop (replay->again.run.arrays, gradient);
  return same;
}

/* Of a constant multiple no factor is left out beside a divisor: that is one constant, of which a part was
   forgotten. */
static void
try_pairs (struct pairs *pairs, const struct sample *sample)
{
  bool multiple = pairs->claim->cause && strcmp (pairs->claim->cause, "ratio") == 0;
  for (size_t i = 0; i < pairs->class_count; i++)
    for (size_t k = i + 1; k < pairs->class_count && pairs->fit_count < FITS; k++)
      {
        struct pair pair = { pairs->classes[i].fit, pairs->classes[k].fit, true };
        enum slip one = pair.first.slip, other = pair.second.slip;
        bool drops = one == SLIP_DROP || other == SLIP_DROP;
        if ((drops && one == other) || (multiple && drops && (one == SLIP_FACTOR || other == SLIP_FACTOR)))
          continue;
        if (pair.first.place != pair.second.place && gives_claim (pairs, sample, &pair))
          pairs->fits[pairs->fit_count++] = pair;
      }
}

/* One point; false when the program does not run there. */
static bool
try_point (struct pairs *pairs, struct points *points, const struct sample *sample, bool first)
{
  struct memory *memory = pairs->claims->memory;
  jmp_buf *outer = memory->stop, stop;
  bool good = replay_open (&pairs->replay, points, sample->draw);
  good = good && trace_count (&pairs->replay.trace) <= STEPS;
  memory->stop = &stop;
  if (good && setjmp (stop) == 0)
    {
      if (first)
        {
          find_classes (pairs, sample);
          try_pairs (pairs, sample);
        }
      for (size_t i = 0; i < pairs->fit_count && !first; i++)
        pairs->fits[i].alive = pairs->fits[i].alive && gives_claim (pairs, sample, &pairs->fits[i]);
    }
  else if (good)
    pairs->fit_count = 0;
  memory->stop = outer;
  replay_close (&pairs->replay);
  return good;
}

static void
explain (struct pairs *pairs, struct points *points, const struct pair *pair)
{
  struct claims *claims = pairs->claims;
  if (replay_open (&pairs->replay, points, POINTS_OWN))
    {
      const struct step *first = search_step (&pairs->replay, pair->first.place),
                        *second = search_step (&pairs->replay, pair->second.place);
      if (first && second)
        {
          struct span there;
          char *one = slip_words (claims, first, pair->first.slip, pair->first.operand, &pairs->claim->hint_span);
          char *two = slip_words (claims, second, pair->second.slip, pair->second.operand, &there);
          struct place place = sources_place (claims->run->diagnostics->sources, there.start);
          pairs->claim->cause = "two";
          pairs->claim->hint
            = claim_text (claims, "you get this if %s%s, and at %zu:%zu %s",
                          pairs->claim->value ? "in the second derivative " : "", one, place.line, place.column, two);
          heap_give (one);
          heap_give (two);
        }
    }
  replay_close (&pairs->replay);
}

/* Whether an answer says too little: a name alone, or hardly more, is what is left after two slips, and what somebody
   writes who has not tried. */
static bool
says_little (const struct claims *claims, const struct claim *claim)
{
  const char *text = sources_text (claims->run->diagnostics->sources, claim->right);
  int signs = 0;
  for (size_t i = 0; i < claim->right.length; i++)
    signs += strchr ("+-*/^@%([?", text[i]) != NULL;
  return signs < (claim->mentioned_count > 1 ? 1 : 3);
}

bool
diagnose_pairs (struct claims *claims, struct claim *claim, struct points *points)
{
  if (!claim->mentions || claim->points < POINTS || points_are_long (points) || says_little (claims, claim))
    return false;
  struct pairs *pairs = heap_take_zeroed (claims->memory, 1, sizeof *pairs, "the search for causes");
  size_t tested = 0;
  *pairs = (struct pairs){ .claims = claims, .claim = claim };
  size_t differing, first = search_first (claims, claim, claim->sample_count, &differing);
  if (differing >= POINTS)
    tested += try_point (pairs, points, &claim->samples[first], true);
  for (size_t k = claim->sample_count; k-- > 0 && tested && pairs->fit_count;)
    if (claim->samples[k].usable && k != first)
      try_point (pairs, points, &claim->samples[k], false);
  const struct pair *only = NULL;
  size_t left = 0;
  for (size_t i = 0; i < pairs->fit_count; i++)
    if (pairs->fits[i].alive)
      {
        only = &pairs->fits[i];
        left++;
      }
  /* Where another pair gives the same, neither is known to be what was done. */
  if (left == 1)
    explain (pairs, points, only);
  points_reset (points);
  heap_give (pairs);
  return claim->hint != NULL;
}
