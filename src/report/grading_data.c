/* grading_data.c -- the report on hand-ins for programs: json and csv. */
#include <string.h>

#include "base/heap.h"
#include "report/grading_report.h"
#include "report/table.h"

/* Points have as many digits as they were given with. */
static void
print_points (struct printer *printer, const char *key, double points)
{
  char text[NUMBER_SIZE];
  print_json_key (printer, key);
  print_text (printer, grading_points (points, text));
}

static void
print_about (struct printer *printer, const struct claim *claim)
{
  char wrt[CLAIM_WRT];
  print_json_text (printer, "target", claim->value ? claim->value : claim->target);
  if (claim->source)
    print_json_text (printer, "wrt", claims_wrt (claim, wrt));
}

static void
print_mark (const struct report *report, const struct hand_in *hand_in, size_t question, struct printer *printer)
{
  const struct mark *mark = &hand_in->marks[question];
  if (mark->claim)
    {
      claims_print_json (report, mark->claim, printer);
      return;
    }
  print_json_open (printer, '{');
  print_about (printer, report->grading->questions[question].claim);
  print_json_text (printer, "verdict", mark->verdict == VERDICT_MISSING ? "missing" : verdict_names[mark->verdict]);
  if (hand_in->trouble)
    print_json_text (printer, "message", hand_in->trouble);
  print_char (printer, '}');
}

static void
print_hand_in (const struct report *report, const struct hand_in *hand_in, struct printer *printer)
{
  const struct grading *grading = report->grading;
  bool others = false;
  print_json_open (printer, '{');
  print_json_text (printer, "file", hand_in->file);
  print_points (printer, "points", hand_in->points);
  print_points (printer, "of", grading->of);
  print_json_begin (printer, "checks", '[');
  for (size_t q = 0; q < grading->question_count; q++)
    print_mark (report, hand_in, q, printer);
  print_char (printer, ']');
  for (size_t i = 0; i < hand_in->claims.count; i++)
    if (!grading_is_asked (grading, &hand_in->claims.list[i]))
      {
        if (!others)
          {
            print_json_begin (printer, "others", '[');
          }
        others = true;
        claims_print_json (report, &hand_in->claims.list[i], printer);
      }
  print_text (printer, others ? "]}" : "}");
}

static void
print_question (const struct report *report, size_t question, struct printer *printer)
{
  size_t counts[VERDICTS + 1], count;
  struct slip_count *slips = grading_slips (report, question, true, &count);
  grading_count (report->grading, question, counts);
  print_json_open (printer, '{');
  print_about (printer, report->grading->questions[question].claim);
  for (int verdict = 0; verdict <= VERDICTS; verdict++)
    print_json_size (printer, verdict < VERDICTS ? verdict_names[verdict] : "missing", counts[verdict]);
  print_json_begin (printer, "slips", '{');
  for (size_t i = 0; i < count; i++)
    print_json_size (printer, slips[i].text, slips[i].count);
  print_text (printer, "}}");
  heap_give (slips);
}

void
grading_json (const struct report *report, struct printer *printer)
{
  const struct grading *grading = report->grading;
  print_text (printer, "{\"hand_ins\":[");
  for (size_t i = 0; i < grading->hand_in_count; i++)
    print_hand_in (report, &grading->hand_ins[i], printer);
  print_text (printer, "],\"questions\":[");
  for (size_t q = 0; q < grading->question_count; q++)
    print_question (report, q, printer);
  print_text (printer, "]}\n");
}

void
grading_table (const struct report *report, struct printer *printer)
{
  static const char *const header[] = { "file", "target", "wrt", "verdict", "points", "of", "message", NULL };
  const struct grading *grading = report->grading;
  struct table table = table_of (report, printer);
  char text[NUMBER_SIZE], wrt[CLAIM_WRT];
  table_header (&table, header);
  for (size_t i = 0; i < grading->hand_in_count; i++)
    for (size_t q = 0; q < grading->question_count; q++)
      {
        const struct hand_in *hand_in = &grading->hand_ins[i];
        const struct mark *mark = &hand_in->marks[q];
        const struct claim *asked = grading->questions[q].claim;
        char *why = grading_why (report, hand_in, mark);
        table_text (&table, hand_in->file);
        table_text (&table, asked->value ? asked->value : asked->target);
        table_text (&table, claims_wrt (asked, wrt));
        table_text (&table, mark->verdict == VERDICT_MISSING ? "missing" : verdict_names[mark->verdict]);
        table_text (&table, grading_points (mark->points, text));
        table_text (&table, grading_points (grading->questions[q].points, text));
        table_text (&table, why);
        table_end_line (&table);
        heap_give (why);
      }
}
