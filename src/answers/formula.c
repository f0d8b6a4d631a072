/* formula.c -- a formula as people write it, read into the language: operands, operations, and what they join to. */
#include "answers/formula.h"

#include <limits.h>
#include <stdarg.h>
#include <string.h>

#include "base/heap.h"

void
formula_refuse (struct formula *formula, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  if (!formula->failure)
    formula->failure = heap_format_list (formula->memory, "the answers", format, arguments);
  va_end (arguments);
}

void
formula_write (struct formula *formula, const char *text, size_t size)
{
  formula->text = heap_grow (formula->memory, formula->text, formula->used + size + 1, 1, "the answers");
  memcpy (formula->text + formula->used, text, size);
  formula->used += size;
  formula->text[formula->used] = 0;
}

void
formula_say (struct formula *formula, const char *text)
{
  formula_write (formula, text, strlen (text));
}

void
formula_insert (struct formula *formula, size_t place, const char *text)
{
  size_t size = strlen (text), behind = formula->used - place;
  formula_write (formula, text, size);
  memmove (formula->text + place + size, formula->text + place, behind);
  memcpy (formula->text + place, text, size);
}

struct piece *
formula_piece (struct formula *formula, struct piece piece)
{
  formula->pieces
    = heap_grow (formula->memory, formula->pieces, formula->piece_count + 1, sizeof *formula->pieces, "the answers");
  formula->pieces[formula->piece_count] = piece;
  formula->wants = false;
  return &formula->pieces[formula->piece_count++];
}

struct piece *
formula_top (const struct formula *formula)
{
  return &formula->pieces[formula->piece_count - 1];
}

struct frame *
formula_frame (const struct formula *formula)
{
  return &formula->frames[formula->frame_count - 1];
}

struct frame *
formula_enter (struct formula *formula, enum frame_kind kind)
{
  formula->frames
    = heap_grow (formula->memory, formula->frames, formula->frame_count + 1, sizeof *formula->frames, "the answers");
  struct frame *frame = &formula->frames[formula->frame_count++];
  *frame = (struct frame){ .kind = kind,
                           .pieces = formula->piece_count,
                           .operations = formula->operation_count,
                           .start = formula->used,
                           .open = formula->at,
                           .until = SIZE_MAX,
                           .op = OPS,
                           .axis = LONG_MIN };
  formula->wants = true;
  return frame;
}

const struct mark *
formula_mark (const struct formula *formula, size_t ahead)
{
  static const struct mark end = { .kind = MARK_END, .text = "", .blank = true };
  size_t at = formula->at + ahead;
  return at < formula->end ? &formula->marks[at] : &end;
}

/* Two vectors beside each other, or a dot or cross between arrays: which product is meant; 0 where two may be. */
static int
product_meant (struct formula *formula, int sign, size_t place, const struct piece *left, const struct piece *right)
{
  struct shape joined;
  if ((left->shaped && !left->shape.rank) || (right->shaped && !right->shape.rank))
    return '*';
  if (!left->shaped || !right->shaped)
    {
      formula_refuse (formula, "which product is meant? the shapes are not known here");
      return '*';
    }
  if (sign == SIGN_TENSOR && left->shape.rank == 1 && right->shape.rank == 1)
    return 'o';
  if (sign == SIGN_TENSOR)
    {
      formula_refuse (formula, "which product of arrays is meant? write kron(A, B) or outer(a, b)");
      return '*';
    }
  bool fits = formula_product (&left->shape, &right->shape, &joined);
  bool spreads = shape_broadcast (&joined, &left->shape, &right->shape);
  if (left->turned || (sign == 'b' && (left->shape.rank > 1 || right->shape.rank > 1)))
    return '@';
  if (right->turned && left->shape.rank == 1)
    return 'o';
  if (fits != spreads)
    return fits ? '@' : '*';
  if (!fits)
    return '@';
  formula_refuse (formula, "%.*s*%s, or %.*s @ %s?", (int)(place - left->start), formula->text + left->start,
                  formula->text + right->start, (int)(place - left->start), formula->text + left->start,
                  formula->text + right->start);
  return '*';
}

/* Writes which product it is where its sign was left open. */
static void
settle_product (struct formula *formula, struct operation *operation, const struct piece *left,
                const struct piece *right)
{
  int meant = product_meant (formula, operation->sign, operation->place, left, right);
  operation->sign = meant;
  if (meant == '*')
    return;
  formula->text[operation->place] = meant == 'o' ? ',' : '@';
  formula_insert (formula, operation->place + 1, " ");
  if (meant == '@')
    formula_insert (formula, operation->place, " ");
  else
    {
      /* outer(a, b): the transpose has done its work. */
      if (formula->text[formula->used - 1] == '\'')
        formula->used--;
      formula_say (formula, ")");
      formula_insert (formula, left->start, "outer(");
    }
}

