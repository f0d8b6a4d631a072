/* expression.c -- expressions to code. */
#include "compile/compiler.h"

static void
compile_sign (struct compiler *compiler, const struct node *node)
{
  struct span span = node_span (node);
  if (node->kind == SYNTAX_BINARY && node->op == SIGN_MATMUL)
    {
      uint32_t base = operands_place (compiler, 2);
      registers_return (compiler, base);
      uint32_t target = register_new (compiler);
      emit (compiler, CODE_ROUTINE, OP_matmul, target, base, 2, span);
      operand_push (compiler, (struct operand){ .at = target, .temporary = true, .span = span });
      return;
    }
  int arity = node->kind == SYNTAX_BINARY ? 2 : 1;
  struct operand *operands = operand_top (compiler, (uint32_t)arity);
  compiler->operands.used -= (size_t)arity * sizeof *operands;
  enum op op = program_operator (node->op, arity);
  if (arity == 1 && op == OP_negate && operands[0].literal)
    {
      struct operand constant = operand_constant (compiler, value_number (KIND_REAL, -operands[0].number), span);
      constant.literal = true;
      constant.number = -operands[0].number;
      operand_push (compiler, constant);
      return;
    }
  /* The commonest powers have shorter rules of their own with the same derivatives. */
  if (op == OP_power && operands[1].literal && operands[1].number == 2)
    {
      op = OP_square;
      arity = 1;
    }
  operand_push_step (compiler, op, arity, operands, span);
}

/* Lays the parts of a slice that are there into three registers; the others are left without a value. */
static uint32_t
place_slice (struct compiler *compiler, const struct node *node)
{
  static const uint8_t parts[] = { SLICE_START, SLICE_STOP, SLICE_STEP };
  uint32_t count = (uint32_t)__builtin_popcount (node->payload);
  struct operand given[3];
  for (uint32_t i = count; i-- > 0;)
    given[i] = operand_pop (compiler);
  uint32_t base = scope_now (compiler)->next;
  for (uint32_t i = 0, k = 0; i < 3; i++)
    {
      uint32_t target = register_new (compiler);
      if (node->payload & parts[i])
        operand_place_in (compiler, &given[k++], target, 0);
      else
        {
          struct operand none = operand_constant (compiler, (struct value){ .kind = KIND_NOTHING }, node_span (node));
          emit (compiler, CODE_MOVE, 0, target, none.at, 0, node_span (node));
        }
    }
  return base;
}

static void
compile_choice (struct compiler *compiler, const struct node *node)
{
  struct block *block;
  struct operand operand;
  struct span span = node_span (node);
  switch (node->kind)
    {
    case SYNTAX_CHOICE_TEST:
      operands_flush (compiler, GROUP_DECIDES);
      operand = operand_pop (compiler);
      operand_place_condition (compiler, &operand);
      block = area_add (&compiler->blocks, struct block);
      *block = (struct block){ .kind = SYNTAX_CHOICE, .out = NO_JUMP, .otherwise = NO_JUMP };
      jump_chain (compiler, &block->otherwise, emit (compiler, CODE_UNLESS, CONDITION_CHOICE, 0, operand.at, 0, span));
      block->result = operand.temporary ? operand.at : register_new (compiler);
      break;
    case SYNTAX_CHOICE_ELSE:
      block = area_of (&compiler->blocks, struct block) + area_count (&compiler->blocks, struct block) - 1;
      operand = operand_pop (compiler);
      block->shared = operand.bare || operand.shared;
      operand_place_in (compiler, &operand, block->result, 0);
      jump_chain (compiler, &block->out, emit (compiler, CODE_JUMP, 0, 0, 0, 0, span));
      jump_here (compiler, block->otherwise);
      registers_return (compiler, block->result + 1);
      break;
    default:
      block = area_of (&compiler->blocks, struct block) + area_count (&compiler->blocks, struct block) - 1;
      operand = operand_pop (compiler);
      bool shared = block->shared || operand.bare || operand.shared;
      operand_place_in (compiler, &operand, block->result, 0);
      jump_here (compiler, block->out);
      registers_return (compiler, block->result + 1);
      operand_push (compiler,
                    (struct operand){ .at = block->result, .temporary = true, .shared = shared, .span = span });
      compiler->blocks.used -= sizeof (struct block);
    }
}

static void
compile_logic (struct compiler *compiler, const struct node *node)
{
  struct span span = node_span (node);
  if (node->kind == SYNTAX_LOGIC_LEFT)
    {
      operands_flush (compiler, GROUP_DECIDES);
      struct operand left = operand_pop (compiler);
      struct block *block = area_add (&compiler->blocks, struct block);
      *block = (struct block){ .kind = SYNTAX_LOGIC, .out = NO_JUMP };
      uint32_t from = left.at;
      block->result = left.temporary ? from : register_new (compiler);
      jump_chain (compiler, &block->out, emit (compiler, CODE_LEFT, node->op, 0, from, block->result, span));
      return;
    }
  struct block block = area_of (&compiler->blocks, struct block)[area_count (&compiler->blocks, struct block) - 1];
  compiler->blocks.used -= sizeof block;
  struct operand operands[2] = { { .at = block.result, .span = span }, operand_pop (compiler) };
  operand_place_condition (compiler, &operands[1]);
  emit (compiler, CODE_BOOLEAN, node->op, 0, operands[1].at, 0, operands[1].span);
  struct operand both = operand_step (compiler, node->op == SIGN_AND ? OP_and : OP_or, operands, span);
  operand_place_in (compiler, &both, block.result, 0);
  jump_here (compiler, block.out);
  registers_return (compiler, block.result + 1);
  operand_push (compiler, (struct operand){ .at = block.result, .temporary = true, .span = span });
}

