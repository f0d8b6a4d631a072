/* claims_shown.c -- claims that are right thanks to what arrays show: a symmetric matrix, zeros, shares of 1. */
#include "base/heap.h"
#include "base/writing.h"
#include "check/trial.h"

enum
{
  FREE_POINTS = 8 /* where inputs need not show what they show */
};

static bool
shows (const struct point_input *input)
{
  return input->keeps != KEEP_NOTHING && !input->still;
}

/* Counts the inputs that have to go on showing what they do, and sets the others free. */
static size_t
find_needed (struct trial *trial)
{
  struct points *points = trial->points;
  size_t needed = 0;
  for (size_t i = 0; i < points->input_count; i++)
    points->inputs[i].free = false;
  for (size_t i = 0; i < points->input_count; i++)
    {
      struct point_input *input = &points->inputs[i];
      if (!shows (input))
        continue;
      input->free = true;
      if (trial_run (trial, FREE_POINTS, false) != TRIAL_WRONG)
        continue;
      input->free = false;
      needed++;
    }
  return needed;
}

/* "where S is symmetric and y sums to 1" */
static char *
say_needed (const struct claims *claims, const struct points *points)
{
  const struct names *names = claims->run->program->names;
  struct writing *text = writing_open (claims->memory, "a message");
  const char *joint = "where";
  for (size_t i = 0; i < points->input_count; i++)
    if (shows (&points->inputs[i]) && !points->inputs[i].free)
      {
        fprintf (text->out, "%s %s %s", joint, names_text (names, points->inputs[i].name),
                 keep_words (points->inputs[i].keeps));
        joint = " and";
      }
  return writing_close (text, NULL);
}

/* Whether a matrix is what it shows by chance, as far as the program tells. */
static bool
may_be_chance (struct claims *claims, struct points *points, const struct point_input *input)
{
  bool is_turned = input->keeps & KEEP_SYMMETRIC || (input->keeps & KEEP_LOWER && input->keeps & KEEP_UPPER);
  return is_turned && !claim_is_meant_symmetric (claims, points, input);
}

void
claim_check_shown (struct claims *claims, struct claim *claim, struct points *points)
{
  struct trial trial;
  bool any = false, chance = false, meant = true;
  for (size_t i = 0; i < points->input_count; i++)
    any |= shows (&points->inputs[i]);
  if (!any || !claim->mentions)
    return;
  trial_open (&trial, claims, claim, points);
  for (size_t i = 0; i < points->input_count; i++)
    points->inputs[i].free = true;
  if (trial_run (&trial, FREE_POINTS, false) == TRIAL_WRONG && find_needed (&trial))
    {
      char *needed = say_needed (claims, points);
      for (size_t i = 0; i < points->input_count; i++)
        if (shows (&points->inputs[i]) && !points->inputs[i].free)
          {
            chance |= may_be_chance (claims, points, &points->inputs[i]);
            meant &= (points->inputs[i].keeps & KEEP_SYMMETRIC) != 0;
          }
      for (size_t i = 0; i < points->input_count; i++)
        points->inputs[i].free = true;
      /* A matrix that is meant to be symmetric is no slip; elsewhere one that gives the same may have been made. */
      if ((chance || !meant) && claim_find_twin (claims, claim, points))
        chance = true;
      if (chance)
        claim_decide (claim, VERDICT_UNDECIDED, "chance",
                      claim_text (claims, "right %s, and wrong in general", needed));
      else
        claim_decide (claim, VERDICT_OK, claim->cause ? claim->cause : "shown",
                      claim->message ? claim_text (claims, "%s; %s", claim->message, needed)
                                     : claim_text (claims, "%s", needed));
      heap_give (needed);
    }
  trial_close (&trial);
}

/* Swaps what inputs show with what else they may be meant to show; whether there is any. */
static bool
swap_shown (struct points *points)
{
  bool any = false;
  for (size_t i = 0; i < points->input_count; i++)
    {
      struct point_input *input = &points->inputs[i];
      if (input->otherwise == KEEP_NOTHING)
        continue;
      unsigned shown = input->keeps;
      input->keeps = input->otherwise;
      input->otherwise = shown;
      any = true;
    }
  return any;
}

bool
claim_show_otherwise (struct claims *claims, struct claim *claim, struct points *points)
{
  struct trial trial;
  if (!claim->mentions || !swap_shown (points))
    return false;
  trial_open (&trial, claims, claim, points);
  bool right = trial_run (&trial, claims->options.points, false) == TRIAL_RIGHT;
  trial_close (&trial);
  if (right)
    {
      claim_decide (claim, VERDICT_OK, NULL, NULL);
      claim_check_shown (claims, claim, points);
    }
  swap_shown (points);
  return right;
}
