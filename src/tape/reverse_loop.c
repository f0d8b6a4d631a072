/* reverse_loop.c -- adjoints through a loop: from its results to what it began with. */
#include "tape/reverse.h"

/* The adjoint of an array that a loop has changed in place becomes that of the array before it, if that varied: nobody
   else had it, so nothing behind the loop has passed anything to it. */
static void
pass_array (struct reverse *reverse, union adjoint *after, union adjoint *before)
{
  if (before)
    before->array = after->array;
  else
    array_drop (reverse->tape->arrays, after->array);
  after->array = NULL;
}

void
reverse_loop (struct reverse *reverse, const struct loop *loop)
{
  const struct tape *tape = reverse->tape;
  union adjoint *adjoints = area_of (&reverse->adjoints, union adjoint);
  struct loop_sums X = { 0 };
  bool any = false;
  for (uint32_t cell = 0, after; cell < loop->cell_count; cell++)
    if ((after = loop_after (tape, loop, cell)))
      {
        any |= adjoints[after].array != NULL;
        if (tape_is_array (tape, after, &X.sizes[cell]))
          continue;
        X.numbers[cell] = adjoints[after].number;
        if (reverse->again)
          adjoints[after].number = 0;
      }
  if (!any)
    return;
  for (uint32_t cell = 0, before; cell < loop->cell_count; cell++)
    {
      if (X.sizes[cell])
        X.elements[cell] = reverse_writable (reverse, &adjoints[loop_after (tape, loop, cell)], X.sizes[cell], 0);
      if (loop->assigned & cell_bit (cell) || !(before = loop_before (tape, loop, cell)))
        continue;
      if (tape_is_array (tape, before, &X.sizes[cell]))
        X.elements[cell] = reverse_writable (reverse, &adjoints[before], X.sizes[cell], 0);
      else
        {
          X.numbers[cell] = adjoints[before].number;
          adjoints[before].number = 0;
        }
    }
  loop_reverse (tape, loop, &X, reverse->poison);
  for (uint32_t cell = 0, before; cell < loop->cell_count; cell++)
    {
      before = loop_before (tape, loop, cell);
      if (X.elements[cell] && loop->assigned & cell_bit (cell))
        pass_array (reverse, &adjoints[loop_after (tape, loop, cell)], before ? &adjoints[before] : NULL);
      else if (!X.elements[cell] && before)
        adjoints[before].number += X.numbers[cell];
    }
}