/* A routine over the `count` top operands. */
static void
compile_routine (struct compiler *compiler, uint32_t routine, uint32_t count, struct span span)
{
  uint32_t base = operands_place (compiler, count);
  registers_return (compiler, base);
  uint32_t target = register_new (compiler);
  emit (compiler, CODE_ROUTINE, routine, target, base, count, span);
  operand_push (compiler, (struct operand){ .at = target, .temporary = true, .span = span });
}

/* Whether an array literal is the second and last argument of a derivative, and so a list of sources. */
static bool
is_list (const struct compiler *compiler, const struct node *node)
{
  size_t there = area_count (&compiler->operands, struct operand);
  if (node[1].kind != SYNTAX_CALL || node[1].payload != 2 || there < node->payload + 2 || !node->payload)
    return false;
  const struct operand *callee = area_of (&compiler->operands, struct operand) + there - node->payload - 2;
  return callee->function && op_is_derivative (callee->op);
}

static void
compile_list (struct compiler *compiler, uint32_t count, struct span span)
{
  const struct operand *operands = operand_top (compiler, count);
  for (uint32_t i = 0; i < count; i++)
    if (!operands[i].bare)
      diagnose (compiler->diagnostics, SEVERITY_ERROR, operands[i].span,
                "a list of sources has names, and this is an expression");
  uint32_t base = operands_place (compiler, count);
  registers_return (compiler, base);
  uint32_t target = register_new (compiler);
  emit (compiler, CODE_LIST, 0, target, base, count, span);
  operand_push (compiler, (struct operand){ .at = target, .temporary = true, .list = true, .span = span });
}

/* A name in a claim: the first value that was bound to it, which is recalled where it is another one by then. */
static void __attribute__ ((noinline))
compile_first_value (struct compiler *compiler, const struct node *node)
{
  const struct program *program = compiler->program;
  struct span span = node_span (node);
  struct operand *operand = operand_push (compiler, variable_value (compiler, node->payload, span, false));
  const uint32_t *next = area_of (&compiler->next_wanted, uint32_t);
  uint32_t i = 0;
  if (operand->bare && program->wanted_count)
    for (i = asked_name (compiler, node->payload).wanted; i; i = next[i - 1])
      if (program->wanted[i - 1].of_claim && !program->wanted[i - 1].line)
        break;
  if (!i)
    return;
  uint32_t target = register_new (compiler);
  emit (compiler, CODE_RECALL, 0, target, operand->at, i - 1, span);
  operand->at = target;
  operand->temporary = true;
}

static void
compile_name (struct compiler *compiler, const struct node *node)
{
  struct span span = node_span (node);
  if (node->op == NAME_FIRST)
    compile_first_value (compiler, node);
  else if (node->op == NAME_BUILT_IN)
    {
      enum op op = op_find (names_text (compiler->names, node->payload), false);
      operand_push (compiler, (struct operand){ .function = true, .op = op, .span = span });
    }
  else
    variable_push (compiler, node->payload, span, node->op == NAME_CALLED);
}

void
compile_expression (struct compiler *compiler, const struct node *node)
{
  struct span span = node_span (node);
  switch (node->kind)
    {
    case SYNTAX_NUMBER:
      {
        double number = area_of (&compiler->syntax->numbers, double)[node->payload];
        struct operand constant = operand_constant (compiler, value_number (KIND_REAL, number), span);
        constant.literal = true;
        constant.number = number;
        operand_push (compiler, constant);
        break;
      }
    case SYNTAX_STRING:
      {
        const struct string *string = area_of (&compiler->syntax->strings, struct string) + node->payload;
        const char *text = area_of (&compiler->syntax->characters, char) + string->start;
        operand_push (compiler,
                      operand_constant (compiler, (struct value){ .string = text, .kind = KIND_STRING }, span));
        break;
      }
    case SYNTAX_NAME:
      compile_name (compiler, node);
      break;
    case SYNTAX_UNARY:
    case SYNTAX_BINARY:
      compile_sign (compiler, node);
      break;
    case SYNTAX_LOGIC_LEFT:
    case SYNTAX_LOGIC:
      compile_logic (compiler, node);
      break;
    case SYNTAX_CHOICE_TEST:
    case SYNTAX_CHOICE_ELSE:
    case SYNTAX_CHOICE:
      compile_choice (compiler, node);
      break;
    case SYNTAX_KEYWORD:
      {
        struct operand *top = operand_top (compiler, 1);
        operand_place (compiler, top);
        top->keyword = true;
        top->name = node->payload;
        top->span = span_join (span, top->span);
        break;
      }
    case SYNTAX_CALL:
      compile_call (compiler, node);
      break;
    case SYNTAX_SLICE:
      {
        uint32_t base = place_slice (compiler, node);
        if (node[1].kind == SYNTAX_FOR_BEGIN)
          {
            operand_push (compiler, (struct operand){ .at = base, .temporary = true, .span = span, .literal = true });
            break;
          }
        emit (compiler, CODE_SLICE, node->payload, base, base, 0, span);
        registers_return (compiler, base + 1);
        operand_push (compiler, (struct operand){ .at = base, .temporary = true, .span = span });
        break;
      }
    case SYNTAX_INDEX:
      compile_routine (compiler, ROUTINE_INDEX, node->payload + 1, span);
      break;
    case SYNTAX_TRANSPOSE:
      compile_routine (compiler, OP_transpose, 1, span);
      break;
    case SYNTAX_ARRAY:
      if (is_list (compiler, node))
        {
          compile_list (compiler, node->payload, span);
          break;
        }
      compile_routine (compiler, ROUTINE_LITERAL, node->payload, span);
      break;
    default:
      break;
    }
}
