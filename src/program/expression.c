/* expression.c -- operands and the code that computes them. */
#include <string.h>

#include "program/compiler.h"
#include "program/derive.h"

uint32_t
code_count (const struct compiler *compiler)
{
  return (uint32_t)area_count (&compiler->program->code, struct instruction);
}

struct instruction *
code_at (const struct compiler *compiler, uint32_t place)
{
  return area_of (&compiler->program->code, struct instruction) + place;
}

uint32_t
emit (struct compiler *compiler, enum code code, uint32_t op, uint32_t a, uint32_t b, uint32_t c, struct span span)
{
  uint32_t place = code_count (compiler);
  *area_add (&compiler->program->code, struct instruction)
    = (struct instruction){ (uint16_t)code, (uint16_t)op, a, b, c };
  if (!compiler->streams)
    *area_add (&compiler->program->spans, struct span) = span;
  return place;
}

struct scope *
scope_now (const struct compiler *compiler)
{
  return area_of (&compiler->scopes, struct scope) + area_count (&compiler->scopes, struct scope) - 1;
}

uint32_t
register_new (struct compiler *compiler)
{
  struct scope *scope = scope_now (compiler);
  uint32_t new = scope->next++;
  if (scope->next > scope->most)
    scope->most = scope->next;
  return new;
}

/* Temporaries are given back in the reverse order of their making, or when those above them are. */
void
registers_return (struct compiler *compiler, uint32_t first)
{
  struct scope *scope = scope_now (compiler);
  scope->next = first > scope->held ? first : scope->held;
  if (scope->next > scope->most)
    scope->most = scope->next;
}

void
jump_chain (struct compiler *compiler, uint32_t *chain, uint32_t place)
{
  code_at (compiler, place)->a = *chain;
  *chain = place;
}

void
jump_here (struct compiler *compiler, uint32_t chain)
{
  while (chain != NO_JUMP)
    {
      struct instruction *jump = code_at (compiler, chain);
      chain = jump->a;
      jump->a = code_count (compiler);
    }
  compiler->label = code_count (compiler);
}

uint32_t
label_here (struct compiler *compiler)
{
  return compiler->label = code_count (compiler);
}

static struct operand *
operand_top (struct compiler *compiler, uint32_t count)
{
  return area_of (&compiler->operands, struct operand) + area_count (&compiler->operands, struct operand) - count;
}

/* Writes the pending steps of an operand as one group. */
static void
write_group (struct compiler *compiler, const struct operand *operand, uint32_t target, int bits)
{
  const struct pending *pending = area_of (&compiler->pending, struct pending);
  uint32_t count = operand->at - operand->start + 1;
  bits |= GROUP_ARITHMETIC;
  for (uint32_t i = 0; i < count; i++)
    {
      int traits = op_info[pending[operand->start + i].step.op].traits;
      bits |= (traits & BLOCKS ? GROUP_BLOCKS : 0) | (traits & (TRUTH | CAST_INTEGER) ? GROUP_MIXED : 0);
      bits &= traits & ARITHMETIC ? ~0 : ~GROUP_ARITHMETIC;
    }
  for (uint32_t i = 0; i < count && bits & GROUP_MIXED; i++)
    if (pending[operand->start + i].step.op == OP_where)
      bits |= GROUP_DECIDES;
  emit (compiler, CODE_GROUP, (uint32_t)bits, target, count, 0, pending[operand->at].span);
  for (uint32_t i = 0; i < count; i++)
    {
      struct instruction step = pending[operand->start + i].step;
      uint32_t *operands[] = { &step.a, &step.b, &step.c };
      for (int k = 0; k < 3; k++)
        if (*operands[k] & PENDING && !(*operands[k] & GLOBAL))
          *operands[k] = PENDING | ((*operands[k] & REGISTER_MASK) - operand->start);
      emit (compiler, CODE_STEP, step.op, step.a, step.b, step.c, pending[operand->start + i].span);
    }
  if (bits & GROUP_ARITHMETIC)
    arithmetic_number (code_at (compiler, code_count (compiler) - count - 1));
  compiler->pending.used = operand->start * sizeof (struct pending);
}

