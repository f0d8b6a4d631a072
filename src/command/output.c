/* output.c -- where results go. */
#include "command/output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/heap.h"
#include "command/progress.h"
#include "command/unfinished.h"
#include "linear/library.h"

void
output_flush (FILE *out, struct diagnostics *diagnostics)
{
  if (fflush (out) == 0 && !ferror (out))
    return;
  diagnose (diagnostics, SEVERITY_ERROR, NOWHERE, "cannot write standard output: %s", strerror (errno ? errno : EIO));
  diagnostics->status = STATUS_WORLD;
}

static void
cannot_write (struct diagnostics *diagnostics, const char *path, int error)
{
  diagnose (diagnostics, SEVERITY_ERROR, NOWHERE, "cannot write '%s': %s", path, strerror (error));
  diagnostics->status = STATUS_WORLD;
}

/* What a new file may be used for. */
static mode_t
mode_of (const char *path)
{
  struct stat status;
  mode_t mask = umask (0);
  umask (mask);
  return stat (path, &status) == 0 ? status.st_mode & 07777 : 0666 & ~mask;
}

static bool
is_replaced (const char *path)
{
  struct stat status;
  return stat (path, &status) != 0 || S_ISREG (status.st_mode);
}

bool
output_open (struct output_file *file, const char *path, struct diagnostics *diagnostics)
{
  *file = (struct output_file){ .descriptor = STDOUT_FILENO, .path = path };
  if (!path)
    return true;
  if (is_replaced (path))
    {
      file->temporary = heap_format (diagnostics->memory, "the output", "%s.XXXXXX", path);
      file->descriptor = mkstemp (file->temporary);
      if (file->descriptor >= 0)
        unfinished_begin (file->temporary);
    }
  else
    file->descriptor = open (path, O_WRONLY | O_CLOEXEC);
  if (file->descriptor < 0)
    cannot_write (diagnostics, path, errno);
  return file->descriptor >= 0;
}

void
output_close (struct output_file *file, bool is_good, int error, struct diagnostics *diagnostics)
{
  const char *path = file->path;
  if (!path && error)
    {
      diagnose (diagnostics, SEVERITY_ERROR, NOWHERE, "cannot write standard output: %s", strerror (error));
      diagnostics->status = STATUS_WORLD;
    }
  if (!path || file->descriptor < 0)
    return;
  if (!error && file->temporary && is_good && fchmod (file->descriptor, mode_of (path)) != 0)
    error = errno;
  if (close (file->descriptor) != 0 && !error)
    error = errno;
  if (!error && file->temporary && is_good && rename (file->temporary, path) != 0)
    error = errno;
  if (file->temporary && (error || !is_good))
    unlink (file->temporary);
  unfinished_end ();
  heap_give (file->temporary);
  *file = (struct output_file){ .descriptor = -1 };
  if (error)
    cannot_write (diagnostics, path, error);
}

void
output_write (const struct report *report, const char *path, struct diagnostics *diagnostics)
{
  struct output_file file;
  progress_end ();
  /* Without it the last digits would be others. */
  if (library_was_refused ())
    memory_exhausted (diagnostics->memory, BUFSIZ, "a library");
  if (!path)
    {
      errno = 0;
      report_write (report, stdout);
      return;
    }
  if (!output_open (&file, path, diagnostics))
    return;
  int copy = dup (file.descriptor), error = 0;
  FILE *out = copy < 0 ? NULL : fdopen (copy, "w");
  errno = out ? 0 : errno;
  if (out)
    report_write (report, out);
  if (!out || fflush (out) != 0 || ferror (out))
    error = errno ? errno : EIO;
  if (out && fclose (out) != 0 && !error)
    error = errno;
  output_close (&file, !error, error, diagnostics);
}

struct directory
{
  DIR *open;
  char **names;
  size_t count;
};

static const char *
entry_name (size_t i, const void *data)
{
  return ((const struct directory *)data)->names[i];
}

static int
by_name (const void *a, const void *b)
{
  return strcmp (*(char *const *)a, *(char *const *)b);
}

/* A jump has left it open. */
static void
leave_directory (void *block)
{
  closedir (((struct directory *)block)->open);
}

