/* symbolic_c.c -- value and gradient as a function in C. */
#include <stdio.h>
#include <string.h>

#include "base/heap.h"
#include "base/writing.h"
#include "formula/symbolic_step.h"
#include "formula/term_c.h"

/* Names that a C function can have: no word of C, nothing of math.h that is used here, letters of ASCII. */
static bool
is_c_name (const char *name)
{
  static const char *const taken[]
    = { "auto",   "break",    "case",     "char",     "const", "continue", "default", "do",     "double",
        "else",   "enum",     "extern",   "float",    "for",   "goto",     "if",      "inline", "int",
        "long",   "register", "restrict", "return",   "short", "signed",   "sizeof",  "static", "struct",
        "switch", "typedef",  "union",    "unsigned", "void",  "size_t",   "NULL",    "NAN",    "INFINITY",
        "while",  "volatile", "gradient", "gamma",    "j0",    "j1",       "y0",      "y1" };
  for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
    if (strcmp (taken[i], name) == 0)
      return false;
  return op_find (name, false) == OPS && !term_c_has_helper (name)
         && name[strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == 0;
}

/* The step that gives a value, or NULL: it is an input, or it does not vary. */
static const struct symbolic_step *
step_of (const struct symbolic *formulas, const struct value *value)
{
  uint32_t step = trace_number (&formulas->trace, value->node);
  return step ? step_at (formulas, step) : NULL;
}

/* Names that loops have: i0, p0, and what they add up. */
static bool
is_own_name (const char *name)
{
  static const char *const kept[] = { "most", "least", "product", "rest", "found" };
  for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
    if (strcmp (kept[i], name) == 0)
      return true;
  return symbolic_is_numbered (name, 'i') || symbolic_is_numbered (name, 'p');
}

/* Whether all variables that are marked have names that will do. */
static bool
check_names (struct symbolic *formulas, const bool *marks, const bool *inputs, bool loops)
{
  for (uint32_t slot = 0; slot < formulas->run->program->global_count; slot++)
    {
      const char *name = symbolic_name (formulas, slot);
      if (!(marks[slot] || inputs[slot]) || (is_c_name (name) && !(loops && is_own_name (name))))
        continue;
      return is_c_name (name) ? symbolic_fail (formulas, UINT32_MAX, "the function uses the name '%.30s' itself", name)
                              : symbolic_fail (formulas, UINT32_MAX, "'%.40s' cannot be a name in C", name);
    }
  return true;
}

/* An array that the program has as it is. */
static bool
write_constant (struct symbolic *formulas, FILE *out, uint32_t slot, const struct array *array)
{
  enum
  {
    MOST = 10000
  };
  if (array->size == 0 || array->size > MOST)
    return symbolic_fail (formulas, UINT32_MAX, "'%.30s' has %zu elements", symbolic_name (formulas, slot),
                          array->size);
  fprintf (out, "  static const double %s[%zu] = {", symbolic_name (formulas, slot), array->size);
  char text[NUMBER_SIZE];
  for (size_t i = 0; i < array->size; i++)
    {
      term_c_literal (text, array->elements[i]);
      fprintf (out, "%s %s", i ? "," : "", text);
    }
  fputs (" };\n", out);
  return true;
}

/* Whether a step gives a name that is needed, and is no input, what it stands for. */
static bool
is_needed (const struct symbolic *formulas, const struct symbolic_step *step, const bool *marks, const bool *inputs)
{
  const struct term *term = step->term == NO_TERM ? NULL : term_at (&formulas->terms, step->term);
  return term && term->kind == TERM_NAME && !(term->name & LOST) && marks[term->name] && !inputs[term->name]
         && step->own != NO_TERM && step->own != step->term
         && (step->varies || term_at (&formulas->terms, step->own)->traits & TERM_VARIES);
}

/* Whether a name that does not vary stands for what hangs on an input all the same: a comparison, a position. */
static bool
is_computed (struct symbolic *formulas, uint32_t slot)
{
  struct shape shape = value_shape (area_of (&formulas->run->globals, struct value) + slot);
  return term_at (&formulas->terms, term_name (&formulas->terms, slot, &shape))->traits & TERM_VARIES
         && !area_of (&formulas->run->globals, struct value)[slot].node;
}

/* The values that names stand for, in order; `marks` are those that are needed, and left to those that are not yet
 * there.
 */
static bool
write_names (struct symbolic *formulas, struct term_c *writer, bool *marks, const bool *inputs)
{
  const struct value *globals = area_of (&formulas->run->globals, struct value);
  FILE *out = writer->printer.out;
  bool good = true;
  for (uint32_t slot = 0; slot < formulas->run->program->global_count && good; slot++)
    if (marks[slot] && !inputs[slot] && !step_of (formulas, &globals[slot]) && !is_computed (formulas, slot))
      {
        if (globals[slot].node)
          good = symbolic_fail (formulas, UINT32_MAX, "'%.30s' comes from a derivative, or is one of several",
                                symbolic_name (formulas, slot));
        else if (globals[slot].kind == KIND_ARRAY)
          good = write_constant (formulas, out, slot, globals[slot].array);
        else if (value_is_number (&globals[slot]))
          {
            char text[NUMBER_SIZE];
            term_c_literal (text, globals[slot].number);
            fprintf (out, "  const double %s = %s;\n", symbolic_name (formulas, slot), text);
          }
      }
  for (size_t i = 1; good && i <= trace_count (&formulas->trace); i++)
    {
      const struct symbolic_step *step = step_at (formulas, i);
      if (!is_needed (formulas, step, marks, inputs))
        continue;
      const struct term *term = term_at (&formulas->terms, step->term);
      const char *name = symbolic_name (formulas, term->name);
      struct shape shape = term->shape;
      marks[term->name] = false; /* once */
      if (shape.rank)
        {
          fprintf (out, "  double %s[%zu];\n", name, shape_size (&shape));
          writer->elements += shape_size (&shape);
          good = term_c_assign (writer, name, 0, step->own, &shape);
        }
      else
        good = term_c_number (writer, "const double ", name, step->own);
    }
  return good;
}

/* What has a variable of its own, beside what the program has named. */
static void
find_parts (struct symbolic *formulas, const bool *marks, const bool *inputs, const struct symbolic_step *last,
            uint32_t count, const uint32_t *gradients)
{
  size_t steps = trace_count (&formulas->trace), found = 0;
  uint32_t *roots = heap_take (formulas->run->memory, steps + count + 1, sizeof *roots, "the formulas");
  for (size_t i = 1; i <= steps; i++)
    if (is_needed (formulas, step_at (formulas, i), marks, inputs))
      roots[found++] = step_at (formulas, i)->own;
  for (uint32_t s = 0; s < count; s++)
    if (gradients[s] != NO_TERM)
      roots[found++] = gradients[s];
  if (!is_needed (formulas, last, marks, inputs))
    roots[found++] = last->own;
  symbolic_find_parts (formulas, found, roots, true);
  heap_give (roots);
}

/* Says what C has not, and where the program has it. */
static void
tell_without (struct symbolic *formulas, const char *without)
{
  symbolic_fail (formulas, UINT32_MAX, "there is no C for '%s'", without);
  for (size_t i = trace_count (&formulas->trace); i > 0; i--)
    {
      const struct step *step = trace_at (&formulas->trace, i);
      if (step->op < OPS && step->result.node && strcmp (op_written (step->op), without) == 0)
        formulas->place = step->place;
    }
}

/* The body of the function. */
static bool
write_statements (struct symbolic *formulas, FILE *out, bool *marks, const bool *inputs,
                  const struct symbolic_step *last, uint32_t count, const struct value *sources,
                  const uint32_t *gradients)
{
  enum
  {
    MOST = 100000,    /* elements of arrays on the stack */
    LENGTH = 10000000 /* characters of a function */
  };
  uint32_t zero = term_number (&formulas->terms, 0),
           term_count = (uint32_t)area_count (&formulas->terms.list, struct term);
  uint32_t *own = heap_take_zeroed (formulas->run->memory, term_count, sizeof *own, "the formulas");
  struct term_c writer = { .printer = symbolic_printer (formulas, out, NULL),
                           .wanted = area_of (&formulas->part_of, uint32_t),
                           .wanted_count = (uint32_t)area_count (&formulas->part_of, uint32_t),
                           .letter = formulas->letter };
  term_c_open (&writer, own, term_count);
  writer.printer.room = LENGTH;
  if (!formulas->letter)
    symbolic_fail (formulas, UINT32_MAX, "the program's names leave no letter for others");
  bool named = is_needed (formulas, last, marks, inputs);
  for (uint32_t slot = 0; slot < formulas->run->program->global_count; slot++)
    if (inputs[slot] && !marks[slot])
      fprintf (out, "  (void)%s;\n", symbolic_name (formulas, slot));
  bool good = formulas->letter && write_names (formulas, &writer, marks, inputs);
  size_t offset = 0;
  for (uint32_t s = 0; good && s < count; s++)
    {
      struct shape shape = value_shape (&sources[s]);
      uint32_t gradient = gradients[s] == NO_TERM ? zero : gradients[s];
      char element[40];
      snprintf (element, sizeof element, "gradient[%zu]", offset);
      good = shape.rank ? term_c_assign (&writer, "gradient", offset, gradient, &shape)
                        : term_c_number (&writer, "", element, gradient);
      offset += shape_size (&shape);
    }
  good = good && term_c_number (&writer, "return ", NULL, named ? last->term : last->own);
  fputs ("}\n", out);
  if (good && writer.elements > MOST)
    good = symbolic_fail (formulas, UINT32_MAX, "it would need arrays of %zu elements", writer.elements);
  if (!good && writer.printer.without && !*formulas->trouble)
    tell_without (formulas, writer.printer.without);
  else if (!good)
    symbolic_fail (formulas, UINT32_MAX, "a step has no formula, or one that is too long");
  heap_give (own);
  return good;
}

/* "double x", or "const double *x" with its shape. */
static void
write_parameter (const struct symbolic *formulas, FILE *out, const struct value *source)
{
  bool array = source->kind == KIND_ARRAY;
  fprintf (out, "%sdouble %s%s, ", array ? "const " : "", array ? "*" : "",
           symbolic_name (formulas, symbolic_slot (formulas, source)));
}

static bool
has_loops (const char *body)
{
  return strstr (body, "size_t ") || strstr (body, "eliminate (") || strstr (body, "factor (");
}

/* What the function is called, and what it takes. */
static void
write_head (const struct symbolic *formulas, FILE *out, const char *name, uint32_t count, const struct value *sources,
            const char *body)
{
  bool bessel = strstr (body, "j0(") || strstr (body, "j1(") || strstr (body, "y0(") || strstr (body, "y1(");
  fprintf (out, "%s#include <math.h>\n%s", bessel ? "#define _DEFAULT_SOURCE\n" : "",
           has_loops (body) ? "#include <stddef.h>\n" : "");
  term_c_helpers (out, body);
  fprintf (out, "\n/* %s, and its derivatives in", name);
  for (uint32_t s = 0; s < count; s++)
    {
      struct shape shape = value_shape (&sources[s]);
      char extents[SHAPE_TEXT];
      fprintf (out, "%s %s%s%s%s", s ? "," : "", symbolic_name (formulas, symbolic_slot (formulas, &sources[s])),
               shape.rank ? " (" : "", shape_text (extents, &shape), shape.rank ? ")" : "");
    }
  fprintf (out, ", in that order. */\ndouble\n%s_gradient (", is_c_name (name) ? name : "value");
  for (uint32_t s = 0; s < count; s++)
    write_parameter (formulas, out, &sources[s]);
  fputs ("double *gradient)\n{\n", out);
}

/* Marks the variables that the function takes, and those that it mentions; false where an input has no name. */
static bool
find_names (struct symbolic *formulas, const struct symbolic_step *last, uint32_t count, const struct value *sources,
            const uint32_t *gradients, bool *marks, bool *inputs)
{
  symbolic_names (formulas, last->own, marks);
  for (uint32_t s = 0; s < count; s++)
    {
      uint32_t slot = symbolic_slot (formulas, &sources[s]);
      if (gradients[s] != NO_TERM)
        symbolic_names (formulas, gradients[s], marks);
      if (slot == NO_SLOT)
        return symbolic_fail (formulas, UINT32_MAX,
                              "an input that is bound again has no name left; leave it out with -w");
      inputs[slot] = true;
    }
  /* From the last step back: what a name that is needed is made of. */
  for (size_t i = trace_count (&formulas->trace); i > 0; i--)
    {
      const struct symbolic_step *step = step_at (formulas, i);
      if (is_needed (formulas, step, marks, inputs))
        symbolic_names (formulas, step->own, marks);
    }
  return true;
}

/* A target that no step gave: a variable as it is, or a number. */
static struct symbolic_step
target_itself (struct symbolic *formulas, const struct value *target)
{
  uint32_t slot = target->node ? symbolic_slot (formulas, target) : NO_SLOT;
  uint32_t term = slot == NO_SLOT ? term_number (&formulas->terms, value_is_number (target) ? target->number : 0)
                                  : term_name (&formulas->terms, slot, &(struct shape){ .rank = 0 });
  return (struct symbolic_step){ .term = term, .own = term, .varies = target->node != 0 };
}

char *
symbolic_c (struct symbolic *formulas, const char *name, const struct value *target, uint32_t count,
            const struct value *sources, const uint32_t *gradients)
{
  uint32_t slots = formulas->run->program->global_count;
  struct memory *memory = formulas->run->memory;
  bool *marks = heap_take_zeroed (memory, slots, sizeof *marks, "the formulas"),
       *inputs = heap_take_zeroed (memory, slots, sizeof *inputs, "the formulas"),
       *used = heap_take_zeroed (memory, slots, sizeof *used, "the formulas");
  struct writing *statements = writing_open (memory, "the formulas"), *whole = writing_open (memory, "the formulas");
  const struct symbolic_step *last = step_of (formulas, target), given = target_itself (formulas, target);
  if (!last && value_is_number (target))
    last = &given;
  bool good = last && last->own != NO_TERM;
  if (target->kind == KIND_ARRAY)
    good = symbolic_fail (formulas, UINT32_MAX, "'%.20s' is an array; a function in C is of one number", name);
  good = good && find_names (formulas, last, count, sources, gradients, marks, inputs);
  if (good)
    {
      memcpy (used, marks, slots * sizeof *used);
      find_parts (formulas, marks, inputs, last, count, gradients);
      good = write_statements (formulas, statements->out, marks, inputs, last, count, sources, gradients);
    }
  char *body = writing_close (statements, NULL);
  good = good && check_names (formulas, used, inputs, has_loops (body));
  if (good)
    {
      write_head (formulas, whole->out, name, count, sources, body);
      fputs (body, whole->out);
    }
  char *text = writing_close (whole, NULL);
  heap_give (body);
  heap_give (marks);
  heap_give (inputs);
  heap_give (used);
  if (good)
    return text;
  symbolic_fail (formulas, UINT32_MAX, "there is no formula for the target");
  heap_give (text);
  return NULL;
}
