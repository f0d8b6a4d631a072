/* grading.c -- what is asked, and which answer is one to it. */
#include "check/grading.h"

#include <string.h>

#include "base/heap.h"
#include "check/points.h"

static bool
same_text (const char *a, const char *b)
{
  return a && b ? strcmp (a, b) == 0 : a == b;
}

/* A part of one axis with its ends counted from the front. An axis that is not told is there as a whole. */
static struct claim_part
part_of (const struct claim *claim, const struct shape *shape, int axis)
{
  ptrdiff_t extent = axis < shape->rank ? (ptrdiff_t)shape->extent[axis] : PTRDIFF_MAX;
  struct claim_part part
    = axis < claim->part_count ? claim->parts[axis] : (struct claim_part){ .stop = extent, .single = false };
  if (part.single && part.start < 0 && extent != PTRDIFF_MAX)
    part.start += extent;
  if (part.single)
    part.stop = part.start + 1;
  return part;
}

/* Whether two claims are about one derivative, of a source of that shape. */
static bool
same_derivative (const struct claim *a, const struct claim *b, const struct shape *shape)
{
  bool straight
    = same_text (a->target, b->target) && same_text (a->source, b->source) && same_text (a->first, b->first);
  if (!straight)
    {
      /* Of numbers the order of second derivatives makes no difference. */
      bool turned = a->first && b->first && shape->rank == 0 && same_text (a->value, b->value)
                    && same_text (a->first, b->source) && same_text (a->source, b->first);
      return turned && !strchr (a->target, '[') && !strchr (b->target, '[') && !a->part_count && !b->part_count;
    }
  int count = a->part_count > b->part_count ? a->part_count : b->part_count;
  for (int axis = 0; axis < count; axis++)
    {
      struct claim_part one = part_of (a, shape, axis), other = part_of (b, shape, axis);
      if (one.single != other.single || one.start != other.start || one.stop != other.stop)
        return false;
    }
  return true;
}

/* The shape of a question's source; of none where it is no number or array. */
static const struct shape *
shape_of (const struct graded_question *question)
{
  return &question->claim->samples[0].source_shape;
}

bool
grading_open (struct grading *grading, struct claims *key, const struct run *run, struct arrays *arrays)
{
  struct memory *memory = grading->memory = key->memory;
  claims_sample (key, run, run->arrays, POINTS_OWN);
  grading->questions = heap_take_zeroed (memory, key->count, sizeof *grading->questions, "the key");
  for (size_t i = 0; i < key->count; i++)
    {
      const struct claim *claim = &key->list[i];
      for (size_t k = 0; k < i; k++)
        if (same_derivative (&key->list[k], claim, &claim->samples[0].source_shape))
          {
            diagnose (run->diagnostics, SEVERITY_ERROR, claim->left, "the key asks twice for %s", claim->name);
            diagnose (run->diagnostics, SEVERITY_NOTE, key->list[k].left, "the first time is here");
            return false;
          }
      grading->questions[i].points = claim->samples[0].given->elements[0];
      grading->of += grading->questions[i].points;
    }
  grading->question_count = key->count;
  struct hand_in of_key = { 0 };
  grading_keep (&of_key, key, arrays);
  grading->key = of_key.claims;
  for (size_t i = 0; i < grading->key.count; i++)
    grading->questions[i].claim = &grading->key.list[i];
  return true;
}

/* Whether a claim is about what is asked. Of an answer that cannot be read its left side is all that is known, and that
   has parts and second derivatives in the name alone. */
static bool
is_about (const struct claim *claim, const struct graded_question *question)
{
  return (claim->verdict == VERDICT_UNREADABLE && same_text (question->claim->name, claim->name))
         || (claim->target && same_derivative (question->claim, claim, shape_of (question)));
}

/* The question that a claim is about; NULL where nobody asked. */
static const struct graded_question *
question_of (const struct grading *grading, const struct claim *claim)
{
  for (size_t i = 0; i < grading->question_count; i++)
    if (is_about (claim, &grading->questions[i]))
      return &grading->questions[i];
  return NULL;
}

bool
grading_is_asked (const struct grading *grading, const struct claim *claim)
{
  return question_of (grading, claim) != NULL;
}

/* The answers of a hand-in while they are sifted. */
struct sifting
{
  struct grading *grading;
  struct hand_in *hand_in;
  size_t count;   /* of claims, by their order */
  size_t *firsts; /* of each claim, the first of those that its line has, by its order */
  size_t *last;   /* by question: the first of the line that counts, plus one */
};

