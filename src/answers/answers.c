/* answers.c -- a text of answers, line by line: which of them are the language as they stand, what the others are. */
#include "answers/answers.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "answers/quotient.h"
#include "answers/part.h"
#include "answers/picture.h"
#include "answers/printed.h"
#include "answers/right.h"
#include "answers/shared.h"
#include "base/heap.h"
#include "ops/ops.h"

static void
write_text (struct answers *answers, const char *text, size_t size)
{
  answers->text = heap_grow (answers->memory, answers->text, answers->used + size + 1, 1, "the answers");
  memcpy (answers->text + answers->used, text, size);
  answers->used += size;
  answers->text[answers->used] = 0;
}

static struct answer *
add (struct answers *answers, enum answer_kind kind, const char *base, struct part part)
{
  answers->list = heap_grow (answers->memory, answers->list, answers->count + 1, sizeof *answers->list, "the answers");
  struct answer *answer = &answers->list[answers->count++];
  *answer
    = (struct answer){ .kind = kind, .place = (size_t)(part.text - base), .size = part.size, .at = answers->used };
  return answer;
}

static char *
say (const struct answers *answers, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  char *text = heap_format_list (answers->memory, "the answers", format, arguments);
  va_end (arguments);
  return text;
}

/* The note of an answer that cannot be read. */
static void
refuse (struct answers *answers, const char *base, struct part whole, struct part where, const struct left *left,
        const char *fault)
{
  struct part shown = part_trim (whole);
  const char *end = shown.size ? memchr (shown.text, '\n', shown.size) : NULL;
  size_t size = end ? (size_t)(end - shown.text) : shown.size;
  struct answer *answer = add (answers, ANSWER_UNREADABLE, base, whole);
  if (where.size)
    {
      answer->place = (size_t)(where.text - base);
      answer->size = where.size;
    }
  answer->fault = say (answers, "%s", fault);
  answer->left = left->text ? say (answers, "%s", left->text)
                            : say (answers, "%.*s%s", (int)(size > 60 ? 57 : size), shown.text, size > 60 ? "..." : "");
  if (left->text && left->kind == LEFT_DERIVATIVE)
    {
      answer->target = say (answers, "%s", left->target);
      answer->source = say (answers, "%s", left->source);
    }
}

/* One claim in the language. */
static void
state (struct answers *answers, const char *base, struct part whole, const struct left *left, const char *right,
       bool again, bool plain)
{
  struct answer *answer = add (answers, ANSWER_READ, base, whole);
  answer->again = again;
  answer->read = say (answers, "%s = %s", left->text, right);
  /* Below its left side a formula is none in the language. */
  bool same = plain || (!again && part_is_same (whole, answer->read) && !memchr (whole.text, '\n', whole.size));
  answer->left = same ? NULL : say (answers, "%s", left->text);
  if (same)
    {
      struct part text = part_trim (whole);
      write_text (answers, text.text, text.size);
    }
  else
    write_text (answers, answer->read, strlen (answer->read));
  write_text (answers, ";", 1);
}

/* `dw = ...` gives a name to something, where a derivative may be meant. */
static void
note_name (struct answers *answers, const char *base, struct part part, const struct left *left)
{
  const struct vocabulary *words = answers->words;
  bool named = left->kind == LEFT_NAME && words->target, grad = named && strncmp (left->text, "grad_", 5) == 0;
  if (!grad && !(named && *left->text == 'd'))
    return;
  const char *rest = left->text + (grad ? 5 : 1);
  const char *source = left_find_value (words, rest, strlen (rest));
  if (!source && !left_find_target (words, rest, strlen (rest)))
    return;
  /* Of dL it is not told in what. */
  if (!source || strcmp (source, words->target) == 0)
    source = words->input ? words->input : "...";
  add (answers, ANSWER_NOTE, base, part)->fault = say (
    answers, "%s is a name of your own; a derivative is stated as d%s/d%s = ...", left->text, words->target, source);
}

