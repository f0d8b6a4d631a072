/* right.c -- right sides of answers. */
#include "answers/right.h"

#include <string.h>

#include "answers/formula.h"
#include "answers/numeral.h"
#include "answers/printed.h"
#include "answers/shared.h"
#include "base/heap.h"

enum
{
  LONGEST = 10000 /* bytes of an answer with the earlier ones in it, which may double from line to line */
};

/* The answer given before about the derivative that begins at the current mark: its right side. */
static const char *
find_earlier (const void *data, struct formula *formula, size_t *end, struct piece *piece)
{
  const struct answers *answers = data;
  struct left left = { .memory = answers->memory };
  size_t behind = left_derivative (&left, answers->words, formula->marks, formula->at, formula->end);
  const char *right = NULL;
  if (behind > formula->at)
    for (size_t i = answers->count; i-- > 0 && !right;)
      {
        const char *read = answers->list[i].read;
        size_t size = strlen (left.text);
        if (answers->list[i].kind == ANSWER_READ && read && strncmp (read, left.text, size) == 0
            && strncmp (read + size, " = ", 3) == 0)
          right = read + size + 3;
      }
  if (behind > formula->at && !right)
    formula_refuse (formula, "there is no earlier answer about %s", left.text);
  if (right && formula->used + strlen (right) > LONGEST)
    {
      formula_refuse (formula, "with the earlier answers in it this is too long");
      right = NULL;
    }
  left_close (&left);
  *end = behind;
  if (!right)
    return NULL;
  struct marks marks = marks_scan (answers->memory, answers->words, right, strlen (right));
  struct formula inner = { .words = answers->words,
                           .memory = answers->memory,
                           .source = right,
                           .marks = marks.list,
                           .end = marks.count - 1,
                           .probes = true };
  *piece = (struct piece){ .start = 0 };
  if (formula_read (&inner))
    *piece = (struct piece){ .shaped = formula_top (&inner)->shaped, .shape = formula_top (&inner)->shape };
  formula_close (&inner);
  marks_close (&marks);
  return right;
}

/* A vector that a language without vectors writes as a matrix of one row or column. */
static void
flatten (struct formula *formula, const struct left *left)
{
  struct piece *piece = formula_top (formula);
  if (!formula->matrix || !piece->square_bracket || !piece->shaped || !left->shaped || piece->shape.rank != 2
      || left->shape.rank == 2 || shape_size (&piece->shape) != shape_size (&left->shape)
      || (piece->shape.extent[0] != 1 && piece->shape.extent[1] != 1))
    return;
  size_t used = 0;
  int depth = 0;
  for (size_t i = 0; i < formula->used; i++)
    {
      char c = formula->text[i];
      depth += c == '[';
      if (!((c == '[' || c == ']') && (depth == 2 || (depth == 1 && !left->shape.rank))))
        formula->text[used++] = c;
      depth -= c == ']';
    }
  formula->used = used;
  formula->text[used] = 0;
  piece->shape = left->shape;
}

/* A matrix whose rows end with their lines, where the variable has so many; a vector is wrapped in the same way. */
static void
fold (struct formula *formula, const struct left *left, struct part source)
{
  struct piece *piece = formula_top (formula);
  size_t lines = 1, element = 0;
  for (size_t i = 0; i < source.size; i++)
    lines += source.text[i] == '\n';
  if (!piece->square_bracket || !piece->shaped || piece->shape.rank != 1 || !left->shaped || left->shape.rank != 2
      || left->shape.extent[0] != lines || lines < 2 || piece->shape.extent[0] != shape_size (&left->shape))
    return;
  int depth = 0;
  for (size_t i = 0; i < formula->used; i++)
    {
      depth += part_opens ((struct part){ formula->text, formula->used }, i);
      if (formula->text[i] == ',' && depth == 1 && ++element % left->shape.extent[1] == 0)
        {
          formula_insert (formula, i, "]");
          formula_insert (formula, i + 3, "[");
          i += 3;
        }
    }
  formula_insert (formula, 0, "[");
  formula_say (formula, "]");
  piece->shape = left->shape;
}

/* Whether a right side begins on a line of its own. */
static bool
is_below (struct part right)
{
  const char *at = right.text;
  while (part_blank (at[-1]))
    if (*--at == '\n')
      return true;
  return false;
}

/* What a right side is as a text in one piece, where a program printed it in several; or NULL. */
static char *
in_one_piece (struct answers *answers, struct part right, char **fault)
{
  const char *reason = NULL;
  char *text = shared_is (right) ? shared_read (answers->memory, right, &reason)
                                 : printed_slices (answers->memory, right.text, right.size);
  if (!text && !reason)
    text = printed_read (answers->memory, right.text, right.size, is_below (right));
  if (reason)
    *fault = heap_format (answers->memory, "the answers", "%s", reason);
  return text;
}

