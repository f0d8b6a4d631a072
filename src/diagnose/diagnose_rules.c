/* diagnose_rules.c -- one wrong rule in one place of the program that gives the claim at every point.

   At one point every rule that could be wrong is replaced in turn and the sweep made again; what gives the claim there
   is tried at all other points. A search through a long program is cut after so many steps, never after so much time,
   so that the same command gives the same report. */
#include <math.h>
#include <setjmp.h>
#include <string.h>

#include "base/heap.h"
#include "diagnose/diagnose.h"
#include "diagnose/search.h"
#include "ops/ops.h"
#include "tape/reverse.h"

enum
{
  FITS = 256,    /* that are followed further */
  TWO = 2,       /* points */
  MANY = 8000,   /* instructions in loops */
  LIKEWISE = 120 /* bytes */
};

/* Links and elements that sweeps may pass: in any program; in a long one so many, and more for each instruction. */
static const size_t PATIENCE = 300000000, PATIENCE_LONG = 5000000, PATIENCE_EACH = 10, PATIENCE_MOST = 12000000;

struct search
{
  struct claims *claims;
  struct claim *claim;
  struct points *points;
  struct replay replay;
  unsigned char *path; /* of the replay: what the claim is about */
  struct fit fits[FITS];
  size_t fit_count;
  size_t patience;
  double *adjoints; /* of numbers, by node, in the first run; where the source is an array, NULL */
};

/* Whether the tape as it is now gives the claim. */
static bool
gives_claim (const struct search *search, const struct sample *sample)
{
  struct arrays *arrays = search->replay.again.run.arrays;
  struct array *gradient = claim_correct (search->claim, &search->replay.again.run, arrays);
  bool same = claim_is_given (search->claims, search->claim, sample, gradient);
  array_drop (arrays, gradient);
  return same;
}

static bool
try (struct search *search, const struct sample *sample, const struct fit *fit)
{
  /* Where the run does not come to the place the slip is not made. */
  if (!search_step (&search->replay, fit->place))
    return gives_claim (search, sample);
  bool fits = fit_apply (search->claims, &search->replay, search->path, fit);
  if (fits)
    fits = gives_claim (search, sample);
  slip_undo (&search->replay);
  return fits;
}

/* The adjoints of all numbers, where the source is one too. */
static double *
find_adjoints (const struct search *search)
{
  const struct run *run = &search->replay.again.run;
  uint32_t target = claim_target_in (search->claim, run)->node;
  size_t count = tape_count (run->tape), size;
  if (!search->replay.tangents || !value_is_number (claim_source_in (search->claim, run)))
    return NULL;
  double *adjoints = heap_take_zeroed (run->memory, count, sizeof *adjoints, "the search for causes");
  struct reverse reverse;
  reverse_from (&reverse, run->tape, target, NULL, 0);
  for (uint32_t node = 1; node < count; node++)
    if (!tape_is_array (run->tape, node, &size))
      reverse_read (&reverse, node, 1, &adjoints[node]);
  reverse_close (&reverse);
  return adjoints;
}

/* Of a step of numbers that the run came to once, what a slip makes of the gradient can be told without a sweep: that
   is linear in each link. Whether it can't be the claim. */
static bool
is_hopeless (const struct search *search, const struct step *step, const struct fit *fit, const struct sample *sample)
{
  double tangent[STEP_OPERANDS] = { 0 }, partial, gradient = sample->correct->elements[0];
  struct slip_element element;
  if (!search->adjoints || step->op >= OPS || !op_info[step->op].arity || step->result.kind != KIND_REAL)
    return false;
  for (uint32_t k = 0; k < step->count; k++)
    if (!value_is_number (&step->operands[k]))
      return false;
  slip_element_of (&search->replay, step, &element, tangent);
  for (int k = 0; k < (int)step->count; k++)
    {
      if (!step->operands[k].node || !(slip_info[fit->slip].joint || k == fit->operand))
        continue;
      if (!slip_partial (fit->slip, step->op, k, &element, &partial))
        return true;
      double right
        = op_partial ((enum op)step->op, k, element.x[0], element.x[1], element.x[2], element.v, element.both);
      gradient += search->adjoints[step->result.node] * (partial - right) * tangent[k];
    }
  double given = sample->given->elements[0];
  double off = search->claim->off ? *search->claim->off : 0;
  return isfinite (gradient) && fabs (gradient - given) > off + 1e-3 * (fabs (given) + fabs (gradient) + sample->scale);
}

static bool
is_reversed (const struct search *search, const struct sample *sample)
{
  for (size_t i = 0; i < sample->given->size; i++)
    if (i >= sample->correct->size
        || !claim_gives (search->claims, search->claim, sample, i, -sample->correct->elements[i]))
      return false;
  return true;
}

