/* main.c -- the command. */
#include <stdio.h>

#include "command/session.h"

int
main (int count, char **words)
{
  static struct session session;
  /* A message goes out by lines: by its characters, as standard error is at first, a hundred thousand take seconds. */
  setvbuf (stderr, NULL, _IOLBF, BUFSIZ);
  return session_run (&session, count, words);
}
