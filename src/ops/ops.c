/* ops.c -- ops.def expanded: numbers for operators, and what is known of each. */
#include "ops/ops.h"

#include <string.h>

#include "base/processor.h"
#include "ops/elementwise.h"
#include "ops/functions.h"

/* Which group a row stands in: groups are numbered as rows are passed. */
enum
{
#define GROUP(id, title) FIRST_##id, BEFORE_##id = FIRST_##id - 1,
#define UNARY(name, ...) ROW_##name,
#define BINARY(name, ...) ROW_##name,
#define TERNARY(name, ...) ROW_##name,
#define FUNCTION(name, ...) ROW_##name,
#define DERIVATIVE(name, ...) ROW_##name,
#define FORMULA(name, ...) ROW_##name,
#include "ops/ops.def"
};

static const int group_starts[GROUPS] = {
#define GROUP(id, title) [GROUP_##id] = FIRST_##id,
#include "ops/ops.def"
};

static const int op_rows[OPS] = {
#define UNARY(name, ...) [OP_##name] = ROW_##name,
#define BINARY(name, ...) [OP_##name] = ROW_##name,
#define TERNARY(name, ...) [OP_##name] = ROW_##name,
#define FUNCTION(name, ...) [OP_##name] = ROW_##name,
#define DERIVATIVE(name, ...) [OP_##name] = ROW_##name,
#define FORMULA(name, ...) [OP_##name] = ROW_##name,
#include "ops/ops.def"
};

