/* right.h -- right sides of answers: formulas, and what programs print. */
#ifndef GRADCALC_ANSWERS_RIGHT_H
#define GRADCALC_ANSWERS_RIGHT_H

#include "answers/answers.h"
#include "answers/left.h"
#include "answers/mark.h"
#include "answers/part.h"

/* Reads one right side as the language writes it, with what is known of its value; false with `*fault`, the reason, and
   `*where` it is. */
bool right_read (struct answers *answers, struct part right, const struct left *left, char **text, struct known *known,
                 char **fault, struct part *where);

/* Whether the language would call what is no function, as in 2(x + 1) or x(x + 1). */
bool right_has_products (const struct answers *answers, struct part side);

#endif
