/* claims_sample.c -- what claims say at one point, and what is right there. */
#include "check/claims.h"

#include <math.h>
#include <string.h>

#include "base/heap.h"
#include "check/keep.h"
#include "tape/reverse.h"

enum
{
  JACOBIAN_LIMIT = 1 << 22 /* elements */
};

static bool
has_nan (const struct value *value)
{
  for (size_t i = 0; i < value_size (value); i++)
    if (isnan (value_elements (value)[i]))
      return true;
  return false;
}

/* A sweep from one target, seeded with 1 in the element `at`, or in all of them: NaN where the target is NaN. */
static void
sweep (struct reverse *reverse, const struct run *run, const struct value *target, size_t at, bool all,
       const uint32_t *keep, size_t keep_count)
{
  double one = 1;
  reverse_open (reverse, run->tape, keep, keep_count);
  if (all && !(value_is_numeric (target) && has_nan (target)))
    reverse_seed (reverse, target->node, &one, 0);
  else
    {
      struct shape shape = value_shape (target);
      struct array *seeds = array_new (run->arrays, TYPE_REAL, &shape);
      for (size_t i = 0; i < seeds->size; i++)
        seeds->elements[i] = !all && i != at ? 0 : isnan (value_elements (target)[i]) ? NAN : 1;
      reverse_seed (reverse, target->node, seeds->elements, 1);
      array_drop (run->arrays, seeds);
    }
  reverse_run (reverse);
}

/* The gradient in a source that a sweep has found, or NULL when it is not connected. */
static struct array *
gradient (struct reverse *reverse, const struct value *target, const struct value *source, struct arrays *arrays)
{
  if (!source->node || !target->node || !value_is_numeric (source)
      || !reverse_reaches (reverse, source->node, &target->node, 1))
    return NULL;
  struct shape shape = value_shape (source);
  struct array *array = array_new (arrays, TYPE_REAL, &shape);
  reverse_read (reverse, source->node, array->size, array->elements);
  return array;
}

/* The target's axes, then the source's; false when there are too many. */
static bool
joined_shape (const struct value *target, const struct value *source, struct shape *joined)
{
  struct shape outer = value_shape (target), inner = value_shape (source);
  if (outer.rank + inner.rank > RANK_LIMIT)
    return false;
  *joined = shape_join (&outer, &inner);
  return shape_size (joined) <= JACOBIAN_LIMIT;
}

static struct array *
jacobian (const struct run *run, const struct value *target, const struct value *source, struct arrays *arrays)
{
  struct shape shape;
  joined_shape (target, source, &shape);
  struct array *rows = array_filled (arrays, &shape, 0);
  size_t count = value_size (target), size = value_size (source);
  for (size_t i = 0; i < count && target->node && source->node; i++)
    {
      struct reverse reverse;
      sweep (&reverse, run, target, i, false, &source->node, 1);
      reverse_read (&reverse, source->node, size, rows->elements + i * size);
      reverse_close (&reverse);
    }
  return rows;
}

/* Zeros for a derivative that is not there: where a branch binds the variable again, or the target takes another way,
   nothing is passed on. NULL when there is no value either. */
static struct array *
unconnected (const struct value *target, const struct value *source, struct arrays *arrays)
{
  if (!value_is_numeric (target) || !value_is_numeric (source))
    return NULL;
  struct shape shape = value_shape (source);
  return array_filled (arrays, &shape, 0);
}

struct array *
claim_correct (const struct claim *claim, const struct run *run, struct arrays *arrays)
{
  const struct value *source = claim_source_in (claim, run), *target = claim_target_in (claim, run);
  struct array *correct = claim_gradient (claim, run, source, arrays);
  if (correct || !value_is_numeric (source) || !value_is_numeric (target))
    return correct;
  struct shape shape = value_shape (source);
  struct array *zeros = unconnected (target, source, arrays);
  correct = claim_formed (claim, zeros, &shape, arrays);
  array_drop (arrays, zeros);
  return correct;
}

