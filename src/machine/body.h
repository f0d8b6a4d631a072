/* body.h -- the body of a loop on numbers: the ways through it, each as two programs.

   A way is what is run from one head of a loop to the next: an iteration, or where loops nest the part of one between
   heads. It is straight: which side a branch took is known, a function that was called stands in the place of its call,
   and the kinds of all values are those of the state that it began with. So the first program is no more than steps on
   numbers in cells, one for each register, and computes values alone; and those of all ways from one state are a tree,
   in which a way ends where a branch that was not met before begins.
   The second computes the coefficients of a block of iterations that went the same way, in columns, each step in a loop
   over the block; the derivative of the body is written down as steps of it, so that a coefficient that is another
   value, or 1, costs nothing. */
#ifndef GRADCALC_BODY_H
#define GRADCALC_BODY_H

#include "lanes/lane.h"
#include "machine/listener.h"
#include "machine/run.h"

enum
{
  BODY_STEPS = 512,                          /* of expressions, on a way, at most */
  BODY_LINKS = LOOP_LINKS,                   /* likewise */
  BODY_COLUMNS = 2048,                       /* likewise */
  BODY_BRANCHES = 64,                        /* likewise */
  BODY_STATES = 32,                          /* of a loop, at most */
  BODY_HEADS = 16,                           /* likewise */
  BODY_SEGMENTS = 512,                       /* likewise */
  BODY_CHOICES = 64,                         /* likewise */
  BODY_CONSTANTS = 128,                      /* likewise */
  BODY_CONSTANT = LOOP_ALL_CELLS + BODY_STEPS,
  BODY_NUMBERS = BODY_CONSTANT + BODY_CONSTANTS /* that the first program works on: cells, then results of steps, then
                                                   constants */
};

/* Steps of the first program beside the operators of ops.def: what some of these have become, and others. STOP: the way
   is not gone, and what it would have done is left to single steps. */
enum
{
  BODY_TWO = OPS,              /* x[to] = (x[a] o x[b]) p x[c], at 4 * o + p, which are of the list below */
  BODY_FOUR = BODY_TWO + 12,   /* x[to] = (x[a] o x[b]) p (x[c] q x[d]), at 9 * o + 3 * p + q */
  BODY_OPERATORS = BODY_FOUR + 27, /* those that are joined are before it */
  BODY_WHOLE = BODY_OPERATORS, /* stops unless x[a] is whole */
  BODY_HOLDS,                  /* stops unless x[a] */
  BODY_FAILS,                  /* stops if x[a] */
  BODY_GOES_ON,                /* stops unless a range that is at x[a] goes on to x[b] by x[c] */
  BODY_RANGE,                  /* the same, then x[to] = x[a] and x[a] += x[c] */
  BODY_BELOW,                  /* x[to] = whether a range that is at x[a] goes on to x[b] by x[c] */
  BODY_INSIDE,                 /* x[to] = whether x[a] is below the length of the array in cell b */
  BODY_FUNCTION,               /* x[to], ... = operator b of the `c` numbers x[a], ..., as of an array */
  BODY_FEW,                    /* x[to], ... = what few_compute () gives of operator b and the `c` numbers x[a], ...; or
                                  stops */
  BODY_NUMBER,                 /* x[to] = b */
  BODY_NEXT,                   /* x[to] = x[a] + 1 */
  BODY_ITEM,                   /* x[to] = element x[a] of the array in cell b; stops if it is not there */
  BODY_REPLACE,                /* element x[a] of the array in cell c = x[b]; stops if it is not there */
  BODY_ROW,                    /* x[to] = where row x[a] of the array in cell c begins; or stops */
  BODY_SPAN,                   /* x[to] = x[a]; stops unless `b` elements from there on are in the vector in cell c */
  BODY_POSITION,               /* x[to] = where row x[a], column x[b] is in the matrix in cell c; or stops */
  BODY_EXTENT,                 /* x[to] = extent b of the array in cell c, or its size */
  BODY_DIFFER,                 /* stops if x[a] and x[b] are equal */
  BODY_CHOICE,                 /* x[a] and x[b] are sides of choice `to`, and may be equal */
  BODY_TIED,                   /* the operator `to` has a kink where x[a], x[b] and x[c] are equal, which the run is
                                  told of; stops if x[c] is no number */
  BODY_KINK,                   /* the operator `to` may have a kink at x[a], x[b], x[c], which the run is told of */
  BODY_KINK_ASIDE              /* the same, on the way to a boolean alone */
};

