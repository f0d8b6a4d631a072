/* formula_word.c -- words in a formula: names, functions with brackets or without, other libraries' ways to say it. */
#include "answers/formula.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

#include "base/diagnostic.h"
#include "base/heap.h"

enum
{
  NAME_SIZE = 100
};

bool
formula_says (const struct mark *mark, const char *words)
{
  if (mark->kind != MARK_WORD)
    return false;
  for (const char *at = words; *at;)
    {
      size_t size = strcspn (at, " ");
      if (size == mark->size && memcmp (at, mark->text, size) == 0)
        return true;
      at += size + (at[size] == ' ');
    }
  return false;
}

/* A word as it is typed: log₂ is log_2. */
static void
type_word (const struct mark *mark, char name[NAME_SIZE])
{
  size_t used = 0;
  bool below = false;
  for (size_t i = 0; i < mark->size; i++)
    if (mark->size - i > 2 && memcmp (mark->text + i, "\xe2\x82", 2) == 0 && (unsigned char)mark->text[i + 2] <= 0x89)
      {
        if (!below)
          name[used++] = '_';
        below = true;
        i += 2;
        name[used++] = (char)('0' + ((unsigned char)mark->text[i] - 0x80));
      }
    else
      name[used++] = mark->text[i];
  name[used] = 0;
}

enum op
formula_find (const struct mark *mark, bool *over)
{
  static const struct
  {
    const char *name, *here;
    bool read;
  } elsewhere[] = {
#define ELSEWHERE(name, here, read) { name, here, read },
#include "ops/elsewhere.def"
  };
  char name[NAME_SIZE];
  *over = false;
  if (mark->kind != MARK_WORD || mark->size >= sizeof name)
    return OPS;
  type_word (mark, name);
  enum op op = op_find (name, false);
  for (size_t i = 0; op == OPS && i < sizeof elsewhere / sizeof *elsewhere; i++)
    if (elsewhere[i].read && strcmp (elsewhere[i].name, name) == 0)
      {
        *over = strncmp (elsewhere[i].here, "1/", 2) == 0;
        op = op_find (elsewhere[i].here + (*over ? 2 : 0), false);
      }
  return op;
}

static const struct
{
  const char *name, *meant;
} constants[]
  = { { "pi", "pi" },       { "π", "pi" },        { "tau", "tau" },      { "e", "e" },          { "inf", "inf" },
      { "Inf", "inf" },     { "oo", "inf" },      { "Infinity", "inf" }, { "infinity", "inf" }, { "nan", "nan" },
      { "NaN", "nan" },     { "NA", "nan" },      { "true", "true" },    { "True", "true" },    { "TRUE", "true" },
      { "false", "false" }, { "False", "false" }, { "FALSE", "false" },  { "none", "none" },    { "None", "none" },
      { "null", "none" },   { "newaxis", "None" } };

static bool
is_function (const struct mark *mark)
{
  bool over;
  return formula_find (mark, &over) < OPS;
}

static bool
is_known (const struct formula *formula, const struct mark *mark)
{
  return mark->kind == MARK_WORD && vocabulary_knows (formula->words, mark->text, mark->size);
}

/* The size of a run of marks that is one factor, from `ahead` on: a number and a name, a name, with its power. */
static size_t
factor_size (const struct formula *formula, size_t ahead, bool may_multiply)
{
  size_t at = ahead;
  const struct mark *mark = formula_mark (formula, at);
  if (mark_is (mark, '-') || mark_is (mark, '+'))
    mark = formula_mark (formula, ++at);
  if (mark->kind == MARK_NUMBER)
    {
      const struct mark *next = formula_mark (formula, at + 1);
      bool follows = may_multiply && next->kind == MARK_WORD && !next->blank && !is_function (next);
      at += 1 + follows;
    }
  else if (mark->kind == MARK_WORD && (is_known (formula, mark) || !is_function (mark)))
    at++;
  else if (mark_is (mark, '|'))
    {
      while (mark = formula_mark (formula, ++at), mark->kind != MARK_END && !mark_is (mark, '|'))
        if (mark->match != SIZE_MAX && mark->match > formula->at + at)
          at = mark->match - formula->at;
      if (mark->kind == MARK_END)
        return 0;
      at++;
    }
  else if (mark_is (mark, SIGN_FRACTION) && mark_is (formula_mark (formula, at + 1), '{'))
    {
      size_t over = formula_mark (formula, at + 1)->match, under = over < formula->end ? over + 1 : over;
      under = under < formula->end && mark_is (&formula->marks[under], '{') ? formula->marks[under].match : SIZE_MAX;
      if (under >= formula->end)
        return 0;
      at = under + 1 - formula->at;
    }
  else
    return 0;
  while (formula_mark (formula, at)->kind == MARK_RAISED || mark_is (formula_mark (formula, at), '^')
         || (formula_mark (formula, at)->kind == MARK_WORD && formula_mark (formula, at)->text[0] == '_'))
    {
      if (!mark_is (formula_mark (formula, at), '^'))
        {
          at++;
          continue;
        }
      at++;
      at += mark_is (formula_mark (formula, at), '-');
      const struct mark *exponent = formula_mark (formula, at);
      bool bracket = mark_is (exponent, '(') || mark_is (exponent, '{');
      if (bracket && exponent->match >= formula->end)
        return 0;
      at = bracket ? exponent->match + 1 - formula->at : at + 1;
    }
  return at;
}

