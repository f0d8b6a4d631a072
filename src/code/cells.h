/* cells.h -- where the numbers of a group of sums, products and quotients stand while it runs. */
#ifndef GRADCALC_CELLS_H
#define GRADCALC_CELLS_H

#include "code/program.h"

/* The `c` of a step says where its operands are. LAST: the operand is the step before, and needs no cell. FIRST: the
   group meets this register for the first time, and reads it into its cell. Offsets are in bytes from the first cell:

     c  29     28     27      26      25         13 12          0
        [LAST_B|LAST_A|FIRST_B|FIRST_A|cell of b   |cell of a   ]

   The `c` of the group is how many registers it reads. */
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
