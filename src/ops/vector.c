/* vector.c -- functions of <math.h> for several numbers at once.

   In loops over functions that are announced as vector ones the compiler calls them by the names of the processor's
   vector function ABI: _ZGV, the registers (b SSE, c AVX, d AVX2, e AVX-512, n Advanced SIMD), N and how many numbers,
   a v for each argument, _ and the function. SLEEF's library has them all under these names. It is not linked, for
   every start would pay for it and few runs need it: a function here looks for its namesake when it is first called,
   and takes the numbers one by one where there is none. */
#include "value/library.h"

#include <math.h>

#ifdef HAVE_VECTOR_MATH

#ifdef __aarch64__
#define CONVENTION __attribute__ ((aarch64_vector_pcs))
#else
#define CONVENTION
#endif

typedef double two __attribute__ ((vector_size (16)));
typedef double four __attribute__ ((vector_size (32)));
typedef double eight __attribute__ ((vector_size (64)));

#define FORM(features, name, numbers, parameters, arguments, each)                                                     \
  features CONVENTION numbers name parameters;                                                                         \
  features CONVENTION static numbers by_one##name parameters                                                           \
  {                                                                                                                    \
    for (unsigned i = 0; i < sizeof x / sizeof x[0]; i++)                                                              \
      x[i] = each;                                                                                                     \
    return x;                                                                                                          \
  }                                                                                                                    \
  features CONVENTION numbers name parameters                                                                          \
  {                                                                                                                    \
    static CONVENTION numbers (*found) parameters;                                                                     \
    if (__builtin_expect (!found, 0))                                                                                  \
      {                                                                                                                \
        *(void **)&found = library_vector (#name);                                                                     \
        if (!found)                                                                                                    \
          found = by_one##name;                                                                                        \
      }                                                                                                                \
    return found arguments;                                                                                            \
  }
#define FORM_1(features, name, numbers, f) FORM (features, name, numbers, (numbers x), (x), f (x[i]))
#define FORM_2(features, name, numbers, f)                                                                             \
  FORM (features, name, numbers, (numbers x, numbers y), (x, y), f (x[i], y[i]))

#ifdef __aarch64__
#define ONE(f) FORM_1 (, _ZGVnN2v_##f, two, f)
#define TWO(f) FORM_2 (, _ZGVnN2vv_##f, two, f)
#include "ops/vector.def"
#else
#define ONE(f)                                                                                                         \
  FORM_1 (, _ZGVbN2v_##f, two, f)                                                                                      \
  FORM_1 (__attribute__ ((target ("avx"))), _ZGVcN4v_##f, four, f)                                                     \
  FORM_1 (__attribute__ ((target ("avx2"))), _ZGVdN4v_##f, four, f)                                                    \
  FORM_1 (__attribute__ ((target ("avx512f"))), _ZGVeN8v_##f, eight, f)
#define TWO(f)                                                                                                         \
  FORM_2 (, _ZGVbN2vv_##f, two, f)                                                                                     \
  FORM_2 (__attribute__ ((target ("avx"))), _ZGVcN4vv_##f, four, f)                                                    \
  FORM_2 (__attribute__ ((target ("avx2"))), _ZGVdN4vv_##f, four, f)                                                   \
  FORM_2 (__attribute__ ((target ("avx512f"))), _ZGVeN8vv_##f, eight, f)
#include "ops/vector.def"
#endif

#endif
