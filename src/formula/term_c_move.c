/* term_c_move.c -- the elements of arrays that are made of others by their positions, as C finds them. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "formula/term_c.h"

/* Whether a list of numbers is one, and its elements. */
static bool
is_list (const struct term_c *writer, const struct term *term)
{
  double number;
  bool good = term->kind == TERM_CALL && term->op == TERM_ARRAY && term->shape.rank == 1;
  for (uint32_t i = 0; good && i < term->count; i++)
    good = term_c_constant (writer, term_parts (writer->printer.terms, term)[i].term, &number);
  return good;
}

void
term_c_put_index (struct term_c *writer, char index[INDEX_TEXT], const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  if (vsnprintf (index, INDEX_TEXT, format, arguments) >= INDEX_TEXT)
    term_c_fail (writer, "an index of an index so deep");
  va_end (arguments);
}

int
term_c_axis_of (const struct term_c *writer, const struct term *term, int rank, int none)
{
  const struct term *last = term_c_at (writer, term_parts (writer->printer.terms, term)[term->count - 1].term);
  double number;
  if (last->kind != TERM_CALL || last->op != TERM_AXIS
      || !term_c_constant (writer, term_parts (writer->printer.terms, last)[0].term, &number))
    return none;
  return (int)number + (number < 0 ? rank : 0);
}

void
term_c_operand (struct term_c *writer, const struct term *term, uint32_t k, const struct c_position *position)
{
  term_c_factor (writer, term_parts (writer->printer.terms, term)[k].term, position);
}

/* Element i of a list of positions along an axis. */
static void
put_listed (struct term_c *writer, char index[INDEX_TEXT], const struct term *list, const char *i, size_t extent)
{
  double number;
  size_t used = (size_t)snprintf (index, INDEX_TEXT, "(const size_t[]){");
  for (uint32_t k = 0; k < list->count && used < INDEX_TEXT; k++)
    {
      term_c_constant (writer, term_parts (writer->printer.terms, list)[k].term, &number);
      used += (size_t)snprintf (index + used, INDEX_TEXT - used, "%s%.0f", k ? ", " : "",
                                number < 0 ? number + (double)extent : number);
    }
  if (used < INDEX_TEXT)
    used += (size_t)snprintf (index + used, INDEX_TEXT - used, "}[%s]", i);
  if (used >= INDEX_TEXT)
    term_c_fail (writer, "so many positions");
}

/* The position that i is the count of, along a slice with a step. */
static void
put_step (struct term_c *writer, char index[INDEX_TEXT], const struct term *slice, const char *i, size_t extent)
{
  const struct part *parts = term_parts (writer->printer.terms, slice);
  double first, step = 1, n = (double)extent;
  if (slice->count > 2)
    term_c_constant (writer, parts[2].term, &step);
  if (!term_c_constant (writer, parts[0].term, &first))
    first = step > 0 ? 0 : n - 1;
  else if (first < 0)
    first += n;
  first = first < 0 ? 0 : first > n - 1 ? n - 1 : first;
  if (step == 1 && first == 0)
    term_c_put_index (writer, index, "%s", i);
  else if (step == 1)
    term_c_put_index (writer, index, "(%s + %.0f)", i, first);
  else if (step == -1)
    term_c_put_index (writer, index, "(%.0f - %s)", first, i);
  else
    term_c_put_index (writer, index, "(%.0f %c %s*%.0f)", first, step < 0 ? '-' : '+', i, step < 0 ? -step : step);
}