struct array *
claim_gradient (const struct claim *claim, const struct run *run, const struct value *source, struct arrays *arrays)
{
  const struct value *target = claim_target_in (claim, run);
  struct shape shape = value_shape (source), joined;
  if (!target->node || !source->node || (claim->jacobian && !joined_shape (target, source, &joined)))
    return NULL;
  struct reverse reverse;
  sweep (&reverse, run, target, 0, true, &source->node, 1);
  struct array *whole = gradient (&reverse, target, source, arrays);
  reverse_close (&reverse);
  if (whole && claim->jacobian)
    {
      array_drop (arrays, whole);
      whole = jacobian (run, target, source, arrays);
    }
  struct array *correct = whole ? claim_formed (claim, whole, &shape, arrays) : NULL;
  array_drop (arrays, whole);
  return correct;
}

/* Gives an array without elements the shape that is right, if there are none either; one of a table if it differs by
   axes of length 1 alone. */
static void
adapt_shape (const struct claim *claim, struct array *given, const struct shape *right)
{
  if (given->shape.rank && !given->size && !shape_size (right))
    given->shape = *right;
  if (!claim->table)
    return;
  int i = 0, k = 0;
  for (;; i++, k++)
    {
      while (i < given->shape.rank && given->shape.extent[i] == 1)
        i++;
      while (k < right->rank && right->extent[k] == 1)
        k++;
      if (i == given->shape.rank || k == right->rank || given->shape.extent[i] != right->extent[k])
        break;
    }
  if (i == given->shape.rank && k == right->rank)
    given->shape = *right;
}

static void
add_sample (struct claims *claims, struct claim *claim, struct sample sample)
{
  struct sample *samples = claim->samples
    = heap_grow (claims->memory, claim->samples, claim->sample_count + 1, sizeof *samples, "the claims");
  if (sample.given && sample.correct)
    adapt_shape (claim, sample.given, &sample.correct->shape);
  sample.usable = sample.given && elements_are_finite (sample.given->elements, sample.given->size);
  if (claim->none)
    sample.usable = true;
  if (sample.correct)
    sample.usable &= elements_are_finite (sample.correct->elements, sample.correct->size);
  /* Where the program takes another way there may be something else than an array of that shape. */
  if (claim->sample_count && samples[0].correct && samples[0].given && !claim->none)
    sample.usable &= sample.correct != NULL && shape_equal (&sample.correct->shape, &samples[0].correct->shape)
                     && shape_equal (&sample.given->shape, &samples[0].given->shape);
  samples[claim->sample_count++] = sample;
}

/* An answer f' of a number means a derivative, but would be read as the transpose: the number itself. */
static void
refuse_prime (const struct claim *claim, const struct value *target, struct diagnostics *diagnostics)
{
  size_t primes = 0, size = strlen (claim->target);
  while (primes < size && claim->target[size - 1 - primes] == '\'')
    primes++;
  if (!primes || !value_is_numeric (target) || value_shape (target).rank)
    return;
  int stem = (int)(size - primes);
  diagnose_stop (diagnostics, STATUS_PROGRAM, claim->target_span,
                 "%s does not say in which variable; write d%s%.*s/dx%s for the derivative in x", claim->target,
                 primes > 1 ? "2" : "", stem, claim->target, primes > 1 ? "2" : "");
}

/* Whether a claim is a column or a row of a matrix where the Jacobian is a vector. */
static bool
is_column (const struct array *given, const struct shape *jacobian)
{
  return jacobian->rank == 1 && given->shape.rank == 2 && given->size == jacobian->extent[0]
         && (given->shape.extent[0] == 1 || given->shape.extent[1] == 1);
}

/* Whether a claim has the shape of a Jacobian, and in which layout. An array without elements is one where a gradient
   has some. The part of the source has to be there. */