/* The registers that pending steps read may be used again once they are written. */
static void
free_pending (struct compiler *compiler, const struct operand *operand)
{
  if (!operand->pending || !operand->temporary)
    return;
  if (operand->name < scope_now (compiler)->next)
    registers_return (compiler, operand->name);
}

void
operand_place_in (struct compiler *compiler, struct operand *operand, uint32_t target, int bits)
{
  struct span span = operand->span;
  if (operand->pending)
    write_group (compiler, operand, target, bits);
  else if (operand->at != target)
    {
      struct instruction *last = code_count (compiler) ? code_at (compiler, code_count (compiler) - 1) : NULL;
      bool fresh = last && operand->temporary && compiler->label != code_count (compiler) && last->a == operand->at
                   && (last->code == CODE_ROUTINE || last->code == CODE_CALL || last->code == CODE_FUNCTION);
      if (fresh)
        last->a = target;
      else
        emit (compiler, CODE_MOVE, operand->temporary, target, operand->at, 0, span);
    }
  *operand = (struct operand){ .at = target, .span = span, .keyword = operand->keyword, .name = operand->name };
}

static uint32_t
place (struct compiler *compiler, struct operand *operand, int bits)
{
  if (operand->pending)
    {
      free_pending (compiler, operand);
      uint32_t target = register_new (compiler);
      operand_place_in (compiler, operand, target, bits);
      operand->temporary = true;
    }
  return operand->at;
}

uint32_t
operand_place (struct compiler *compiler, struct operand *operand)
{
  return place (compiler, operand, 0);
}

uint32_t
operand_place_condition (struct compiler *compiler, struct operand *operand)
{
  return place (compiler, operand, GROUP_DECIDES);
}

/* Each into a new register; of the pending steps nothing is left then. */
static void
place_all (struct compiler *compiler, uint32_t count, struct operand *operands)
{
  size_t kept = compiler->pending.used;
  for (uint32_t i = count; i-- > 0;)
    if (operands[i].pending)
      kept = operands[i].start * sizeof (struct pending);
  for (uint32_t i = 0; i < count; i++)
    operand_place_in (compiler, &operands[i], register_new (compiler), 0);
  compiler->pending.used = kept;
}

uint32_t
operands_place (struct compiler *compiler, uint32_t count)
{
  struct scope *scope = scope_now (compiler);
  struct operand *operands = operand_top (compiler, count);
  /* Where the arguments stand in consecutive temporaries already, as calls within calls leave them, nothing is moved.
   */
  uint32_t base = scope->next;
  bool ready = count > 0;
  for (uint32_t i = 0; i < count; i++)
    ready = ready && !operands[i].pending && operands[i].temporary && operands[i].at == operands[0].at + i;
  if (ready && operands[count - 1].at + 1 == scope->next)
    base = operands[0].at;
  else
    place_all (compiler, count, operands);
  compiler->operands.used -= count * sizeof *operands;
  return base;
}

uint32_t
operands_write (struct compiler *compiler, uint32_t count, struct operand *operands, int bits)
{
  size_t kept = compiler->pending.used;
  for (uint32_t i = count; i-- > 0;)
    if (operands[i].pending)
      kept = operands[i].start * sizeof (struct pending);
  for (uint32_t i = 0; i < count; i++)
    if (operands[i].pending)
      {
        operand_place_in (compiler, &operands[i], register_new (compiler), i + 1 == count ? bits : 0);
        operands[i].temporary = true;
      }
  compiler->pending.used = kept;
  return (uint32_t)area_count (&compiler->pending, struct pending);
}

