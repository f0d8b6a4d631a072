/* way.h -- a way through the body of a loop while its two programs are written. */
#ifndef GRADCALC_WAY_H
#define GRADCALC_WAY_H

#include "machine/body.h"

enum
{
  WAY_LOCALS = 128,   /* registers of the functions that are called, at most */
  WAY_CALLS = PASSAGE_CALLS,
  WAY_PARTS = 1024,   /* elements of arrays, at most */
  WAY_PASSAGE = 4096, /* instructions, where somebody hears of them, at most */
  WAY_INPUTS = 40,    /* operands of one expression for an element, at most */
  WAY_INPUT = 1 << 29 /* with a number below WAY_INPUTS: an operand that is one of them */
};

/* A value on the way. Its number is a cell of the state, or one behind them, which is assigned but once. Where it is an
   `element`, links to it are links to an array at a position, for it has no cell of its own. */
struct known
{
  uint8_t kind;
  bool varies;
  uint16_t number, column;
  uint16_t same; /* a name of the value, shared by all that have the very same */
  uint32_t what; /* as in a state; of an array, `number` is the cell that has it */
  bool element;
  uint16_t array, position; /* the cell, and the column of the position */
  cell_set reach;           /* cells that it hangs on, as they were before the way, through whatever coefficient */
  uint16_t base;            /* with `beyond` not 0 the column of an integer that it is so far beyond */
  int16_t beyond;
  struct known *parts;      /* of an array: its elements, where each is known; or NULL */
};

struct way_call
{
  uint32_t base;  /* of its registers among the locals */
  uint32_t place; /* of the call */
  uint32_t registers;
};

struct way
{
  struct run *run;
  struct body *body;
  struct value *const *bases;
  struct known cells[LOOP_CELLS], locals[WAY_LOCALS], inputs[WAY_INPUTS], parts[WAY_PARTS];
  uint32_t part_count;
  struct known *waiting; /* elements that are about to be assigned */
  uint32_t waiting_count;
  struct known one, zero; /* of numbers, if they were wanted */
  uint16_t constant_columns[BODY_CONSTANTS]; /* by constant: its column, or 0 */
  uint32_t turns;                            /* of loops that are gone through */
  struct way_call calls[WAY_CALLS];
  uint32_t depth;
  uint32_t own_cells, inner; /* numbers in use behind the state, and behind all cells */
  uint16_t names;            /* of values, in use */
  cell_set assigned;
  uint32_t counted, last;
  bool failed; /* single steps have to go on */
  bool writes; /* steps of the first program are new: they stand behind the last branch */
  bool smooth; /* the expression that is being written has no kink here */
  struct body_step steps[2 * BODY_STEPS];
  uint32_t step_count;
  struct lane_step column_steps[BODY_COLUMNS];
  bool exact[BODY_COLUMNS]; /* columns that come out to the last bit as the first program computes the number */
  uint32_t column_step_count, column_count;
  struct loop_assignment assignments[BODY_STEPS];
  uint16_t links[BODY_LINKS], from[BODY_LINKS];
  bool flat[BODY_LINKS];
  uint16_t positions[BODY_LINKS]; /* by link: the column of the element's position in an array; WAY_ONES is none */
  uint16_t replaced[BODY_STEPS];  /* by assignment: the same */
  uint32_t assignment_count, link_count;
  bool heard; /* somebody hears of its passage */
  uint32_t passage[WAY_PASSAGE], passage_count;
};

enum
{
  WAY_ONES = LOOP_CELLS, /* the column of ones; those before it are the cells as they were before the way */
  WAY_FLATS,             /* a column of FLAT */
  WAY_COLUMNS            /* those in use from the start */
};

/* Begins at a state. */
void way_begin (struct way *way, struct run *run, struct body *body, const struct body_state *state,
                struct value *const bases[4]);
