/* outlet.c -- where the results of records go. */
#include "rows/outlet.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/heap.h"

enum
{
  BLOCK = 128 << 10
};

/* Called from within stdio, which no jump may leave. */
static ssize_t
append (void *cookie, const char *bytes, size_t count)
{
  struct outlet *outlet = cookie;
  size_t wanted = outlet->used + count;
  if (wanted > outlet->room)
    {
      char *text = heap_try_grow (outlet->memory, outlet->text, wanted + wanted / 2);
      if (!text)
        {
          outlet->refused = wanted;
          return 0;
        }
      outlet->text = text;
      outlet->room = wanted + wanted / 2;
    }
  memcpy (outlet->text + outlet->used, bytes, count);
  outlet->used = wanted;
  return (ssize_t)count;
}

/* A jump has left it open. */
static void
forget (void *block)
{
  fclose (*(FILE **)block);
}

static void
begin (struct outlet *outlet)
{
  struct memory *memory = outlet->memory;
  outlet->text = heap_take (memory, outlet->room, 1, "the output");
  outlet->out = fopencookie (outlet, "w", (cookie_io_functions_t){ .write = append });
  if (!outlet->out)
    memory_exhausted (memory, BUFSIZ, "the output");
  setvbuf (outlet->out, NULL, _IONBF, 0);
  FILE **held = heap_take (memory, 1, sizeof (FILE *), "the output");
  *held = outlet->out;
  outlet->held = held;
  heap_on_close (held, forget);
}

void
outlet_open (struct outlet *outlet, struct memory *memory, int file)
{
  struct stat status;
  *outlet = (struct outlet){ .memory = memory, .file = file, .room = BLOCK + OUTLET_PIPE };
  outlet->is_pipe = fstat (file, &status) != 0 || !S_ISREG (status.st_mode);
  begin (outlet);
}

void
outlet_open_held (struct outlet *outlet, struct memory *memory)
{
  *outlet = (struct outlet){ .memory = memory, .file = -1, .room = BLOCK, .holds = true };
  begin (outlet);
}

void
outlet_close (struct outlet *outlet)
{
  if (!outlet->text)
    return;
  /* Memory may have run out while it was opened. */
  if (outlet->held)
    heap_on_close (outlet->held, NULL);
  heap_give (outlet->held);
  if (outlet->out)
    fclose (outlet->out);
  heap_give (outlet->text);
  *outlet = (struct outlet){ .file = -1 };
}

char *
outlet_room (struct outlet *outlet, size_t bytes)
{
  size_t wanted = outlet->used + bytes;
  if (wanted > outlet->room)
    {
      outlet->room = wanted + wanted / 2;
      outlet->text = heap_grow (outlet->memory, outlet->text, outlet->room, 1, "the output");
    }
  return outlet->text + outlet->used;
}

static void
write_all (struct outlet *outlet, const char *text, size_t size)
{
  while (size && !outlet->error)
    {
      ssize_t written = write (outlet->file, text, size);
      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        outlet->error = errno;
      else
        {
          text += written;
          size -= (size_t)written;
        }
    }
}

/* Writes the first bytes of what is held. */
static void
write_first (struct outlet *outlet, size_t size)
{
  write_all (outlet, outlet->text, size);
  memmove (outlet->text, outlet->text + size, outlet->used - size);
  outlet->used -= size;
  outlet->whole -= size;
}

void
outlet_end_record (struct outlet *outlet)
{
  if (outlet->refused)
    memory_exhausted (outlet->memory, outlet->refused, "the output");
  if (outlet->holds)
    return;
  if (outlet->is_pipe && outlet->used > OUTLET_PIPE && outlet->whole)
    write_first (outlet, outlet->whole);
  outlet->whole = outlet->used;
  if (outlet->whole >= (outlet->is_pipe ? OUTLET_PIPE : BLOCK))
    write_first (outlet, outlet->whole);
}

bool
outlet_flush (struct outlet *outlet)
{
  if (outlet->whole)
    write_first (outlet, outlet->whole);
  return !outlet->error;
}
