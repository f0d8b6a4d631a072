/* spread.c -- an expression of elementwise operators with arrays among its operands: shapes and types, messages, and
   which steps run together (fusion.c). Steps of a smaller shape than the result (a number among arrays, a row before it
   is spread) are evaluated apart, before. */
#include "machine/spread.h"

#include "base/warning.h"
#include "machine/complete.h"
#include "machine/small.h"

uint32_t
spread_place (const struct spread *spread, uint32_t i)
{
  const struct instruction *code = area_of (&spread->run->program->code, struct instruction);
  return code[spread->place].code == CODE_GROUP ? spread->place + 1 + i : spread->place;
}

/* The first two extents that do not fit. */
static void
differing (const struct shape *a, const struct shape *b, size_t *left, size_t *right)
{
  for (int i = 1; i <= a->rank && i <= b->rank; i++)
    {
      *left = a->extent[a->rank - i];
      *right = b->extent[b->rank - i];
      if (*left != *right && *left != 1 && *right != 1)
        return;
    }
}

static bool
meets_column (const struct shape *vector, const struct shape *column)
{
  return vector->rank == 1 && column->rank == 2 && column->extent[1] == 1 && column->extent[0] == vector->extent[0]
         && vector->extent[0] > 1;
}

bool
spread_is_remarked (const struct shape *a, const struct shape *b)
{
  return meets_column (a, b) || meets_column (b, a);
}

static void
warn_spreading (struct run *run, uint32_t place, enum op op, const struct shape *a, const struct shape *b,
                const struct shape *joined)
{
  char left[SHAPE_TEXT], right[SHAPE_TEXT], both[SHAPE_TEXT];
  if (run->outer)
    return;
  run->remarks++;
  warn (run->diagnostics, WARNING_BROADCAST, op_written (op), run_span (run, place),
        "'%s' between shapes (%s) and (%s) spreads to %s", op_written (op), shape_text (left, a), shape_text (right, b),
        shape_text (both, joined));
}

/* Shape and type of an operand; ends the run with a message where it has none. */
static const struct shape *
look_at (struct spread *spread, uint32_t i, uint32_t operand, enum kind *type)
{
  static const struct shape of_number = { 0 };
  const struct run *run = spread->run;
  if (operand >> 30 == 1)
    {
      *type = spread->types[operand & REGISTER_MASK];
      return spread->shapes[operand & REGISTER_MASK];
    }
  const struct value *value = OPERAND (spread->bases, operand);
  char text[VALUE_TEXT];
  if (value->kind == KIND_NOTHING)
    run_unassigned (run, spread_place (spread, i), operand);
  if (!value_is_numeric (value))
    diagnose_stop (run->diagnostics, STATUS_PROGRAM, run_span (run, spread_place (spread, i)), "'%s' cannot take %s",
                   op_written (spread->steps[i].op), value_describe (text, value));
  const bool array = value->kind == KIND_ARRAY;
  const bool real = array ? value->array->type == TYPE_REAL : value->kind == KIND_REAL;
  *type = real ? KIND_REAL : KIND_INTEGER;
  spread->small = spread->small && (array ? value->array->type != TYPE_BOOLEAN : value->kind != KIND_BOOLEAN);
  return array ? &value->array->shape : &of_number;
}

/* Spreads the shape of a step to that of one more operand; ends the run with a message where they do not fit. */
static const struct shape *
join (struct spread *spread, uint32_t i, const struct shape *shape, const struct shape *other)
{
  struct run *run = spread->run;
  const enum op op = (enum op)spread->steps[i].op;
  const uint32_t place = spread_place (spread, i);
  struct shape joined;
  if (!shape_broadcast (&joined, shape, other))
    {
      char left[SHAPE_TEXT], right[SHAPE_TEXT];
      size_t m = 0, n = 0;
      differing (shape, other, &m, &n);
      diagnose_stop (run->diagnostics, STATUS_PROGRAM, run_span (run, place),
                     "'%s' cannot combine shapes (%s) and (%s): the sizes %zu and %zu differ", op_written (op),
                     shape_text (left, shape), shape_text (right, other), m, n);
    }
  if (spread_is_remarked (shape, other))
    warn_spreading (run, place, op, shape, other, &joined);
  spread->joined[i] = joined;
  spread->small = false;
  return &spread->joined[i];
}

/* Shape and type of every step, and whether the elements of arrays can be linked one by one: they are few, all arrays
   have one shape, the result is real, and no step chooses. */
static void
infer (struct spread *spread)
{
  for (uint32_t i = 0; i < spread->count; i++)
    {
      const struct instruction *step = &spread->steps[i];
      const struct op_info *info = &op_info[step->op];
      const struct shape *shape = NULL;
      bool whole = true;
      for (int k = 0; k < info->arity; k++)
        {
          enum kind type;
          const struct shape *other = look_at (spread, i, spread_read (step, k), &type);
          if (step->op != OP_where || k > 0)
            whole = whole && type != KIND_REAL;
          if (!shape || shape->rank == 0)
            shape = other;
          else if (other->rank > 0 && !shape_equal (shape, other))
            shape = join (spread, i, shape, other);
        }
      spread->shapes[i] = shape;
      spread->types[i] = info->traits & TRUTH                                        ? KIND_BOOLEAN
                         : info->traits & INTEGER || (info->traits & WHOLE && whole) ? KIND_INTEGER
                                                                                     : KIND_REAL;
      spread->small = spread->small && !(info->traits & (TRUTH | INTEGER)) && step->op != OP_where;
    }
  const struct shape *shape = spread->shapes[spread->count - 1];
  const size_t size = shape_size (shape);
  spread->small = spread->small && shape->rank > 0 && size > 0 && size <= ARRAY_SMALL
                  && spread->types[spread->count - 1] == KIND_REAL;
}