const struct op_info op_info[OPS] = {
#define UNARY(name, sign, traits, accuracy, domain, value, a, says)                                                    \
  [OP_##name] = { #name, sign, 1, traits, "a", #domain, { #a }, says, NULL },
#define BINARY(name, sign, traits, accuracy, domain, value, a, b, says)                                                \
  [OP_##name] = { #name, sign, 2, traits, "a, b", #domain, { #a, #b }, says, NULL },
#define TERNARY(name, sign, traits, accuracy, domain, value, a, b, c, says)                                            \
  [OP_##name] = { #name, sign, 3, traits, "a, b, c", #domain, { #a, #b, #c }, says, NULL },
#define FUNCTION(name, traits, parameters, says)                                                                       \
  [OP_##name] = { #name, "", 0, traits, parameters, NULL, { NULL }, says, function_##name },
#define DERIVATIVE(name, parameters, says)                                                                             \
  [OP_##name] = { #name, "", 0, PLAIN, parameters, NULL, { NULL }, says, NULL },
#define FORMULA(name, parameters, formula, says)                                                                       \
  [OP_##name] = { #name, "", 0, PLAIN, parameters, NULL, { formula }, says, NULL },
#include "ops/ops.def"
};

enum op_group
op_group (enum op op)
{
  int group = GROUPS - 1;
  while (group > 0 && group_starts[group] > op_rows[op])
    group--;
  return (enum op_group)group;
}

const struct kernels *
kernels_find (void)
{
#ifdef HAVE_KERNELS_AVX512
  if (processor_lanes () >= 8)
    return &kernels_avx512;
#endif
#ifdef HAVE_KERNELS_AVX2
  if (processor_lanes () >= 4)
    return &kernels_avx2;
#endif
  return &kernels_plain;
}

enum op
op_find (const char *name, bool inner)
{
  for (int op = 0; op < (inner ? OPS : OPS_NAMED); op++)
    if (op_info[op].name[0] == name[0] && strcmp (op_info[op].name, name) == 0 && !*op_info[op].sign)
      return (enum op)op;
  return OPS;
}

double
op_value (enum op op, double a, double b, double c)
{
  switch (op)
    {
#define UNARY(name, sign, traits, accuracy, domain, value, pa, says)                                                   \
  case OP_##name:                                                                                                      \
    return value;
#define BINARY(name, sign, traits, accuracy, domain, value, pa, pb, says)                                              \
  UNARY (name, sign, traits, accuracy, domain, value, pa, says)
#define TERNARY(name, sign, traits, accuracy, domain, value, pa, pb, pc, says)                                         \
  UNARY (name, sign, traits, accuracy, domain, value, pa, says)
#define pow(a, b) power_of (a, b)
#include "ops/ops.def"
#undef pow
    default:
      return NAN;
    }
}

static bool
is_of_word (char c)
{
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool
op_partial_reads_value (enum op op, int operand)
{
  const char *rule = op_info[op].rules[operand], *at = rule;
  while ((at = strchr (at, 'v')) && ((at > rule && is_of_word (at[-1])) || is_of_word (at[1])))
    at++;
  return at != NULL;
}

double
op_partial (enum op op, int operand, double a, double b, double c, double v, bool both)
{
  (void)both;
  (void)v;
  switch (op)
    {
#define CELL(traits, domain, cell) (!(domain) ? NAN : (traits)&BLOCKS ? (cell) : (cell) + 0.0)
#define UNARY(name, sign, traits, accuracy, domain, value, pa, says)                                                   \
  case OP_##name:                                                                                                      \
    return CELL (traits, domain, pa);
#define BINARY(name, sign, traits, accuracy, domain, value, pa, pb, says)                                              \
  case OP_##name:                                                                                                      \
    return operand == 0 ? CELL (traits, domain, pa) : CELL (traits, domain, pb);
#define TERNARY(name, sign, traits, accuracy, domain, value, pa, pb, pc, says)                                         \
  case OP_##name:                                                                                                      \
    return operand == 0   ? CELL (traits, domain, pa)                                                                  \
           : operand == 1 ? CELL (traits, domain, pb)                                                                  \
                          : CELL (traits, domain, pc);
#include "ops/ops.def"
    default:
      return NAN;
    }
}

bool
op_parameter (const char *parameters, int k, const char **name, size_t *size, bool *optional)
{
  for (const char *p = parameters; *p;)
    {
      size_t length = strcspn (p, ",");
      if (*p != '.' && k-- == 0)
        {
          *name = p;
          *size = strcspn (p, "=,");
          *optional = *size < length;
          return true;
        }
      p += length;
      p += strspn (p, ", ");
    }
  return false;
}

bool
op_takes_rest (const char *parameters)
{
  return strstr (parameters, "...") != NULL;
}

int
op_parameter_count (const char *parameters)
{
  const char *name;
  size_t size;
  bool optional;
  int count = 0;
  while (op_parameter (parameters, count, &name, &size, &optional))
    count++;
  return count;
}

int
op_parameter_named (const char *parameters, const char *wanted)
{
  const char *name;
  size_t size;
  bool optional;
  for (int k = 0; op_parameter (parameters, k, &name, &size, &optional); k++)
    if (strlen (wanted) == size && memcmp (wanted, name, size) == 0)
      return k;
  return -1;
}

/* Names of parameters that take whole numbers; the first ones go by keyword alone. */
static const char *const whole_words[] = { "axis", "keepdims", "ddof", "index", "n", "m", "k" };

static bool
is_whole_word (const char *name, size_t size, size_t count)
{
  bool found = false;
  for (size_t i = 0; i < count; i++)
    found |= strlen (whole_words[i]) == size && memcmp (whole_words[i], name, size) == 0;
  return found;
}

bool
op_keyword_only (const char *name, size_t size, bool optional)
{
  return optional && is_whole_word (name, size, 3);
}

bool
op_takes_position (enum op op, int k, int count)
{
  const char *name;
  size_t size;
  bool optional;
  if (op_parameter (op_info[op].parameters, k, &name, &size, &optional))
    return is_whole_word (name, size, sizeof whole_words / sizeof *whole_words);
  return op_info[op].traits & SIZES && !(op == OP_full && k + 1 == count);
}

struct kink
op_kink (enum op op)
{
  switch (op)
    {
#define KINK(name, where, rule, left, right)                                                                           \
  case OP_##name:                                                                                                      \
    return (struct kink){ rule, left, right };
#include "ops/ops.def"
    default:
      return (struct kink){ NO_KINK, 0, 0 };
    }
}

bool
op_jumps (enum op op, int operand)
{
  return op_kink (op).rule == FLAT_PIECE || (op == OP_where && operand == 0) || (op == OP_copysign && operand == 1);
}

const char *const kink_rule_names[KINK_RULES]
  = { [NO_KINK] = "smallest", [SMALLEST] = "smallest", [SPLIT] = "split", [STABLE] = "stable", [FLAT_PIECE] = "flat" };

size_t
op_count_kinks (enum op op, size_t count, const double *a, const double *b, const double *c)
{
  size_t met = 0;
  if (op_kink (op).rule != NO_KINK)
    for (size_t i = 0; i < count; i++)
      met += at_kink (op, a[i], b ? b[i] : 0, c ? c[i] : 0);
  return met;
}

struct kink
op_kink_text (enum op op, bool tie, char text[KINK_TEXT])
{
  struct kink kink = op_kink (op);
  if (tie)
    kink = (struct kink){ SPLIT, 0, 1 };
  if (kink.rule == STABLE)
    strcpy (text, "elements that sort puts in order tie; they kept theirs, and any other is as good");
  else if (kink.rule == SPLIT)
    snprintf (text, KINK_TEXT, "%s has a kink where elements tie; the slope was shared (0 to 1 are possible)",
              op_written (op));
  else
    snprintf (text, KINK_TEXT, "%s has a kink at %s; 0 was used (-1 to 1 are possible)", op_written (op),
              op == OP_std ? "equal elements" : "0");
  return kink;
}

/* Both names stand for the other operand, which the condition is in. */
bool
op_has_fixed (enum op op, int operand, size_t count, const double *other)
{
  enum
  {
    A,
    B
  };
  bool found = false;
  switch (2 * (int)op + operand)
    {
#define ZERO(name, operand, when)                                                                                      \
  case 2 * OP_##name + operand:                                                                                        \
    for (size_t i = 0; i < count && !found; i++)                                                                       \
      {                                                                                                                \
        const double a = other[i], b = other[i];                                                                       \
        (void)a;                                                                                                       \
        (void)b;                                                                                                       \
        found = when;                                                                                                  \
      }                                                                                                                \
    break;
#include "ops/ops.def"
    default:
      break;
    }
  return found;
}

void
op_fix_zeros (enum op op, int operand, size_t count, const double *other, size_t step, double *partials)
{
  for (size_t i = 0; i < count; i++)
    if (partials[i] == 0 && op_has_fixed (op, operand, 1, &other[i * step]))
      partials[i] = FLAT;
}
