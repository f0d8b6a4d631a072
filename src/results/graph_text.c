/* graph_text.c -- names and texts of the steps of a graph: what the program calls them, and how it writes them. */
#include "derive/gradient.h"
#include "results/graph_maker.h"

#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "results/watch.h"

enum
{
  LONGEST = 200 /* bytes of a text */
};

/* A text of the program and what it is assigned to. */
struct assigned
{
  struct span span;  /* of what is assigned; of += and x[i] = the whole statement */
  struct span value; /* of the right side */
  uint32_t names, count;
  bool element, whole; /* x[i] = ...; x += ... */
};

struct describing
{
  struct graph_maker *maker;
  struct area assigned; /* struct assigned, as they stand in the text once they are sorted */
  struct area targets;  /* struct assigned: left sides, each alone */
  struct area names;    /* uint32_t */
  struct area open;     /* struct node: left sides whose right side is to come */
};

static int
by_span (const void *a, const void *b)
{
  const struct span x = ((const struct assigned *)a)->span, y = ((const struct assigned *)b)->span;
  return x.start != y.start ? (x.start > y.start) - (x.start < y.start) : (x.length > y.length) - (x.length < y.length);
}

static const struct assigned *
find (const struct area *area, struct span span)
{
  struct assigned key = { .span = span };
  size_t count = area_count (area, struct assigned);
  return count ? bsearch (&key, area->start, count, sizeof key, by_span) : NULL;
}

/* An assignment: its left sides have been met, the innermost ones last. */
static void
note_assignment (struct describing *describing, const struct node *node)
{
  size_t open = area_count (&describing->open, struct node);
  const struct node *left = area_of (&describing->open, struct node) + open - node->payload;
  struct span value = node_span (&node[-1]);
  if (open < node->payload)
    return;
  bool element = left->kind == SYNTAX_TARGET_INDEX, whole = element || node->op != SIGN_NONE;
  *area_add (&describing->assigned, struct assigned)
    = (struct assigned){ whole ? node_span (node) : value,
                         value,
                         (uint32_t)area_count (&describing->names, uint32_t),
                         node->payload,
                         element,
                         whole && !element };
  for (uint32_t i = 0; i < node->payload; i++)
    {
      *area_add (&describing->names, uint32_t) = left[i].payload;
      *area_add (&describing->targets, struct assigned) = (struct assigned){
        node_span (&left[i]), value, (uint32_t)area_count (&describing->names, uint32_t) - 1, 1, false, false
      };
    }
  describing->open.used -= node->payload * sizeof *left;
}

static void
read_program (struct describing *describing)
{
  const struct run *run = describing->maker->results->run;
  const struct syntax *syntax = program_syntax (run->program, run->diagnostics);
  const struct node *nodes = area_of (&syntax->nodes, struct node);
  for (size_t i = 0; i < area_count (&syntax->nodes, struct node); i++)
    if (nodes[i].kind == SYNTAX_TARGET)
      *area_add (&describing->open, struct node) = nodes[i];
    else if (nodes[i].kind == SYNTAX_TARGET_INDEX && describing->open.used)
      area_of (&describing->open, struct node)[area_count (&describing->open, struct node) - 1].kind
        = SYNTAX_TARGET_INDEX;
    else if (nodes[i].kind == SYNTAX_ASSIGN && i)
      note_assignment (describing, &nodes[i]);
  for (int i = 0; i < 2; i++)
    {
      const struct area *area = i ? &describing->targets : &describing->assigned;
      if (area->used)
        qsort (area->start, area_count (area, struct assigned), sizeof (struct assigned), by_span);
    }
}

const char *
results_text (const struct run *run, struct span span)
{
  const char *from = sources_text (run->diagnostics->sources, span), *end = from + span.length;
  char text[LONGEST + 8];
  size_t size = 0;
  bool quoted = false, blank = false;
  for (; from < end && size < LONGEST; from++)
    {
      if (*from == '#' && !quoted)
        while (from + 1 < end && from[1] != '\n')
          from++;
      else if (!quoted && strchr (" \t\r\n", *from))
        blank = true;
      else
        {
          quoted ^= *from == '"' && (!quoted || from[-1] != '\\');
          if (blank && size)
            text[size++] = ' ';
          blank = false;
          text[size++] = *from;
        }
    }
  if (from < end)
    {
      /* No character is cut in two. */
      while (size && (text[size - 1] & 0xc0) == 0x80)
        size--;
      size -= size && text[size - 1] & 0x80;
      memcpy (text + size, "...", 3);
      size += 3;
    }
  return heap_copy (run->memory, text, size, "the trace");
}

static const char *
name_of (const struct describing *describing, uint32_t number)
{
  return names_text (describing->maker->results->run->program->names, area_of (&describing->names, uint32_t)[number]);
}

