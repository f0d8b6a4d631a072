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

struct step *
trace_add (struct trace *trace, const struct heard *heard)
{
  uint32_t number = (uint32_t)area_count (&trace->steps, struct step), node = heard->result->node;
  struct step *step = area_add (&trace->steps, struct step);
  *step = (struct step){
    .result = *heard->result, .place = heard->place, .op = (uint16_t)heard->op, .count = (uint8_t)heard->count
  };
  value_hold (heard->result);
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
