/* left.c -- what an answer is about, as people write it on the left side. */
#include "answers/quotient.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/heap.h"

bool
left_fail (struct left *left, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  if (!left->failure)
    left->failure = heap_format_list (left->memory, "the answers", format, arguments);
  va_end (arguments);
  return false;
}

const struct mark *
left_mark (const struct derivation *derivation, size_t i)
{
  static const struct mark end = { .kind = MARK_END, .text = "", .blank = true };
  return i < derivation->to ? &derivation->marks[i] : &end;
}

/* What people call the one target of a program. */
static bool
is_usual (const char *text, size_t size)
{
  static const char *const usual[] = { "L", "J", "E", "C", "f", "y", "loss", "cost", "Loss", "ℒ" };
  for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
    if (strlen (usual[i]) == size && memcmp (usual[i], text, size) == 0)
      return true;
  return false;
}

/* A name of the program, or NULL. */
const char *
left_find_value (const struct vocabulary *words, const char *text, size_t size)
{
  const char *name = vocabulary_mean (words, text, size);
  struct known known = name ? vocabulary_find (words, name, strlen (name)) : (struct known){ .kind = KNOWN_NOT };
  return known.kind == KNOWN_VALUE && !known.answered ? name : NULL;
}

const char *
left_find_target (const struct vocabulary *words, const char *text, size_t size)
{
  const char *name = left_find_value (words, text, size);
  return name ? name : is_usual (text, size) ? words->target : NULL;
}

static const char *
candidate (size_t i, const void *data)
{
  const struct vocabulary *words = data;
  return names_text (&words->names, (uint32_t)i);
}

/* Where the trouble is, if there is any. */
static void
point (struct left *left, const struct mark *mark, const char *text)
{
  left->place = mark->place + (text > mark->text && text < mark->text + mark->size ? (size_t)(text - mark->text) : 0);
  left->size = mark->end - left->place;
}

bool
left_fail_unknown (struct left *left, const struct vocabulary *words, const char *text, size_t size)
{
  char word[NAME_SIZE];
  snprintf (word, sizeof word, "%.*s", (int)(size < sizeof word ? size : sizeof word - 1), text);
  const char *meant = suggest (word, names_count (&words->names), candidate, words);
  return left_fail (left, "'%s' is not a variable of the program%s%s%s", word, meant ? "; did you mean '" : "",
                    meant ? meant : "", meant ? "'?" : "");
}

/* Copies a name, and the part in brackets that begins at mark *i, which moves behind it. */
static bool
take (struct derivation *derivation, const char *name, size_t *i, char text[NAME_SIZE])
{
  size_t used = (size_t)snprintf (text, NAME_SIZE, "%s", name);
  const struct mark *open = left_mark (derivation, *i);
  /* Of d/dx [f] it is what is differentiated. */
  bool operand = !*derivation->target && open->blank && text != derivation->target;
  if (!mark_is (open, '[') || open->match >= derivation->to || operand)
    return used < NAME_SIZE;
  for (size_t end = left_mark (derivation, *i)->match; *i <= end; (*i)++)
    {
      const struct mark *mark = left_mark (derivation, *i);
      if (mark->kind == MARK_RAISED || mark->kind == MARK_TEXT)
        return left_fail (derivation->left, "a %s is no index", mark->kind == MARK_RAISED ? "power" : "text");
      if (used < NAME_SIZE)
        used += (size_t)snprintf (text + used, NAME_SIZE - used, "%.*s", (int)mark->size, mark->text);
    }
  return used < NAME_SIZE || left_fail (derivation->left, "a name is too long");
}