/* What is known of cells that are new, from `first` on. */
void way_know (struct way *way, uint32_t first);
/* What is known of an operand; fails when there are too many. */
struct known *way_find (struct way *way, uint32_t operand);
/* One that is a number; fails otherwise. */
struct known way_number (struct way *way, uint32_t operand);
/* Whether so many operands from one on are left out. */
bool way_left_out (struct way *way, uint32_t first, uint32_t count);
/* An instruction is passed at this place, or a function of this number is entered, if somebody hears of it. */
void way_pass (struct way *way, uint32_t place);
/* way_step.c: a step of the first program alone. */
void way_step (struct way *way, struct body_step step);
/* Has the step that computes `from` set `to` too, which then is another name of it; false where somebody has read `to`
   since as it was before. */
bool way_set_too (struct way *way, uint16_t from, uint16_t to);
/* Joins basic operations with those that they are operands of, in an expression whose steps begin at `first`: so
   nothing waits for their results to come back from memory. */
void way_join (struct way *way, uint32_t first);
/* A number for the result of a step that is no cell. */
uint16_t way_inner (struct way *way);
/* The same value for another register, or an element of an array for one. */
void way_move (struct way *way, uint32_t to, const struct known *value);
/* The number in a register is an integer from here on. */
void way_whole (struct way *way, uint32_t operand);
/* A column of a number that the first program alone computes, which iterations keep if they need it. */
uint16_t way_kept_column (struct way *way, uint16_t number);
uint16_t way_column_step (struct way *way, struct lane_step step);
/* The column of an operator's values. */
static inline uint16_t
way_column_of (struct way *way, enum op op, uint16_t a, uint16_t b, uint16_t c)
{
  return way_column_step (way, (struct lane_step){ .op = (uint16_t)op, .a = a, .b = b, .c = c });
}
/* What a step gives, which is no link, for a register. */
void way_result (struct way *way, uint32_t to, struct body_step step, const struct known *value);
/* A number goes to the array in a cell, at a position whose number is `at`; nothing else reads it, or it is `shared`.
 */
void way_replace (struct way *way, uint16_t cell, uint16_t at, uint16_t position, const struct known *known,
                  bool shared);
/* Gives a value that is in a cell, or an element, a cell of its own. */
void way_set_apart (struct way *way, struct known *known);
/* The column of a position: the very same in a sweep as the number. */
uint16_t way_position (struct way *way, const struct known *index);
/* A value that hangs on all that the elements of an array hang on. */
void way_close (struct way *way, struct known *value, const struct known *parts, uint32_t count);
/* A value for a register that was computed for a number of its own, with what it has of a change of each of these, as
   far as they vary. */
void way_weighted (struct way *way, uint32_t to, const struct known *value, const struct known *of,
                   const struct lane_weight *weights, uint32_t count);
/* A register is emptied. */
void way_clear (struct way *way, uint32_t operand);
/* An expression of numbers: its values, and by a reverse sweep its links. */
void way_group (struct way *way, const struct instruction *group);
/* way_row.c: x[i] of a vector, or of a matrix with its elements in a row, that changes by its elements alone, for a
   register; whether x[i] is a row of few elements, whose place is computed, of such an array; that row for
   a register; x[i] = a number, or a row. */
void way_item (struct way *way, uint32_t array, const struct known *index, uint32_t target);
bool way_has_row (struct way *way, const struct known *array, const struct known *index);
void way_row (struct way *way, const struct known *array, const struct known *index, uint32_t target);
void way_replace_row (struct way *way, const struct known *array, const struct known *index, uint32_t value);
/* Few elements in a row from one place to another, which both move, of a vector that is read where it is. */
bool way_has_span (struct way *way, const struct known *array, const struct known *slice);
void way_span (struct way *way, const struct known *array, const struct known *slice, uint32_t target);
/* way_routine.c: a function that is called by a routine; x[i] = a number, in an array that nobody else has. */
void way_routine (struct way *way, const struct instruction *routine);
void way_replacement (struct way *way, const struct instruction *replace);
static inline enum type
way_type_of (const struct known *array)
{
  return (enum type)(array->what >> WHAT_TYPE & UINT8_MAX);
}
/* How many elements an array has whose elements are known. */
static inline uint32_t
way_part_count (const struct known *array)
{
  const struct shape shape = body_shape (array->what);
  return (uint32_t)shape_size (&shape);
}
/* way_extreme.c: max and min; of parts that are real, for a register. */
void way_extreme (struct way *way, const struct instruction *routine);
void way_extreme_of (struct way *way, enum op op, const struct known *parts, uint32_t count, uint32_t to);
/* way_product.c: the sum of parts, or their mean, for a register: as a routine has it of what is in order, or not. */
void way_sum (struct way *way, const struct known *parts, uint32_t count, bool in_order, bool mean, uint32_t to);
/* way_line.c: these along an axis, false where none is given. */
bool way_lines (struct way *way, const struct instruction *routine);
/* way_array.c: arrays of few elements. The elements of one, or NULL, and the way has failed; room for some; an array
   that is made of some, for a register; the same of another register; the registers of a routine's arguments when they
   are consumed; an expression, which takes arrays or not. */
