/* textbook.h -- the rules of derivatives as a textbook has them. */
#ifndef GRADCALC_TEXTBOOK_H
#define GRADCALC_TEXTBOOK_H

#include <stddef.h>

enum
{
  TEXTBOOK_RULE = 160
};

/* The rule of an operator or function, "d(sin(u)) = cos(u)*du"; NULL where there is none. Of a power with its own
   exponent, which is NULL where it varies; `text` is room for it. */
const char *textbook_rule (unsigned op, const double *exponent, char text[TEXTBOOK_RULE]);

#endif
