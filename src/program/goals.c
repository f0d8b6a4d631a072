/* goals.c -- what options add to a program: expressions of -t, claims. */
#include "program/compiler.h"

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
  compiler->syntax = targets;
  for (size_t i = 0; i < area_count (&targets->nodes, struct node); i++)
    {
      const struct node *node = &nodes[i];
      if (node->kind != SYNTAX_EXPRESSION)
        {
          compile_node (compiler, node);
          continue;
        }
      struct operand operand = operand_pop (compiler);
      bool bare = operand.bare && operand.at & GLOBAL;
      uint32_t slot = bare ? operand.at : program->global_count++ | GLOBAL;
      const char *name = bare ? names_text (compiler->names, operand.name) : target_name (compiler, node_span (node));
      if (!bare)
        operand_place_in (compiler, &operand, slot, 0);
      *area_add (&program->targets, struct target) = (struct target){ slot, name, !bare, node_span (node) };
      statement_end (compiler);
    }
}

void
compile_claims (struct compiler *compiler, const struct syntax *syntax)
{
  struct program *program = compiler->program;
  const struct node *nodes = area_of (&syntax->nodes, struct node);
  struct span left = { 0, 0 };
  compiler->syntax = syntax;
  for (size_t i = 0; i < area_count (&syntax->nodes, struct node); i++)
    {
      const struct node *node = &nodes[i];
      if (node->kind == SYNTAX_CLAIM)
        {
          compiler->claims = true;
          left = node_span (node);
        }
      else if (compiler->claims && node->kind != SYNTAX_CLAIMED)
        compile_node (compiler, node);
      else if (compiler->claims)
        {
          struct operand operand = operand_pop (compiler);
          struct claimed claimed
            = { left, operand.span, program->global_count++ | GLOBAL, compiler->mentions || operand.function };
          operand_place_in (compiler, &operand, claimed.slot, 0);
          *area_add (&program->claimed, struct claimed) = claimed;
          statement_end (compiler);
          compiler->claims = false;
        }
    }
}
