/* grading_say.c -- what reports on hand-ins count, and what they say of an answer. */
#include <string.h>

#include "base/heap.h"
#include "base/writing.h"
#include "report/grading_report.h"

const char *
grading_points (double points, char text[NUMBER_SIZE])
{
  enum
  {
    DIGITS = 12
  };
  number_print (text, points, DIGITS);
  return text;
}

void
grading_count (const struct grading *grading, size_t question, size_t counts[VERDICTS + 1])
{
  for (int verdict = 0; verdict <= VERDICTS; verdict++)
    counts[verdict] = 0;
  for (size_t i = 0; i < grading->hand_in_count; i++)
    counts[grading->hand_ins[i].marks[question].verdict]++;
}

/* A hint without what stands around the slip in it: "you get this if SLIP here; the rule is ...". */
static struct slip_count
slip_in (const char *hint)
{
  static const char before[] = "you get this if ", here[] = " here";
  bool plain = strncmp (hint, before, sizeof before - 1) == 0;
  const char *text = plain ? hint + sizeof before - 1 : hint, *rule = strstr (text, "; the rule is");
  size_t size = rule ? (size_t)(rule - text) : strlen (text);
  if (plain && size >= sizeof here && memcmp (text + size - (sizeof here - 1), here, sizeof here - 1) == 0)
    size -= sizeof here - 1;
  return (struct slip_count){ text, size, 1 };
}

/* The most first; of as many the one that was met first. */
static int
by_count (const void *a, const void *b)
{
  const struct slip_count *one = a, *other = b;
  return (one->count < other->count) - (one->count > other->count);
}

struct slip_count *
grading_slips (const struct report *report, size_t question, bool causes, size_t *count)
{
  const struct grading *grading = report->grading;
  struct slip_count *slips
    = heap_take_zeroed (grading->memory, grading->hand_in_count + 1, sizeof *slips, "the report");
  *count = 0;
  for (size_t i = 0; i < grading->hand_in_count; i++)
    {
      const struct mark *mark = &grading->hand_ins[i].marks[question];
      if (mark->verdict != VERDICT_WRONG || !mark->claim)
        continue;
      const char *hint = claims_hint (report, mark->claim), *message = claims_message (report, mark->claim);
      const char *cause = claims_shows_cause (report, mark->claim) ? mark->claim->cause : NULL;
      struct slip_count slip = { 0 };
      if (causes && cause)
        slip = (struct slip_count){ cause, strlen (cause), 1 };
      else if (!causes && (hint || message))
        slip = slip_in (hint ? hint : message);
      if (!slip.text)
        continue;
      size_t k = 0;
      while (k < *count && !(slips[k].size == slip.size && memcmp (slips[k].text, slip.text, slip.size) == 0))
        k++;
      if (k == *count)
        slips[(*count)++] = slip;
      else
        slips[k].count++;
    }
  /* A sort by insertion keeps the order of what is as common. */
  for (size_t i = 1; i < *count; i++)
    for (size_t k = i; k && by_count (&slips[k - 1], &slips[k]) > 0; k--)
      {
        struct slip_count other = slips[k];
        slips[k] = slips[k - 1];
        slips[k - 1] = other;
      }
  return slips;
}

char *
grading_why (const struct report *report, const struct hand_in *hand_in, const struct mark *mark)
{
  struct memory *memory = report->grading->memory;
  const struct claim *claim = mark->claim;
  if (!claim && hand_in->trouble)
    return heap_copy (memory, hand_in->trouble, strlen (hand_in->trouble), "the report");
  if (!claim)
    return NULL;
  const char *parts[] = { claims_message (report, claim), claims_detail (report, claim), claims_hint (report, claim) };
  struct writing *why = writing_open (memory, "the report");
  const char *separator = "";
  for (int i = 0; i < 3; i++)
    if (parts[i])
      {
        fprintf (why->out, "%s%s", separator, parts[i]);
        separator = "; ";
      }
  if (parts[2] && claim->hint_span.start)
    {
      struct place place = sources_place (report->places, claim->hint_span.start);
      fprintf (why->out, " (%s:%zu:%zu)", place.source->name, place.line, place.column);
    }
  size_t size;
  char *text = writing_close (why, &size);
  if (size)
    return text;
  heap_give (text);
  return NULL;
}
