/* unfinished.c -- the file that is being written beside its target, which no end of the run may leave behind. */
#include "command/unfinished.h"

#include <limits.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* Its name: a copy, which no jump takes away. */
static char name[PATH_MAX];

void
unfinished_abandon (void)
{
  if (*name)
    unlink (name);
  *name = 0;
}

static void
on_end (int signal)
{
  unfinished_abandon ();
  raise (signal);
}

void
unfinished_begin (const char *temporary)
{
  static const int ends[] = { SIGHUP, SIGTERM };
  if (strlen (temporary) < sizeof name)
    strcpy (name, temporary);
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
    {
      struct sigaction before;
      if (sigaction (ends[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL)
        sigaction (ends[i], &(struct sigaction){ .sa_handler = on_end, .sa_flags = (int)SA_RESETHAND }, NULL);
    }
}

void
unfinished_end (void)
{
  *name = 0;
}
