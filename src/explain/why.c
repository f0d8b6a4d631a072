/* why.c -- why a gradient is missing: the program is run once more, with an eye on one variable. */
#include "explain/why.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "explain/again.h"

/* What a register has of the source's first value. From BROKEN on: it once depended on it, until `breaks[taint -
 * BROKEN]`. */
enum
{
  CLEAN,
  LIVE,
  BROKEN
};

enum
{
  BREAK_LIMIT = 1 << 16
};

struct path_break
{
  const char *code, *words;
  struct span span;
};

struct watch
{
  const struct why *why;
  uint32_t *globals;
  struct area stack;  /* uint32_t, beside the run's */
  struct area breaks; /* struct path_break */
  uint32_t target;    /* the source's register among the globals */
  bool bound;         /* its value is there */
  bool in_time;       /* it was there when the target was last assigned */
  struct span read, condition, rebound;
  bool rebound_first; /* it was bound again before it was read */
};

static uint32_t *
taint_at (struct watch *watch, const struct run *run, uint32_t operand, size_t base)
{
  if (operand >> 30 == 2)
    return &watch->globals[operand & REGISTER_MASK];
  size_t index = base + (operand & REGISTER_MASK);
  size_t need = (index + 1) * sizeof (uint32_t);
  (void)run;
  if (need > watch->stack.used)
    area_push (&watch->stack, need - watch->stack.used);
  return area_of (&watch->stack, uint32_t) + index;
}

static uint32_t
break_path (struct watch *watch, uint32_t taint, const char *code, const char *words, struct span span)
{
  size_t count = area_count (&watch->breaks, struct path_break);
  if (taint != LIVE)
    return taint;
  /* A loop breaks the path at the same place again and again. */
  const struct path_break *breaks = area_of (&watch->breaks, struct path_break);
  for (size_t i = count; i-- > 0 && i + 16 > count;)
    if (breaks[i].span.start == span.start && breaks[i].code == code)
      return (uint32_t)i + BROKEN;
  if (count == BREAK_LIMIT)
    return (uint32_t)count - 1 + BROKEN;
  *area_add (&watch->breaks, struct path_break) = (struct path_break){ code, words, span };
  return (uint32_t)count + BROKEN;
}

/* Of several operands the live one counts, else the first that once was. */
static uint32_t
join (uint32_t a, uint32_t b)
{
  return a == LIVE || b == CLEAN ? a : b == LIVE || a == CLEAN ? b : a;
}

static void
note_read (struct watch *watch, uint32_t operand, uint32_t taint, struct span span)
{
  (void)operand;
  if (taint != CLEAN && !watch->read.start)
    watch->read = span;
}

static void
watch_group (struct watch *watch, const struct run *run, uint32_t place, size_t base)
{
  const struct instruction *group = area_of (&run->program->code, struct instruction) + place;
  uint32_t taints[GROUP_LIMIT] = { CLEAN };
  for (uint32_t i = 0; i < group->b; i++)
    {
      const struct instruction *step = group + 1 + i;
      const struct op_info *info = &op_info[step->op];
      struct span span = run_span (run, place + 1 + i);
      const uint32_t operands[3] = { step->a, step->b, step->c };
      for (int k = 0; k < info->arity; k++)
        {
          uint32_t taint
            = operands[k] >> 30 == 1 ? taints[operands[k] & REGISTER_MASK] : *taint_at (watch, run, operands[k], base);
          note_read (watch, operands[k], taint, span);
          if (step->op == OP_where && k == 0)
            taint = break_path (watch, taint, "boolean", "a boolean", span);
          taints[i] = join (taints[i], taint);
        }
      if (info->traits & TRUTH)
        taints[i] = break_path (watch, taints[i], "boolean", "a boolean", span);
      else if (info->traits & CAST_INTEGER)
        taints[i] = break_path (watch, taints[i], "integer", "an integer", span);
    }
  *taint_at (watch, run, group->a, base) = taints[group->b - 1];
}

/* What a routine's result has of its arguments. Whole and boolean results, and arguments that are only positions, carry
 * no gradient. */