/* Whether a right side is an array that is printed slice by slice. */
static bool
begins_with_slice (struct part right)
{
  struct part rest = part_trim (right), line = part_line (rest.text, rest.size, 0);
  return part_slice (line.text, line.size) > 0;
}

/* All right sides of an answer. */
static void
read_sides (struct answers *answers, const char *base, struct part whole, const struct left *left, struct part right)
{
  bool again = false;
  size_t size = 0, from = 0;
  for (;;)
    {
      struct part rest = { right.text + from, right.size - from };
      /* Of what TensorFlow and CasADi print the signs are its own. */
      bool object = (rest.size && *part_trim (rest).text == '<') || shared_is (rest) || begins_with_slice (rest);
      const char *sign = object ? NULL : part_sign (rest, 0, &size, false);
      if (sign && size == 2 && *sign == '=')
        sign = NULL; /* == compares */
      struct part side = part_trim ((struct part){ rest.text, sign ? (size_t)(sign - rest.text) : rest.size });
      char *text = NULL, *fault = NULL;
      struct known known;
      struct part where = side;
      bool good = right_read (answers, side, left, &text, &known, &fault, &where);
      char *claim = good ? say (answers, "%s = %s", left->text, text) : NULL;
      if (good && !answers->is_claim (answers->data, claim, strlen (claim)))
        {
          good = false;
          fault = say (answers, "read as %s, which is no formula", claim);
        }
      heap_give (claim);
      if (good)
        {
          note_name (answers, base, whole, left);
          state (answers, base, whole, left, text, again, false);
          if (left->kind == LEFT_NAME)
            vocabulary_add (answers->words, left->text, strlen (left->text), known);
        }
      else
        refuse (answers, base, whole, where, left, fault);
      answers->list[answers->count - 1].again = again;
      heap_give (text);
      heap_give (fault);
      again = true;
      if (!sign)
        return;
      from = (size_t)(sign - right.text) + size;
    }
}

/* Whether the words of a left side, up to the variable of a derivative, are names and functions. */
static bool
knows_words (const struct answers *answers, const struct marks *marks)
{
  bool derives = false;
  for (size_t i = 0; i < marks->count; i++)
    {
      const struct mark *mark = &marks->list[i];
      char name[64];
      snprintf (name, sizeof name, "%.*s", (int)(mark->size < sizeof name ? mark->size : 0), mark->text);
      if (mark_is (mark, SIGN_PRIME))
        return false;
      if (mark_is (mark, '/') && i + 1 < marks->count && *mark[1].text == 'd')
        return true;
      /* Of d(a + b)/dw, not of d/dw. */
      bool differential = i == 0 && (strcmp (name, "d") == 0 || strcmp (name, "d2") == 0) && !mark_is (mark + 1, '/');
      if (mark->kind == MARK_WORD && !differential && op_find (name, false) == OPS
          && !vocabulary_knows (answers->words, mark->text, mark->size))
        return false;
      derives |= differential;
    }
  return !derives;
}

