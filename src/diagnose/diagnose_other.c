/* diagnose_other.c -- claims that are right of something else: of another variable, of a symmetric matrix, without an
   input. */
#include "diagnose/diagnose.h"
#include "diagnose/search.h"

#include "base/heap.h"

/* Whether the claim is the gradient in an input, by its number, in a run. */
static bool
is_gradient_in (const struct claims *claims, const struct claim *claim, const struct sample *sample,
                const struct run *run, uint32_t input)
{
  const struct value *source = &area_of (&run->inputs, struct noted)[input].value;
  struct arrays *arrays = claims->run->arrays;
  struct array *other = source->node ? claim_gradient (claim, run, source, arrays) : NULL;
  bool same = claim_is_given (claims, claim, sample, other);
  array_drop (arrays, other);
  return same;
}

bool
diagnose_swapped (struct claims *claims, struct claim *claim, struct points *points)
{
  enum
  {
    MOST = 1000 /* inputs */
  };
  const struct run *base = claims->run;
  size_t count = points->input_count, left = 0, samples = search_samples (claims, claim, points);
  if (claim->jacobian || count > MOST || !claim->samples[0].usable)
    return false;
  bool *possible = heap_take_zeroed (claims->memory, count, sizeof *possible, "the search for causes");
  for (size_t i = 0; i < count; i++)
    {
      possible[i] = points->inputs[i].name != claim->source_name
                    && is_gradient_in (claims, claim, &claim->samples[0], base, points->inputs[i].number);
      left += possible[i];
    }
  for (size_t k = 1; k < samples && left; k++)
    {
      struct again again;
      if (!claim->samples[k].usable)
        continue;
      points_draw (points, claim->samples[k].draw);
      bool good = points_run (points, &again, NULL, NULL) == POINT_GOOD;
      for (size_t i = 0; i < count && good; i++)
        if (possible[i] && !is_gradient_in (claims, claim, &claim->samples[k], &again.run, points->inputs[i].number))
          {
            possible[i] = false;
            left--;
          }
      again_close (&again);
    }
  points_reset (points);
  for (size_t i = 0; i < count && left == 1; i++)
    if (possible[i])
      {
        claim->cause = "swapped";
        claim->hint = claim_text (claims, "yours is d%s/d%s; the names may be swapped", claim->target,
                                  names_text (base->program->names, points->inputs[i].name));
      }
  heap_give (possible);
  return left == 1;
}

static bool
is_square (const struct value *value)
{
  return value->kind == KIND_ARRAY && shape_is_square (&value->array->shape) && value->array->shape.extent[0] > 1;
}

/* Makes the matrix that an input was moved to symmetric. */
static void
symmetrise (struct array *matrix)
{
  size_t n = matrix->shape.extent[0];
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++)
      matrix->elements[i * n + j] = matrix->elements[j * n + i]
        = (matrix->elements[i * n + j] + matrix->elements[j * n + i]) / 2;
}

/* Makes what an input was moved to nothing. */
static void
clear (struct array *array)
{
  for (size_t i = 0; i < array->size; i++)
    array->elements[i] = 0;
}

static bool
is_zero (const struct array *array)
{
  for (size_t i = 0; array && i < array->size; i++)
    if (array->elements[i] != 0)
      return false;
  return true;
}

/* Whether the claim is right in some form wherever an input is symmetric, or 0, and says something there. */
static bool
right_where (struct claims *claims, const struct claim *claim, struct points *points, const struct point_input *input,
             void (*change) (struct array *), enum claim_form form)
{
  enum
  {
    DRAWS = 8
  };
  struct arrays *arrays = claims->run->arrays;
  struct claim formed = *claim;
  size_t good = 0;
  formed.form = form;
  for (size_t draw = 0; draw < 3 * DRAWS && good < DRAWS; draw++)
    {
      struct again again;
      bool right = true;
      points_draw (points, draw);
      change (input->moved);
      if (points_run (points, &again, NULL, NULL) == POINT_GOOD)
        {
          struct array *given = value_copy (arrays, claim_given_in (claim, &again.run));
          struct array *correct = claim_correct (&formed, &again.run, arrays);
          right = claim_agrees_all (claims, given, correct, claim->samples[0].scale);
          good += !is_zero (correct);
          array_drop (arrays, given);
          array_drop (arrays, correct);
        }
      again_close (&again);
      if (!right)
        return false;
    }
  return good >= DRAWS / 2;
}

bool
diagnose_symmetric (struct claims *claims, struct claim *claim, struct points *points)
{
  bool found = false;
  for (size_t i = 0; i < points->input_count && claim->mentions && !found; i++)
    {
      const struct point_input *input = &points->inputs[i];
      if (!is_square (&input->value) || input->still)
        continue;
      bool free = right_where (claims, claim, points, input, symmetrise, FORM_FREE);
      found = free
              || (input->name == claim->source_name && !claim->part_count
                  && right_where (claims, claim, points, input, symmetrise, FORM_TEXTBOOK));
      if (found)
        {
          const char *name = names_text (claims->run->program->names, input->name);
          claim->cause = "symmetric";
          claim->hint = claim_text (claims, "yours is right if %s is symmetric%s, and wrong in general", name,
                                    free ? "" : ", with elements off the diagonal counted twice");
        }
    }
  points_reset (points);
  return found;
}

bool
diagnose_absent (struct claims *claims, struct claim *claim, struct points *points)
{
  bool found = false;
  for (size_t i = 0; i < points->input_count && claim->mentions && !found; i++)
    {
      const struct point_input *input = &points->inputs[i];
      bool mentioned = input->still || input->name == claim->source_name;
      for (size_t k = 0; k < claim->mentioned_count; k++)
        mentioned |= claim->mentioned[k] == input->name;
      if (mentioned)
        continue;
      found = right_where (claims, claim, points, input, clear, FORM_FREE);
      if (found)
        {
          claim->cause = "path";
          claim->hint = claim_text (claims, "yours is right if %s is 0, and wrong in general",
                                    names_text (claims->run->program->names, input->name));
        }
    }
  points_reset (points);
  return found;
}