static uint32_t
watch_routine (struct watch *watch, const struct run *run, uint32_t place, const struct instruction *instruction,
               size_t base)
{
  static const uint16_t whole[] = { OP_shape,   OP_len,   OP_size, OP_rank, OP_argmax, OP_argmin, OP_count,  OP_range,
                                    OP_one_hot, OP_zeros, OP_ones, OP_eye,  OP_rand,   OP_randn,  OP_randint };
  uint32_t routine = instruction->op, result = CLEAN;
  struct span span = run_span (run, place);
  for (uint32_t k = 0; k < instruction->c; k++)
    {
      uint32_t taint = *taint_at (watch, run, instruction->b + k, base);
      note_read (watch, instruction->b + k, taint, span);
      bool position
        = (routine == ROUTINE_INDEX && k > 0) || ((routine == OP_take || routine == OP_gather) && k == 1)
          || (k > 0 && (routine == OP_reshape || routine == OP_tile || routine == OP_repeat || routine == OP_roll));
      if (position)
        taint = break_path (watch, taint, "integer", "an integer", span);
      result = join (result, taint);
    }
  for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
    if (routine == whole[i])
      result = break_path (watch, result, "integer", "an integer", span);
  if (routine == OP_any || routine == OP_all)
    result = break_path (watch, result, "boolean", "a boolean", span);
  if (routine == OP_stop_gradient)
    result = break_path (watch, result, "stopped", "stop_gradient", span);
  return result;
}

/* The left side of the assignment of the source that a span is part of. */
static struct span
target_before (const struct why *why, struct span span)
{
  const struct syntax *syntax = program_syntax (why->program, why->diagnostics);
  const struct node *nodes = area_of (&syntax->nodes, struct node);
  struct span found = span;
  for (size_t i = 0; i < area_count (&syntax->nodes, struct node) && nodes[i].start <= span.start; i++)
    if (nodes[i].kind == SYNTAX_TARGET && nodes[i].payload == why->source)
      found = node_span (&nodes[i]);
  return found;
}

/* The source itself: its value comes when it is bound, at the first time or on the line asked for. */
static void
watch_binding (struct watch *watch, const struct run *run, uint32_t place, uint32_t slot)
{
  const struct why *why = watch->why;
  struct span span = run_span (run, place);
  if (slot != (watch->target | GLOBAL))
    return;
  bool here = !why->line || sources_place (why->diagnostics->sources, span.start).line == why->line;
  if (here && (!watch->bound || why->line))
    {
      watch->bound = true;
      watch->globals[watch->target] = LIVE;
      watch->read = (struct span){ 0, 0 };
      return;
    }
  if (watch->bound && !watch->rebound.start)
    {
      watch->rebound = target_before (why, span);
      watch->rebound_first = !watch->read.start;
    }
}

static void
watch_assignment (struct watch *watch, const struct run *run, uint32_t place, uint32_t slot)
{
  if (slot == (watch->why->target_slot | GLOBAL))
    watch->in_time = watch->bound;
  watch_binding (watch, run, place, slot);
}

/* Taints of registers are numbered like the registers: the main program's, then those on the stack. */
static size_t
base_on_stack (const struct run *run, size_t offset)
{
  return run->program->main_registers + 1 + offset / sizeof (struct value);
}

