/* why.h -- why a gradient is missing. */
#ifndef GRADCALC_WHY_H
#define GRADCALC_WHY_H

#include "explain/flow.h"
#include "explain/mentions.h"

/* The state of questions and answers about one run. The text is read, and the program run once more, when the first
   question needs it. */
struct why
{
  const struct program *program;
  struct diagnostics *diagnostics;
  const struct area *files;          /* struct loaded: what the run has read */
  const struct flow_source *sources; /* all that may be asked about */
  size_t source_count;
  struct mentions mentions;
  struct flow flow;
  bool reads, runs; /* mentions and flow are there */
};

/* A target that does not depend on a source. */
struct question
{
  const char *target_name;
  uint32_t target_slot, target_node;
  size_t source; /* its number among those asked about */
  const char *source_name;
  struct value source_value;
};

/* The first reason that holds. The message is a block of the heap. */
struct reason
{
  const char *code; /* as JSON has it: "unused" */
  char *message;
  struct span span;
};

void why_open (struct why *why, const struct program *program, struct diagnostics *diagnostics,
               const struct area *files, const struct flow_source *sources, size_t count);
void why_close (struct why *why);
struct reason why_find (struct why *why, const struct question *question);

#endif