/* One step on numbers. */
static void
evaluate_number (struct spread *spread, uint32_t i)
{
  const struct instruction *step = &spread->steps[i];
  int arity = op_info[step->op].arity;
  double x[3] = { 0 };
  uint32_t nodes[3] = { 0 };
  for (int k = 0; k < arity; k++)
    {
      const struct value *value = spread_operand (spread, spread_read (step, k));
      x[k] = value->number;
      nodes[k] = value->node;
    }
  if (spread->decides && is_comparison (step->op) && (nodes[0] || nodes[1]) && x[0] == x[1])
    warn_tie (spread->run, spread_place (spread, i), step->op, "", x[0]);
  double v = op_value (step->op, x[0], x[1], x[2]);
  struct value *result = &spread->results[i];
  *result = value_number (spread->types[i], v);
  if (spread->types[i] == KIND_REAL && (nodes[0] || nodes[1] || nodes[2]))
    {
      for (int k = 0; k < arity; k++)
        if (nodes[k])
          {
            double partial = op_partial (step->op, k, x[0], x[1], x[2], v, nodes[0] && nodes[1]);
            if (arity == 2 && !nodes[1 - k] && (spread->run->apart || spread->run->tape->careful))
              op_fix_zeros (step->op, k, 1, &x[1 - k], 0, &partial);
            tape_link_partial (spread->run->tape, nodes[k], partial);
          }
      result->node = tape_node (spread->run->tape);
    }
}

/* In a complete run what comes out has its node before the next step reads it. */
static void
evaluate_apart (struct spread *spread, uint32_t i)
{
  if (spread->shapes[i]->rank == 0)
    evaluate_number (spread, i);
  else
    spread_fused (spread, &i, 1, &spread->results[i]);
  if (spread->run->complete)
    complete_value (spread->run, &spread->results[i]);
}

/* Links through arrays ask for the nodes of arrays. */
static void
settle_operands (struct spread *spread)
{
  spread->small = false;
  small_count (spread->run);
  for (uint32_t i = 0; i < spread->count; i++)
    for (int k = 0; k < op_info[spread->steps[i].op].arity; k++)
      {
        uint32_t operand = spread_read (&spread->steps[i], k);
        if (operand >> 30 != 1)
          small_settle (spread->run, OPERAND (spread->bases, operand));
      }
}

/* Evaluates all steps; those of the result's shape together, and where that cannot be linked each apart. */
static void
evaluate (struct spread *spread)
{
  const uint32_t last = spread->count - 1;
  const bool fuses = !spread->run->apart && spread->shapes[last]->rank > 0;
  uint32_t which[GROUP_LIMIT];
  int together = 0;
  for (uint32_t i = 0; i < spread->count; i++)
    {
      spread->results[i] = (struct value){ 0 };
      spread->fused[i] = fuses && shape_equal (spread->shapes[i], spread->shapes[last]);
      if (spread->fused[i])
        which[together++] = i;
      else
        evaluate_apart (spread, i);
    }
  bool done = !together || spread_fused (spread, which, together, &spread->results[last]);
  if (!done && spread->small)
    {
      settle_operands (spread);
      done = spread_fused (spread, which, together, &spread->results[last]);
    }
  for (int s = 0; s < together && !done; s++)
    evaluate_apart (spread, which[s]);
}

/* Steps that are apart are heard, or kept. */
static void
tell (struct spread *spread)
{
  struct run *run = spread->run;
  for (uint32_t i = 0; i < spread->count; i++)
    {
      const struct instruction *step = &spread->steps[i];
      const struct value *operands[3];
      const uint32_t arity = (uint32_t)op_info[step->op].arity;
      for (uint32_t k = 0; k < arity; k++)
        operands[k] = spread_operand (spread, spread_read (step, (int)k));
      run_tell (run, &(struct heard){ spread_place (spread, i), step->op, arity, operands, &spread->results[i], 0 });
    }
}

void
run_group_spread (struct run *run, uint32_t place, const struct instruction *group, struct value *const bases[4])
{
  const uint32_t count = group->b;
  struct spread spread; /* its arrays fill as they go */
  spread.run = run;
  spread.place = place;
  spread.steps = group + 1;
  spread.count = count;
  spread.bases = bases;
  spread.decides = group->op & GROUP_DECIDES && !run->outer;
  spread.reduced = 0;
  if (!run->apart && !run->listener && !run->variation.axis)
    spread.reduced = group->op & (GROUP_SUMMED | GROUP_AVERAGED);
  spread.small = small_is_on (run) && !run->apart && !(group->op & GROUP_DECIDES);
  infer (&spread);
  if (!spread.small)
    settle_operands (&spread);
  evaluate (&spread);
  if (run->apart)
    tell (&spread);
  for (uint32_t i = 0; i < count; i++)
    for (int k = 0; k < op_info[group[1 + i].op].arity; k++)
      {
        uint32_t operand = spread_read (&group[1 + i], k);
        if ((operand & TEMPORARY) == TEMPORARY)
          value_drop (run, OPERAND (bases, operand));
      }
  value_set (run, OPERAND (bases, group->a), spread.results[count - 1]);
  for (uint32_t i = 0; i + 1 < count; i++)
    value_drop (run, &spread.results[i]);
}
