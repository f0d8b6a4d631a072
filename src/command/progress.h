/* progress.h -- what a run that lasts is at: on a terminal after two seconds, and when Ctrl-C ends it. */
#ifndef GRADCALC_PROGRESS_H
#define GRADCALC_PROGRESS_H

struct session;

/* From now on Ctrl-C tells where the run was, and ends the process as SIGINT does; where standard error is a terminal,
   a line there tells every half second where the run is. The run knows nothing of it: a signal looks at what stands in
   its memory. */
void progress_begin (const struct session *session);
/* Takes the line away. Before anything else is printed; again it does nothing. */
void progress_end (void);

#endif
