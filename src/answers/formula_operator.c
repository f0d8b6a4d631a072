/* formula_operator.c -- what stands behind an operand: signs, powers, transposes, comments. */
#include "answers/formula.h"

#include <string.h>

/* The signs between two operands. */
static const struct
{
  int sign;
  enum strength strength;
  int meant;
  const char *text;
} between[] = { { '+', STRENGTH_SUM, '+', " + " },
                { '-', STRENGTH_SUM, '-', " - " },
                { '*', STRENGTH_PRODUCT, '*', "*" },
                { '/', STRENGTH_PRODUCT, '/', "/" },
                { '%', STRENGTH_PRODUCT, '%', " % " },
                { '@', STRENGTH_PRODUCT, '@', " @ " },
                { SIGN_TIMES_EACH, STRENGTH_PRODUCT, '*', "*" },
                { SIGN_OVER_EACH, STRENGTH_PRODUCT, '/', "/" },
                { SIGN_POWER_EACH, STRENGTH_POWER, '^', "^" },
                { '<', STRENGTH_COMPARISON, '<', " < " },
                { '>', STRENGTH_COMPARISON, '>', " > " },
                { SIGN_AT_MOST, STRENGTH_COMPARISON, '<', " <= " },
                { SIGN_AT_LEAST, STRENGTH_COMPARISON, '>', " >= " },
                { SIGN_EQUALS, STRENGTH_COMPARISON, '<', " == " },
                { SIGN_DIFFERS, STRENGTH_COMPARISON, '>', " != " },
                { SIGN_BOTH, STRENGTH_AND, '&', " && " },
                { '?', STRENGTH_CHOICE, '?', " ? " },
                { ':', STRENGTH_CHOICE, ':', " : " } };

void
formula_transpose (struct formula *formula)
{
  struct piece *piece = formula_top (formula);
  struct shape shape = piece->shape;
  for (int axis = 0; axis < shape.rank; axis++)
    piece->shape.extent[axis] = shape.extent[shape.rank - 1 - axis];
  piece->turned = piece->shaped && shape.rank == 1;
  formula_say (formula, "'");
  piece->name = piece->literal = false;
}

/* Whether what stands behind a ^ is the T of a transpose: how many marks it takes, or 0. */
static size_t
transpose_size (const struct formula *formula, size_t ahead)
{
  const struct mark *mark = formula_mark (formula, ahead);
  if (mark_is (mark, '{') && mark_is (formula_mark (formula, ahead + 2), '}'))
    return transpose_size (formula, ahead + 1) ? 3 : 0;
  bool named = mark->kind == MARK_WORD && vocabulary_knows (formula->words, mark->text, mark->size);
  return mark_says (mark, "T") && !named;
}

/* A power of a square matrix in mathematics, or of its elements. */
static bool
is_matrix_power (const struct formula *formula, bool is_plain)
{
  const struct piece *piece = formula_top (formula);
  return !is_plain && piece->shaped && shape_is_square (&piece->shape);
}

static void
raise (struct formula *formula)
{
  size_t turns = transpose_size (formula, 1);
  if (turns)
    {
      formula_transpose (formula);
      formula->at += 1 + turns;
      return;
    }
  bool grouped = mark_is (formula_mark (formula, 1), '{');
  if (mark_is (formula_mark (formula, 1), SIGN_PRIME) || is_matrix_power (formula, !grouped))
    {
      formula_refuse (formula, "a power of a matrix: of its elements (A^2), or A @ A, inv(A)?");
      return;
    }
  formula_operate (formula, (struct operation){ STRENGTH_POWER, '^', .grouped = grouped });
  formula_say (formula, "^");
  formula->at++;
}

/* Superscripts: a power, or a transpose. */
static void
raise_written (struct formula *formula, const struct mark *mark)
{
  struct piece *piece = formula_top (formula);
  formula->at++;
  if (mark->size == 1 && *mark->raised == 'T')
    {
      formula_transpose (formula);
      return;
    }
  if (is_matrix_power (formula, false))
    {
      formula_refuse (formula, "a power of a matrix: of its elements (A^2), or A @ A, inv(A)?");
      return;
    }
  size_t minus = *mark->raised == '-';
  if (mark->size == minus || strspn (mark->raised + minus, "0123456789") != mark->size - minus)
    {
      formula_refuse (formula, "this exponent cannot be read; write x^2");
      return;
    }
  const struct frame *frame = formula_frame (formula);
  bool powers = formula->operation_count > frame->operations
                && formula->operations[formula->operation_count - 1].strength == STRENGTH_POWER;
  if (powers)
    formula_refuse (formula, "a power of a power needs brackets");
  formula_say (formula, "^");
  formula_write (formula, mark->raised, mark->size);
  piece->literal = piece->name = piece->turned = false;
}