static void
observe (void *observer, const struct run *run, uint32_t place, const struct value *frame)
{
  struct watch *watch = observer;
  if (*watch->why->patience == 0)
    longjmp (*run->diagnostics->stop, 1);
  --*watch->why->patience;
  const struct instruction *instruction = area_of (&run->program->code, struct instruction) + place;
  size_t base = run->frames.used ? base_on_stack (run, (size_t)((const char *)frame - run->stack.start)) : 0;
  struct span span = run_span (run, place);
  uint32_t taint = CLEAN;
  switch (instruction->code)
    {
    case CODE_GROUP:
      watch_group (watch, run, place, base);
      if (instruction->op & GROUP_ASSIGNS)
        watch_assignment (watch, run, place, instruction->a);
      break;
    case CODE_MOVE:
      taint = *taint_at (watch, run, instruction->b, base);
      note_read (watch, instruction->b, taint, span);
      *taint_at (watch, run, instruction->a, base) = taint;
      break;
    case CODE_ROUTINE:
      taint = watch_routine (watch, run, place, instruction, base);
      *taint_at (watch, run, instruction->a, base) = taint;
      break;
    case CODE_REPLACE:
      taint = *taint_at (watch, run, instruction->a, base);
      for (uint32_t k = 1; k < instruction->c; k++)
        {
          uint32_t other = *taint_at (watch, run, instruction->b + k, base);
          taint = join (taint, k == 1 ? other : break_path (watch, other, "integer", "an integer", span));
        }
      *taint_at (watch, run, instruction->a, base) = taint;
      break;
    case CODE_CALL:
      {
        /* The arguments move to the frame that is about to be made at the end of the stack. */
        size_t callee = base_on_stack (run, run->stack.used);
        const struct value *function = (instruction->b >> 30 == 2 ? area_of (&run->globals, struct value) : frame)
                                       + (instruction->b & REGISTER_MASK);
        if (function->kind != KIND_FUNCTION)
          break;
        if (function->function->built_in)
          {
            for (uint32_t k = 0; k < instruction->op; k++)
              taint = join (taint, *taint_at (watch, run, instruction->c + k, base));
            *taint_at (watch, run, instruction->a, base) = taint;
            break;
          }
        const struct prototype *prototype
          = area_of (&run->program->prototypes, struct prototype) + function->function->prototype;
        uint32_t carried = *taint_at (watch, run, instruction->b, base);
        for (uint32_t k = 0; k < prototype->registers; k++)
          *taint_at (watch, run, k, callee)
            = k < instruction->op ? *taint_at (watch, run, instruction->c + k, base) : CLEAN;
        const struct capture *captures = area_of (&run->program->captures, struct capture);
        for (uint32_t k = 0; k < prototype->captured_count; k++)
          *taint_at (watch, run, captures[prototype->captured + k].to, callee) = carried;
        for (uint32_t k = 0; k < prototype->imported_count; k++)
          *taint_at (watch, run, captures[prototype->imported + k].to, callee)
            = watch->globals[captures[prototype->imported + k].from & REGISTER_MASK];
        break;
      }
    case CODE_RETURN:
      {
        size_t depth = area_count (&run->frames, struct frame);
        const struct frame *frames = area_of (&run->frames, struct frame);
        const struct instruction *call = area_of (&run->program->code, struct instruction) + frames[depth - 1].place;
        taint = *taint_at (watch, run, instruction->b, base);
        *taint_at (watch, run, call->a, depth > 1 ? base_on_stack (run, frames[depth - 2].base) : 0) = taint;
        break;
      }
    case CODE_FUNCTION:
      {
        const struct prototype *prototype = area_of (&run->program->prototypes, struct prototype) + instruction->b;
        const struct capture *captures = area_of (&run->program->captures, struct capture) + prototype->captured;
        for (uint32_t k = 0; k < prototype->captured_count; k++)
          taint = join (taint, *taint_at (watch, run, captures[k].from, base));
        *taint_at (watch, run, instruction->a, base) = taint;
        break;
      }
    case CODE_UNLESS:
    case CODE_LEFT:
      taint = *taint_at (watch, run, instruction->b, base);
      note_read (watch, instruction->b, taint, span);
      if (taint != CLEAN && !watch->condition.start)
        watch->condition = taint >= BROKEN ? area_of (&watch->breaks, struct path_break)[taint - BROKEN].span : span;
      if (instruction->code == CODE_LEFT)
        *taint_at (watch, run, instruction->c, base) = taint;
      break;
    case CODE_ITEM_NEXT:
      taint = *taint_at (watch, run, instruction->b, base);
      note_read (watch, instruction->b, taint, span);
      *taint_at (watch, run, instruction->c, base) = taint;
      break;
    case CODE_COUNT:
      for (uint32_t k = 0; k < 3; k++)
        taint = join (taint, *taint_at (watch, run, instruction->a + k, base));
      if (taint != CLEAN && !watch->condition.start)
        watch->condition = span;
      note_read (watch, instruction->a, taint, span);
      break;
    case CODE_COUNT_NEXT:
      *taint_at (watch, run, instruction->c, base) = CLEAN;
      break;
    case CODE_UNPACK:
      *taint_at (watch, run, instruction->a, base) = *taint_at (watch, run, instruction->b, base);
      break;
    case CODE_PRINT:
    case CODE_ASSERT:
      for (uint32_t k = 0; k < instruction->c; k++)
        note_read (watch, instruction->b + k, *taint_at (watch, run, instruction->b + k, base), span);
      break;
    case CODE_ASSIGNED:
      watch_assignment (watch, run, place, instruction->a);
      break;
    default:
      break;
    }
}

static void
answer (struct why *why, const char *code, struct span span, const char *format, ...)
{
  char reason[400];
  va_list arguments;
  va_start (arguments, format);
  vsnprintf (reason, sizeof reason, format, arguments);
  va_end (arguments);
  size_t size = strlen (why->target_name) + strlen (why->source_name) + strlen (reason) + 40;
  why->code = code;
  why->span = span;
  why->message = malloc (size);
  if (!why->message)
    memory_exhausted (why->program->names->memory, size, "a message");
  snprintf (why->message, size, "%s does not depend on %s: %s", why->target_name, why->source_name, reason);
}

/* Where the text mentions the source in a place that the run did not come to, and the variable whose statement that is
 * in. */
