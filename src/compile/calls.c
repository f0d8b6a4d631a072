/* calls.c -- calls: of the program's functions, and of those of ops.def with their parameters. */
#include <string.h>

#include "compile/compiler.h"

/* How many arguments a built-in function takes at least and at most. */
static void
arity (enum op op, uint32_t *least, uint32_t *most)
{
  const struct op_info *info = &op_info[op];
  *least = *most = 0;
  if (info->arity)
    {
      *least = *most = (uint32_t)info->arity;
      return;
    }
  const char *name;
  size_t size;
  bool optional;
  for (int k = 0; op_parameter (info->parameters, k, &name, &size, &optional); k++)
    {
      *most += !op_keyword_only (name, size, optional);
      *least += !optional;
    }
  if (op_takes_rest (info->parameters))
    *most = UINT32_MAX;
}

static bool
check_count (struct compiler *compiler, enum op op, uint32_t given, struct span span)
{
  uint32_t least, most;
  arity (op, &least, &most);
  if (given >= least && given <= most)
    return true;
  char takes[60];
  if (most == UINT32_MAX)
    snprintf (takes, sizeof takes, "at least %u argument%s", least, least == 1 ? "" : "s");
  else if (least == most)
    snprintf (takes, sizeof takes, "%u argument%s", most, most == 1 ? "" : "s");
  else
    snprintf (takes, sizeof takes, "%u to %u arguments", least, most);
  diagnose (compiler->diagnostics, SEVERITY_ERROR, span, "'%s' takes %s, %u given", op_info[op].name, takes, given);
  return false;
}

enum
{
  PARAMETERS = 8,
  WORD = 24
};

/* Every parameter that may be left out can be given by keyword. */
static const char *
keyword_at (size_t i, const void *data)
{
  const char *word = ((const char (*)[WORD])data)[i];
  return *word ? word : NULL;
}

static void
report_keyword (struct compiler *compiler, enum op op, const struct operand *operand)
{
  const char *word = names_text (compiler->names, operand->name), *name;
  char words[PARAMETERS][WORD] = { "" }, list[200] = "";
  size_t size, used = 0;
  bool optional;
  for (int k = 0; !op_info[op].arity && op_parameter (op_info[op].parameters, k, &name, &size, &optional); k++)
    if (optional)
      {
        snprintf (words[k], WORD, "%.*s", (int)size, name);
        used += (size_t)snprintf (list + used, sizeof list - used, "%s%s", used ? ", " : " (keywords: ", words[k]);
      }
  const char *meant = suggest (word, PARAMETERS, keyword_at, words);
  struct span span = { operand->span.start, (uint32_t)strlen (word) };
  if (meant)
    diagnose (compiler->diagnostics, SEVERITY_ERROR, span, "'%s' has no argument '%s'; did you mean '%s'?",
              op_info[op].name, word, meant);
  else
    diagnose (compiler->diagnostics, SEVERITY_ERROR, span, "'%s' has no argument '%s'%s%s", op_info[op].name, word,
              list, used ? ")" : "");
}

/* The parameter that the n-th argument without a keyword stands for. */
static int
place_of (const char *parameters, uint32_t n)
{
  const char *name;
  size_t size;
  bool optional;
  for (int k = 0; op_parameter (parameters, k, &name, &size, &optional); k++)
    if (!op_keyword_only (name, size, optional) && n-- == 0)
      return k;
  return 0;
}

/* Lays the arguments of a function with structure out by parameter, those of `...` at the end; false after a message.
 */
static bool
arrange (struct compiler *compiler, enum op op, struct operand *operands, uint32_t count, struct span span)
{
  const char *parameters = op_info[op].parameters;
  struct operand by_parameter[PARAMETERS];
  bool given[PARAMETERS] = { false };
  const char *name;
  size_t size;
  bool optional;
  uint32_t parameter_count = 0, required = 0, by_place = 0;
  while (op_parameter (parameters, (int)parameter_count, &name, &size, &optional))
    {
      required += !optional;
      by_place += !op_keyword_only (name, size, optional);
      parameter_count++;
    }
  bool rest = op_takes_rest (parameters);
  uint32_t positional = 0, kept = 0;
  for (uint32_t i = 0; i < count; i++)
    {
      int place = place_of (parameters, positional);
      if (operands[i].keyword)
        {
          const char *word = names_text (compiler->names, operands[i].name);
          place = op_parameter_named (parameters, word);
          if (place < 0)
            {
              report_keyword (compiler, op, &operands[i]);
              return false;
            }
          if (given[place])
            {
              diagnose (compiler->diagnostics, SEVERITY_ERROR, operands[i].span, "'%s' is given '%s' twice",
                        op_info[op].name, word);
              return false;
            }
        }
      else if (positional++ >= (rest ? required : by_place))
        {
          operands[kept++] = operands[i];
          continue;
        }
      by_parameter[place] = operands[i];
      given[place] = true;
    }
  if (!rest && kept)
    return check_count (compiler, op, positional, span);
  for (uint32_t k = 0; k < required; k++)
    if (!given[k])
      return check_count (compiler, op, positional, span);
  /* The remaining `operands` are the rest; they move up behind the parameters. */
  struct operand none = operand_constant (compiler, (struct value){ .kind = KIND_NOTHING }, span);
  none.absent = true;
  compiler->operands.used = (size_t)((char *)operands - compiler->operands.start) + kept * sizeof none;
  for (uint32_t k = 0; k < parameter_count; k++)
    operand_push (compiler, none);
  memmove (operands + parameter_count, operands, kept * sizeof none);
  for (uint32_t k = 0; k < parameter_count; k++)
    operands[k] = given[k] ? by_parameter[k] : none;
  return true;
}

