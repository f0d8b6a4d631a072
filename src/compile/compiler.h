/* compiler.h -- what the parts of the compiler share. */
#ifndef GRADCALC_COMPILER_H
#define GRADCALC_COMPILER_H

#include "base/lookup.h"
#include "code/program.h"

/* A value that the code will have at this point: in a register, or as the last of a run of steps not yet written. */
struct operand
{
  uint32_t at;    /* the register, or the number of its last pending step */
  uint32_t start; /* its first pending step */
  uint32_t steps; /* pending steps from there to `at`, all its own */
  bool pending;
  bool temporary; /* the register is given back when the operand is used */
  bool keyword;   /* a keyword argument: `name` */
  bool bare;      /* a variable by its name: `name` */
  bool literal;   /* a number as written: `number` */
  bool function;  /* a function of ops.def by its name: `op` */
  bool list;      /* several names as one source */
  bool absent;    /* an argument that was left out */
  bool shared;    /* of a choice or a call: it may be the very value that a variable has */
  enum op op;
  uint32_t name;
  double number;
  struct span span;
};

struct pending
{
  struct instruction step;
  struct span span;
};

/* A name that is local to a function, or in scope 0 to answers; entries of one name are chained, the innermost first.
 */
struct binding
{
  uint32_t name, scope, slot, previous;
  bool varies; /* it is not a number that was typed */
};

/* A function being compiled; scope 0 is the program itself. */
struct scope
{
  enum function_form form;
  uint32_t prototype, skip; /* the jump around its code */
  uint32_t binding_base, operand_base, block_base;
  uint32_t next, most;    /* registers: the next free one, and how many there were at most */
  uint32_t floor;         /* registers below are in use beyond the statement */
  uint32_t held;          /* registers below are not given back before its end */
  uint32_t local_next;    /* the next register for a captured name */
  uint32_t capture_first; /* its captures, until its end, in `captures` of the compiler */
  uint32_t loops;         /* that are open around this place */
};

/* A statement or operator with jumps that are not placed yet; chains of jumps run through their `a`. */
struct block
{
  enum syntax_kind kind;
  uint32_t top;       /* the loop's start */
  uint32_t out;       /* chain of jumps to the end */
  uint32_t otherwise; /* chain of jumps to the next branch */
  uint32_t base;      /* registers held by a loop begin here */
  uint32_t result;    /* of a choice */
  bool shared;        /* its first side may be the very value of a variable */
};

/* The arguments that the parameters of a formula of ops.def stand for while it takes the place of a call. */
struct formula_call
{
  enum op op;
  uint32_t count;
  const uint32_t *names;
  const struct operand *arguments;
};

struct compiler
{
  struct program *program;
  const struct syntax *syntax;
  struct names *names;
  struct diagnostics *diagnostics;
  struct area operands, pending, bindings, scopes, blocks, captures;
  struct area heads; /* uint32_t by name: its innermost binding plus one */
  struct area seen; /* uint32_t by name: its global register plus one, once an assignment was passed: the short way to a
                       variable */
  struct area asked_of;  /* struct asked_name by name, empty without -D and wanted names */
  struct area next_wanted; /* uint32_t by wanted name: the next one of the same name plus one */
  struct lookup constants;             /* numbers among the program's constants */
  struct area formulas;               /* struct formula: those that were called so far */
  const struct formula_call *formula; /* whose expression is being compiled, or NULL */
  uint32_t label;                     /* the last place that something jumps to */
  bool mentions;                      /* the statement has mentioned a variable */
  bool claims;                        /* right sides of claims are compiled */
  bool answers;                       /* those of options */
  const char *without_value;          /* the first name that is not defined, and looks like no other */
  bool (*missing) (void *data, const char *name, struct span span); /* of compile_options */
  void *missing_data;
  bool streams;                       /* what follows is not known yet */
  bool again;                         /* compiled with less than the whole program known, and wrongly */
};

/* The questions of options and claims about a name: the first of the program's wanted ones with it, and its definition,
   each plus one, 0 for none. */
struct asked_name
{
  uint32_t wanted, definition;
};

static inline struct asked_name
asked_name (const struct compiler *compiler, uint32_t name)
{
  bool known = name < area_count (&compiler->asked_of, struct asked_name);
  return known ? area_of (&compiler->asked_of, struct asked_name)[name] : (struct asked_name){ 0 };
}

enum
{
  NO_JUMP = UINT32_MAX,
  SEEN_READ = 1u << 31 /* in `seen`: it was also read */
};

static inline uint32_t
code_count (const struct compiler *compiler)
{
  return (uint32_t)area_count (&compiler->program->code, struct instruction);
}

static inline struct instruction *
code_at (const struct compiler *compiler, uint32_t place)
{
  return area_of (&compiler->program->code, struct instruction) + place;
}

static inline struct scope *
scope_now (const struct compiler *compiler)
{
  return area_of (&compiler->scopes, struct scope) + area_count (&compiler->scopes, struct scope) - 1;
}

/* emit.c: instructions, registers and jumps, and operands, whose steps are written when they are placed. */
uint32_t emit (struct compiler *compiler, enum code code, uint32_t op, uint32_t a, uint32_t b, uint32_t c,
               struct span span);
uint32_t register_new (struct compiler *compiler);
/* Gives back the registers from `first` on, but for those that are held. */
void registers_return (struct compiler *compiler, uint32_t first);

static inline struct operand *
operand_push (struct compiler *compiler, struct operand operand)
{
  struct operand *top = area_add (&compiler->operands, struct operand);
  *top = operand;
  return top;
}

/* A new one on top, all zero. Its fields are written where they stay: a copy of a struct reads together what was
   written apart, and waits for it. */
