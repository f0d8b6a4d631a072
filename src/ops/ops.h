/* ops.h -- ops.def expanded: numbers for operators, and what is known of each. */
#ifndef GRADCALC_OPS_H
#define GRADCALC_OPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ops/call.h"

enum op
{
#define UNARY(name, ...) OP_##name,
#define BINARY(name, ...) OP_##name,
#define TERNARY(name, ...) OP_##name,
#define FUNCTION(name, ...) OP_##name,
#define DERIVATIVE(name, ...) OP_##name,
#define FORMULA(name, ...) OP_##name,
#include "ops/ops.def"
  OPS,
  OPS_NAMED = OP_through /* the first of the inner group */
};

enum op_group
{
#define GROUP(id, title) GROUP_##id,
#include "ops/ops.def"
  GROUPS
};

enum traits
{
  PLAIN = 0,
  BLOCKS = 1 << 0,       /* a partial may be FLAT */
  WHOLE = 1 << 1,        /* whole numbers give a whole number */
  TRUTH = 1 << 2,        /* gives a boolean */
  INTEGER = 1 << 3,      /* gives an integer */
  ARITHMETIC = 1 << 4,   /* value and partials take the four basic operations alone */
  LINEAR = 1 << 5,       /* in each operand, or by pieces */
  CONSTANT = 1 << 6,     /* has no derivative in any operand: a constant of some shape, or what is stopped */
  SIZES = 1 << 7,        /* what `...` stands for are sizes or axes */
  LAST_AXIS = 1 << 8,    /* is along the last axis where none is given */
  GROWS = 1 << 9,        /* infinite at finite operands only beyond the range of numbers, but for poles at 0 */
  FINITE = 1 << 10,      /* finite where its operands are, unless these are huge */
  ZEROS = 1 << 11,       /* its zeros pass nothing, whatever they are multiplied by: flat pieces, unit vectors */
  KEEPS_ZEROS = 1 << 12, /* gives such zeros on: it adds and multiplies elements */
  SYMMETRIC = 1 << 13,   /* may take its first operand for symmetric, or uses it as if it were transposed */
  UNCOUNTED = 1 << 14,   /* its result does not tell how many elements there are */
  MILD = 1 << 15,        /* at most the sum of its operands and 4, in magnitude, and its slopes at most 2 */
  WIDE = 1 << 16,        /* no branch in value and partials: loops of any width compute them alike, to the last bit */
  NO_RULE = LINEAR | CONSTANT | TRUTH | INTEGER, /* where the links of a function with structure are all there is */
};

/* A kernel computes `count` values from dense operands; those beyond the arity are NULL. */
typedef void kernel_value (size_t count, const double *a, const double *b, const double *c, double *restrict v);
/* The partial in one operand; `v` are the values. */
typedef void kernel_partial (size_t count, const double *a, const double *b, const double *c, const double *v,
                             bool both, double *restrict partial);

struct op_info
{
  const char *name;
  const char *sign; /* how it is written; "" is by name */
  int arity;        /* of an elementwise operator; 0 for a function with structure */
  int traits;
  const char *parameters;
  const char *domain;   /* of an elementwise operator, as written in ops.def */
  const char *rules[3]; /* the partials as written in ops.def; the first is what a formula says */
  const char *says;
  void (*routine) (struct call *call); /* of a function with structure */
};

extern const struct op_info op_info[OPS];

/* How an operator is written: its sign, or its name. */
static inline const char *
op_written (unsigned op)
{
  return *op_info[op].sign ? op_info[op].sign : op_info[op].name;
}

static inline bool
op_is_formula (const struct op_info *info)
{
  return !info->arity && info->rules[0];
}

enum op_group op_group (enum op op);

/* Whether it gives derivatives of values: grad, jacobian, hessian, hvp, vjp, jvp. */
static inline bool
op_is_derivative (enum op op)
{
  return op < OPS && !op_info[op].arity && !op_info[op].routine && !op_info[op].rules[0];
}

static inline bool
op_is_power (unsigned op)
{
  return op == OP_power || op == OP_pow;
}

/* Whether its result is the machine's work or luck, so that no answer, which is somebody's own work, may call it.
   Claims of the program may. */
static inline bool
op_asks_machine (uint32_t op)
{
  return op < OPS && (op_is_derivative ((enum op)op) || op_group ((enum op)op) == GROUP_chance);
}

/* Whether a partial is written with the value, `v`: else none has to be there. */
bool op_partial_reads_value (enum op op, int operand);

