/* main.c -- the command. */
#include "session.h"

int
main (int count, char **words)
{
  static struct session session;
  return session_run (&session, count, words);
}
