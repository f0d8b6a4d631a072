/* record.h -- what every node of the tape was computed by: kept where derivatives are to be differentiated again. */
#ifndef GRADCALC_RECORD_H
#define GRADCALC_RECORD_H

#include "ops/ops.h"
#include "tape/tape.h"

/* What made a node, beside the operators and functions of ops.def. */
enum
{
  STEP_NONE = UINT16_MAX,      /* a source, or nothing is known of it */
  STEP_LINEAR = UINT16_MAX - 1 /* the links on the tape are all there is to it: they do not depend on any value */
};

struct step
{
  struct value result;
  uint32_t place;    /* of the instruction */
  uint32_t operands; /* the first one's position in `operands` */
  uint32_t slot;     /* of a recorded sweep at work: its adjoint plus one */
  uint16_t op;
  uint8_t count : 6; /* operands */
  uint8_t kink : 1;  /* a function with structure that was at a kink */
  uint8_t told : 1;  /* what there is to say of kinks here was said */
  uint8_t item;      /* of a tuple, which item it is */
};

struct record
{
  struct area steps;    /* struct step, by node */
  struct area operands; /* struct value: with references */
};

void record_open (struct record *record, struct memory *memory);
void record_close (struct record *record);

/* Keeps what made a node; only functions that are not linear need their operands. The last node known so far may be any
   smaller one. */
void record_step (struct record *record, uint32_t node, uint32_t place, uint32_t op, const struct value *result,
                  const struct value *const operands[], uint32_t count);

static inline struct step *
record_at (const struct record *record, uint32_t node)
{
  return area_of (&record->steps, struct step) + node;
}

#endif
