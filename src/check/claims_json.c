/* claims_json.c -- json output as claims. */
#include <string.h>

#include "base/heap.h"
#include "base/number.h"
#include "base/tree.h"
#include "base/writing.h"
#include "check/claims_file.h"

static const char number_letters[] = "0123456789+-.eE";

/* The text with quotes around numbers that have an exponent, whose digits count: as a double 2.5e+3 is 2500. */
static char *
with_exponents_quoted (struct memory *memory, const char *text, size_t size)
{
  struct writing *copy = writing_open (memory, "the answers");
  bool quoted = false;
  for (size_t i = 0, length; i < size; i += length)
    {
      length = 1;
      if (quoted ? text[i] == '\\' && i + 1 < size : text[i] == '-' || (text[i] >= '0' && text[i] <= '9'))
        for (length = quoted ? 2 : 1; !quoted && i + length < size && strchr (number_letters, text[i + length]);
             length++)
          ;
      quoted ^= text[i] == '"';
      bool marked = !quoted && (memchr (text + i, 'e', length) || memchr (text + i, 'E', length)) && length > 1;
      if (marked)
        putc ('"', copy->out);
      fwrite (text + i, 1, length, copy->out);
      if (marked)
        putc ('"', copy->out);
    }
  return writing_close (copy, NULL);
}

static void
print_json_number (FILE *out, const json_t *number)
{
  char text[NUMBER_SIZE];
  const char *word = json_string_value (number);
  if (json_is_real (number))
    number_print (text, json_real_value (number), 0);
  else if (json_is_boolean (number))
    strcpy (text, json_is_true (number) ? "true" : "false");
  else if (word && *word && strspn (word, number_letters) == strlen (word))
    {
      fputs (word, out);
      return;
    }
  else if (word && strcmp (word, "Infinity") == 0)
    strcpy (text, "Inf");
  else if (word && strcmp (word, "-Infinity") == 0)
    strcpy (text, "-Inf");
  else
    strcpy (text, json_is_null (number) ? "none" : "NaN");
  fputs (text, out);
}

/* A number, or an array within arrays; false when they are nested deeper than arrays can be. */
static bool
print_json_array (FILE *out, const json_t *array)
{
  const json_t *open[RANK_LIMIT];
  size_t next[RANK_LIMIT];
  int depth = 0;
  const json_t *at = array;
  for (;;)
    {
      if (json_is_array (at) && depth == RANK_LIMIT)
        return false;
      if (json_is_array (at))
        {
          open[depth] = at;
          next[depth++] = 0;
          putc ('[', out);
        }
      else
        print_json_number (out, at);
      while (depth && next[depth - 1] == json_array_size (open[depth - 1]))
        {
          putc (']', out);
          depth--;
        }
      if (!depth)
        return true;
      if (next[depth - 1])
        putc (',', out);
      at = json_array_get (open[depth - 1], next[depth - 1]++);
    }
}

static bool
print_json_claim (FILE *out, const char *target, const char *source, const char *second, const json_t *array)
{
  answer_left (out, target, source, second);
  bool good = print_json_array (out, array);
  putc ('\n', out);
  return good;
}

/* A formula, which stands on one line. */
static void
print_json_formula (FILE *out, const char *target, const char *source, const json_t *formula)
{
  const char *text = json_string_value (formula);
  answer_left (out, target, source, NULL);
  for (text = text ? text : "none"; *text; text++)
    putc (*text == '\n' ? ' ' : *text, out);
  putc ('\n', out);
}

/* Formulas by target and source, and before them the parts that they have in common; how many. */
static size_t
print_json_formulas (FILE *out, const json_t *all)
{
  const char *target, *source;
  json_t *by_source, *formula;
  size_t count = 0;
  json_object_foreach (json_object_get (all, "parts"), target, formula) print_json_formula (out, target, NULL, formula);
  json_object_foreach (json_object_get (all, "formula"), target, by_source)
    json_object_foreach (by_source, source, formula)
  {
    print_json_formula (out, target, source, formula);
    count++;
  }
  return count;
}

