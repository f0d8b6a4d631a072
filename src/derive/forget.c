/* forget.c -- what nobody can ask for any more goes from the tape of a run that derives. */
#include "derive/forget.h"

#include "derive/gradient.h"
#include "tape/condense.h"
#include "tape/reverse.h"

enum
{
  STEP = 128, /* bytes of a step and its node, roughly */
  WORTH = 8   /* times the patience is the memory of a run of which what is left is condensed too */
};

enum mark
{
  MARK_ALIVE = 1,   /* a value has it, or depends on it */
  MARK_HELD = 2,    /* a value has it */
  MARK_DERIVED = 4, /* it depends on what the program may still differentiate in */
  MARK_ASKED = 8,   /* it depends on what is asked for at the end */
  MARK_NOTED = 16   /* an input had it, which may have another value by now */
};

struct forgetting
{
  struct run *run, *rules; /* `rules` may be NULL */
  struct area marks;       /* unsigned char, by node; in the end fates */
  struct area numbers;     /* uint32_t, by node */
  struct area asked;       /* uint32_t: what is asked for at the end, rising; and, rising too, ... */
  struct area ways;        /* ... what is wanted of all that depends on it */
  struct condensed condensed;
  bool condenses; /* `ways` are linked to `asked`, and what is between them goes */
};

static size_t
weight_of (const struct trace *trace)
{
  return trace->arrays + trace_count (trace) * STEP;
}

static void
mark_held (void *data, struct value *values, size_t count)
{
  unsigned char *marks = area_of (&((struct forgetting *)data)->marks, unsigned char);
  for (size_t i = 0; i < count; i++)
    marks[values[i].node] |= MARK_ALIVE | MARK_HELD;
}

static void
mark_noted (void *data, struct value *values, size_t count)
{
  unsigned char *marks = area_of (&((struct forgetting *)data)->marks, unsigned char);
  for (size_t i = 0; i < count; i++)
    marks[values[i].node] |= MARK_ALIVE | MARK_NOTED;
}

static void
renumber (void *data, struct value *values, size_t count)
{
  const uint32_t *numbers = area_of (&((struct forgetting *)data)->numbers, uint32_t);
  for (size_t i = 0; i < count; i++)
    values[i].node = numbers[values[i].node];
}

static void
show_all (struct forgetting *forgetting, void (*show) (void *data, struct value *values, size_t count))
{
  run_show_values (forgetting->run, show, forgetting);
  if (forgetting->rules)
    run_show_values (forgetting->rules, show, forgetting);
}

static void
show_noted (struct forgetting *forgetting, void (*show) (void *data, struct value *values, size_t count))
{
  const struct area *noted = &forgetting->run->inputs;
  for (size_t k = 0; k < area_count (noted, struct noted); k++)
    show (forgetting, &area_of (noted, struct noted)[k].value, 1);
}

/* Goes through what a node depends on, on the tape and by the operands of its step. */
static void
each_operand (const struct run *run, uint32_t node, void (*visit) (unsigned char *marks, uint32_t node, uint32_t from),
              unsigned char *marks)
{
  const uint32_t *ends = area_of (&run->tape->ends, uint32_t), *operands = area_of (&run->tape->operands, uint32_t);
  const struct step *step = trace_find (run->trace, node);
  for (uint32_t link = ends[node - 1]; link < ends[node]; link++)
    visit (marks, node, operands[link] & ~(uint32_t)LINK_SIZE);
  for (uint32_t k = 0; k < step->count; k++)
    visit (marks, node, step->operands[k].node);
}

static void
mark_alive (unsigned char *marks, uint32_t node, uint32_t from)
{
  marks[from] |= marks[node] & MARK_ALIVE;
}

static void
mark_leading (unsigned char *marks, uint32_t node, uint32_t from)
{
  marks[node] |= marks[from] & (MARK_DERIVED | MARK_ASKED);
}

/* What is asked for at the end: the inputs, where nothing is named. */
static const struct area *
asked_of (const struct run *run)
{
  return run->program->wanted_count ? &run->wanted : &run->inputs;
}