/* x[i, a:b, list]: the element of x that an element of the part is. */
static void
write_part (struct term_c *writer, const struct term *term, const struct c_position *position)
{
  const struct part *parts = term_parts (writer->printer.terms, term);
  const struct shape *whole = &term_c_at (writer, parts[0].term)->shape;
  struct c_position inner = { .rank = whole->rank };
  int taken = 0, axis = 0, lists = 0, singles = 0;
  for (uint32_t k = 1; k < term->count || axis < whole->rank; k++)
    {
      const struct term *index = k < term->count ? term_c_at (writer, parts[k].term) : NULL;
      double number;
      char *to = inner.index[axis];
      bool call = index && index->kind == TERM_CALL;
      if (index && axis == whole->rank && !(call && index->op == TERM_NEW_AXIS))
        break;
      if (index && index->kind == TERM_NUMBER)
        {
          number = index->number < 0 ? index->number + (double)whole->extent[axis] : index->number;
          term_c_put_index (writer, to, "%.0f", number);
          singles++;
          axis++;
          continue;
        }
      const char *i = position->index[taken++];
      if (call && index->op == TERM_NEW_AXIS)
        continue;
      if (!index)
        term_c_put_index (writer, to, "%s", i);
      else if (call && index->op == TERM_STEP)
        put_step (writer, to, index, i, whole->extent[axis]);
      else if (call && index->op == TERM_SLICE
               && term_c_constant (writer, term_parts (writer->printer.terms, index)[0].term, &number))
        term_c_put_index (writer, to, number != 0 ? "(%s + %.0f)" : "%s", i, number);
      else if (is_list (writer, index))
        {
          put_listed (writer, to, index, i, whole->extent[axis]);
          lists++;
        }
      else
        term_c_fail (writer, "this index");
      axis++;
    }
  if (lists > 1 || (lists && singles))
    term_c_fail (writer, "this index");
  term_c_operand (writer, term, 0, &inner);
}

/* Elements or rows at the positions of a list, or at one. */
static void
term_c_write_taken (struct term_c *writer, const struct term *term, const struct c_position *position)
{
  const struct part *parts = term_parts (writer->printer.terms, term);
  const struct shape *whole = &term_c_at (writer, parts[0].term)->shape;
  const struct term *index = term_c_at (writer, parts[1].term);
  int axis = term_c_axis_of (writer, term, whole->rank, 0);
  struct c_position inner = { .rank = whole->rank };
  bool list = is_list (writer, index);
  if (!list && index->kind != TERM_NUMBER)
    {
      term_c_fail (writer, op_info[term->op].name);
      return;
    }
  for (int k = 0; k < whole->rank; k++)
    if (k != axis)
      memcpy (inner.index[k], position->index[k > axis && !list ? k - 1 : k], INDEX_TEXT);
    else if (list)
      put_listed (writer, inner.index[k], index, position->index[k], whole->extent[k]);
    else
      term_c_put_index (writer, inner.index[k], "%.0f",
                 index->number < 0 ? index->number + (double)whole->extent[k] : index->number);
  term_c_operand (writer, term, 0, &inner);
}

/* The same elements in another shape. */
static void
term_c_write_reshaped (struct term_c *writer, const struct term *term, const struct c_position *position)
{
  const struct shape *from = &term_c_at (writer, term_parts (writer->printer.terms, term)[0].term)->shape,
                     *to = &term->shape;
  struct c_position inner = { .rank = from->rank };
  char flat[INDEX_TEXT] = "0";
  size_t behind = shape_size (from);
  /* Axes of one element come and go. */
  int other = 0;
  bool same = true;
  for (int axis = 0; axis < from->rank; axis++)
    {
      while (other < to->rank && to->extent[other] == 1)
        other++;
      if (from->extent[axis] == 1)
        strcpy (inner.index[axis], "0");
      else if (other < to->rank && to->extent[other] == from->extent[axis])
        memcpy (inner.index[axis], position->index[other++], INDEX_TEXT);
      else
        same = false;
    }
  for (int axis = 0; axis < to->rank && !same; axis++)
    {
      char before[INDEX_TEXT];
      memcpy (before, flat, INDEX_TEXT);
      if (axis == 0)
        term_c_put_index (writer, flat, "%s", position->index[axis]);
      else
        term_c_put_index (writer, flat, "(%s*%zu + %s)", before, to->extent[axis], position->index[axis]);
    }
  for (int axis = 0; axis < from->rank && !same; axis++)
    {
      behind /= from->extent[axis] ? from->extent[axis] : 1;
      if (from->rank == 1)
        term_c_put_index (writer, inner.index[axis], "%s", flat);
      else if (axis == 0)
        term_c_put_index (writer, inner.index[axis], "%s/%zu", flat, behind);
      else if (behind == 1)
        term_c_put_index (writer, inner.index[axis], "%s%%%zu", flat, from->extent[axis]);
      else
        term_c_put_index (writer, inner.index[axis], "%s/%zu%%%zu", flat, behind, from->extent[axis]);
    }
  term_c_operand (writer, term, 0, &inner);
}