/* A name with a position, `x[0,1]`. */
static char *
with_position (struct memory *memory, const char *name, const json_t *index)
{
  struct writing *text = writing_open (memory, "the answers");
  size_t count = json_array_size (index);
  bool plain = strpbrk (name, "+-*/^@%()[]<>=!&|?:, '\"") == NULL;
  fprintf (text->out, plain || !count ? "%s" : "(%s)", name);
  for (size_t i = 0; i < count; i++)
    fprintf (text->out, "%s%.0f%s", i ? "," : "[", json_number_value (json_array_get (index, i)),
             i == count - 1 ? "]" : "");
  return writing_close (text, NULL);
}

/* Takes a list of elements, as --sparse prints a Jacobian or a Hessian: each is a claim of its own. Returns how
   many. */
static size_t
print_json_sparse (struct memory *memory, FILE *out, const char *target, const json_t *list, bool second)
{
  size_t i, count = 0;
  const json_t *entry;
  json_array_foreach (list, i, entry)
  {
    const char *source = json_string_value (json_object_get (entry, second ? "wrt1" : "wrt")),
               *other = json_string_value (json_object_get (entry, "wrt2"));
    if (!source || (second && !other))
      continue;
    char *above = with_position (memory, target, second ? NULL : json_object_get (entry, "index")),
         *below = with_position (memory, source, json_object_get (entry, second ? "index1" : "windex")),
         *last = second ? with_position (memory, other, json_object_get (entry, "index2")) : NULL;
    print_json_claim (out, above, below, last, json_object_get (entry, second ? "hess" : "grad"));
    heap_give (above);
    heap_give (below);
    heap_give (last);
    count++;
  }
  return count;
}

/* Values by target, gradients and Jacobians by target and source, Hessians by target and both; what else there is says
   nothing that could be checked. */
bool
answers_json (struct diagnostics *diagnostics, const char *name, const char *text, size_t size, FILE *out)
{
  static const char *const keys[] = { "grad", "jacobian" };
  json_error_t error;
  struct area nodes;
  area_open (&nodes, diagnostics->memory, (size_t)64 << 30, "the answers");
  size_t flags = JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK | JSON_DECODE_INT_AS_REAL;
  json_t *all = tree_read (&nodes, text, size, flags, &error);
  if (!all || !json_is_object (all))
    {
      diagnose_data (diagnostics, STATUS_PROGRAM, name, all ? 0 : (size_t)error.line, all ? 0 : (size_t)error.column,
                     "%s", all ? "expected an object with \"value\" or \"grad\"" : error.text);
      area_close (&nodes);
      return false;
    }
  char *copy = with_exponents_quoted (diagnostics->memory, text, size);
  all = tree_read (&nodes, copy, strlen (copy), flags, &error);
  heap_give (copy);
  const char *target, *source, *second;
  json_t *value, *by_source, *by_second;
  bool good = all != NULL;
  size_t count = print_json_formulas (out, all);
  json_object_foreach (json_object_get (all, "value"), target, value)
  {
    good &= print_json_claim (out, target, NULL, NULL, value);
    count++;
  }
  for (int i = 0; i < 2; i++)
    json_object_foreach (json_object_get (all, keys[i]), target, by_source)
    {
      count += print_json_sparse (diagnostics->memory, out, target, by_source, false);
      json_object_foreach (by_source, source, value)
      {
        good &= print_json_claim (out, target, source, NULL, value);
        count++;
      }
    }
  json_object_foreach (json_object_get (all, "hessian"), target, by_source)
  {
    count += print_json_sparse (diagnostics->memory, out, target, by_source, true);
    json_object_foreach (by_source, source, by_second) json_object_foreach (by_second, second, value)
    {
      good &= print_json_claim (out, target, source, second, value);
      count++;
    }
  }
  if (!good)
    diagnose_data (diagnostics, STATUS_PROGRAM, name, 0, 0, "arrays are nested more than %d deep", RANK_LIMIT);
  else if (!count)
    diagnose_data (diagnostics, STATUS_PROGRAM, name, 0, 0, "there is neither \"value\" nor \"grad\" in it");
  area_close (&nodes);
  return good && count;
}
