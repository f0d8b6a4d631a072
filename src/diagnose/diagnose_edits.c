/* diagnose_edits.c -- claims that are right but for one thing in them. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/heap.h"
#include "base/number.h"
#include "diagnose/diagnose.h"
#include "diagnose/edit.h"
#include "diagnose/slips.h"
#include "ops/ops.h"

enum
{
  LEAST = 3 /* samples at which a claim is wrong, before it is edited */
};

static const size_t PATIENCE = 3000000; /* elements of all values */

static const struct
{
  const char *cause, *words;
} edit_info[EDITS] = {
#define EDIT(name, cause, words) { cause, words },
#include "diagnose/slips.def"
};

/* Tries the edits that are left at one point; all of them at the first. */
static bool
try_point (struct editing *editing, const struct sample *sample, bool first)
{
  bool good = edit_open_point (editing, sample);
  if (good && first)
    edit_try_all (editing);
  struct edit *edits = area_of (&editing->edits, struct edit);
  for (size_t i = 0; i < area_count (&editing->edits, struct edit) && good && !first; i++)
    edits[i].alive
      = edits[i].alive && edit_apply (editing, &edits[i])
        && edit_is_right (editing, area_of (&editing->work, struct item), area_count (&editing->work, struct item));
  edit_close_point (editing);
  return good;
}

/* What stands in the answer, and where. */
static struct span
say_wrong (const struct editing *editing, const struct edit *edit, char text[SLIP_TEXT])
{
  const struct item *items = area_of (&editing->items, struct item), *item = &items[edit->at];
  struct span span = item->span;
  if (edit->kind == EDIT_TERM || edit->kind == EDIT_FACTOR)
    {
      uint32_t right = edit->at - 1, left = items[right].first - 1;
      span = items[edit->other ? right : left].span;
    }
  if (edit->kind == EDIT_SIGN || edit->kind == EDIT_PRODUCT || edit->kind == EDIT_ORDER || edit->kind == EDIT_FUNCTION
      || edit->kind == EDIT_ALL_FUNCTIONS)
    snprintf (text, SLIP_TEXT, "%s", op_written (item->op));
  else
    slip_quoted (editing->claims, span, text);
  return span;
}

/* What belongs there. */
static void
say_right (const struct editing *editing, const struct edit *edit, char text[SLIP_TEXT])
{
  const struct known *known = area_of (&editing->known, struct known);
  const struct run *run = editing->claims->run;
  char wrong[SLIP_TEXT], number[NUMBER_SIZE];
  say_wrong (editing, edit, wrong);
  bool is_name = area_of (&editing->items, struct item)[edit->at].kind == ITEM_KNOWN;
  bool multiplies = edit->kind == EDIT_MULTIPLE || edit->kind == EDIT_PART;
  if (edit->kind == EDIT_SIGN || edit->kind == EDIT_PRODUCT || edit->kind == EDIT_FUNCTION
      || edit->kind == EDIT_ALL_FUNCTIONS)
    snprintf (text, SLIP_TEXT, "%s", op_written (edit->other));
  else if (edit->kind == EDIT_MEAN)
    snprintf (text, SLIP_TEXT, "%s%.100s", op_info[edit->other].name, strchr (wrong, '(') ? strchr (wrong, '(') : "");
  else if (edit->kind == EDIT_MISSING)
    {
      const char *term = edit->other == UINT32_MAX ? "1" : names_text (run->program->names, known[edit->other].name);
      bool from = edit->number == MISSING_FROM;
      snprintf (text, SLIP_TEXT, "%.50s %s %.50s", from ? term : wrong, edit->number == MISSING_ADDED ? "+" : "-",
                from ? wrong : term);
    }
  else if (edit->kind == EDIT_TRANSPOSED)
    snprintf (text, SLIP_TEXT, is_name ? "%.100s'" : "(%.100s)'", wrong);
  else if (edit->kind == EDIT_EXPONENT || edit->kind == EDIT_BASE || edit->kind == EDIT_AXIS
           || edit->kind == EDIT_ALL_AXES || edit->kind == EDIT_NUMBER || (multiplies && edit->other == UINT32_MAX))
    {
      int below = 1;
      while (below < 4 && edit->number * below != round (edit->number * below))
        below++;
      number_print (number, edit->number * below, 6);
      snprintf (text, SLIP_TEXT, below == 1 || edit->kind != EDIT_NUMBER ? "%s" : "%s/%d", number, below);
    }
  else if (edit->kind == EDIT_INDEX)
    slip_quoted (editing->claims, area_of (&editing->items, struct item)[edit->other].span, text);
  else if (edit->kind == EDIT_OPERAND || edit->kind == EDIT_RESULT || edit->kind == EDIT_NAME
           || edit->kind == EDIT_ALL_NAMES || edit->kind == EDIT_STEP || multiplies)
    {
      if (known[edit->other].name == UINT32_MAX)
        slip_quoted (editing->claims, run_span (run, known[edit->other].place), text);
      else
        snprintf (text, SLIP_TEXT, "%.80s", names_text (run->program->names, known[edit->other].name));
    }
  else
    *text = 0;
}

