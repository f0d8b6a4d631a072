/* library.c -- functions of BLAS, LAPACK and SLEEF, which are opened when the first one is wanted. */
#include "linear/library.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* A library held open. One thread unless the user asks for more: for matrices of this size more cost more. */
struct library
{
  const char *what, *name;
  bool looked, refused; /* by the system, for want of memory */
  void *handle;
};

static struct library blas = { .what = "BLAS", .name = "libblas.so.3" };
static struct library lapack = { .what = "LAPACK", .name = "liblapack.so.3" };
static struct library sleef = { .what = "SLEEF", .name = "libsleefgnuabi.so.3" };

static void
look (struct library *library)
{
  if (library->looked)
    return;
  library->looked = true;
  setenv ("OPENBLAS_NUM_THREADS", "1", 0);
  library->handle = dlopen (library->name, RTLD_LAZY | RTLD_LOCAL);
  /* The loader tells what it lacks in words alone; when even these have no room it has none. */
  const char *trouble = library->handle ? "" : dlerror ();
  library->refused = !trouble || strstr (trouble, "memory");
}

bool
library_was_refused (void)
{
  return blas.refused || lapack.refused || sleef.refused;
}

static void *
find (struct library *library, const char *symbol)
{
  look (library);
  return library->handle ? dlsym (library->handle, symbol) : NULL;
}

bool
library_at (int number, const char **what, const char **file, bool *there)
{
  struct library *const all[] = { &blas, &lapack, &sleef };
  if (number >= (int)(sizeof all / sizeof *all))
    return false;
  look (all[number]);
  *what = all[number]->what;
  *file = all[number]->name;
  *there = all[number]->handle != NULL;
  return true;
}

blas_dgemm *
library_dgemm (void)
{
  static blas_dgemm *found;
  if (!found)
    *(void **)&found = find (&blas, "dgemm_");
  return found;
}

lapack_dgetrf *
library_dgetrf (void)
{
  lapack_dgetrf *found;
  *(void **)&found = find (&lapack, "dgetrf_");
  return found;
}

lapack_dgetrs *
library_dgetrs (void)
{
  lapack_dgetrs *found;
  *(void **)&found = find (&lapack, "dgetrs_");
  return found;
}

void *
library_vector (const char *name)
{
  return find (&sleef, name);
}
