/* printed.c -- numbers as R, Octave and TensorFlow print them. */
#include "answers/printed.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answers/part.h"
#include "base/heap.h"
#include "base/writing.h"

static bool
is_digit (char c)
{
  return c >= '0' && c <= '9';
}

static bool
is_space (char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool
printed_is (const char *text, size_t size)
{
  enum
  {
    DEPTH = 64
  };
  struct
  {
    bool square, commas, blanks;
  } open[DEPTH];
  int depth = 0;
  for (size_t i = 0; i < size; i++)
    {
      char c = text[i];
      if ((c == '[' || c == '(') && depth < DEPTH)
        {
          open[depth].square = c == '[';
          open[depth].commas = open[depth].blanks = false;
        }
      depth += c == '[' || c == '(';
      if (!depth || depth > DEPTH)
        {
          depth -= depth > 0 && (c == ']' || c == ')');
          continue;
        }
      open[depth - 1].commas |= c == ',';
      if (is_space (c) && i && !strchr ("[(,+-*/^@=<>", text[i - 1]) && !is_space (text[i - 1]))
        {
          size_t next = i;
          while (next < size && is_space (text[next]))
            next++;
          bool sign = next + 1 < size && (text[next] == '-' || text[next] == '+') && !is_space (text[next + 1]);
          open[depth - 1].blanks |= next < size && (sign || !part_among (text[next], "])+-*/^@=<>,;?:%&|"));
        }
      if (c == ';' && open[depth - 1].square)
        return true;
      if (c == ']' || c == ')')
        {
          if (open[depth - 1].square && open[depth - 1].blanks && !open[depth - 1].commas)
            return true;
          depth--;
        }
    }
  return false;
}

/* The size of a number, NaN or Inf, with its sign; 0 is none. */
static size_t
number_size (const char *text, size_t size)
{
  static const char *const words[] = { "NaN", "nan", "Inf", "inf", "NA" };
  size_t i = size && (*text == '-' || *text == '+');
  for (size_t k = 0; k < sizeof words / sizeof *words; k++)
    if (size - i >= strlen (words[k]) && memcmp (text + i, words[k], strlen (words[k])) == 0)
      return i + strlen (words[k]);
  size_t start = i, digits = 0;
  for (; i < size && (is_digit (text[i]) || text[i] == '.'); i++)
    digits += is_digit (text[i]);
  if (!digits)
    return 0;
  if (i + 1 < size && (text[i] == 'e' || text[i] == 'E'))
    {
      size_t power = i + 1 + (text[i + 1] == '-' || text[i + 1] == '+');
      if (power < size && is_digit (text[power]))
        for (i = power; i < size && is_digit (text[i]);)
          i++;
    }
  return i > start && (i == size || is_space (text[i]) || text[i] == '*') ? i : 0;
}

/* The size of a name with a blank behind it; 0 is none, and NaN and Inf are numbers. */
static size_t
word_size (const char *text, size_t size)
{
  size_t i = 0;
  while (i < size && (part_in_word (text[i]) || text[i] == '.'))
    i++;
  return i < size && is_space (text[i]) && !is_digit (*text) && *text != '.' && !number_size (text, size) ? i : 0;
}

/* What a line of something printed is. */
enum line_kind
{
  LINE_OTHER,
  LINE_BLANK,
  LINE_NUMBERS,
  LINE_LABELLED, /* [1] or [1,] and numbers */
  LINE_HEADER,   /* [,1] [,2] */
  LINE_COLUMNS,  /* Columns 1 through 8: */
  LINE_SCALE,    /* 1.0e-05 * */
  LINE_NAMES,    /* words alone */
  LINE_ROW,      /* a word and numbers */
  LINE_ATTRIBUTE, /* attr(,"gradient") */
  LINE_SLICE      /* , , 1 */
};

/* Whether a line has nothing but words, as R prints them above numbers. */
static bool
is_names (struct part line)
{
  bool starts = true;
  for (size_t i = 0; i < line.size; i++)
    {
      bool word = part_in_word (line.text[i]) || line.text[i] == '.';
      if ((!word && !is_space (line.text[i])) || (word && starts && (is_digit (line.text[i]) || line.text[i] == '.')))
        return false;
      starts = !word;
    }
  return true;
}

static enum line_kind
line_kind (const char *text, size_t size)
{
  size_t i = 0, numbers = 0;
  bool labelled = false;
  while (size && is_space (text[size - 1]))
    size--;
  while (i < size && is_space (text[i]))
    i++;
  if (i == size)
    return LINE_BLANK;
  if (is_names ((struct part){ text + i, size - i }))
    return LINE_NAMES;
  if (part_slice (text, size))
    return LINE_SLICE;
  if (size - i > 5 && memcmp (text + i, "attr(", 5) == 0)
    return LINE_ATTRIBUTE;
  size_t word = word_size (text + i, size - i);
  if (size - i > 7 && (memcmp (text + i, "Columns ", 8) == 0 || memcmp (text + i, "Column ", 7) == 0))
    return LINE_COLUMNS;
  if (text[i] == '[')
    {
      if (i + 1 < size && text[i + 1] == ',')
        return LINE_HEADER;
      size_t k = i + 1;
      while (k < size && is_digit (text[k]))
        k++;
      k += k < size && text[k] == ',';
      if (k == i + 1 || k >= size || text[k] != ']')
        return LINE_OTHER;
      labelled = true;
      i = k + 1;
    }
  for (i += word; i < size;)
    {
      while (i < size && is_space (text[i]))
        i++;
      if (i == size)
        break;
      if (text[i] == '*' && numbers == 1 && i + 1 == size)
        return LINE_SCALE;
      size_t number = number_size (text + i, size - i);
      if (!number)
        return LINE_OTHER;
      numbers++;
      i += number;
    }
  return labelled ? LINE_LABELLED : word ? LINE_ROW : LINE_NUMBERS;
}

enum printed_state
printed_begins (const char *line, size_t size)
{
  const char *equals = size ? memchr (line, '=', size) : NULL;
  enum line_kind kind = equals ? line_kind (equals + 1, (size_t)(line + size - equals - 1)) : LINE_OTHER;
  return kind == LINE_BLANK                                                                            ? PRINTED_NOTHING
         : kind == LINE_LABELLED || kind == LINE_HEADER || kind == LINE_COLUMNS || kind == LINE_SCALE
             || kind == LINE_SLICE
           ? PRINTED_NUMBERS
           : PRINTED_OTHER;
}

bool
printed_goes_on (enum printed_state *state, const char *line, size_t size)
{
  enum line_kind kind = line_kind (line, size);
  bool named = *state == PRINTED_NAMES || *state == PRINTED_NAMED;
  if (*state == PRINTED_OTHER)
    return false;
  if (kind == LINE_ATTRIBUTE && *state == PRINTED_NUMBERS)
    *state = PRINTED_NOTHING;
  else if (kind == LINE_NAMES && (*state == PRINTED_NOTHING || *state == PRINTED_NAMED))
    *state = PRINTED_NAMES;
  else if (named && (kind == LINE_NUMBERS || kind == LINE_LABELLED || kind == LINE_ROW))
    *state = PRINTED_NAMED;
  else if (named || kind == LINE_OTHER || kind == LINE_ROW || kind == LINE_NAMES || kind == LINE_ATTRIBUTE)
    {
      /* A formula below its left side. */
      bool first = *state == PRINTED_NOTHING && !memchr (line, '=', size);
      *state = PRINTED_OTHER;
      return first;
    }
  else if (kind != LINE_BLANK)
    *state = PRINTED_NUMBERS;
  return true;
}

struct cell
{
  size_t row, order;
  const char *text;
  size_t size;
};

struct grid
{
  struct memory *memory;
  struct cell *cells;
  size_t count, rows;
  long power; /* of ten that all are multiplied by */
};

static int
by_row (const void *a, const void *b)
{
  const struct cell *x = a, *y = b;
  if (x->row != y->row)
    return x->row < y->row ? -1 : 1;
  return (x->order > y->order) - (x->order < y->order);
}

static void
add_numbers (struct grid *grid, size_t row, const char *text, size_t size)
{
  for (size_t i = 0; i < size;)
    {
      size_t number = number_size (text + i, size - i);
      if (!number)
        {
          i++;
          continue;
        }
      grid->cells = heap_grow (grid->memory, grid->cells, grid->count + 1, sizeof *grid->cells, "the answers");
      grid->cells[grid->count] = (struct cell){ row, grid->count, text + i, number };
      grid->count++;
      i += number;
    }
  grid->rows = row >= grid->rows ? row + 1 : grid->rows;
}

/* A number, by the power of ten that stands above all. */
static void
print_number (const struct grid *grid, const struct cell *cell, FILE *out)
{
  const char *power = memchr (cell->text, 'e', cell->size);
  bool word = !is_digit (cell->text[cell->size - 1]) && cell->text[cell->size - 1] != '.';
  if (!grid->power || word)
    fprintf (out, "%.*s", (int)cell->size, cell->text);
  else
    fprintf (out, "%.*se%ld", (int)(power ? (size_t)(power - cell->text) : cell->size), cell->text,
             grid->power + (power ? strtol (power + 1, NULL, 10) : 0));
}

/* A number alone, one row as a vector, else rows; NULL where they differ in length. */
static char *
print_grid (struct grid *grid)
{
  struct writing *text = writing_open (grid->memory, "the answers");
  size_t columns = grid->rows ? grid->count / grid->rows : 0;
  bool good = grid->count && columns * grid->rows == grid->count, nested = grid->rows > 1;
  if (grid->count)
    qsort (grid->cells, grid->count, sizeof *grid->cells, by_row);
  for (size_t i = 0; i < grid->count && good; i++)
    {
      good = grid->cells[i].row == i / columns;
      if (grid->count > 1)
        fputs (!i ? nested ? "[[" : "[" : i % columns ? ", " : nested ? "], [" : ", ", text->out);
      print_number (grid, &grid->cells[i], text->out);
    }
  fputs (grid->count > 1 ? nested ? "]]" : "]" : "", text->out);
  heap_give (grid->cells);
  char *printed = writing_close (text, NULL);
  if (good)
    return printed;
  heap_give (printed);
  return NULL;
}

char *
printed_lines (struct memory *memory, const char *text, size_t size)
{
  struct grid grid = { .memory = memory };
  size_t row = 0;
  bool matrix = false;
  for (size_t at = 0; at <= size;)
    {
      const char *stop = at < size ? memchr (text + at, '\n', size - at) : NULL;
      size_t length = stop ? (size_t)(stop - text) - at : size - at;
      const char *line = text + at;
      enum line_kind kind = line_kind (line, length);
      const char *close = memchr (line, ']', length);
      if (kind == LINE_OTHER || kind == LINE_SLICE)
        {
          heap_give (grid.cells);
          return NULL;
        }
      /* What is in front of a derivative is the value. */
      if (kind == LINE_ATTRIBUTE)
        grid.count = grid.rows = 0;
      if (kind == LINE_COLUMNS || kind == LINE_NAMES || kind == LINE_ATTRIBUTE)
        row = 0;
      else if (kind == LINE_SCALE)
        {
          const char *power = memchr (line, 'e', length);
          grid.power = power ? strtol (power + 1, NULL, 10) : 0;
          row = 0;
        }
      else if (kind == LINE_LABELLED)
        {
          matrix |= close[-1] == ',';
          long label = strtol (strchr (line, '[') + 1, NULL, 10);
          add_numbers (&grid, matrix && label > 0 ? (size_t)label - 1 : 0, close + 1,
                       length - (size_t)(close + 1 - line));
        }
      else if (kind == LINE_NUMBERS || kind == LINE_ROW)
        {
          size_t start = kind == LINE_ROW ? strspn (line, " \t") : 0;
          start += kind == LINE_ROW ? word_size (line + start, length - start) : 0;
          add_numbers (&grid, row++, line + start, length - start);
        }
      at += length + 1;
    }
  return print_grid (&grid);
}

/* <tf.Tensor: shape=(2,), dtype=float64, numpy=array([1., 2.])>: what is behind numpy=. */
static char *
read_tensor (struct memory *memory, const char *text, size_t size)
{
  const char *begin = memmem (text, size, "numpy=", 6), *end = memrchr (text, '>', size);
  return size > 4 && memcmp (text, "<tf.", 4) == 0 && begin && end > begin
           ? heap_copy (memory, begin + 6, (size_t)(end - begin - 6), "the answers")
           : NULL;
}

/* How many a length is that stands behind a word: nrow = 2, dim = c(2L, 3L). */
static long
read_length (const char *text, size_t size, const char *word, int which)
{
  const char *at = memmem (text, size, word, strlen (word)), *end = text + size;
  if (!at)
    return 0;
  for (at += strlen (word); at < end; at++)
    if (is_digit (*at))
      {
        char *behind;
        long length = strtol (at, &behind, 10);
        if (!which--)
          return length;
        at = behind;
      }
  return 0;
}

/* The elements of c(1, 2), or of 1:4, which are written then; where they end, and NULL where there are none. */
static const char *
read_list (struct memory *memory, struct grid *grid, const char *list, const char *end, char **counted)
{
  enum
  {
    MOST = 100000
  };
  bool plain = end - list > 2 && memcmp (list, "c(", 2) == 0;
  const char *close = memchr (list, plain ? ')' : ',', (size_t)(end - list)), *behind = close + plain;
  if (!close)
    return NULL;
  if (!plain)
    {
      char *colon;
      long first = strtol (list, &colon, 10), last = *colon == ':' ? strtol (colon + 1, NULL, 10) : first - 1;
      if (!is_digit (*list) || last < first || last - first >= MOST)
        return NULL;
      struct writing *numbers = writing_open (memory, "the answers");
      for (long number = first; number <= last; number++)
        fprintf (numbers->out, number < last ? "%ld," : "%ld", number);
      size_t size;
      *counted = writing_close (numbers, &size);
      list = *counted;
      close = list + size;
    }
  for (const char *at = list + 2 * plain; at < close;)
    {
      const char *comma = memchr (at, ',', (size_t)(close - at)), *stop = comma ? comma : close;
      while (at < stop && is_space (*at))
        at++;
      size_t length = (size_t)(stop - at);
      while (length && (is_space (at[length - 1]) || at[length - 1] == 'L'))
        length--;
      grid->cells = heap_grow (memory, grid->cells, grid->count + 1, sizeof *grid->cells, "the answers");
      grid->cells[grid->count] = (struct cell){ 0, grid->count, at, length };
      grid->count++;
      at = stop + 1;
    }
  return behind;
}

/* R's matrix(c(...), nrow = 2) and structure(c(...), dim = c(2L, 2L)): by columns. */
static char *
read_columns (struct memory *memory, const char *text, size_t size)
{
  bool matrix = size > 7 && memcmp (text, "matrix(", 7) == 0,
       other = size > 10 && memcmp (text, "structure(", 10) == 0;
  struct grid grid = { .memory = memory };
  char *counted = NULL, *printed = NULL;
  const char *rest
    = matrix || other ? read_list (memory, &grid, text + (matrix ? 7 : 10), text + size, &counted) : NULL;
  if (!rest)
    return NULL;
  size_t left = (size_t)(text + size - rest);
  long rows = matrix ? read_length (rest, left, "nrow", 0) : read_length (rest, left, "im", 0);
  long columns = matrix ? read_length (rest, left, "ncol", 0) : read_length (rest, left, "im", 1);
  bool named = memmem (rest, left, "nrow", 4) || memmem (rest, left, "ncol", 4);
  if (matrix && !named)
    {
      rows = read_length (rest, left, ",", 0);
      columns = read_length (rest, left, ",", 1);
    }
  bool by_rows = memmem (rest, left, "byrow = T", 9) || memmem (rest, left, "byrow=T", 7);
  rows = rows ? rows : columns ? (long)grid.count / columns : (long)grid.count;
  columns = rows ? (long)grid.count / rows : 0;
  grid.rows = (size_t)rows;
  for (size_t i = 0; i < grid.count && rows && columns; i++)
    grid.cells[i].row = by_rows ? i / (size_t)columns : i % (size_t)rows;
  if (rows && columns)
    printed = print_grid (&grid);
  else
    heap_give (grid.cells);
  heap_give (counted);
  return printed;
}

/* Arrays of no elements, as R and Octave print them. */
static bool
is_empty (const char *text, size_t size)
{
  size_t i = 4;
  if (size < 7 || memcmp (text, "[](", 3) != 0)
    return (size == 10 && memcmp (text, "numeric(0)", 10) == 0) || (size == 10 && memcmp (text, "integer(0)", 10) == 0);
  while (i < size && (is_digit (text[i]) || text[i] == 'x'))
    i++;
  return i + 1 == size && text[i] == ')';
}

char *
printed_read (struct memory *memory, const char *text, size_t size, bool below)
{
  char *read = is_empty (text, size) ? heap_copy (memory, "[]", 2, "the answers") : read_tensor (memory, text, size);
  read = read ? read : read_columns (memory, text, size);
  enum line_kind kind = line_kind (
    text, size && memchr (text, '\n', size) ? (size_t)((const char *)memchr (text, '\n', size) - text) : size);
  bool lines = below || memchr (text, '\n', size) != NULL;
  if (!read
      && (kind == LINE_LABELLED || kind == LINE_HEADER || kind == LINE_COLUMNS || kind == LINE_SCALE
          || (lines && (kind == LINE_NUMBERS || kind == LINE_NAMES))))
    read = printed_lines (memory, text, size);
  return read;
}
