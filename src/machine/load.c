/* load.c -- the data files that a run asks for, each read once. */
#include <string.h>

#include "file/file.h"
#include "machine/run.h"

static struct array *
find (const struct area *files, const char *path)
{
  const struct loaded *loaded = area_of (files, struct loaded);
  for (size_t i = 0; i < area_count (files, struct loaded); i++)
    if (strcmp (loaded[i].path, path) == 0)
      return loaded[i].array;
  return NULL;
}

static struct span
where_asked (const void *asker)
{
  const struct call *call = asker;
  return call->where (call->run, call->place);
}

struct array *
run_load (struct call *call, const char *path)
{
  struct run *run = call->run;
  struct array *array = find (&run->files, path);
  if (!array && run->known_files)
    array = find (run->known_files, path);
  if (array)
    return array;
  array = file_read (run->arrays, run->diagnostics, path, run->program->data_format, where_asked, call);
  if (!array)
    longjmp (*run->diagnostics->stop, 1);
  *area_add (&run->files, struct loaded) = (struct loaded){ path, array };
  return array;
}