/* An answer that the language reads as it stands. */
static bool
read_plain (struct answers *answers, const char *base, struct part part, struct part left_side, struct part right)
{
  if (printed_is (right.text, right.size) || !answers->is_plain (answers->data, part.text, part.size)
      || right_has_products (answers, right))
    return false;
  struct marks marks = marks_scan (answers->memory, answers->words, left_side.text, left_side.size);
  struct left left = { .memory = answers->memory };
  if (!marks.failure)
    left_read (&left, answers->words, marks.list, marks.count - 1);
  if (left.kind == LEFT_NAME)
    {
      /* It may be a derivative of the target, which is known by now. */
      answers->prepare (answers->data);
      left_close (&left);
      left = (struct left){ .memory = answers->memory };
      left_read (&left, answers->words, marks.list, marks.count - 1);
    }
  /* Sides with an expression before the = are the language's alone. */
  bool expression = marks.failure || left.kind == LEFT_NOTHING;
  bool good = expression ? !marks.failure && marks.count > 2 && knows_words (answers, &marks)
                         : part_is_same (left_side, left.text) || (left.also && part_is_same (left_side, left.also))
                             || left.kind == LEFT_NAME;
  marks_close (&marks);
  if (good)
    {
      char *text = say (answers, "%.*s", (int)right.size, right.text);
      if (expression)
        left.text = say (answers, "%.*s", (int)left_side.size, left_side.text);
      if (left.kind == LEFT_NAME)
        {
          char *read = NULL, *fault = NULL;
          struct known known = { .kind = KNOWN_VALUE, .answered = true };
          struct part where;
          right_read (answers, right, &left, &read, &known, &fault, &where);
          known.kind = KNOWN_VALUE;
          known.answered = true;
          vocabulary_add (answers->words, left.text, strlen (left.text), known);
          heap_give (read);
          heap_give (fault);
        }
      note_name (answers, base, part, &left);
      state (answers, base, part, &left, text, false, true);
      heap_give (text);
    }
  left_close (&left);
  return good;
}

static void
pass_over (struct answers *answers, const char *base, struct part part)
{
  answers->prepare (answers->data);
  struct marks marks = marks_scan (answers->memory, answers->words, part.text, part.size);
  struct left left = { .memory = answers->memory };
  size_t end = marks.count ? marks.count - 1 : 0;
  bool begins = !marks.failure && end && left_derivative (&left, answers->words, marks.list, 0, end) > 0;
  if (begins)
    refuse (answers, base, part, part, &left, "expected = behind the derivative, as in dy/dx = 2*x");
  else if (!answers->prose)
    refuse (answers, base, part, part, &(struct left){ .text = NULL },
            "expected a derivative and =, as in df/dx = 2*x");
  else
    add (answers, ANSWER_NOTE, base, part)->fault = say (answers, "this line has no =, and is passed over");
  left_close (&left);
  marks_close (&marks);
}

/* One answer: from the first mark of it to the last. */
static void
read_answer (struct answers *answers, const char *base, struct part part)
{
  part = part_trim (part);
  bool foreign = part.size && (*part.text == '%' || (part.size > 1 && memcmp (part.text, "//", 2) == 0));
  answers->dropped |= foreign;
  if (!part.size || *part.text == '#' || foreign)
    return;
  size_t size, skipped = part_enumerator (part);
  struct part bare = part_trim ((struct part){ part.text + skipped, part.size - skipped });
  const char *sign = part_sign (bare, 0, &size, true);
  if (!sign)
    {
      pass_over (answers, base, part);
      return;
    }
  struct part left_side = part_trim ((struct part){ bare.text, (size_t)(sign - bare.text) });
  struct part right = part_trim ((struct part){ sign + size, bare.size - size - (size_t)(sign - bare.text) });
  if (*sign == '=' && size == 1 && !skipped && read_plain (answers, base, part, left_side, right))
    return;
  answers->prepare (answers->data);
  struct marks marks = marks_scan (answers->memory, answers->words, left_side.text, left_side.size);
  struct left left = { .memory = answers->memory };
  if (marks.failure)
    left.failure = say (answers, "%s", marks.failure);
  else
    left_read (&left, answers->words, marks.list, marks.count - 1);
  bool prose = answers->prose && *sign == ':' && size == 1
               && (left.kind == LEFT_NOTHING
                     ? marks.failure || marks.count < 2 || marks.list[0].kind != MARK_WORD || *marks.list[0].text != 'd'
                     : left.kind == LEFT_NAME);
  if (prose)
    add (answers, ANSWER_NOTE, base, part)->fault = say (answers, "this line has no =, and is passed over");
  else if (left.kind == LEFT_NOTHING)
    {
      left.text = left.text ? left.text : say (answers, "%.*s", (int)left_side.size, left_side.text);
      refuse (answers, base, part, left.size ? (struct part){ left_side.text + left.place, left.size } : left_side,
              &left, left.failure ? left.failure : "the left side cannot be read");
    }
  else if (!right.size)
    refuse (answers, base, part, (struct part){ sign, size }, &left, "expected a number, a name or '(' behind this");
  else
    read_sides (answers, base, part, &left, right);
  left_close (&left);
  marks_close (&marks);
}