/* Whether a slip can be made in a step at all like places: not where the function is no more than how terms are put
   together, unless the text is the same, or the claim is reversed as a whole, and each of its signs with it. */
static bool
may_be_like (const struct step *step, enum slip slip, enum likeness like, bool reversed)
{
  if (like != LIKE_FUNCTION || (reversed && slip == SLIP_SIGN))
    return true;
  bool joins = step->op == OP_add || step->op == OP_subtract || step->op == OP_multiply || step->op == OP_negate
               || (step->op == OP_divide && slip == SLIP_DROP) || step->op >= OPS;
  return slip != SLIP_ZERO && !joins;
}

/* Whether two sides of a difference can change places: who does that differentiates both, or has one of them by name,
   as a prediction and what was measured. */
static bool
may_be_turned (const struct search *search, const struct step *step)
{
  bool both = true, named = false;
  for (int k = 0; k < 2; k++)
    {
      struct span span = slip_operand (search->claims, step->place, k);
      const char *text = sources_text (search->claims->run->diagnostics->sources, span);
      both &= search->path[step->operands[k].node] != 0;
      named |= span.start && names_is_name (text, span.length);
    }
  return both || named;
}

/* Tries one slip at one point; false when the search has gone on for too long. */
static bool
try_fit (struct search *search, const struct sample *sample, const struct fit *fit, size_t cost)
{
  if (search->patience < cost || search->fit_count == FITS)
    {
      search->claims->cut = true;
      return false;
    }
  search->patience -= cost / 4;
  if (!fit_apply (search->claims, &search->replay, search->path, fit))
    return true;
  search->patience -= cost - cost / 4;
  bool fits = gives_claim (search, sample);
  slip_undo (&search->replay);
  if (fits && slip_is_sayable (search->claims, fit->slip, fit->place, fit->operand))
    search->fits[search->fit_count++] = *fit;
  return true;
}

/* Whether a slip in an operand is what somebody does who writes such a claim. */
static bool
may_be_told (const struct search *search, const struct step *step, enum slip slip, int operand, bool reversed)
{
  const struct claim *claim = search->claim;
  const unsigned char *path = search->path;
  bool both = step->count == 2 && path[step->operands[0].node] && path[step->operands[1].node];
  switch (slip)
    {
    case SLIP_TERM_SIGN: /* of a claim that is reversed as a whole no single term is to blame */
      return !claim->value && !reversed;
    case SLIP_DROP: /* of a claim that is a multiple, one part of the product rule lacks something by chance */
      return !(step->op == OP_multiply && both && claim->cause && strcmp (claim->cause, "ratio") == 0);
    case SLIP_FIRST_FACTOR: /* of a denominator that stays as it is nobody takes the rule */
      return path[step->operands[1].node];
    case SLIP_TURNED:
      return step->count != 2 || may_be_turned (search, step);
    case SLIP_SLOPE_SIGN: /* in a second derivative terms cancel by it that people forget */
      return !claim->value || reversed;
    case SLIP_ZERO:
      return !search_has_one_term (search->claims, &search->replay, path, step, operand);
    default:
      return true;
    }
}

/* All slips in a place; false when the search has gone on for too long. */
static bool
try_place (struct search *search, const struct sample *sample, const struct step *step, enum likeness like, bool once,
           bool reversed, size_t cost)
{
  for (int slip = 0; slip < SLIPS; slip++)
    for (int operand = 0; operand < (slip_info[slip].joint ? 1 : (int)step->count); operand++)
      {
        if ((!slip_info[slip].joint && !step->operands[operand].node)
            || !may_be_like (step, (enum slip)slip, like, reversed))
          continue;
        if (!may_be_told (search, step, (enum slip)slip, operand, reversed))
          continue;
        struct fit fit = { (enum slip)slip, operand, step->place, like, true };
        if (like == ALONE && once && is_hopeless (search, step, &fit, sample))
          continue;
        if (!try_fit (search, sample, &fit, cost))
          return false;
      }
  return true;
}

/* Whether a place has others like it, and is the first of them. */
static bool
leads (const struct search *search, uint32_t place, enum likeness like)
{
  const struct fit fit = { .place = place, .like = like };
  bool followed = false;
  for (uint32_t other = 0; other < trace_places (&search->replay.trace) && !followed; other++)
    if (other != place && fit_is_at (search->claims, &search->replay, search->path, &fit, other))
      {
        if (other < place)
          return false;
        followed = true;
      }
  return followed;
}

