/* formula_library.c -- other libraries' functions, methods, and what they print around an array. */
#include "answers/formula.h"

#include <limits.h>
#include <string.h>

/* array(...), tensor(...), Matrix(...): what they hold. */
bool
formula_wrapper (struct formula *formula, const struct mark *mark)
{
  static const char matrices[] = "Matrix ImmutableMatrix ImmutableDenseMatrix MutableDenseMatrix DM SX MX",
                    plain[]
                    = "array asarray tensor Tensor as_tensor Array DeviceArray constant Variable float64 float32 "
                      "float16 float double int32 int64 Float Integer Rational Vector";
  const struct mark *open = formula_mark (formula, 1);
  if (!mark_is (open, '('))
    return false;
  /* NumPy's matrix([[1, 2], [3, 4]]) has its rows in one list, Maxima's has a list for each. */
  const struct mark *list = formula_mark (formula, 2);
  bool one = mark_says (mark, "matrix") && mark_is (list, '[') && mark_is (formula_mark (formula, 3), '[')
             && list->match + 1 == open->match;
  bool matrix = formula_says (mark, matrices) || one, lists = formula_says (mark, "matrix rbind cbind c");
  if (lists && !one && formula->frame_count == 1 && !formula->piece_count && !formula->operation_count
      && open->match == formula->end - 1)
    {
      formula->matrix |= !mark_says (mark, "c");
      formula_open_array (formula, formula->at + 1);
      return true;
    }
  if (mark_says (mark, "c") && formula_frame (formula)->kind == FRAME_ARRAY && formula->matrix)
    {
      formula_open_array (formula, formula->at + 1);
      return true;
    }
  if (!matrix && !formula_says (mark, plain))
    return false;
  formula->matrix |= matrix;
  struct frame *frame = formula_enter (formula, FRAME_WRAP);
  frame->open = formula->at + 1;
  formula->at += 2;
  return true;
}

/* What libraries call operations that have a sign here. */
static int
find_infix (const struct mark *mark)
{
  return formula_says (mark, "multiply mul")             ? '*'
         : formula_says (mark, "divide true_divide div") ? '/'
         : formula_says (mark, "subtract sub")           ? '-'
         : formula_says (mark, "add")                    ? '+'
                                                         : 0;
}

/* Behind np., torch. and the like: a function, a constant, or something that holds an array. */
void
formula_library (struct formula *formula)
{
  bool torch = formula_says (formula_mark (formula, 0), "torch F");
  while (mark_is (formula_mark (formula, 1), '.') && !formula_mark (formula, 2)->blank
         && formula_says (formula_mark (formula, 0),
                          "np numpy math Math cmath scipy special torch tf jnp jax F nn functional linalg sp "
                          "sympy tensorflow keras K backend ca casadi la stats lax"))
    formula->at += 2;
  const struct mark *mark = formula_mark (formula, 0);
  bool over;
  enum op op = formula_find (mark, &over);
  int infix = over ? '1' : find_infix (mark);
  if ((op < OPS || infix) && mark_is (formula_mark (formula, 1), '('))
    {
      formula_function (formula, op, infix && !over ? "" : op_info[op].name, torch, infix);
      if (!formula->failure)
        formula_frame (formula)->library = true;
    }
  else if (!formula_wrapper (formula, mark))
    {
      if (formula_constant (formula, mark))
        return;
      formula_refuse (formula, "no function '%.*s'", (int)mark->size, mark->text);
    }
}

/* x.sum(axis=0): the value becomes the first argument. */
static void
call_method (struct formula *formula, enum op op)
{
  struct piece piece = *formula_top (formula);
  const char *name = op_info[op].name;
  formula_insert (formula, piece.start, "(");
  formula_insert (formula, piece.start, name);
  struct frame *frame = formula_enter (formula, FRAME_CALL);
  frame->open = formula->at + 1;
  frame->pieces--;
  frame->start = piece.start;
  frame->op = op;
  frame->library = true;
  frame->count = 1;
  frame->arguments[0] = piece;
  frame->joined = piece.shape;
  frame->blocked = !piece.shaped;
  formula->piece_count--;
  formula->at += 2;
  if (mark_is (formula_mark (formula, 0), ')'))
    return;
  formula_say (formula, ", ");
  bool keyword = formula_mark (formula, 0)->kind == MARK_WORD && mark_is (formula_mark (formula, 1), '=');
  if (op_group (op) == GROUP_reductions && op != OP_norm && op_axis (op) >= 0 && !keyword)
    {
      formula_say (formula, "axis=");
      frame->axis = LONG_MAX;
      frame->named = true;
    }
}

void
formula_method (struct formula *formula)
{
  const struct mark *mark = formula_mark (formula, 1), *next = formula_mark (formula, 2);
  bool called = mark_is (next, '('), empty = called && mark_is (formula_mark (formula, 3), ')');
  bool over;
  enum op op = formula_find (mark, &over);
  if (mark_says (mark, "T") || mark_says (mark, "mT") || (empty && formula_says (mark, "t transpose")))
    {
      formula_transpose (formula);
      formula->at += empty ? 4 : 2;
    }
  else if (empty && formula_says (mark, "item numpy copy detach cpu clone double float contiguous eval doit"))
    formula->at += 4;
  else if (formula_says (mark, "std var"))
    formula_refuse (formula, "'.%.*s': divided by n, as NumPy does, or by n - 1, as PyTorch does?", (int)mark->size,
                    mark->text);
  else if (formula_says (mark, "shape size") && !called)
    {
      struct piece *piece = formula_top (formula);
      formula_insert (formula, piece->start, mark_says (mark, "size") ? "size(" : "shape(");
      formula_say (formula, ")");
      *piece = (struct piece){ .start = piece->start };
      formula->at += 2;
    }
  else if (op < OPS && called && !over)
    {
      formula->at++;
      call_method (formula, op);
    }
  else if (mark->kind == MARK_END)
    formula_refuse (formula, "did not expect '.' at the end");
  else
    formula_refuse (formula, "'.%.*s' is not known", (int)mark->size, mark->text);
}
