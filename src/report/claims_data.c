/* claims_data.c -- the report of a checker for programs: json and csv. */
#include "report/claims_report.h"

#include <string.h>

#include "report/print.h"

enum
{
  WRT_SIZE = 400
};

static void
print_member (struct printer *printer, const char *key, const char *text)
{
  print_char (printer, ',');
  print_json_string (printer, key);
  print_char (printer, ':');
  print_json_string (printer, text);
}

static void
print_number_member (struct printer *printer, const char *key, size_t number)
{
  print_char (printer, ',');
  print_json_string (printer, key);
  print_char (printer, ':');
  print_size (printer, number);
}

static void
print_array_member (struct printer *printer, const char *key, const struct array *array)
{
  print_char (printer, ',');
  print_json_string (printer, key);
  print_char (printer, ':');
  if (array)
    print_array_json (printer, TYPE_REAL, &array->shape, array->elements);
  else
    print_text (printer, "null");
}

/* The variable, or both of a second derivative: `w,b`. */
static const char *
wrt_of (const struct claim *claim, char text[WRT_SIZE])
{
  if (!claim->first)
    return claim->source;
  snprintf (text, WRT_SIZE, "%s,%s", claim->first, claim->source);
  return text;
}

/* The message, and what belongs to it when everything is shown. */
static void
print_message (struct printer *printer, const struct claim_report *report, const struct claim *claim)
{
  const char *message = claims_message (report, claim), *detail = claims_detail (report, claim);
  char text[600];
  if (!message)
    return;
  snprintf (text, sizeof text, "%s%s%s", message, detail ? "; " : "", detail ? detail : "");
  print_member (printer, "message", text);
}

static void
print_place (struct printer *printer, const struct claim_report *report, struct span span)
{
  struct place place = sources_place (report->sources, span.start);
  print_text (printer, "\"file\":");
  print_json_string (printer, place.source->name);
  print_number_member (printer, "line", place.line);
  print_number_member (printer, "column", place.column);
}

/* Where several places explain the claim equally well: all of them, that of the hint first. */
static void
print_places (struct printer *printer, const struct claim_report *report, const struct claim *claim)
{
  print_text (printer, ",\"places\":[");
  for (size_t i = 0; i < claim->place_count; i++)
    {
      print_text (printer, i ? ",{" : "{");
      print_place (printer, report, claim->places[i]);
      print_char (printer, '}');
    }
  print_char (printer, ']');
}

static void
print_claim (struct printer *printer, const struct claim_report *report, const struct claim *claim)
{
  const struct sample *shown = &claim->samples[claim->shown];
  const char *hint = claims_hint (report, claim);
  print_text (printer, "{\"target\":");
  char wrt[WRT_SIZE];
  print_json_string (printer, claim->value ? claim->value : claim->target);
  if (claim->source)
    print_member (printer, "wrt", wrt_of (claim, wrt));
  print_member (printer, "verdict", verdict_names[claim->verdict]);
  if ((claims_message (report, claim) || hint) && claim->cause)
    print_member (printer, "cause", claim->cause);
  print_message (printer, report, claim);
  if (report->reveal > REVEAL_NONE)
    {
      print_array_member (printer, "given", claim->none ? NULL : shown->given);
      if (report->reveal == REVEAL_ALL)
        print_array_member (printer, "correct", shown->correct);
      print_number_member (printer, "points", claim->points);
    }
  if (hint && claim->hint_span.start)
    {
      print_char (printer, ',');
      print_place (printer, report, claim->hint_span);
    }
  if (hint && claim->place_count > 1)
    print_places (printer, report, claim);
  if (hint)
    print_member (printer, "hint", hint);
  print_char (printer, '}');
}

void
claims_json (const struct claim_report *report, FILE *out)
{
  struct printer printer;
  size_t counts[VERDICTS];
  printer_open (&printer, out, report->precision);
  print_text (&printer, "{\"checks\":[");
  for (size_t i = 0; i < report->claims->count; i++)
    {
      if (i)
        print_char (&printer, ',');
      print_claim (&printer, report, &report->claims->list[i]);
    }
  print_char (&printer, ']');
  claims_count (report->claims, counts);
  for (int verdict = 0; verdict < VERDICTS; verdict++)
    print_number_member (&printer, verdict_names[verdict], counts[verdict]);
  if (report->claims->cut && report->reveal >= REVEAL_HINT)
    print_text (&printer, ",\"cut\":true");
  print_text (&printer, "}\n");
  printer_flush (&printer);
}

