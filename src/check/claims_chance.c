/* claims_chance.c -- whether numbers put in for names may agree by chance. */
#include <math.h>

#include "check/holding.h"

/* Whether a number in the claim may stand for a held one by chance: a length, or a value that does not move. */
static bool
is_near_relative (double held, double other)
{
  return held == other || held == 2 * other || 2 * held == other || held == other * other || held * held == other
         || held * other == 1 || held == -other || held == other + 1 || held == other - 1;
}

static bool
stands_for (const struct holding *holding, double held)
{
  const struct run *run = holding->trial.claims->run;
  const struct claim *claim = holding->trial.claim;
  for (size_t i = 0; i < claim->mentioned_count; i++)
    {
      const struct variable *variable = program_variable (run->program, claim->mentioned[i]);
      const struct value *value = area_of (&run->globals, struct value) + variable->slot;
      if (variable->slot == UINT32_MAX || !value_is_numeric (value))
        continue;
      struct shape shape = value_shape (value);
      for (int axis = 0; axis < shape.rank && claim->measures; axis++)
        if (is_near_relative (held, (double)shape.extent[axis]))
          return true;
      if (claim->measures && shape.rank > 1 && is_near_relative (held, (double)shape_size (&shape)))
        return true;
      for (size_t k = 0; k < shape_size (&shape) && !holding->moved[i]; k++)
        if (is_near_relative (held, value_elements (value)[k]))
          return true;
    }
  return false;
}

bool
holding_may_be_chance (const struct holding *holding)
{
  const struct points *points = holding->trial.points;
  for (size_t i = 0; i < points->input_count; i++)
    {
      const struct point_input *input = &points->inputs[i];
      if (!input->held || holding->mentioned[i] || holding->counts[i])
        continue;
      /* The variable of the derivative is as good as mentioned. */
      if (holding->trial.claim->source && input->name == holding->trial.claim->source_name)
        return true;
      struct shape shape = value_shape (&input->value);
      const double *elements = value_elements (&input->value);
      bool ones = true, zeros = true;
      for (size_t k = 0; k < shape_size (&shape); k++)
        {
          ones &= fabs (elements[k]) == 1;
          zeros &= elements[k] == 0;
          if (!shape.rank && stands_for (holding, elements[k]))
            return true;
        }
      /* Who cannot name it has to put its number in. */
      if (holding->unnamed[i])
        continue;
      if (ones || zeros || keep_is_orthonormal (&shape, elements))
        return true;
    }
  return false;
}
