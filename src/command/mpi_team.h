/* mpi_team.h -- the processes of an MPI job as a team. */
#ifndef GRADCALC_MPI_TEAM_H
#define GRADCALC_MPI_TEAM_H

#include <stdio.h>

#include "command/team.h"

struct mpi_team
{
  struct team team;
  int rank, size;
  /* How far this process has come: it voted on sharing, all were well; on gathering; it is about that. */
  bool has_shared, all_share, has_gathered, is_gathering;
  bool is_ended;
  FILE *said; /* what it has said so far: of what all say alike one is heard */
  int errors; /* where that is to go */
};

/* Behind MPI_Init (). From then on standard output is that of the first process, standard error is kept. */
void mpi_team_open (struct mpi_team *mpi);
/* The status of the run in this process becomes that of all: of the first one in the order of records that has failed,
   whose messages are printed. MPI is ended with it. */
int mpi_team_close (struct mpi_team *mpi, int status);

#endif
