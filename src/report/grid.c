/* grid.c -- tables for people: columns that are as wide as what stands in them. */
#include "report/grid.h"

#include <string.h>

enum
{
  GAP = 2
};

/* A cell: its bytes, and the columns that they take. */
struct cell
{
  const char *text;
  size_t size, width;
};

/* The next cell of a line, and whether it is the last one there. */
static bool
next_cell (const char **from, struct cell *cell)
{
  *cell = (struct cell){ .text = *from };
  cell->size = strcspn (*from, "\t\n");
  for (size_t i = 0; i < cell->size; i++)
    cell->width += (cell->text[i] & 0xc0) != 0x80;
  *from += cell->size;
  bool last = **from != '\t';
  *from += **from != 0;
  return !last;
}

/* Bytes of a remark in letters that a cell ends in, " (kink)", with the blank before it. */
static size_t
remark_of (const struct cell *cell)
{
  size_t begin = cell->size;
  if (begin < 2 || cell->text[begin - 1] != ')')
    return 0;
  for (begin--; begin > 0 && cell->text[begin - 1] >= 'a' && cell->text[begin - 1] <= 'z';)
    begin--;
  return begin > 2 && cell->text[begin - 1] == '(' && cell->text[begin - 2] == ' ' ? cell->size - begin + 2 : 0;
}

/* A cell in a column; what is too long ends in "...", and in its remark where there is room for that. The last column
   of a line is not filled up. */
static void
print_cell (struct printer *printer, const struct cell *cell, size_t width, bool right, bool last)
{
  size_t blanks = cell->width < width ? width - cell->width : 0, end = 0;
  if (right)
    print_blanks (printer, blanks);
  if (cell->width <= width)
    print_bytes (printer, cell->text, cell->size);
  else
    {
      size_t remark = remark_of (cell), around = strlen ("...") + remark;
      if (width <= around)
        {
          around = strlen ("...");
          remark = 0;
        }
      for (size_t columns = 0; end < cell->size; end++)
        if ((cell->text[end] & 0xc0) != 0x80 && columns++ == width - around)
          break;
      print_bytes (printer, cell->text, end);
      print_text (printer, "...");
      print_bytes (printer, cell->text + cell->size - remark, remark);
    }
  if (!right && !last)
    print_blanks (printer, blanks);
}

static void
print_line (struct printer *printer, const char **text, const struct grid_column *columns, const size_t *widths)
{
  struct cell cell;
  size_t waiting = 0;
  bool more = true;
  for (int i = 0; more; i++)
    {
      more = next_cell (text, &cell);
      if (cell.size)
        {
          print_blanks (printer, waiting);
          print_cell (printer, &cell, widths[i], columns[i].right, !more || **text == '\n');
          waiting = GAP;
          continue;
        }
      waiting += widths[i] + GAP;
    }
  print_char (printer, '\n');
}

/* Cuts the widest columns that may be cut, until all of them fit; false when they do not. */
static bool
make_fit (const struct grid_column *columns, int count, size_t *widths, size_t room)
{
  size_t total = 0;
  for (int i = 0; i < count; i++)
    total += widths[i] + (i ? GAP : 0);
  while (total > room)
    {
      int widest = -1;
      for (int i = 0; i < count; i++)
        if (columns[i].least && widths[i] > columns[i].least && (widest < 0 || widths[i] > widths[widest]))
          widest = i;
      if (widest < 0)
        return false;
      widths[widest]--;
      total--;
    }
  return true;
}

bool
grid_print (struct printer *printer, const char *text, const struct grid_column *columns, int count, size_t width)
{
  size_t widths[GRID_COLUMNS];
  struct cell cell;
  for (int i = 0; i < count; i++)
    widths[i] = strlen (columns[i].head);
  for (const char *at = text; *at;)
    {
      if (*at == '\v')
        {
          at = strchr (at, '\n') + 1;
          continue;
        }
      bool more = true;
      for (int i = 0; more; i++)
        {
          more = next_cell (&at, &cell);
          if (cell.width > widths[i])
            widths[i] = cell.width;
        }
    }
  if (!make_fit (columns, count, widths, width))
    return false;
  for (int i = 0; i < count; i++)
    {
      cell = (struct cell){ columns[i].head, strlen (columns[i].head), strlen (columns[i].head) };
      print_blanks (printer, i ? GAP : 0);
      print_cell (printer, &cell, widths[i], columns[i].right, i + 1 == count);
    }
  print_char (printer, '\n');
  for (const char *at = text; *at;)
    {
      const char *end = strchr (at, '\n') + 1;
      if (*at == '\v')
        print_bytes (printer, at + 1, (size_t)(end - at - 1));
      else
        print_line (printer, &at, columns, widths);
      at = end;
    }
  return true;
}
