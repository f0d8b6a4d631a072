/* dump.c -- a program's code, one line an instruction, for developers. */
#include "code/program.h"

static void
print_operand (FILE *out, uint32_t operand)
{
  static const char kinds[] = { 'r', '.', 'g', 't' };
  fprintf (out, " %c%u", kinds[operand >> 30], operand & REGISTER_MASK);
}

void
program_dump (const struct program *program, FILE *out)
{
  static const char *const names[CODES]
    = { "group",  "step",   "move",    "routine", "replace",    "call",      "derive",   "list",   "slice",   "jump",
        "unless", "left",   "boolean", "count",   "count next", "item next", "function", "return", "missing", "print",
        "assert", "unpack", "unbound", "input",   "define",     "assigned",  "keep",     "recall", "source",
        "stop" };
  const struct instruction *code = area_of (&program->code, struct instruction);
  for (size_t i = 0; i < area_count (&program->code, struct instruction); i++)
    {
      fprintf (out, "%6zu  %-10s", i, names[code[i].code]);
      if (code[i].code == CODE_STEP || (code[i].code == CODE_ROUTINE && code[i].op < OPS))
        fprintf (out, " %s", op_info[code[i].op].name);
      else
        fprintf (out, " %u", code[i].op);
      print_operand (out, code[i].a);
      print_operand (out, code[i].b);
      print_operand (out, code[i].code == CODE_STEP && op_info[code[i].op].arity < 3 ? 0 : code[i].c);
      putc ('\n', out);
    }
}