/* Whether the last mark is the full stop of a sentence that ends with the formula. */
static bool
has_full_stop (const struct marks *marks)
{
  return !marks->failure && marks->count > 2 && mark_is (&marks->list[marks->count - 2], '.');
}

bool
right_read (struct answers *answers, struct part right, const struct left *left, char **text, struct known *known,
            char **fault, struct part *where)
{
  char *printed = in_one_piece (answers, right, fault);
  char *number = NULL;
  if (!printed && !*fault)
    number = number_read (answers->memory, answers->words, right.text, right.size, left, fault);
  if (*fault)
    return false;
  const char *source = printed ? printed : number ? number : right.text;
  size_t size = source == right.text ? right.size : strlen (source);
  struct marks marks = marks_scan (answers->memory, answers->words, source, size);
  struct formula formula = { .words = answers->words,
                             .memory = answers->memory,
                             .source = source,
                             .marks = marks.list,
                             .end = marks.count - 1 - has_full_stop (&marks),
                             .earlier = find_earlier,
                             .data = answers,
                             .matrix = printed != NULL };
  bool good = !marks.failure && formula_read (&formula);
  if (good)
    {
      flatten (&formula, left);
      fold (&formula, left, part_trim ((struct part){ source, size }));
      *text = heap_format (answers->memory, "the answers", "%s", formula.text);
      *known = (struct known){ KNOWN_VALUE, formula_top (&formula)->shaped, .answered = true };
      known->shape = formula_top (&formula)->shape;
    }
  else
    *fault = heap_format (answers->memory, "the answers", "%s", marks.failure ? marks.failure : formula.failure);
  *where = right;
  if (!good && !marks.failure && source == right.text && formula.at < marks.count)
    {
      const struct mark *mark = &marks.list[formula.at < formula.end || !formula.at ? formula.at : formula.at - 1];
      *where = (struct part){ right.text + mark->place, mark->end - mark->place };
    }
  formula_close (&formula);
  marks_close (&marks);
  heap_give (printed);
  heap_give (number);
  return good;
}

static bool
in_word (char c)
{
  return part_in_word (c) || c == '.' || (unsigned char)c >= 0x80;
}

/* Where what is called by the bracket at a place begins: a word, a number, or brackets with the word before them. */
static size_t
start_of_callee (struct part side, size_t at)
{
  int depth = 0;
  while (at && (depth || side.text[at - 1] == ')'))
    depth -= part_opens (side, --at);
  while (at && in_word (side.text[at - 1]))
    at--;
  return at;
}

static bool
is_product (const struct answers *answers, struct part side, size_t at)
{
  while (at && part_blank (side.text[at - 1]))
    at--;
  size_t start = start_of_callee (side, at), size = 0;
  const char *callee = side.text + start;
  while (start + size < at && in_word (callee[size]))
    size++;
  if (start == at)
    return false;
  /* A function that is made in brackets is called. */
  if (!size && strncmp (callee, "(fn", 3) == 0 && !in_word (callee[3]))
    return false;
  if (!size || *callee == '.' || (*callee >= '0' && *callee <= '9'))
    return true;
  if (start + size < at || vocabulary_find (answers->words, callee, size).kind != KNOWN_VALUE)
    return false;
  answers->prepare (answers->data);
  struct known known = vocabulary_find (answers->words, callee, size);
  return known.kind == KNOWN_VALUE && known.shaped;
}

/* Whether the [ at a place stands behind a number, and has in it what is no index. */
static bool
is_grouping (const struct answers *answers, struct part side, size_t at)
{
  const char *close = memchr (side.text + at, ']', side.size - at);
  struct part inner = { side.text + at, close ? (size_t)(close - side.text) - at : 0 };
  size_t start = at;
  bool computes = false;
  for (size_t i = 0; i < inner.size; i++)
    computes |= part_among (inner.text[i], "+*/^(");
  while (start && part_in_word (side.text[start - 1]))
    start--;
  if (!computes || start == at)
    return false;
  answers->prepare (answers->data);
  struct known known = vocabulary_find (answers->words, side.text + start, at - start);
  return known.shaped && !known.shape.rank && known.kind == KNOWN_VALUE;
}

bool
right_has_products (const struct answers *answers, struct part side)
{
  for (size_t at = 0; at < side.size; at++)
    if ((side.text[at] == '(' && is_product (answers, side, at))
        || (side.text[at] == '[' && is_grouping (answers, side, at)))
      return true;
  return false;
}