/* All slips in all places of one run: in each alone, then in all that are like it. */
static void
try_all (struct search *search, const struct sample *sample)
{
  enum
  {
    PLACES = 1000 /* of more, none are compared */
  };
  const struct replay *replay = &search->replay;
  size_t cost = search_cost (replay);
  const unsigned char *path = search->path;
  bool reversed = is_reversed (search, sample), goes_on = true;
  for (enum likeness like = ALONE; like <= LIKE_FUNCTION && goes_on; like++)
    for (uint32_t place = 0, count; place < trace_places (&replay->trace) && goes_on; place++)
      {
        const uint32_t *numbers = trace_at_place (&replay->trace, place, &count);
        const struct step *step = trace_at (&replay->trace, count ? *numbers : 0);
        /* Of a place that the run came to several times, some step must be on the way. */
        bool on_path = false;
        for (uint32_t k = 0; k < count && !on_path; k++)
          on_path = path[trace_at (&replay->trace, numbers[k])->result.node];
        if (on_path && (like == ALONE || (trace_places (&replay->trace) <= PLACES && leads (search, place, like))))
          goes_on = try_place (search, sample, step, like, count == 1, reversed, cost);
      }
}

/* A replay at the point of a draw, and the path in it; false when the program does not run there. */
static bool
open_point (struct search *search, size_t draw)
{
  if (!replay_open (&search->replay, search->points, draw))
    return false;
  search->path = search_path (&search->replay, search->claim);
  return true;
}

static void
close_point (struct search *search)
{
  heap_give (search->path);
  search->path = NULL;
  replay_close (&search->replay);
}

/* Tries at one point: all slips at the first one, and those that have fitted so far at the others. False when the
   program does not run there, which says nothing. */
static bool
try_point (struct search *search, const struct sample *sample, bool first)
{
  struct memory *memory = search->claims->memory;
  jmp_buf *outer = memory->stop, stop;
  bool good = open_point (search, sample->draw);
  memory->stop = &stop;
  if (good && setjmp (stop) == 0)
    {
      replay_tangents (&search->replay, search->claim);
      if (first)
        {
          search->adjoints = find_adjoints (search);
          try_all (search, sample);
        }
      for (size_t i = 0; i < search->fit_count && !first; i++)
        search->fits[i].alive = search->fits[i].alive && try (search, sample, &search->fits[i]);
    }
  else if (good)
    {
      /* Memory ended the search. */
      search->claims->cut = true;
      search->fit_count = 0;
    }
  memory->stop = outer;
  close_point (search);
  return good;
}

/* Whether what is known of numbers as a multiple of what is right is that multiple elsewhere, as a slip makes it: who
   gives twice the right number has not made a slip that makes two of it by chance. */
static bool
keeps_ratio (const struct search *search, const struct array *slipped)
{
  static const double NEAR = 1e-2; /* the ratio of numbers is known to their digits */
  const struct claim *claim = search->claim;
  const struct sample *base = &claim->samples[0];
  struct arrays *arrays = search->claims->run->arrays;
  if (!slipped || !claim->cause || strcmp (claim->cause, "ratio") != 0)
    return true;
  struct array *right = claim_correct (claim, &search->replay.again.run, arrays);
  double ratio = 0;
  bool kept = right->size == slipped->size;
  for (size_t i = 0; i < right->size && kept; i++)
    {
      if (ratio == 0 && base->correct->elements[i] != 0)
        ratio = base->given->elements[i] / base->correct->elements[i];
      kept = fabs (slipped->elements[i] - ratio * right->elements[i]) <= NEAR * fabs (slipped->elements[i]);
    }
  array_drop (arrays, right);
  return kept;
}

/* Numbers fit by accident more easily: all that fits them must be the same function. */
static bool
are_alike (struct search *search)
{
  enum
  {
    DRAWS = 3
  };
  struct arrays *arrays = search->claims->run->arrays;
  for (size_t draw = 0, good = 0; draw < 10 * DRAWS && good < DRAWS; draw++)
    {
      struct array *first = NULL;
      bool alike = true;
      if (!open_point (search, draw))
        {
          close_point (search);
          continue;
        }
      good++;
      replay_tangents (&search->replay, search->claim);
      for (size_t i = 0; i < search->fit_count && alike; i++)
        {
          const struct fit *fit = &search->fits[i];
          struct array *other = NULL;
          if (fit_apply (search->claims, &search->replay, search->path, fit))
            other = claim_correct (search->claim, &search->replay.again.run, arrays);
          slip_undo (&search->replay);
          if (first && other)
            alike = claim_agrees_all (search->claims, first, other, 0);
          if (first)
            array_drop (arrays, other);
          else
            first = other;
        }
      alike = alike && keeps_ratio (search, first);
      array_drop (arrays, first);
      close_point (search);
      if (!alike)
        return false;
    }
  return true;
}

