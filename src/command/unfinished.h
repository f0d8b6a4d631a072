/* unfinished.h -- the file that is being written beside its target, which no end of the run may leave behind. */
#ifndef GRADCALC_UNFINISHED_H
#define GRADCALC_UNFINISHED_H

/* There is such a file: SIGHUP and SIGTERM take it away, unless somebody handles or ignores them. */
void unfinished_begin (const char *temporary);

/* It has taken its target's place, or is gone. */
void unfinished_end (void);

/* Takes it away: for the end of a run, and for handlers of signals. */
void unfinished_abandon (void);

#endif
