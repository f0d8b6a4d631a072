/* grading_grid.c -- the tables of the report on hand-ins. */
#include "base/heap.h"
#include "report/grading_report.h"
#include "report/latex.h"
#include "report/markdown.h"

static char **
cell (const struct grid *grid, size_t row, size_t column)
{
  return &grid->cells[row * grid->columns + column];
}

static struct grid
grid_new (struct memory *memory, size_t rows, size_t columns)
{
  return (struct grid){ rows, columns, heap_take_zeroed (memory, rows * columns, sizeof (char *), "the report") };
}

void
grading_grid_free (struct grid *grid)
{
  for (size_t i = 0; i < grid->rows * grid->columns; i++)
    heap_give (grid->cells[i]);
  heap_give (grid->cells);
}

void
grading_grid_text (const struct grid *grid, struct memory *memory, struct printer *printer)
{
  size_t *widths = heap_take_zeroed (memory, grid->columns, sizeof *widths, "the report");
  for (size_t column = 0; column < grid->columns; column++)
    for (size_t row = 0; row < grid->rows; row++)
      {
        size_t width = text_width (*cell (grid, row, column));
        widths[column] = width > widths[column] ? width : widths[column];
      }
  for (size_t row = 0; row < grid->rows; row++)
    for (size_t column = 0; column < grid->columns; column++)
      {
        const char *text = *cell (grid, row, column);
        size_t blanks = widths[column] - text_width (text);
        if (column)
          print_format (printer, "  %*s", (int)blanks, "");
        print_text (printer, text);
        if (!column)
          print_format (printer, "%*s", (int)blanks, "");
        if (column + 1 == grid->columns)
          print_char (printer, '\n');
      }
  heap_give (widths);
}

/* Whether a cell is the name of a file or of a derivative; with sums, these are in the last row and column. */
static bool
is_name (const struct grid *grid, bool sums, size_t row, size_t column)
{
  return row ? column == 0 && row + sums < grid->rows : sums && column > 0 && column + 1 < grid->columns;
}

void
grading_grid_markdown (const struct grid *grid, bool sums, struct printer *printer)
{
  for (size_t row = 0; row < grid->rows; row++)
    {
      for (size_t column = 0; column < grid->columns; column++)
        {
          const char *text = *cell (grid, row, column);
          print_text (printer, column ? " " : "| ");
          if (is_name (grid, sums, row, column))
            markdown_code (printer, text);
          else
            print_text (printer, text);
          print_text (printer, " |");
        }
      print_char (printer, '\n');
      for (size_t column = 0; row == 0 && column < grid->columns; column++)
        print_text (printer, column ? " ---: |" : "| --- |");
      if (row == 0)
        print_char (printer, '\n');
    }
}

void
grading_grid_latex (const struct grid *grid, bool sums, struct printer *printer)
{
  print_text (printer, "\\begin{tabular}{l");
  for (size_t column = 1; column < grid->columns; column++)
    print_char (printer, 'r');
  print_text (printer, "}\n\\hline\n");
  for (size_t row = 0; row < grid->rows; row++)
    {
      for (size_t column = 0; column < grid->columns; column++)
        {
          print_text (printer, column ? " & " : "");
          if (is_name (grid, sums, row, column))
            latex_code (printer, *cell (grid, row, column));
          else
            print_text (printer, *cell (grid, row, column));
        }
      print_text (printer, row == 0 ? " \\\\\n\\hline\n" : " \\\\\n");
    }
  print_text (printer, "\\hline\n\\end{tabular}\n\n");
}

struct grid
grading_points_grid (const struct grading *grading)
{
  static const char *const marks[VERDICTS + 1] = { [VERDICT_UNDECIDED] = "?", [VERDICT_UNREADABLE] = "!" };
  struct memory *memory = grading->memory;
  size_t last = grading->question_count + 1;
  struct grid grid = grid_new (memory, grading->hand_in_count + 2, last + 1);
  char text[NUMBER_SIZE];
  *cell (&grid, 0, 0) = heap_format (memory, "the report", "hand-in");
  *cell (&grid, 0, last) = heap_format (memory, "the report", "points");
  *cell (&grid, grid.rows - 1, 0) = heap_format (memory, "the report", "of");
  *cell (&grid, grid.rows - 1, last) = heap_format (memory, "the report", "%s", grading_points (grading->of, text));
  for (size_t q = 0; q < grading->question_count; q++)
    {
      const struct graded_question *question = &grading->questions[q];
      *cell (&grid, 0, q + 1) = heap_format (memory, "the report", "%s", question->claim->name);
      *cell (&grid, grid.rows - 1, q + 1)
        = heap_format (memory, "the report", "%s", grading_points (question->points, text));
    }
  for (size_t i = 0; i < grading->hand_in_count; i++)
    {
      const struct hand_in *hand_in = &grading->hand_ins[i];
      *cell (&grid, i + 1, 0) = heap_format (memory, "the report", "%s", hand_in->file);
      for (size_t q = 0; q < grading->question_count; q++)
        {
          const struct mark *mark = &hand_in->marks[q];
          const char *sign = marks[mark->verdict];
          *cell (&grid, i + 1, q + 1)
            = mark->verdict == VERDICT_MISSING
                ? heap_format (memory, "the report", "-")
                : heap_format (memory, "the report", "%s%s", sign ? sign : "", grading_points (mark->points, text));
        }
      *cell (&grid, i + 1, last) = heap_format (memory, "the report", "%s", grading_points (hand_in->points, text));
    }
  return grid;
}

struct grid
grading_questions_grid (const struct grading *grading)
{
  static const char *const names[VERDICTS + 1] = { "ok", "wrong", "carried", "undecided", "unreadable", "missing" };
  static const int order[VERDICTS + 1]
    = { VERDICT_OK, VERDICT_CARRIED, VERDICT_WRONG, VERDICT_UNDECIDED, VERDICT_UNREADABLE, VERDICT_MISSING };
  struct memory *memory = grading->memory;
  size_t all[VERDICTS + 1] = { 0 }, counts[VERDICTS + 1], columns = 1, column = 1;
  for (size_t q = 0; q < grading->question_count; q++)
    {
      grading_count (grading, q, counts);
      for (int i = 0; i <= VERDICTS; i++)
        all[i] += counts[i];
    }
  all[VERDICT_OK]++;
  all[VERDICT_WRONG]++;
  for (int i = 0; i <= VERDICTS; i++)
    columns += all[i] > 0;
  struct grid grid = grid_new (memory, grading->question_count + 1, columns);
  *cell (&grid, 0, 0) = heap_format (memory, "the report", "question");
  for (size_t q = 0; q < grading->question_count; q++)
    *cell (&grid, q + 1, 0) = heap_format (memory, "the report", "%s", grading->questions[q].claim->name);
  for (int i = 0; i <= VERDICTS; i++)
    if (all[order[i]])
      {
        *cell (&grid, 0, column) = heap_format (memory, "the report", "%s", names[order[i]]);
        for (size_t q = 0; q < grading->question_count; q++)
          {
            grading_count (grading, q, counts);
            *cell (&grid, q + 1, column) = heap_format (memory, "the report", "%zu", counts[order[i]]);
          }
        column++;
      }
  return grid;
}
