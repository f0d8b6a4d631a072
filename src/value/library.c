/* library.c -- functions of BLAS, LAPACK and SLEEF, which are opened when the first one is wanted. */
#include "value/library.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

/* A library held open. One thread unless the user asks for more: for matrices of this size more cost more. */
struct library
{
  const char *name;
  bool looked;
  void *handle;
};

static void *
find (struct library *library, const char *symbol)
{
  if (!library->looked)
    {
      library->looked = true;
      setenv ("OPENBLAS_NUM_THREADS", "1", 0);
      library->handle = dlopen (library->name, RTLD_LAZY | RTLD_LOCAL);
    }
  return library->handle ? dlsym (library->handle, symbol) : NULL;
}

static struct library blas = { .name = "libblas.so.3" };
static struct library lapack = { .name = "liblapack.so.3" };
static struct library sleef = { .name = "libsleefgnuabi.so.3" };

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