/* The arguments are laid out by parameter, as many as the function has; a source is a name, or a list of names. */
static void
compile_derivative (struct compiler *compiler, enum op op, struct span span)
{
  uint32_t count = (uint32_t)op_parameter_count (op_info[op].parameters);
  struct operand *operands
    = area_of (&compiler->operands, struct operand) + area_count (&compiler->operands, struct operand) - count;
  /* A number is the place of an argument, where what is differentiated may be a function. */
  bool placed = operands[1].literal && count == 2 && !operands[0].pending && !operands[0].literal;
  if (!operands[1].bare && !operands[1].list && !placed && !operands[1].absent)
    diagnose (compiler->diagnostics, SEVERITY_ERROR, operands[1].span,
              "'%s' differentiates in a name or a list of names, and this is an expression", op_info[op].name);
  if (operands[1].absent)
    {
      operand_pop (compiler);
      count = 1;
    }
  uint32_t first = operands_place (compiler, count);
  registers_return (compiler, first);
  uint32_t target = register_new (compiler);
  emit (compiler, CODE_DERIVE, op, target, first, count, span);
  compiler->program->derives = true;
  compiler->again |= compiler->streams; /* what came before has to know in which variables */
  operand_push (compiler, (struct operand){ .at = target, .temporary = true, .span = span });
}

/* Whether of the last operands only the first is given. */
static bool
is_alone (const struct compiler *compiler, uint32_t count)
{
  const struct operand *operands
    = area_of (&compiler->operands, struct operand) + area_count (&compiler->operands, struct operand) - count;
  for (uint32_t i = 1; i < count; i++)
    if (!operands[i].absent)
      return false;
  return count > 0;
}

static void
call_built_in (struct compiler *compiler, enum op op, struct operand *operands, uint32_t count, struct span span)
{
  uint32_t keywords = 0;
  for (uint32_t i = 0; i < count; i++)
    keywords += operands[i].keyword;
  bool good = op_info[op].arity && keywords == 0 ? check_count (compiler, op, count, span)
              : op_info[op].arity                ? (report_keyword (compiler, op, &operands[count - 1]), false)
              : keywords                         ? true
                                                 : check_count (compiler, op, count, span);
  size_t base = (size_t)((char *)operands - compiler->operands.start);
  if (good && !op_info[op].arity)
    good = arrange (compiler, op, operands, count, span);
  if (!good)
    {
      compiler->operands.used = base;
      operand_push (compiler, operand_constant (compiler, value_number (KIND_REAL, 0), span));
      return;
    }
  if (op_is_derivative (op))
    {
      compile_derivative (compiler, op, span);
      return;
    }
  if (op_info[op].arity)
    {
      compiler->operands.used = base;
      operand_push_step (compiler, op, op_info[op].arity, operands, span);
      return;
    }
  /* A variable that is bound to data is no input. */
  compiler->mentions |= op == OP_load;
  count = (uint32_t)((compiler->operands.used - base) / sizeof *operands);
  if (op_is_formula (&op_info[op]))
    {
      compile_formula (compiler, op, count, span);
      return;
    }
  bool whole = (op == OP_sum || op == OP_mean) && is_alone (compiler, count);
  uint32_t start = code_count (compiler), first = operands_place (compiler, count);
  struct instruction *group = code_at (compiler, start);
  if (whole && start < code_count (compiler) && group->code == CODE_GROUP && group->a == first)
    group->op |= op == OP_sum ? GROUP_SUMMED : GROUP_AVERAGED;
  registers_return (compiler, first);
  uint32_t target = register_new (compiler);
  emit (compiler, CODE_ROUTINE, op, target, first, count, span);
  operand_push (compiler, (struct operand){ .at = target, .temporary = true, .span = span });
}

void
compile_call (struct compiler *compiler, const struct node *node)
{
  uint32_t count = node->payload;
  struct span span = node_span (node);
  struct operand *operands
    = area_of (&compiler->operands, struct operand) + area_count (&compiler->operands, struct operand) - count;
  struct operand callee = operands[-1];
  if (callee.function)
    {
      enum op op = callee.op;
      memmove (operands - 1, operands, count * sizeof *operands);
      compiler->operands.used -= sizeof *operands;
      call_built_in (compiler, op, operands - 1, count, span);
      return;
    }
  for (uint32_t i = 0; i < count; i++)
    if (operands[i].keyword)
      diagnose (compiler->diagnostics, SEVERITY_ERROR, operands[i].span, "only built-in functions take keywords");
  if (count > UINT16_MAX)
    diagnose (compiler->diagnostics, SEVERITY_ERROR, span, "a function takes at most %d arguments", UINT16_MAX);
  compiler->mentions = true;
  if (callee.pending)
    operand_place (compiler, &operands[-1]);
  uint32_t first = operands_place (compiler, count);
  callee = operand_pop (compiler);
  registers_return (compiler, callee.temporary && callee.at < first ? callee.at : first);
  uint32_t target = register_new (compiler);
  emit (compiler, CODE_CALL, count, target, callee.at, first, span);
  operand_push (compiler, (struct operand){ .at = target, .temporary = true, .shared = true, .span = span });
}
