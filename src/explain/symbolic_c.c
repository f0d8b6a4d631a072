/* symbolic_c.c -- value and gradient as a function in C. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain/symbolic_step.h"

/* Writes a term as C; what C has not becomes the trouble. */
static bool
write_c (struct symbolic *formulas, FILE *out, uint32_t term)
{
  struct term_printer printer = { .terms = &formulas->terms,
                                  .out = out,
                                  .format = TERM_C,
                                  .room = SYMBOLIC_LENGTH,
                                  .write_name = symbolic_write_name,
                                  .data = formulas };
  bool good = term != NO_TERM && term_print (&printer, term);
  if (printer.without && !*formulas->trouble)
    snprintf (formulas->trouble, sizeof formulas->trouble, "there is no C for '%s'", printer.without);
  else if (!good && !*formulas->trouble)
    snprintf (formulas->trouble, sizeof formulas->trouble, "a step has no formula, or one that is too long");
  return good && !printer.without;
}

/* Names that a C function can have: no word of C, nothing of math.h that is used here, letters of ASCII. */
static bool
is_c_name (const char *name)
{
  static const char *const taken[]
    = { "auto",     "break",  "case",  "char",     "const",    "continue", "default", "do",     "double",  "else",
        "enum",     "extern", "float", "for",      "goto",     "if",       "inline",  "int",    "long",    "register",
        "restrict", "return", "short", "signed",   "sizeof",   "static",   "struct",  "switch", "typedef", "union",
        "unsigned", "void",   "while", "volatile", "gradient", "gamma",    "j0",      "j1",     "y0",      "y1" };
  for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
    if (strcmp (taken[i], name) == 0)
      return false;
  return op_find (name, false) == OPS
         && name[strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == 0;
}

/* The step that gives a value, or NULL: it is an input, or it does not vary. */
static const struct symbolic_step *
step_of (const struct symbolic *formulas, const struct value *value)
{
  uint32_t step = value->node && value->node < area_count (&formulas->of_node, uint32_t)
                    ? area_of (&formulas->of_node, uint32_t)[value->node]
                    : 0;
  return step ? step_at (formulas, step - 1) : NULL;
}

/* Head, constants, and the values on the way that have names, in order. `marks` are the variables that are named. */
static bool
write_c_names (struct symbolic *formulas, FILE *out, bool *marks, const bool *inputs)
{
  const struct value *globals = area_of (&formulas->run->globals, struct value);
  bool good = true;
  for (uint32_t slot = 0; slot < formulas->run->program->global_count; slot++)
    if (marks[slot] && !is_c_name (symbolic_name (formulas, slot)))
      {
        snprintf (formulas->trouble, sizeof formulas->trouble, "'%.40s' cannot be a name in C",
                  symbolic_name (formulas, slot));
        return false;
      }
    else if (marks[slot] && !inputs[slot] && value_is_number (&globals[slot]) && !step_of (formulas, &globals[slot]))
      fprintf (out, "  const double %s = %.17g;\n", symbolic_name (formulas, slot), globals[slot].number);
  for (size_t i = 0; good && i < area_count (&formulas->steps, struct symbolic_step); i++)
    {
      const struct symbolic_step *step = step_at (formulas, i);
      const struct term *term = step->term == NO_TERM ? NULL : term_at (&formulas->terms, step->term);
      if (!term || term->kind != TERM_NAME || !marks[term->name] || inputs[term->name] || step->own == step->term
          || step->result.node == 0)
        continue;
      marks[term->name] = false; /* once */
      fprintf (out, "  const double %s = ", symbolic_name (formulas, term->name));
      good = write_c (formulas, out, step->own);
      fputs (";\n", out);
    }
  return good;
}

char *
symbolic_c (struct symbolic *formulas, const char *name, const struct value *target, uint32_t count,
            const struct value *sources, const uint32_t *gradients)
{
  uint32_t slots = formulas->run->program->global_count;
  bool *marks = calloc (slots + 1, sizeof *marks), *inputs = calloc (slots + 1, sizeof *inputs);
  char *text = NULL;
  size_t size;
  FILE *out = open_memstream (&text, &size);
  const struct symbolic_step *last = step_of (formulas, target);
  bool good = marks && inputs && out && last && last->own != NO_TERM;
  if (good)
    symbolic_names (formulas, last->own, marks);
  for (uint32_t s = 0; good && s < count; s++)
    {
      uint32_t slot = symbolic_slot (formulas, &sources[s]);
      if (gradients[s] != NO_TERM)
        symbolic_names (formulas, gradients[s], marks);
      if (slot != NO_SLOT)
        inputs[slot] = marks[slot] = true;
    }
  /* From the last step back: what a name that is needed is made of. */
  for (size_t i = area_count (&formulas->steps, struct symbolic_step); good && i-- > 0;)
    {
      const struct symbolic_step *step = step_at (formulas, i);
      const struct term *term = step->term == NO_TERM ? NULL : term_at (&formulas->terms, step->term);
      if (term && term->kind == TERM_NAME && marks[term->name] && step->own != NO_TERM && step->own != step->term
          && !inputs[term->name])
        symbolic_names (formulas, step->own, marks);
    }
  if (good)
    {
      fprintf (out, "#include <math.h>\n\n/* %s, and its derivatives in", name);
      for (uint32_t s = 0; s < count; s++)
        fprintf (out, "%s %s", s ? "," : "", symbolic_name (formulas, symbolic_slot (formulas, &sources[s])));
      fprintf (out, ", in that order. */\ndouble\n%s_gradient (", is_c_name (name) ? name : "value");
      for (uint32_t s = 0; s < count; s++)
        fprintf (out, "double %s, ", symbolic_name (formulas, symbolic_slot (formulas, &sources[s])));
      fputs ("double *gradient)\n{\n", out);
      good = write_c_names (formulas, out, marks, inputs);
    }
  for (uint32_t s = 0; good && s < count; s++)
    {
      fprintf (out, "  gradient[%u] = ", s);
      good = write_c (formulas, out, gradients[s] == NO_TERM ? term_number (&formulas->terms, 0) : gradients[s]);
      fputs (";\n", out);
    }
  if (good)
    {
      fputs ("  return ", out);
      good = write_c (formulas, out, last->own);
      fputs (";\n}\n", out);
    }
  if (out)
    fclose (out);
  free (marks);
  free (inputs);
  if (good)
    return text;
  if (!*formulas->trouble)
    snprintf (formulas->trouble, sizeof formulas->trouble, "there is no formula for the target");
  free (text);
  return NULL;
}
