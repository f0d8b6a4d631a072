/* bind.h -- columns of records that give values to names of the program. */
#ifndef GRADCALC_BIND_H
#define GRADCALC_BIND_H

#include "code/program.h"
#include "rows/intake.h"

/* A name that a column gives a value, or several columns the elements, x.0, x.1, ... */
struct bound
{
  uint32_t name;
  struct array *array; /* the value, whose elements change with each record */
  size_t slot;         /* where its numbers are from, among those of the intake */
};

struct binding
{
  struct bound *list;
  size_t count;
  size_t numbers; /* of a record */
};

/* Finds the columns whose names the program mentions, otherwise than as functions that it calls, and tells the intake
   where their numbers go. False after a message: a name is there twice, an element is missing. */
bool bind_columns (struct binding *binding, struct intake *intake, const struct syntax *const syntaxes[], size_t count,
                   struct names *names, struct arrays *arrays, struct diagnostics *diagnostics);
void bind_close (struct binding *binding, struct arrays *arrays);

/* Takes over the numbers of the record at hand. */
void bind_take (const struct binding *binding, const struct intake *intake);

#endif
