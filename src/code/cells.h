/* cells.h -- where the numbers of a group of sums, products and quotients stand while it runs. */
#ifndef GRADCALC_CELLS_H
#define GRADCALC_CELLS_H

#include "code/program.h"

/* The `c` of a step: the cells of its operands, in bytes from the first; whether one is the step before, which needs no
   cell; and whether the register of one is met there for the first time. The `c` of the group: how many registers it
   reads. */
struct cell
{
  double value, adjoint;
  union
  {
    double partials[2]; /* of a step */
    uint32_t node;      /* of a register */
  };
};

enum
{
  REGISTERS = 2 * GROUP_LIMIT,
  CELLS = REGISTERS + GROUP_LIMIT,
  CELL_BITS = 13,
  CELL_MASK = (1 << CELL_BITS) - 1,
  FIRST_A = 1 << (2 * CELL_BITS),
  FIRST_B = FIRST_A << 1,
  LAST_A = FIRST_B << 1,
  LAST_B = LAST_A << 1
};

/* Numbers the cells of a group: writes the `c` of each of its instructions. */
void cells_number (struct instruction *group);

#endif