/* A field; in quotes where it has to be. */
static void
print_field (struct printer *printer, const char *text, char delimiter)
{
  const char special[] = { delimiter, '"', '\n', '\r', 0 };
  if (!text)
    return;
  bool quoted = strpbrk (text, special) != NULL;
  if (quoted)
    print_char (printer, '"');
  for (; *text; text++)
    {
      if (*text == '"')
        print_char (printer, '"');
      print_char (printer, *text);
    }
  if (quoted)
    print_char (printer, '"');
}

/* The element that is an example, and what is claimed and right of it; empty where there is none. */
static void
print_numbers (struct printer *printer, const struct claim_report *report, const struct claim *claim, char delimiter)
{
  const struct sample *shown = &claim->samples[claim->shown];
  bool there = report->reveal > REVEAL_NONE && shown->given && shown->correct
               && shape_equal (&shown->given->shape, &shown->correct->shape)
               && (claim->verdict == VERDICT_WRONG || shown->given->shape.rank == 0);
  struct position position = { 0 };
  if (there)
    {
      for (size_t i = 0; i < claim->element; i++)
        position_advance (&position, &shown->given->shape);
      print_position (printer, &position, &shown->given->shape);
    }
  print_char (printer, delimiter);
  if (there)
    print_element_table (printer, TYPE_REAL, shown->given->elements[claim->element]);
  print_char (printer, delimiter);
  if (there && report->reveal == REVEAL_ALL)
    print_element_table (printer, TYPE_REAL, shown->correct->elements[claim->element]);
}

static void
print_row (struct printer *printer, const struct claim_report *report, const struct claim *claim, char delimiter)
{
  const char *hint = claims_hint (report, claim);
  char wrt[WRT_SIZE];
  const char *fields[]
    = { claim->value ? claim->value : claim->target, wrt_of (claim, wrt), verdict_names[claim->verdict],
        claims_message (report, claim) || hint ? claim->cause : NULL };
  for (int i = 0; i < 4; i++)
    {
      print_field (printer, fields[i], delimiter);
      print_char (printer, delimiter);
    }
  print_numbers (printer, report, claim, delimiter);
  print_char (printer, delimiter);
  print_size (printer, claim->points);
  print_char (printer, delimiter);
  if (hint && claim->hint_span.start)
    {
      struct place place = sources_place (report->sources, claim->hint_span.start);
      print_field (printer, place.source->name, delimiter);
      print_char (printer, delimiter);
      print_size (printer, place.line);
      print_char (printer, delimiter);
      print_size (printer, place.column);
    }
  else
    {
      print_char (printer, delimiter);
      print_char (printer, delimiter);
    }
  print_char (printer, delimiter);
  print_field (printer, claims_message (report, claim), delimiter);
  print_char (printer, delimiter);
  print_field (printer, hint, delimiter);
  print_char (printer, '\n');
}

static void
print_table (const struct claim_report *report, char delimiter, FILE *out)
{
  static const char *const header[] = { "target", "wrt",  "verdict", "cause",  "index",   "given", "correct",
                                        "points", "file", "line",    "column", "message", "hint",  NULL };
  struct printer printer;
  printer_open (&printer, out, report->precision);
  for (int i = 0; header[i]; i++)
    {
      if (i)
        print_char (&printer, delimiter);
      print_text (&printer, header[i]);
    }
  print_char (&printer, '\n');
  for (size_t i = 0; i < report->claims->count; i++)
    print_row (&printer, report, &report->claims->list[i], delimiter);
  printer_flush (&printer);
}

void
claims_csv (const struct claim_report *report, FILE *out)
{
  print_table (report, ',', out);
}

void
claims_tsv (const struct claim_report *report, FILE *out)
{
  print_table (report, '\t', out);
}