/* A text with a subscript that stands apart behind mark i: W_{1}. How many marks it takes. */
static size_t
join_subscript (const struct derivation *derivation, size_t i, const char *text, size_t size, char joined[NAME_SIZE])
{
  const struct mark *next = left_mark (derivation, i + 1);
  bool apart = next->kind == MARK_WORD && next->text[0] == '_' && !next->blank;
  bool braces = apart && next->size == 1 && mark_is (left_mark (derivation, i + 2), '{')
                && mark_is (left_mark (derivation, i + 4), '}');
  const struct mark *inner = !apart ? NULL : next->size > 1 ? next : left_mark (derivation, i + (braces ? 3 : 2));
  if (!inner)
    snprintf (joined, NAME_SIZE, "%.*s", (int)size, text);
  else if (inner == next)
    snprintf (joined, NAME_SIZE, "%.*s%.*s", (int)size, text, (int)inner->size, inner->text);
  else
    snprintf (joined, NAME_SIZE, "%.*s_%.*s", (int)size, text, (int)inner->size, inner->text);
  return !inner ? 1 : inner == next ? 2 : braces ? 5 : 3;
}

/* An order behind a `d`: ², ^2, ^{2}. How many marks it takes. */
static size_t
read_order (struct derivation *derivation, size_t i, int *order)
{
  const struct mark *mark = left_mark (derivation, i);
  bool braces = mark_is (mark, '^') && mark_is (left_mark (derivation, i + 1), '{');
  const struct mark *number = mark_is (mark, '^') ? left_mark (derivation, i + 1 + braces) : NULL;
  if (mark->kind == MARK_RAISED && mark->size == 1 && mark->raised[0] == '2')
    *order = 2;
  else if (number && number->kind == MARK_NUMBER && number->size == 1 && *number->text == '2')
    *order = 2;
  else
    return 0;
  return mark->kind == MARK_RAISED ? 1 : braces ? 4 : 2;
}

static bool
is_differential (const struct mark *mark)
{
  return mark_is (mark, SIGN_PARTIAL) || mark_says (mark, "d") || mark_says (mark, "δ");
}

/* The numerator: d, dL, ∂L, d2L, d²L, up to mark `end`. */
static bool
read_numerator (struct derivation *derivation, size_t i, size_t end)
{
  const struct mark *mark = left_mark (derivation, i);
  const char *text = mark->text;
  size_t size = mark->size;
  derivation->order = 1;
  if (is_differential (mark))
    {
      i++;
      i += read_order (derivation, i, &derivation->order);
      if (i == end)
        return true;
      if (mark_is (left_mark (derivation, i), '(') && left_mark (derivation, i)->match + 1 == end)
        {
          i++;
          end--;
        }
      if (left_mark (derivation, i)->kind != MARK_WORD)
        return false;
      text = left_mark (derivation, i)->text;
      size = left_mark (derivation, i)->size;
    }
  else if (mark->kind == MARK_WORD && size > 1 && *text == 'd')
    {
      text++;
      size--;
      if (*text == '2' && size > 1)
        {
          derivation->order = 2;
          text++;
          size--;
        }
      else if (*text >= '0' && *text <= '9')
        return left_fail (derivation->left, "derivatives of an order above 2 are not checked");
    }
  else
    return false;
  char joined[NAME_SIZE];
  size_t taken = join_subscript (derivation, i, text, size < NAME_SIZE / 2 ? size : NAME_SIZE / 2, joined);
  const char *name = left_find_target (derivation->words, joined, strlen (joined));
  point (derivation->left, left_mark (derivation, i), text);
  i += taken;
  if (!name)
    return left_fail_unknown (derivation->left, derivation->words, joined, strlen (joined));
  return take (derivation, name, &i, derivation->target) && i == end;
}

bool
left_add_source (struct derivation *derivation, const char *name, size_t *i)
{
  if (derivation->count == ORDER)
    return left_fail (derivation->left, "derivatives of an order above 2 are not checked");
  return take (derivation, name, i, derivation->sources[derivation->count++]);
}

/* Words that run together: dwdb has two names, dx2 one twice. */
static bool
split_source (struct derivation *derivation, const char *text, size_t size, size_t *i)
{
  for (size_t cut = 1; cut + 1 < size; cut++)
    if (text[cut] == 'd' && left_find_value (derivation->words, text, cut)
        && left_find_value (derivation->words, text + cut + 1, size - cut - 1))
      {
        size_t none = derivation->to;
        return left_add_source (derivation, left_find_value (derivation->words, text, cut), &none)
               && left_add_source (derivation, left_find_value (derivation->words, text + cut + 1, size - cut - 1), i);
      }
  if (size > 1 && text[size - 1] == '2' && derivation->order == 2
      && left_find_value (derivation->words, text, size - 1))
    {
      size_t none = derivation->to;
      const char *name = left_find_value (derivation->words, text, size - 1);
      return left_add_source (derivation, name, &none) && left_add_source (derivation, name, i);
    }
  return false;
}