void
operands_flush (struct compiler *compiler, int bits)
{
  struct scope *scope = scope_now (compiler);
  struct operand *operands = area_of (&compiler->operands, struct operand) + scope->operand_base;
  uint32_t count = (uint32_t)area_count (&compiler->operands, struct operand) - scope->operand_base;
  bool holds = false;
  for (uint32_t i = 0; i + 1 < count; i++)
    holds |= operands[i].pending;
  operands_write (compiler, count, operands, bits);
  if (holds)
    scope->held = scope->next;
}

struct operand
operand_constant (struct compiler *compiler, struct value value, struct span span)
{
  struct program *program = compiler->program;
  struct operand operand = { .span = span };
  if (value.kind == KIND_REAL)
    {
      /* Numbers are kept once, by their bits. */
      uint64_t bits;
      memcpy (&bits, &value.number, sizeof bits);
      uint32_t hash = (uint32_t)hash_word (bits), known;
      const struct constant *constants = area_of (&program->constants, struct constant);
      for (size_t at = hash; (known = lookup_next (&compiler->constants, hash, &at)) != UINT32_MAX;)
        if (memcmp (&constants[known].value.number, &bits, sizeof bits) == 0)
          {
            operand.at = constants[known].slot | GLOBAL;
            return operand;
          }
      lookup_add (&compiler->constants, hash, (uint32_t)area_count (&program->constants, struct constant));
    }
  uint32_t slot = program->global_count++;
  *area_add (&program->constants, struct constant) = (struct constant){ slot, value };
  operand.at = slot | GLOBAL;
  return operand;
}

struct operand
operand_step (struct compiler *compiler, enum op op, int arity, struct operand *operands, struct span span)
{
  uint32_t next = (uint32_t)area_count (&compiler->pending, struct pending), start = next, steps = 1;
  for (int i = arity; i-- > 0;)
    if (operands[i].pending)
      {
        start = operands[i].start;
        steps += operands[i].steps;
      }
  /* A group holds so many steps at most, and nothing between them that was written already. */
  if (next - start + 1 != steps || steps > GROUP_LIMIT)
    {
      next = start = operands_write (compiler, (uint32_t)arity, operands, 0);
      steps = 1;
    }
  struct operand result = { .at = next, .start = start, .steps = steps, .pending = true, .span = span };
  uint32_t at[3] = { 0 };
  for (int i = 0; i < arity; i++)
    {
      at[i] = operands[i].pending     ? operands[i].at | PENDING
              : operands[i].temporary ? operands[i].at | TEMPORARY
                                      : operands[i].at;
      /* `name` of a pending operand is the first temporary that its steps read. */
      if (operands[i].temporary
          && (!result.temporary || (operands[i].pending ? operands[i].name : operands[i].at) < result.name))
        {
          result.temporary = true;
          result.name = operands[i].pending ? operands[i].name : operands[i].at;
        }
    }
  struct pending *pending = area_add (&compiler->pending, struct pending);
  pending->step = (struct instruction){ CODE_STEP, (uint16_t)op, at[0], at[1], at[2] };
  pending->span = span;
  return result;
}

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
  operand_push (compiler, operand_step (compiler, op, arity, operands, span));
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
  struct operand both = operand_step (compiler, node->op == SIGN_AND ? OP_and : OP_or, 2, operands, span);
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
  return callee->function && is_derivative (callee->op);
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

/* A name, or the first value that was bound to it, which claims keep. */
static void
compile_name (struct compiler *compiler, const struct node *node)
{
  const struct program *program = compiler->program;
  struct span span = node_span (node);
  struct operand operand = variable_value (compiler, node->payload, span, node->op == NAME_CALLED);
  size_t i = 0;
  while (i < program->wanted_count
         && !(program->wanted[i].name == node->payload && program->wanted[i].of_claim && !program->wanted[i].line))
    i++;
  if (node->op == NAME_FIRST && operand.bare && i < program->wanted_count)
    {
      uint32_t target = register_new (compiler);
      emit (compiler, CODE_RECALL, 0, target, operand.at, (uint32_t)i, span);
      operand.at = target;
      operand.temporary = true;
    }
  operand_push (compiler, operand);
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