/* Elements that are moved along axes: backwards, around the end, or from a place of their own. */
static void
term_c_write_shifted (struct term_c *writer, const struct term *term, const struct c_position *position)
{
  const struct part *parts = term_parts (writer->printer.terms, term);
  struct c_position inner = *position;
  int axis = term_c_axis_of (writer, term, term->shape.rank, -1);
  double shift = 0;
  if (term->op == OP_roll && (!term_c_constant (writer, parts[1].term, &shift) || (axis < 0 && term->shape.rank > 1)))
    term_c_fail (writer, "this roll");
  for (int k = 0; k < term->shape.rank; k++)
    {
      size_t extent = term->shape.extent[k];
      if ((axis >= 0 && k != axis) || extent == 1)
        continue;
      /* What is moved on by n comes from n places before. */
      double from = fmod (-shift, (double)extent);
      from += from < 0 ? (double)extent : 0;
      if (term->op == OP_flip)
        term_c_put_index (writer, inner.index[k], "(%zu - %s)", extent - 1, position->index[k]);
      else
        term_c_put_index (writer, inner.index[k], "(%s + %.0f)%%%zu", position->index[k], from, extent);
    }
  term_c_operand (writer, term, 0, &inner);
}

/* `(i0 == i1 ? element : 0.0)` and the like. */
static void
term_c_write_diagonals (struct term_c *writer, const struct term *term, const struct c_position *position)
{
  const struct part *parts = term_parts (writer->printer.terms, term);
  struct c_position inner = *position;
  double k = 0;
  if (term->op == OP_diag && term->shape.rank == 1)
    {
      inner.rank = 2;
      memcpy (inner.index[1], position->index[0], INDEX_TEXT);
      term_c_operand (writer, term, 0, &inner);
      return;
    }
  if (term->shape.rank != 2 || (term->op == OP_diag && term->count > 1)
      || (term->count > 1 && !term_c_constant (writer, parts[1].term, &k)))
    {
      term_c_fail (writer, op_info[term->op].name);
      return;
    }
  const char *relation = term->op == OP_diag ? "==" : term->op == OP_tril ? "<=" : ">=";
  const char *row = position->index[0], *column = position->index[1];
  inner.rank = term->op == OP_diag ? 1 : 2;
  if (strcmp (row, column) == 0)
    {
      if (term->op == OP_diag || (term->op == OP_tril ? k >= 0 : k <= 0))
        term_c_operand (writer, term, 0, &inner);
      else
        term_c_put (writer, "0.0");
      return;
    }
  if (k < 0)
    term_c_put (writer, "(%s + %.0f %s %s ? ", column, -k, relation, row);
  else if (k > 0)
    term_c_put (writer, "(%s %s %s + %.0f ? ", column, relation, row, k);
  else
    term_c_put (writer, "(%s %s %s ? ", column, relation, row);
  term_c_operand (writer, term, 0, &inner);
  term_c_put (writer, " : 0.0)");
}

/* n zeros around. */
static void
term_c_write_padded (struct term_c *writer, const struct term *term, const struct c_position *position)
{
  const struct part *parts = term_parts (writer->printer.terms, term);
  const struct shape *from = &term_c_at (writer, parts[0].term)->shape;
  struct c_position inner = *position;
  double around = 0, value = 0;
  if (!term_c_constant (writer, parts[1].term, &around)
      || (term->count > 2 && !term_c_constant (writer, parts[2].term, &value)) || term->count > 3)
    {
      term_c_fail (writer, "pad");
      return;
    }
  term_c_put (writer, "(");
  for (int axis = 0; axis < from->rank; axis++)
    {
      term_c_put (writer, "%s%s >= %.0f && %s < %.0f", axis ? " && " : "", position->index[axis], around,
                  position->index[axis], around + (double)from->extent[axis]);
      term_c_put_index (writer, inner.index[axis], "(%s - %.0f)", position->index[axis], around);
    }
  term_c_put (writer, " ? ");
  term_c_operand (writer, term, 0, &inner);
  char text[NUMBER_SIZE];
  term_c_literal (text, value);
  term_c_put (writer, " : %s)", text);
}

/* Rows with a 1 at an index, or at those of a list. */
static void
term_c_write_one_hot (struct term_c *writer, const struct term *term, const struct c_position *position)
{
  const struct term *index = term_c_at (writer, term_parts (writer->printer.terms, term)[0].term);
  char hot[INDEX_TEXT] = "";
  if (index->kind == TERM_NUMBER)
    term_c_put_index (writer, hot, "%.0f", index->number);
  else if (is_list (writer, index))
    put_listed (writer, hot, index, position->index[0], term->shape.extent[1]);
  else
    term_c_fail (writer, "one_hot of what is no list");
  term_c_put (writer, "(%s == %s ? 1.0 : 0.0)", position->index[index->shape.rank], hot);
}