/* Whether what follows ends the argument of a function without brackets. */
static bool
ends_argument (const struct formula *formula, const struct mark *mark)
{
  if (mark->kind == MARK_END)
    return true;
  if (mark->kind == MARK_WORD)
    return !is_known (formula, mark) && (is_function (mark) || formula_says (mark, "and or"));
  return mark->kind == MARK_SIGN
         && (strchr ("+-)]},;=<>|:?&%", mark->sign < 128 ? mark->sign : 'x') || mark->sign == SIGN_AT_LEAST
             || mark->sign == SIGN_AT_MOST || mark->sign == SIGN_EQUALS || mark->sign == SIGN_NORM
             || mark->sign == SIGN_MATRIX_END || mark->sign == SIGN_ROW || mark->sign == SIGN_EITHER);
}

/* sin^2, sin²: what the result is raised to; false where that is the inverse, or 1/sin. */
static bool
read_raised (struct formula *formula, char raised[12])
{
  const struct mark *mark = formula_mark (formula, 0), *next = formula_mark (formula, 1);
  bool braces = mark_is (mark, '^') && mark_is (next, '{');
  if (mark->kind == MARK_RAISED)
    {
      memcpy (raised, mark->raised, sizeof mark->raised);
      raised[mark->size < 11 ? mark->size : 11] = 0;
      formula->at++;
    }
  else if (mark_is (mark, '^'))
    {
      const struct mark *number = formula_mark (formula, 1 + braces);
      if (number->kind == MARK_NUMBER && number->size < 11)
        memcpy (raised, number->text, number->size);
      else
        raised[0] = '-';
      formula->at += 2 + 2 * (size_t)braces;
    }
  return !*raised || strspn (raised, "0123456789.") == strlen (raised);
}

/* Refuses a function without brackets whose argument may end in two places, with both readings. */
static void
refuse_bare (struct formula *formula, const char *name, size_t size)
{
  const struct mark *first = formula_mark (formula, 0), *last = formula_mark (formula, size - 1),
                    *next = formula_mark (formula, size), *operand = next;
  bool sign = next->kind == MARK_SIGN && next->sign != '(' && next->sign != '[';
  if (mark_is (next, SIGN_DEGREE))
    {
      formula_refuse (formula, "angles are in radians: write x*pi/180 for degrees");
      return;
    }
  operand = sign ? formula_mark (formula, size + 1) : next;
  int argument = (int)(last->end - first->place), rest = (int)(operand->end - next->place);
  const char *text = formula->source + first->place, *more = formula->source + next->place;
  if (operand->kind == MARK_END)
    formula_refuse (formula, "'%s' has no end", name);
  else
    formula_refuse (formula, "%s(%.*s)%s%.*s, or %s(%.*s%s%.*s)?", name, argument, text, sign ? "" : "*", rest, more,
                    name, argument, text, sign ? "" : "*", rest, more);
}

void
formula_function (struct formula *formula, enum op op, const char *name, bool torch, int infix)
{
  const struct mark *word = formula_mark (formula, 0);
  char raised[12] = "";
  bool root = mark_is (word, SIGN_ROOT);
  formula->at++;
  if (root && mark_is (formula_mark (formula, 0), '[') && formula_mark (formula, 1)->kind == MARK_NUMBER
      && *formula_mark (formula, 1)->text == '3' && formula_mark (formula, 1)->size == 1)
    {
      op = OP_cbrt;
      name = "cbrt";
      formula->at += 3;
    }
  if (!read_raised (formula, raised))
    {
      formula_refuse (formula, "%s^-1: the inverse function, or 1/%s?", name, name);
      return;
    }
  const struct mark *mark = formula_mark (formula, 0);
  bool bracket = mark_is (mark, '(') || mark_is (mark, '{');
  size_t size = bracket ? 0 : factor_size (formula, 0, !root);
  if (!bracket && (op == OPS || (infix && infix != '1') || op_info[op].arity > 1 || !size))
    {
      formula_refuse (formula, size || op == OPS ? "'%s' needs its arguments in brackets" : "'%s' has no argument",
                      name);
      return;
    }
  if (!bracket && !ends_argument (formula, formula_mark (formula, size)))
    {
      refuse_bare (formula, name, size);
      return;
    }
  struct frame *frame = formula_enter (formula, bracket ? FRAME_CALL : FRAME_BARE);
  frame->op = op;
  frame->infix = infix;
  frame->torch = torch;
  frame->library = torch;
  memcpy (frame->raised, raised, sizeof raised);
  if (!bracket)
    frame->until = formula->at + size;
  formula->at += bracket;
  if (infix)
    formula_say (formula, infix == '1' ? "(1/" : "(");
  formula_say (formula, name);
  formula_say (formula, "(");
}

