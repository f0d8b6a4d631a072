/* main.c -- the command. */
#include <stdio.h>

#include "command/session.h"

int
main (int count, char **words)
{
  static struct session session;
  static char lines[BUFSIZ];
  /* A message goes out by lines: by its characters, as standard error is at first, a hundred thousand take seconds. */
  setvbuf (stderr, lines, _IOLBF, sizeof lines);
  return session_run (&session, count, words);
}
