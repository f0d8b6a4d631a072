/* crew.c -- threads that evaluate blocks of records. */
#include "rows/crew.h"

#include <pthread.h>
#include <signal.h>

#include "base/heap.h"
#include "rows/outlet.h"

enum
{
  JOBS_A_HAND = 2,       /* that wait, or are at work */
  JOB_BLOCKS = 8,        /* at most */
  JOB_BYTES = 256 << 10, /* of the records of a job, unless a block is larger */
  SHARE = 16 << 20,      /* bytes that a job or a hand may take at most */
  STACK = 1 << 20
};

/* One of those who evaluate; the first is who reads. */
struct hand
{
  struct crew *crew;
  pthread_t thread;
  bool is_thread;
  struct memory memory;
  struct intake intake; /* with the record that is printed */
  struct lane_way *ways[LANE_WAYS];
  size_t way_count;
  void *sink;
};

struct crew
{
  const struct rows *rows;
  struct memory *memory;
  size_t charged;
  struct hand *hands;
  struct job *jobs;
  size_t hand_count, job_count;
  pthread_mutex_t lock; /* for all below, and whether jobs are done */
  pthread_cond_t given_one, done_one;
  bool is_over;
  /* How many jobs were given away, of them begun by somebody, and taken back. */
  size_t given, begun, back;
};

/* The results of the record that a lane has, as the sink takes them. */
static void
take_lane (struct hand *hand, const struct block *block, size_t i, const struct block_place *place)
{
  struct lane_way *way = place->way;
  lane_way_gather (way, place->lane);
  hand->intake.record = block->records[i];
  way->report.row = block->records[i].number;
  way->report.warned = NULL;
  struct row row = { &hand->intake, &way->report, way->numbers, way->result_count, way->is_plain };
  hand->crew->rows->sink.take (hand->sink, &row);
}

/* Those of all lanes at once; false where they are wanted one by one. */
static bool
take_lanes (struct hand *hand, const struct job *job, const struct block_place *places, size_t count)
{
  const struct row_sink *sink = &hand->crew->rows->sink;
  uint16_t lanes[LANES];
  for (size_t k = 0; sink->take_lanes && k < job->way_count; k++)
    if (!sink->take_lanes (hand->sink, hand->ways[k], lanes, block_lanes (places, count, hand->ways[k], lanes)))
      return false;
  return sink->take_lanes;
}

static void
evaluate_job (struct hand *hand, struct job *job)
{
  const struct rows *rows = hand->crew->rows;
  struct block_place places[LANES];
  while (hand->way_count < job->way_count)
    {
      hand->ways[hand->way_count] = lane_way_copy (rows->ways.list[hand->way_count], &hand->memory);
      hand->way_count++;
    }
  rows->sink.aim (hand->sink, &job->outlet);
  for (size_t first = 0, count; first < job->block.count; first += count)
    {
      count = block_run (&job->block, first, hand->ways, job->way_count, places);
      bool are_taken = take_lanes (hand, job, places, count);
      for (size_t i = 0; i < count; i++)
        {
          if (places[i].way && !are_taken)
            take_lane (hand, &job->block, first + i, &places[i]);
          job->ends[first + i] = job->outlet.used;
          job->places[first + i] = places[i];
        }
    }
}

static void
run_job (struct hand *hand, struct job *job)
{
  jmp_buf exhausted;
  job->memory.stop = hand->memory.stop = &exhausted;
  job->outlet.used = job->outlet.refused = 0;
  for (size_t i = 0; i < job->block.count; i++)
    job->places[i] = (struct block_place){ NULL, 0, false };
  if (setjmp (exhausted) == 0)
    evaluate_job (hand, job);
}

/* Begins the next job, with the lock held; whether there was one. */
static bool
begin_job (struct hand *hand)
{
  struct crew *crew = hand->crew;
  if (crew->begun == crew->given)
    return false;
  struct job *job = &crew->jobs[crew->begun++ % crew->job_count];
  pthread_mutex_unlock (&crew->lock);
  run_job (hand, job);
  pthread_mutex_lock (&crew->lock);
  job->is_done = true;
  pthread_cond_signal (&crew->done_one);
  return true;
}

static void *
work (void *data)
{
  struct hand *hand = data;
  struct crew *crew = hand->crew;
  pthread_mutex_lock (&crew->lock);
  while (!crew->is_over)
    if (!begin_job (hand))
      pthread_cond_wait (&crew->given_one, &crew->lock);
  pthread_mutex_unlock (&crew->lock);
  return NULL;
}

/* Signals are for the thread that reads. */
static void
start_threads (struct crew *crew)
{
  sigset_t all, before;
  pthread_attr_t attributes;
  sigfillset (&all);
  pthread_attr_init (&attributes);
  pthread_attr_setstacksize (&attributes, STACK);
  pthread_sigmask (SIG_SETMASK, &all, &before);
  for (size_t i = 1; i < crew->hand_count; i++)
    crew->hands[i].is_thread = pthread_create (&crew->hands[i].thread, &attributes, work, &crew->hands[i]) == 0;
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  pthread_attr_destroy (&attributes);
}

static void
open_hand (struct crew *crew, struct hand *hand)
{
  const struct row_sink *sink = &crew->rows->sink;
  hand->crew = crew;
  hand->intake = crew->rows->intake;
  hand->intake.memory = &hand->memory;
  hand->intake.fields = NULL;
  hand->intake.field_count = 0;
  hand->sink = sink->copy (sink->data, &hand->memory);
}