/* The sources that a value still has: the others cannot be named any more. */
static void
mark_sources (struct run *run, unsigned char *marks)
{
  uint32_t *sources = area_of (&run->sources, uint32_t);
  size_t count = area_count (&run->sources, uint32_t), kept = 0;
  for (size_t i = 0; i < count; i++)
    if ((marks[sources[i]] & (MARK_HELD | MARK_DERIVED)) == MARK_HELD)
      {
        marks[sources[i]] |= MARK_DERIVED;
        sources[kept++] = sources[i];
      }
  run->sources.used = kept * sizeof *sources;
  const struct area *noted = asked_of (run);
  for (size_t k = 0; run->purpose == PURPOSE_GRADIENTS && k < area_count (noted, struct noted); k++)
    marks[area_of (noted, struct noted)[k].value.node] |= MARK_ASKED;
}

/* Which nodes are between a value and what it may be differentiated in. */
static void
find_marks (struct forgetting *forgetting)
{
  struct run *run = forgetting->run;
  uint32_t count = tape_count (run->tape);
  unsigned char *marks = area_of (&forgetting->marks, unsigned char);
  show_all (forgetting, mark_held);
  show_noted (forgetting, mark_noted);
  marks[0] = 0;
  for (uint32_t node = count; --node > 0;)
    if (marks[node])
      each_operand (run, node, mark_alive, marks);
  mark_sources (run, marks);
  marks[0] = 0;
  for (uint32_t node = 1; node < count; node++)
    marks[node] |= marks[node] & MARK_NOTED ? MARK_HELD : 0;
  for (uint32_t node = 1; node < count; node++)
    if (marks[node])
      each_operand (run, node, mark_leading, marks);
}

static bool
leads (unsigned char marks)
{
  return marks & (MARK_DERIVED | MARK_ASKED) && marks & MARK_ALIVE;
}

/* Operands of what keeps its links stay, as sources at least. */
static void
keep_operand (unsigned char *marks, uint32_t node, uint32_t from)
{
  (void)node;
  marks[from] |= MARK_HELD;
}

static void
keep_operands (const struct forgetting *forgetting, unsigned char of)
{
  unsigned char *marks = area_of (&forgetting->marks, unsigned char);
  for (uint32_t node = 1; node < tape_count (forgetting->run->tape); node++)
    if (leads (marks[node]) && marks[node] & of)
      each_operand (forgetting->run, node, keep_operand, marks);
}

/* What is asked for at the end; false where one of it depends on another. */
static bool
find_asked (struct forgetting *forgetting)
{
  const struct run *run = forgetting->run;
  const uint32_t *ends = area_of (&run->tape->ends, uint32_t), *operands = area_of (&run->tape->operands, uint32_t);
  const struct area *noted = asked_of (run);
  size_t kept = 0;
  for (size_t k = 0; k < area_count (noted, struct noted); k++)
    {
      uint32_t node = area_of (noted, struct noted)[k].value.node;
      if (node && ends[node - 1] < ends[node] && operands[ends[node] - 1] != LINK_SIZE)
        return false;
      if (node)
        *area_add (&forgetting->asked, uint32_t) = node;
    }
  uint32_t *asked = area_of (&forgetting->asked, uint32_t);
  size_t count = area_count (&forgetting->asked, uint32_t);
  reverse_sort (asked, count);
  for (size_t k = 0; k < count; k++)
    if (!kept || asked[kept - 1] != asked[k])
      asked[kept++] = asked[k];
  forgetting->asked.used = kept * sizeof *asked;
  return true;
}

/* Of what leads to what is asked for at the end, and to nothing that the program derives in, the slopes of what is
   alive are all that is wanted. Their last digits are those of another order of the same sums, so small runs do
   without. */