/* Notes what a claim is about; its place is told by its order. */
static void
note_claim (struct sifting *sifting, const struct claim *claim)
{
  const struct graded_question *question = question_of (sifting->grading, claim);
  size_t first = sifting->firsts[claim->order] + 1;
  if (!question)
    return;
  size_t q = (size_t)(question - sifting->grading->questions);
  sifting->hand_in->marks[q].answers += !claim->again;
  if (first > sifting->last[q])
    sifting->last[q] = first;
}

/* Drops those that do not count; how many stay. */
static size_t
drop_claims (const struct sifting *sifting, struct claim *list, size_t count)
{
  size_t kept = 0;
  for (size_t i = 0; i < count; i++)
    {
      const struct graded_question *question = question_of (sifting->grading, &list[i]);
      if (question && sifting->firsts[list[i].order] + 1 != sifting->last[question - sifting->grading->questions])
        claim_free (&list[i]);
      else
        list[kept++] = list[i];
    }
  return kept;
}

void
grading_drop_earlier (struct grading *grading, struct hand_in *hand_in, struct claims *claims)
{
  struct memory *memory = grading->memory;
  struct sifting sifting = { grading, hand_in, claims->count + claims->apart_count, NULL, NULL };
  sifting.firsts = heap_take_zeroed (memory, sifting.count + 1, sizeof *sifting.firsts, "the answers");
  sifting.last = heap_take_zeroed (memory, grading->question_count, sizeof *sifting.last, "the answers");
  struct claim *const lists[] = { claims->list, claims->apart };
  const size_t counts[] = { claims->count, claims->apart_count };
  for (int k = 0; k < 2; k++)
    for (size_t i = 0; i < counts[k]; i++)
      sifting.firsts[lists[k][i].order] = lists[k][i].again;
  for (size_t i = 0; i < sifting.count; i++)
    sifting.firsts[i] = sifting.firsts[i] && i ? sifting.firsts[i - 1] : i;
  for (int k = 0; k < 2; k++)
    for (size_t i = 0; i < counts[k]; i++)
      note_claim (&sifting, &lists[k][i]);
  claims->count = drop_claims (&sifting, claims->list, claims->count);
  claims->apart_count = drop_claims (&sifting, claims->apart, claims->apart_count);
  heap_give (sifting.firsts);
  heap_give (sifting.last);
}

/* What a report shows of an array. */
static struct array *
kept (const struct array *array, struct arrays *arrays)
{
  return array ? array_copied (arrays, &array->shape, array->elements) : NULL;
}

void
grading_keep (struct hand_in *hand_in, struct claims *claims, struct arrays *arrays)
{
  for (size_t i = 0; i < claims->count; i++)
    {
      struct claim *claim = &claims->list[i];
      if (!claim->sample_count)
        continue;
      struct sample shown = { .source_shape = claim->samples[claim->shown].source_shape,
                              .given = kept (claim->samples[claim->shown].given, arrays),
                              .correct = kept (claim->samples[claim->shown].correct, arrays) };
      claim->samples[0] = shown;
      claim->sample_count = 1;
      claim->shown = 0;
    }
  if (claims->points)
    points_close (claims->points);
  heap_give (claims->points);
  claims->points = NULL;
  claims->run = NULL;
  hand_in->claims = *claims;
  *claims = (struct claims){ .memory = claims->memory };
}

/* The percent of its points that an answer is worth. */
static double
worth (const struct grading *grading, enum verdict verdict)
{
  return verdict == VERDICT_OK ? 100 : verdict == VERDICT_CARRIED ? grading->carried : 0;
}

void
grading_mark (const struct grading *grading, struct hand_in *hand_in)
{
  hand_in->points = 0;
  for (size_t q = 0; q < grading->question_count; q++)
    {
      struct mark *mark = &hand_in->marks[q];
      mark->verdict = hand_in->trouble ? VERDICT_UNREADABLE : VERDICT_MISSING;
      for (size_t i = 0; i < hand_in->claims.count; i++)
        if (question_of (grading, &hand_in->claims.list[i]) == &grading->questions[q])
          {
            mark->claim = &hand_in->claims.list[i];
            mark->verdict = mark->claim->verdict;
          }
      mark->points = grading->questions[q].points * worth (grading, mark->verdict) / 100;
      hand_in->points += mark->points;
    }
}

enum status
grading_status (const struct grading *grading)
{
  bool wrong = false, undecided = false;
  for (size_t i = 0; i < grading->hand_in_count; i++)
    for (size_t q = 0; q < grading->question_count; q++)
      {
        enum verdict verdict = grading->hand_ins[i].marks[q].verdict;
        undecided |= verdict == VERDICT_UNDECIDED;
        wrong |= verdict != VERDICT_OK && verdict != VERDICT_UNDECIDED;
      }
  return wrong ? STATUS_WRONG : undecided ? STATUS_UNDECIDED : STATUS_DONE;
}
