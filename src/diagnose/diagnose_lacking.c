/* diagnose_lacking.c -- claims that are right but for a sum in them, a factor or a divisor, that lacks one of its two
   terms. */
#include <math.h>

#include "base/heap.h"
#include "diagnose/diagnose.h"
#include "diagnose/search.h"
#include "ops/ops.h"

enum
{
  FITS = 16, /* of more none is known to be meant */
  LEAST = 3  /* samples that have a ratio */
};

/* A sum of the program of which one term stands in the claim. */
struct lacking
{
  uint32_t place;
  int kept;     /* the operand that stands there */
  bool divides; /* the sum is a divisor */
};

/* Whether a sum without a term makes the ratio of a claim to what is right, at one point. */
static bool
fits (const struct replay *replay, const struct lacking *lacking, double ratio)
{
  const struct step *step = search_step (replay, lacking->place);
  if (!step || (step->op != OP_add && step->op != OP_subtract) || !value_is_number (&step->result)
      || !value_is_number (&step->operands[0]) || !value_is_number (&step->operands[1]))
    return false;
  double term = step->operands[lacking->kept].number;
  double wanted = (step->op == OP_subtract && lacking->kept ? -term : term) / step->result.number;
  if (lacking->divides)
    wanted = 1 / wanted;
  return fabs (ratio - wanted) <= 1e-7 * fabs (wanted);
}

/* All that fit at a point; false when the program does not run there. */
static bool
find_fits (const struct claims *claims, const struct claim *claim, struct points *points, const struct sample *sample,
           double ratio, struct lacking fitting[FITS], size_t *count)
{
  struct replay replay;
  bool good = replay_open (&replay, points, sample->draw);
  for (uint32_t place = 0; good && place < trace_places (&replay.trace); place++)
    for (int way = 0; way < 4 && *count < FITS; way++)
      {
        struct lacking lacking = { place, way & 1, way & 2 };
        /* Answers come after everything that the target depends on. */
        if (fits (&replay, &lacking, ratio) && !slip_formula (claims, search_step (&replay, place))
            && search_step (&replay, place)->result.node < claim_target_in (claim, &replay.again.run)->node)
          fitting[(*count)++] = lacking;
      }
  replay_close (&replay);
  return good;
}

/* Those that fit at a point too. */
static void
keep_fits (struct points *points, const struct sample *sample, double ratio, struct lacking fitting[FITS],
           size_t *count)
{
  struct replay replay;
  size_t left = 0;
  bool good = replay_open (&replay, points, sample->draw);
  for (size_t i = 0; i < *count && good; i++)
    if (fits (&replay, &fitting[i], ratio))
      fitting[left++] = fitting[i];
  *count = good ? left : *count;
  replay_close (&replay);
}

bool
diagnose_lacking (struct claims *claims, struct claim *claim, struct points *points)
{
  struct lacking fitting[FITS];
  size_t count = 0, tested = 0, samples = search_samples (claims, claim, points);
  for (size_t k = samples; k-- > 0 && (!tested || count) && !points_are_long (points);)
    {
      const struct sample *sample = &claim->samples[k];
      double ratio = sample->usable ? diagnose_ratio_at (claims, claim, sample) : NAN;
      if (isnan (ratio))
        continue;
      if (tested)
        keep_fits (points, sample, ratio, fitting, &count);
      else if (ratio == 0 || !find_fits (claims, claim, points, sample, ratio, fitting, &count))
        break;
      tested++;
    }
  points_reset (points);
  if (tested < LEAST || count != 1)
    return false;
  struct span span = slip_operand (claims, fitting->place, 1 - fitting->kept);
  char term[SLIP_TEXT], sum[SLIP_TEXT];
  if (!span.start)
    return false;
  claim->cause = "term";
  claim->hint_span = span;
  slip_quoted (claims, span, term);
  slip_quoted (claims, run_span (claims->run, fitting->place), sum);
  claim->hint = claim_text (claims, "you get this if the term %s is left out of %s in your answer", term, sum);
  return true;
}
