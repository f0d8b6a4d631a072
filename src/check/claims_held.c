/* claims_held.c -- claims with the program's numbers in the place of its names, and with counts that go with lengths.
 */
#include <math.h>
#include <string.h>

#include "base/heap.h"
#include "base/number.h"
#include "base/writing.h"
#include "check/holding.h"

enum
{
  BRIEF_POINTS = 2, /* at which a long program has to be right with what is held */
  SHOWN = 4,        /* inputs that are named, and elements of an array */
  MOST = 4096       /* inputs among which a set is looked for */
};

static size_t
count_held (const struct points *points)
{
  size_t held = 0;
  for (size_t i = 0; i < points->input_count; i++)
    held += points->inputs[i].held;
  return held;
}

/* A whole number that is the length of some axis of another input may count its elements. */
static bool
is_count (const struct points *points, const struct point_input *input)
{
  if (!value_is_number (&input->value) || input->value.number < 2 || input->value.number != floor (input->value.number))
    return false;
  for (size_t i = 0; i < points->input_count; i++)
    {
      struct shape shape = value_shape (&points->inputs[i].value);
      for (int axis = 0; axis < shape.rank; axis++)
        if ((double)shape.extent[axis] == input->value.number)
          return true;
    }
  return false;
}

/* Keeps what is known of the set that is held, with which the claim was right. */
static void
keep_last (struct holding *holding)
{
  const struct trial *trial = &holding->trial;
  memcpy (holding->last, trial->moves, trial->claim->mentioned_count * sizeof *holding->last);
  holding->next = trial->next;
}

/* Whether the claim is right with what is held, and afar too. With nothing held it is not, or nobody would ask. */
static bool
is_right (struct holding *holding, bool afar)
{
  struct trial *trial = &holding->trial;
  if (trial->brief && !count_held (trial->points))
    return false;
  if (trial_run (trial, trial->brief ? holding->looked : SEARCH_POINTS, false) != TRIAL_RIGHT
      || (afar && claim_is_wrong_afar (trial)))
    return false;
  keep_last (holding);
  return true;
}

/* How the claim fares at all points with what is held in the end. In a long program it was right at as many when less
   could be let go, and what moved is known. */
static enum trial_outcome
try_all (struct holding *holding)
{
  struct trial *trial = &holding->trial;
  if (!trial->brief || trial->claims->options.points > BRIEF_POINTS)
    return trial_run (trial, trial->claims->options.points, false);
  memcpy (trial->moves, holding->last, trial->claim->mentioned_count * sizeof *holding->last);
  return TRIAL_RIGHT;
}

/* What is held, in the order in which it is let go: counts that the claim mentions first. */
static size_t
order_held (const struct holding *holding, size_t *order)
{
  const struct points *points = holding->trial.points;
  size_t count = 0;
  for (int pass = 0; pass < 2; pass++)
    for (size_t i = 0; i < points->input_count; i++)
      if (points->inputs[i].held && holding->mentioned[i] == (pass == 0))
        order[count++] = i;
  return count;
}

/* Whether the claim stays right when some of them are let go; they are held again when it does not. */
static bool
let_go (struct holding *holding, const size_t *order, size_t from, size_t to)
{
  struct point_input *inputs = holding->trial.points->inputs;
  for (size_t k = from; k < to; k++)
    inputs[order[k]].held = false;
  bool right = is_right (holding, false);
  for (size_t k = from; k < to && !right; k++)
    inputs[order[k]].held = true;
  return right;
}

/* The same as one by one in few runs: the first that has to be held is found by halving, then all behind it are let go,
   or the next is found. */
static void
release_briefly (struct holding *holding)
{
  size_t *order
    = heap_take (holding->trial.claims->memory, holding->trial.points->input_count, sizeof *order, "the claims");
  size_t count = order_held (holding, order);
  for (size_t from = 0; from < count && !let_go (holding, order, from, count); from++)
    for (size_t end = count; end - from > 1;)
      {
        size_t middle = from + (end - from) / 2;
        *(let_go (holding, order, from, middle) ? &from : &end) = middle;
      }
  heap_give (order);
}

