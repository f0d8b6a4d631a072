/* json.c -- nested arrays of numbers. jansson reads them; it keeps no places, so those that messages need are found
   again in the text. */
#include "file/file.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "file/place.h"

enum
{
  BYTES_OF_NODE = 56
}; /* what jansson takes for a number in an array, about */

struct document
{
  struct diagnostics *diagnostics;
  const char *path;
  const char *text;
  size_t size;
};

static void
say (const struct document *document, size_t at, const char *what)
{
  struct file_place place = file_place (document->text, at);
  diagnose_data (document->diagnostics, STATUS_WORLD, document->path, place.line, place.column, "%s", what);
}

/* The end of the string that starts at text[at], as the place of its closing quote. */
static size_t
string_end (const struct document *document, size_t at)
{
  for (at++; at < document->size && document->text[at] != '"'; at++)
    if (document->text[at] == '\\')
      at++;
  return at;
}

/* An upper limit of the number of elements, or 0 after a message: brackets too deep for an array, which also keeps
   jansson from recursing far, or an object. */
static size_t
count_elements (const struct document *document)
{
  size_t commas = 0;
  int depth = 0;
  for (size_t at = 0; at < document->size; at++)
    switch (document->text[at])
      {
      case '"':
        at = string_end (document, at);
        break;
      case ',':
        commas++;
        break;
      case '[':
        if (++depth > RANK_LIMIT)
          {
            say (document, at, "arrays are nested more than 8 deep");
            return 0;
          }
        break;
      case ']':
        depth--;
        break;
      case '{':
        say (document, at, "expected a number or an array, found an object");
        return 0;
      default:
        break;
      }
  return commas + 1;
}

static size_t
skip_blanks (const struct document *document, size_t at)
{
  while (at < document->size && strchr (" \t\r\n", document->text[at]) && document->text[at])
    at++;
  return at;
}

/* Where the element at index[0..depth) stands in a text that jansson has found good. */
static size_t
find_element (const struct document *document, const size_t *index, int depth)
{
  const char *text = document->text;
  size_t at = skip_blanks (document, file_mark (text, document->size));
  for (int axis = 0; axis < depth; axis++)
    {
      at++;
      int inner = 0;
      for (size_t passed = 0; passed < index[axis] && at < document->size; at++)
        {
          if (text[at] == '"')
            at = string_end (document, at);
          inner += (text[at] == '[') - (text[at] == ']');
          passed += text[at] == ',' && inner == 0;
        }
      at = skip_blanks (document, at);
    }
  return at;
}

/* The extents along the first elements. */
static void
shape_of (const json_t *node, struct shape *shape)
{
  *shape = (struct shape){ 0 };
  while (node && json_is_array (node))
    {
      shape->extent[shape->rank++] = json_array_size (node);
      node = json_array_get (node, 0);
    }
}

static bool
number_of (const json_t *node, double *number)
{
  if (json_is_number (node))
    {
      *number = json_number_value (node);
      return true;
    }
  const char *word = json_string_value (node);
  if (!word)
    return false;
  if (strcmp (word, "NaN") == 0)
    *number = NAN;
  else if (strcmp (word, "Infinity") == 0)
    *number = HUGE_VAL;
  else if (strcmp (word, "-Infinity") == 0)
    *number = -HUGE_VAL;
  else
    return false;
  return true;
}

/* A node that is not what the shape asks for at its place: an array of `expected` elements, or a number. */
static void
say_unfit (const struct document *document, const json_t *node, const size_t *index, int depth,
           const struct shape *shape)
{
  char wanted[64] = "a number", excerpt[EXCERPT_SIZE], text[EXCERPT_SIZE + 160];
  size_t size = json_array_size (node);
  if (depth < shape->rank)
    snprintf (wanted, sizeof wanted, "an array of %zu", shape->extent[depth]);
  if (depth < shape->rank && json_is_array (node))
    snprintf (text, sizeof text, "this array has %zu element%s, but the first beside it has %zu", size,
              size == 1 ? "" : "s", shape->extent[depth]);
  else if (json_is_string (node))
    snprintf (text, sizeof text, "expected %s, found the string '%s'", wanted,
              file_excerpt (excerpt, json_string_value (node), json_string_length (node)));
  else
    snprintf (text, sizeof text, "expected %s, found %s", wanted,
              json_is_array (node)    ? "an array"
              : json_is_number (node) ? "a number"
              : json_is_null (node)   ? "null"
              : json_is_true (node)   ? "true"
                                      : "false");
  say (document, find_element (document, index, depth), text);
}