/* Whether the marks from one on are an expression of names that are known. */
static bool
can_read (const struct formula *formula, size_t from)
{
  struct formula rest = { .words = formula->words,
                          .memory = formula->memory,
                          .source = formula->source,
                          .marks = formula->marks,
                          .at = from,
                          .end = formula->end,
                          .earlier = formula->earlier,
                          .data = formula->data,
                          .probes = true };
  bool good = from < formula->end && formula_read (&rest);
  formula_close (&rest);
  return good;
}

/* A % or // behind an operand: modulus, or a comment. True when nothing else is to be done. */
static bool
read_comment (struct formula *formula, const struct mark *mark)
{
  if (formula->probes || !(mark_is (mark, '%') || mark_is (mark, SIGN_SLASHES)))
    return false;
  bool follows = can_read (formula, formula->at + 1), inside = formula->frame_count > 1;
  if (mark_is (mark, SIGN_SLASHES) && (follows || inside))
    formula_refuse (formula, "'//' divides and rounds down, or begins a comment?");
  else if (!follows && !inside && mark_is (mark, '%') && !mark->blank && formula_top (formula)->literal)
    formula_refuse (formula, "per cent: write 0.22 for 22%%");
  else if (!follows && !inside)
    formula->end = formula->at;
  return formula->failure || formula->at == formula->end;
}

/* Signs that have to do with the last piece alone. */
static bool
read_behind (struct formula *formula, const struct mark *mark)
{
  if (mark->kind == MARK_RAISED)
    raise_written (formula, mark);
  else if (mark_is (mark, SIGN_PRIME))
    {
      formula_transpose (formula);
      formula->at++;
    }
  else if (mark_is (mark, '^'))
    raise (formula);
  else if (mark_is (mark, '.'))
    formula_method (formula);
  else if (mark_is (mark, '|') || mark_is (mark, SIGN_NORM) || mark_is (mark, SIGN_EITHER))
    formula_bar (formula);
  else
    return false;
  return true;
}

void
formula_operator (struct formula *formula)
{
  const struct mark *mark = formula_mark (formula, 0);
  if (formula_is_element (formula))
    {
      formula_separate (formula);
      return;
    }
  if (read_comment (formula, mark) || read_behind (formula, mark))
    return;
  if (mark->kind == MARK_SIGN
      && (mark->sign == ',' || mark->sign == ';' || mark->sign == '&' || mark->sign == SIGN_ROW))
    {
      formula_separate (formula);
      return;
    }
  if (mark->kind == MARK_SIGN && (strchr (")]}", mark->sign < 128 ? mark->sign : 'x') || mark->sign == SIGN_MATRIX_END))
    {
      formula_close_bracket (formula);
      return;
    }
  if (mark->kind == MARK_SIGN && (mark->sign == '[' || mark->sign == '_'))
    {
      formula_open (formula);
      return;
    }
  if (mark->kind == MARK_SIGN && (mark->sign == SIGN_DOT || mark->sign == SIGN_CROSS || mark->sign == SIGN_TENSOR))
    {
      formula_operate (formula, (struct operation){ STRENGTH_PRODUCT, mark->sign, .place = 0 });
      formula->operations[formula->operation_count - 1].place = formula->used;
      formula_say (formula, "*");
      formula->at++;
      return;
    }
  for (size_t i = 0; mark->kind == MARK_SIGN && i < sizeof between / sizeof *between; i++)
    if (between[i].sign == mark->sign)
      {
        if (mark->sign == ':' && formula_frame (formula)->kind != FRAME_INDEX && !formula->operation_count)
          break;
        formula_operate (formula, (struct operation){ between[i].strength, between[i].meant, .place = 0 });
        formula_say (formula, between[i].text);
        formula->at++;
        return;
      }
  bool begins = mark->kind == MARK_WORD || mark->kind == MARK_NUMBER
                || (mark->kind == MARK_SIGN
                    && (mark->sign == '(' || mark->sign == '{' || mark->sign == SIGN_ROOT || mark->sign == SIGN_FRACTION
                        || mark->sign == SIGN_PARTIAL || mark->sign == SIGN_MATRIX));
  static const char *const words[][2] = { { "and", " && " }, { "or", " || " } };
  for (int i = 0; i < 2; i++)
    if (mark_says (mark, words[i][0]))
      {
        formula_operate (formula, (struct operation){ i ? STRENGTH_OR : STRENGTH_AND, '&', .place = 0 });
        formula_say (formula, words[i][1]);
        formula->at++;
        return;
      }
  if (begins && mark_is (mark, '(') && formula_top (formula)->name)
    formula_open (formula);
  else if (begins)
    formula_beside (formula, mark->blank);
  else if (mark_is (mark, SIGN_ELLIPSIS))
    formula_refuse (formula, "an ellipsis stands for what nobody knows");
  else if (mark_is (mark, SIGN_DEGREE))
    formula_refuse (formula, "angles are in radians: write x*pi/180 for degrees");
  else
    formula_refuse (formula, "did not expect '%.*s'", (int)mark->size, mark->text);
}