/* Lets go of held inputs, halves of them first, as long as the claim stays right. */
static void
release_most (struct holding *holding, bool afar)
{
  struct points *points = holding->trial.points;
  size_t count = points->input_count;
  for (int pass = 0; pass < 2; pass++)
    for (size_t chunk = count; chunk > 0; chunk /= 2)
      for (size_t from = 0; from < count; from += chunk)
        {
          size_t to = from + chunk < count ? from + chunk : count, tried = 0;
          bool *before = heap_take (holding->trial.claims->memory, to - from, sizeof *before, "the claims");
          for (size_t i = from; i < to; i++)
            {
              before[i - from] = points->inputs[i].held;
              if (points->inputs[i].held && holding->mentioned[i] == (pass == 0))
                {
                  points->inputs[i].held = false;
                  tried++;
                }
            }
          if (tried && !is_right (holding, afar))
            for (size_t i = from; i < to; i++)
              points->inputs[i].held = before[i - from];
          heap_give (before);
        }
}

/* Whether all mentioned variables that move when nothing is held moved in the last run, but for those of `also`. */
static bool
all_move (const struct holding *holding, const bool *also)
{
  for (size_t i = 0; i < holding->trial.claim->mentioned_count; i++)
    if (holding->moved[i] && !holding->trial.moves[i] && !(also && also[i]))
      return false;
  return true;
}

/* Whether the variable of the derivative is held, and nothing that the claim mentions moves: that says nothing. */
static bool
says_nothing (const struct holding *holding)
{
  const struct points *points = holding->trial.points;
  const struct claim *claim = holding->trial.claim;
  bool held = false, moves = false;
  for (size_t i = 0; i < points->input_count; i++)
    held |= points->inputs[i].held && claim->source && points->inputs[i].name == claim->source_name;
  for (size_t i = 0; i < claim->mentioned_count; i++)
    moves |= holding->trial.moves[i];
  return held && !moves;
}

/* Whether what is held matters near the program's values, so that its number can stand in the claim: what does not may
   hide a mistake that is too small to be seen there, but can be elsewhere. */
static bool
all_matter (struct holding *holding)
{
  struct points *points = holding->trial.points;
  bool matter = true;
  for (size_t i = 0; i < points->input_count && matter; i++)
    {
      struct point_input *input = &points->inputs[i];
      if (!input->held)
        continue;
      input->held = false;
      matter = trial_run (&holding->trial, SEARCH_POINTS, true) == TRIAL_WRONG;
      input->held = true;
    }
  return matter;
}

static void
print_held (FILE *out, const struct point_input *input)
{
  char text[NUMBER_SIZE];
  bool is_array = value_shape (&input->value).rank > 0;
  for (size_t i = 0; i < value_size (&input->value); i++)
    {
      number_print (text, value_elements (&input->value)[i], 6);
      fprintf (out, "%s%s", i ? ", " : is_array ? "[" : "", text);
    }
  fputs (is_array ? "]" : "", out);
}

/* "with x = 3, y = 5 put in", "n = 4 counts the elements of x" */
static char *
say_held (const struct holding *holding, bool counts)
{
  const struct points *points = holding->trial.points;
  const struct names *names = points->base->program->names;
  struct writing *writing = writing_open (points->base->memory, "a message");
  FILE *out = writing->out;
  size_t shown = 0;
  for (size_t i = 0; i < points->input_count; i++)
    {
      const struct point_input *input = &points->inputs[i];
      struct shape shape = value_shape (&input->value);
      if (!input->held || holding->counts[i] != counts)
        continue;
      if (shown == SHOWN)
        {
          fputs (", ...", out);
          break;
        }
      fprintf (out, "%s%s", shown++ ? ", " : "with ", names_text (names, input->name));
      if (shape.rank < 2 && shape_size (&shape) <= SHOWN)
        {
          fputs (" = ", out);
          print_held (out, input);
        }
    }
  if (shown)
    fputs (counts ? " as a count of elements" : " put in", out);
  return writing_close (writing, NULL);
}

/* A number that counts elements has to go on doing so when there are more of them. A count that the claim does not
   mention may stand there as a length: where it does not, it is a number put in. */
static enum trial_outcome
check_counts (struct holding *holding, bool *moves)
{
  enum
  {
    LEAST = 3 /* a 2 that nobody calls a count is more often a factor */
  };
  struct points *points = holding->trial.points;
  const struct claim *claim = holding->trial.claim;
  for (size_t i = 0; i < points->input_count; i++)
    {
      const struct point_input *input = &points->inputs[i];
      bool hidden = !holding->mentioned[i] && claim->measures && is_count (points, input)
                    && input->value.number >= LEAST && !(claim->source && input->name == claim->source_name);
      if (!input->held || !(holding->mentioned[i] || hidden))
        continue;
      enum trial_outcome outcome = claim_try_doubled (&holding->trial, i);
      if (outcome != TRIAL_RIGHT && !hidden)
        return outcome;
      holding->counts[i] |= outcome == TRIAL_RIGHT;
      for (size_t k = 0; k < claim->mentioned_count && holding->counts[i]; k++)
        moves[k] |= holding->trial.moves[k];
    }
  return TRIAL_RIGHT;
}

