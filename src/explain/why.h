/* why.h -- why a gradient is missing. */
#ifndef GRADCALC_WHY_H
#define GRADCALC_WHY_H

#include "program/run.h"

/* A target that does not depend on a source, and the first reason that holds, with its place. */
struct why
{
  const struct program *program;
  struct diagnostics *diagnostics;
  uint32_t source; /* the name's number */
  size_t line;     /* x@LINE: that binding; else 0, the first */
  const char *source_name;
  struct value source_value;
  const struct area *files; /* struct loaded: what the run has read */
  const char *target_name;
  uint32_t target_slot, target_node;
  size_t *patience; /* instructions that may still be run to find reasons; counted down */
  /* The answer; the message is the caller's to free. */
  const char *code;
  char *message;
  struct span span;
};

void why_find (struct why *why);

#endif
