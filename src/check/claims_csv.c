/* claims_csv.c -- csv and tsv output as claims: a line for each element, or the names of all above their numbers. */
#include <string.h>

#include "check/claims_file.h"
#include "check/claims_table.h"
#include "file/records.h"

enum
{
  COLUMNS = 6,
  SECOND = 5,   /* the other variable of a second derivative */
  AT = COLUMNS, /* where a gradient was taken, and whatever else is of no use here */
  FIELDS = 11   /* at most, of a line */
};

static struct cell
cell_of (const struct records *records, struct field field)
{
  return (struct cell){ records->text + field.start, field.end - field.start };
}

/* The long layouts of gradcalc; `roles` says of each column what it is: target, source, position, position in the
   source, the number or formula, the other variable. Of a layout that tells no derivatives, why it cannot be checked.
 */
static const struct
{
  const char *header;
  int count;
  int roles[FIELDS];
  const char *refusal;
} layouts[] = {
  { "target,wrt,index,at,grad", 5, { 0, 1, 2, AT, 4 }, NULL },
  { "target,wrt1,index1,wrt2,index2,hess", 6, { 0, 1, 2, SECOND, 3, 4 }, NULL },
  { "target,index,wrt,windex,grad", 5, { 0, 2, 1, 3, 4 }, NULL },
  { "target,index,value", 3, { 0, 2, 4 }, NULL },
  { "target,wrt,formula", 3, { 0, 1, 4 }, NULL },
  { "target,wrt,index,value,bound,digits,cause,op,file,line,column",
    11,
    { 0, 1, 2, 4, AT, AT, AT, AT, AT, AT, AT },
    NULL },
  { "target,index,value,along",
    0,
    { 0 },
    "derivatives along a direction cannot be checked: the table does not tell it" },
  { "target,wrt,index,at,elasticity", 0, { 0 }, "elasticities cannot be checked; a table of gradients can" },
  { "target,index,value,sd,wrt,share", 0, { 0 }, "standard deviations cannot be checked; a table of gradients can" }
};

/* A line of the long layout, up to its end. */
static bool
read_line (struct claim_table *table, const struct records *records, size_t *at, int layout, bool has_row_names)
{
  struct cell cells[COLUMNS + 1] = { 0 };
  struct field field = { .next = *at };
  if (has_row_names)
    field = records_field (records, *at);
  for (int i = 0; i < layouts[layout].count; i++)
    {
      field = records_field (records, field.next);
      cells[layouts[layout].roles[i]] = cell_of (records, field);
    }
  *at = field.next;
  if (!field.is_last)
    return claim_table_fail (table, "there are more fields than the header has");
  struct heading heading = { cells[0], cells[1], cells[SECOND] };
  return claim_table_add (table, &heading, &cells[2], cells[4]);
}

/* The layout that a table begins with, or -1. Its names may be in quotes, and a column without a name may come before
   them, as R and pandas write the names of rows. */
static int
find_layout (struct records *records, bool *has_row_names)
{
  for (int i = 0; i < (int)(sizeof layouts / sizeof *layouts); i++)
    for (int tab = 0; tab < 2; tab++)
      {
        records->delimiter = tab ? '\t' : ',';
        struct field field = records_field (records, 0);
        *has_row_names = field.start == field.end && !field.is_last;
        if (*has_row_names)
          field = records_field (records, field.next);
        const char *name = layouts[i].header;
        for (size_t size = strcspn (name, ","); cell_equal (cell_of (records, field), (struct cell){ name, size })
                                                && !field.is_last == (name[size] == ',');
             size = strcspn (name, ","))
          {
            if (!name[size])
              return i;
            name += size + 1;
            field = records_field (records, field.next);
          }
      }
  return -1;
}

bool
answers_are_csv (const char *text, size_t size)
{
  struct records records = { .text = text, .size = size };
  bool has_row_names;
  return find_layout (&records, &has_row_names) >= 0;
}

