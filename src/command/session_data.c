/* session_data.c -- the command with -d: columns or keys of a file as whole arrays. */
#include <string.h>

#include "base/heap.h"
#include "command/output.h"
#include "command/session.h"
#include "file/keyed.h"

/* What the files have, while they are read. */
struct gathering
{
  struct session *session;
  bool *mentioned;            /* names of the program, by their number, otherwise than as functions that it calls */
  size_t known;               /* how many there are */
  const struct syntax *ahead; /* of the program, where it is not parsed for good so far */
  const char *path, *label;
  size_t used; /* of the columns of this file */
  struct session_data *data;
};

static void
mark_mentioned (struct gathering *gathering, const struct syntax *syntax)
{
  const struct node *nodes = area_of (&syntax->nodes, struct node);
  for (size_t i = 0; i < area_count (&syntax->nodes, struct node); i++)
    if ((nodes[i].kind == SYNTAX_NAME && nodes[i].op != NAME_CALLED) || nodes[i].kind == SYNTAX_TARGET)
      gathering->mentioned[nodes[i].payload] = true;
}

/* Keeps the name of a column for messages, of many the first ones. */
static void
note_column (struct gathering *gathering, const char *name)
{
  enum
  {
    KEPT = 100
  };
  struct session_data *data = gathering->data;
  for (size_t i = 0; i < data->column_count; i++)
    if (strcmp (data->columns[i], name) == 0)
      return;
  if (data->column_count == KEPT)
    return;
  data->columns = heap_grow (&gathering->session->memory, data->columns, data->column_count + 1, sizeof *data->columns,
                             "the names of columns");
  data->columns[data->column_count++]
    = heap_copy (&gathering->session->memory, name, strlen (name), "the names of columns");
}

/* Gives a name the array that a file has for it. */
static void
define (struct gathering *gathering, uint32_t name, struct array *array)
{
  struct session *session = gathering->session;
  const char *text = names_text (&session->names, name);
  for (size_t i = 0; i < session->definition_count; i++)
    if (session->definitions[i].name == name)
      {
        const char *other = session->definitions[i].source;
        diagnose_stop (&session->diagnostics, STATUS_PROGRAM, NOWHERE, "%s%s and %s both give %s a value",
                       other ? "" : "-D ", other ? other : text, gathering->label, text);
      }
  session->definitions = heap_grow (&session->memory, session->definitions, session->definition_count + 1,
                                    sizeof *session->definitions, "the command line");
  session->defined = heap_grow (&session->memory, session->defined, session->definition_count + 1,
                                sizeof *session->defined, "the command line");
  session->defined[session->definition_count] = heap_copy (&session->memory, text, strlen (text), "the command line");
  session->definitions[session->definition_count++]
    = (struct definition){ .name = name,
                           .array = array,
                           .of_file = true,
                           .is_fixed = !session_is_moved (session, text),
                           .source = gathering->label };
  gathering->used++;
}

/* Whether a name may be that of elements: x.0 of x. */
static bool
has_position (const char *name)
{
  return strchr (name, '.');
}

static bool
wants_key (const void *data, const char *name)
{
  struct gathering *gathering = (struct gathering *)data;
  uint32_t found = names_find (&gathering->session->names, name, strcspn (name, "."));
  note_column (gathering, name);
  return found < gathering->known && gathering->mentioned[found];
}

/* The texts in which names of columns may be mentioned. */
enum
{
  TEXTS = 4
};

static void
list_texts (const struct gathering *gathering, const struct syntax *texts[TEXTS])
{
  const struct session *session = gathering->session;
  texts[0] = gathering->ahead;
  texts[1] = &session->syntax;
  texts[2] = &session->targets;
  texts[3] = &session->answers;
}