/* A value by its name in the language. */
static void
add_name (struct formula *formula, const char *name, struct known known)
{
  formula_piece (formula, (struct piece){ .start = formula->used,
                                          .shape = known.shape,
                                          .shaped = known.kind == KNOWN_VALUE && known.shaped,
                                          .name = true,
                                          .computed = known.computed });
  formula_say (formula, name);
}

/* A name, with a subscript that stands apart from it: x_{i}. */
static const char *
find_name (const struct formula *formula, size_t *size, char text[NAME_SIZE])
{
  const struct mark *mark = formula_mark (formula, 0), *next = formula_mark (formula, 1), *inner = NULL;
  *size = 1;
  if (mark->size >= NAME_SIZE / 2)
    return vocabulary_mean (formula->words, mark->text, mark->size);
  if (next->kind == MARK_WORD && next->text[0] == '_' && !next->blank)
    {
      bool braces
        = next->size == 1 && mark_is (formula_mark (formula, 2), '{') && mark_is (formula_mark (formula, 4), '}');
      inner = next->size > 1 ? next : formula_mark (formula, braces ? 3 : 2);
      *size = next->size > 1 ? 2 : braces ? 5 : 3;
    }
  int skip = inner == next;
  if (inner && inner->size < NAME_SIZE / 2)
    snprintf (text, NAME_SIZE, "%.*s_%.*s", (int)mark->size, mark->text, (int)inner->size - skip, inner->text + skip);
  else
    snprintf (text, NAME_SIZE, "%.*s", (int)mark->size, mark->text);
  return vocabulary_mean (formula->words, text, strlen (text));
}

/* The length of the letter a text begins with, and of the digits behind it, on the line, below
   it or behind a stroke. */
static size_t
letter_length (const char *text, size_t size)
{
  int letter = u8_mblen ((const uint8_t *)text, size);
  size_t length = letter > 0 ? (size_t)letter : 0;
  while (length && length < size)
    {
      bool below = size - length > 2 && memcmp (text + length, "\xe2\x82", 2) == 0
                   && (unsigned char)text[length + 2] <= 0x89;
      bool stroke = text[length] == '_' && length == (size_t)letter && length + 1 < size && text[length + 1] >= '0'
                    && text[length + 1] <= '9';
      if (!below && !stroke && !(text[length] >= '0' && text[length] <= '9'))
        break;
      length += below ? 3 : 1;
    }
  return length;
}

/* The name of a value that a word has from `from` on, as xλ or w1x1 where all are names of one letter; NULL where
   there is none. */
static const char *
find_letter (const struct formula *formula, const struct mark *mark, size_t from, size_t *length)
{
  *length = letter_length (mark->text + from, mark->size - from);
  const char *name = *length ? vocabulary_mean (formula->words, mark->text + from, *length) : NULL;
  return name && vocabulary_find (formula->words, name, strlen (name)).kind == KNOWN_VALUE ? name : NULL;
}

/* xy where both are names of one letter. */
static bool
split_letters (struct formula *formula, const struct mark *mark)
{
  size_t letters = 0, length;
  for (size_t i = 0; i < mark->size; letters++, i += length)
    if (!find_letter (formula, mark, i, &length))
      return false;
  if (letters < 2)
    return false;
  for (size_t i = 0; i < mark->size && !formula->failure; i += length)
    {
      const char *name = find_letter (formula, mark, i, &length);
      if (i)
        formula_beside (formula, false);
      if (formula->failure)
        break;
      add_name (formula, name, vocabulary_find (formula->words, name, strlen (name)));
    }
  formula->at++;
  return true;
}

/* A word that is a constant; false where it is none. */
bool
formula_constant (struct formula *formula, const struct mark *mark)
{
  for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
    if (mark_says (mark, constants[i].name))
      {
        bool axis = formula_says (mark, "None newaxis") && formula_frame (formula)->kind == FRAME_INDEX;
        if (!axis && mark_says (mark, "newaxis"))
          formula_refuse (formula, "'newaxis' belongs in an index");
        else
          {
            add_name (formula, axis ? "None" : constants[i].meant, (struct known){ KNOWN_VALUE, .shaped = !axis });
            formula->at++;
          }
        return true;
      }
  return false;
}