/* The names in a directory, in an order that does not depend on the file system. */
static struct directory *
read_directory (struct memory *memory, const char *path)
{
  struct directory *directory = heap_take_zeroed (memory, 1, sizeof *directory, "a message");
  directory->open = opendir (path);
  if (!directory->open && errno == ENOMEM)
    memory_exhausted (memory, BUFSIZ, "a message");
  if (!directory->open)
    return directory;
  heap_on_close (directory, leave_directory);
  for (const struct dirent *entry; (entry = readdir (directory->open));)
    {
      directory->names = heap_grow (memory, directory->names, directory->count + 1, sizeof (char *), "a message");
      directory->names[directory->count++] = heap_copy (memory, entry->d_name, strlen (entry->d_name), "a message");
    }
  heap_on_close (directory, NULL);
  closedir (directory->open);
  if (directory->count)
    qsort (directory->names, directory->count, sizeof (char *), by_name);
  return directory;
}

void
output_cannot_open (struct diagnostics *diagnostics, const char *path, int error)
{
  const char *slash = strrchr (path, '/');
  const char *base = slash ? slash + 1 : path;
  char folder[PATH_MAX] = ".";
  char meant[NAME_MAX + 1] = "";
  if (slash && (size_t)(slash - path) < sizeof folder - 1)
    snprintf (folder, sizeof folder, "%.*s", (int)(slash == path ? 1 : slash - path), path);
  if (error == ENOENT && *base)
    {
      const struct directory *directory = read_directory (diagnostics->memory, folder);
      const char *near = suggest (base, directory->count, entry_name, directory);
      if (near)
        snprintf (meant, sizeof meant, "%s", near);
    }
  diagnose_stop (diagnostics, STATUS_PROGRAM, NOWHERE, "cannot open '%s': %s%s%.*s%s%s", path, strerror (error),
                 *meant ? "; did you mean '" : "", *meant && slash ? (int)(base - path) : 0, path, meant,
                 *meant ? "'?" : "");
}

_Noreturn void
output_cannot_open_program (struct diagnostics *diagnostics, const char *path, int error)
{
  bool is_missing = error == ENOENT || error == ENAMETOOLONG;
  const char *advice = !is_missing                            ? NULL
                       : path[strspn (path, "=+-*/^()")] == 0 ? "; are quotes missing around what has blanks?"
                       : strpbrk (path, "=()*^\n")            ? "; is it program text? that needs -e"
                                                              : NULL;
  if (advice)
    diagnose_stop (diagnostics, STATUS_PROGRAM, NOWHERE, "cannot open '%s': %s%s", path, strerror (error), advice);
  output_cannot_open (diagnostics, path, error);
}

/* A size in the largest unit that leaves at least one whole. */
static void
print_size (char text[32], double bytes)
{
  static const char *const units[] = { "bytes", "kB", "MB", "GB", "TB", "PB" };
  int unit = 0;
  for (; bytes >= 1000 && unit < 5; unit++)
    bytes /= 1000;
  snprintf (text, 32, "%.3g %s", bytes, units[unit]);
}

void
output_out_of_memory (struct diagnostics *diagnostics, struct memory *memory, struct span span, const char *limit)
{
  char wanted[32], used[32], most[32];
  print_size (wanted, (double)memory->failure.wanted);
  print_size (used, (double)memory->used);
  print_size (most, (double)memory_limit (memory));
  diagnostics->status = STATUS_WORLD;
  bool is_large = memory->failure.wanted > memory_limit (memory) / 2;
  if (memory_was_refused (memory))
    diagnose (diagnostics, SEVERITY_ERROR, span, "out of memory: %s needs %s beside %s, and the system gives no more",
              memory->failure.what, wanted, used);
  else
    diagnose (diagnostics, SEVERITY_ERROR, span, "out of memory: %s needs %s%s%s, the limit is %s%s",
              memory->failure.what, wanted, is_large ? "" : " beside ", is_large ? "" : used, limit ? limit : most,
              limit ? " (--max-memory)" : "");
  diagnostics->status = STATUS_WORLD;
}
