/* symbolic_step.h -- the steps of a run as symbolic.c and symbolic_c.c see them. */
#ifndef GRADCALC_SYMBOLIC_STEP_H
#define GRADCALC_SYMBOLIC_STEP_H

#include <string.h>

#include "formula/symbolic.h"

enum
{
  SYMBOLIC_LENGTH = 100000, /* characters of a formula */
  NO_SLOT = UINT32_MAX,
  LOST = 1u << 31 /* and a node: as a name, that of a value that no variable has any more */
};

struct symbolic_operand
{
  uint32_t slot;   /* the variable it was read from, or NO_SLOT */
  uint32_t recent; /* the step of the same expression that gave it, or 0 */
  uint32_t giver;  /* the step that gave the value, wherever it was read, or 0 where it is not known */
};

struct symbolic_step
{
  const struct value *where; /* the register of its result at that time */
  uint32_t term;             /* its value */
  uint32_t own;              /* the same, where `term` is but a name */
  uint32_t adjoint;          /* what it has got so far: the last entry of `shares`, or NO_TERM */
  bool varies;
  bool depends; /* on a source, maybe only by a comparison or a whole number */
};

/* A part of what a value gets. They are added when all are there: a sum that grows term by term is copied each time. */
struct symbolic_share
{
  uint32_t term, before; /* the entry before it, or NO_TERM */
};

/* A value some elements of which a variable has at the end: an array whose other elements were replaced since (`known`
   has a bit for each element), or a number that was put there. */
struct symbolic_view
{
  uint32_t node, slot;
  uint64_t known;
  uint32_t position; /* of a number */
};

static inline struct symbolic_step *
step_at (const struct symbolic *formulas, size_t number)
{
  return area_of (&formulas->steps, struct symbolic_step) + number;
}

/* Says why there is no formula, and where in the program, or UINT32_MAX, if nothing said so before; false. */
bool symbolic_fail (struct symbolic *formulas, uint32_t place, const char *format, ...)
  __attribute__ ((format (printf, 3, 4)));
/* What writes terms with the program's names. */
struct term_printer symbolic_printer (const struct symbolic *formulas, FILE *out, const struct term_style *style);

/* `count` zeros, in the place of what was there. */
static inline uint32_t *
symbolic_table (struct area *area, size_t count)
{
  area->used = 0;
  uint32_t *table = area_push (area, count * sizeof *table);
  if (count)
    memset (table, 0, count * sizeof *table);
  return table;
}

/* symbolic_names.c: finds which variables have which nodes when the run has ended, and their names. */
void symbolic_find_names (struct symbolic *formulas);
/* The variable that has this value at the end, by its register; NO_SLOT when there is none. What a loop variable held
   last is better told as what it was taken from. */
uint32_t symbolic_slot (const struct symbolic *formulas, const struct value *value);
/* The name of a register. */
const char *symbolic_name (const struct symbolic *formulas, uint32_t slot);
/* Marks the variables that a term names, if `marks` is given. The node of a value in it that has no name, or 0. */
uint32_t symbolic_names (const struct symbolic *formulas, uint32_t term, bool *marks);
/* Whether a name is a letter and digits, as t1. */
bool symbolic_is_numbered (const char *name, char letter);
/* A letter that begins no name of the program which goes on with digits, nor one of C or of the loops there; or 0. */
char symbolic_free_letter (const struct symbolic *formulas);

/* symbolic_origin.c: follows values from register to register. Notes which step gave one; the step that gave what is
   there, or 0, and where it is one that formulas may have in its place; what is called before each instruction. */
void symbolic_set_origin (struct symbolic *formulas, const struct run *run, const struct value *where, uint32_t step);
uint32_t symbolic_giver (struct symbolic *formulas, const struct run *run, const struct value *where);
uint32_t symbolic_origin (struct symbolic *formulas, const struct run *run, const struct value *where);
void symbolic_instruction (void *data, const struct run *run, uint32_t place, const struct value *frame);

/* symbolic_view.c: finds which elements of values that have no name some variable has at the end; and the term of such
   a value, where `own` is the one it has otherwise, or NO_TERM. */
void symbolic_find_views (struct symbolic *formulas);
uint32_t symbolic_view_term (struct symbolic *formulas, const struct value *value, uint32_t own);

#endif
