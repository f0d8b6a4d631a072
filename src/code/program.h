/* program.h -- what to compute: register code with jumps, calls and source spans, and no results. */
#ifndef GRADCALC_PROGRAM_H
#define GRADCALC_PROGRAM_H

#include "code/deriver.h"
#include "file/file.h"
#include "ops/ops.h"
#include "syntax.h"

/* Operands are registers: of the current function's frame, or of the global frame with GLOBAL set, which has the
   program's variables and constants. In the steps of a group, PENDING marks the result of an earlier step, and both
   bits (TEMPORARY) a register of the frame that nothing else reads. */
enum
{
  GLOBAL = 1u << 31,
  PENDING = 1 << 30,
  TEMPORARY = GLOBAL | PENDING,
  REGISTER_MASK = (1 << 30) - 1
};

/* Functions of the machine beside those of ops.def. */
enum
{
  ROUTINE_INDEX = OPS,
  ROUTINE_LITERAL,
  ROUTINE_ITEM,
  ROUTINE_REPLACE,
  ROUTINES
};

/* code        op              a         b               c
   GROUP       GROUP_ bits     result    steps that follow               an expression of elementwise operators
   STEP        operator        operands: a, b, c
   MOVE        1: temporary    result    value
   ROUTINE     function        result    first argument  arguments       consecutive registers, consumed
   REPLACE     -               variable  first argument  arguments       x[i] = v: v, then the indices
   CALL        arguments       result    function        first argument  consecutive registers, consumed
   DERIVE       function       result    first argument  arguments       consecutive registers, consumed
   LIST         -              result    first item      items           consecutive registers, consumed
   SLICE       SLICE_ bits     result    first part
   JUMP        number, or 0    to                                        the end of a loop has a number (repeat.h)
   UNLESS      word            to        condition                       jumps if it is false; `op` is for the message
   LEFT        SIGN_AND, _OR   to        left operand    result          jumps if it decides alone
   BOOLEAN     SIGN_AND, _OR   -         value                           both sides of && and || must be booleans
   COUNT       -               first of three registers: start, stop, step; checks them
   COUNT_NEXT  -               to        first of three  variable        leaves the loop by a jump
   ITEM_NEXT   -               to        first of two    variable        array, position
   FUNCTION    -               result    prototype
   RETURN      -               -         value
   MISSING     -                                                         the end of a function without `return`
   PRINT       -               -         first value     values
   ASSERT      -               -         first value     values
   UNPACK      how many names  result    value           which of them
   UNBOUND     -               variable  -               input           remembers whether a variable has no value yet
   DEFINE      -               variable  definition      input           puts the value of -D in place of the first one
   INPUT       -               variable  -               input           makes a source of the first one
   ASSIGNED    -               variable                                  it is what was last assigned
   KEEP        -               variable  -               wanted          notes a value asked for with -w
   RECALL      -               result    variable        wanted          what was noted for it
   SOURCE      enum source_kind     variable                                  puts it on the tape, for derivatives in it
   STOP  */
enum code
{
  CODE_GROUP,
  CODE_STEP,
  CODE_MOVE,
  CODE_ROUTINE,
  CODE_REPLACE,
  CODE_CALL,
  CODE_DERIVE,
  CODE_LIST,
  CODE_SLICE,
  CODE_JUMP,
  CODE_UNLESS,
  CODE_LEFT,
  CODE_BOOLEAN,
  CODE_COUNT,
  CODE_COUNT_NEXT,
  CODE_ITEM_NEXT,
  CODE_FUNCTION,
  CODE_RETURN,
  CODE_MISSING,
  CODE_PRINT,
  CODE_ASSERT,
  CODE_UNPACK,
  CODE_UNBOUND,
  CODE_INPUT,
  CODE_DEFINE,
  CODE_ASSIGNED,
  CODE_KEEP,
  CODE_RECALL,
  CODE_SOURCE,
  CODE_STOP,
  CODES
};

/* GROUP_BLOCKS: some partial may be FLAT; GROUP_ASSIGNS: the result is a variable of the program, as by ASSIGNED;
   GROUP_MIXED: some step gives a boolean or an integer whatever it takes; GROUP_DECIDES: it chooses between branches;
   GROUP_ARITHMETIC: every step is of that trait, and its `c` is as cells_number wrote it; GROUP_SUMMED,
   GROUP_AVERAGED: the next call, and nothing else, takes the result, as sum or mean of all elements, so that a number
   may stand for the array. */