static void
find_layout (struct claim *claim, const struct run *run, const struct value *target, const struct value *source,
             const struct array *given)
{
  struct shape shape = value_shape (source), outer = value_shape (target), part, joined, turned, whole;
  if (!claim_part_shape (claim, &shape, &part))
    diagnose_stop (run->diagnostics, STATUS_PROGRAM, claim->source_span, "%.*s has no such element",
                   (int)claim->source_span.length, sources_text (run->diagnostics->sources, claim->source_span));
  if (!given || !outer.rank || outer.rank + part.rank > RANK_LIMIT || !joined_shape (target, source, &whole))
    return;
  joined = shape_join (&outer, &part);
  turned = shape_join (&part, &outer);
  claim->turned = !shape_equal (&joined, &given->shape) && shape_equal (&turned, &given->shape);
  claim->column = !part.rank && is_column (given, &joined);
  if (claim->column)
    claim->turned = given->shape.extent[1] != 1;
  bool empty = given->shape.rank && !given->size && !shape_size (&joined) && shape_size (&part);
  claim->jacobian = claim->turned || claim->column || empty || shape_equal (&joined, &given->shape);
}

/* Of a table that says how much of its arrays there is: when that is all, it goes without saying. */
static void
find_plain_name (struct claim *claim, const struct run *run, const struct value *target, const struct value *source)
{
  struct shape shape = value_shape (source), outer = value_shape (target), part;
  const char *bracket = strchr (claim->target, '['), *end = claim->target + strlen (claim->target);
  uint32_t name = bracket ? names_find (run->program->names, claim->target, (size_t)(bracket - claim->target)) : 0;
  if (!claim->table || !claim->part_count || !claim_part_shape (claim, &shape, &part) || !shape_equal (&shape, &part))
    return;
  if (bracket && !claim->value)
    {
      if (name == UINT32_MAX || end[-1] != ']' || program_variable (run->program, name)->slot == UINT32_MAX)
        return;
      const struct value *whole
        = area_of (&run->globals, struct value) + (program_variable (run->program, name)->slot & REGISTER_MASK);
      struct shape all = value_is_numeric (whole) ? value_shape (whole) : (struct shape){ .rank = -1 };
      if (!shape_equal (&all, &outer))
        return;
    }
  if (!claim->value)
    {
      int stem = bracket ? (int)(bracket - claim->target) : (int)strlen (claim->target);
      bool expression = strpbrk (claim->target, "+-*/^@%(") != NULL;
      char *plain = heap_format (run->memory, "the claims", "d%s%.*s%s/d%s", expression ? "(" : "", stem,
                                 claim->target, expression ? ")" : "", claim->source);
      heap_give (claim->name);
      claim->name = plain;
      return;
    }
  /* d2y/dx[0:3]dx[0:3]: without what stands in brackets. */
  char *to = claim->name;
  int depth = 0;
  for (const char *from = claim->name; *from; from++)
    {
      depth += *from == '[';
      if (!depth)
        *to++ = *from;
      depth -= *from == ']';
    }
  *to = 0;
}

/* Finds what is right, after a sweep from the target: the whole derivative, then the part that the claim should be. */
static void
take_right (const struct claim *claim, const struct run *run, struct arrays *arrays, struct reverse *reverse,
            struct sample *sample)
{
  const struct value *target = claim_target_in (claim, run);
  if (!claim->source)
    {
      sample->correct = value_is_numeric (target) ? value_copy (arrays, target) : NULL;
      return;
    }
  const struct value *source = claim_source_in (claim, run);
  if (value_is_numeric (source))
    {
      sample->source_shape = value_shape (source);
      unsigned otherwise;
      sample->symmetric = keep_find (source, &otherwise) & KEEP_SYMMETRIC;
    }
  sample->whole = gradient (reverse, target, source, arrays);
  if (!sample->whole && claim->sample_count && claim->samples[0].correct)
    sample->whole = unconnected (target, source, arrays);
  if (sample->whole && claim->jacobian)
    {
      array_drop (arrays, sample->whole);
      sample->whole = jacobian (run, target, source, arrays);
    }
  if (sample->whole)
    sample->correct = claim_formed (claim, sample->whole, &sample->source_shape, arrays);
}

