/* claims_wide.c -- tables of gradcalc's wide layout as claims: each array becomes a table of the long layout. */
#include <string.h>

#include "base/heap.h"
#include "base/writing.h"
#include "check/claims_file.h"

struct field
{
  const char *text;
  size_t size;
};

/* The next field of a line, without its quotes. */
static struct field
next_field (const char **at, const char *end, char delimiter)
{
  const char *from = *at, *to = from;
  struct field field = { from, 0 };
  if (to < end && *to == '"')
    {
      for (field.text = ++to; to < end && *to != '"' && *to != '\n'; to++)
        ;
      field.size = (size_t)(to - field.text);
    }
  while (to < end && *to != delimiter && *to != '\n' && *to != '\r')
    to++;
  if (field.text == from)
    field.size = (size_t)(to - from);
  *at = to < end && *to == delimiter ? to + 1 : to;
  return field;
}

/* Where the positions begin that end a name: at a point before digits and points. */
static size_t
stem_size (struct field field)
{
  size_t size = field.size;
  while (size && ((field.text[size - 1] >= '0' && field.text[size - 1] <= '9') || field.text[size - 1] == '.'))
    size--;
  while (size < field.size && field.text[size] != '.')
    size++;
  return size;
}

/* The source of `dTARGET_dSOURCE`, or of `d(TARGET)_dSOURCE`; empty when the field is not that. */
static struct field
source_of (struct field field, struct field target)
{
  const char *at = field.text, *end = at + stem_size (field);
  struct field none = { NULL, 0 };
  if (!target.size || at == end || *at++ != 'd')
    return none;
  bool closed = at < end && *at == '(' && *target.text != '(';
  at += closed;
  if ((size_t)(end - at) < target.size || memcmp (at, target.text, target.size) != 0)
    return none;
  at += target.size;
  if (closed && (at == end || *at++ != ')'))
    return none;
  if (end - at < 3 || at[0] != '_' || at[1] != 'd')
    return none;
  return (struct field){ at + 2, (size_t)(end - at - 2) };
}

static char
delimiter_of (const char *text, size_t size)
{
  const char *end = memchr (text, '\n', size);
  return memchr (text, '\t', end ? (size_t)(end - text) : size) ? '\t' : ',';
}

bool
answers_are_wide (const char *text, size_t size)
{
  const char *end = memchr (text, '\n', size), *at = text;
  char delimiter = delimiter_of (text, size);
  struct field target = { NULL, 0 };
  if (!end || memchr (text, '=', (size_t)(end - text)))
    return false;
  while (at < end && *at != '\r')
    {
      struct field field = next_field (&at, end, delimiter);
      if (source_of (field, target).size)
        return true;
      target = (struct field){ field.text, stem_size (field) };
    }
  return false;
}

/* A table of one array in the long layout, as claims. */
static bool
convert (struct diagnostics *diagnostics, const char *name, struct writing *table, FILE *out)
{
  if (!table)
    return true;
  size_t size;
  char *text = writing_close (table, &size);
  bool good = answers_csv (diagnostics, name, text, size, out);
  heap_give (text);
  return good;
}

bool
answers_wide (struct diagnostics *diagnostics, const char *name, const char *text, size_t size, FILE *out)
{
  const char *at = text, *end = text + size, *below = (const char *)memchr (text, '\n', size) + 1, *left = below;
  char delimiter = delimiter_of (text, size);
  struct field target = { NULL, 0 }, stem = { NULL, 0 };
  struct writing *table = NULL;
  bool good = true;
  while (good && at < below && *at != '\n' && *at != '\r')
    {
      struct field head = next_field (&at, below, delimiter), source = source_of (head, target);
      if (left == below ? left == end : left[-1] != delimiter)
        {
          diagnose_data (diagnostics, STATUS_PROGRAM, name, 2, 0, "there are fewer numbers than the header has names");
          good = false;
          break;
        }
      struct field number = next_field (&left, end, delimiter);
      size_t own = stem_size (head);
      if (!table || own != stem.size || memcmp (head.text, stem.text, own) != 0)
        {
          good = convert (diagnostics, name, table, out);
          stem = (struct field){ head.text, own };
          target = source.size ? target : stem;
          table = writing_open (diagnostics->memory, "the answers");
          if (!good)
            break;
          fputs (source.size ? "target,wrt,index,at,grad\n" : "target,index,value\n", table->out);
        }
      size_t skipped = own + (own < head.size);
      fprintf (table->out, "\"%.*s\"", (int)target.size, target.text);
      if (source.size)
        fprintf (table->out, ",%.*s", (int)source.size, source.text);
      putc (',', table->out);
      for (const char *position = head.text + skipped; position < head.text + head.size; position++)
        putc (*position == '.' ? ' ' : *position, table->out);
      fprintf (table->out, "%s,%.*s\n", source.size ? "," : "", (int)number.size, number.text);
    }
  if (good)
    good = convert (diagnostics, name, table, out);
  else if (table)
    heap_give (writing_close (table, NULL));
  if (good && left < end && *left != '\n' && *left != '\r')
    {
      diagnose_data (diagnostics, STATUS_PROGRAM, name, 2, 0, "there are more numbers than the header has names");
      good = false;
    }
  while (left < end && (*left == '\n' || *left == '\r'))
    left++;
  if (good && left < end)
    {
      diagnose_data (diagnostics, STATUS_PROGRAM, name, 3, 0, "a table of answers has one line of numbers");
      good = false;
    }
  return good;
}