static void
say (const struct editing *editing, const struct edit *edit, char text[3 * SLIP_TEXT], struct span *span)
{
  char wrong[SLIP_TEXT], right[SLIP_TEXT];
  size_t used = 0;
  *span = say_wrong (editing, edit, wrong);
  say_right (editing, edit, right);
  for (const char *p = edit_info[edit->kind].words; *p && used < 2 * SLIP_TEXT; p++)
    if (*p == '$')
      used += (size_t)snprintf (text + used, SLIP_TEXT, "%s", *++p == 'u' ? wrong : right);
    else
      text[used++] = *p;
  text[used] = 0;
}

/* Whether two edits say the same of two places. */
static bool
are_alike (const struct editing *editing, const struct edit *a, const struct edit *b)
{
  char first[3 * SLIP_TEXT], second[3 * SLIP_TEXT];
  struct span span;
  say (editing, a, first, &span);
  say (editing, b, second, &span);
  return strcmp (first, second) == 0;
}

/* Whether an edit has a number where another one has a name: who left out n wrote no 4. */
static bool
is_number_for (const struct edit *number, const struct edit *name)
{
  bool multiplies = number->kind == EDIT_MULTIPLE || number->kind == EDIT_PART;
  return multiplies && number->at == name->at && number->other == UINT32_MAX && name->other != UINT32_MAX;
}

/* Whether an edit is of a kind that is asked for. */
static bool
is_wanted (enum edit_kind kind, enum edits_wanted wanted)
{
  bool name = kind == EDIT_NAME || kind == EDIT_ALL_NAMES;
  return wanted == EDITS_NOT_NAMES ? !name
         : wanted == EDITS_VALUES  ? name || kind == EDIT_STEP || kind == EDIT_OPERAND || kind == EDIT_RESULT
                                   : true;
}

/* Tells the simplest edit, or two of a kind; of more none is known to be what was meant. */
static void
explain (struct editing *editing, enum edits_wanted wanted)
{
  const struct edit *edits = area_of (&editing->edits, struct edit), *best = NULL, *other = NULL;
  struct claim *claim = editing->claim;
  size_t count = area_count (&editing->edits, struct edit), others = 0;
  for (size_t i = 0; i < count; i++)
    if (edits[i].alive
        && (!best || edits[i].kind < best->kind
            || (edits[i].kind == best->kind && is_number_for (best, &edits[i]))))
      best = &edits[i];
  for (size_t i = 0; i < count && best; i++)
    if (edits[i].alive && edits[i].kind == best->kind && &edits[i] != best && !are_alike (editing, best, &edits[i])
        && !is_number_for (&edits[i], best)
        && !(other && are_alike (editing, other, &edits[i])))
      {
        other = &edits[i];
        others++;
      }
  if (!best || others > 1 || !is_wanted (best->kind, wanted))
    return;
  char text[3 * SLIP_TEXT], alternative[3 * SLIP_TEXT];
  struct span span;
  say (editing, best, text, &claim->hint_span);
  if (shape_equal (&claim->samples[0].given->shape, &claim->samples[0].correct->shape))
    claim->cause = edit_info[best->kind].cause;
  if (other)
    say (editing, other, alternative, &span);
  claim->hint = other ? claim_text (editing->claims, "you get this if either %s or %s", text, alternative)
                      : claim_text (editing->claims, "you get this if %s", text);
}

bool
diagnose_edits (struct claims *claims, struct claim *claim, struct points *points, enum edits_wanted wanted)
{
  struct editing editing = { .claims = claims, .claim = claim, .points = points, .patience = PATIENCE };
  size_t samples = search_samples (claims, claim, points);
  if (!claim->mentions || claim->calls)
    return false;
  struct area *areas[] = { &editing.items, &editing.work, &editing.known, &editing.edits, &editing.operands };
  for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
    area_open (areas[i], claims->memory, (size_t)1 << 24, "the search for causes");
  bool found = edit_read (&editing);
  size_t differing, first = search_first (claims, claim, samples, &differing);
  found = found && differing >= LEAST && try_point (&editing, &claim->samples[first], true);
  for (size_t k = samples; k-- > 0 && found && area_count (&editing.edits, struct edit);)
    if (claim->samples[k].usable && k != first)
      try_point (&editing, &claim->samples[k], false);
  if (found)
    explain (&editing, wanted);
  points_reset (points);
  heap_give (editing.values);
  for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
    area_close (areas[i]);
  return claim->hint != NULL;
}
