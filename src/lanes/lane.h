/* lane.h -- an expression and its derivative as steps on columns of numbers, which have a lane for each iteration of a
   loop or each record.

   Whoever writes steps has room for them and for columns, and may know some numbers that are the same in all lanes.
   What is 1, or another value, takes no step. */
#ifndef GRADCALC_LANE_H
#define GRADCALC_LANE_H

#include "code/program.h"
#include "ops/ops.h"

enum
{
  LANE_NONE = UINT16_MAX
};

/* An operator of ops.def: its value, or with `partial` the derivative in operand partial - 1, which takes the value
   too; `both` is for it. */
struct lane_step
{
  uint16_t op, a, b, c, value, to;
  uint8_t partial;
  bool both;
};

/* A column, or a number that is the same in all lanes. */
struct lane_value
{
  uint16_t column; /* LANE_NONE: the number */
  double number;
};
#define LANE_ZERO ((struct lane_value){ LANE_NONE, 0 })
#define LANE_ONE ((struct lane_value){ LANE_NONE, 1 })

/* Adds a step, whose column it chooses; finds or makes a column that is a number in all lanes. */
struct lane_writer
{
  uint16_t (*add) (void *data, struct lane_step step);
  uint16_t (*fill) (void *data, double number);
  void *data;
};

/* What a change of a value does to the result of the expression. */
struct lane_weight
{
  struct lane_value value;
  bool flat;   /* may be FLAT; else a zero of it has its sign by chance */
  bool exists; /* what goes only into a boolean or an integer has none */
};

struct lane_expression
{
  uint32_t count;
  bool all; /* weights of what does not vary are asked for too */
  struct lane_node
  {
    enum op op;
    struct lane_value operands[3], value;
    int inner[3]; /* the earlier step that it is; -1: it is from outside */
    bool varying[3], varies;
    bool both; /* of partials */
    struct lane_weight weights[3];
  } nodes[GROUP_LIMIT]; /* the last is the result */
};

/* The column of a value. */
uint16_t lane_column (const struct lane_writer *writer, struct lane_value value);
/* A sum or a product. */
struct lane_value lane_combine (const struct lane_writer *writer, enum op op, struct lane_value a, struct lane_value b);
/* Writes the value of a node whose operands are known. */
void lane_evaluate (const struct lane_writer *writer, struct lane_node *node);
/* A reverse sweep within an expression whose values are written: the weights of its operands. */
void lane_fold (const struct lane_writer *writer, struct lane_expression *expression);

/* Runs a step, in so many lanes. */
static inline void
lane_run (const struct kernels *kernels, const struct lane_step *step, double *const *columns, size_t count)
{
  const double *a = columns[step->a], *b = columns[step->b], *c = columns[step->c];
  if (step->partial)
    kernels->partials[step->op][step->partial - 1](count, a, b, c, columns[step->value], step->both, columns[step->to]);
  else
    kernels->values[step->op](count, a, b, c, columns[step->to]);
}

#endif
