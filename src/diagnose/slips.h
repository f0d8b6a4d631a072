/* slips.h -- wrong local rules: what they make of a step, and what is said of them. */
#ifndef GRADCALC_SLIPS_H
#define GRADCALC_SLIPS_H

#include "check/claims.h"
#include "check/replay.h"

enum slip
{
#define SLIP(name, cause, joint, words) SLIP_##name,
#include "diagnose/slips.def"
  SLIPS
};

struct slip_info
{
  const char *cause;
  bool joint;
  const char *words;
};
extern const struct slip_info slip_info[SLIPS];

/* One element of an elementwise step: its operands, its value, whether both operands vary. */
struct slip_element
{
  double x[STEP_OPERANDS], v;
  bool both;
  const double *tangent; /* the changes of the operands with the source; NULL: not known */
  /* What the right operand of a quotient is made of: the base of a power, or the constant factor of a product. */
  enum slip_made
  {
    MADE_OTHERWISE,
    MADE_POWER,
    MADE_MULTIPLE
  } made;
  double part;
};

/* slips.c: the partial that a slip puts in the place of the right one of an elementwise step, for one element; false
   when it makes no sense there. */
bool slip_partial (enum slip slip, uint32_t op, int operand, const struct slip_element *element, double *partial);

/* The second partial derivative of an elementwise step in two of its operands, from differences of the first one. */
double slip_second_partial (uint32_t op, int i, int k, const double at[STEP_OPERANDS], bool both);

/* slips_linear.c: the linear map that a slip puts in the place of the right one of a step of arrays, with references of
   its own; false, with nothing changed, when it makes no sense. */
bool slip_linear (struct arrays *arrays, const struct step *step, enum slip slip, struct linear *linear);

/* slips_apply.c. Changes the tape as a slip in one operand would, or in all for a joint one, wherever the run came to
   the place; false, with nothing changed by it, when that makes no sense. What was changed before stays so until it is
   undone. */
bool slip_apply (struct replay *replay, enum slip slip, uint32_t place, int operand);
void slip_undo (struct replay *replay);
/* A step of numbers as an element, whose tangents have their room in `tangent`. */
void slip_element_of (const struct replay *replay, const struct step *step, struct slip_element *element,
                      double tangent[STEP_OPERANDS]);

/* slips_text.c: where an operand of the step at a place stands: of two the left or the right one, of a call an
   argument; start 0 when that is not known. */
struct span slip_operand (const struct claims *claims, uint32_t place, int operand);
/* Whether a slip can be told of an operand as it is written: a sign that is lost must be there, and nobody turns -u - v
   into v - -u. */
bool slip_is_sayable (const struct claims *claims, enum slip slip, uint32_t place, int operand);
/* The text of a span, cut when it is long, in one line. */
enum
{
  SLIP_TEXT = 160
};
const char *slip_quoted (const struct claims *claims, struct span span, char text[SLIP_TEXT]);
/* The function that stands for an expression, where a step is one of that: no rule for its operators is about it, nor
   does the text have its operands. NULL of any other step. */
const char *slip_formula (const struct claims *claims, const struct step *step);
/* Words of slips.def about an operand of a step. */
char *slip_filled (const struct claims *claims, const struct step *step, const char *words, int operand);
/* The slip in words that go on from "you get this if", and where it is. */
char *slip_words (const struct claims *claims, const struct step *step, enum slip slip, int operand, struct span *span);
/* The hint for a slip at a place, and `likewise` at others; where it points to. */
char *slip_text (const struct claims *claims, const struct claim *claim, const struct step *step, enum slip slip,
                 int operand, const char *likewise, struct span *span);

#endif
