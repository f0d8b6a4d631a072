/* formula_bracket.c -- brackets of a formula: opened, gone on with behind a comma, closed. */
#include "answers/formula.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"

static const struct mark *
opening (const struct formula *formula, const struct frame *frame)
{
  return &formula->marks[frame->open];
}

/* Whether a mark can begin an operand. */
bool
formula_begins (const struct mark *mark)
{
  return mark->kind == MARK_NUMBER || mark->kind == MARK_WORD || mark->kind == MARK_TEXT
         || (mark->kind == MARK_SIGN
             && (mark->sign == '(' || mark->sign == '[' || mark->sign == '{' || mark->sign == '|'
                 || mark->sign == SIGN_NORM || mark->sign == SIGN_ROOT || mark->sign == SIGN_FRACTION
                 || mark->sign == SIGN_PARTIAL));
}

bool
formula_is_element (const struct formula *formula)
{
  const struct frame *frame = formula_frame (formula);
  const struct mark *mark = formula_mark (formula, 0), *next = formula_mark (formula, 1);
  if (frame->kind != FRAME_ARRAY || !mark_is (opening (formula, frame), '[') || opening (formula, frame)->commas
      || !mark->blank)
    return false;
  return formula_begins (mark) || ((mark_is (mark, '-') || mark_is (mark, '+')) && !next->blank);
}

/* Takes the innermost frame away; its pieces, but for the first, if it has any, go too. */
struct frame
formula_pop (struct formula *formula, struct piece piece)
{
  struct frame frame = *formula_frame (formula);
  formula->frame_count--;
  formula->piece_count = frame.pieces;
  piece.start = frame.start;
  formula_piece (formula, piece);
  return frame;
}

/* An argument of a call is whole. */
static bool
end_argument (struct formula *formula)
{
  struct frame *frame = formula_frame (formula);
  if (!formula_join (formula))
    return false;
  struct piece piece = *formula_top (formula);
  bool named = frame->named;
  if (named && frame->axis == LONG_MAX)
    {
      char *end;
      frame->axis = strtol (formula->text + piece.start, &end, 10);
      frame->blocked |= *end != 0;
    }
  if (!named && frame->count < 2)
    frame->arguments[frame->count] = piece;
  if (!named)
    {
      struct shape joined;
      frame->blocked |= !piece.shaped || !shape_broadcast (&joined, &frame->joined, &piece.shape);
      if (!frame->blocked)
        frame->joined = joined;
      frame->count++;
    }
  frame->named = false;
  formula->piece_count = frame->pieces;
  formula->wants = true;
  return true;
}

/* An element of an array is whole. */
static bool
end_element (struct formula *formula)
{
  struct frame *frame = formula_frame (formula);
  if (!formula_join (formula))
    return false;
  struct piece piece = *formula_top (formula);
  if (!frame->count && !frame->rows)
    frame->arguments[0] = piece;
  const struct piece *first = &frame->arguments[0];
  frame->blocked |= !piece.shaped || !first->shaped || !shape_equal (&piece.shape, &first->shape);
  frame->count++;
  formula->piece_count = frame->pieces;
  formula->wants = true;
  return true;
}

/* A row of [1 2; 3 4] is whole. */
static void
end_row (struct formula *formula)
{
  struct frame *frame = formula_frame (formula);
  if (!frame->rows)
    {
      formula_insert (formula, frame->start + 1, "[");
      frame->columns = frame->count;
    }
  else if (frame->count != frame->columns)
    formula_refuse (formula, "rows of %zu and of %zu elements", frame->columns, frame->count);
  frame->rows++;
  frame->count = 0;
}

static void
separate_elements (struct formula *formula, const struct mark *mark)
{
  bool blank = formula_is_element (formula);
  bool row = !blank && (mark_is (mark, ';') || mark_is (mark, SIGN_ROW));
  formula->at += !blank;
  if (!end_element (formula))
    formula_refuse (formula, "an element is missing before '%.*s'", (int)mark->size, mark->text);
  if (row)
    {
      const struct mark *next = formula_mark (formula, 0);
      end_row (formula);
      bool last = mark_is (next, ']') || mark_is (next, SIGN_MATRIX_END);
      formula_frame (formula)->named = last;
      formula_say (formula, last ? "]" : "], [");
    }
  else
    formula_say (formula, ", ");
}

