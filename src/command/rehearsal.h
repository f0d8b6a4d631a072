/* rehearsal.h -- the program's names and what they are, before there are answers to be read. */
#ifndef GRADCALC_REHEARSAL_H
#define GRADCALC_REHEARSAL_H

#include "answers/vocabulary.h"
#include "command/session.h"

/* Adds the names that statements assign to, of loops and of functions. */
void rehearsal_add_names (const struct syntax *syntax, const struct names *names, struct vocabulary *words);
/* Adds the names that the command line defines. */
void rehearsal_add_definitions (const struct session *session, struct vocabulary *words);
/* Fills a vocabulary with the program's names; false, without a message, where the program cannot be parsed. */
bool rehearsal_find_names (struct session *session, struct vocabulary *words);
/* Runs the program once, for nobody to hear, and fills in what the names have come to, as far as it gets. */
void rehearsal_find_shapes (struct session *session, struct vocabulary *words);
/* Fills in what the names have come to in a run, up to where it is or has stopped. */
void rehearsal_take_shapes (const struct run *run, struct vocabulary *words);

#endif
