/* feed.h -- the bytes of a file or a pipe, read in blocks as they are wanted. */
#ifndef GRADCALC_FEED_H
#define GRADCALC_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/memory.h"

/* What was read and is not taken yet is text[start .. end); offsets into it are counted from `start`, for reading on
   moves it. Memory is a block and the longest record. */
struct feed
{
  struct memory *memory;
  int file;
  int error;           /* of reading, which then has ended; 0 is none */
  bool is_ended;       /* there is nothing behind `end` */
  bool may_wait;       /* reading may wait for somebody who writes */
  uint64_t left;       /* bytes that may still be read */
  uint64_t got, whole; /* bytes that were read; that there are in all, 0 where that is not known */
  char *text;
  size_t start, end, room;
  /* Called before reading would wait: who has something to say says it then. NULL: nobody. */
  void (*before_waiting) (void *data);
  void *data;
};

/* Takes over an open file. */
void feed_open (struct feed *feed, struct memory *memory, int file);
void feed_close (struct feed *feed);
/* Of a file that can be read at any place: what is read next is what stands from one place up to another. */
void feed_narrow (struct feed *feed, uint64_t from, uint64_t to);

/* Reads more behind what is there; false where nothing more comes. */
bool feed_more (struct feed *feed);

static inline const char *
feed_text (const struct feed *feed)
{
  return feed->text + feed->start;
}

static inline size_t
feed_size (const struct feed *feed)
{
  return feed->end - feed->start;
}

#endif
