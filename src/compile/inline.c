/* inline.c -- the formulas of ops.def: an expression takes the place of the call. */
#include <string.h>

#include "compile/compiler.h"

enum
{
  PARAMETERS = 8
};

/* The text of a formula, parsed once: the expression, then what each parameter is when it is left out. The places in
   its nodes are those of the call that it stands for at the moment. */
struct formula
{
  enum op op;
  uint32_t parameter_count;
  uint32_t names[PARAMETERS];
  struct syntax expression, defaults[PARAMETERS];
};

static void
read_text (struct compiler *compiler, struct syntax *syntax, const char *text, size_t size)
{
  syntax_open (syntax, compiler->names->memory);
  parse_text (syntax, compiler->names, text, size);
  extend_tables (compiler);
}

static struct formula *
find_formula (struct compiler *compiler, enum op op)
{
  struct formula *formulas = area_of (&compiler->formulas, struct formula);
  size_t count = area_count (&compiler->formulas, struct formula);
  for (size_t i = 0; i < count; i++)
    if (formulas[i].op == op)
      return &formulas[i];
  struct formula *formula = area_add (&compiler->formulas, struct formula);
  *formula = (struct formula){ .op = op };
  const struct op_info *info = &op_info[op];
  const char *name;
  size_t size;
  bool optional;
  for (int k = 0; op_parameter (info->parameters, k, &name, &size, &optional); k++)
    {
      formula->names[k] = names_intern (compiler->names, name, size);
      if (optional)
        read_text (compiler, &formula->defaults[k], name + size + 1, strcspn (name + size + 1, ","));
      formula->parameter_count++;
    }
  read_text (compiler, &formula->expression, info->rules[0], strlen (info->rules[0]));
  return formula;
}

void
formulas_close (struct compiler *compiler)
{
  struct formula *formulas = area_of (&compiler->formulas, struct formula);
  for (size_t i = 0; i < area_count (&compiler->formulas, struct formula); i++)
    {
      syntax_close (&formulas[i].expression);
      for (uint32_t k = 0; k < formulas[i].parameter_count; k++)
        syntax_close (&formulas[i].defaults[k]);
    }
}

/* Compiles an expression as if it stood at the place of the call; its value is the operand on top. */
static void
compile_there (struct compiler *compiler, struct syntax *syntax, struct span span)
{
  const struct syntax *outer = compiler->syntax;
  compiler->syntax = syntax;
  struct node *nodes = area_of (&syntax->nodes, struct node);
  size_t count = area_count (&syntax->nodes, struct node) - 1; /* the last one says that it is an expression */
  for (size_t i = 0; i < count; i++)
    {
      nodes[i].start = span.start;
      nodes[i].length = span.length < UINT16_MAX ? (uint16_t)span.length : UINT16_MAX;
    }
  for (size_t i = 0; i < count; i++)
    compile_node (compiler, &nodes[i]);
  compiler->syntax = outer;
}

struct operand
formula_name (struct compiler *compiler, uint32_t name, struct span span, bool called)
{
  const struct formula_call *call = compiler->formula;
  for (uint32_t k = 0; k < call->count; k++)
    if (call->names[k] == name)
      {
        struct operand argument = call->arguments[k];
        argument.span = span;
        return argument;
      }
  const char *text = names_text (compiler->names, name);
  bool known;
  struct operand constant = predefined_value (compiler, text, span, &known);
  if (known && !called)
    return constant;
  return (struct operand){ .function = true, .op = op_find (text, true), .span = span };
}

void
compile_formula (struct compiler *compiler, enum op op, uint32_t count, struct span span)
{
  struct formula *formula = find_formula (compiler, op);
  struct operand arguments[PARAMETERS], *operands = area_of (&compiler->operands, struct operand)
                                                    + area_count (&compiler->operands, struct operand) - count;
  uint32_t base = scope_now (compiler)->next;
  bool temporary = false;
  for (uint32_t k = 0; k < count; k++)
    {
      uint32_t first = operands[k].pending ? operands[k].name : operands[k].at;
      if (operands[k].temporary && first < base)
        base = first;
    }
  /* Each argument is computed once, and its register kept until the result is there. */
  operands_write (compiler, count, operands, 0);
  for (uint32_t k = 0; k < count; k++)
    {
      temporary |= operands[k].temporary;
      arguments[k] = operands[k];
      arguments[k].temporary = arguments[k].keyword = arguments[k].bare = false;
    }
  compiler->operands.used -= count * sizeof *operands;
  struct formula_call call = { op, count, formula->names, arguments };
  const struct formula_call *outer = compiler->formula;
  compiler->formula = &call;
  for (uint32_t k = 0; k < count; k++)
    if (arguments[k].absent)
      {
        compile_there (compiler, &formula->defaults[k], span);
        arguments[k] = operand_pop (compiler);
      }
  compile_there (compiler, &formula->expression, span);
  compiler->formula = outer;
  struct operand result = operand_pop (compiler);
  if (temporary)
    {
      operand_place_in (compiler, &result, base, 0);
      result.temporary = true;
      registers_return (compiler, base + 1);
    }
  result.span = span;
  operand_push (compiler, result);
}