/* One of an array, `w_1`: which is it? */
static bool
fail_source (struct derivation *derivation, const char *text)
{
  size_t stem = strcspn (text, "_");
  struct known known = vocabulary_find (derivation->words, text, stem);
  if (text[stem] && known.kind == KNOWN_VALUE && known.shape.rank)
    return left_fail (derivation->left, "'%s': %.*s[0] is the first element; which one is it?", text, (int)stem, text);
  return left_fail_unknown (derivation->left, derivation->words, text, strlen (text));
}

/* One differential of the denominator; the mark behind it, or i. */
static size_t
read_source (struct derivation *derivation, size_t i)
{
  const struct mark *mark = left_mark (derivation, i);
  const char *text = mark->text;
  size_t size = mark->size, start = i;
  if (is_differential (mark) && left_mark (derivation, i + 1)->kind == MARK_WORD)
    {
      i++;
      text = left_mark (derivation, i)->text;
      size = left_mark (derivation, i)->size;
    }
  else if (mark->kind == MARK_WORD && size > 1 && *text == 'd')
    {
      text++;
      size--;
    }
  else
    return start;
  char joined[NAME_SIZE];
  size_t taken = join_subscript (derivation, i, text, size < NAME_SIZE / 2 ? size : NAME_SIZE / 2, joined);
  const char *name = left_find_value (derivation->words, joined, strlen (joined));
  point (derivation->left, left_mark (derivation, i), text);
  i += taken;
  if (!name)
    return split_source (derivation, joined, strlen (joined), &i) || fail_source (derivation, joined) ? i : start;
  if (!left_add_source (derivation, name, &i))
    return start;
  int twice = 1;
  i += read_order (derivation, i, &twice);
  size_t none = derivation->to;
  if (twice == 2 && !left_add_source (derivation, name, &none))
    return start;
  return i;
}

/* All of a denominator, as many as there should be; in brackets a sign may stand between them. */
static size_t
read_sources (struct derivation *derivation, size_t i, bool wrapped)
{
  for (bool first = true; first || derivation->count < derivation->order; first = false)
    {
      const struct mark *mark = left_mark (derivation, i);
      bool times = !first && wrapped && (mark_is (mark, '*') || mark_is (mark, SIGN_DOT));
      size_t behind = read_source (derivation, i + times);
      if (behind == i + times)
        break;
      i = behind;
    }
  return i;
}

/* The shape that an answer about a source should have; a part of one is not looked at. */
static void
find_shape (struct derivation *derivation)
{
  struct left *left = derivation->left;
  struct known source = vocabulary_find (derivation->words, derivation->sources[0], strlen (derivation->sources[0]));
  struct known target = vocabulary_find (derivation->words, derivation->target, strlen (derivation->target));
  left->shaped
    = derivation->count == 1 && source.kind == KNOWN_VALUE && source.shaped && target.shaped && !target.shape.rank;
  left->shape = source.shape;
}