enum
{
  GROUP_LIMIT = 64,
  GROUP_BLOCKS = 1,
  GROUP_ASSIGNS = 2,
  GROUP_MIXED = 4,
  GROUP_DECIDES = 8,
  GROUP_ARITHMETIC = 16,
  GROUP_SUMMED = 32,
  GROUP_AVERAGED = 64
};

/* What a variable is that derivatives are taken in. SHARED: bound to the result of a choice or a call, which may be the
   very value of another variable; it is a value of its own all the same, whichever side was taken. PARAMETER: the same,
   and real when it was whole: it stands for what it is called with. */
enum source_kind
{
  SOURCE_PLAIN,
  SOURCE_SHARED,
  SOURCE_PARAMETER
};

enum condition_word
{
  CONDITION_IF,
  CONDITION_WHILE,
  CONDITION_CHOICE,
  CONDITION_WORDS
};

struct instruction
{
  uint16_t code, op;
  uint32_t a, b, c;
};

struct prototype
{
  uint32_t name;  /* UINT32_MAX: anonymous */
  uint32_t entry; /* its first instruction */
  uint32_t parameters;
  uint32_t registers;                /* of its frame */
  uint32_t captured, captured_count; /* in `captures` */
  uint32_t imported, imported_count; /* in `captures`: globals that it also assigns, copied in when it is called */
  struct span span;
};

/* At the call (imported) or the making (captured) of a function, `from` of the outer frame is copied to register `to`
   of its own. A captured name that has no value yet is looked up again in `global` when the function is called. */
struct capture
{
  uint32_t from, to, global;
};

struct variable
{
  uint32_t slot;  /* its register among the globals, or UINT32_MAX */
  uint32_t first; /* where it is first assigned; 0 never */
  uint16_t length;
  uint16_t op; /* the built-in function of that name plus one, OPS + 1 when there is none, 0 when not looked up yet */
  uint16_t flags;
};
/* FOREIGN: what else the name means was used, or its place was taken, before it was known to be assigned. */
enum
{
  VARIABLE_ASSIGNED = 1,
  VARIABLE_CONST = 2,
  VARIABLE_DEFINED = 4,
  VARIABLE_SETTLED = 8,
  VARIABLE_USED = 16,
  VARIABLE_SEEN = 32,
  VARIABLE_LOOP = 64,
  VARIABLE_WANTED = 128,
  VARIABLE_REBOUND = 256,
  VARIABLE_FOREIGN = 512,
  VARIABLE_UNNAMED = 1024, /* of an expression alone */
  VARIABLE_SOURCE = 2048   /* the program may take derivatives in what is bound to it */
};

/* A name given with -w: with line 0 its first value, else the last one bound on that line. */
struct wanted
{
  const char *text; /* as given */
  uint32_t name;
  size_t line;
  bool of_claim; /* const or not, it becomes a source */
};

struct input
{
  uint32_t name, slot;
  struct span span; /* of its first assignment */
};

struct target
{
  uint32_t slot;
  const char *name;
  bool is_expression, first; /* in some name it means the first value (NAME_FIRST) */
  struct span span;
  uint32_t code;        /* with claims: where it begins; a STOP ends it */
  struct refusal fault; /* of what a file of answers asks for: why it cannot be run */
};

/* A claim: what stands on the left side, as a place alone, and the register of what the right side comes to. */
struct claimed
{
  struct span left, right;
  uint32_t slot;
  uint32_t code;      /* where it begins; a STOP ends it */
  struct refusal fault; /* of a file of answers: why it cannot be run */
  bool mentions; /* the right side names a variable */
  bool names;    /* it claims nothing: the left side is a name that later claims use */
  uint32_t defined; /* that name, or UINT32_MAX */
  uint32_t first_name, name_count; /* in `claimed_names`: those on its right side */
};

