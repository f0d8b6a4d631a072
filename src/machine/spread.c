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

/* A vector of n and a column of n by 1 make a matrix, which is seldom meant. */
static bool
meets_column (const struct shape *vector, const struct shape *column)
{
  return vector->rank == 1 && column->rank == 2 && column->extent[1] == 1 && column->extent[0] == vector->extent[0]
         && vector->extent[0] > 1;
}

static void
warn_spreading (struct run *run, uint32_t place, enum op op, const struct shape *a, const struct shape *b,
                const struct shape *joined)
{
  char left[SHAPE_TEXT], right[SHAPE_TEXT], both[SHAPE_TEXT];
  if (run->outer)
    return;
  warn (run->diagnostics, WARNING_BROADCAST, op_written (op), run_span (run, place),
        "'%s' between shapes (%s) and (%s) spreads to %s", op_written (op), shape_text (left, a), shape_text (right, b),
        shape_text (both, joined));
}

/* Shape and type of every step; ends the run with a message where operands do not fit. */
static void
infer (struct spread *spread)
{
  struct run *run = spread->run;
  for (uint32_t i = 0; i < spread->count; i++)
    {
      const struct instruction *step = &spread->steps[i];
      const struct op_info *info = &op_info[step->op];
      uint32_t place = spread_place (spread, i);
      struct shape shape = { 0 };
      bool whole = true;
      for (int k = 0; k < info->arity; k++)
        {
          uint32_t operand = spread_read (step, k);
          struct shape other, joined;
          enum kind type;
          if (operand >> 30 == 1)
            {
              other = spread->shapes[operand & REGISTER_MASK];
              type = spread->types[operand & REGISTER_MASK];
            }
          else
            {
              const struct value *value = OPERAND (spread->bases, operand);
              char text[VALUE_TEXT];
              if (value->kind == KIND_NOTHING)
                run_unassigned (run, place, operand);
              if (!value_is_numeric (value))
                diagnose_stop (run->diagnostics, STATUS_PROGRAM, run_span (run, place), "'%s' cannot take %s",
                               op_written (step->op), value_describe (text, value));
              other = value_shape (value);
              type = value_type (value) == TYPE_REAL ? KIND_REAL : KIND_INTEGER;
            }
          if (step->op != OP_where || k > 0)
            whole = whole && type != KIND_REAL;
          if (!shape_broadcast (&joined, &shape, &other))
            {
              char left[SHAPE_TEXT], right[SHAPE_TEXT];
              size_t m = 0, n = 0;
              differing (&shape, &other, &m, &n);
              diagnose_stop (run->diagnostics, STATUS_PROGRAM, run_span (run, place),
                             "'%s' cannot combine shapes (%s) and (%s): the sizes %zu and %zu differ",
                             op_written (step->op), shape_text (left, &shape), shape_text (right, &other), m, n);
            }
          if (meets_column (&shape, &other) || meets_column (&other, &shape))
            warn_spreading (run, place, step->op, &shape, &other, &joined);
          shape = joined;
        }
      spread->shapes[i] = shape;
      spread->types[i] = info->traits & TRUTH                                        ? KIND_BOOLEAN
                         : info->traits & INTEGER || (info->traits & WHOLE && whole) ? KIND_INTEGER
                                                                                     : KIND_REAL;
    }
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

static void
evaluate_apart (struct spread *spread, uint32_t i)
{
  if (spread->shapes[i].rank == 0)
    evaluate_number (spread, i);
  else
    spread_fused (spread, &i, 1, &spread->results[i]);
}

/* What is done here asks for the nodes of arrays. */
static void
settle_operands (struct run *run, const struct instruction *group, struct value *const bases[4])
{
  for (uint32_t i = 0; i < group->b; i++)
    for (int k = 0; k < op_info[group[1 + i].op].arity; k++)
      {
        uint32_t operand = spread_read (&group[1 + i], k);
        if (operand >> 30 != 1)
          small_settle (run, OPERAND (bases, operand));
      }
}

void
run_group_spread (struct run *run, uint32_t place, const struct instruction *group, struct value *const bases[4])
{
  uint32_t count = group->b;
  small_count (run);
  settle_operands (run, group, bases);
  struct spread spread = { .run = run, .place = place, .steps = group + 1, .count = count, .bases = bases };
  spread.decides = group->op & GROUP_DECIDES && !run->outer;
  if (!run->apart && !run->listener && !run->variation.axis)
    spread.reduced = group->op & (GROUP_SUMMED | GROUP_AVERAGED);
  infer (&spread);
  uint32_t which[GROUP_LIMIT];
  int together = 0;
  for (uint32_t i = 0; i < count; i++)
    if (!run->apart && spread.shapes[count - 1].rank > 0 && shape_equal (&spread.shapes[i], &spread.shapes[count - 1]))
      {
        spread.fused[i] = true;
        which[together++] = i;
      }
    else
      evaluate_apart (&spread, i);
  if (together && !spread_fused (&spread, which, together, &spread.results[count - 1]))
    for (int s = 0; s < together; s++)
      evaluate_apart (&spread, which[s]);
  for (uint32_t i = 0; run->apart && i < count; i++)
    {
      const struct instruction *step = &spread.steps[i];
      const struct value *operands[3];
      const uint32_t arity = (uint32_t)op_info[step->op].arity;
      for (uint32_t k = 0; k < arity; k++)
        operands[k] = spread_operand (&spread, spread_read (step, (int)k));
      if (run->complete)
        complete_value (run, &spread.results[i]);
      run_tell (run, &(struct heard){ spread_place (&spread, i), step->op, arity, operands, &spread.results[i], 0 });
    }
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
