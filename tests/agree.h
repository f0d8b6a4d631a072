/* agree.h -- derivatives of a program by every way that there is, compared. */
#ifndef TESTS_AGREE_H
#define TESTS_AGREE_H

#include "session.h"

/* Runs a program at its own point and at others near it, where both sweeps are compared with differences, and with each
   other by <u, J v> = <J' u, v>. The number of points that could be judged, or -1 after a failure. Differences are
   those of `like`, if it is not NULL. */
int check_program (const char *text, const char *like, int rounds, char *failure);

/* The gradient in each input as a program of its own: it must be what the sweep says, and its sweeps must agree with
   its differences. `y` is the target. */
bool check_second (const char *text, char *failure);

#endif
