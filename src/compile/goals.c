/* goals.c -- what options add to a program: expressions of -t, claims. */
#include "compile/compiler.h"

static bool
in_word (unsigned char byte)
{
  return byte == '_' || byte >= 0x80 || (byte >= '0' && byte <= '9') || ((byte | 32) >= 'a' && (byte | 32) <= 'z');
}

/* The text of an expression without needless blanks. */
static const char *
target_name (struct compiler *compiler, struct span span)
{
  const char *text = sources_text (compiler->diagnostics->sources, span);
  char *name = area_push (&compiler->program->target_names, span.length + 1);
  size_t used = 0;
  bool quoted = false;
  for (size_t i = 0; i < span.length; i++)
    {
      quoted ^= text[i] == '"';
      bool blank = text[i] == ' ' || text[i] == '\t' || text[i] == '\n' || text[i] == '\r';
      if (!blank || quoted)
        {
          name[used++] = text[i];
          continue;
        }
      /* A blank between two words stays one. */
      size_t next = i;
      while (next < span.length
             && (text[next] == ' ' || text[next] == '\t' || text[next] == '\n' || text[next] == '\r'))
        next++;
      unsigned char left = used ? (unsigned char)name[used - 1] : ' ',
                    right = next < span.length ? (unsigned char)text[next] : ' ';
      if (in_word (left) && in_word (right))
        name[used++] = ' ';
      i = next - 1;
    }
  name[used] = 0;
  return name;
}

void
compile_targets (struct compiler *compiler, const struct syntax *targets)
{
  struct program *program = compiler->program;
  const struct node *nodes = area_of (&targets->nodes, struct node);
  struct diagnostics *diagnostics = compiler->diagnostics;
  struct target target = { .code = code_count (compiler) };
  bool claims = area_count (&program->claimed, struct claimed);
  compiler->syntax = targets;
  for (size_t i = 0; i < area_count (&targets->nodes, struct node); i++)
    {
      const struct node *node = &nodes[i];
      if (claims && sources_find (diagnostics->sources, node->start)->answers)
        diagnostics->fault = &target.fault;
      target.first |= node->kind == SYNTAX_NAME && node->op == NAME_FIRST;
      if (node->kind != SYNTAX_EXPRESSION)
        {
          compile_node (compiler, node);
          continue;
        }
      struct operand operand = operand_pop (compiler);
      bool bare = operand.bare && operand.at & GLOBAL;
      target.slot = bare ? operand.at : program->global_count++ | GLOBAL;
      target.name = bare ? names_text (compiler->names, operand.name) : target_name (compiler, node_span (node));
      target.is_expression = !bare;
      target.span = node_span (node);
      if (!bare)
        operand_place_in (compiler, &operand, target.slot, 0);
      statement_end (compiler);
      /* Beside claims each is run by itself, as they are. */
      if (claims)
        emit (compiler, CODE_STOP, 0, 0, 0, 0, NOWHERE);
      diagnostics->fault = NULL;
      *area_add (&program->targets, struct target) = target;
      target = (struct target){ .code = code_count (compiler) };
    }
}

/* Where the claims of options mention each name last: by name, the node's place plus one. */
static void
find_mentions (struct area *last, const struct syntax *syntax, struct names *names)
{
  const struct node *nodes = area_of (&syntax->nodes, struct node);
  area_open (last, names->memory, (size_t)4 << 30, "the claims");
  area_push (last, names_count (names) * sizeof (uint32_t));
  for (size_t i = 0; i < area_count (&syntax->nodes, struct node); i++)
    if (nodes[i].kind == SYNTAX_NAME)
      area_of (last, uint32_t)[nodes[i].payload] = (uint32_t)i + 1;
}

/* Whether a claim of options gives a name of its own to what later ones use. */
static bool
is_naming (const struct program *program, const struct node *node, size_t i, const struct area *last)
{
  return node->payload && area_of (last, uint32_t)[node->payload - 1] > i
         && !(program_variable (program, node->payload - 1)->flags & (VARIABLE_ASSIGNED | VARIABLE_DEFINED));
}

/* The names of a claim, whose nodes those up to `end` are. */
static void
note_names (struct program *program, struct claimed *claimed, const struct node *from, const struct node *end)
{
  claimed->first_name = (uint32_t)area_count (&program->claimed_names, uint32_t);
  for (const struct node *node = from; node < end; node++)
    if (node->kind == SYNTAX_NAME)
      *area_add (&program->claimed_names, uint32_t) = node->payload;
  claimed->name_count = (uint32_t)area_count (&program->claimed_names, uint32_t) - claimed->first_name;
}

void
compile_claims (struct compiler *compiler, const struct syntax *syntax)
{
  struct program *program = compiler->program;
  const struct node *nodes = area_of (&syntax->nodes, struct node), *claim = NULL;
  bool of_options = syntax == program->claim_syntax && syntax->nodes.used;
  struct area last;
  if (of_options)
    find_mentions (&last, syntax, compiler->names);
  compiler->syntax = syntax;
  compiler->answers = of_options;
  uint32_t first = code_count (compiler), code = 0;
  struct diagnostics *diagnostics = compiler->diagnostics;
  struct refusal fault = { 0 };
  for (size_t i = 0; i < area_count (&syntax->nodes, struct node); i++)
    {
      const struct node *node = &nodes[i];
      if (node->kind == SYNTAX_CLAIM)
        {
          compiler->claims = true;
          claim = node;
          /* Each claim is run by itself, behind the program. */
          if (!area_count (&program->claimed, struct claimed))
            emit (compiler, CODE_STOP, 0, 0, 0, 0, NOWHERE);
          if (sources_find (diagnostics->sources, node->start)->answers)
            diagnostics->fault = &fault;
          code = code_count (compiler);
        }
      else if (compiler->claims && node->kind != SYNTAX_CLAIMED)
        compile_node (compiler, node);
      else if (compiler->claims)
        {
          struct operand operand = operand_pop (compiler);
          struct claimed claimed
            = { .left = node_span (claim),
                .right = operand.span,
                .slot = program->global_count++ | GLOBAL,
                .code = code,
                .mentions = compiler->mentions || operand.function,
                .names = of_options && is_naming (program, claim, i, &last) };
          operand_place_in (compiler, &operand, claimed.slot, 0);
          claimed.defined = claimed.names ? claim->payload - 1 : UINT32_MAX;
          if (claimed.names)
            name_answer (compiler, claim->payload - 1, claimed.slot, claimed.mentions);
          note_names (program, &claimed, claim, node);
          statement_end (compiler);
          emit (compiler, CODE_STOP, 0, 0, 0, 0, NOWHERE);
          diagnostics->fault = NULL;
          claimed.fault = fault;
          fault = (struct refusal){ 0 };
          *area_add (&program->claimed, struct claimed) = claimed;
          compiler->claims = false;
        }
    }
  compiler->answers = false;
  if (!of_options)
    return;
  area_close (&last);
  program->answers = first;
  program->answers_end = code_count (compiler);
}
