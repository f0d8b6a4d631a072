/* run.h -- a program run once, at a point. */
#ifndef GRADCALC_RUN_H
#define GRADCALC_RUN_H

#include "code/program.h"
#include "machine/trace.h"
#include "machine/variation.h"
#include "tape/tape.h"

struct run;

/* A variable that became a source, or that was asked for. */
struct noted
{
  bool unbound; /* it had no value when its assignment began */
  bool set;
  struct value value;
};

/* A data file that was read: the array is held until the end of the run, so that nobody changes it in place. */
struct loaded
{
  const char *path;
  struct array *array;
};

struct frame
{
  const struct prototype *prototype;
  uint32_t place; /* of the call */
  size_t base;    /* its first register on the stack */
  uint32_t pending; /* what sharing_keep is to be told when it returns, or 0 */
};

/* A derivative to be taken of what a function returns. */
struct derivation
{
  size_t depth; /* how many frames there are when it has returned */
  enum op op;
  struct value source;
};

/* What is asked of a run when it has ended: anything, gradients of its values in its inputs or in what -w names, or
   values alone. */
enum purpose
{
  PURPOSE_ANY,
  PURPOSE_GRADIENTS,
  PURPOSE_VALUES
};

/* Those that a function has by name, and how many of them, the first ones, may not be left out. */
struct parameters
{
  uint8_t named, required;
  bool known;
};

/* The elements of an array's node as nodes: the last has the first element. */
struct apart
{
  uint32_t node, first;
};

enum
{
  RUN_TAKEN_APART = 64,
  RUN_CALLS = 10000 /* one within the other */
};

struct run
{
  const struct program *program;
  struct diagnostics *diagnostics;
  struct memory *memory;
  struct arrays *arrays;
  struct tape *tape;
  struct area globals;            /* struct value */
  struct area registers;          /* struct value, of the main program: a run without calls has no stack */
  struct area stack;              /* struct value, of the functions that are being called */
  struct area frames;             /* struct frame */
  struct area links;              /* struct call_link, of one call */
  struct area scratch;            /* blocks of run_group_spread */
  struct area inputs, wanted;     /* struct noted, by the program's inputs and wanted names */
  struct area input_order;        /* uint32_t: the inputs, as they were met */
  struct area files;              /* struct loaded */
  struct area derivations;        /* struct derivation */
  struct area repeats;            /* struct repeat, by the numbers of loops */
  struct area sources;            /* uint32_t: nodes that the program may differentiate in (run_may_derive_in) */
  struct area noted_places;       /* uint32_t: where a derivative was zero for want of a connection */
  const struct area *known_files; /* those of an earlier run of the same program, or NULL */
  struct refusal *faults; /* of claims that could not be run, then of targets, by number, for who asks; or NULL */
  struct random random;
  struct function *functions; /* all that are alive */
  struct tuple *tuples;
  uint32_t last;                   /* the variable last assigned that can be a target; UINT32_MAX none */
  uint32_t place;                  /* of the instruction being run */
  FILE *out;                       /* of `print`; NULL: nobody reads it */
  const struct listener *listener; /* or NULL; see run_listen */
  struct trace *trace;             /* what made each node, where it is kept; or NULL */
  bool apart;                      /* each step is a node of its own: it is heard, or kept */
  struct recorder *recorder;       /* makes gradients of them (gradient.h), or NULL */
  bool complete;                   /* what no input reaches is on the tape too (complete.h) */
  uint32_t constants;              /* then: the last node of the program's constants */
  const struct run *outer;         /* of a run of rules: the run it works for, at whose place all happens; or NULL */
  struct variation variation;
  enum purpose purpose; /* set before it runs */
  size_t patience;      /* bytes of steps that are not worth to be looked through for what may go; 0: always */
  bool shares;        /* calls that were made before may give what they gave (sharing.h): set before it runs */
  struct sharing *sharing; /* what is known of such, or NULL */
  uint32_t self_calls; /* of functions by themselves, within one call of the main program */
  size_t deepest;      /* frames; sharing.h counts them anew for each call */
  size_t remarks;      /* how often something was printed or remarked, which a call that is shared does not do */
  size_t steps;       /* loops and calls that may still be made; 0 is no limit */
  uint32_t ahead_end; /* instructions before it look ahead, see run_ahead */
  uint32_t before_small; /* steps on arrays until `small`; 0: never */
  bool small_at_once;    /* for tests: from the first step on */
  bool small;            /* small arrays may have nodes for their elements (small.h) */
  struct apart taken_apart[RUN_TAKEN_APART];
  struct parameters parameters[OPS]; /* of functions that were called */
  bool tied;          /* a choice between branches hung on sides that are equal, or a boolean on a kink */
  bool suspicious;    /* something met a kink or was not finite: worth a second look */
};

void run_open (struct run *run, const struct program *program, struct tape *tape, struct diagnostics *diagnostics);
void run_close (struct run *run);

/* Makes a run that has ended, and its tape, as they were when they were opened, but for the data files, which stay
   read, and for what was set of it since. Memory that it has it keeps. */
void run_restart (struct run *run);

/* Runs the program from its start, once; on an error it leaves by diagnose_stop. */
void run_program (struct run *run);
/* settle.c: the same, and again where it has to be done more carefully. */
void run (struct run *run);

/* From now on the run has a listener, or with NULL none. */
void run_listen (struct run *run, const struct listener *listener);
/* Whether steps are heard. */
static inline bool
run_is_heard (const struct run *run)
{
  return run->listener && run->listener->step;
}
/* Whether kinks alone are, and more of them are wanted. */
static inline bool
run_hears_kinks (const struct run *run)
{
  return run->listener && run->listener->kinks && !run->listener->enough;
}

