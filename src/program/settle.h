/* settle.h -- a run made again where zeros have to be told apart from its start. */
#ifndef GRADCALC_SETTLE_H
#define GRADCALC_SETTLE_H

#include "program/run.h"

/* Called when a run has ended that began with `steps`. Where it met a coefficient that is not finite, an infinity may
   come from there in reverse to what was recorded before, when nobody asked which zeros are rules. If there are zeros,
   everything is run once more, with nothing said or printed, on a tape that is careful from its start. */
void run_settle (struct run *run, size_t steps);

#endif