/* An index, or a part of a slice, is whole. */
static void
end_index (struct formula *formula, bool slice)
{
  struct frame *frame = formula_frame (formula);
  if (!formula->wants && formula_join (formula))
    {
      const struct piece *piece = formula_top (formula);
      frame->blocked |= !piece->shaped || piece->shape.rank;
      formula->piece_count = frame->pieces;
    }
  else if ((!frame->named && !slice) || formula->operation_count > frame->operations)
    formula_refuse (formula, "an index is missing");
  frame->named |= slice;
  formula->wants = true;
}

static void
end_axis (struct formula *formula)
{
  struct frame *frame = formula_frame (formula);
  end_index (formula, false);
  frame->rows += !frame->named;
  frame->named = false;
  frame->count++;
}

static void
separate_arguments (struct formula *formula)
{
  struct frame *frame = formula_frame (formula);
  if (!end_argument (formula))
    formula_refuse (formula, "an argument is missing");
  formula->at++;
  frame = formula_frame (formula);
  if (frame->infix == '1')
    formula_refuse (formula, "a function of one argument");
  if (frame->infix)
    {
      formula_say (formula, frame->infix == '-'   ? ") - ("
                            : frame->infix == '+' ? ") + ("
                            : frame->infix == '/' ? ")/("
                                                  : ")*(");
      return;
    }
  formula_say (formula, ", ");
  bool reduces = frame->op < OPS && op_group (frame->op) == GROUP_reductions && frame->op != OP_norm;
  bool keyword = formula_mark (formula, 0)->kind == MARK_WORD && mark_is (formula_mark (formula, 1), '=');
  if (frame->library && frame->count == 1 && reduces && op_axis (frame->op) >= 0 && !keyword)
    {
      formula_say (formula, "axis=");
      frame->axis = LONG_MAX;
      frame->named = true;
    }
}

void
formula_separate (struct formula *formula)
{
  struct frame *frame = formula_frame (formula);
  const struct mark *mark = formula_mark (formula, 0);
  bool comma = mark_is (mark, ',');
  if (frame->kind == FRAME_ARRAY && !(mark_is (mark, '&') && !mark_is (opening (formula, frame), SIGN_MATRIX)))
    separate_elements (formula, mark);
  else if (frame->kind == FRAME_CALL && comma)
    separate_arguments (formula);
  /* dtype=float32, and what else libraries say of an array; but Matrix(2, 2, [...]) has lengths first. */
  else if (frame->kind == FRAME_WRAP && comma
           && (formula_mark (formula, 1)->kind == MARK_WORD || mark_is (formula_mark (formula, 1), ')')))
    formula->at = opening (formula, frame)->match;
  else if (frame->kind == FRAME_INDEX && (comma || mark_is (mark, ':')))
    {
      if (comma)
        end_axis (formula);
      else
        end_index (formula, true);
      formula_say (formula, comma ? ", " : ":");
      formula->at++;
    }
  else
    formula_refuse (formula, "did not expect '%.*s'", (int)mark->size, mark->text);
}

/* An array whose opening bracket is a mark; what is written begins with [. */
void
formula_open_array (struct formula *formula, size_t open)
{
  struct frame *frame = formula_enter (formula, FRAME_ARRAY);
  frame->open = open;
  formula->at = open + 1;
  formula_say (formula, "[");
}

/* Whether the bracket at the next mark has nothing in it but numbers, as an index has. */
static bool
is_index (const struct formula *formula)
{
  size_t open = formula->at, close = formula->marks[open].match;
  bool plain = close != SIZE_MAX;
  for (size_t i = open + 1; plain && i < close; i++)
    plain = formula->marks[i].kind == MARK_NUMBER || mark_is (&formula->marks[i], ',')
            || mark_is (&formula->marks[i], ':') || mark_says (&formula->marks[i], "end");
  return plain;
}

/* Whether a [ is a parenthesis: LaTeX's, or behind a number, which has no elements. */
static bool
is_parenthesis (const struct formula *formula)
{
  const struct mark *mark = formula_mark (formula, 0);
  const struct mark *inner = formula_mark (formula, 1);
  bool matrix = mark_is (inner, SIGN_MATRIX), single = mark->match <= formula->at + 2;
  bool behind_number = !formula->wants && formula_top (formula)->shaped && !formula_top (formula)->shape.rank;
  if (!mark_is (mark, '[') || mark->commas || mark->match >= formula->end || matrix)
    return false;
  /* One word may be several names that run together. */
  return single ? behind_number && inner->kind == MARK_WORD : mark->round || behind_number;
}