/* A position as a number: a quotient or remainder of one is in brackets. */
static void
put_number (struct term_c *writer, const char *index)
{
  term_c_put (writer, strpbrk (index, "/%") ? "(double)(%s)" : "(double)%s", index);
}

/* From the first to the last in equal steps; from 0 on by 1. */
static void
term_c_write_steps (struct term_c *writer, const struct term *term, const struct c_position *position)
{
  static const struct c_position number = { .rank = 0 };
  if (term->op == OP_arange && term->count == 1)
    put_number (writer, position->index[0]);
  else if (term->op == OP_arange || term->shape.extent[0] < 2)
    term_c_fail (writer, op_info[term->op].name);
  else
    for (int k = 0; k < 2; k++)
      {
        term_c_put (writer, k ? " + " : "(");
        term_c_operand (writer, term, (uint32_t)k, &number);
        term_c_put (writer, k ? "*(" : "*(1.0 - ");
        put_number (writer, position->index[0]);
        term_c_put (writer, k ? "/%zu))" : "/%zu)", term->shape.extent[0] - 1);
      }
}

static void
term_c_write_outer (struct term_c *writer, const struct term *term, const struct c_position *position)
{
  struct c_position inner = { .rank = 1 };
  for (uint32_t k = 0; k < 2; k++)
    {
      if (term_c_at (writer, term_parts (writer->printer.terms, term)[k].term)->shape.rank != 1)
        term_c_fail (writer, "outer");
      memcpy (inner.index[0], position->index[k], INDEX_TEXT);
      term_c_put (writer, k ? "*" : "(");
      term_c_operand (writer, term, k, &inner);
    }
  term_c_put (writer, ")");
}

static void
term_c_write_turned (struct term_c *writer, const struct term *term, const struct c_position *position)
{
  struct c_position inner = { .rank = position->rank };
  if (term->count != 1)
    term_c_fail (writer, "this transpose");
  for (int axis = 0; axis < inner.rank; axis++)
    memcpy (inner.index[axis], position->index[inner.rank - 1 - axis], INDEX_TEXT);
  term_c_operand (writer, term, 0, &inner);
}

static void
term_c_write_unit (struct term_c *writer, const struct term *term, const struct c_position *position)
{
  (void)term;
  if (strcmp (position->index[0], position->index[1]) == 0)
    term_c_put (writer, "1.0");
  else
    term_c_put (writer, "(%s == %s ? 1.0 : 0.0)", position->index[0], position->index[1]);
}

static void
term_c_write_constant (struct term_c *writer, const struct term *term, const struct c_position *position)
{
  (void)position;
  term_c_put (writer, term->op == OP_zeros ? "0.0" : "1.0");
}

/* How a function that moves elements is written, and how many of its operands have elements; others say how they are
   moved. */
static const struct move
{
  void (*write) (struct term_c *writer, const struct term *term, const struct c_position *position);
  uint32_t values;
} moves[OPS] = {
#define NOTATION(name, latex, c, rule) [OP_##name] = c,
#define MOVE(how, values) { term_c_write_##how, values }
#define ALL UINT32_MAX
#define LOOP(how) { NULL, 0 }
#define SAME { NULL, 0 }
#define C(text) { NULL, 0 }
#define NONE { NULL, 0 }
#include "ops/notation.def"
};

static struct move
move_of (const struct term *term)
{
  if (term->kind != TERM_CALL)
    return (struct move){ NULL, 0 };
  return term->op < OPS ? moves[term->op] : (struct move){ term->op == TERM_INDEX ? write_part : NULL, 1 };
}

bool
term_c_moves (const struct term *term)
{
  return move_of (term).write != NULL;
}

uint32_t
term_c_values (const struct term *term)
{
  struct move move = move_of (term);
  return move.write && move.values < term->count ? move.values : term->count;
}

bool
term_c_move (struct term_c *writer, const struct term *term, const struct c_position *position)
{
  struct move move = move_of (term);
  if (move.write)
    move.write (writer, term, position);
  return move.write != NULL;
}
