/* fusion.h -- a run of steps of one shape, as fusion.c and fusion_block.c see it. */
#ifndef GRADCALC_FUSION_H
#define GRADCALC_FUSION_H

#include "machine/spread.h"
#include "value/layout.h"
#include "value/sum.h"

enum
{
  FUSION_BLOCK = 512
};

/* A source of a step: an earlier step of the same fused run, or a value. */
struct source_of
{
  int step; /* >= 0: the result of that fused step */
  int leaf; /* else: one of the leaves */
};

/* A value from outside of a fused run. */
struct leaf
{
  const struct value *value;
  struct layout layout; /* of its elements in the result, unless it is direct or filled */
  bool direct;          /* it has the result's shape: blocks are read in place */
  bool filled;          /* it is one number: its block is filled once */
  bool wanted;          /* some step varies in it, so that it needs coefficients */
  bool same;            /* they are `scale`, all of them */
  bool computed;        /* they are not, nor are they those of `lender` or `twin` */
  int reached;          /* by how many operands */
  double scale;
  struct array *lender;       /* an operand whose elements are the coefficients; or NULL */
  const struct leaf *twin;    /* another leaf that has the same coefficients, which are computed once; or NULL */
  struct array *coefficients; /* or NULL: they are no longer than a block, or summed */
  bool written;               /* in the current block */
  _Alignas(64) double block[FUSION_BLOCK];
  /* When the result is summed, the coefficients of a number are: */
  bool summed, flat; /* all so far are FLAT */
  struct sum sum;
  _Alignas(64) double folded[FUSION_BLOCK]; /* in the current block */
  /* The nodes of elements that are linked one by one. */
  const uint32_t *nodes;
  uint32_t room[ARRAY_SMALL];
};

struct fused_step
{
  enum op op;
  int arity;
  struct source_of from[3];
  bool varies;
  bool varying[3];
  bool folds, folded[3]; /* some leaf needs coefficients computed by way of it, of this operand */
  bool same;             /* the result's slopes in it are `slope`, all of them */
  double slope;
  struct fused_step *weighing; /* the step whose weights are its own too: itself, or one that it is added up in */
  const struct leaf *bare;     /* of that one: a leaf whose coefficients are these weights; or NULL */
  bool decides;          /* a comparison that the choice of a side hangs on */
  size_t tie;            /* its first element with equal sides, or SIZE_MAX */
  double tied;           /* what they are there */
  const double *x[3];    /* the operands in the current block, */
  double *values;        /* and what comes of them */
  const double *weights; /* what the result's slopes in it are, likewise: its own adjoints, or those of a later step */
  _Alignas(64) double adjoints[FUSION_BLOCK];
  double buffer[FUSION_BLOCK];
};

/* A run of steps that are evaluated together; the last gives the result. */
struct fusion
{
  struct fused_step *steps;
  int step_count;
  struct leaf *leaves;
  int leaf_count;
  struct leaf **reached; /* those that are wanted, as the fold comes to them */
  int reached_count;
  const struct shape *shape;
  size_t size;
  const struct kernels *kernels;
  bool blocks;     /* some partial may be FLAT */
  bool fixes;      /* zeros that are rules are to be told from others */
  bool lends;      /* elements of an operand may be coefficients as they are */
  bool checks;     /* whether coefficients are finite, */
  bool finite;     /* and they are */
  bool kink;       /* some step met one */
  struct sum *sum; /* of the results, in the place of an array of them; or NULL */
  double share;    /* of each element in the result: 1, or of n elements of a mean 1/n */
};

/* fusion_plan.c: finds the leaves whose coefficients are one number, or another operand as it is; with `careful` there
   are none. Whether any others are left, which have to be computed. */
bool fusion_plan (struct fusion *fusion, bool careful);

/* Evaluates all steps: the result into an array, or the fusion's sum, and with `fold` the coefficients of the leaves.
   It stops at a block with a coefficient that is not finite. False at a block where an element that was to be a
   coefficient as it is can be none; all that was made is void then. */
bool fusion_evaluate (struct fusion *fusion, struct array *result, bool fold);

#endif