/* A formula that is drawn over several lines. */
static void
refuse_picture (struct answers *answers, const char *base, struct part whole, struct part line)
{
  size_t size;
  const char *sign = part_sign (line, 0, &size, true);
  struct part left_side = part_trim ((struct part){ line.text, (size_t)(sign - line.text) });
  size_t skipped = part_enumerator (left_side);
  answers->prepare (answers->data);
  struct marks marks
    = marks_scan (answers->memory, answers->words, left_side.text + skipped, left_side.size - skipped);
  struct left left = { .memory = answers->memory };
  if (!marks.failure)
    left_read (&left, answers->words, marks.list, marks.count - 1);
  refuse (answers, base, whole, part_trim (line), &left,
          "a formula drawn over several lines: it has to stand in one, which Maxima prints after display2d: false");
  left_close (&left);
  marks_close (&marks);
}

/* Answers of one line part at semicolons outside of brackets. */
static void
read_parts (struct answers *answers, const char *base, struct part part)
{
  int depth = 0;
  size_t from = 0;
  for (size_t i = 0; i <= part.size; i++)
    {
      char c = i < part.size ? part.text[i] : ';';
      depth += i < part.size ? part_opens (part, i) : 0;
      if (c == '#' && i < part.size)
        {
          while (i + 1 < part.size && part.text[i + 1] != '\n')
            i++;
          continue;
        }
      if (i == part.size || (c == ';' && depth <= 0))
        {
          read_answer (answers, base, (struct part){ part.text + from, i - from });
          from = i + 1;
        }
    }
}

/* A line with those behind it that go on with its answers. */
static struct part
whole_of (struct part part, const char *end)
{
  int depth = part_brackets (part, 0);
  enum printed_state state = printed_begins (part.text, part.size);
  struct part last = part;
  while (part.text + part.size + 1 < end)
    {
      struct part line = part_line (part.text, (size_t)(end - part.text), part.size + 1);
      bool goes_on = depth > 0
                       ? !part_begins (line)
                       : printed_goes_on (&state, line.text, line.size) || part_joins (last, line);
      if (!goes_on)
        break;
      depth = part_brackets (line, depth);
      part.size = (size_t)(line.text + line.size - part.text);
      last = line;
    }
  return part;
}

void
answers_read (struct answers *answers, const char *original, size_t size)
{
  /* Behind the last byte of a file there may be nothing. */
  char *text = heap_copy (answers->memory, original, size, "the answers");
  for (size_t at = 0; at < size;)
    {
      struct part part = part_line (text, size, at), line;
      size_t before = answers->used, drawn = picture_find (text, size, at, &line);
      if (drawn)
        {
          part.size = drawn;
          refuse_picture (answers, text, part, line);
        }
      else
        {
          part = whole_of (part, text + size);
          read_parts (answers, text, part);
        }
      at += part.size + 1;
      /* Each answer keeps its line. */
      ptrdiff_t lines = 1;
      for (size_t i = 0; i < part.size; i++)
        lines += part.text[i] == '\n';
      for (size_t i = before; i < answers->used; i++)
        lines -= answers->text[i] == '\n';
      while (lines-- > 0)
        write_text (answers, "\n", 1);
    }
  heap_give (text);
}

void
answers_close (struct answers *answers)
{
  for (size_t i = 0; i < answers->count; i++)
    {
      heap_give (answers->list[i].read);
      heap_give (answers->list[i].fault);
      heap_give (answers->list[i].left);
      heap_give (answers->list[i].target);
      heap_give (answers->list[i].source);
    }
  heap_give (answers->list);
  heap_give (answers->text);
  answers->list = NULL;
  answers->text = NULL;
  answers->count = 0;
}