static bool
product_shape (int sign, const struct piece *left, const struct piece *right, struct shape *shape)
{
  if (sign == '@')
    return formula_product (&left->shape, &right->shape, shape);
  if (sign != 'o')
    return shape_broadcast (shape, &left->shape, &right->shape);
  *shape = (struct shape){ .rank = 2, .extent = { left->shape.extent[0], right->shape.extent[0] } };
  return true;
}

/* Does the last operation that waits. */
static void
reduce (struct formula *formula)
{
  struct operation operation = formula->operations[--formula->operation_count];
  struct piece *right = formula_top (formula);
  if (operation.prefix)
    {
      right->start = operation.place;
      right->literal = right->name = right->turned = false;
      return;
    }
  struct piece *left = right - 1;
  if (operation.sign == 'b' || operation.sign == SIGN_DOT || operation.sign == SIGN_CROSS
      || operation.sign == SIGN_TENSOR)
    settle_product (formula, &operation, left, right);
  struct piece whole = { .start = left->start };
  whole.shaped = left->shaped && right->shaped && product_shape (operation.sign, left, right, &whole.shape);
  whole.turned = left->turned && right->shaped && !right->shape.rank;
  formula->piece_count--;
  *formula_top (formula) = whole;
}

bool
formula_join (struct formula *formula)
{
  const struct frame *frame = formula_frame (formula);
  if (formula->wants)
    return false;
  while (formula->operation_count > frame->operations)
    reduce (formula);
  return true;
}

/* Refuses what is beside the right operand of a division or a power, with both readings. */
static void
refuse_reach (struct formula *formula, bool is_last)
{
  const struct mark *mark = formula_mark (formula, 0);
  const struct piece *right = formula_top (formula), *left = right - 1;
  const char *next = mark_is (mark, '(') ? "( ... )" : NULL;
  int size = next ? (int)strlen (next) : (int)mark->size;
  if (is_last)
    formula_refuse (formula, "%s*%.*s, or %.*s(%s*%.*s)?", formula->text + left->start, size, next ? next : mark->text,
                    (int)(right->start - left->start), formula->text + left->start, formula->text + right->start, size,
                    next ? next : mark->text);
  else
    formula_refuse (formula, "how far does this go? write a/b*c or a/(b*c), a*b^2 or a^(2*b)");
}

/* Whether something stands beside the last piece where it is not clear how far a division or an exponent reaches. */
static bool
is_within_reach (struct formula *formula, bool blank)
{
  const struct frame *frame = formula_frame (formula);
  for (size_t i = formula->operation_count; i > frame->operations; i--)
    {
      const struct operation *operation = &formula->operations[i - 1];
      if (operation->strength == STRENGTH_POWER && !operation->grouped && !blank)
        {
          refuse_reach (formula, i == formula->operation_count);
          return true;
        }
      if (operation->strength == STRENGTH_PRODUCT && operation->sign == '/')
        {
          refuse_reach (formula, i == formula->operation_count);
          return true;
        }
      if (operation->strength <= STRENGTH_PRODUCT)
        return false;
    }
  return false;
}

void
formula_operate (struct formula *formula, struct operation operation)
{
  const struct frame *frame = formula_frame (formula);
  while (!operation.prefix && formula->operation_count > frame->operations)
    {
      enum strength before = formula->operations[formula->operation_count - 1].strength;
      if (before < operation.strength || (before == operation.strength && operation.strength == STRENGTH_POWER))
        break;
      reduce (formula);
    }
  formula->operations = heap_grow (formula->memory, formula->operations, formula->operation_count + 1,
                                   sizeof *formula->operations, "the answers");
  formula->operations[formula->operation_count++] = operation;
  formula->wants = true;
}

void
formula_beside (struct formula *formula, bool blank)
{
  const struct mark *mark = formula_mark (formula, 0);
  if (mark->kind == MARK_NUMBER)
    {
      formula_refuse (formula, "expected an operator before '%.*s'", (int)mark->size, mark->text);
      return;
    }
  if (is_within_reach (formula, blank))
    return;
  struct operation beside = { STRENGTH_PRODUCT, 'b', .place = 0 };
  formula_operate (formula, beside);
  formula->operations[formula->operation_count - 1].place = formula->used;
  formula_say (formula, "*");
}

/* Whether a fraction is a derivative. */
static bool
is_derivative (const struct formula *formula)
{
  const struct mark *inner = formula_mark (formula, 2);
  return mark_is (inner, SIGN_PARTIAL)
         || (inner->kind == MARK_WORD && *inner->text == 'd'
             && !vocabulary_knows (formula->words, inner->text, inner->size));
}

