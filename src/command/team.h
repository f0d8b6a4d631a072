/* team.h -- processes that run one command together, each for its part of the records. */
#ifndef GRADCALC_TEAM_H
#define GRADCALC_TEAM_H

#include <stdbool.h>

struct session;
struct total;

/* All are called by each process of a team, in this order; one that fails on the way tells the others. */
struct team
{
  bool prints; /* this process does, the first one */
  /* Ends the run with a message where the options leave nothing to be shared out. `reader` reads standard input, which
     one process alone has; or NULL. */
  void (*check) (struct session *session, const char *reader);
  /* The file of -r being open: leaves of its records those of this process. False: another one has failed. */
  bool (*share) (struct session *session);
  /* Puts the totals of all together, and says what is to be said of the records. True in the process that prints. */
  bool (*gather) (struct session *session, struct total *total);
};

#endif
