/* mpi_team.c -- the processes of an MPI job as a team: each adds up the records of its part of one file, and the exact
   sums meet in the first one.

   No process can leave another waiting: each votes once before the file is shared out and once before the totals are
   put together, whatever has become of it by then; on a vote against nobody goes on. */
#include "command/mpi_team.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mpi.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/heap.h"
#include "command/session.h"
#include "report/total_report.h"
#include "rows/stretch.h"

static struct mpi_team *
mpi_of (struct session *session)
{
  return (struct mpi_team *)session->team;
}

/* Whether all are well. */
static bool
vote (bool is_well)
{
  int mine = is_well, all;
  MPI_Allreduce (&mine, &all, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
  return all;
}

static void
check (struct session *session, const char *reader)
{
  const struct options *options = &session->options;
  struct diagnostics *diagnostics = &session->diagnostics;
  if (!options->rows || !options->reduce)
    diagnose_stop (diagnostics, STATUS_PROGRAM, NOWHERE,
                   "gradcalc-mpi adds up the records of a file: it needs -r FILE and --reduce");
  if (reader)
    diagnose_stop (diagnostics, STATUS_PROGRAM, NOWHERE,
                   "%s would read standard input, which one process alone has; give it as a file", reader);
}

/* Where the records begin, of which the header was read, and the size of the file. */
static void
find_extent (struct session *session, uint64_t extent[2])
{
  const struct intake *intake = &session->rows.intake;
  struct stat status;
  off_t at = lseek (intake->feed.file, 0, SEEK_CUR);
  if (at < 0 || fstat (intake->feed.file, &status) != 0 || !S_ISREG (status.st_mode))
    diagnose_stop (&session->diagnostics, STATUS_PROGRAM, NOWHERE,
                   "-r: '%s' is no regular file, so it cannot be read in parts", intake->name);
  extent[0] = (uint64_t)at - feed_size (&intake->feed);
  extent[1] = (uint64_t)status.st_size > extent[0] ? (uint64_t)status.st_size : extent[0];
}

/* Where the part of a process begins, by bytes. */
static uint64_t
part_begin (const uint64_t extent[2], int rank, int size)
{
  uint64_t all = extent[1] - extent[0], each = all / (uint64_t)size, more = all % (uint64_t)size;
  return extent[0] + each * (uint64_t)rank + ((uint64_t)rank < more ? (uint64_t)rank : more);
}

static bool
share (struct session *session)
{
  struct mpi_team *mpi = mpi_of (session);
  struct intake *intake = &session->rows.intake;
  uint64_t extent[2];
  find_extent (session, extent);
  mpi->has_shared = true;
  mpi->all_share = vote (true);
  if (!mpi->all_share)
    return false;
  /* One size for all: the file may be growing. */
  MPI_Bcast (extent, 2, MPI_UINT64_T, 0, MPI_COMM_WORLD);
  struct stretch stretch
    = { .file = intake->feed.file, .has_quotes = intake->format != FILE_JSON, .size = extent[1] };
  uint64_t begin = part_begin (extent, mpi->rank, mpi->size), end = extent[1];
  struct stretch_count own = stretch_count (&stretch, begin, part_begin (extent, mpi->rank + 1, mpi->size));
  struct stretch_count before = { 0 };
  uint64_t counts[2] = { own.lines, own.quotes }, sums[2] = { 0 };
  MPI_Exscan (counts, sums, 2, MPI_UINT64_T, MPI_SUM, MPI_COMM_WORLD);
  if (mpi->rank)
    {
      before = (struct stretch_count){ sums[0], sums[1] };
      begin = stretch_find (&stretch, begin, &before);
    }
  int above = mpi->rank ? mpi->rank - 1 : MPI_PROC_NULL;
  int below = mpi->rank + 1 < mpi->size ? mpi->rank + 1 : MPI_PROC_NULL;
  MPI_Sendrecv (&begin, 1, MPI_UINT64_T, above, 0, &end, 1, MPI_UINT64_T, below, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  feed_narrow (&intake->feed, begin, end);
  intake->line += before.lines;
  if (stretch.error)
    {
      diagnose_data (&session->diagnostics, STATUS_WORLD, intake->name, 0, 0, "cannot read: %s",
                     strerror (stretch.error));
      return false;
    }
  return true;
}

/* Adds the total as --merge reads it, with a NUL behind it. */
static void
write_total (struct session *session, const struct total *total, struct area *bytes)
{
  struct report report = { .layout = LAYOUT_WIDE, .format = FORMAT_JSON };
  FILE *file = tmpfile ();
  long size = -1;
  if (file)
    {
      report_of_total (&report, total);
      report_write (&report, file);
      size = fflush (file) == 0 && !ferror (file) ? ftell (file) : -1;
    }
  if (size >= 0)
    {
      char *text = area_push (bytes, (size_t)size + 1);
      rewind (file);
      size = fread (text, 1, (size_t)size, file) == (size_t)size ? size : -1;
      text[size < 0 ? 0 : size] = 0;
    }
  if (file)
    fclose (file);
  if (size < 0)
    diagnose_stop (&session->diagnostics, STATUS_WORLD, NOWHERE, "cannot keep a total in a temporary file: %s",
                   strerror (errno));
}

/* The total and the notes of this process and those it has received, to another one. */
static void
send_part (struct session *session, const struct total *total, int to)
{
  struct area bytes;
  area_open (&bytes, &session->memory, (size_t)1 << 40, "the sums of records");
  write_total (session, total, &bytes);
  rows_pass (&session->rows, &bytes);
  if (bytes.used > INT_MAX)
    diagnose_stop (&session->diagnostics, STATUS_WORLD, NOWHERE,
                   "a total of %zu bytes is too long for a message of MPI", bytes.used);
  MPI_Send (bytes.start, (int)bytes.used, MPI_BYTE, to, 1, MPI_COMM_WORLD);
  area_close (&bytes);
}

static void
receive_part (struct session *session, struct total *total, int from)
{
  MPI_Status status;
  int size;
  MPI_Probe (from, 1, MPI_COMM_WORLD, &status);
  MPI_Get_count (&status, MPI_BYTE, &size);
  char *bytes = heap_take (&session->memory, (size_t)size, 1, "the sums of records");
  MPI_Recv (bytes, size, MPI_BYTE, from, 1, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  struct total next;
  struct total_trouble trouble = { .text = "it is empty" };
  size_t at = 0, length = strlen (bytes);
  if (total_read (&next, &session->memory, bytes, length, &at, &trouble) != TOTAL_READ
      || total_merge (total, &next, trouble.text))
    diagnose_stop (&session->diagnostics, STATUS_WORLD, NOWHERE, "the records have no total: from part %d on of %d %s",
                   from + 1, mpi_of (session)->size, trouble.text);
  rows_receive (&session->rows, bytes + length + 1);
  heap_give (bytes);
}

static bool
gather (struct session *session, struct total *total)
{
  struct mpi_team *mpi = mpi_of (session);
  mpi->has_gathered = true;
  if (!vote (true))
    return false;
  mpi->is_gathering = true;
  /* Along a tree, in the order of records: each process has the total of all up to the next that is still to send. */
  for (int step = 1; step < mpi->size; step *= 2)
    if (mpi->rank & step)
      {
        send_part (session, total, mpi->rank - step);
        mpi->is_gathering = false;
        return false;
      }
    else if (mpi->rank + step < mpi->size)
      receive_part (session, total, mpi->rank + step);
  mpi->is_gathering = false;
  rows_say (&session->rows);
  return true;
}

void
mpi_team_open (struct mpi_team *mpi)
{
  *mpi = (struct mpi_team){ .team = { .check = check, .share = share, .gather = gather } };
  MPI_Comm_rank (MPI_COMM_WORLD, &mpi->rank);
  MPI_Comm_size (MPI_COMM_WORLD, &mpi->size);
  mpi->team.prints = mpi->rank == 0;
  mpi->errors = dup (STDERR_FILENO);
  mpi->said = tmpfile ();
  if (mpi->said)
    dup2 (fileno (mpi->said), STDERR_FILENO);
  int nothing = mpi->rank ? open ("/dev/null", O_WRONLY) : -1;
  if (nothing >= 0)
    dup2 (nothing, STDOUT_FILENO);
}

/* What this process has said, in memory of its own; "" where there is none. */
static char *
text_said (struct mpi_team *mpi, size_t *size)
{
  static char text[64 << 10];
  fflush (stderr);
  *size = 0;
  if (mpi->said)
    {
      rewind (mpi->said);
      *size = fread (text, 1, sizeof text, mpi->said);
    }
  return text;
}

static void
print_said (const struct mpi_team *mpi, const char *text, size_t size)
{
  for (ssize_t put; size && (put = write (mpi->errors, text, size)) > 0; text += put)
    size -= (size_t)put;
}

/* The bytes of whole lines in which two texts begin alike. */
static size_t
common_lines (const char *a, size_t a_size, const char *b, size_t b_size)
{
  size_t common = 0;
  for (size_t i = 0; i < a_size && i < b_size && a[i] == b[i]; i++)
    if (a[i] == '\n')
      common = i + 1;
  return common;
}

/* Prints what the first process has said, and what the one that failed has besides. */
static void
print_messages (struct mpi_team *mpi, int failed)
{
  static char other[64 << 10];
  size_t size;
  const char *text = text_said (mpi, &size);
  if (failed > 0 && mpi->rank == failed)
    MPI_Send (text, (int)size, MPI_BYTE, 0, 2, MPI_COMM_WORLD);
  if (mpi->rank)
    return;
  print_said (mpi, text, size);
  if (failed > 0 && failed < mpi->size)
    {
      MPI_Status status;
      int other_size;
      MPI_Recv (other, sizeof other, MPI_BYTE, failed, 2, MPI_COMM_WORLD, &status);
      MPI_Get_count (&status, MPI_BYTE, &other_size);
      size_t common = common_lines (text, size, other, (size_t)other_size);
      print_said (mpi, other + common, (size_t)other_size - common);
    }
}

int
mpi_team_close (struct mpi_team *mpi, int status)
{
  mpi->is_ended = true;
  if (mpi->is_gathering)
    {
      /* Another one waits for what will not come. */
      size_t size;
      const char *text = text_said (mpi, &size);
      print_said (mpi, text, size);
      MPI_Abort (MPI_COMM_WORLD, status);
    }
  if (!mpi->has_shared || (mpi->all_share && !mpi->has_gathered))
    vote (false);
  int mine = status ? mpi->rank : mpi->size, failed;
  MPI_Allreduce (&mine, &failed, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
  if (failed < mpi->size)
    MPI_Bcast (&status, 1, MPI_INT, failed, MPI_COMM_WORLD);
  print_messages (mpi, failed);
  MPI_Finalize ();
  return status;
}