/* What a step that is not of an expression is called by its instruction. */
static const char *
op_of (const struct step *kept, const struct instruction *instruction)
{
  if (kept && kept->op < OPS)
    return op_info[kept->op].name;
  switch (instruction->code)
    {
    case CODE_STEP:
    case CODE_DERIVE:
      return op_info[instruction->op].name;
    case CODE_ROUTINE:
      return instruction->op < OPS                ? op_info[instruction->op].name
             : instruction->op == ROUTINE_LITERAL ? "[ ]"
             : instruction->op == ROUTINE_INDEX   ? "index"
                                                  : "item";
    case CODE_REPLACE:
      return "x[i] =";
    case CODE_UNPACK:
    case CODE_ITEM_NEXT:
      return "item";
    default:
      return "";
    }
}

/* A source: its name stands on a left side, and its text is the right side, unless -D has replaced that. */
static void
describe_source (const struct describing *describing, struct graph_step *step, const struct instruction *instruction)
{
  const struct program *program = describing->maker->results->run->program;
  const struct assigned *target = find (&describing->targets, step->span);
  bool is_input = instruction->code == CODE_INPUT;
  uint32_t input = is_input ? area_of (&program->inputs, struct input)[instruction->c].name : UINT32_MAX;
  step->op = "";
  step->name = is_input ? names_text (program->names, input) : target ? name_of (describing, target->names) : NULL;
  bool given = is_input && program_variable (program, input)->flags & VARIABLE_DEFINED;
  step->expression = given ? "-D" : target ? results_text (describing->maker->results->run, target->value) : "";
}

static void
describe (const struct describing *describing, struct graph_step *step, uint32_t node)
{
  const struct graph_maker *maker = describing->maker;
  const struct run *run = maker->results->run;
  const struct step *kept = run->trace ? trace_find (run->trace, node) : NULL;
  kept = kept && kept->result.node == node ? kept : NULL;
  struct making making = area_of (&maker->watch->makings, struct making)[node];
  uint32_t place = kept && kept->place ? kept->place : making.place;
  const struct instruction *instruction = area_of (&run->program->code, struct instruction) + place;
  step->named = step->span = run_span (run, place);
  if (step->marks & GRAPH_INPUT || instruction->code == CODE_SOURCE)
    {
      describe_source (describing, step, instruction);
      return;
    }
  step->op = op_of (kept, instruction);
  step->expression = results_text (run, step->span);
  if (run->recorder && gradient_origin (run, node))
    {
      /* A step of a derivative that the program takes: what the sweep made of this one. */
      step->expression = heap_format (run->memory, "the trace", "d(%s)", step->expression);
      return;
    }
  step->call = making.call ? results_text (run, run_span (run, making.call - 1)) : NULL;
  const struct assigned *assigned = find (&describing->assigned, step->span);
  uint32_t item = instruction->code == CODE_UNPACK ? instruction->c : kept ? kept->item : 0;
  if (instruction->code == CODE_ITEM_NEXT)
    {
      uint32_t name = run_name_of (run, instruction->c);
      step->name = name != UINT32_MAX ? names_text (run->program->names, name) : NULL;
    }
  else if (assigned && item < assigned->count && (!assigned->element || instruction->code == CODE_REPLACE)
           && (assigned->count == 1 || instruction->code == CODE_UNPACK || (kept && kept->item)
               || instruction->code == CODE_ROUTINE))
    {
      step->name = name_of (describing, assigned->names + item);
      step->marks |= assigned->element || assigned->whole ? GRAPH_STATEMENT : 0;
    }
  else if (making.call && !step->name)
    {
      /* What a function returned is the value of the call. */
      step->named = run_span (run, making.call - 1);
      assigned = find (&describing->assigned, step->named);
      step->name
        = assigned && assigned->count == 1 && !assigned->element ? name_of (describing, assigned->names) : NULL;
    }
}

/* A target that is an expression has a name of its own. */
static void
name_targets (const struct graph_maker *maker)
{
  const struct results *results = maker->results;
  for (size_t t = 0; t < results->target_count; t++)
    {
      uint32_t step = results->targets[t].value.node ? maker->step_of[results->targets[t].value.node] : 0;
      if (step && !maker->steps[step - 1].name && !results->targets[t].is_expression)
        maker->steps[step - 1].name = results->targets[t].name;
    }
}

/* Whether steps stand in several sources, so that their places need a name besides. */
static bool
have_files (const struct graph_maker *maker)
{
  const struct sources *sources = maker->results->run->diagnostics->sources;
  const struct source *source = NULL;
  for (size_t i = 0; i < maker->graph.step_count; i++)
    if (maker->steps[i].span.start)
      {
        const struct source *own = sources_find (sources, maker->steps[i].span.start);
        if (source && own != source)
          return true;
        source = own;
      }
  return false;
}

void
graph_describe (struct graph_maker *maker)
{
  struct memory *memory = maker->results->run->memory;
  struct describing describing = { .maker = maker };
  struct area *areas[] = { &describing.assigned, &describing.targets, &describing.names, &describing.open };
  for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
    area_open (areas[i], memory, (size_t)16 << 30, "the trace");
  read_program (&describing);
  for (size_t i = 0; i < maker->graph.step_count; i++)
    describe (&describing, &maker->steps[i], maker->nodes[i]);
  name_targets (maker);
  maker->graph.has_files = have_files (maker);
  for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
    area_close (areas[i]);
}
