/* manual.c -- what the tables say of a function, as texts. */
#include "ops/manual.h"

#include <stdio.h>
#include <string.h>

static const struct
{
  enum op op;
  const char *parameter, *text;
} slopes[] = {
#define SLOPE(name, parameter, text) { OP_##name, #parameter, text },
#include "ops/rules.def"
};

const char *
manual_slope (enum op op, const char *parameter, size_t size)
{
  for (size_t i = 0; i < sizeof slopes / sizeof *slopes; i++)
    if (slopes[i].op == op && strlen (slopes[i].parameter) == size
        && memcmp (slopes[i].parameter, parameter, size) == 0)
      return slopes[i].text;
  return NULL;
}

const char *
manual_kink (enum op op)
{
  const char *where = NULL;
  switch (op)
    {
#define KINK(name, condition, rule, left, right)                                                                       \
  case OP_##name:                                                                                                      \
    where = #condition;                                                                                                \
    break;
#include "ops/ops.def"
    default:
      break;
    }
  return where && strcmp (where, "false") != 0 ? where : NULL;
}

static const char *const examples[OPS] = {
#define EXAMPLE(name, program) [OP_##name] = program,
#include "ops/example.def"
};

const char *
manual_words (enum op op)
{
  switch (op)
    {
#define WORDS(name, text)                                                                                              \
  case OP_##name:                                                                                                      \
    return text;
#include "ops/example.def"
    default:
      return NULL;
    }
}

const char *
manual_example (enum op op, char text[MANUAL_TEXT])
{
  static const char *const calls[] = { "x = [1, 2, 3]; y = %s%s(x)%s", "x = 0.5; y = %s%s(x)%s",
                                       "a = 2; b = 3; y = %s%s(a, b)%s", "a = 2; b = 3; c = 4; y = %s%s(a, b, c)%s" };
  const struct op_info *info = &op_info[op];
  if (examples[op])
    return examples[op];
  if (!*info->sign)
    snprintf (text, MANUAL_TEXT, calls[info->arity], "", info->name, "");
  else if (info->arity == 1)
    snprintf (text, MANUAL_TEXT, "x = 0.5; y = %sx%s", info->sign, info->traits & TRUTH ? "*x" : "");
  else
    snprintf (text, MANUAL_TEXT, "a = 2; b = 3; y = %sa %s b%s", info->traits & TRUTH ? "(" : "", info->sign,
              info->traits & TRUTH ? ")*a" : "");
  return text;
}