struct candidates
{
  const struct vocabulary *words;
};

static const char *
candidate (size_t i, const void *data)
{
  const struct candidates *candidates = data;
  return names_text (&candidates->words->names, (uint32_t)i);
}

static void
refuse_word (struct formula *formula, const struct mark *mark)
{
  char text[NAME_SIZE];
  struct candidates candidates = { formula->words };
  snprintf (text, sizeof text, "%.*s", (int)(mark->size < sizeof text ? mark->size : sizeof text - 1), mark->text);
  size_t stem = strcspn (text, "_");
  struct known known = vocabulary_find (formula->words, text, stem);
  if (text[stem] && known.kind == KNOWN_VALUE && known.shape.rank
      && strspn (text + stem + 1, "0123456789") == strlen (text + stem + 1))
    {
      formula_refuse (formula, "'%s': %.*s[%s], or %.*s[%d]? positions are counted from 0", text, (int)stem, text,
                      text + stem + 1, (int)stem, text, (int)(strtol (text + stem + 1, NULL, 10) - 1));
      return;
    }
  if (strcmp (text, "lg") == 0)
    {
      formula_refuse (formula, "'lg': log10, or log2?");
      return;
    }
  const char *meant = suggest (text, names_count (&formula->words->names), candidate, &candidates);
  bool called = mark_is (formula_mark (formula, 1), '(') && !meant;
  formula_refuse (formula, called ? "no function '%s'" : "'%s' is not defined%s%s%s", text,
                  meant ? "; did you mean '" : "", meant ? meant : "", meant ? "'?" : "");
}

/* The name of an argument: axis=, or as others call it. */
static bool
read_keyword (struct formula *formula, const struct mark *mark)
{
  struct frame *frame = formula_frame (formula);
  if (frame->kind != FRAME_CALL || !mark_is (formula_mark (formula, 1), '=')
      || formula->operation_count > frame->operations)
    return false;
  bool axis = formula_says (mark, "dim axis"), keeps = formula_says (mark, "keepdim keepdims");
  frame->named = true;
  frame->axis = axis ? LONG_MAX : frame->axis;
  frame->keeps |= keeps && !formula_says (formula_mark (formula, 2), "False false");
  if (axis || keeps)
    formula_say (formula, axis ? "axis" : "keepdims");
  else
    formula_write (formula, mark->text, mark->size);
  formula_say (formula, "=");
  formula->at += 2;
  return true;
}

void
formula_word (struct formula *formula)
{
  const struct mark *mark = formula_mark (formula, 0), *next = formula_mark (formula, 1);
  size_t size = 1, end;
  char text[NAME_SIZE];
  struct piece piece;
  if (read_keyword (formula, mark))
    return;
  const char *name = mark->kind == MARK_WORD ? find_name (formula, &size, text) : NULL;
  const char *earlier = name || !formula->earlier ? NULL : formula->earlier (formula->data, formula, &end, &piece);
  if (formula->failure)
    return;
  if (earlier)
    {
      piece.start = formula->used;
      formula_piece (formula, piece);
      formula_say (formula, "(");
      formula_say (formula, earlier);
      formula_say (formula, ")");
      formula->at = end;
      return;
    }
  if (mark->kind != MARK_WORD)
    {
      formula_refuse (formula, "there is no earlier answer about this derivative");
      return;
    }
  struct known known = name ? vocabulary_find (formula->words, name, strlen (name)) : (struct known){ KNOWN_NOT };
  /* With its subscript: x_{i}, log_{2}. */
  struct mark whole = *mark;
  if (size > 1)
    whole = (struct mark){ .kind = MARK_WORD, .text = text, .size = strlen (text) };
  bool over;
  enum op op = formula_find (&whole, &over);
  if (known.kind == KNOWN_FUNCTION && mark_is (next, '('))
    formula_function (formula, OPS, name, false, 0);
  else if (name)
    {
      add_name (formula, name, known);
      formula->at += size;
    }
  else if (mark_is (next, '.') && !next->blank
           && formula_says (mark, "np numpy math Math cmath scipy special torch tf jnp jax F nn sp "
                                  "sympy tensorflow keras K ca casadi linalg la stats lax"))
    formula_library (formula);
  else if (op < OPS)
    {
      formula->at += size - 1;
      formula_function (formula, op, op_info[op].name, false, over ? '1' : 0);
    }
  else if (formula_says (mark, "sigma σ") && mark_is (next, '('))
    formula_function (formula, OP_sigmoid, "sigmoid", false, 0);
  else
    {
      if (formula_constant (formula, mark))
        return;
      if (!formula_wrapper (formula, mark) && !split_letters (formula, mark))
        refuse_word (formula, &whole);
    }
}