static void
decide (struct holding *holding)
{
  struct claims *claims = holding->trial.claims;
  struct claim *claim = holding->trial.claim;
  struct points *points = holding->trial.points;
  bool *moves = heap_take_zeroed (claims->memory, claim->mentioned_count, sizeof *moves, "the claims");
  enum trial_outcome counts = check_counts (holding, moves);
  enum trial_outcome all = try_all (holding);
  bool rests = !all_move (holding, moves), nothing = says_nothing (holding),
       chance = holding_may_be_chance (holding) || !(holding->trial.brief || all_matter (holding));
  char *held = say_held (holding, false), *counted = say_held (holding, true);
  const char *joint = *held && *counted ? ", " : "";
  heap_give (moves);
  if (counts == TRIAL_WRONG || all == TRIAL_WRONG || nothing)
    claim->verdict = VERDICT_WRONG;
  else if (counts != TRIAL_RIGHT)
    claim_decide (claim, VERDICT_UNDECIDED, "count",
                  claim_text (claims, "right %s, which the program cannot have more of", counted));
  else if (all != TRIAL_RIGHT || rests || chance || claim->calls)
    claim_decide (claim, VERDICT_UNDECIDED, "chance",
                  claim_text (claims, "right %s%s%s, which may be chance", held, joint, counted));
  else
    claim_decide (claim, VERDICT_OK, "held", claim_text (claims, "%s%s%s", held, joint, counted));
  /* What may be chance anyway needs no twin, where a search for one takes long. */
  if (*held && (claim->verdict == VERDICT_OK || (claim->verdict == VERDICT_UNDECIDED && !holding->trial.brief)))
    {
      points_release (points);
      for (size_t i = 0; i < points->input_count; i++)
        points->inputs[i].free = true;
      if (claim_find_twin (claims, claim, points) && claim->verdict == VERDICT_OK)
        claim_decide (claim, VERDICT_UNDECIDED, "chance",
                      claim_text (claims, "right %s%s%s, which may be chance", held, joint, counted));
    }
  heap_give (held);
  heap_give (counted);
}

/* Holds all that the claim does not mention, and what may be a count. */
static void
hold_all (struct holding *holding)
{
  struct points *points = holding->trial.points;
  const struct claim *claim = holding->trial.claim;
  for (size_t i = 0; i < points->input_count; i++)
    {
      struct point_input *input = &points->inputs[i];
      bool source = claim->source && input->name == claim->source_name;
      input->held = !input->still && (!holding->mentioned[i] || (!source && is_count (points, input)));
    }
}

/* Marks the mentioned variables that rest in the last run because of what is held. One that is saturated near the
   program's values moves, too. */
static void
note_rests (struct holding *holding, bool *rests)
{
  struct points *points = holding->trial.points;
  size_t mentioned = holding->trial.claim->mentioned_count;
  memcpy (rests, holding->trial.moves, mentioned * sizeof *rests);
  for (size_t i = 0; i < points->input_count; i++)
    points->inputs[i].held = false;
  trial_note_moves (&holding->trial, true);
  hold_all (holding);
  for (size_t i = 0; i < mentioned; i++)
    {
      holding->moved[i] |= holding->trial.moves[i];
      rests[i] = holding->moved[i] && !rests[i];
    }
}

/* Whether the claim can be right with something that it names moving which comes to rest when all is held: then it is
   so, too, with one input alone let go that moves it. */
static bool
may_move (struct holding *holding)
{
  struct points *points = holding->trial.points;
  size_t mentioned = holding->trial.claim->mentioned_count;
  bool *rests = heap_take_zeroed (points->base->memory, mentioned, sizeof *rests, "the claims");
  bool may = true;
  note_rests (holding, rests);
  for (size_t k = 0; k < mentioned; k++)
    may &= !rests[k];
  for (size_t i = 0; i < points->input_count && !may; i++)
    if (points->inputs[i].held)
      {
        points->inputs[i].held = false;
        bool right = is_right (holding, true);
        for (size_t k = 0; k < mentioned && right; k++)
          may |= rests[k] && holding->trial.moves[k];
        points->inputs[i].held = true;
      }
  heap_give (rests);
  return may;
}

