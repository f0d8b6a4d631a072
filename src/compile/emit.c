/* emit.c -- instructions, registers and jumps, and operands, whose steps are written when they are placed. */
#include <string.h>

#include "base/bits.h"
#include "code/cells.h"
#include "compile/compiler.h"

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

/* What a pending step reads, as its group has it: steps are counted from the first of the group. */
static inline uint32_t
within (uint32_t at, const struct operand *group)
{
  return (at & (PENDING | GLOBAL)) == PENDING ? PENDING | ((at & REGISTER_MASK) - group->start) : at;
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
      bits |= (traits & BLOCKS ? GROUP_BLOCKS : 0) | (traits & (TRUTH | INTEGER) ? GROUP_MIXED : 0);
      bits &= traits & ARITHMETIC ? ~0 : ~GROUP_ARITHMETIC;
    }
  for (uint32_t i = 0; i < count && bits & GROUP_MIXED; i++)
    if (pending[operand->start + i].step.op == OP_where)
      bits |= GROUP_DECIDES;
  emit (compiler, CODE_GROUP, (uint32_t)bits, target, count, 0, pending[operand->at].span);
  for (uint32_t i = 0; i < count; i++)
    {
      const struct instruction *step = &pending[operand->start + i].step;
      emit (compiler, CODE_STEP, step->op, within (step->a, operand), within (step->b, operand),
            within (step->c, operand), pending[operand->start + i].span);
    }
  if (bits & GROUP_ARITHMETIC)
    cells_number (code_at (compiler, code_count (compiler) - count - 1));
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

/* How many bytes of pending steps are those of operands below these. */
static size_t
pending_below (const struct compiler *compiler, uint32_t count, const struct operand *operands)
{
  size_t kept = compiler->pending.used;
  for (uint32_t i = count; i-- > 0;)
    if (operands[i].pending)
      kept = operands[i].start * sizeof (struct pending);
  return kept;
}

/* Each into a new register; of the pending steps nothing is left then. */
static void
place_all (struct compiler *compiler, uint32_t count, struct operand *operands)
{
  const size_t kept = pending_below (compiler, count, operands);
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
  const size_t kept = pending_below (compiler, count, operands);
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
      const uint64_t bits = bits_of (value.number);
      uint32_t hash = (uint32_t)hash_word (bits), known;
      const struct constant *constants = area_of (&program->constants, struct constant);
      for (size_t at = hash; (known = lookup_next (&compiler->constants, hash, &at)) != UINT32_MAX;)
        if (bits_of (constants[known].value.number) == bits)
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

void
operand_push_step (struct compiler *compiler, enum op op, int arity, struct operand *operands, struct span span)
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
  struct pending *pending = area_add (&compiler->pending, struct pending);
  pending->step = (struct instruction){ CODE_STEP, (uint16_t)op, 0, 0, 0 };
  pending->span = span;
  uint32_t *at[] = { &pending->step.a, &pending->step.b, &pending->step.c };
  uint32_t first = 0;
  bool temporary = false;
  for (int i = 0; i < arity; i++)
    {
      const struct operand *operand = &operands[i];
      *at[i] = operand->at | (operand->pending ? PENDING : operand->temporary ? TEMPORARY : 0);
      /* `name` of a pending operand is the first temporary that its steps read. */
      uint32_t read = operand->pending ? operand->name : operand->at;
      if (operand->temporary && (!temporary || read < first))
        {
          temporary = true;
          first = read;
        }
    }
  struct operand *result = operand_new (compiler);
  result->at = next;
  result->start = start;
  result->steps = steps;
  result->pending = true;
  result->temporary = temporary;
  result->name = first;
  result->span = span;
}

struct operand
operand_step (struct compiler *compiler, enum op op, struct operand *operands, struct span span)
{
  operand_push_step (compiler, op, 2, operands, span);
  return operand_pop (compiler);
}
