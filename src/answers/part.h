/* part.h -- pieces of a text of answers: lines, sides, what stands before them. */
#ifndef GRADCALC_ANSWERS_PART_H
#define GRADCALC_ANSWERS_PART_H

#include <stdbool.h>
#include <stddef.h>

struct part
{
  const char *text;
  size_t size;
};

bool part_blank (char c);
/* Letters, digits and _ of ASCII. */
bool part_in_word (char c);
/* Whether a byte is one of a text's; NUL, which may stand in a file, is none. */
bool part_among (char c, const char *text);
/* Without blanks at either end. */
struct part part_trim (struct part part);
/* The line of a text that begins at `at`. */
struct part part_line (const char *text, size_t size, size_t at);
/* Whether two texts differ in blanks alone. */
bool part_is_same (struct part a, const char *b);
/* The first sign at the top level that parts left and right side, from `from` on, and its size; NULL: none. A colon
   does so only where no sign of equality comes. */
const char *part_sign (struct part part, size_t from, size_t *size, bool colons);
/* How long 1) a) (a) 1. or a dash before a left side is. */
size_t part_enumerator (struct part part);
/* 1 of a bracket that opens, -1 of one that closes, 0 of anything else, such as LaTeX's \( and \]. */
int part_opens (struct part part, size_t i);
/* How many brackets are open at the end of a line, with `depth` at its start. */
int part_brackets (struct part line, int depth);
/* Whether a line may be a piece of a formula, not words of a sentence. */
bool part_is_formula (struct part line);
/* Whether a line goes on with a formula of the one before: that ends in an operator, or with what CasADi puts in front
   of a formula, or this one begins with an operator. */
bool part_joins (struct part before, struct part line);
/* The number of the slice of an array that a line announces, , , 2 of R and ans(:,:,2) = of Octave; else 0. */
size_t part_slice (const char *line, size_t size);
/* Whether a line begins an answer. */
bool part_begins (struct part line);

#endif
