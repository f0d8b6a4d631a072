/* edit_apply.c -- an answer with one thing in it changed. */
#include "diagnose/edit.h"
#include "ops/ops.h"

static void
add (struct editing *editing, const struct item *from, size_t count)
{
  for (size_t i = 0; i < count; i++)
    *area_add (&editing->work, struct item) = from[i];
}

/* All items of an operand, itself the last. */
static void
add_operand (struct editing *editing, const struct item *items, uint32_t root)
{
  add (editing, items + items[root].first, root - items[root].first + 1);
}

static void
add_number (struct editing *editing, double number)
{
  add (editing, &(struct item){ .kind = ITEM_NUMBER, .number = number }, 1);
}

static void
add_known (struct editing *editing, uint32_t known)
{
  add (editing, &(struct item){ .kind = ITEM_KNOWN, .known = known }, 1);
}

static void
add_function (struct editing *editing, uint32_t op, uint32_t count)
{
  add (editing, &(struct item){ .kind = ITEM_APPLY, .op = (uint16_t)op, .count = count }, 1);
}

/* The transpose has its axes behind it, which are left out. */
static uint32_t
parameters_of (uint32_t op)
{
  return op_info[op].arity ? (uint32_t)op_info[op].arity : (uint32_t)op_parameter_count (op_info[op].parameters);
}

/* A call of a function whose other arguments are left out. */
static void
add_call (struct editing *editing, const struct item *items, uint32_t operand, uint32_t op)
{
  uint32_t count = parameters_of (op);
  add_operand (editing, items, operand);
  for (uint32_t k = 1; k < count; k++)
    add (editing, &(struct item){ .kind = ITEM_ABSENT, .span = items[operand].span }, 1);
  add_function (editing, op, count);
}

/* The first operand of an item. */
static uint32_t
first_operand (const struct item *items, uint32_t at)
{
  uint32_t operand = at - 1;
  for (uint32_t k = items[at].count; k > 1; k--)
    operand = items[operand].first - 1;
  return operand;
}

/* An item and the term that it lacks. */
static void
add_with_term (struct editing *editing, const struct item *items, const struct edit *edit)
{
  if (edit->number != MISSING_FROM)
    add_operand (editing, items, edit->at);
  if (edit->other == UINT32_MAX)
    add_number (editing, 1);
  else
    add_known (editing, edit->other);
  if (edit->number == MISSING_FROM)
    add_operand (editing, items, edit->at);
  add_function (editing, edit->number == MISSING_ADDED ? OP_add : OP_subtract, 2);
}

/* One side of a sum or of a product alone, what is subtracted with its sign. */
static void
add_side (struct editing *editing, const struct item *items, uint32_t at, uint32_t side)
{
  add_operand (editing, items, side);
  if (side == at - 1 && items[at].op == OP_subtract)
    add_function (editing, OP_negate, 1);
}

/* 1 less an operand. */
static void
add_complement (struct editing *editing, const struct item *items, uint32_t root)
{
  add_number (editing, 1);
  add_operand (editing, items, root);
  add_function (editing, OP_subtract, 2);
}

/* Something else that is known, or a number. */
static void
add_other (struct editing *editing, const struct edit *edit)
{
  if (edit->other == UINT32_MAX)
    add_number (editing, edit->number);
  else
    add_known (editing, edit->other);
}

/* An operand with its transpose taken off, or put on. */
static void
add_turned (struct editing *editing, const struct item *items, uint32_t root)
{
  if (items[root].kind == ITEM_APPLY && items[root].op == OP_transpose)
    {
      add_operand (editing, items, first_operand (items, root));
      return;
    }
  add_operand (editing, items, root);
  add_function (editing, OP_transpose, parameters_of (OP_transpose));
}