/* Whether the claim is right when all is held that can be. What differs then is wrong, unless by rounding. */
static bool
is_right_held (struct holding *holding, size_t wanted)
{
  bool brief = holding->trial.brief;
  hold_all (holding);
  holding->trial.brief = false;
  bool right = count_held (holding->trial.points) && trial_run (&holding->trial, wanted, false) == TRIAL_RIGHT;
  holding->trial.brief = brief;
  if (right)
    keep_last (holding);
  return right;
}

/* Whether what is held in a long program will do at the points that are left, too. */
static bool
is_right_further (struct holding *holding)
{
  struct trial *trial = &holding->trial;
  if (holding->looked >= BRIEF_POINTS)
    return true;
  trial->first = holding->next;
  bool right = trial_run (trial, BRIEF_POINTS - holding->looked, false) == TRIAL_RIGHT;
  trial->first = 0;
  for (size_t i = 0; i < trial->claim->mentioned_count; i++)
    holding->last[i] |= trial->moves[i];
  return right;
}

/* The same of a long program, where each that is still held in the end was seen to matter: sets are looked at at one
   point, and what is held in the end at another one; only where it is wrong there each set is looked at at both. */
static bool
hold_least_briefly (struct holding *holding)
{
  for (holding->looked = 1; holding->looked <= BRIEF_POINTS; holding->looked++)
    {
      if (!is_right_held (holding, holding->looked))
        return false;
      release_briefly (holding);
      if (is_right_further (holding))
        return true;
    }
  return false;
}

/* Holds as few as will do; false when the claim is wrong whatever is held. */
static bool
hold_least (struct holding *holding, size_t wanted)
{
  if (holding->trial.brief)
    return hold_least_briefly (holding);
  if (!is_right_held (holding, wanted))
    return false;
  release_most (holding, false);
  if (all_matter (holding) || !claim_is_wrong_afar (&holding->trial))
    return true;
  /* These hide a mistake, or others have their numbers in the claim. */
  hold_all (holding);
  if (claim_is_wrong_afar (&holding->trial) || !may_move (holding))
    return false;
  release_most (holding, true);
  return true;
}

bool
claim_hold (struct claims *claims, struct claim *claim, struct points *points)
{
  struct holding holding = { 0 };
  size_t count = points->input_count;
  if (!claim->mentions || count > MOST || !count)
    return false;
  trial_open (&holding.trial, claims, claim, points);
  holding.mentioned = heap_take_zeroed (claims->memory, count, sizeof *holding.mentioned, "the claims");
  holding.unnamed = heap_take_zeroed (claims->memory, count, sizeof *holding.unnamed, "the claims");
  holding.moved = heap_take_zeroed (claims->memory, claim->mentioned_count, sizeof *holding.moved, "the claims");
  holding.last = heap_take_zeroed (claims->memory, claim->mentioned_count, sizeof *holding.last, "the claims");
  trial_note_moves (&holding.trial, false);
  for (size_t i = 0; i < claim->mentioned_count; i++)
    {
      const struct variable *variable = program_variable (claims->run->program, claim->mentioned[i]);
      claim->calls |= variable->slot != UINT32_MAX
                      && area_of (&claims->run->globals, struct value)[variable->slot].kind == KIND_FUNCTION;
    }
  holding.counts = heap_take_zeroed (claims->memory, count, sizeof *holding.counts, "the claims");
  memcpy (holding.moved, holding.trial.moves, claim->mentioned_count * sizeof *holding.moved);
  for (size_t i = 0; i < count; i++)
    {
      holding.unnamed[i] = claim_is_past (claims->run, &points->inputs[i]);
      for (size_t k = 0; k < claim->mentioned_count && !holding.unnamed[i]; k++)
        holding.mentioned[i] |= claim->mentioned[k] == points->inputs[i].name;
      holding.counts[i] = holding.mentioned[i];
    }
  bool found = hold_least (&holding, claims->options.points);
  if (found)
    decide (&holding);
  trial_close (&holding.trial);
  heap_give (holding.mentioned);
  heap_give (holding.unnamed);
  heap_give (holding.counts);
  heap_give (holding.moved);
  heap_give (holding.last);
  return found && claim->verdict != VERDICT_WRONG;
}
