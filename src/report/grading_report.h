/* grading_report.h -- between the writers of the report on hand-ins. */
#ifndef GRADCALC_GRADING_REPORT_H
#define GRADCALC_GRADING_REPORT_H

#include "report/claims_report.h"
#include "report/print.h"

/* Points as they are printed: 1.5, 0.333333333333. */
const char *grading_points (double points, char text[NUMBER_SIZE]);

/* How many hand-ins have each verdict in a question; the last is of missing ones. */
void grading_count (const struct grading *grading, size_t question, size_t counts[VERDICTS + 1]);

/* A slip, and how many hand-ins have it. */
struct slip_count
{
  const char *text;
  size_t size; /* of the text, where a part of it is meant */
  size_t count;
};
/* The slips of the wrong answers to a question, the commonest first, as far as a report may show them: their causes, or
   what is said of them in words. The caller gives the block back. */
struct slip_count *grading_slips (const struct report *report, size_t question, bool causes, size_t *count);

/* Why an answer got its points, on one line and in memory that the caller gives back; NULL where there is nothing to
   say. */
char *grading_why (const struct report *report, const struct hand_in *hand_in, const struct mark *mark);

/* A table whose cells are texts of the heap, all of which are there. */
struct grid
{
  size_t rows, columns;
  char **cells;
};

/* grading_grid.c: what each hand-in has of each question, and in all, where what is not simply right or wrong has a
   mark; how many hand-ins have each verdict, by question, without verdicts that nobody has, but for right and wrong. */
struct grid grading_points_grid (const struct grading *grading);
struct grid grading_questions_grid (const struct grading *grading);
void grading_grid_free (struct grid *grid);
/* The first column to the left, the others to the right; names are code but for those of the last row, if it has sums.
 */
void grading_grid_text (const struct grid *grid, struct memory *memory, struct printer *printer);
void grading_grid_markdown (const struct grid *grid, bool sums, struct printer *printer);
void grading_grid_latex (const struct grid *grid, bool sums, struct printer *printer);

#endif