/* What stands in the place of the item and its operands. */
static void
add_changed (struct editing *editing, const struct item *items, const struct edit *edit)
{
  uint32_t at = edit->at, right = at - 1, left = items[at].count > 1 && at ? items[right].first - 1 : right;
  switch (edit->kind)
    {
    case EDIT_SIGN:
    case EDIT_PRODUCT:
      add_operand (editing, items, left);
      add_operand (editing, items, right);
      add_function (editing, edit->other, parameters_of (edit->other));
      return;
    case EDIT_OPERAND:
    case EDIT_RESULT:
    case EDIT_NAME:
    case EDIT_STEP:
      add_known (editing, edit->other);
      return;
    case EDIT_INDEX:
      add_operand (editing, items, edit->other);
      return;
    case EDIT_ORDER:
      add_operand (editing, items, right);
      add_operand (editing, items, left);
      add (editing, &items[at], 1);
      return;
    case EDIT_MISSING:
      add_with_term (editing, items, edit);
      return;
    case EDIT_FUNCTION:
    case EDIT_SLOPE:
      add_call (editing, items, first_operand (items, at), edit->other);
      return;
    case EDIT_SUMMED:
      add_call (editing, items, at, edit->other);
      return;
    case EDIT_MEAN:
      add (editing, items + items[at].first, at - items[at].first);
      add (editing, &(struct item){ .kind = ITEM_APPLY, .op = (uint16_t)edit->other, .count = items[at].count }, 1);
      return;
    case EDIT_CROSSED:
      add_turned (editing, items, left);
      add_turned (editing, items, right);
      add_function (editing, OP_matmul, parameters_of (OP_matmul));
      return;
    case EDIT_LOGISTIC:
      add_operand (editing, items, at);
      add_complement (editing, items, at);
      add_function (editing, OP_multiply, 2);
      return;
    case EDIT_COMPLEMENT:
      add_complement (editing, items, at);
      return;
    case EDIT_UNTRANSPOSED:
    case EDIT_WITH_FUNCTION:
      add_operand (editing, items, right);
      return;
    case EDIT_EXPONENT:
    case EDIT_BASE:
    case EDIT_AXIS:
    case EDIT_NUMBER:
      add_number (editing, edit->number);
      return;
    case EDIT_TERM:
    case EDIT_FACTOR:
      add_side (editing, items, at, edit->other ? left : right);
      return;
    case EDIT_MULTIPLE:
    case EDIT_PART:
      add_operand (editing, items, at);
      add_other (editing, edit);
      add_function (editing, edit->kind == EDIT_PART ? OP_multiply : OP_divide, 2);
      return;
    case EDIT_POSITIVE:
      add_operand (editing, items, at);
      add_number (editing, 0);
      add_function (editing, OP_greater, 2);
      return;
    default: /* NEGATED, TRANSPOSED, INVERSE, SQUARED, UNSIGNED, DEGREES: a function of it */
      add_operand (editing, items, at);
      add_function (editing, edit->other, parameters_of (edit->other));
    }
}

uint32_t
edit_axis (const struct item *items, uint32_t at)
{
  int axis = items[at].kind == ITEM_APPLY && !op_info[items[at].op].arity ? op_axis (items[at].op) : 0;
  uint32_t found = at - 1;
  if (axis <= 0)
    return UINT32_MAX;
  for (uint32_t k = items[at].count - 1; k > (uint32_t)axis; k--)
    found = items[found].first - 1;
  bool plain = items[found].kind == ITEM_NUMBER && (items[found].number == 0 || items[found].number == 1);
  return plain ? found : UINT32_MAX;
}

bool
edit_apply (struct editing *editing, const struct edit *edit)
{
  const struct item *items = area_of (&editing->items, struct item);
  uint32_t count = (uint32_t)area_count (&editing->items, struct item);
  editing->work.used = 0;
  if (edit->kind == EDIT_ALL_NAMES)
    {
      add (editing, items, count);
      for (uint32_t i = 0; i < count; i++)
        if (items[i].kind == ITEM_KNOWN && items[i].known == items[edit->at].known)
          area_of (&editing->work, struct item)[i].known = edit->other;
      return true;
    }
  if (edit->kind == EDIT_ALL_FUNCTIONS)
    {
      add (editing, items, count);
      for (uint32_t i = 0; i < count; i++)
        if (items[i].kind == ITEM_APPLY && items[i].op == items[edit->at].op)
          area_of (&editing->work, struct item)[i].op = (uint16_t)edit->other;
      return true;
    }
  if (edit->kind == EDIT_ALL_AXES)
    {
      add (editing, items, count);
      for (uint32_t i = 0, axis; i < count; i++)
        if ((axis = edit_axis (items, i)) != UINT32_MAX && items[axis].number != edit->number)
          area_of (&editing->work, struct item)[axis].number = edit->number;
      return true;
    }
  add (editing, items, items[edit->at].first);
  add_changed (editing, items, edit);
  add (editing, items + edit->at + 1, count - edit->at - 1);
  return true;
}