/* Where else a slip was made that was made at all like places: ", and likewise at 1:20 and 1:31"; "" of one. */
static void
say_likewise (const struct search *search, const struct fit *fit, char text[LIKEWISE])
{
  enum
  {
    SAID = 3
  };
  size_t used = 0, said = 0;
  *text = 0;
  for (uint32_t place = 0; fit->like != ALONE && place < trace_places (&search->replay.trace); place++)
    if (place != fit->place && fit_is_at (search->claims, &search->replay, search->path, fit, place) && said++ < SAID)
      {
        struct span span = run_span (search->claims->run, place);
        struct place at = sources_place (search->claims->run->diagnostics->sources, span.start);
        used += (size_t)snprintf (text + used, LIKEWISE - used, "%s%zu:%zu", used ? ", " : ", and likewise at ",
                                  at.line, at.column);
      }
  if (said > SAID)
    snprintf (text + used, LIKEWISE - used, " and %zu more", said - SAID);
}

/* Where the same slip explains the claim as well, when it is made there instead: ", or likewise at 1:20". What is held
   constant on one way is so wherever that way leads, and is told once. */
static void
say_instead (const struct search *search, const struct fit *best, char text[LIKEWISE])
{
  const struct claim *claim = search->claim;
  enum
  {
    SAID = 3
  };
  size_t used = 0;
  *text = 0;
  for (size_t i = 1; i < claim->place_count && i <= SAID && best->like == ALONE && best->slip != SLIP_ZERO; i++)
    {
      struct place at = sources_place (search->claims->run->diagnostics->sources, claim->places[i].start);
      used += (size_t)snprintf (text + used, LIKEWISE - used, "%s%zu:%zu", used ? ", " : ", or likewise at ", at.line,
                                at.column);
    }
  if (used && claim->place_count > SAID + 1)
    snprintf (text + used, LIKEWISE - used, " and %zu more", claim->place_count - SAID - 1);
}

/* All places where a fit as simple as the best one is, that one first. */
static void
add_places (struct search *search, const struct fit *best)
{
  for (size_t i = 0; i <= search->fit_count; i++)
    {
      const struct fit *fit = i ? &search->fits[i - 1] : best;
      const struct step *step
        = fit->slip == best->slip && fit->like == best->like ? search_step (&search->replay, fit->place) : NULL;
      struct span span;
      if (!step)
        continue;
      heap_give (slip_words (search->claims, step, fit->slip, fit->operand, &span));
      claim_add_place (search->claims, search->claim, span);
    }
}

/* Says what the best fit is, and where, of all that are as simple. */
static void
explain (struct search *search, const struct fit *best, size_t draw)
{
  struct claim *claim = search->claim;
  const struct step *step;
  if (open_point (search, draw) && (step = search_step (&search->replay, best->place)))
    {
      char likewise[LIKEWISE];
      add_places (search, best);
      if (best->like == ALONE)
        say_instead (search, best, likewise);
      else
        say_likewise (search, best, likewise);
      claim->cause = slip_info[best->slip].cause;
      claim->hint = slip_text (search->claims, claim, step, best->slip, best->operand, likewise, &claim->hint_span);
    }
  close_point (search);
}

static size_t
patience_of (const struct points *points)
{
  size_t patience = PATIENCE_LONG + PATIENCE_EACH * points->work;
  return points->work <= MANY && !points_are_long (points) ? PATIENCE
         : patience < PATIENCE_MOST                        ? patience
                                                           : PATIENCE_MOST;
}

bool
diagnose_rules (struct claims *claims, struct claim *claim, struct points *points)
{
  struct search *search = heap_take (claims->memory, 1, sizeof *search, "the search for causes");
  size_t samples = search_samples (claims, claim, points), tested = 0, first, differing;
  *search = (struct search){
    .claims = claims, .claim = claim, .points = points, .patience = patience_of (points)
  };
  /* Of a long program one more point is enough to see whether what gives the claim at one does so by chance. */
  if (points_are_long (points) && samples > TWO)
    samples = TWO;
  first = search_first (claims, claim, samples, &differing);
  tested += try_point (search, &claim->samples[first], true);
  for (size_t k = samples; k-- > 0 && tested && search->fit_count;)
    if (claim->samples[k].usable && k != first)
      try_point (search, &claim->samples[k], false);
  struct fit best = { 0 };
  size_t left = 0;
  for (size_t i = 0; i < search->fit_count; i++)
    if (search->fits[i].alive)
      {
        search->fits[left] = search->fits[i];
        if (!left++ || fit_is_better (claims, &search->fits[i], &best))
          best = search->fits[i];
      }
  search->fit_count = left;
  bool found = left && (claim->mentions || are_alike (search));
  if (found)
    explain (search, &best, claim->samples[first].draw);
  points_reset (points);
  heap_give (search->adjoints);
  heap_give (search);
  return found && claim->hint;
}
