/* main.c -- the command. */
#include "command/session.h"

int
main (int count, char **words)
{
  /* The nursery is part of the program's own zeroed memory, which takes no system call and few page
     tables. Its beginning and the session's end are in use, and share pages with what stands before and behind. */
  static struct
  {
    _Alignas (64) char nursery[MEMORY_NURSERY];
    struct session session;
  } all;
  all.session.memory.nursery = all.nursery;
  session_open_streams (&all.session);
  return session_run (&all.session, count, words);
}
