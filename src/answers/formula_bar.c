/* formula_bar.c -- bars of a formula: absolute values and norms. */
#include "answers/formula.h"

#include <string.h>

/* The subscript of a norm: 1, 2, inf, F; 0 where there is none. */
static int
norm_subscript (struct formula *formula)
{
  const struct mark *mark = formula_mark (formula, 0);
  bool braces = mark_says (mark, "_") || mark_is (mark, '_');
  const struct mark *inner = !braces                                    ? mark
                             : mark_is (formula_mark (formula, 1), '{') ? formula_mark (formula, 2)
                                                                        : formula_mark (formula, 1);
  const char *text = inner->text;
  size_t size = inner->size;
  if (mark_says (mark, "₁") || mark_says (mark, "₂"))
    {
      formula->at++;
      return mark_says (mark, "₁") ? '1' : '2';
    }
  if (!braces && !(mark->kind == MARK_WORD && mark->text[0] == '_'))
    return 0;
  formula->at += !braces ? 1 : inner == formula_mark (formula, 2) ? 4 : 2;
  text += !braces;
  size -= !braces;
  if (size == 1 && strchr ("12F", *text))
    return *text;
  if (size == 3 && memcmp (text, "inf", 3) == 0)
    return 'i';
  formula_refuse (formula, "a norm of this kind is not known");
  return 0;
}

static void
close_norm (struct formula *formula)
{
  struct frame *frame = formula_frame (formula);
  struct piece piece = *formula_top (formula);
  int kind = norm_subscript (formula);
  bool matrix = piece.shaped && piece.shape.rank == 2;
  if (matrix && kind && kind != 'F')
    formula_refuse (formula, "this norm of a matrix: of its elements, or of the map?");
  formula_insert (formula, frame->start, kind == 'i' ? "max(abs(" : "norm(");
  formula_say (formula, kind == 'i' ? "))" : kind == '1' ? ", 1)" : ")");
  formula_pop (formula, (struct piece){ .shaped = true });
}

static void
close_bars (struct formula *formula)
{
  struct frame *frame = formula_frame (formula);
  struct piece piece = *formula_top (formula);
  const struct mark *next = formula_mark (formula, 0);
  if (piece.shaped && piece.shape.rank)
    formula_refuse (formula, "bars around an array: abs, norm or det?");
  for (size_t ahead = 0; formula_begins (next) && !mark_is (next, '|') && formula->at + ahead < formula->end; ahead++)
    if (mark_is (formula_mark (formula, ahead), '|'))
      formula_refuse (formula, "bars that pair in two ways; write abs(x)");
  formula_insert (formula, frame->start, "abs(");
  formula_say (formula, ")");
  formula_pop (formula, (struct piece){ .shaped = piece.shaped });
}

void
formula_bar (struct formula *formula)
{
  const struct mark *mark = formula_mark (formula, 0);
  bool bar = mark_is (mark, '|');
  enum frame_kind kind = formula_frame (formula)->kind, own = bar ? FRAME_BARS : FRAME_NORM;
  if (formula->wants)
    {
      formula_enter (formula, own);
      formula->at++;
    }
  else if (kind == own)
    {
      formula->at++;
      if (!formula_join (formula))
        formula_refuse (formula, "expected a number, a name or '(' before '%.*s'", (int)mark->size, mark->text);
      else if (bar)
        close_bars (formula);
      else
        close_norm (formula);
    }
  else if (mark_is (mark, SIGN_EITHER) && kind != FRAME_BARS)
    {
      formula_operate (formula, (struct operation){ STRENGTH_OR, '&', .place = 0 });
      formula_say (formula, " || ");
      formula->at++;
    }
  else if (mark_is (mark, SIGN_EITHER))
    formula_refuse (formula, "bars that pair in two ways; write abs(x)*abs(y)");
  else
    formula_beside (formula, mark->blank);
}