static struct span
find_use (const struct why *why, struct span *statement)
{
  const struct syntax *syntax = program_syntax (why->program, why->diagnostics);
  const struct node *nodes = area_of (&syntax->nodes, struct node);
  size_t count = area_count (&syntax->nodes, struct node);
  *statement = (struct span){ 0, 0 };
  for (size_t i = 0; i < count; i++)
    if (nodes[i].kind == SYNTAX_NAME && nodes[i].payload == why->source)
      {
        size_t k = i;
        while (k < count && nodes[k].kind != SYNTAX_ASSIGN && nodes[k].kind < SYNTAX_EXPRESSION)
          k++;
        if (k < count && nodes[k].kind == SYNTAX_ASSIGN)
          for (size_t t = i; t-- > 0;)
            if (nodes[t].kind == SYNTAX_TARGET)
              {
                *statement = node_span (&nodes[t]);
                break;
              }
        return node_span (&nodes[i]);
      }
  return (struct span){ 0, 0 };
}

/* Whether the text reads the source anywhere. */
static bool
is_mentioned (const struct why *why)
{
  struct span statement;
  return find_use (why, &statement).start != 0;
}

/* Runs the program once more with an eye on the source; the reasons that need no run are excluded already. */
static void
run_again (struct why *why, struct span first)
{
  const struct program *program = why->program;
  struct memory *memory = program->names->memory;
  struct again again;
  struct watch watch = { .why = why, .target = program_variable (program, why->source)->slot, .in_time = true };
  again_open (&again, program, why->diagnostics, why->files);
  area_open (&watch.stack, memory, (size_t)16 << 30, "the explanation");
  area_open (&watch.breaks, memory, BREAK_LIMIT * sizeof (struct path_break), "the explanation");
  struct area globals;
  area_open (&globals, memory, (program->global_count + 1) * sizeof (uint32_t), "the explanation");
  watch.globals = area_push (&globals, (program->global_count + 1) * sizeof (uint32_t));
  again.run.observe = observe;
  again.run.observer = &watch;
  if (setjmp (again.stop) == 0)
    run (&again.run);
  uint32_t taint = watch.globals[why->target_slot];
  struct span statement, use = find_use (why, &statement);
  if (*why->patience == 0)
    answer (why, "unrelated", first, "the search for the reason was cut short");
  else if (!watch.in_time)
    answer (why, "after", first, "%s is assigned after %s", why->source_name, why->target_name);
  else if (!is_mentioned (why))
    answer (why, "unused", first, "%s is never used", why->source_name);
  else if (watch.rebound_first)
    answer (why, "rebound", watch.rebound, "%s is bound again here before it was read", why->source_name);
  else if (taint >= BROKEN)
    {
      struct path_break path = area_of (&watch.breaks, struct path_break)[taint - BROKEN];
      answer (why, path.code, path.span, "the only path goes through %s here", path.words);
    }
  else if (watch.condition.start)
    answer (why, "condition", watch.condition, "%s is used only in the condition here", why->source_name);
  else if (!watch.read.start)
    answer (why, "branch", use, "%s is used only here, in a branch that was not taken", why->source_name);
  else if (statement.start)
    answer (why, "unrelated", use, "%s is used only here, for %.*s, which %s does not use", why->source_name,
            (int)statement.length, sources_text (why->diagnostics->sources, statement), why->target_name);
  else
    answer (why, "unrelated", use.start ? use : first, "%s is used only here, which %s does not use", why->source_name,
            why->target_name);
  area_close (&globals);
  area_close (&watch.stack);
  area_close (&watch.breaks);
  again_close (&again);
}

void
why_find (struct why *why)
{
  const struct variable *variable = program_variable (why->program, why->source);
  struct span first = { variable->first, variable->length };
  uint8_t kind = why->source_value.kind;
  enum type type = kind == KIND_ARRAY ? why->source_value.array->type : TYPE_REAL;
  if (variable->flags & VARIABLE_CONST)
    answer (why, "const", first, "%s is const", why->source_name);
  else if (kind == KIND_NOTHING)
    answer (why, "branch", first, "%s is assigned only here, in a branch that was not taken", why->source_name);
  else if (!is_mentioned (why) && why->source_value.node < why->target_node)
    answer (why, "unused", first, "%s is never used", why->source_name);
  else if (kind == KIND_INTEGER || type == TYPE_INTEGER)
    answer (why, "integer", first, "%s is an integer", why->source_name);
  else if (kind == KIND_BOOLEAN || type == TYPE_BOOLEAN)
    answer (why, "boolean", first, "%s is a boolean", why->source_name);
  else if (kind == KIND_STRING)
    answer (why, "string", first, "%s is a string", why->source_name);
  else if (kind == KIND_FUNCTION)
    answer (why, "unrelated", first, "%s is a function", why->source_name);
  else
    run_again (why, first);
}