/* Writes the derivative in the language. */
bool
left_settle (struct derivation *derivation)
{
  struct left *left = derivation->left;
  const char *a = derivation->sources[0], *b = derivation->sources[1];
  if (derivation->count != derivation->order)
    return left_fail (left, "the orders above and below differ");
  if (!*derivation->target && derivation->words->target)
    snprintf (derivation->target, NAME_SIZE, "%s", derivation->words->target);
  if (!*derivation->target)
    return left_fail (left, "what is differentiated?");
  left->kind = LEFT_DERIVATIVE;
  left->target = heap_copy (left->memory, derivation->target, strcspn (derivation->target, "["), "the answers");
  if (derivation->count == 1)
    {
      left->text = heap_format (left->memory, "the answers", "d%s/d%s", derivation->target, a);
      left->source = heap_format (left->memory, "the answers", "%s", a);
    }
  else
    {
      bool twice = strcmp (a, b) == 0 && !strchr (a, '[');
      left->text
        = heap_format (left->memory, "the answers", twice ? "d2%s/d%s2" : "d2%s/d%sd%s", derivation->target, a, b);
      left->also
        = heap_format (left->memory, "the answers", twice ? "d2%s/d%sd%s" : "d2%s/d%s^2", derivation->target, a, b);
      left->source = heap_format (left->memory, "the answers", "%s,%s", a, b);
    }
  find_shape (derivation);
  return true;
}

/* The operand behind d/dw, with its arguments and in brackets or without: L, L(w), (L), [L]. */
size_t
left_read_operand (struct derivation *derivation, size_t i)
{
  const struct mark *mark = left_mark (derivation, i);
  bool wrapped = (mark_is (mark, '(') || mark_is (mark, '[')) && mark->match < derivation->to;
  size_t start = i, end = wrapped ? mark->match : derivation->to;
  char joined[NAME_SIZE];
  i += wrapped;
  mark = left_mark (derivation, i);
  if (mark->kind != MARK_WORD || mark->size >= NAME_SIZE / 2)
    return start;
  size_t taken = join_subscript (derivation, i, mark->text, mark->size, joined);
  const char *name = left_find_target (derivation->words, joined, strlen (joined));
  if (!name)
    {
      left_fail_unknown (derivation->left, derivation->words, joined, strlen (joined));
      return start;
    }
  i += taken;
  take (derivation, name, &i, derivation->target);
  if (mark_is (left_mark (derivation, i), '(') && left_mark (derivation, i)->match < end)
    i = left_mark (derivation, i)->match + 1;
  return !wrapped ? i : i == end ? end + 1 : start;
}

/* (dw), (dw db), (dw)^2: the mark behind it, or i. */
static size_t
read_wrapped (struct derivation *derivation, size_t i)
{
  size_t to = derivation->to, end = left_mark (derivation, i)->match;
  int twice = 1;
  derivation->to = end;
  size_t read = read_sources (derivation, i + 1, true);
  bool whole = read == end, more = derivation->count && left_mark (derivation, read)->kind == MARK_WORD;
  derivation->to = to;
  if (more)
    left_fail (derivation->left, "the orders above and below differ");
  size_t behind = end + 1 + read_order (derivation, end + 1, &twice);
  if (twice == 2 && whole && derivation->count == 1)
    snprintf (derivation->sources[derivation->count++], NAME_SIZE, "%s", derivation->sources[0]);
  return whole ? behind : i;
}

/* dL/dw, (dL)/(dw): the mark behind it, or `from`. */
static size_t
read_slashed (struct derivation *derivation, size_t from)
{
  size_t slash = from, to = derivation->to;
  while (slash < to && !mark_is (left_mark (derivation, slash), '/') && slash < from + 8)
    {
      const struct mark *mark = left_mark (derivation, slash);
      slash = (mark_is (mark, '[') || mark_is (mark, '(')) && mark->match < to ? mark->match + 1 : slash + 1;
    }
  const struct mark *first = left_mark (derivation, from), *next = left_mark (derivation, slash + 1);
  bool over = mark_is (first, '(') && first->match + 1 == slash, under = mark_is (next, '(') && next->match < to;
  const struct mark *below = left_mark (derivation, slash + 1 + under);
  if (!mark_is (left_mark (derivation, slash), '/')
      || !(is_differential (below) || (below->kind == MARK_WORD && below->size > 1 && *below->text == 'd'))
      || !read_numerator (derivation, from + over, slash - over))
    return from;
  size_t i = under ? read_wrapped (derivation, slash + 1) : read_sources (derivation, slash + 1, false);
  return i == slash + 1 ? from : i;
}