/* Basic operations that are joined; the last is an `y - x`, which only comes second. */
enum
{
  JOIN_ADD,
  JOIN_SUBTRACT,
  JOIN_MULTIPLY,
  JOIN_FROM
};

/* x[to] = op (x[a], x[b], x[c]), and where the step is an operator, or some of them joined, or reads an element,
   x[also] = that too. */
struct body_step
{
  uint16_t op, a, b, c, to, also, d;
};

/* A comparison of what varies, which decides: where it stands, as warnings name it. */
struct body_choice
{
  uint32_t place;
  uint16_t op;
};

/* A step in columns is an operator, or: */
enum
{
  COLUMN_KEPT = OPS, /* the column is kept by the first program, as its number a */
  COLUMN_CONSTANT    /* it is constant a of the body */
};

/* Of an array: its type and rank; where its elements are cells also its extents, and whether each hangs on all that
   any does. Of others of more than one axis those of a row of few elements, and where the whole has few all. */
enum
{
  WHAT_TYPE = 8,    /* the type's first bit, behind the rank */
  WHAT_EXTENT = 16, /* those of the extents, of five bits each */
  WHAT_RANK = 3,    /* so many axes at most */
  WHAT_SIZE = 255,  /* for an extent: of all axes together */
  WHAT_CLOSED = 1u << 31
};

/* A register that is element `operand & UINT16_MAX` of the array in a cell. */
enum
{
  BODY_ELEMENT = PENDING | 1 << 29
};

/* What is known of a cell before a way is gone. */
struct cell_state
{
  uint8_t kind;
  bool varies;
  uint16_t same; /* the first cell that has the very same value, if it varies; else itself */
  uint32_t what; /* of an array as above, the prototype of a function plus one, or 0 */
};

/* The head of a loop with what is known of the cells there. */
struct body_state
{
  uint32_t place;
  struct body_segment *root;
  struct body_segment *last; /* ends the way that was gone last, */
  uint32_t in_a_row;         /* as it had been so many times */
  struct cell_state cells[LOOP_CELLS];
};

/* All numbers from one to another, at least these. */
struct interval
{
  double low, high;
};

/* A way. Its columns stand in room of their own, so only one sweep at a time can use it. */
struct body_way
{
  struct loop_form form; /* first, for that is what the tape knows of it */
  uint32_t number;       /* among the forms */
  cell_set assigned;     /* cells of the state */
  uint32_t steps;        /* of those that a run may count */
  uint32_t last;         /* the variable that was assigned last, or UINT32_MAX */
  struct body_state *to;
  struct passage passage;       /* if somebody hears of turns */
  uint32_t kept_cells;          /* of what is kept the first so many are cells as they were before */
  double *kept;                 /* room for what a block keeps */
  const uint16_t *kept_numbers; /* the number that is kept: a cell as it was before, or what a step has left */
  const uint16_t *kept_columns; /* its column */
  const uint16_t *fixed;        /* pairs of a column and the cell that it has in all iterations */
  uint32_t fixed_count;
  const struct lane_step *column_steps;
  uint32_t column_step_count;
  const uint16_t *links; /* by link: its column; then those of positions */
  uint32_t position_count;
  double **columns;            /* where each is; nobody writes what is kept */
  const double **coefficients; /* where each link's is */
  double *room;                /* columns of LOOP_BLOCK numbers */
  struct interval *ranges;        /* by column: what it is within in a block; NULL where steps do not tell */
  bool needs_signs;            /* of what is kept, for that */
};

/* A part of ways from one branch to the next. */
struct body_segment
{
  const struct body_step *steps;
  uint32_t step_count;
  uint16_t condition;         /* a number: on it hangs which segment is next, unless a way ends here */
  bool ends;                  /* a way ends, or nothing is there but what single steps can do */
  const struct body_way *way; /* that ends here, or NULL */
  struct body_segment *next[2], *before;
  bool side;     /* of the segment before, on which it is */
  bool sure;     /* the first, and a way by itself, */
  cell_set held; /* which changes these cells before it may stop */
  struct body_segment *straight; /* of one that ends a way: all of that, if it was wanted */
};

