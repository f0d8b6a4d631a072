/* feed.c -- the bytes of a file or a pipe, read in blocks as they are wanted. */
#include "rows/feed.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/heap.h"

enum
{
  BLOCK = 128 << 10
};

void
feed_open (struct feed *feed, struct memory *memory, int file)
{
  struct stat status;
  *feed = (struct feed){ .memory = memory, .file = file, .left = UINT64_MAX };
  feed->may_wait = fstat (file, &status) != 0 || !S_ISREG (status.st_mode);
  feed->whole = feed->may_wait ? 0 : (uint64_t)status.st_size;
}

void
feed_close (struct feed *feed)
{
  heap_give (feed->text);
  if (feed->file > STDIN_FILENO)
    close (feed->file);
  *feed = (struct feed){ .file = -1 };
}

void
feed_narrow (struct feed *feed, uint64_t from, uint64_t to)
{
  feed->start = feed->end = 0;
  feed->is_ended = false;
  feed->error = lseek (feed->file, (off_t)from, SEEK_SET) < 0 ? errno : 0;
  feed->left = feed->whole = feed->error ? 0 : to - from;
  feed->got = 0;
}

/* Whether a read would have to wait. */
static bool
would_wait (const struct feed *feed)
{
  struct pollfd asked = { .fd = feed->file, .events = POLLIN };
  return feed->may_wait && poll (&asked, 1, 0) == 0;
}

/* Room for a block behind what is there: what was taken goes, and where a record takes up more than that it grows. */
static void
make_room (struct feed *feed)
{
  enum
  {
    LEAST = BLOCK / 2
  };
  size_t size = feed_size (feed);
  if (feed->room - feed->end >= LEAST)
    return;
  if (feed->start)
    {
      memmove (feed->text, feed->text + feed->start, size);
      feed->start = 0;
      feed->end = size;
    }
  if (feed->room - size >= LEAST)
    return;
  feed->room = size < BLOCK ? 2 * BLOCK : size + size / 2;
  /* Behind the text there is always a NUL. */
  feed->text = heap_grow (feed->memory, feed->text, feed->room + 1, 1, "a record");
}

bool
feed_more (struct feed *feed)
{
  if (feed->is_ended)
    return false;
  make_room (feed);
  if (feed->before_waiting && would_wait (feed))
    feed->before_waiting (feed->data);
  size_t room = feed->room - feed->end, most = room < BLOCK ? room : BLOCK;
  if (most > feed->left)
    most = (size_t)feed->left;
  ssize_t got;
  do
    got = read (feed->file, feed->text + feed->end, most);
  while (got < 0 && errno == EINTR);
  if (got > 0)
    {
      feed->end += (size_t)got;
      feed->left -= (size_t)got;
      feed->got += (size_t)got;
      feed->text[feed->end] = 0;
      return true;
    }
  feed->text[feed->end] = 0;
  if (got < 0)
    feed->error = errno;
  feed->is_ended = true;
  return false;
}