static void
open_job (const struct crew *crew, struct job *job)
{
  const struct block *block = &crew->rows->block;
  size_t bytes = LANES * (block->width * sizeof (double) + sizeof (struct record));
  size_t blocks = JOB_BYTES / bytes, room;
  room = LANES * (blocks < 1 ? 1 : blocks < JOB_BLOCKS ? blocks : JOB_BLOCKS);
  block_open (&job->block, &job->memory, block->width, room, block->keeps_text);
  job->places = heap_take (&job->memory, room, sizeof *job->places, "the records");
  job->ends = heap_take (&job->memory, room, sizeof *job->ends, "the records");
  outlet_open_held (&job->outlet, &job->memory);
}

/* A part of the budget for each job and hand. */
static void
share_memory (struct crew *crew, jmp_buf *exhausted)
{
  struct memory *memory = crew->memory;
  size_t parts = crew->hand_count + crew->job_count, left = memory_limit (memory) - memory->used;
  size_t share = left / 2 / parts < SHARE ? left / 2 / parts : SHARE;
  memory_charge (memory, share * parts, "the records");
  crew->charged = share * parts;
  for (size_t i = 0; i < crew->hand_count; i++)
    crew->hands[i].memory = (struct memory){ .limit = share, .stop = exhausted };
  for (size_t i = 0; i < crew->job_count; i++)
    crew->jobs[i].memory = (struct memory){ .limit = share, .stop = exhausted };
}

struct crew *
crew_open (const struct rows *rows)
{
  struct memory *memory = rows->run->memory;
  struct crew *crew = heap_take_zeroed (memory, 1, sizeof *crew, "the records");
  jmp_buf exhausted;
  crew->rows = rows;
  crew->memory = memory;
  crew->hand_count = rows->jobs;
  crew->job_count = JOBS_A_HAND * rows->jobs + 1;
  crew->hands = heap_take_zeroed (memory, crew->hand_count, sizeof *crew->hands, "the records");
  crew->jobs = heap_take_zeroed (memory, crew->job_count, sizeof *crew->jobs, "the records");
  pthread_mutex_init (&crew->lock, NULL);
  pthread_cond_init (&crew->given_one, NULL);
  pthread_cond_init (&crew->done_one, NULL);
  share_memory (crew, &exhausted);
  if (setjmp (exhausted))
    {
      crew_close (crew);
      return NULL;
    }
  for (size_t i = 0; i < crew->hand_count; i++)
    open_hand (crew, &crew->hands[i]);
  for (size_t i = 0; i < crew->job_count; i++)
    open_job (crew, &crew->jobs[i]);
  start_threads (crew);
  return crew;
}

struct job *
crew_job (struct crew *crew)
{
  return &crew->jobs[crew->given % crew->job_count];
}

bool
crew_give (struct crew *crew)
{
  struct job *job = crew_job (crew);
  job->way_count = crew->rows->ways.count;
  job->is_done = false;
  block_seal (&job->block);
  pthread_mutex_lock (&crew->lock);
  crew->given++;
  pthread_cond_signal (&crew->given_one);
  pthread_mutex_unlock (&crew->lock);
  return crew->given - crew->back == crew->job_count;
}

struct job *
crew_oldest (struct crew *crew)
{
  struct job *job = &crew->jobs[crew->back % crew->job_count];
  if (crew->back == crew->given)
    return NULL;
  pthread_mutex_lock (&crew->lock);
  while (!job->is_done)
    if (!begin_job (&crew->hands[0]))
      pthread_cond_wait (&crew->done_one, &crew->lock);
  pthread_mutex_unlock (&crew->lock);
  return job;
}

void
crew_take_back (struct crew *crew)
{
  struct job *job = &crew->jobs[crew->back++ % crew->job_count];
  block_empty (&job->block);
}

void
crew_stop (struct crew *crew)
{
  pthread_mutex_lock (&crew->lock);
  crew->is_over = true;
  pthread_cond_broadcast (&crew->given_one);
  pthread_mutex_unlock (&crew->lock);
  for (size_t i = 1; i < crew->hand_count; i++)
    {
      if (crew->hands[i].is_thread)
        pthread_join (crew->hands[i].thread, NULL);
      crew->hands[i].is_thread = false;
    }
}

void
crew_join (struct crew *crew, const struct row_sink *sink)
{
  for (size_t i = 0; i < crew->hand_count; i++)
    sink->join (sink->data, crew->hands[i].sink);
}

void
crew_close (struct crew *crew)
{
  if (!crew)
    return;
  crew_stop (crew);
  for (size_t i = 0; i < crew->job_count; i++)
    {
      outlet_close (&crew->jobs[i].outlet);
      memory_close (&crew->jobs[i].memory);
    }
  for (size_t i = 0; i < crew->hand_count; i++)
    memory_close (&crew->hands[i].memory);
  pthread_cond_destroy (&crew->given_one);
  pthread_cond_destroy (&crew->done_one);
  pthread_mutex_destroy (&crew->lock);
  memory_release (crew->memory, crew->charged);
  heap_give (crew->hands);
  heap_give (crew->jobs);
  heap_give (crew);
}