static void
open_group (struct formula *formula)
{
  formula_enter (formula, FRAME_GROUP);
  formula_say (formula, "(");
  formula->at++;
}

/* `f(x)` of a value: a product only where it can be nothing else. */
static void
open_beside_name (struct formula *formula)
{
  const struct piece *piece = formula_top (formula);
  const struct mark *name = &formula->marks[formula->at - 1], *mark = formula_mark (formula, 0);
  if (piece->computed)
    formula_refuse (formula, "'%.*s(': the value %.*s, or %.*s*( ... )?", (int)name->size, name->text, (int)name->size,
                    name->text, (int)name->size, name->text);
  else if (piece->shaped && piece->shape.rank && is_index (formula))
    formula_refuse (formula, "'%.*s(': an element stands in square brackets, counted from 0", (int)name->size,
                    name->text);
  else
    formula_beside (formula, mark->blank);
}

static void
open_index (struct formula *formula)
{
  struct piece *piece = formula_top (formula);
  size_t start = piece->start;
  struct frame *frame = formula_enter (formula, FRAME_INDEX);
  frame->start = start;
  frame->arguments[0] = formula->pieces[--frame->pieces];
  formula->piece_count--;
  formula_say (formula, "[");
  formula->at++;
}

/* Whether the bracket at the next mark holds one call or array and a comma behind it, as Python prints it. */
static bool
is_tuple_of_one (const struct formula *formula)
{
  size_t close = formula->marks[formula->at].match, inner = formula->at + 1;
  if (mark_is (formula_mark (formula, 2), '('))
    inner++;
  return mark_is (formula_mark (formula, 0), '(') && formula->marks[inner].match == close - 2
         && mark_is (&formula->marks[close - 1], ',');
}

void
formula_open (struct formula *formula)
{
  const struct mark *mark = formula_mark (formula, 0);
  size_t at = formula->at;
  const struct frame *frame = formula_frame (formula);
  bool first = formula->piece_count == frame->pieces && formula->operation_count == frame->operations;
  bool whole = formula->frame_count == 1 && first && mark->match == formula->end - 1 && mark->commas;
  /* ((1, 2), (3, 4)) */
  bool nested = frame->kind == FRAME_ARRAY && first && mark->commas && !mark_is (mark, '[')
                && mark->sign == opening (formula, frame)->sign;
  /* The brackets of a matrix that has none itself. */
  const struct mark *inner = formula_mark (formula, 1);
  bool wrapped
    = (mark_is (inner, SIGN_MATRIX) && inner->match + 1 == mark->match) || (whole && is_tuple_of_one (formula));
  if (!formula->wants && mark_is (mark, '('))
    open_beside_name (formula);
  else if (!formula->wants && wrapped && mark_is (mark, '['))
    formula_beside (formula, mark->blank);
  else if (is_parenthesis (formula))
    {
      if (!formula->wants)
        formula_beside (formula, mark->blank);
      if (!formula->failure)
        open_group (formula);
    }
  else if (!formula->wants && mark_is (mark, '['))
    open_index (formula);
  else if (!formula->wants)
    formula_refuse (formula, "a subscript of what is no name");
  else if (mark_is (mark, SIGN_FRACTION))
    formula_open_fraction (formula);
  else if (wrapped)
    {
      formula_enter (formula, FRAME_WRAP);
      formula->at++;
    }
  else if (mark_is (mark, '[') || mark_is (mark, SIGN_MATRIX) || whole || nested)
    formula_open_array (formula, at);
  else
    open_group (formula);
}

static void
close_group (struct formula *formula)
{
  struct frame *frame = formula_frame (formula);
  struct piece piece = *formula_top (formula);
  bool braces = mark_is (opening (formula, frame), '{');
  if (braces && formula_is_simple (&piece))
    {
      memmove (formula->text + frame->start, formula->text + frame->start + 1, formula->used - frame->start);
      formula->used--;
    }
  else
    {
      formula_say (formula, ")");
      piece.literal = piece.name = false;
    }
  formula_pop (formula, piece);
}

