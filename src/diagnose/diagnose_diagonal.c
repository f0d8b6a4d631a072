/* diagnose_diagonal.c -- claims in which only equal indices count: the diagonal of what is right, or what is right of a
   diagonal matrix. */
#include "diagnose/diagnose.h"
#include "diagnose/search.h"

static bool
is_square (const struct shape *shape)
{
  return shape_is_square (shape) && shape->extent[0] > 1;
}

/* Whether a claim is zero off the diagonal and right on it, at all samples. */
static bool
is_diagonal (const struct claims *claims, const struct claim *claim)
{
  size_t tested = 0;
  for (size_t k = 0; k < claim_samples (claim); k++)
    {
      const struct sample *sample = &claim->samples[k];
      if (!sample->usable)
        continue;
      if (!is_square (&sample->given->shape) || !shape_equal (&sample->given->shape, &sample->correct->shape))
        return false;
      size_t n = sample->given->shape.extent[0];
      for (size_t i = 0; i < n * n; i++)
        if (!claim_gives (claims, claim, sample, i, i % (n + 1) ? 0 : sample->correct->elements[i]))
          return false;
      tested++;
    }
  return tested > 0;
}

/* What is right at a sample's point, for a claim that asks for another form, or where an input is a diagonal matrix.
   NULL where the program does not run so. */
static struct array *
correct_there (struct claims *claims, const struct claim *claim, struct points *points, const struct sample *sample,
               const struct point_input *diagonal)
{
  struct again again;
  struct array *correct = NULL;
  points_draw (points, sample->draw);
  for (size_t i = 0; diagonal && diagonal->moved && i < diagonal->moved->size; i++)
    if (i % (diagonal->moved->shape.extent[0] + 1))
      diagonal->moved->elements[i] = 0;
  if (points_run (points, &again, NULL, NULL) == POINT_GOOD)
    correct = claim_correct (claim, &again.run, claims->run->arrays);
  again_close (&again);
  return correct;
}

/* A vector that is the diagonal of the matrix of all derivatives. */
static bool
is_vector_of_diagonal (struct claims *claims, struct claim *claim, struct points *points)
{
  struct claim whole = *claim;
  size_t samples = search_samples (claims, claim, points), tested = 0;
  const struct shape *shape = &claim->samples[0].given->shape;
  struct shape target = value_shape (claim_target_in (claim, claims->run));
  if (claim->jacobian || claim->part_count || shape->rank != 1 || shape->extent[0] < 2 || shape->extent[0] > 100
      || !shape_equal (shape, &target))
    return false;
  whole.jacobian = true;
  for (size_t k = 0; k < samples; k++)
    {
      const struct sample *sample = &claim->samples[k];
      struct array *all = sample->usable ? correct_there (claims, &whole, points, sample, NULL) : NULL;
      bool same = all && is_square (&all->shape) && all->shape.extent[0] == sample->given->size;
      for (size_t i = 0; same && i < sample->given->size; i++)
        same = claim_gives (claims, claim, sample, i, all->elements[i * (sample->given->size + 1)]);
      array_drop (claims->run->arrays, all);
      if (!same && sample->usable)
        return false;
      tested += sample->usable;
    }
  return tested > 0;
}

/* Whether the claim is what would be right if a matrix had its diagonal alone. */
static bool
is_right_of_diagonal (struct claims *claims, struct claim *claim, struct points *points,
                      const struct point_input *input)
{
  size_t samples = search_samples (claims, claim, points), tested = 0;
  for (size_t k = 1; k < samples; k++)
    {
      const struct sample *sample = &claim->samples[k];
      if (!sample->usable)
        continue;
      struct array *correct = correct_there (claims, claim, points, sample, input);
      bool same = claim_is_given (claims, claim, sample, correct);
      array_drop (claims->run->arrays, correct);
      if (!same)
        return false;
      tested++;
    }
  return tested > 1;
}

bool
diagnose_diagonal (struct claims *claims, struct claim *claim, struct points *points)
{
  if (is_diagonal (claims, claim))
    claim->hint = claim_text (claims, "yours is the diagonal of what is correct, with zeros elsewhere");
  else if (is_vector_of_diagonal (claims, claim, points))
    claim->hint = claim_text (claims,
                              "yours is the diagonal of the matrix of all derivatives; of %s the derivative of "
                              "its sum is compared, or that matrix",
                              claim->target);
  for (size_t i = 0; i < points->input_count && claim->mentions && !claim->hint && !claim->jacobian; i++)
    {
      const struct point_input *input = &points->inputs[i];
      struct shape shape = value_shape (&input->value);
      if (is_square (&shape) && !input->still && is_right_of_diagonal (claims, claim, points, input))
        claim->hint = claim_text (claims, "you get this if of the elements of %s only those with equal indices count",
                                  names_text (claims->run->program->names, input->name));
    }
  points_reset (points);
  if (claim->hint)
    claim->cause = "diagonal";
  return claim->hint != NULL;
}
