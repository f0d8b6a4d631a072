/* cells.c -- numbers the cells of a group. */
#include "code/cells.h"

#include <assert.h>

static_assert (CELLS * sizeof (struct cell) <= 1 << CELL_BITS, "a cell has no more bits");

void
cells_number (struct instruction *group)
{
  struct instruction *steps = group + 1;
  uint32_t registers[REGISTERS], count = 0;
  uint8_t seen[256] = { 0 }; /* by a register's last bits, whether there is one */
  for (uint32_t i = 0; i < group->b; i++)
    {
      struct instruction *step = &steps[i];
      step->c = 0;
      for (int k = 0; k < op_info[step->op].arity; k++)
        {
          uint32_t operand = k ? step->b : step->a;
          uint8_t *met = &seen[operand & 255];
          uint32_t cell = *met ? 0 : count;
          if (operand >> 30 == PENDING >> 30)
            continue;
          while (cell < count && registers[cell] != operand)
            cell++;
          if (cell == count)
            {
              registers[count++] = operand;
              step->c |= FIRST_A << k;
            }
          *met = 1;
          step->c |= cell * (uint32_t)sizeof (struct cell) << k * CELL_BITS;
        }
    }
  for (uint32_t i = 0; i < group->b; i++)
    for (int k = 0; k < op_info[steps[i].op].arity; k++)
      {
        uint32_t operand = k ? steps[i].b : steps[i].a, inner = operand & REGISTER_MASK;
        if (operand >> 30 == PENDING >> 30)
          steps[i].c |= inner + 1 == i ? (uint32_t)LAST_A << k
                                       : (count + inner) * (uint32_t)sizeof (struct cell) << k * CELL_BITS;
      }
  group->c = count;
}