/* Copies the numbers, depth first. False after a message. */
static bool
fill (const struct document *document, const json_t *root, const struct shape *shape, double *to)
{
  const json_t *nodes[RANK_LIMIT] = { root };
  size_t index[RANK_LIMIT] = { 0 };
  int depth = 0;
  if (shape->rank == 0 && !number_of (root, to))
    {
      say_unfit (document, root, index, 0, shape);
      return false;
    }
  while (depth >= 0 && shape->rank > 0)
    {
      if (index[depth] == shape->extent[depth])
        {
          if (--depth >= 0)
            index[depth]++;
          continue;
        }
      const json_t *node = json_array_get (nodes[depth], index[depth]);
      bool is_inner = depth + 1 < shape->rank;
      bool is_fit
        = is_inner ? json_is_array (node) && json_array_size (node) == shape->extent[depth + 1] : number_of (node, to);
      if (!is_fit)
        {
          say_unfit (document, node, index, depth + 1, shape);
          return false;
        }
      if (is_inner)
        {
          nodes[++depth] = node;
          index[depth] = 0;
        }
      else
        {
          to++;
          index[depth]++;
        }
    }
  return true;
}

/* jansson gives the place where it stopped, and ends its text with `near 'TOKEN'`: the column of the token's start. */
static size_t
error_column (const json_error_t *error)
{
  size_t column = error->column > 0 ? (size_t)error->column : 1;
  const char *near = strstr (error->text, " near '");
  if (!near)
    return column;
  const char *token = near + strlen (" near '");
  size_t characters = 0;
  for (size_t i = 0; token[i] && token[i + 1]; i++)
    characters += ((unsigned char)token[i] & 0xc0) != 0x80;
  return characters > 0 && characters <= column ? column - characters + 1 : column;
}

static json_t *
parse (const struct document *document)
{
  size_t mark = file_mark (document->text, document->size);
  json_error_t error;
  json_t *root
    = json_loadb (document->text + mark, document->size - mark, JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, &error);
  if (!root)
    diagnose_data (document->diagnostics, STATUS_WORLD, document->path, (size_t)error.line, error_column (&error), "%s",
                   error.text);
  return root;
}

struct array *
file_read_json (struct arrays *arrays, struct diagnostics *diagnostics, const char *path, const char *text, size_t size)
{
  struct document document = { diagnostics, path, text, size };
  if (file_is_utf16 (text, size))
    {
      diagnose_data (diagnostics, STATUS_WORLD, path, 0, 0, "the text is UTF-16; UTF-8 is needed");
      return NULL;
    }
  if (skip_blanks (&document, file_mark (text, size)) == size)
    {
      diagnose_data (diagnostics, STATUS_WORLD, path, 0, 0, "the file is empty");
      return NULL;
    }
  size_t limit = count_elements (&document);
  if (limit == 0)
    return NULL;
  /* All memory is asked for before jansson has any: when it is short the run stops here, with nothing to give back.
   */
  struct array *array = array_new (arrays, TYPE_REAL, &(struct shape){ 1, { limit } });
  memory_charge (arrays->memory, limit * BYTES_OF_NODE, "reading JSON");
  json_t *root = parse (&document);
  bool is_good = false;
  if (root)
    {
      struct shape shape;
      shape_of (root, &shape);
      is_good = fill (&document, root, &shape, array->elements);
      array->shape = shape;
      array->size = shape_size (&shape);
      json_decref (root);
    }
  memory_release (arrays->memory, limit * BYTES_OF_NODE);
  if (is_good)
    return array;
  array_drop (arrays, array);
  return NULL;
}