static void
read_number (struct formula *formula, const struct mark *mark)
{
  formula_piece (formula, (struct piece){ .start = formula->used, .shaped = true, .literal = true });
  formula_write (formula, mark->text, mark->size);
  formula->at++;
}

/* Python's float('-inf'). */
static void
read_quoted (struct formula *formula, const struct mark *mark)
{
  struct mark word = *mark;
  bool minus = mark->size && *mark->text == '-';
  word.kind = MARK_WORD;
  word.text += minus;
  word.size -= minus;
  if (minus)
    {
      formula_operate (formula, (struct operation){ STRENGTH_SIGN, '-', .prefix = true, .place = formula->used });
      formula_say (formula, "-");
    }
  if (!formula_says (&word, "nan NaN inf Inf Infinity") || !formula_constant (formula, &word))
    formula_refuse (formula, "'%.*s' in quotes is no number", (int)mark->size, mark->text);
}

static void
read_operand (struct formula *formula)
{
  const struct mark *mark = formula_mark (formula, 0);
  if (mark->kind == MARK_NUMBER)
    read_number (formula, mark);
  else if (mark->kind == MARK_WORD || mark_is (mark, SIGN_PARTIAL)
           || (mark_is (mark, SIGN_FRACTION) && is_derivative (formula)))
    formula_word (formula);
  else if (mark_is (mark, SIGN_ROOT))
    formula_function (formula, OP_sqrt, "sqrt", false, 0);
  else if (mark_is (mark, '%')
           && (mark_says (formula_mark (formula, 1), "e") || mark_says (formula_mark (formula, 1), "pi")))
    formula->at++; /* Maxima's constants */
  else if (mark_is (mark, '-') || mark_is (mark, '+') || mark_is (mark, '!'))
    {
      bool sign = !mark_is (mark, '!');
      /* Several in a row would be the bar of a fraction. */
      if (formula->used && formula->text[formula->used - 1] == '-' && mark_is (mark, '-'))
        formula_say (formula, " ");
      formula_operate (formula, (struct operation){ sign ? STRENGTH_SIGN : STRENGTH_NOT, mark->sign, .prefix = true,
                                                    .place = formula->used });
      formula_write (formula, &"-+!"[sign ? mark->sign == '+' : 2], 1);
      formula->at++;
    }
  else if (mark_is (mark, '|') || mark_is (mark, SIGN_NORM) || mark_is (mark, SIGN_EITHER))
    formula_bar (formula);
  else if (mark_is (mark, '(') || mark_is (mark, '[') || mark_is (mark, '{') || mark_is (mark, SIGN_FRACTION)
           || mark_is (mark, SIGN_MATRIX))
    formula_open (formula);
  else if (mark_is (mark, ',') && formula_frame (formula)->kind == FRAME_INDEX)
    formula_separate (formula);
  else if (mark->kind == MARK_SIGN
           && (strchr (")]},;:", mark->sign < 128 ? mark->sign : 'x') || mark->sign == SIGN_MATRIX_END))
    formula_close_bracket (formula);
  else if (mark->kind == MARK_TEXT && formula_frame (formula)->kind == FRAME_WRAP)
    read_quoted (formula, mark);
  else if (mark->kind == MARK_TEXT)
    {
      formula_piece (formula, (struct piece){ .start = formula->used });
      formula_say (formula, "\"");
      formula_write (formula, mark->text, mark->size);
      formula_say (formula, "\"");
      formula->at++;
    }
  else if (mark_is (mark, SIGN_ELLIPSIS))
    formula_refuse (formula, "an ellipsis stands for what nobody knows");
  else
    formula_refuse (formula, "expected a number, a name or '(', found '%.*s'", (int)mark->size, mark->text);
}

bool
formula_read (struct formula *formula)
{
  formula_enter (formula, FRAME_ALL);
  while (!formula->failure)
    {
      const struct frame *frame = formula_frame (formula);
      if (frame->kind == FRAME_BARE && !formula->wants && formula->at >= frame->until)
        formula_leave (formula);
      else if (formula->at >= formula->end)
        break;
      else if (formula->wants)
        read_operand (formula);
      else
        formula_operator (formula);
    }
  if (formula->failure)
    return false;
  const struct frame *frame = formula_frame (formula);
  if (frame->kind != FRAME_ALL)
    {
      const struct mark *open = &formula->marks[frame->open < formula->end ? frame->open : formula->end - 1];
      formula_refuse (formula, "'%.*s' is not closed", (int)open->size, open->text);
    }
  else if (!formula_join (formula))
    formula_refuse (formula,
                    formula->piece_count ? "expected a number, a name or '(' at the end" : "nothing is stated");
  return !formula->failure;
}

void
formula_close (struct formula *formula)
{
  heap_give (formula->text);
  heap_give (formula->pieces);
  heap_give (formula->operations);
  heap_give (formula->frames);
  heap_give (formula->failure);
}
