/* block.c -- loops and branches. */
#include "compile/compiler.h"

static struct block *
block_push (struct compiler *compiler, enum syntax_kind kind)
{
  struct block *block = area_add (&compiler->blocks, struct block);
  *block = (struct block){ .kind = kind, .out = NO_JUMP, .otherwise = NO_JUMP };
  return block;
}

static struct block *
block_top (struct compiler *compiler)
{
  return area_of (&compiler->blocks, struct block) + area_count (&compiler->blocks, struct block) - 1;
}

/* The innermost loop of the current function, or NULL. */
static struct block *
loop_now (struct compiler *compiler)
{
  struct block *blocks = area_of (&compiler->blocks, struct block);
  size_t base = scope_now (compiler)->block_base;
  for (size_t i = area_count (&compiler->blocks, struct block); i-- > base;)
    if (blocks[i].kind == SYNTAX_WHILE_BEGIN || blocks[i].kind == SYNTAX_FOR_BEGIN)
      return &blocks[i];
  return NULL;
}

void
compile_loop (struct compiler *compiler, const struct node *node)
{
  struct span span = node_span (node);
  struct scope *scope = scope_now (compiler);
  struct operand operand;
  struct block *block;
  uint32_t slot, number;
  switch (node->kind)
    {
    case SYNTAX_WHILE_BEGIN:
      block_push (compiler, SYNTAX_WHILE_BEGIN)->top = label_here (compiler);
      block_top (compiler)->base = scope->floor;
      scope->loops++;
      break;
    case SYNTAX_WHILE_TEST:
      operand = operand_pop (compiler);
      operand_place (compiler, &operand);
      jump_chain (compiler, &block_top (compiler)->out,
                  emit (compiler, CODE_UNLESS, CONDITION_WHILE, 0, operand.at, 0, span));
      statement_end (compiler);
      break;
    case SYNTAX_FOR_BEGIN:
      operand = operand_pop (compiler);
      block = block_push (compiler, SYNTAX_FOR_BEGIN);
      block->base = scope->floor;
      slot = variable_target (compiler, node->payload, span, false);
      if (slot & GLOBAL)
        {
          program_variable (compiler->program, node->payload)->flags |= VARIABLE_LOOP | VARIABLE_SETTLED;
          variable_seen (compiler, node->payload, span);
        }
      if (node[-1].kind == SYNTAX_SLICE)
        {
          emit (compiler, CODE_COUNT, 0, operand.at, 0, 0, operand.span);
          scope->floor = operand.at + 3;
          block->top = label_here (compiler);
          jump_chain (compiler, &block->out, emit (compiler, CODE_COUNT_NEXT, 0, 0, operand.at, slot, span));
        }
      else
        {
          scope->next = scope->floor;
          uint32_t base = register_new (compiler);
          operand_place_in (compiler, &operand, base, 0);
          struct operand zero = operand_constant (compiler, value_number (KIND_INTEGER, 0), span);
          scope->next = base + 1;
          operand_place_in (compiler, &zero, register_new (compiler), 0);
          scope->floor = base + 2;
          block->top = label_here (compiler);
          jump_chain (compiler, &block->out, emit (compiler, CODE_ITEM_NEXT, 0, 0, base, slot, operand.span));
        }
      scope->loops++;
      if (slot & GLOBAL)
        keep_wanted (compiler, node->payload, slot, span);
      if (node[-1].kind != SYNTAX_SLICE) /* what ranges count is whole */
        bind_source (compiler, node->payload, slot, span);
      statement_end (compiler);
      break;
    default:
      block = block_top (compiler);
      number = compiler->program->loops < UINT16_MAX ? ++compiler->program->loops : 0;
      emit (compiler, CODE_JUMP, number, block->top, 0, 0, span);
      jump_here (compiler, block->out);
      scope->floor = scope->next = block->base;
      scope->loops--;
      compiler->blocks.used -= sizeof *block;
    }
}

void
compile_if (struct compiler *compiler, const struct node *node)
{
  struct span span = node_span (node);
  struct operand operand;
  struct block *block;
  switch (node->kind)
    {
    case SYNTAX_IF_TEST:
      operand = operand_pop (compiler);
      operand_place_condition (compiler, &operand);
      /* `elif`: the block of the first test goes on. */
      block
        = area_count (&compiler->blocks, struct block) > scope_now (compiler)->block_base ? block_top (compiler) : NULL;
      if (!block || block->kind != SYNTAX_IF_TEST || !block->result)
        block = block_push (compiler, SYNTAX_IF_TEST);
      block->result = false;
      jump_chain (compiler, &block->otherwise, emit (compiler, CODE_UNLESS, CONDITION_IF, 0, operand.at, 0, span));
      break;
    case SYNTAX_IF_ELSE:
      block = block_top (compiler);
      jump_chain (compiler, &block->out, emit (compiler, CODE_JUMP, 0, 0, 0, 0, span));
      jump_here (compiler, block->otherwise);
      block->otherwise = NO_JUMP;
      block->result = node->op; /* a test follows */
      break;
    default:
      block = block_top (compiler);
      jump_here (compiler, block->otherwise);
      jump_here (compiler, block->out);
      compiler->blocks.used -= sizeof *block;
    }
  statement_end (compiler);
}

void
compile_way_out (struct compiler *compiler, const struct node *node)
{
  struct block *loop = loop_now (compiler);
  if (!loop)
    diagnose (compiler->diagnostics, SEVERITY_ERROR, node_span (node), "'%s' outside a loop",
              node->kind == SYNTAX_BREAK ? "break" : "continue");
  else if (node->kind == SYNTAX_BREAK)
    jump_chain (compiler, &loop->out, emit (compiler, CODE_JUMP, 0, 0, 0, 0, node_span (node)));
  else
    emit (compiler, CODE_JUMP, 0, loop->top, 0, 0, node_span (node));
}