static inline struct operand *
operand_new (struct compiler *compiler)
{
  struct operand *top = area_add (&compiler->operands, struct operand);
  *top = (struct operand){ 0 };
  return top;
}

static inline struct operand
operand_pop (struct compiler *compiler)
{
  compiler->operands.used -= sizeof (struct operand);
  return area_of (&compiler->operands, struct operand)[area_count (&compiler->operands, struct operand)];
}

/* The last `count` operands. */
static inline struct operand *
operand_top (const struct compiler *compiler, uint32_t count)
{
  return area_of (&compiler->operands, struct operand) + area_count (&compiler->operands, struct operand) - count;
}

/* Writes the code of an operand so that its value is in a register: any one, or a given one. */
uint32_t operand_place (struct compiler *compiler, struct operand *operand);
void operand_place_in (struct compiler *compiler, struct operand *operand, uint32_t target, int group_bits);
/* Puts the `count` top operands into consecutive registers from the result, and pops them. */
uint32_t operands_place (struct compiler *compiler, uint32_t count);
/* Places a condition, which chooses between branches. */
uint32_t operand_place_condition (struct compiler *compiler, struct operand *operand);
/* Writes those of `count` operands that are pending, from the first to the last, each into a new register; the group of
   the last one gets `bits`. Their steps, and what stood between them, are pending no more; how many are. */
uint32_t operands_write (struct compiler *compiler, uint32_t count, struct operand *operands, int bits);
/* Places every operand of the current function, before a jump. Steps that were pending below the top operand then have
   a register above those of the operands on it, and so all registers are held until the statement ends. */
void operands_flush (struct compiler *compiler, int bits);
struct operand operand_constant (struct compiler *compiler, struct value value, struct span span);
/* The step of a function, pending; pushed, or, of two operands, given. The operands may lie above the top. */
void operand_push_step (struct compiler *compiler, enum op op, int arity, struct operand *operands, struct span span);
struct operand operand_step (struct compiler *compiler, enum op op, struct operand *operands, struct span span);

/* expression.c */
void compile_expression (struct compiler *compiler, const struct node *node);

void compile_node (struct compiler *compiler, const struct node *node);
/* Gives back what the statement that ends here held. */
void statement_end (struct compiler *compiler);
/* assignment.c: of the operands of a statement the first are assigned to. */
void compile_assignment (struct compiler *compiler, const struct node *node);
/* Assigns an operand to a variable, of the program or of a function. */
void assign (struct compiler *compiler, const struct node *target, struct operand *value);
/* An assignment of a variable of the program was passed; the first one is where messages point to. It may count as used
   from here on. */
void variable_seen (struct compiler *compiler, uint32_t name, struct span span);
/* Keeps the value for -w, if that asks for this assignment. */
void keep_wanted (struct compiler *compiler, uint32_t name, uint32_t slot, struct span span);

/* block.c: the beginnings, tests and ends of loops and branches; `break` and `continue`. */
void compile_loop (struct compiler *compiler, const struct node *node);
void compile_if (struct compiler *compiler, const struct node *node);
void compile_way_out (struct compiler *compiler, const struct node *node);

/* sources.c: marks the variables that the program, or one of the expressions of -t, takes derivatives in. */
void find_sources (struct compiler *compiler, const struct syntax *targets);
/* assignment.c: a value that was just bound to a variable goes on the tape if derivatives are taken in it. */
void bind_source (struct compiler *compiler, uint32_t name, uint32_t slot, struct span span);

/* goals.c: the expressions of -t; the right sides of the claims among some nodes. */
void compile_targets (struct compiler *compiler, const struct syntax *targets);
void compile_claims (struct compiler *compiler, const struct syntax *syntax);

/* compile.c: entries for the names that are new since the last time. */
void extend_tables (struct compiler *compiler);

/* calls.c: calls of built-in functions. */
void compile_call (struct compiler *compiler, const struct node *node);

/* inline.c: puts what a formula says in the place of a call of it. The arguments stand by parameter on the stack of
   operands, those left out as constants without a value; the result takes their place. */
void compile_formula (struct compiler *compiler, enum op op, uint32_t count, struct span span);
/* Resolves a name within a formula: a parameter, a function of ops.def, or what is predefined. */
struct operand formula_name (struct compiler *compiler, uint32_t name, struct span span, bool called);
void formulas_close (struct compiler *compiler);

/* scope.c: names. */
void scopes_open (struct compiler *compiler);
void function_begin (struct compiler *compiler, const struct node *node);
void function_end (struct compiler *compiler, const struct node *node);
uint32_t global_slot (struct compiler *compiler, uint32_t name);
/* The register of a variable that is to be assigned. */
uint32_t variable_target (struct compiler *compiler, uint32_t name, struct span span, bool constant);
/* Gives a register a name for the claims that follow. */
void name_answer (struct compiler *compiler, uint32_t name, uint32_t slot, bool varies);
struct operand variable_value (struct compiler *compiler, uint32_t name, struct span span, bool called);
/* The same on top of the operands. */
void variable_push (struct compiler *compiler, uint32_t name, struct span span, bool called);
struct operand predefined_value (struct compiler *compiler, const char *name, struct span span, bool *known);

/* elsewhere.c: whether a name is one of a function in other languages, and what is meant by it; NULL if there is none,
   where a similar name would mislead. */
bool elsewhere_function (const char *text, const char **meant);
/* What other notations mean by a name that is no variable: how that is written here, or NULL. */
const char *elsewhere_written (const struct sources *sources, const char *text, struct span span);

/* Jumps. */
void jump_chain (struct compiler *compiler, uint32_t *chain, uint32_t place);
void jump_here (struct compiler *compiler, uint32_t chain);
uint32_t label_here (struct compiler *compiler);

#endif
