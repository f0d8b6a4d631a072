/* claims_meant.c -- matrices that the program takes for symmetric ones. */
#include <math.h>

#include "base/heap.h"
#include "check/replay.h"
#include "check/trial.h"

/* The nodes that are the matrix, but for a factor, a term or its transpose, and those that are its product with
   something. */
struct meant
{
  unsigned char *is_matrix;   /* by node */
  const struct value **times; /* by node: what it was multiplied with, or NULL */
  bool found;
};

/* Whether one is a multiple of the other, or of its transpose. */
static bool
are_alike (const struct value *a, const struct value *b)
{
  static const double SLACK = 1e-12;
  struct shape left = value_shape (a), right = value_shape (b);
  size_t size = shape_size (&left), most = 0;
  const double *x = value_elements (a), *y = value_elements (b);
  bool plain = size == shape_size (&right) && size > 0, turned = plain && left.rank == 2 && right.rank == 2;
  turned = turned && left.extent[0] == right.extent[1] && left.extent[1] == right.extent[0];
  for (size_t i = 1; i < size && plain; i++)
    most = fabs (x[i]) > fabs (x[most]) ? i : most;
  if (!plain || x[most] == 0)
    return false;
  for (int way = 0; way < 1 + turned; way++)
    {
      size_t columns = way ? left.extent[1] : 1, rows = way ? left.extent[0] : 1, i = 0;
      double ratio = (way ? y[most % columns * rows + most / columns] : y[most]) / x[most];
      for (; i < size; i++)
        if (!(fabs ((way ? y[i % columns * rows + i / columns] : y[i]) - ratio * x[i])
              <= SLACK * fabs (ratio * x[most])))
          break;
      if (i == size)
        return true;
    }
  return false;
}

static void
look_at (struct meant *meant, const struct step *step)
{
  uint32_t node = step->result.node;
  struct shape shape = value_shape (&step->result);
  bool square = shape_is_square (&shape);
  for (uint32_t k = 0; k < step->count; k++)
    {
      const struct value *operand = &step->operands[k], *other = &step->operands[k ? 0 : 1];
      if (operand->kind != KIND_ARRAY && operand->kind != KIND_REAL)
        continue;
      if (operand->node && meant->is_matrix[operand->node])
        {
          meant->found |= k == 0 && step->op < OPS && op_info[step->op].traits & SYMMETRIC;
          bool elementwise = step->op < OPS && op_info[step->op].arity > 0;
          if (square && (elementwise || step->op == OP_transpose))
            meant->is_matrix[node] = 1;
          if ((step->op == OP_matmul || step->op == OP_dot) && step->count == 2)
            meant->times[node] = other;
        }
      if (operand->node && meant->times[operand->node] && step->count == 2)
        {
          bool product = step->op == OP_matmul || step->op == OP_dot || step->op == OP_multiply;
          meant->found |= product && are_alike (meant->times[operand->node], other);
        }
    }
}

/* At one point; false in `good` when the program does not come through there. */
static bool
is_meant_at (struct claims *claims, struct points *points, const struct point_input *input, size_t draw, bool *good)
{
  struct replay replay;
  struct meant meant = { 0 };
  *good = replay_open (&replay, points, draw);
  if (*good)
    {
      size_t nodes = tape_count (replay.again.run.tape);
      const struct value *matrix = &area_of (&replay.again.run.inputs, struct noted)[input->number].value;
      meant.is_matrix = heap_take_zeroed (claims->memory, nodes, sizeof *meant.is_matrix, "the claims");
      meant.times = heap_take_zeroed (claims->memory, nodes, sizeof *meant.times, "the claims");
      meant.is_matrix[matrix->node] = 1;
      for (size_t i = 1; i <= trace_count (&replay.trace) && !meant.found; i++)
        look_at (&meant, trace_at (&replay.trace, i));
    }
  replay_close (&replay);
  heap_give (meant.is_matrix);
  heap_give (meant.times);
  return meant.found;
}

bool
claim_is_meant_symmetric (struct claims *claims, struct points *points, const struct point_input *input)
{
  enum
  {
    TRIES = 8
  };
  bool good = false, meant = false;
  /* Where inputs are moved, vectors that are equal by chance are not. */
  for (size_t draw = 0; draw < TRIES && !good; draw++)
    meant = is_meant_at (claims, points, input, draw, &good);
  if (!good)
    meant = is_meant_at (claims, points, input, POINTS_OWN, &good);
  points_reset (points);
  return meant;
}