/* Keys x.0, x.1, ..., each with a number for each row, as one array with the rows first. */
static struct array *
join (struct gathering *gathering, const struct keyed *keyed, const struct intake *intake, const struct bound *bound)
{
  struct session *session = gathering->session;
  const struct keyed_column *first = NULL;
  size_t width = bound->array->size;
  struct array *array = NULL;
  for (size_t i = 0; i < keyed->count; i++)
    {
      const struct keyed_column *column = &keyed->columns[i];
      size_t at = intake->slots[i] == NO_SLOT ? SIZE_MAX : intake->slots[i] - bound->slot, rows = column->array->size;
      if (at >= width)
        continue;
      if (!has_position (column->name))
        return array_hold (column->array);
      if (column->array->shape.rank != 1 || (first && rows != first->array->size))
        diagnose_stop (&session->diagnostics, STATUS_WORLD, NOWHERE,
                       "%s: key '%s' does not have a number for each row%s%s", gathering->label, column->name,
                       first ? ", as there are of key " : "", first ? first->name : "");
      if (!first)
        {
          struct shape shape = shape_join (&(struct shape){ 1, { rows } }, &bound->array->shape);
          array = array_new (&session->given, TYPE_REAL, &shape);
          first = column;
        }
      for (size_t row = 0; row < rows; row++)
        array->elements[row * width + at] = column->array->elements[row];
    }
  return array;
}

/* Defines what some keys have the elements of. */
static void
define_joined (struct gathering *gathering, const struct keyed *keyed)
{
  struct session *session = gathering->session;
  struct memory *memory = &session->memory;
  struct intake *intake = &session->data.intake;
  struct binding binding = { 0 };
  const struct syntax *texts[TEXTS];
  *intake = (struct intake){ .memory = memory, .name = gathering->data->name, .is_named = true, .feed.file = -1 };
  for (size_t i = 0; i < keyed->count; i++)
    intake_add_column (intake, keyed->columns[i].name, strlen (keyed->columns[i].name));
  list_texts (gathering, texts);
  if (!bind_columns (&binding, intake, texts, TEXTS, &session->names, &session->given, &session->diagnostics))
    longjmp (*session->diagnostics.stop, 1);
  for (size_t i = 0; i < binding.count; i++)
    define (gathering, binding.list[i].name, join (gathering, keyed, intake, &binding.list[i]));
  bind_close (&binding, &session->given);
  intake_close (intake);
}

static void
read_keys (struct gathering *gathering)
{
  struct session *session = gathering->session;
  struct keyed keyed;
  bool any_joined = false;
  const struct keyed_asker asker = { wants_key, gathering, session_has_lines (gathering->path) };
  if (!file_read_keyed (&keyed, &session->given, &session->diagnostics, gathering->path, &asker))
    longjmp (*session->diagnostics.stop, 1);
  for (size_t i = 0; i < keyed.count; i++)
    any_joined |= has_position (keyed.columns[i].name);
  if (any_joined)
    define_joined (gathering, &keyed);
  for (size_t i = 0; i < keyed.count && !any_joined; i++)
    {
      const char *name = keyed.columns[i].name;
      define (gathering, names_find (&session->names, name, strlen (name)), array_hold (keyed.columns[i].array));
    }
  keyed_close (&keyed, &session->given);
}

static _Noreturn void
refuse_record (struct gathering *gathering, const struct intake *intake, const char *text)
{
  diagnose_data (&gathering->session->diagnostics, STATUS_WORLD, intake->name, intake->trouble.line,
                 intake->trouble.column, "%s", text);
  longjmp (*gathering->session->diagnostics.stop, 1);
}

/* Reads all records: their numbers, one record after the other. */
static double *
read_numbers (struct gathering *gathering, struct intake *intake, size_t count, size_t *rows)
{
  double *numbers = NULL;
  for (size_t room = 0;;)
    switch (intake_next (intake))
      {
      case INTAKE_RECORD:
        if (*rows == room)
          {
            room = room ? 2 * room : 1024;
            numbers = heap_grow (&gathering->session->memory, numbers, room * count, sizeof *numbers, "data");
          }
        memcpy (numbers + count * (*rows)++, intake->numbers, count * sizeof *numbers);
        break;
      case INTAKE_END:
        return numbers;
      default:
        refuse_record (gathering, intake, intake->trouble.text);
      }
}

