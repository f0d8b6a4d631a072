/* grading_report.c -- the report on hand-ins for people: text, markdown, LaTeX and TAP. */
#include "report/grading_report.h"

#include "base/heap.h"
#include "report/markdown.h"

/* What the marks in the table mean, where there are any. */
static void
print_legend (const struct grading *grading, const char *open, const char *close, struct printer *printer)
{
  size_t all[VERDICTS + 1] = { 0 }, counts[VERDICTS + 1];
  const char *separator = "";
  for (size_t q = 0; q < grading->question_count; q++)
    {
      grading_count (grading, q, counts);
      for (int i = 0; i <= VERDICTS; i++)
        all[i] += counts[i];
    }
  static const char marks[VERDICTS + 1]
    = { [VERDICT_UNDECIDED] = '?', [VERDICT_UNREADABLE] = '!', [VERDICT_MISSING] = '-' };
  static const char *const means[VERDICTS + 1] = { [VERDICT_UNDECIDED] = "could not be decided, and is left to you",
                                                   [VERDICT_UNREADABLE] = "unreadable",
                                                   [VERDICT_MISSING] = "missing" };
  for (int i = 0; i <= VERDICTS; i++)
    if (means[i] && all[i])
      {
        print_format (printer, "%s%s%c%s %s", separator, open, marks[i], close, means[i]);
        separator = "; ";
      }
  if (*separator)
    print_text (printer, *open ? "\n\n" : "\n");
}

/* "3 hand-ins, 2.5 of 4 points on average" */
static void
print_average (const struct grading *grading, struct printer *printer)
{
  enum
  {
    DIGITS = 3
  };
  char mean[NUMBER_SIZE], of[NUMBER_SIZE];
  double sum = 0;
  for (size_t i = 0; i < grading->hand_in_count; i++)
    sum += grading->hand_ins[i].points;
  number_print (mean, sum / (double)grading->hand_in_count, DIGITS);
  print_format (printer, "%zu hand-in%s, %s of %s points%s\n", grading->hand_in_count,
                grading->hand_in_count == 1 ? "" : "s", mean, grading_points (grading->of, of),
                grading->hand_in_count == 1 ? "" : " on average");
}

/* "2 of 2", or as a note of several answers "2 of 2 (the last of 3 answers)". */
static const char *
describe_points (const struct grading *grading, const struct hand_in *hand_in, size_t question, char *text, size_t size)
{
  char points[NUMBER_SIZE], of[NUMBER_SIZE];
  const struct mark *mark = &hand_in->marks[question];
  int used = snprintf (text, size, "%s of %s", grading_points (mark->points, points),
                       grading_points (grading->questions[question].points, of));
  if (mark->answers > 1)
    snprintf (text + used, size - (size_t)used, " (the last of %zu answers)", mark->answers);
  return text;
}

static void
print_hand_in (const struct report *report, const struct hand_in *hand_in, struct printer *printer)
{
  const struct grading *grading = report->grading;
  char text[3 * NUMBER_SIZE + 60], points[NUMBER_SIZE], of[NUMBER_SIZE];
  print_format (printer, "%s: %s of %s points\n", hand_in->file, grading_points (hand_in->points, points),
                grading_points (grading->of, of));
  if (hand_in->trouble)
    print_format (printer, "unreadable: %s\n", hand_in->trouble);
  for (size_t q = 0; q < grading->question_count && !hand_in->trouble; q++)
    {
      const struct mark *mark = &hand_in->marks[q];
      describe_points (grading, hand_in, q, text, sizeof text);
      if (mark->claim)
        claims_print_text (report, mark->claim, text, printer);
      else
        print_format (printer, "%s  %s  %s\n", grading->questions[q].claim->name, claims_words[mark->verdict], text);
    }
  for (size_t i = 0; i < hand_in->claims.count; i++)
    if (!grading_is_asked (grading, &hand_in->claims.list[i]))
      {
        print_text (printer, "not asked for: ");
        claims_print_text (report, &hand_in->claims.list[i], NULL, printer);
      }
  print_char (printer, '\n');
}

/* What went wrong most, with `bullet` before each. */
static void
print_slips (const struct report *report, const char *bullet, bool markdown, struct printer *printer)
{
  enum
  {
    MOST = 3
  };
  const struct grading *grading = report->grading;
  for (size_t q = 0; q < grading->question_count; q++)
    {
      size_t count;
      struct slip_count *slips = grading_slips (report, q, false, &count);
      for (size_t i = 0; i < count && i < MOST; i++)
        {
          char *text = heap_copy (grading->memory, slips[i].text, slips[i].size, "the report");
          print_text (printer, bullet);
          if (markdown)
            markdown_code (printer, grading->questions[q].claim->name);
          else
            print_text (printer, grading->questions[q].claim->name);
          print_format (printer, ", %zu time%s: ", slips[i].count, slips[i].count == 1 ? "" : "s");
          if (markdown)
            markdown_text (printer, text);
          else
            print_text (printer, text);
          print_char (printer, '\n');
          heap_give (text);
        }
      heap_give (slips);
    }
}

