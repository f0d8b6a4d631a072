/* arithmetic.c -- groups whose steps are sums, products and quotients of numbers: most of what runs in a loop.

   Values and adjoints stand in cells: one for each register that the group reads, and behind them one for each step. */
#include "code/cells.h"
#include "machine/run.h"
#include "ops/elementwise.h"

#define CELL(cells, offset) ((struct cell *)((char *)(cells) + (offset)))

#define ONLY(traits)                                                                                                   \
  if (!((traits) & ARITHMETIC))                                                                                        \
    __builtin_unreachable ();

/* Finds an operand's value; leaves when it is a register that has no number, or a boolean. */
#define FETCH(x, operand, last, first, shift)                                                                          \
  double x;                                                                                                            \
  if (step->c & (last))                                                                                                \
    x = v;                                                                                                             \
  else                                                                                                                 \
    {                                                                                                                  \
      struct cell *place = CELL (cells, step->c >> (shift) & CELL_MASK);                                               \
      if (step->c & (first))                                                                                           \
        {                                                                                                              \
          const struct value *value = OPERAND (bases, operand);                                                        \
          if ((uint32_t)value->kind - KIND_REAL > KIND_INTEGER - KIND_REAL)                                            \
            return NULL;                                                                                               \
          kinds |= value->kind;                                                                                        \
          place->value = value->number;                                                                                \
          place->adjoint = 0;                                                                                          \
          place->node = value->node;                                                                                   \
        }                                                                                                              \
      x = place->value;                                                                                                \
    }

/* The values of all cells and the partials of every step; the last step's cell. NULL when it may not be real: all
   operands are integers. */
static inline __attribute__ ((always_inline)) struct cell *
forward (const struct instruction *group, struct value *const bases[4], struct cell *cells)
{
  struct cell *cell = cells + group->c;
  const struct instruction *step = group + 1, *end = step + group->b;
  double v = 0;
  uint32_t kinds = 0;
  for (;;)
    {
      const bool both = true;
      (void)both;
      FETCH (a, step->a, LAST_A, FIRST_A, 0)
      FETCH (b, step->b, LAST_B, FIRST_B, CELL_BITS)
      switch (step->op)
        {
#define UNARY(name, sign, traits, accuracy, domain, result, pa, says)                                                  \
  case OP_##name:                                                                                                      \
    ONLY (traits)                                                                                                      \
    v = result;                                                                                                        \
    cell->partials[0] = pa;                                                                                            \
    cell->partials[1] = 0;                                                                                             \
    break;
#define BINARY(name, sign, traits, accuracy, domain, result, pa, pb, says)                                             \
  case OP_##name:                                                                                                      \
    ONLY (traits)                                                                                                      \
    v = result;                                                                                                        \
    cell->partials[0] = pa;                                                                                            \
    cell->partials[1] = pb;                                                                                            \
    break;
#include "ops/ops.def"
        default:
          __builtin_unreachable ();
        }
      cell->value = v;
      cell->adjoint = 0;
      if (++step == end)
        return kinds & KIND_REAL ? cell : NULL;
      cell++;
    }
}

/* A reverse sweep within the group. A step of one operand adds nothing to some cell. */
static inline __attribute__ ((always_inline)) void
reverse (const struct instruction *group, struct cell *cells, const struct cell *cell)
{
  double adjoint = 1;
  for (const struct instruction *step = group + group->b; step > group; step--, cell--)
    {
      const uint32_t c = step->c;
      double a = adjoint * cell->partials[0], b = adjoint * cell->partials[1];
      if (c & LAST_B)
        {
          CELL (cells, c & CELL_MASK)->adjoint += a;
          adjoint = b;
        }
      else if (c & LAST_A)
        {
          CELL (cells, c >> CELL_BITS & CELL_MASK)->adjoint += b;
          adjoint = a;
        }
      else
        {
          CELL (cells, c >> CELL_BITS & CELL_MASK)->adjoint += b;
          CELL (cells, c & CELL_MASK)->adjoint += a;
          adjoint = cell[-1].adjoint;
        }
    }
}

uint32_t
run_arithmetic (struct run *run, uint32_t place, struct value *const bases[4])
{
  const struct instruction *code = area_of (&run->program->code, struct instruction), *group = code + place;
  struct tape *tape = run->tape;
  struct cell cells[CELLS];
  const bool one = run->listener != NULL;
  do
    {
      struct value *target = OPERAND (bases, group->a);
      const struct cell *last;
      run->place = (uint32_t)(group - code);
      run_ahead (run, group, run->place, bases);
      if (target->kind >= KIND_ARRAY || !(last = forward (group, bases, cells)))
        break;
      reverse (group, cells, last);

      tape_room (tape, REGISTERS);
      double *weights = (double *)(tape->weights.start + tape->weights.used), trouble = 0;
      uint32_t *operands = (uint32_t *)(tape->operands.start + tape->operands.used), node = 0;
      double *weight = weights;
      for (const struct cell *cell = cells, *end = cells + group->c; cell < end; cell++)
        {
          *operands = cell->node;
          *weight = cell->adjoint;
          operands += cell->node != 0;
          weight += cell->node != 0;
          trouble += cell->adjoint * 0;
        }
      /* NaN: a coefficient is not finite. */
      if (trouble != 0)
        break;
      if (weight > weights)
        {
          tape->operands.used = (size_t)((char *)operands - tape->operands.start);
          tape->weights.used = (size_t)((char *)weight - tape->weights.start);
          node = tape_node (tape);
        }
      target->number = last->value;
      target->node = node;
      target->kind = KIND_REAL;
      if (group->op & GROUP_ASSIGNS)
        run->last = group->a & REGISTER_MASK;
      group += group->b + 1;
    }
  while (group->code == CODE_GROUP && group->op & GROUP_ARITHMETIC && !one);
  return (uint32_t)(group - code);
}