static void
condense (struct forgetting *forgetting)
{
  struct run *run = forgetting->run;
  unsigned char *marks = area_of (&forgetting->marks, unsigned char);
  size_t between = 0;
  if (run->purpose != PURPOSE_GRADIENTS || run->memory->used < WORTH * run->patience || !run->patience
      || !find_asked (forgetting))
    return;
  const uint32_t *asked = area_of (&forgetting->asked, uint32_t);
  size_t asked_count = area_count (&forgetting->asked, uint32_t), at = 0;
  keep_operands (forgetting, MARK_DERIVED);
  for (uint32_t node = 1; node < tape_count (run->tape); node++)
    {
      while (at < asked_count && asked[at] < node)
        at++;
      if (!leads (marks[node]) || marks[node] & MARK_DERIVED || (at < asked_count && asked[at] == node))
        continue;
      if (marks[node] & MARK_HELD)
        *area_add (&forgetting->ways, uint32_t) = node;
      else
        between++;
    }
  size_t ways = area_count (&forgetting->ways, uint32_t);
  forgetting->condenses = between > ways
                          && condense_open (&forgetting->condensed, run->tape, asked, asked_count,
                                            area_of (&forgetting->ways, uint32_t), ways);
  for (size_t i = 0; forgetting->condenses && i < ways; i++)
    marks[area_of (&forgetting->ways, uint32_t)[i]] = MARK_HELD;
}

/* What becomes of each node, and its number then. */
static void
find_fates (struct forgetting *forgetting)
{
  const struct run *run = forgetting->run;
  uint32_t count = tape_count (run->tape), kept = 0;
  unsigned char *marks = area_of (&forgetting->marks, unsigned char);
  uint32_t *numbers = area_of (&forgetting->numbers, uint32_t);
  if (!forgetting->condenses)
    keep_operands (forgetting, MARK_DERIVED | MARK_ASKED);
  marks[0] = NODE_GONE;
  for (uint32_t node = 1; node < count; node++)
    {
      bool held = marks[node] & MARK_HELD;
      enum node_fate fate = held ? NODE_SOURCE : NODE_GONE;
      if (leads (marks[node]) && marks[node] & MARK_DERIVED)
        fate = NODE_WHOLE;
      else if (leads (marks[node]) && (held || !forgetting->condenses))
        fate = NODE_LINKED;
      marks[node] = (unsigned char)fate;
      if (marks[node] != NODE_GONE)
        numbers[node] = ++kept;
    }
}

/* Who is the first of all that are alive is so in the run that made it. */
static bool
is_first (const struct run *run, const struct value *value)
{
  if (value->kind == KIND_FUNCTION)
    return run->functions == value->function;
  return (value->kind == KIND_TUPLE || value->kind == KIND_SLICE) && run->tuples == value->tuple;
}

static void
drop (void *data, struct value *value)
{
  const struct forgetting *forgetting = data;
  struct run *rules = forgetting->rules;
  value_drop (rules && is_first (rules, value) ? rules : forgetting->run, value);
}

void
forget (struct run *run)
{
  struct trace *trace = run->trace;
  if (run->purpose == PURPOSE_ANY || !trace || run->complete || run->listener || run->tape->loops.used
      || (run->patience && weight_of (trace) < 2 * trace->thinned + run->patience))
    return;
  struct forgetting forgetting = { .run = run, .rules = gradient_rules (run) };
  uint32_t count = tape_count (run->tape);
  area_open (&forgetting.marks, run->memory, count, "the tape");
  area_open (&forgetting.numbers, run->memory, count * sizeof (uint32_t), "the tape");
  area_open (&forgetting.asked, run->memory, (size_t)1 << 32, "the tape");
  area_open (&forgetting.ways, run->memory, count * sizeof (uint32_t), "the tape");
  area_push (&forgetting.marks, count);
  area_push (&forgetting.numbers, count * sizeof (uint32_t));
  find_marks (&forgetting);
  condense (&forgetting);
  find_fates (&forgetting);
  const unsigned char *fates = area_of (&forgetting.marks, unsigned char);
  const uint32_t *numbers = area_of (&forgetting.numbers, uint32_t);
  trace_thin (trace, fates, numbers, drop, &forgetting);
  tape_thin (run->tape, fates, numbers);
  if (forgetting.condenses)
    {
      condense_link (&forgetting.condensed, run->tape, numbers);
      condense_close (&forgetting.condensed);
    }
  show_all (&forgetting, renumber);
  show_noted (&forgetting, renumber);
  uint32_t *sources = area_of (&run->sources, uint32_t);
  for (size_t i = 0; i < area_count (&run->sources, uint32_t); i++)
    sources[i] = numbers[sources[i]];
  trace->thinned = weight_of (trace);
  area_close (&forgetting.marks);
  area_close (&forgetting.numbers);
  area_close (&forgetting.asked);
  area_close (&forgetting.ways);
}