static void
close_call (struct formula *formula)
{
  struct frame *frame = formula_frame (formula);
  struct piece piece = { .start = frame->start };
  if (frame->infix)
    formula_say (formula, "))");
  else
    {
      bool corrected = frame->torch && (frame->op == OP_std || frame->op == OP_var)
                       && formula->text[formula->used - 1] != '(';
      formula_say (formula, corrected ? ", ddof=1)" : ")");
    }
  if (*frame->raised)
    {
      formula_say (formula, "^");
      formula_say (formula, frame->raised);
    }
  formula_call_shape (frame, &piece);
  formula_pop (formula, piece);
}

static void
close_array (struct formula *formula)
{
  struct frame *frame = formula_frame (formula);
  struct piece piece = { .square_bracket = true, .shaped = !frame->blocked };
  struct shape inner = frame->arguments[0].shape;
  if (frame->rows && !frame->named)
    {
      end_row (formula);
      formula_say (formula, "]");
    }
  formula_say (formula, "]");
  if (frame->rows)
    {
      formula->matrix = true;
      piece.shape = (struct shape){ .rank = 2, .extent = { frame->rows, frame->columns } };
    }
  else
    piece.shape = (struct shape){ .rank = 1, .extent = { frame->count } };
  for (int axis = 0; axis < inner.rank && piece.shape.rank < RANK_LIMIT; axis++)
    piece.shape.extent[piece.shape.rank++] = inner.extent[axis];
  bool columns = frame->open && mark_says (&formula->marks[frame->open - 1], "cbind") && inner.rank;
  formula_pop (formula, piece);
  if (columns && piece.shaped && piece.shape.rank == 2)
    formula_transpose (formula);
  else if (columns)
    formula_refuse (formula, "cbind is read of vectors of one length");
}

static void
close_index (struct formula *formula)
{
  struct frame *frame = formula_frame (formula);
  struct piece piece = frame->arguments[0];
  end_axis (formula);
  formula_say (formula, "]");
  /* How long slices are is not looked at: of arrays that keep axes the shape is not known. */
  size_t rank = (size_t)piece.shape.rank;
  piece.shaped &= !frame->blocked && frame->rows == frame->count && frame->count <= rank;
  for (size_t axis = frame->count; piece.shaped && axis < rank; axis++)
    piece.shape.extent[axis - frame->count] = piece.shape.extent[axis];
  piece.shape.rank = piece.shaped ? (int)(rank - frame->count) : 0;
  piece.name = piece.turned = piece.literal = false;
  formula_pop (formula, piece);
}

void
formula_close_bracket (struct formula *formula)
{
  struct frame *frame = formula_frame (formula);
  const struct mark *mark = formula_mark (formula, 0);
  enum frame_kind kind = frame->kind;
  if (kind == FRAME_INDEX && mark_is (mark, ':'))
    {
      formula_separate (formula);
      return;
    }
  bool fits = kind != FRAME_ALL && kind != FRAME_BARS && kind != FRAME_NORM && kind != FRAME_BARE
              && opening (formula, frame)->match == formula->at;
  if (!fits)
    {
      formula_refuse (formula, "did not expect '%.*s'", (int)mark->size, mark->text);
      return;
    }
  formula->at++;
  bool good = true;
  if (kind == FRAME_CALL)
    good = (formula->wants && formula->operation_count == frame->operations && !frame->named && !frame->infix
            && formula->text[formula->used - 1] != ' ')
           || end_argument (formula);
  else if (kind == FRAME_ARRAY)
    good = (formula->wants && formula->operation_count == frame->operations
            && (frame->named || (!frame->count && !frame->rows)))
           || end_element (formula);
  else if (kind != FRAME_INDEX)
    good = formula_join (formula);
  if (!good)
    formula_refuse (formula, "expected a number, a name or '(' before '%.*s'", (int)mark->size, mark->text);
  else if (kind == FRAME_CALL)
    close_call (formula);
  else if (kind == FRAME_ARRAY)
    close_array (formula);
  else if (kind == FRAME_INDEX)
    close_index (formula);
  else if (kind == FRAME_GROUP)
    close_group (formula);
  else if (kind == FRAME_WRAP)
    formula_pop (formula, *formula_top (formula));
  else
    formula_close_fraction (formula);
}

void
formula_leave (struct formula *formula)
{
  if (!formula_join (formula))
    {
      formula_refuse (formula, "a function without an argument");
      return;
    }
  end_argument (formula);
  close_call (formula);
}
