/* formula_fraction.c -- LaTeX's fractions in a formula: \frac{a}{b}, \frac12. */
#include "answers/formula.h"

void
formula_open_fraction (struct formula *formula)
{
  const struct mark *next = formula_mark (formula, 1);
  if (mark_is (next, '{'))
    {
      struct frame *frame = formula_enter (formula, FRAME_OVER);
      frame->open = ++formula->at;
      formula->at++;
      formula_say (formula, "(");
    }
  else if (next->kind == MARK_NUMBER && next->size == 2 && next->text[0] >= '0' && next->text[0] <= '9'
           && next->text[1] >= '0' && next->text[1] <= '9')
    {
      formula_piece (formula, (struct piece){ .start = formula->used, .shaped = true });
      formula_say (formula, "(");
      formula_write (formula, next->text, 1);
      formula_say (formula, "/");
      formula_write (formula, next->text + 1, 1);
      formula_say (formula, ")");
      formula->at += 2;
    }
  else
    formula_refuse (formula, "expected \\frac{a}{b}");
}

void
formula_close_fraction (struct formula *formula)
{
  struct frame *frame = formula_frame (formula);
  struct piece piece = *formula_top (formula);
  bool over = frame->kind == FRAME_OVER;
  if (!formula_is_simple (&piece))
    {
      formula_insert (formula, piece.start, "(");
      formula_say (formula, ")");
    }
  if (!over)
    {
      struct shape joined = { 0 };
      bool shaped
        = piece.shaped && !frame->blocked && shape_broadcast (&joined, &frame->arguments[0].shape, &piece.shape);
      formula_say (formula, ")");
      formula_pop (formula, (struct piece){ .shaped = shaped, .shape = joined });
      return;
    }
  formula_say (formula, "/");
  if (!mark_is (formula_mark (formula, 0), '{'))
    {
      formula_refuse (formula, "expected \\frac{a}{b}");
      return;
    }
  frame->kind = FRAME_UNDER;
  frame->open = formula->at++;
  frame->arguments[0] = piece;
  frame->blocked = !piece.shaped;
  formula->piece_count = frame->pieces;
  formula->wants = true;
}
