/* left_word.c -- derivatives without a fraction: primes, nabla, words that run together. */
#include "answers/quotient.h"

#include <stdio.h>
#include <string.h>

#include "base/heap.h"

/* f', f'(x), f''. */
bool
left_primes (struct left *left, const struct vocabulary *words, const struct mark *marks, size_t from, size_t to)
{
  struct derivation derivation = { .left = left, .words = words, .marks = marks, .to = to };
  size_t i = from + 1;
  while (mark_is (left_mark (&derivation, i), SIGN_PRIME))
    i++;
  derivation.order = (int)(i - from - 1);
  if (left_mark (&derivation, from)->kind != MARK_WORD || !derivation.order)
    return false;
  const char *name = left_find_target (words, marks[from].text, marks[from].size);
  if (!name)
    return left_fail_unknown (left, words, marks[from].text, marks[from].size);
  struct known known = vocabulary_find (words, name, strlen (name));
  if (!words->input)
    return left_fail (left, "in which input? write d%s/dx", name);
  struct known input = vocabulary_find (words, words->input, strlen (words->input));
  if ((known.shaped && known.shape.rank) || (input.shaped && input.shape.rank))
    return left_fail (left, "a prime of an array: its transpose, or its derivative? write d%s/d%s", name, words->input);
  if (derivation.order > ORDER)
    return left_fail (left, "derivatives of an order above 2 are not checked");
  if (mark_is (left_mark (&derivation, i), '('))
    {
      const char *inner = left_find_value (words, marks[i + 1].text, marks[i + 1].size);
      if (!inner || strcmp (inner, words->input) != 0 || marks[i].match != i + 2)
        return left_fail (left, "a derivative at another point than the program's is not checked");
      i += 3;
    }
  snprintf (derivation.target, NAME_SIZE, "%s", name);
  for (int k = 0; k < derivation.order; k++)
    snprintf (derivation.sources[derivation.count++], NAME_SIZE, "%s", words->input);
  return i == to && left_settle (&derivation);
}

/* grad(L, w), diff(L, w): what libraries call with both. */
static bool
read_called (struct derivation *derivation, size_t from)
{
  const struct mark *open = left_mark (derivation, from + 1), *target = left_mark (derivation, from + 2),
                    *source = left_mark (derivation, from + 4);
  if (!mark_is (open, '(') || open->match != from + 5 || open->match + 1 != derivation->to
      || target->kind != MARK_WORD || source->kind != MARK_WORD || !mark_is (left_mark (derivation, from + 3), ','))
    return false;
  const char *name = left_find_target (derivation->words, target->text, target->size),
             *input = left_find_value (derivation->words, source->text, source->size);
  size_t none = derivation->to;
  if (!name || !input)
    return left_fail_unknown (derivation->left, derivation->words, (name ? source : target)->text,
                              (name ? source : target)->size);
  snprintf (derivation->target, NAME_SIZE, "%s", name);
  return left_add_source (derivation, input, &none) && left_settle (derivation);
}

/* ∇_w L, ∇L, ∂_w L, grad_w L, gradient w. */
bool
left_nabla (struct left *left, const struct vocabulary *words, const struct mark *marks, size_t from, size_t to)
{
  struct derivation derivation = { .left = left, .words = words, .marks = marks, .to = to, .order = 1 };
  const struct mark *mark = left_mark (&derivation, from);
  bool nabla = mark_is (mark, SIGN_NABLA)
               || (mark_is (mark, SIGN_PARTIAL) && left_mark (&derivation, from + 1)->text[0] == '_'),
       grad = mark->kind == MARK_WORD && mark->size >= 5 && memcmp (mark->text, "grad_", 5) == 0;
  bool word = mark_says (mark, "gradient") || mark_says (mark, "grad") || mark_says (mark, "Gradient");
  if ((word || mark_says (mark, "diff")) && (read_called (&derivation, from) || left->failure))
    return !left->failure;
  size_t i = from + 1;
  const char *text = NULL;
  size_t size = 0;
  if (!nabla && !grad && !word)
    return false;
  if (grad && mark->size > 5)
    {
      text = mark->text + 5;
      size = mark->size - 5;
    }
  else if (left_mark (&derivation, i)->kind == MARK_WORD && left_mark (&derivation, i)->text[0] == '_'
           && left_mark (&derivation, i)->size > 1)
    {
      text = left_mark (&derivation, i)->text + 1;
      size = left_mark (&derivation, i++)->size - 1;
    }
  else if (mark_says (left_mark (&derivation, i), "_") || mark_is (left_mark (&derivation, i), '{') || grad)
    {
      i += mark_says (left_mark (&derivation, i), "_");
      bool braces = mark_is (left_mark (&derivation, i), '{');
      i += braces;
      text = left_mark (&derivation, i)->text;
      size = left_mark (&derivation, i)->size;
      i += 1 + braces;
    }
  else if (word && left_mark (&derivation, i)->kind == MARK_WORD)
    {
      i += mark_says (left_mark (&derivation, i), "of");
      text = left_mark (&derivation, i)->text;
      size = left_mark (&derivation, i++)->size;
    }
  const char *source = text ? left_find_value (words, text, size) : words->input;
  if (!source)
    return text ? left_fail_unknown (left, words, text, size) : left_fail (left, "in which variable?");
  if (i < to && left_mark (&derivation, i)->kind == MARK_WORD)
    i = left_read_operand (&derivation, i);
  size_t none = to;
  return i == to && left_add_source (&derivation, source, &none) && left_settle (&derivation);
}

/* dL_dw, dLdw, L_w, where the word splits in one way only. */
static bool
read_word (struct left *left, const struct vocabulary *words, const struct mark *mark)
{
  struct derivation found = { .left = left, .words = words, .order = 1 };
  int ways = 0;
  const char *text = mark->text;
  bool differential = *text == 'd';
  for (size_t cut = 1; cut + 1 < mark->size; cut++)
    for (int form = 0; form < 3; form++)
      {
        /* L_w, dLdw, dL_dw */
        size_t skip = form == 2 ? 2 : 1, start = form > 0;
        bool cuts = form == 0 ? text[cut] == '_' : form == 1 ? text[cut] == 'd' : memcmp (text + cut, "_d", 2) == 0;
        if (!cuts || (form && !differential) || cut <= start || cut + skip >= mark->size)
          continue;
        const char *target = left_find_target (words, text + start, cut - start);
        const char *source = left_find_value (words, text + cut + skip, mark->size - cut - skip);
        if (!target || !source)
          continue;
        ways++;
        snprintf (found.target, NAME_SIZE, "%s", target);
        snprintf (found.sources[0], NAME_SIZE, "%s", source);
      }
  found.count = 1;
  if (ways > 1)
    return left_fail (left, "'%.*s' splits in more than one way; write dy/dx", (int)mark->size, text);
  return ways == 1 && left_settle (&found);
}

/* A name, or a word that is none yet. */
void
left_name (struct left *left, const struct vocabulary *words, const struct mark *mark)
{
  const char *name = left_find_value (words, mark->text, mark->size);
  if (!name && read_word (left, words, mark))
    return;
  if (left->failure)
    return;
  struct known known = name ? vocabulary_find (words, name, strlen (name)) : (struct known){ .kind = KNOWN_NOT };
  left->kind = name ? LEFT_VALUE : LEFT_NAME;
  left->text = name ? heap_format (left->memory, "the answers", "%s", name)
                    : heap_copy (left->memory, mark->text, mark->size, "the answers");
  left->target = heap_format (left->memory, "the answers", "%s", left->text);
  left->shaped = known.shaped;
  left->shape = known.shape;
}
