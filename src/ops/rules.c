/* rules.c -- rules.def, read by operator and parameter. */
#include "ops/rules.h"

#include <stdio.h>
#include <string.h>

struct rule
{
  enum op op;
  const char *parameter, *text;
};

static const struct rule rules[] = {
#define RULE(name, parameter, text) { OP_##name, #parameter, text },
#include "ops/rules.def"
};

/* A function with structure that neither has a RULE nor says why it needs none does not compile. Declarations may be
   repeated, as a function has several rules: each has a pointer to an array of some size, which is 1 where there is
   one. */
#define FUNCTION(name, ...) extern char (*rule_of_##name)[];
#include "ops/ops.def"
#define RULE(name, ...) extern char (*rule_of_##name)[1];
#include "ops/rules.def"
#define FUNCTION(name, traits, ...)                                                                                    \
  _Static_assert(_Generic(rule_of_##name, char (*)[2] : 0, default : 1) || (traits)&NO_RULE,                           \
                 #name " has no RULE in rules.def, and does not say in ops.def that it is LINEAR");                    \
  _Static_assert(_Generic(rule_of_##name, char (*)[2] : 1, default : 0) || !((traits)&NO_RULE),                        \
                 #name " has a RULE in rules.def, and says in ops.def that it needs none");
#include "ops/ops.def"

const char rule_constants[] =
#define CONSTANTS(text) text
#include "ops/rules.def"
  ;

const char rule_lines[] =
#define LINES(text) text
#include "ops/rules.def"
  ;

enum
{
  RULES = sizeof rules / sizeof *rules
};

static const struct rule *
find_rule (enum op op, const char *parameter, size_t size)
{
  for (size_t i = 0; i < RULES; i++)
    if (rules[i].op == op && strlen (rules[i].parameter) == size && memcmp (rules[i].parameter, parameter, size) == 0)
      return &rules[i];
  return NULL;
}

bool
rule_exists (uint32_t op)
{
  return op < OPS && (op_info[op].arity || (op_info[op].routine && !(op_info[op].traits & NO_RULE)));
}

bool
rule_text (enum op op, uint32_t k, const char *parameter, size_t size, char *text, size_t room)
{
  const struct op_info *info = &op_info[op];
  const struct rule *rule = find_rule (op, parameter, size);
  if (rule)
    snprintf (text, room, "%s", rule->text);
  else if (!info->arity)
    *text = 0;
  else
    {
      const char *product = info->traits & BLOCKS ? "carry" : "through";
      if (strcmp (info->domain, "1") == 0)
        snprintf (text, room, "%s(u, %s)", product, info->rules[k]);
      else
        snprintf (text, room, "%s(u, where(%s, %s, NAN))", product, info->domain, info->rules[k]);
    }
  return *text != 0;
}
