/* mismatch.c -- a matrix product whose shapes do not fit: which names, where they got their shapes, and what would fit.
 */
#include "machine/run.h"

enum
{
  TEXT_LIMIT = 30
};

/* The two operands of the product at a place, as nodes; false when the text is not at hand. */
static bool
find_operands (const struct run *run, uint32_t place, const struct node *operands[2])
{
  const struct syntax *syntax = program_syntax (run->program, run->diagnostics);
  const struct node *nodes = area_of (&syntax->nodes, struct node);
  struct span span = run_span (run, place);
  for (size_t i = 0; i < area_count (&syntax->nodes, struct node); i++)
    {
      const struct node *node = &nodes[i];
      if (node->kind != SYNTAX_BINARY || node->op != SIGN_MATMUL || node->start != span.start
          || node->length != span.length)
        continue;
      /* The right operand ends just before its operator; the left one is the last node that begins before it. */
      const struct node *left = node - 2;
      operands[1] = node - 1;
      while (left > nodes && left->start >= operands[1]->start)
        left--;
      operands[0] = left;
      return true;
    }
  return false;
}

static struct span
assignment_before (const struct run *run, uint32_t name, uint32_t offset)
{
  const struct syntax *syntax = program_syntax (run->program, run->diagnostics);
  const struct node *nodes = area_of (&syntax->nodes, struct node);
  struct span found = { 0, 0 };
  for (size_t i = 0; i < area_count (&syntax->nodes, struct node); i++)
    if (nodes[i].kind == SYNTAX_TARGET && nodes[i].payload == name && (nodes[i].start < offset || !found.start))
      found = node_span (&nodes[i]);
  return found;
}

/* "W (2x3)", or "2x3" of an expression that is too long to quote. */
static void
describe (const struct run *run, const struct node *node, const struct shape *shape,
          char text[TEXT_LIMIT + SHAPE_TEXT + 4])
{
  char extents[SHAPE_TEXT];
  shape_text (extents, shape);
  if (node && node->length <= TEXT_LIMIT)
    snprintf (text, TEXT_LIMIT + SHAPE_TEXT + 4, "%.*s (%s)", (int)node->length,
              sources_text (run->diagnostics->sources, node_span (node)), extents);
  else
    snprintf (text, TEXT_LIMIT + SHAPE_TEXT + 4, "%s", extents);
}

static void
hint_transpose (const struct run *run, uint32_t place, const struct node *operands[2], const struct shape *a,
                const struct shape *b)
{
  if (a->rank != 2 || b->rank != 2 || operands[0]->kind != SYNTAX_NAME || operands[1]->kind != SYNTAX_NAME)
    return;
  const char *left = names_text (run->program->names, operands[0]->payload);
  const char *right = names_text (run->program->names, operands[1]->payload);
  struct span span = run_span (run, place);
  if (a->extent[0] == b->extent[0])
    diagnose (run->diagnostics, SEVERITY_HINT, span, "%s' @ %s would be %zux%zu", left, right, a->extent[1],
              b->extent[1]);
  else if (a->extent[1] == b->extent[1])
    diagnose (run->diagnostics, SEVERITY_HINT, span, "%s @ %s' would be %zux%zu", left, right, a->extent[0],
              b->extent[0]);
  else if (a->extent[0] == b->extent[1])
    diagnose (run->diagnostics, SEVERITY_HINT, span, "%s @ %s would be %zux%zu", right, left, b->extent[0],
              a->extent[1]);
}

void
run_check_product (const struct run *run, uint32_t place, const struct value *left, const struct value *right)
{
  if (left->kind != KIND_ARRAY || right->kind != KIND_ARRAY)
    return;
  struct shape a = value_shape (left), b = value_shape (right);
  size_t inner = a.extent[a.rank - 1], outer = b.extent[b.rank > 1 ? b.rank - 2 : 0];
  if (inner == outer)
    return;
  const struct node *operands[2] = { NULL, NULL };
  bool known = find_operands (run, place, operands);
  char first[TEXT_LIMIT + SHAPE_TEXT + 4], second[TEXT_LIMIT + SHAPE_TEXT + 4], extents[SHAPE_TEXT];
  describe (run, operands[0], &a, first);
  describe (run, operands[1], &b, second);
  diagnose (run->diagnostics, SEVERITY_ERROR, run_span (run, place),
            "cannot multiply %s by %s: the inner sizes %zu and %zu differ", first, second, inner, outer);
  for (int i = 0; known && i < 2; i++)
    {
      if (operands[i]->kind != SYNTAX_NAME
          || (i == 1 && operands[0]->kind == SYNTAX_NAME && operands[0]->payload == operands[1]->payload))
        continue;
      struct span origin = assignment_before (run, operands[i]->payload, operands[i]->start);
      if (origin.start)
        diagnose (run->diagnostics, SEVERITY_NOTE, origin, "%s is %s because of this",
                  names_text (run->program->names, operands[i]->payload), shape_text (extents, i ? &b : &a));
    }
  if (known)
    hint_transpose (run, place, operands, &a, &b);
  run->diagnostics->status = STATUS_PROGRAM;
  longjmp (*run->diagnostics->stop, 1);
}
