/* why.c -- why a gradient is missing: the first reason that holds, and its place. */
#include "explain/why.h"

#include <stdarg.h>

#include "base/heap.h"

void
why_open (struct why *why, const struct program *program, struct diagnostics *diagnostics, const struct area *files,
          const struct flow_source *sources, size_t count)
{
  *why = (struct why){
    .program = program, .diagnostics = diagnostics, .files = files, .sources = sources, .source_count = count
  };
}

void
why_close (struct why *why)
{
  if (why->reads)
    mentions_close (&why->mentions);
  if (why->runs)
    flow_close (&why->flow);
}

static const struct mentions *
mentions_of (struct why *why)
{
  if (!why->reads)
    mentions_open (&why->mentions, why->program, why->diagnostics);
  why->reads = true;
  return &why->mentions;
}

static struct flow *
flow_of (struct why *why)
{
  if (!why->runs)
    flow_open (&why->flow, why->program, why->diagnostics, why->files, why->sources, why->source_count);
  why->runs = true;
  return &why->flow;
}

static struct reason
answer (const struct why *why, const struct question *question, const char *code, struct span span, const char *format,
        ...)
{
  char text[400];
  va_list arguments;
  va_start (arguments, format);
  vsnprintf (text, sizeof text, format, arguments);
  va_end (arguments);
  char *message = heap_format (why->program->names->memory, "a message", "%s does not depend on %s: %s",
                               question->target_name, question->source_name, text);
  return (struct reason){ code, message, span };
}

/* The reasons that only a run tells; those that need none are excluded already. */
static struct reason
ask_run (struct why *why, const struct question *question, struct span first)
{
  const struct mentions *mentions = mentions_of (why);
  uint32_t name = why->sources[question->source].name;
  const char *source = question->source_name, *target = question->target_name;
  struct flow *flow = flow_of (why);
  struct flow_answer found = flow_ask (flow, question->source, question->target_slot);
  struct span statement, use = mentions_use (mentions, name, &statement);
  const char *text = sources_text (why->diagnostics->sources, statement);
  if (flow->cut)
    return answer (why, question, "unrelated", first, "the search for the reason was cut short");
  if (!found.in_time)
    return answer (why, question, "after", first, "%s is assigned after %s", source, target);
  if (!use.start)
    return answer (why, question, "unused", first, "%s is never used", source);
  if (found.rebound_first)
    return answer (why, question, "rebound", mentions_target (mentions, name, found.rebound),
                   "%s is bound again here before it was read", source);
  if (found.path_break)
    return answer (why, question, found.path_break->code, found.path_break->span, "the only path goes through %s here",
                   found.path_break->words);
  if (found.condition.start)
    return answer (why, question, "condition", found.condition, "%s is used only in the condition here", source);
  if (!found.read)
    return answer (why, question, "branch", use, "%s is used only here, in a branch that was not taken", source);
  if (statement.start)
    return answer (why, question, "unrelated", use, "%s is used only here, for %.*s, which %s does not use", source,
                   (int)statement.length, text, target);
  return answer (why, question, "unrelated", use, "%s is used only here, which %s does not use", source, target);
}

struct reason
why_find (struct why *why, const struct question *question)
{
  uint32_t name = why->sources[question->source].name;
  const struct variable *variable = program_variable (why->program, name);
  struct span first = { variable->first, variable->length }, statement;
  const struct value *value = &question->source_value;
  const char *source = question->source_name;
  enum type type = value->kind == KIND_ARRAY ? value->array->type : TYPE_REAL;
  if (variable->flags & VARIABLE_CONST)
    return answer (why, question, "const", first, "%s is const", source);
  if (value->kind == KIND_NOTHING)
    return answer (why, question, "branch", first, "%s is assigned only here, in a branch that was not taken", source);
  if (value->node < question->target_node && !mentions_use (mentions_of (why), name, &statement).start)
    return answer (why, question, "unused", first, "%s is never used", source);
  if (value->kind == KIND_INTEGER || type == TYPE_INTEGER)
    return answer (why, question, "integer", first, "%s is an integer", source);
  if (value->kind == KIND_BOOLEAN || type == TYPE_BOOLEAN)
    return answer (why, question, "boolean", first, "%s is a boolean", source);
  if (value->kind == KIND_STRING)
    return answer (why, question, "string", first, "%s is a string", source);
  if (value->kind == KIND_FUNCTION)
    return answer (why, question, "unrelated", first, "%s is a function", source);
  return ask_run (why, question, first);
}