void
grading_text (const struct report *report, struct printer *printer)
{
  const struct grading *grading = report->grading;
  for (size_t i = 0; i < grading->hand_in_count; i++)
    print_hand_in (report, &grading->hand_ins[i], printer);
  struct grid points = grading_points_grid (grading), questions = grading_questions_grid (grading);
  grading_grid_text (&points, grading->memory, printer);
  print_legend (grading, "", "", printer);
  print_char (printer, '\n');
  grading_grid_text (&questions, grading->memory, printer);
  print_slips (report, "", false, printer);
  print_average (grading, printer);
  grading_grid_free (&points);
  grading_grid_free (&questions);
}

static void
print_row_markdown (const struct report *report, const struct claim *claim, const char *name, enum verdict verdict,
                    const char *points, struct printer *printer)
{
  print_text (printer, "| ");
  markdown_code (printer, name);
  print_format (printer, " | %s | %s | ", claims_words[verdict], points);
  if (claim)
    claims_print_markdown (report, claim, printer);
  print_text (printer, " |\n");
}

static void
print_hand_in_markdown (const struct report *report, const struct hand_in *hand_in, struct printer *printer)
{
  const struct grading *grading = report->grading;
  char text[3 * NUMBER_SIZE + 60], points[NUMBER_SIZE], of[NUMBER_SIZE];
  print_text (printer, "## ");
  markdown_code (printer, hand_in->file);
  print_format (printer, ": %s of %s points\n\n", grading_points (hand_in->points, points),
                grading_points (grading->of, of));
  if (hand_in->trouble)
    {
      print_text (printer, "unreadable: ");
      markdown_text (printer, hand_in->trouble);
      print_text (printer, "\n\n");
      return;
    }
  print_text (printer, "| answer | verdict | points | why |\n| --- | --- | ---: | --- |\n");
  for (size_t q = 0; q < grading->question_count; q++)
    print_row_markdown (report, hand_in->marks[q].claim, grading->questions[q].claim->name, hand_in->marks[q].verdict,
                        describe_points (grading, hand_in, q, text, sizeof text), printer);
  for (size_t i = 0; i < hand_in->claims.count; i++)
    if (!grading_is_asked (grading, &hand_in->claims.list[i]))
      {
        const struct claim *claim = &hand_in->claims.list[i];
        print_row_markdown (report, claim, claim->name, claim->verdict, "not asked for", printer);
      }
  print_char (printer, '\n');
}

void
grading_markdown (const struct report *report, struct printer *printer)
{
  const struct grading *grading = report->grading;
  for (size_t i = 0; i < grading->hand_in_count; i++)
    print_hand_in_markdown (report, &grading->hand_ins[i], printer);
  struct grid points = grading_points_grid (grading), questions = grading_questions_grid (grading);
  print_text (printer, "## Points\n\n");
  grading_grid_markdown (&points, true, printer);
  print_char (printer, '\n');
  print_legend (grading, "`", "`", printer);
  print_average (grading, printer);
  print_text (printer, "\n## Questions\n\n");
  grading_grid_markdown (&questions, false, printer);
  print_char (printer, '\n');
  print_slips (report, "- ", true, printer);
  grading_grid_free (&points);
  grading_grid_free (&questions);
}

void
grading_latex (const struct report *report, struct printer *printer)
{
  const struct grading *grading = report->grading;
  struct grid points = grading_points_grid (grading), questions = grading_questions_grid (grading);
  grading_grid_latex (&points, true, printer);
  print_legend (grading, "\\texttt{", "}", printer);
  grading_grid_latex (&questions, false, printer);
  print_average (grading, printer);
  grading_grid_free (&points);
  grading_grid_free (&questions);
}

void
grading_tap (const struct report *report, struct printer *printer)
{
  const struct grading *grading = report->grading;
  size_t number = 0;
  print_format (printer, "1..%zu\n", grading->hand_in_count * grading->question_count);
  for (size_t i = 0; i < grading->hand_in_count; i++)
    for (size_t q = 0; q < grading->question_count; q++)
      {
        const struct hand_in *hand_in = &grading->hand_ins[i];
        const struct mark *mark = &hand_in->marks[q];
        bool good = mark->verdict <= VERDICT_UNDECIDED && mark->verdict != VERDICT_WRONG;
        print_format (printer, "%sok %zu - ", good ? "" : "not ", ++number);
        claims_print_description (printer, hand_in->file);
        print_format (printer, ": %s", grading->questions[q].claim->name);
        if (mark->verdict == VERDICT_UNDECIDED)
          print_text (printer, " # SKIP undecided");
        else if (mark->verdict == VERDICT_MISSING)
          print_text (printer, ": missing");
        if (mark->claim)
          claims_print_tap (report, mark->claim, printer);
        else if (hand_in->trouble)
          {
            print_text (printer, ": ");
            claims_print_description (printer, hand_in->trouble);
          }
        print_char (printer, '\n');
      }
}
