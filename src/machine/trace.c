/* trace.c -- the steps of a run, kept. */
#include "machine/trace.h"

#include "machine/run.h"

void
trace_open (struct trace *trace, struct memory *memory, const char *what)
{
  area_open (&trace->steps, memory, (size_t)64 << 30, what);
  area_open (&trace->operands, memory, (size_t)64 << 30, what);
  struct area *numbers[] = { &trace->of_node, &trace->by_place, &trace->ends };
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    area_open (numbers[i], memory, (size_t)16 << 30, what);
  *area_add (&trace->steps, struct step) = (struct step){ .op = STEP_NONE };
}

/* Arrays are freed with everything that is alive, functions and tuples by the run. */
void
trace_close (struct trace *trace)
{
  area_close (&trace->steps);
  area_close (&trace->operands);
  area_close (&trace->of_node);
  area_close (&trace->by_place);
  area_close (&trace->ends);
}

static size_t
bytes_of (const struct value *value)
{
  return value->kind == KIND_ARRAY ? value->array->bytes : 0;
}

struct step *
trace_add (struct trace *trace, const struct heard *heard)
{
  uint32_t number = (uint32_t)area_count (&trace->steps, struct step), node = heard->result->node;
  struct step *step = area_add (&trace->steps, struct step);
  *step = (struct step){
    .result = *heard->result, .place = heard->place, .op = (uint16_t)heard->op, .count = (uint8_t)heard->count
  };
  value_hold (heard->result);
  trace->arrays += bytes_of (heard->result);
  if (heard->count)
    step->operands = area_push (&trace->operands, heard->count * sizeof *step->operands);
  for (uint32_t i = 0; i < heard->count; i++)
    {
      step->operands[i] = *heard->operands[i];
      value_hold (heard->operands[i]);
    }
  while (node && area_count (&trace->of_node, uint32_t) <= node)
    *area_add (&trace->of_node, uint32_t) = 0;
  if (node)
    area_of (&trace->of_node, uint32_t)[node] = number;
  return step;
}

/* What is left of a step; its operands go to the end of those that are kept. */
static struct step
thin_step (struct trace *trace, struct step step, enum node_fate fate, const uint32_t *numbers)
{
  struct value *operands = step.operands;
  step.result.node = numbers[step.result.node];
  if (fate != NODE_WHOLE)
    return (struct step){ .result = step.result, .place = step.place, .op = STEP_NONE };
  step.operands = step.count ? area_push (&trace->operands, step.count * sizeof *operands) : NULL;
  for (uint32_t k = 0; k < step.count; k++)
    {
      struct value operand = operands[k];
      operand.node = numbers[operand.node];
      step.operands[k] = operand;
    }
  return step;
}

void
trace_thin (struct trace *trace, const unsigned char *fates, const uint32_t *numbers,
            void (*drop) (void *data, struct value *value), void *data)
{
  size_t count = trace_count (trace), kept = 0, nodes = 1;
  trace->operands.used = trace->arrays = 0;
  for (size_t i = 1; i <= count; i++)
    {
      struct step step = *trace_at (trace, i);
      /* Of a node that was made twice the last step counts. */
      bool last = trace_number (trace, step.result.node) == i;
      enum node_fate fate = last ? (enum node_fate)fates[step.result.node] : NODE_GONE;
      for (uint32_t k = 0; fate != NODE_WHOLE && k < step.count; k++)
        drop (data, &step.operands[k]);
      if (fate == NODE_GONE)
        drop (data, &step.result);
      else
        {
          *trace_at (trace, ++kept) = thin_step (trace, step, fate, numbers);
          trace->arrays += bytes_of (&step.result);
        }
    }
  trace->steps.used = (kept + 1) * sizeof (struct step);
  uint32_t *of_node = area_of (&trace->of_node, uint32_t);
  for (size_t i = 1; i <= kept; i++)
    {
      uint32_t node = trace_at (trace, i)->result.node;
      for (; nodes <= node; nodes++)
        of_node[nodes] = 0;
      of_node[node] = (uint32_t)i;
    }
  trace->of_node.used = nodes * sizeof *of_node;
}

void
trace_sort (struct trace *trace, size_t places)
{
  size_t count = trace_count (trace);
  uint32_t *ends = area_push (&trace->ends, (places + 1) * sizeof *ends);
  uint32_t *by_place = area_push (&trace->by_place, count * sizeof *by_place);
  for (size_t i = 1; i <= count; i++)
    ends[trace_at (trace, i)->place + 1]++;
  for (size_t place = 0; place < places; place++)
    ends[place + 1] += ends[place];
  /* Where a place begins becomes where it ends. */
  for (size_t i = 1; i <= count; i++)
    by_place[ends[trace_at (trace, i)->place]++] = (uint32_t)i;
}