/* Calls a function of a program that was run, by its prototype, with as many arguments as it takes (references move in;
   KIND_NOTHING is let through). The result has a reference to be dropped by value_drop. */
struct value run_call (struct run *run, uint32_t prototype, const struct value *arguments);
/* Calls an operator or function of ops.def. References of the arguments move in, and the result has one to be dropped.
   `place` is for messages. */
struct value run_apply (struct run *run, uint32_t place, enum op op, const struct value *arguments, uint32_t count);
/* link.c: keeps what made a value, if it varies and steps are kept: the step then, else NULL. */
struct step *run_keep (struct run *run, const struct heard *heard);
/* The same of an array with elements replaced, by the node of the array before. Links are all there is to it, so no
   more than its shape is kept, by another array of that shape, lest the next element to be replaced is replaced in a
   copy. Its elements are kept where someone asks for them: where rounding is bounded or something is not finite. */
struct step *run_keep_replaced (struct run *run, uint32_t place, const struct value *result, uint32_t before);
/* The same as run_keep, and who listens hears of it. */
void run_tell (struct run *run, const struct heard *heard);
/* Gives a value the node of the links that were made last, and keeps that they are all there is to it. */
void run_node (struct run *run, uint32_t place, struct value *result);
/* Gives a value a node that depends on nothing. */
void run_source (struct run *run, struct value *value);
/* The program may take derivatives in a value that is on the tape, as long as it is the value of something. */
void run_may_derive_in (struct run *run, const struct value *value);
/* Begins the node of a value, before its links; a link to a value of the same shape, element by element; a node with
   one link, through a map, which the tape then owns. */
void run_begin (struct run *run, const struct value *result);
void run_link_same (struct run *run, uint32_t node, const struct shape *shape);
void run_map (struct run *run, uint32_t place, struct value *result, uint32_t node, const struct linear *map);
/* A real value of a shape, whose elements are all the same; they may be written where value_room () is. */
struct value run_filled (struct run *run, const struct shape *shape, double element);
static inline double *
value_room (struct value *value)
{
  return value->kind == KIND_ARRAY ? value->array->elements : &value->number;
}

/* where.c: the span of an instruction. */
struct span run_span (const struct run *run, uint32_t place);

/* The name of a variable of the program by its register, or UINT32_MAX. */
uint32_t run_name_of (const struct run *run, uint32_t operand);

/* A register without a value was read: says which name it is, and stops. */
_Noreturn void run_unassigned (const struct run *run, uint32_t place, uint32_t operand);

/* mismatch.c: stops with a message when the inner sizes of a matrix product differ. */
void run_check_product (const struct run *run, uint32_t place, const struct value *left, const struct value *right);

/* load.c: a data file as an array, read at the first time; stops with a message when it cannot be. */
struct array *run_load (struct call *call, const char *path);

/* hold.c: who holds what. */
void value_hold (const struct value *value);
void value_drop (struct run *run, struct value *value);
void value_set (struct run *run, struct value *place, struct value value); /* takes over the reference */
/* Shows all values that the program can still read and that may have nodes: of variables, functions, tuples, and what
   was asked for. What its inputs were is noted beside them. */
void run_show_values (const struct run *run, void (*show) (void *data, struct value *values, size_t count), void *data);
struct tuple *tuple_new (struct run *run, uint32_t count);
void tuple_adopt (struct run *run, struct tuple *tuple); /* one that a routine made */
struct function *function_new (struct run *run, uint32_t prototype, bool built_in, uint32_t count);

/* group.c and spread.c: an expression of elementwise operators. `bases` finds a register by the top bits of an operand:
   the frame, the group's earlier steps, the globals, the frame. */
#define OPERAND(bases, operand) ((bases)[(operand) >> 30] + ((operand)&REGISTER_MASK))
/* The operands of a long straight program lie anywhere: they are asked for some groups ahead. Inline always, for the
   compiler takes a function that only asks for one without effect. */
static inline __attribute__ ((always_inline)) void
run_ahead (const struct run *run, const struct instruction *group, uint32_t place, struct value *const bases[4])
{
  enum
  {
    AHEAD = 16
  };
  if (place + AHEAD >= run->ahead_end)
    return;
  for (const struct instruction *ahead = group + AHEAD; ahead < group + AHEAD + 3; ahead++)
    {
      __builtin_prefetch (OPERAND (bases, ahead->a & ~PENDING));
      __builtin_prefetch (OPERAND (bases, ahead->b & ~PENDING));
    }
}

void run_group (struct run *run, uint32_t place, const struct instruction *group, struct value *bases[4]);
/* arithmetic.c: the same for groups of that kind on numbers, as many as stand in a row from `place` on (one, when
   somebody listens): where the next instruction stands. It stops before a group of another kind, or where an operand
   is no number, all are integers, or a coefficient is not finite. */
uint32_t run_arithmetic (struct run *run, uint32_t place, struct value *const bases[4]);

static inline bool
is_comparison (uint32_t op)
{
  return op >= OP_equal && op <= OP_greater_equal;
}

/* A choice hangs on a comparison whose sides vary and are equal, at ` (element [0,2])` of arrays. */
void warn_tie (struct run *run, uint32_t place, enum op op, const char *element, double number);
void run_group_spread (struct run *run, uint32_t place, const struct instruction *group, struct value *const bases[4]);

/* print.c */
void print_value (FILE *out, const struct value *value);

#endif
