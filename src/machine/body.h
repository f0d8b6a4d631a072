/* body.h -- the body of a plain loop on numbers, as two programs.

   A body is plain when it is made of expressions of smooth operators, and of names given to what they come to
   (program_is_plain). The first program runs an iteration on numbers in cells, one for each register of the body, and
   computes values alone.
   The second computes the coefficients of a block of iterations in columns, each step in a loop over the block; the
   derivative of the body is written down as steps of it, so that a coefficient that is another value, or 1, costs
   nothing. */
#ifndef GRADCALC_BODY_H
#define GRADCALC_BODY_H

#include "machine/run.h"

enum
{
  BODY_STEPS = 256,                      /* of the first program, at most */
  BODY_LINKS = 512,                      /* at most */
  BODY_COLUMNS = 1024,                   /* at most */
  BODY_NUMBERS = LOOP_CELLS + BODY_STEPS /* that the first program works on */
};

static inline uint64_t
cell_bit (uint32_t cell)
{
  return (uint64_t)1 << cell;
}

/* x[to] = op (x[a], x[b]): the cells are the first of the numbers x. */
struct body_step
{
  uint16_t op, a, b, to;
};

/* A step in columns. A partial, in operand partial - 1, takes the value too. */
struct column_step
{
  uint16_t op, partial, a, b, value, to;
};

/* A body. Its columns stand in room of their own, so only one sweep at a time can use it. */
struct body
{
  struct loop_form form;         /* first, for that is what the tape knows of it */
  struct body *next;             /* of the same loop */
  const uint32_t *registers;     /* by cell */
  const struct body_step *steps; /* the first program */
  uint32_t step_count;
  uint32_t index; /* the cell of the loop's variable */
  /* By cell: */
  uint64_t read;       /* an iteration reads what was there before it */
  uint64_t real;       /* that is real, not an integer */
  uint64_t varies;     /* it varies */
  uint64_t constant;   /* it is never assigned */
  uint64_t assigned;   /* an iteration assigns the cell */
  const uint8_t *kept; /* the cells whose values an iteration keeps */
  const struct column_step *column_steps;
  uint32_t column_step_count, column_count;
  const uint16_t *links;       /* by link: its column */
  uint16_t ones;               /* the column of ones; the columns before it are the cells */
  const double **columns;      /* where each is */
  const double **coefficients; /* where each link's is */
  double *room;                /* columns of LOOP_BLOCK numbers */
};

/* Prepares the body of the loop with COUNT_NEXT at `place`, for the registers as they are; it lives as long as the
   tape. NULL where what it reads is no number, or varies in another way after an iteration. */
struct body *body_prepare (struct run *run, uint32_t place, struct value *const bases[4]);
/* Whether one that was prepared before is good for the registers as they are. */
bool body_fits (const struct body *body, struct value *const bases[4]);

/* One iteration. */
void body_run (const struct body *body, double numbers[BODY_NUMBERS]);

#endif
