/* rulebook.c -- the rules that the gradients of a program can need, compiled before it runs. */
#include "derive/rulebook.h"

#include <assert.h>
#include <string.h>

#include "base/heap.h"
#include "ops/rules.h"

enum
{
  TEXT = 1 << 15,
  WANTED = 1,
  THERE = 2
};

/* Whether an operator has rules that a sweep can ask for: what gives booleans or whole numbers is on no tape. */
static bool
has_rules (uint32_t op)
{
  return rule_exists (op) && !(op_info[op].traits & (TRUTH | INTEGER));
}

static bool
is_of_name (char c)
{
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* Wants the rules of all functions and operators that a text calls, but for the four operations. */
static void
want_called (struct rulebook *book, const char *text)
{
  static const struct
  {
    char sign;
    enum op op;
  } signs[] = { { '^', OP_power }, { '^', OP_square }, { '@', OP_matmul }, { '%', OP_modulo } };
  for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
    if (strchr (text, signs[i].sign))
      book->wanted[signs[i].op] |= WANTED;
  char name[40];
  for (const char *bracket = text; (bracket = strchr (bracket, '(')); bracket++)
    {
      const char *end = bracket > text && bracket[-1] == ' ' ? bracket - 1 : bracket, *start = end;
      while (start > text && is_of_name (start[-1]))
        start--;
      if (start == end || end - start >= (ptrdiff_t)sizeof name)
        continue;
      snprintf (name, sizeof name, "%.*s", (int)(end - start), start);
      enum op op = op_find (name, true);
      if (op < OPS)
        book->wanted[op] |= WANTED;
    }
}

/* `rOP__k(u, v, its parameters) = pullback`, for every operand of an operator; the text's size. */
static size_t
write_operands (struct rulebook *book, enum op op, char *text, size_t room)
{
  enum
  {
    LINE = 400
  };
  const struct op_info *info = &op_info[op];
  char parameters[120] = "u, v", line[LINE];
  size_t used = 0, length = 4, size;
  const char *name;
  bool optional;
  for (int k = 0; op_parameter (info->parameters, k, &name, &size, &optional); k++)
    length += (size_t)snprintf (parameters + length, sizeof parameters - length, ", %.*s", (int)size, name);
  for (uint32_t k = 0; op_parameter (info->parameters, (int)k, &name, &size, &optional); k++)
    if (k < RULE_OPERANDS && rule_text (op, k, name, size, line, LINE))
      {
        used += (size_t)snprintf (text + used, room - used, "r%d__%u(%s%s) = %s\n", (int)op, k, parameters,
                                  info->arity ? ", both" : "", line);
        want_called (book, line);
      }
  return used;
}

/* The rules of all functions that are wanted, and of those that the rules call; the text's size. */
static size_t
write_rules (struct rulebook *book, char text[TEXT])
{
  size_t used = (size_t)snprintf (text, TEXT, "%s", rule_constants);
  bool structured = false, more = true;
  want_called (book, rule_constants);
  while (more)
    {
      more = false;
      for (int op = 0; op < OPS; op++)
        {
          const struct op_info *info = &op_info[op];
          if (book->wanted[op] != WANTED)
            continue;
          book->wanted[op] |= THERE;
          more = true;
          if (op_is_formula (info))
            want_called (book, info->rules[0]);
          if (!has_rules ((uint32_t)op))
            continue;
          used += write_operands (book, (enum op)op, text + used, TEXT - used);
          if (!info->arity && !structured)
            {
              structured = true;
              used += (size_t)snprintf (text + used, TEXT - used, "%s", rule_lines);
              want_called (book, rule_lines);
            }
        }
    }
  return used;
}

static void
want (struct rulebook *book, uint32_t op, bool *more)
{
  if (op >= OPS || book->wanted[op])
    return;
  book->wanted[op] = WANTED;
  *more |= has_rules (op);
}

/* Wants the rules of all that the code of a program calls, or has as a value. Whether there are more now. */
static bool
want_used (struct rulebook *book, const struct program *program)
{
  bool more = false;
  const struct instruction *code = area_of (&program->code, struct instruction);
  for (size_t i = 0; i < area_count (&program->code, struct instruction); i++)
    if (code[i].code == CODE_STEP || code[i].code == CODE_ROUTINE)
      want (book, code[i].op, &more);
  const struct constant *constants = area_of (&program->constants, struct constant);
  for (size_t i = 0; i < area_count (&program->constants, struct constant); i++)
    if (constants[i].value.kind == KIND_FUNCTION)
      want (book, (uint32_t)constants[i].value.number, &more);
  return more;
}

/* Which prototype is the rule of which operator's operand. */
static void
number_rules (struct rulebook *book)
{
  const struct prototype *prototypes = area_of (&book->program.prototypes, struct prototype);
  for (uint32_t i = 0; i < area_count (&book->program.prototypes, struct prototype); i++)
    {
      unsigned op, k;
      if (sscanf (names_text (&book->names, prototypes[i].name), "r%u__%u", &op, &k) == 2)
        book->prototypes[op][k] = i + 1;
    }
}

static void
compile_rules (struct rulebook *book, struct memory *memory)
{
  char text[TEXT];
  size_t size = write_rules (book, text);
  memory->text += size;
  names_open (&book->names, memory);
  syntax_open (&book->syntax, memory);
  program_open (&book->program, memory, &book->names);
  book->program.inner = true;
  book->program.source_count = 1;
  struct diagnostics diagnostics = { .sources = &book->sources, .memory = memory, .out = stderr };
  sources_add (&book->sources, memory, "<rules>", text, size);
  bool good = parse (&book->syntax, &book->names, &diagnostics, 0, 1, PARSE_PROGRAM, NULL)
              && compile (&book->program, &book->syntax, &diagnostics, &(struct compile_options){ 0 });
  assert (good);
  (void)good;
}

static void
drop_rules (struct rulebook *book)
{
  program_close (&book->program);
  syntax_close (&book->syntax);
  names_close (&book->names);
  sources_free (&book->sources);
  book->sources = (struct sources){ 0 };
}

struct rulebook *
rulebook_open (const struct program *program)
{
  static const enum op always[] = { OP_add, OP_subtract, OP_multiply, OP_divide, OP_negate, OP_real };
  struct memory *memory = program->names->memory;
  struct rulebook *book = heap_take_zeroed (memory, 1, sizeof *book, "the rules");
  for (size_t i = 0; i < sizeof always / sizeof *always; i++)
    book->wanted[always[i]] = WANTED;
  want_used (book, program);
  compile_rules (book, memory);
  /* The compiler may have put an operator in the place of another that the rules' text does not show. */
  while (want_used (book, &book->program))
    {
      for (int op = 0; op < OPS; op++)
        book->wanted[op] &= WANTED;
      drop_rules (book);
      compile_rules (book, memory);
    }
  number_rules (book);
  for (int op = 0; op < OPS; op++)
    book->axes[op] = (int8_t)(book->wanted[op] && !op_info[op].arity ? op_axis ((unsigned)op) : -1);
  return book;
}

void
rulebook_close (struct rulebook *book)
{
  drop_rules (book);
  heap_give (book);
}
