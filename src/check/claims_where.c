/* claims_where.c -- the points at which claims were looked at, in words. */
#include <string.h>

#include "base/heap.h"
#include "base/number.h"
#include "check/claims.h"
#include "check/points.h"

enum
{
  INPUTS = 6, /* that are named */
  DIGITS = 6,
  TEXT = 400
};

void
claim_say_where (struct claims *claims, struct claim *claim, struct points *points)
{
  const struct names *names = claims->run->program->names;
  char text[TEXT];
  size_t used = 0, named = 0;
  if (claim->shown == 0)
    return;
  points_draw (points, claim->samples[claim->shown].draw);
  for (size_t i = 0; i < points->input_count; i++)
    {
      const struct point_input *input = &points->inputs[i];
      char number[NUMBER_SIZE];
      if (value_shape (&input->value).rank || !input->moved)
        continue;
      const char *name = names_text (names, input->name);
      if (named == INPUTS || used + strlen (name) + NUMBER_SIZE + 10 > TEXT)
        {
          strcpy (text + used, ", ...");
          used += strlen (", ...");
          break;
        }
      number_print (number, input->moved->elements[0], DIGITS);
      used += (size_t)sprintf (text + used, "%s%s = %s", named++ ? ", " : "", name, number);
    }
  heap_give (claim->where);
  claim->where = named ? claim_text (claims, "%s", text) : claim_text (claims, "a random point");
  points_reset (points);
}

/* The first step whose operands are finite and whose result is not. */
struct trouble_place
{
  bool found;
  uint32_t place, op;
};

static void
hear (void *data, const struct run *run, const struct heard *heard)
{
  struct trouble_place *trouble = data;
  (void)run;
  if (trouble->found || elements_of_are_finite (heard->result))
    return;
  for (uint32_t k = 0; k < heard->count; k++)
    if (!elements_of_are_finite (heard->operands[k]))
      return;
  *trouble = (struct trouble_place){ true, heard->place, heard->op };
}

void
claim_find_trouble (struct claims *claims, struct claim *claim, struct points *points)
{
  struct trouble_place trouble = { 0 };
  const struct listener listener = { .step = hear, .data = &trouble };
  struct again again;
  points_run (points, &again, &listener, NULL);
  again_close (&again);
  points_reset (points);
  if (!trouble.found || trouble.op >= OPS)
    return;
  claim->hint_span = run_span (claims->run, trouble.place);
  claim->hint = claim_text (claims, "'%s' is not finite here", op_written (trouble.op));
}
