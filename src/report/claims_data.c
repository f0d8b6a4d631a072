/* claims_data.c -- the report of a checker for programs: json and csv. */
#include "report/claims_report.h"

#include <string.h>

#include "report/table.h"

static void
print_array_member (struct printer *printer, const char *key, const struct array *array)
{
  print_json_key (printer, key);
  if (array)
    print_array_json (printer, TYPE_REAL, &array->shape, array->elements);
  else
    print_text (printer, "null");
}

const char *
claims_wrt (const struct claim *claim, char text[CLAIM_WRT])
{
  if (!claim->first && !claim->part_count)
    return claim->source;
  /* The target of a second derivative, grad(loss,w)[0], ends in the part of the first variable. */
  const char *part_of_first = claim->first ? strrchr (claim->target, ')') + 1 : "";
  int used = snprintf (text, CLAIM_WRT, "%.120s%.60s%s%.120s", claim->first ? claim->first : "", part_of_first,
                       claim->first ? "," : "", claim->source);
  for (int k = 0; k < claim->part_count && used < CLAIM_WRT; k++)
    {
      const struct claim_part *part = &claim->parts[k];
      used += snprintf (text + used, CLAIM_WRT - (size_t)used, "%s%td", k ? "," : "[", part->start);
      if (!part->single && used < CLAIM_WRT)
        used += snprintf (text + used, CLAIM_WRT - (size_t)used, ":%td", part->stop);
    }
  if (claim->part_count && used < CLAIM_WRT)
    snprintf (text + used, CLAIM_WRT - (size_t)used, "]");
  return text;
}

bool
claims_shows_cause (const struct report *report, const struct claim *claim)
{
  return claim->cause && (claims_message (report, claim) || claims_hint (report, claim));
}

/* The message, and what belongs to it when everything is shown. */
static void
print_message (struct printer *printer, const struct report *report, const struct claim *claim)
{
  const char *message = claims_message (report, claim), *detail = claims_detail (report, claim);
  char text[600];
  if (!message)
    return;
  snprintf (text, sizeof text, "%s%s%s", message, detail ? "; " : "", detail ? detail : "");
  print_json_text (printer, "message", text);
}

/* Where several places explain the claim equally well: all of them, that of the hint first. */
static void
print_places (struct printer *printer, const struct report *report, const struct claim *claim)
{
  print_json_begin (printer, "places", '[');
  for (size_t i = 0; i < claim->place_count; i++)
    {
      print_json_open (printer, '{');
      print_json_span (printer, report->places, claim->places[i]);
      print_char (printer, '}');
    }
  print_char (printer, ']');
}

void
claims_print_json (const struct report *report, const struct claim *claim, struct printer *printer)
{
  const struct sample *shown = &claim->samples[claim->shown];
  const char *hint = claims_hint (report, claim);
  char wrt[CLAIM_WRT];
  print_json_open (printer, '{');
  if (claim->target)
    print_json_text (printer, "target", claim->value ? claim->value : claim->target);
  if (claim->source)
    print_json_text (printer, "wrt", claims_wrt (claim, wrt));
  if (claims_file (report, claim) && !report->grading)
    print_json_text (printer, "answers", claims_file (report, claim));
  print_json_text (printer, "verdict", verdict_names[claim->verdict]);
  if (claims_shows_cause (report, claim))
    print_json_text (printer, "cause", claim->cause);
  print_message (printer, report, claim);
  if (report->reveal > REVEAL_NONE && claim->sample_count)
    {
      print_array_member (printer, "given", claim->none ? NULL : shown->given);
      if (report->reveal == REVEAL_ALL)
        print_array_member (printer, "correct", shown->correct);
      print_json_size (printer, "points", claim->points);
    }
  struct span place = claims_place (report, claim);
  if (place.start)
    print_json_span (printer, report->places, place);
  if (hint && claim->place_count > 1)
    print_places (printer, report, claim);
  if (claim->read)
    print_json_text (printer, "read", claim->read);
  if (hint)
    print_json_text (printer, "hint", hint);
  print_char (printer, '}');
}

void
claims_json (const struct report *report, struct printer *printer)
{
  size_t counts[VERDICTS];
  print_text (printer, "{\"checks\":[");
  for (size_t i = 0; i < report->claims->count; i++)
    claims_print_json (report, &report->claims->list[i], printer);
  print_char (printer, ']');
  claims_count (report->claims, counts);
  for (int verdict = 0; verdict < VERDICTS; verdict++)
    print_json_size (printer, verdict_names[verdict], counts[verdict]);
  if (report->claims->cut && report->reveal >= REVEAL_HINT)
    print_text (printer, ",\"cut\":true");
  print_text (printer, "}\n");
}

/* The element that is an example, and what is claimed and right of it; empty where there is none. */
static void
print_numbers (struct table *table, const struct report *report, const struct claim *claim)
{
  const struct sample *shown = &claim->samples[claim->shown];
  bool there = report->reveal > REVEAL_NONE && shown->given && shown->correct
               && shape_equal (&shown->given->shape, &shown->correct->shape)
               && (claim->verdict == VERDICT_WRONG || shown->given->shape.rank == 0);
  if (there)
    {
      table_position (table, &shown->given->shape, claim->element);
      table_element (table, TYPE_REAL, shown->given->elements[claim->element]);
    }
  else
    table_skip (table, 2);
  if (there && report->reveal == REVEAL_ALL)
    table_element (table, TYPE_REAL, shown->correct->elements[claim->element]);
  else
    table_skip (table, 1);
}

static void
print_row (struct table *table, const struct report *report, const struct claim *claim, bool files)
{
  const char *message = claims_message (report, claim), *hint = claims_hint (report, claim);
  char wrt[CLAIM_WRT];
  table_text (table, claim->value ? claim->value : claim->target);
  table_text (table, claims_wrt (claim, wrt));
  table_text (table, verdict_names[claim->verdict]);
  table_text (table, claims_shows_cause (report, claim) ? claim->cause : NULL);
  print_numbers (table, report, claim);
  table_size (table, claim->points);
  table_place (table, report->places, claims_place (report, claim));
  if (files)
    {
      table_text (table, claims_file (report, claim));
      table_text (table, claim->read);
    }
  table_text (table, message);
  table_text (table, hint);
  table_end_line (table);
}

void
claims_table (const struct report *report, struct printer *printer)
{
  static const char *const plain[] = { "target", "wrt",  "verdict", "cause",  "index",   "given", "correct",
                                       "points", "file", "line",    "column", "message", "hint",  NULL };
  static const char *const with_files[]
    = { "target", "wrt",  "verdict", "cause",   "index", "given",   "correct", "points",
        "file",   "line", "column",  "answers", "read",  "message", "hint",    NULL };
  struct table table = table_of (report, printer);
  bool files = claims_have_file (report);
  table_header (&table, files ? with_files : plain);
  for (size_t i = 0; i < report->claims->count; i++)
    print_row (&table, report, &report->claims->list[i], files);
}