/* The column, or the columns x.0, x.1, ..., of a name: rows first. */
static struct array *
stack (struct gathering *gathering, const struct binding *binding, const struct bound *bound, const double *numbers,
       size_t rows)
{
  struct session *session = gathering->session;
  const struct shape *inner = &bound->array->shape;
  size_t size = bound->array->size;
  if (inner->rank == RANK_LIMIT)
    diagnose_stop (&session->diagnostics, STATUS_WORLD, NOWHERE, "%s: '%s' has more than %d axes", gathering->label,
                   names_text (&session->names, bound->name), RANK_LIMIT);
  struct shape shape = shape_join (&(struct shape){ 1, { rows } }, inner);
  struct array *array = array_new (&session->given, TYPE_REAL, &shape);
  for (size_t row = 0; row < rows; row++)
    memcpy (array->elements + row * size, numbers + row * binding->numbers + bound->slot, size * sizeof (double));
  return array;
}

static void
read_columns (struct gathering *gathering, enum file_format format)
{
  struct session *session = gathering->session;
  const struct options *options = &session->options;
  struct intake *intake = &session->data.intake;
  struct binding binding = { 0 };
  *intake = (struct intake){ .name = gathering->path ? gathering->path : "<stdin>", .format = format };
  intake->delimiter = options->delimiter ? options->delimiter : format == FILE_TSV ? '\t' : ',';
  enum intake_result result = intake_open (intake, &session->memory, session_open_records (session, gathering->path),
                                           options->rows ? NULL : session_given_columns (session));
  if (result == INTAKE_END)
    refuse_record (gathering, intake, "the file is empty");
  if (result != INTAKE_RECORD)
    refuse_record (gathering, intake, intake->trouble.text);
  for (size_t i = 0; i < intake->column_count; i++)
    note_column (gathering, intake->columns[i].name);
  const struct syntax *texts[TEXTS];
  list_texts (gathering, texts);
  if (!bind_columns (&binding, intake, texts, TEXTS, &session->names, &session->given, &session->diagnostics))
    longjmp (*session->diagnostics.stop, 1);
  size_t rows = 0;
  double *numbers = read_numbers (gathering, intake, binding.numbers, &rows);
  if (!rows)
    refuse_record (gathering, intake, "there is no row below the header");
  for (size_t i = 0; i < binding.count; i++)
    define (gathering, binding.list[i].name, stack (gathering, &binding, &binding.list[i], numbers, rows));
  inexact_say (&intake->inexact, &session->diagnostics, intake->name, intake->inexact_place, "");
  gathering->data->header_line = intake->is_named ? 0 : intake->first_line;
  heap_give (numbers);
  bind_close (&binding, &session->given);
  intake_close (intake);
}

/* NAME=FILE: all of a file as one array. */
static void
read_array (struct gathering *gathering, const char *name, size_t size)
{
  struct session *session = gathering->session;
  struct array *array
    = file_read (&session->given, &session->diagnostics, gathering->path, session->options.data_format, NULL, NULL);
  if (!array)
    longjmp (*session->diagnostics.stop, 1);
  uint32_t number = names_intern (&session->names, name, size);
  define (gathering, number, array);
  if (number >= gathering->known || !gathering->mentioned[number])
    warn (&session->diagnostics, WARNING_DEFINE, NULL, NOWHERE, "-d: '%.*s' is never used in %s", (int)size, name,
          session->program_name);
}

/* The names that a message lists. */
static const char *
list_columns (const struct session_data *data, struct output_list *list)
{
  for (size_t i = 0; i < data->column_count; i++)
    output_list_append (list, data->columns[i]);
  return list->text;
}

