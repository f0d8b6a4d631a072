/* mpi_main.c -- gradcalc-mpi: the command as a job of MPI. */
#include <mpi.h>
#include <stdlib.h>

#include "command/mpi_team.h"
#include "command/session.h"

static struct mpi_team mpi;

/* Options that only print something, or are wrong, end the process, and do so in all. */
static void
end_early (void)
{
  if (!mpi.is_ended)
    mpi_team_close (&mpi, STATUS_DONE);
}

int
main (int count, char **words)
{
  static struct
  {
    _Alignas (64) char nursery[MEMORY_NURSERY];
    struct session session;
  } all;
  /* With -j threads evaluate records, and one alone calls MPI. */
  int threads;
  MPI_Init_thread (&count, &words, MPI_THREAD_FUNNELED, &threads);
  mpi_team_open (&mpi);
  atexit (end_early);
  all.session.memory.nursery = all.nursery;
  all.session.team = &mpi.team;
  session_open_streams (&all.session);
  return mpi_team_close (&mpi, session_run (&all.session, count, words));
}
