/* hint.h -- forms of an expression that stay finite where another one does not. */
#ifndef GRADCALC_HINT_H
#define GRADCALC_HINT_H

#include "base/source.h"

enum
{
  HINT_TEXT = 200
};

/* A better way to write the expression around a place, in words ("sigmoid(z) does not overflow"); false when there
   is nothing to say. */
bool hint_for (const struct sources *sources, struct span span, char text[HINT_TEXT]);

#endif