static void
warn_of_unused (struct gathering *gathering)
{
  struct session *session = gathering->session;
  struct output_list list = { 0 };
  warn (&session->diagnostics, WARNING_DEFINE, NULL, NOWHERE, "-d: no name of %s is a column of %s (columns: %s)",
        session->program_name, gathering->label, list_columns (gathering->data, &list));
}

static void
read_file (struct gathering *gathering, const char *text)
{
  struct session *session = gathering->session;
  const char *equals = strchr (text, '=');
  size_t size = equals ? (size_t)(equals - text) : 0;
  bool is_named = equals && names_is_name (text, size);
  const char *path = is_named ? equals + 1 : text;
  gathering->path = strcmp (path, "-") == 0 ? NULL : path;
  gathering->label = heap_format (&session->memory, "the command line", "-d %s", text);
  gathering->used = 0;
  enum file_format format = session_format_of_records (session, gathering->path);
  if (is_named)
    {
      read_array (gathering, text, size);
      return;
    }
  if (format == FILE_NPY)
    diagnose_stop (&session->diagnostics, STATUS_PROGRAM, NOWHERE,
                   "-d: '%s' has one array, without a name; name it: -d NAME=%s", path, path);
  for (size_t i = 0; i < gathering->data->column_count; i++)
    heap_give (gathering->data->columns[i]);
  gathering->data->column_count = 0;
  gathering->data->name = gathering->path ? gathering->path : "<stdin>";
  if (format == FILE_JSON)
    read_keys (gathering);
  else
    read_columns (gathering, format);
  if (!gathering->used)
    warn_of_unused (gathering);
}

static const char *
column_name (size_t i, const void *data)
{
  return ((const struct session_data *)data)->columns[i];
}

bool
session_say_no_data (void *data, const char *name, struct span span)
{
  struct session *session = data;
  const struct session_data *last = &session->data;
  if (!last->name)
    return false;
  struct place place = sources_place (&session->sources, span.start);
  const char *meant = suggest (name, last->column_count, column_name, last);
  struct output_list list = { 0 };
  diagnose_data (&session->diagnostics, STATUS_PROGRAM, last->name, last->header_line, 0,
                 "no column '%s', which %.250s:%zu:%zu needs (columns: %s)%s%s%s", name, place.source->name, place.line,
                 place.column, list_columns (last, &list), meant ? "; did you mean '" : "", meant ? meant : "",
                 meant ? "'?" : "");
  return true;
}

/* Answers are read before the program is: it is parsed for its names alone. False where it cannot be. */
static bool
parse_ahead (struct session *session, struct syntax *syntax)
{
  struct diagnostics quiet = session->diagnostics;
  quiet.mute = true;
  quiet.warnings = NULL;
  syntax_open (syntax, &session->memory);
  bool is_ahead = !area_count (&session->syntax.nodes, struct node);
  return !is_ahead || parse (syntax, &session->names, &quiet, 0, session->program_sources, PARSE_PROGRAM, NULL);
}

/* Reads all files. */
static void
read_files (struct session *session, const struct syntax *ahead)
{
  const struct texts *texts = &session->options.data;
  session->data.is_read = true;
  struct gathering gathering
    = { .session = session, .known = names_count (&session->names), .ahead = ahead, .data = &session->data };
  gathering.mentioned
    = heap_take_zeroed (&session->memory, gathering.known, sizeof *gathering.mentioned, "the names of columns");
  mark_mentioned (&gathering, ahead);
  mark_mentioned (&gathering, &session->syntax);
  mark_mentioned (&gathering, &session->targets);
  mark_mentioned (&gathering, &session->answers);
  for (size_t i = 0; i < texts->count; i++)
    read_file (&gathering, texts->list[i]);
  heap_give (gathering.mentioned);
}

void
session_read_data (struct session *session)
{
  struct syntax ahead;
  if (!session->options.data.count || session->data.is_read)
    return;
  if (parse_ahead (session, &ahead))
    read_files (session, &ahead);
  syntax_close (&ahead);
}