static void
sample_claim (struct claims *claims, struct claim *claim, const struct run *run, struct arrays *arrays, size_t draw,
              struct reverse *reverse)
{
  const struct value *given = claim_given_in (claim, run);
  const struct value *target = claim_target_in (claim, run);
  struct sample sample = { .draw = draw };
  char text[VALUE_TEXT];
  if (!claim->sample_count)
    refuse_prime (claim, target, run->diagnostics);
  if (value_is_numeric (given))
    sample.given = value_copy (arrays, given);
  else if (claim->none)
    sample.given = value_copy (arrays, &(struct value){ .kind = KIND_REAL, .number = NAN });
  else if (!claim->sample_count)
    diagnose_stop (run->diagnostics, STATUS_PROGRAM, claim->right, "a claim is a number or an array, not %s",
                   value_describe (text, given));
  if (claim->source && !claim->sample_count && value_is_numeric (target)
      && value_is_numeric (claim_source_in (claim, run)))
    {
      find_layout (claim, run, target, claim_source_in (claim, run), sample.given);
      find_plain_name (claim, run, target, claim_source_in (claim, run));
    }
  take_right (claim, run, arrays, reverse, &sample);
  add_sample (claims, claim, sample);
}

struct sample
claim_take (const struct claim *claim, const struct run *run, struct arrays *arrays)
{
  const struct value *given = claim_given_in (claim, run);
  const struct value *target = claim_target_in (claim, run);
  struct sample sample = { 0 };
  struct reverse reverse = { 0 };
  bool connected = claim->source && target->node && claim_source_in (claim, run)->node;
  if (connected)
    sweep (&reverse, run, target, 0, true, &claim_source_in (claim, run)->node, 1);
  if (value_is_numeric (given))
    sample.given = value_copy (arrays, given);
  take_right (claim, run, arrays, &reverse, &sample);
  if (connected)
    reverse_close (&reverse);
  sample.usable = sample_fits (&sample) && elements_are_finite (sample.given->elements, sample.given->size)
                  && elements_are_finite (sample.correct->elements, sample.correct->size);
  return sample;
}

void
sample_drop (struct sample *sample, struct arrays *arrays)
{
  array_drop (arrays, sample->given);
  array_drop (arrays, sample->whole);
  array_drop (arrays, sample->correct);
  array_drop (arrays, sample->off_given);
  array_drop (arrays, sample->off_correct);
  *sample = (struct sample){ 0 };
}

void
claims_sample (struct claims *claims, const struct run *run, struct arrays *arrays, size_t draw)
{
  struct array *room = array_vector (run->arrays, claims->count);
  uint32_t *keep = (uint32_t *)room->elements;
  size_t keep_count = 0;
  for (size_t i = 0; i < claims->count; i++)
    if (claims->list[i].source && claim_source_in (&claims->list[i], run)->node)
      keep[keep_count++] = claim_source_in (&claims->list[i], run)->node;
  reverse_sort (keep, keep_count);
  for (size_t i = 0; i < claims->count; i++)
    {
      /* One sweep serves all claims about a target; it was made for the first of them. */
      struct claim *claim = &claims->list[i];
      const struct value *target = claim_target_in (claim, run);
      if (!claim->leads)
        continue;
      struct reverse reverse = { 0 };
      if (target->node && keep_count)
        sweep (&reverse, run, target, 0, true, keep, keep_count);
      for (size_t k = i; k != SIZE_MAX; k = claims->list[k].next)
        sample_claim (claims, &claims->list[k], run, arrays, draw, &reverse);
      reverse_close (&reverse);
    }
  array_drop (run->arrays, room);
}
