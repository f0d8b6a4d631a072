/* crew.h -- threads that evaluate blocks of records, while another one reads them and takes the results in order. */
#ifndef GRADCALC_CREW_H
#define GRADCALC_CREW_H

#include "rows/rows.h"

/* Who reads fills one job after the other and takes them back in the same order, evaluated; it evaluates some itself
   when it has to wait. Records that belong to no way are left to it. A job and each of the threads have memory of their
   own, a part of the run's budget; where that does not suffice, records are left too. What threads share does not
   change, but for the counts that a lock guards. */
struct crew;

struct job
{
  struct block block;
  size_t way_count;           /* that were known when it was given away */
  struct block_place *places; /* of each record: its way is NULL where it is left */
  size_t *ends;               /* of each record: where what is printed for it ends in the outlet's text */
  struct outlet outlet;
  struct memory memory;
  bool is_done;
};

/* As many threads as there are jobs asked for, with the one that calls; NULL where there is no room for that. */
struct crew *crew_open (const struct rows *rows);
/* The job that records are to be added to. */
struct job *crew_job (struct crew *crew);
/* Gives that away; whether another has to be taken back before the next one can be filled. */
bool crew_give (struct crew *crew);
/* Waits for the oldest job that was given away, NULL if there is none; and takes it back, to be filled again. */
struct job *crew_oldest (struct crew *crew);
void crew_take_back (struct crew *crew);
/* Ends the threads. */
void crew_stop (struct crew *crew);
/* Adds what the threads kept of records to a sink. */
void crew_join (struct crew *crew, const struct row_sink *sink);
void crew_close (struct crew *crew);

#endif