/* NAME=VALUE of -D: an array read from a file, or an expression's value. */
struct definition
{
  uint32_t name;
  struct array *array; /* a number is an array of rank 0 */
  bool of_file;        /* it is data */
  bool is_fixed;       /* no input: nothing is differentiated in it by itself */
  bool used;
  const char *source;  /* the option that gave it, as messages have it; NULL: -D */
};

struct program
{
  struct names *names;
  struct area code;         /* struct instruction */
  struct area spans;        /* struct span, one for each instruction: by program_spans alone */
  void (*find_spans) (struct program *program, struct diagnostics *diagnostics); /* of one that has none */
  struct area prototypes;   /* struct prototype */
  struct area captures;     /* struct capture */
  struct area variables;    /* struct variable, by name */
  struct area constants;    /* struct constant */
  struct area inputs;       /* struct input, in order of the text */
  struct area targets;      /* struct target: those of -t */
  struct area claimed;      /* struct claimed: those of the program, then those of options */
  struct area claimed_names; /* uint32_t */
  struct area target_names; /* their texts, where they are expressions */
  struct syntax *syntax;    /* what it was compiled from, for messages: by program_syntax alone */
  size_t source_count;      /* its sources; those behind are of options */
  const struct wanted *wanted;
  size_t wanted_count;
  const struct definition *definitions;
  size_t definition_count;
  const struct syntax *target_syntax, *claim_syntax;
  struct random random;         /* what a run begins with */
  enum file_format data_format; /* of files without a known suffix */
  uint32_t global_count;
  uint32_t main_registers;
  uint32_t loops;                /* how many have a number, from 1 */
  uint32_t answers, answers_end; /* where the code of the claims of options begins and ends */
  bool derives;                  /* it asks for derivatives itself */
  uint32_t last_derivative;      /* the instruction behind which it can ask for none any more; 0: not known */
  const struct deriver *deriver; /* who takes them, and ... */
  struct rulebook *rules;        /* ... by what rules: derive_prepare, before it runs; or NULL */
  bool inner;                    /* it is made of rules: it may use the inner group of ops.def */
};

/* A built-in function's value has its number in ops.def as `number`. */
struct constant
{
  uint32_t slot;
  struct value value;
};

/* A target of -t: an expression of the source appended for it, or the name of a variable. */
struct compile_options
{
  const struct wanted *wanted;
  size_t wanted_count;
  struct definition *definitions;
  size_t definition_count;
  const struct syntax *targets; /* expressions, or NULL */
  const struct syntax *claims;  /* or NULL; their right sides are computed after everything else */
  struct random random;
  enum file_format data_format;
  /* Says in other words that the program mentions a name which has no value; false: it does not. Or NULL. */
  bool (*missing) (void *data, const char *name, struct span span);
  void *missing_data;
};

void program_open (struct program *program, struct memory *memory, struct names *names);
void program_close (struct program *program);

/* Compiles a program and its targets; false after errors, which are reported with their places. */
bool compile (struct program *program, struct syntax *syntax, struct diagnostics *diagnostics,
              const struct compile_options *options);
/* Parses the program's sources and compiles them at the same time, so that the syntax is never there as a whole and all
   that is touched stays in the caches. Only for programs without definitions. False when that is not possible: there is
   something to say, or what comes later changes what came before. Nothing was said then, and the syntax is as good as
   not parsed. */
bool compile_while_parsing (struct program *program, struct syntax *syntax, struct diagnostics *diagnostics,
                            const struct compile_options *options);

/* The elementwise operator that a sign of the grammar is between two operands, or before one. */
enum op program_operator (uint8_t sign, int operands);

void program_dump (const struct program *program, FILE *out);

/* The syntax of the program. That of a large one is not carried along, but parsed again here. */
const struct syntax *program_syntax (const struct program *program, struct diagnostics *diagnostics);
/* The places of the instructions in the text. A program that was compiled while it was parsed has none: they are found
   again by who compiled it. */
const struct area *program_spans (const struct program *program, struct diagnostics *diagnostics);
/* Lets go of the syntax if it is large. */
void program_forget_syntax (const struct program *program);

static inline struct variable *
program_variable (const struct program *program, uint32_t name)
{
  return area_of (&program->variables, struct variable) + name;
}

/* The name most like a text among those that the program has, but for `but`; NULL where none is. */
const char *program_suggest (const struct program *program, const char *text, uint32_t but);

#endif
