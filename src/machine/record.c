/* record.c -- what every node of the tape was computed by. */
#include "machine/record.h"

#include "machine/run.h"

void
record_open (struct record *record, struct memory *memory)
{
  area_open (&record->steps, memory, (size_t)64 << 30, "the tape");
  area_open (&record->operands, memory, (size_t)64 << 30, "the tape");
}

/* Arrays are freed with everything that is alive, functions and tuples by the run. */
void
record_close (struct record *record)
{
  if (!record->steps.start)
    return;
  area_close (&record->steps);
  area_close (&record->operands);
}

void
record_step (struct record *record, uint32_t node, uint32_t place, uint32_t op, const struct value *result,
             const struct value *const operands[], uint32_t count)
{
  for (size_t known = area_count (&record->steps, struct step); known <= node; known++)
    *area_add (&record->steps, struct step) = (struct step){ .op = STEP_NONE };
  struct step *step = record_at (record, node);
  *step = (struct step){ .result = *result,
                         .place = place,
                         .operands = (uint32_t)area_count (&record->operands, struct value),
                         .op = (uint16_t)op,
                         .count = count & 0x3f };
  value_hold (result);
  for (uint32_t i = 0; i < count; i++)
    {
      value_hold (operands[i]);
      *area_add (&record->operands, struct value) = *operands[i];
    }
}