/* A fraction of differentials, of LaTeX or with a slash: the mark behind it, or `from`. */
static size_t
read_quotient (struct derivation *derivation, size_t from)
{
  size_t to = derivation->to;
  bool fraction = mark_is (left_mark (derivation, from), SIGN_FRACTION)
                  && mark_is (left_mark (derivation, from + 1), '{') && left_mark (derivation, from + 1)->match < to;
  if (!fraction)
    return read_slashed (derivation, from);
  size_t over = left_mark (derivation, from + 1)->match, under = over + 1;
  if (!read_numerator (derivation, from + 2, over) || !mark_is (left_mark (derivation, under), '{')
      || left_mark (derivation, under)->match >= to)
    return from;
  size_t end = left_mark (derivation, under)->match;
  derivation->to = end;
  size_t read = read_sources (derivation, under + 1, true);
  derivation->to = to;
  return read == end ? end + 1 : from;
}

/* The derivative that is differentiated once more, dL/du of d/dt (dL/du): the mark behind it, or i. */
static size_t
read_inner (struct derivation *derivation, size_t i)
{
  const struct mark *mark = left_mark (derivation, i);
  bool wrapped = (mark_is (mark, '(') || mark_is (mark, '[')) && mark->match < derivation->to;
  struct derivation inner = *derivation;
  inner.to = wrapped ? mark->match : derivation->to;
  inner.count = 0;
  size_t behind = derivation->count == 1 && derivation->order == 1 ? read_quotient (&inner, i + wrapped) : i;
  bool whole = behind > i + wrapped && behind == inner.to && *inner.target && inner.count == 1 && inner.order == 1;
  if (!whole)
    return i;
  memcpy (inner.sources[1], derivation->sources[0], NAME_SIZE);
  inner.count = inner.order = ORDER;
  inner.to = derivation->to;
  *derivation = inner;
  return behind + wrapped;
}

size_t
left_derivative (struct left *left, const struct vocabulary *words, const struct mark *marks, size_t from, size_t to)
{
  struct derivation derivation = { .left = left, .words = words, .marks = marks, .to = to };
  size_t i = read_quotient (&derivation, from), behind;
  if (i == from)
    return from;
  if (!*derivation.target && i < to)
    i = (behind = read_inner (&derivation, i)) > i ? behind : left_read_operand (&derivation, i);
  return left_settle (&derivation) ? i : from;
}

void
left_read (struct left *left, const struct vocabulary *words, const struct mark *marks, size_t to)
{
  size_t from = 0;
  while (from < to && mark_is (&marks[from], '(') && marks[from].match == to - 1)
    {
      from++;
      to--;
    }
  bool claim = from < to && (mark_says (&marks[from], "claim") || mark_says (&marks[from], "Claim"));
  from += claim;
  from += claim && from < to && mark_is (&marks[from], ':');
  if (from == to)
    {
      left_fail (left, "expected a derivative before the =, as in df/dx = 2*x");
      return;
    }
  if (mark_is (&marks[from], '-') || marks[from].kind == MARK_NUMBER)
    {
      left_fail (left, "a derivative stands alone on the left side, as in df/dx = 2*x");
      return;
    }
  if (*marks[from].text == '*')
    {
      left_fail (left, "stars of markdown are not read: leave them out");
      return;
    }
  size_t behind = left_derivative (left, words, marks, from, to);
  if (behind == to || left->failure)
    {
      if (left->failure)
        left->kind = LEFT_NOTHING;
      return;
    }
  if (behind > from)
    left_fail (left, "did not expect '%.*s' on the left side", (int)marks[behind].size, marks[behind].text);
  else if (to == from + 1 && marks[from].kind == MARK_WORD)
    left_name (left, words, &marks[from]);
  else if (left_primes (left, words, marks, from, to) || left->failure)
    ;
  else if (!left_nabla (left, words, marks, from, to))
    left_fail (left, "expected a derivative before the =, as in df/dx = 2*x");
  if (left->failure)
    left->kind = LEFT_NOTHING;
}

void
left_close (struct left *left)
{
  heap_give (left->text);
  heap_give (left->also);
  heap_give (left->target);
  heap_give (left->source);
  heap_give (left->failure);
}