struct known *way_parts (struct way *way, struct known *array);
struct known *way_part_room (struct way *way, uint32_t count);
void way_set_array (struct way *way, uint32_t to, uint32_t what, struct known *parts);
void way_move_array (struct way *way, const struct instruction *move);
/* Other elements for an array in a register, at some places. */
void way_set_parts (struct way *way, uint32_t to, const uint8_t *places, struct known *parts, uint32_t count);
void way_consume (struct way *way, uint32_t first, uint32_t count);
/* Has a step of the first program compute some numbers of those of parts, which are copied into a row for it: the first
   of them. So the digits of a function of an array's elements are those of arrays. */
uint16_t way_together (struct way *way, uint16_t step, enum op op, const struct known *parts, uint32_t count,
                       uint32_t results);
bool way_takes_arrays (struct way *way, const struct instruction *group);
void way_group_of_arrays (struct way *way, const struct instruction *group);
/* way_constant.c: a value that is a constant, as a condition too; one that is made, false where there is no room for
   it; an expression of constants, false where it is none. A cell of the state gets its constant at the end of the way,
   when all are written. */
bool way_constant (const struct way *way, const struct known *known, double *number);
bool way_decided (const struct way *way, uint16_t number, bool *holds);
bool way_make_constant (struct way *way, uint8_t kind, double number, struct known *made);
bool way_constant_group (struct way *way, const struct instruction *group);
void way_write_constants (struct way *way);
/* Another expression of numbers; of one that is an integer and a constant that is remembered. */
void way_group_of_numbers (struct way *way, const struct instruction *group);
/* The kind of an operator's result. */
uint8_t way_kind_of (enum op op, const struct known *operands);
/* Start, stop and step of a loop over a range, false where they are no constants; whether it is short enough to be gone
   through on the way. */
bool way_range (struct way *way, const struct instruction *next, double range[3]);
bool way_has_room (struct way *way, const struct instruction *next);
/* way_select.c: x[...] of such an array, false where it is none or an index is not known; x[...] = a value, false where
   x is none; a slice; one of the names
   that an array is unpacked into. */
bool way_select (struct way *way, const struct instruction *routine);
bool way_replace_parts (struct way *way, const struct instruction *replace);
void way_slice (struct way *way, const struct instruction *slice);
/* How many elements a slice has whose ends move together; 0 where they do not. */
uint32_t way_moving (const struct known *slice);
void way_unpack (struct way *way, const struct instruction *unpack);
/* way_product.c: routines that make and take such arrays; false where it is none of them. */
bool way_array_routine (struct way *way, const struct instruction *routine);
/* way_few.c: those whose slopes are computed along with their values, or are known; false where it is none of them. */
bool way_few_routine (struct way *way, const struct instruction *routine);
/* way_call.c: a function is entered by the call at a place, and left by the return at a place; where the way goes on.
 */
uint32_t way_call (struct way *way, uint32_t place);
uint32_t way_return (struct way *way, uint32_t place);
/* way_merge.c: makes one of assignments that are as good as one. */
void way_merge (struct way *way);
/* way_end.c: the way is at its end, at a state: what the tape will know of it. */
struct body_way *way_end (struct way *way, struct body_state *to);
/* A copy that lives as long as the tape. */
void *way_keep (struct tape *tape, const void *from, size_t size);

#endif
