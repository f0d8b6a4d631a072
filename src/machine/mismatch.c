/* mismatch.c -- a matrix product whose shapes do not fit: which names, where they got their shapes, and what would fit.
 */
#include "machine/run.h"

enum
{
  TEXT_LIMIT = 30
};

/* What a place is in: the syntax of the program, or that of the claims of options. */
static const struct syntax *
syntax_at (const struct run *run, struct span span)
{
  const struct program *program = run->program;
  bool own = span.start < sources_end (run->diagnostics->sources, program->source_count);
  return own || !program->claim_syntax ? program_syntax (program, run->diagnostics) : program->claim_syntax;
}

/* The two operands of the product at a place, as nodes; false when the text is not at hand. */
static bool
find_operands (const struct run *run, uint32_t place, const struct node *operands[2])
{
  struct span span = run_span (run, place);
  const struct syntax *syntax = syntax_at (run, span);
  const struct node *nodes = area_of (&syntax->nodes, struct node);
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

/* Whether an operand is a name with its transpose, or a number times one. */
static bool
is_transposed (const struct node *node)
{
  bool multiple = node->kind == SYNTAX_BINARY && node->op == SIGN_TIMES && node[-1].kind == SYNTAX_TRANSPOSE
                  && node[-2].kind == SYNTAX_NAME && node[-3].kind == SYNTAX_NUMBER;
  return multiple || (node->kind == SYNTAX_TRANSPOSE && node[-1].kind == SYNTAX_NAME);
}

/* The transpose of an operand as it is written: behind a name, and behind a number times one, without brackets; of what
   is transposed there without its own. */
static void
write_transposed (const struct run *run, const struct node *node, char text[TEXT_LIMIT + 8])
{
  const char *written = sources_text (run->diagnostics->sources, node_span (node));
  if (is_transposed (node))
    {
      int sign = written[node->length - 1] == 'T' ? 2 : 1;
      snprintf (text, TEXT_LIMIT + 8, "%.*s", (int)node->length - sign, written);
      return;
    }
  bool multiple = node->kind == SYNTAX_BINARY && node->op == SIGN_TIMES && node[-1].kind == SYNTAX_NAME
                  && node[-2].kind == SYNTAX_NUMBER;
  bool plain = multiple || node->kind == SYNTAX_NAME;
  snprintf (text, TEXT_LIMIT + 8, plain ? "%.*s'" : "(%.*s)'", (int)node->length, written);
}

/* What a product would come to: "would be 2x3", "would have 2 elements". */
static void
write_product (const struct shape *shape, char text[SHAPE_TEXT + 24])
{
  char extents[SHAPE_TEXT];
  if (shape->rank == 1)
    snprintf (text, SHAPE_TEXT + 24, "have %zu element%s", shape->extent[0], shape->extent[0] == 1 ? "" : "s");
  else
    snprintf (text, SHAPE_TEXT + 24, "be %s", shape_text (extents, shape));
}

/* The transpose of one side makes it fit, or two names the other way round. */
static void
hint_transpose (const struct run *run, uint32_t place, const struct node *operands[2], const struct shape *a,
                const struct shape *b)
{
  char left[TEXT_LIMIT + 8], right[TEXT_LIMIT + 8], product[SHAPE_TEXT + 24];
  const char *begin = run->diagnostics->fault ? "a transpose is missing: " : "";
  const struct sources *sources = run->diagnostics->sources;
  bool names = operands[0]->kind == SYNTAX_NAME && operands[1]->kind == SYNTAX_NAME;
  if (a->rank > 2 || b->rank > 2 || operands[0]->length > TEXT_LIMIT || operands[1]->length > TEXT_LIMIT)
    return;
  struct shape fits = { 0 };
  int turned = a->rank == 2 && a->extent[0] == b->extent[0]                     ? 0
               : b->rank == 2 && a->extent[a->rank - 1] == b->extent[1] ? 1
                                                                                : 2;
  if (turned == 2 && !(names && a->rank == 2 && b->rank == 2 && a->extent[0] == b->extent[1]))
    return;
  if (a->rank == 2)
    fits.extent[fits.rank++] = turned == 0 ? a->extent[1] : turned == 1 ? a->extent[0] : b->extent[0];
  if (b->rank == 2)
    fits.extent[fits.rank++] = turned == 0 ? b->extent[1] : turned == 1 ? b->extent[0] : a->extent[1];
  for (int side = 0; side < 2; side++)
    {
      const struct node *node = operands[turned == 2 ? 1 - side : side];
      char *text = side ? right : left;
      bool loose = node->kind == SYNTAX_BINARY && (side || node->op == SIGN_PLUS || node->op == SIGN_MINUS);
      if (turned == side)
        write_transposed (run, node, text);
      else
        snprintf (text, TEXT_LIMIT + 8, loose ? "(%.*s)" : "%.*s", (int)node->length,
                  sources_text (sources, node_span (node)));
    }
  if (turned < 2 && *begin && is_transposed (operands[turned]))
    begin = "a transpose is too many: ";
  write_product (&fits, product);
  diagnose (run->diagnostics, SEVERITY_HINT, run_span (run, place), "%s%s @ %s would %s", turned == 2 ? "" : begin,
            left, right, product);
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