struct body
{
  uint32_t top, end; /* its code */
  uint32_t heads[BODY_HEADS], head_count;
  uint32_t cell_count;
  uint32_t registers[LOOP_CELLS]; /* by cell: its register, or with PENDING what a function in a cell has captured, or
                                     with BODY_ELEMENT an element of an array in a cell */
  uint8_t elements[LOOP_CELLS];   /* of an array: 0, or the first of the cells that are its elements, */
  uint32_t what[LOOP_CELLS];      /* and what it was when they became cells */
  cell_set constant;              /* cells that no instruction of the code assigns */
  cell_set passing;               /* registers of expressions, which nobody reads behind the statement that set them */
  cell_set in_place;              /* arrays of which the code replaces elements, and does not assign them */
  cell_set changed;               /* those of them in which some way does */
  struct body_state states[BODY_STATES];
  uint32_t state_count, segment_count;
  const struct loop_form *forms[LOOP_FORMS];
  uint32_t form_count;
  struct body_choice choices[BODY_CHOICES];
  uint32_t choice_count;
  double numbers[BODY_CONSTANTS]; /* the constants of its ways */
  uint32_t number_count;
  bool crowded;      /* loops that ways go through have led to what no way can be, */
  bool turn_by_turn; /* so nothing is a constant here, and of a loop within each turn is a way */
};

/* A body for the loop whose head is `top` and that ends before `end`; it lives as long as the tape. */
struct body *body_new (struct run *run, uint32_t top, uint32_t end);
/* One for the same loop, on whose ways no loop is gone through for its range alone. */
struct body *body_turn_by_turn (struct run *run, struct body *body);
bool body_has_head (const struct body *body, uint32_t place);
/* The state at a head for what is known of the cells, or for the registers as they are; NULL when there are too many.
 */
struct body_state *body_state (struct body *body, uint32_t place, const struct cell_state *cells);
struct body_state *body_enter (struct body *body, uint32_t place, struct value *const bases[4]);
/* Where the value of a cell is, outside of ways; of an element that of its array. */
struct value *body_value (const struct body *body, uint32_t cell, struct value *const bases[4]);
static inline bool
body_is_element (const struct body *body, uint32_t cell)
{
  return (body->registers[cell] & (GLOBAL | BODY_ELEMENT)) == BODY_ELEMENT;
}
static inline uint32_t
body_array_of (const struct body *body, uint32_t element)
{
  return body->registers[element] >> 16 & (LOOP_CELLS - 1);
}
/* Whether a cell has an array that ways assign by its elements alone. */
static inline bool
body_is_unfolded (const struct body *body, uint32_t cell)
{
  return body->elements[cell] && !(body->constant & cell_bit (cell));
}
/* Makes the elements of the array in a cell cells as well; false where there are too many. */
bool body_unfold (struct body *body, uint32_t cell, struct value *const bases[4]);
/* Of an array with so few elements: type and shape as a number, and the shape again. */
uint32_t body_what (enum type type, const struct shape *shape);
struct shape body_shape (uint32_t what);
/* Whether nobody else has the arrays whose elements are replaced. */
bool body_owns_arrays (const struct body *body, struct arrays *arrays, struct value *const bases[4]);
/* The cell of a register, LOOP_CELLS when there are too many. One that is new has a register that no way has assigned
   so far. */
uint32_t body_cell (struct run *run, struct body *body, uint32_t operand, struct value *const bases[4]);

/* way_kept.c: writes what `count` iterations keep, and reads it back into columns from where it stands, up to what is
   behind it. */
void way_write_kept (const struct body_way *way, uint32_t count, struct area *area);
void way_read_kept (const struct body_way *way, uint32_t count, const double **kept);
/* way_bound.c: what a step's result is within, from the ranges of the columns, false where these never tell; whether
   they may only where the signs are known; whether the coefficients of so many iterations of each form are finite for
   sure, from what these keep. */
bool way_bound_step (const struct lane_step *step, const struct interval *ranges, struct interval *range);
bool way_bound_needs_signs (const struct lane_step *step);
bool body_is_bounded (const struct body *body, const uint32_t *counts, const double *entry);
/* way_step.c: the cells that are others where a segment may stop. */
cell_set body_held (const struct body_segment *segment);
/* The way to a segment that ends it, as one that stops where a branch takes another side. */
struct body_segment *body_straighten (struct run *run, const struct body_segment *end);
/* walk.c: what comes behind a branch, or with `before` NULL behind the head of a state. */
struct body_segment *body_extend (struct run *run, struct body *body, const struct body_state *state,
                                  struct body_segment *before, bool side, struct value *const bases[4]);

#endif