/* A partial that need not be computed, as ops.def writes it: 1, -1, or the other operand. */
enum partial_form
{
  PARTIAL_COMPUTED,
  PARTIAL_ONE,
  PARTIAL_MINUS_ONE,
  PARTIAL_OTHER
};
static inline enum partial_form
op_partial_form (enum op op, int operand)
{
  const struct op_info *info = &op_info[op];
  const char *rule = info->rules[operand], *number = *rule == '-' ? rule + 1 : rule;
  if (info->traits & BLOCKS || info->domain[0] != '1' || info->domain[1])
    return PARTIAL_COMPUTED;
  if (number[0] == '1' && !number[1])
    return number == rule ? PARTIAL_ONE : PARTIAL_MINUS_ONE;
  return info->arity == 2 && rule[0] == "ba"[operand] && !rule[1] ? PARTIAL_OTHER : PARTIAL_COMPUTED;
}

/* kernels.c: one table for each kind of processor it is compiled for. */
struct kernels
{
  kernel_value *values[OPS];
  kernel_partial *partials[OPS][3];
};
extern const struct kernels kernels_plain;
/* The same digits as op_value () and op_partial () have: functions are those of libm. */
extern const struct kernels kernels_exact;
#ifdef HAVE_KERNELS_AVX2
extern const struct kernels kernels_avx2;
#endif
/* The same digits as kernels_avx2 gives. */
#ifdef HAVE_KERNELS_AVX512
extern const struct kernels kernels_avx512;
#endif

/* What is done where an operator has no single derivative. */
enum kink_rule
{
  NO_KINK,
  SMALLEST,   /* the smallest of the slopes that are possible */
  SPLIT,      /* shared by those that tie and vary */
  STABLE,     /* those that tie stay in their order */
  FLAT_PIECE, /* 0 at a jump */
  KINK_RULES
};
struct kink
{
  enum kink_rule rule;
  double left, right;
};
struct kink op_kink (enum op op);
/* Whether an elementwise operator has jumps in an operand. */
bool op_jumps (enum op op, int operand);
/* The rules as reports name them, by number. */
extern const char *const kink_rule_names[KINK_RULES];
/* How many of `count` elements are at a kink of the operator. Operands beyond the arity are NULL. */
size_t op_count_kinks (enum op op, size_t count, const double *a, const double *b, const double *c);
enum
{
  KINK_TEXT = 120
};
/* What is said where a function with structure was at a kink, and which one it was: with `tie` one of elements that
   tie, also of a norm, which has both. */
struct kink op_kink_text (enum op op, bool tie, char text[KINK_TEXT]);

/* Whether a partial in operand `operand` that is 0 is so whatever varies, for one at least of `count` numbers of the
   other operand, a constant. */
bool op_has_fixed (enum op op, int operand, size_t count, const double *other);
/* Makes FLAT what is 0 among `count` partials in operand `operand` whatever varies: `other` is the other operand, which
   does not vary, each element or (step 0) the same for all. */
void op_fix_zeros (enum op op, int operand, size_t count, const double *other, size_t step, double *partials);

/* The table for this processor. */
const struct kernels *kernels_find (void);

/* The function of that name, or OPS. Operators that are written with a sign have no name; those of the inner group have
   one for rules alone. */
enum op op_find (const char *name, bool inner);

/* Value and partials of an elementwise operator at numbers; for one evaluation where speed does not matter. */
double op_value (enum op op, double a, double b, double c);
double op_partial (enum op op, int operand, double a, double b, double c, double v, bool both);

/* The k-th parameter in a list like "x, axis=, slope=0.01, ...": its name's length into *size, whether it may be left
   out (behind the name stands `=` then, and for a formula what it is then). False beyond the end.
   `...` is not a parameter: op_takes_rest says whether it is there. */
bool op_parameter (const char *parameters, int k, const char **name, size_t *size, bool *optional);
bool op_takes_rest (const char *parameters);
/* How many parameters there are, and which of them has a name; -1 is none. */
int op_parameter_count (const char *parameters);
int op_parameter_named (const char *parameters, const char *name);
/* The axis that a function with structure works on, as a parameter; -1 is none. */
static inline int
op_axis (unsigned op)
{
  return op_parameter_named (op_info[op].parameters, "axis");
}
/* Whether argument k of `count` is a size, an axis or a position, which no derivative is in. */
bool op_takes_position (enum op op, int k, int count);
/* axis, keepdims and ddof go by keyword alone where they may be left out. */
bool op_keyword_only (const char *name, size_t size, bool optional);

#endif
