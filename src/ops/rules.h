/* rules.h -- rules.def: how the adjoint of a result becomes that of an operand, in the language itself. */
#ifndef GRADCALC_RULES_H
#define GRADCALC_RULES_H

#include "ops/ops.h"

/* What all rules may use, and what those of functions with structure may. */
extern const char rule_constants[], rule_lines[];

/* Whether a function (an operator's number, or a ROUTINE_) has rules of its own, and needs its operands for them. All
   others are what their links on the tape are. */
bool rule_exists (uint32_t op);

/* The rule for operand `k` of an operator, whose parameter has a name of `size` bytes: its row, or for an elementwise
   operator without one its partial. False when there is none, with `text` empty. */
bool rule_text (enum op op, uint32_t k, const char *parameter, size_t size, char *text, size_t room);

#endif
