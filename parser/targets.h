/* targets.h -- what stands before '='. */
#ifndef GRADCALC_TARGETS_H
#define GRADCALC_TARGETS_H

#include "syntax.h"

/* The `count` expressions from the node `first` on, which are the last of `syntax`, become what is assigned to. NULL,
   or what is wrong with them. One alone is a name if it is `constant`, else a name or an element; one or more are that,
   or names, or the head of a function: `function` is its name plus one, else 0. */
const char *targets_single (struct syntax *syntax, uint32_t first, uint32_t count, bool constant);
const char *targets_or_head (struct syntax *syntax, uint32_t first, uint32_t count, uint32_t *function);

#endif
