/* outlet.h -- where the results of records go: in large blocks to a file, in whole records to a pipe. */
#ifndef GRADCALC_OUTLET_H
#define GRADCALC_OUTLET_H

#include <stdbool.h>
#include <stdio.h>

#include "base/memory.h"

/* What is written is held until there is a block of it, or somebody waits for it. A write into what is no regular file
   is whole records, of at most OUTLET_PIPE bytes, which no other writer into the same pipe can cut; a record that is
   longer has a write of its own. */
enum
{
  OUTLET_PIPE = 4096
};

struct outlet
{
  struct memory *memory;
  int file;
  bool holds; /* nothing is written: somebody takes it from `text` */
  bool is_pipe;
  int error;      /* of the first write that failed: what comes later is dropped; 0 is none */
  size_t refused; /* bytes that there was no memory for; 0 is none */
  char *text;
  size_t used, whole, room; /* bytes that are held; of them those of whole records */
  FILE *out;                /* for who prints: it keeps nothing back */
  FILE **held;              /* closes it when a jump has left it open */
};

void outlet_open (struct outlet *outlet, struct memory *memory, int file);
/* One that holds all it is given. */
void outlet_open_held (struct outlet *outlet, struct memory *memory);
/* Drops what is held, and leaves the file open. */
void outlet_close (struct outlet *outlet);

/* Room for `bytes` behind what is held; `used` grows by what is written there. */
char *outlet_room (struct outlet *outlet, size_t bytes);
/* A record is whole. */
void outlet_end_record (struct outlet *outlet);
/* Writes all whole records. False if this or an earlier write failed. */
bool outlet_flush (struct outlet *outlet);

#endif
