/* writing.c -- a text that is being written, in memory. */
#include "base/writing.h"

#include <string.h>
#include <sys/types.h>

#include "base/heap.h"

enum
{
  FIRST = 1 << 10
};

/* Called from within stdio, which no jump may leave: what is refused is told when the text ends. */
static ssize_t
append (void *cookie, const char *bytes, size_t count)
{
  struct writing *writing = cookie;
  char *text = writing->refused ? NULL : heap_try_grow (writing->memory, writing->text, writing->size + count + 1);
  if (!text)
    {
      writing->refused = writing->size + count + 1;
      return 0;
    }
  memcpy (text + writing->size, bytes, count);
  writing->text = text;
  writing->size += count;
  return (ssize_t)count;
}

/* A jump has left it open. */
static void
forget (void *block)
{
  struct writing *writing = block;
  writing->refused = 1;
  fclose (writing->out);
}

struct writing *
writing_open (struct memory *memory, const char *what)
{
  char *text = heap_take (memory, FIRST, 1, what);
  struct writing *writing = heap_take_zeroed (memory, 1, sizeof *writing, what);
  *writing = (struct writing){ .memory = memory, .what = what, .text = text };
  writing->out = fopencookie (writing, "w", (cookie_io_functions_t){ .write = append });
  if (!writing->out)
    memory_exhausted (memory, BUFSIZ, what);
  heap_on_close (writing, forget);
  return writing;
}

char *
writing_close (struct writing *writing, size_t *size)
{
  struct memory *memory = writing->memory;
  const char *what = writing->what;
  heap_on_close (writing, NULL);
  fclose (writing->out);
  char *text = writing->text;
  size_t length = writing->size, refused = writing->refused;
  heap_give (writing);
  if (refused)
    memory_exhausted (memory, refused, what);
  text[length] = 0;
  if (size)
    *size = length;
  return text;
}