bool
answers_csv (struct diagnostics *diagnostics, const char *name, const char *text, size_t size, FILE *out)
{
  struct records records = { .text = text, .size = size };
  bool good = true, has_row_names;
  int layout = find_layout (&records, &has_row_names);
  struct claim_table table = { .diagnostics = diagnostics,
                               .name = name,
                               .line = 1,
                               .between = ' ',
                               .sparse = layout == 1 || layout == 2,
                               .out = out };
  if (layouts[layout].refusal)
    return claim_table_fail (&table, layouts[layout].refusal);
  for (size_t at = 0; at < size && good;)
    {
      const char *end = memchr (text + at, '\n', size - at);
      size_t rest = at = end ? (size_t)(end - text) + 1 : size;
      table.line++;
      while (rest < size && (text[rest] == ' ' || text[rest] == '\t' || text[rest] == '\r'))
        rest++;
      if (rest < size && text[rest] != '\n')
        good = read_line (&table, &records, &at, layout, has_row_names);
    }
  return claim_table_close (&table, good);
}

/* Where the positions begin that end a name: at a point before digits and points. */
static struct cell
stem_of (struct cell cell)
{
  size_t size = cell.size;
  while (size && ((cell.text[size - 1] >= '0' && cell.text[size - 1] <= '9') || cell.text[size - 1] == '.'))
    size--;
  while (size < cell.size && cell.text[size] != '.')
    size++;
  return (struct cell){ cell.text, size };
}

/* The source of `dTARGET_dSOURCE`, or of `d(TARGET)_dSOURCE`; empty when the stem is not that. */
static struct cell
source_of (struct cell stem, struct cell target)
{
  const char *at = stem.text, *end = at + stem.size;
  struct cell none = { NULL, 0 };
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
  return (struct cell){ at + 2, (size_t)(end - at - 2) };
}

/* The line of names of the wide layout; where there is no second line it is empty. */
static struct records
names_of (const char *text, size_t size)
{
  const char *end = memchr (text, '\n', size);
  size_t length = end ? (size_t)(end - text) : 0;
  return (struct records){ text, length, memchr (text, '\t', length) ? '\t' : ',', false };
}

bool
answers_are_wide (const char *text, size_t size)
{
  struct records names = names_of (text, size);
  struct cell target = { NULL, 0 };
  struct field field = { .is_last = memchr (text, '=', names.size) };
  while (!field.is_last)
    {
      field = records_field (&names, field.next);
      struct cell stem = stem_of (cell_of (&names, field));
      if (source_of (stem, target).size)
        return true;
      target = stem;
    }
  return false;
}

bool
answers_wide (struct diagnostics *diagnostics, const char *name, const char *text, size_t size, FILE *out)
{
  struct records names = names_of (text, size), records = { text, size, names.delimiter, false };
  struct claim_table table = { .diagnostics = diagnostics, .name = name, .line = 2, .between = '.', .out = out };
  struct field head = { .next = 0 }, number = { .next = names.size + 1, .is_last = names.size + 1 == size };
  struct cell target = { NULL, 0 };
  bool good = true;
  while (good && !head.is_last)
    {
      head = records_field (&names, head.next);
      struct cell cell = cell_of (&names, head), stem = stem_of (cell), source = source_of (stem, target);
      target = source.size ? target : stem;
      if (number.is_last)
        {
          good = claim_table_fail (&table, "there are fewer numbers than the header has names");
          break;
        }
      number = records_field (&records, number.next);
      size_t skipped = stem.size + (stem.size < cell.size);
      struct cell positions[2] = { { cell.text + skipped, cell.size - skipped }, { NULL, 0 } };
      good = claim_table_add (&table, &(struct heading){ .target = target, .source = source }, positions,
                              cell_of (&records, number));
    }
  if (good && !number.is_last)
    good = claim_table_fail (&table, "there are more numbers than the header has names");
  size_t rest = number.next;
  while (rest < size && (text[rest] == '\n' || text[rest] == '\r'))
    rest++;
  good = claim_table_close (&table, good);
  table.line++;
  return good && (rest == size || claim_table_fail (&table, "a table of answers has one line of numbers"));
}
