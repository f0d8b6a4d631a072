/* mentions.h -- where the text of a program names its variables. */
#ifndef GRADCALC_MENTIONS_H
#define GRADCALC_MENTIONS_H

#include "code/program.h"

struct mentions
{
  const struct node *nodes;
  struct area names;   /* struct mention, by name */
  struct area targets; /* struct assigned_place: the left sides of assignments, in the order of the text */
};

/* Reads the program's syntax once, whatever is asked of it later; that stays as it is until mentions_close. */
void mentions_open (struct mentions *mentions, const struct program *program, struct diagnostics *diagnostics);
void mentions_close (struct mentions *mentions);

/* Where the text first reads a variable (NOWHERE: it never does); `assigned` is the left side of the assignment that
   this is in, or NOWHERE. */
struct span mentions_use (const struct mentions *mentions, uint32_t name, struct span *assigned);
/* The left side that assigns a variable and stands last before the end of a span; the span itself where none does. */
struct span mentions_target (const struct mentions *mentions, uint32_t name, struct span span);

#endif
