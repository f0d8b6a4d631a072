/* vector.c -- functions of <math.h> for several numbers at once.

   In loops over functions that are announced as vector ones the compiler calls them by the names of the processor's
   vector function ABI: _ZGV, the registers (b SSE, c AVX, d AVX2, e AVX-512, n Advanced SIMD), N and how many numbers,
   a v for each argument, _ and the function. SLEEF's library has them all under these names. It is not linked, for
   every start would pay for it and few runs need it: a function here looks for its namesake when it is first called,
   and takes the numbers one by one where there is none. */
#include "linear/library.h"

#include <math.h>

#include "ops/vector.h"

#ifdef HAVE_VECTOR_MATH

#ifdef __aarch64__
#define CONVENTION __attribute__ ((aarch64_vector_pcs))
#else
#define CONVENTION
#endif

static bool one_by_one;

void
vector_one_by_one (bool holds)
{
  one_by_one = holds;
}

typedef double two __attribute__ ((vector_size (16)));
typedef double four __attribute__ ((vector_size (32)));
typedef double eight __attribute__ ((vector_size (64)));

/* What is rare is a call, so that a call of what was found needs no room on the stack and is a jump. */
#define RARE __attribute__ ((noinline, cold))

RARE static void *
look_for (const char *name, void *by_one)
{
  void *found = library_vector (name);
  return found ? found : by_one;
}

#define FORM(features, name, numbers, parameters, arguments, each, result)                                             \
  features CONVENTION numbers name parameters;                                                                         \
  features CONVENTION RARE static numbers by_one##name parameters                                                      \
  {                                                                                                                    \
    for (unsigned i = 0; i < sizeof x / sizeof x[0]; i++)                                                              \
      x[i] = each;                                                                                                     \
    return x;                                                                                                          \
  }                                                                                                                    \
  static CONVENTION numbers (*found##name) parameters;                                                                 \
  features CONVENTION RARE static numbers first##name parameters                                                       \
  {                                                                                                                    \
    *(void **)&found##name = look_for (#name, (void *)by_one##name);                                                   \
    return name arguments;                                                                                             \
  }                                                                                                                    \
  features CONVENTION numbers name parameters                                                                          \
  {                                                                                                                    \
    if (__builtin_expect (one_by_one, 0))                                                                              \
      return by_one##name arguments;                                                                                   \
    if (__builtin_expect (!found##name, 0))                                                                            \
      return first##name arguments;                                                                                    \
    result (numbers, found##name arguments, by_one##name arguments);                                                   \
  }
#define AS_FOUND(numbers, found, by_one) return found
/* One by one where a result is not finite. */
#define IF_FINITE(numbers, found, by_one)                                                                              \
  numbers results = found, none = results - results;                                                                   \
  double sum = 0;                                                                                                      \
  for (unsigned i = 0; i < sizeof none / sizeof none[0]; i++)                                                          \
    sum += none[i];                                                                                                    \
  return sum == 0 ? results : by_one
#define FORM_1(features, name, numbers, f, result)                                                                     \
  FORM (features, name, numbers, (numbers x), (x), f (x[i]), result)
#define FORM_2(features, name, numbers, f)                                                                             \
  FORM (features, name, numbers, (numbers x, numbers y), (x, y), f (x[i], y[i]), AS_FOUND)

#ifdef __aarch64__
#define FORMS_1(f, result) FORM_1 (, _ZGVnN2v_##f, two, f, result)
#define TWO(f) FORM_2 (, _ZGVnN2vv_##f, two, f)
#else
#define FORMS_1(f, result)                                                                                             \
  FORM_1 (, _ZGVbN2v_##f, two, f, result)                                                                              \
  FORM_1 (__attribute__ ((target ("avx"))), _ZGVcN4v_##f, four, f, result)                                             \
  FORM_1 (__attribute__ ((target ("avx2"))), _ZGVdN4v_##f, four, f, result)                                            \
  FORM_1 (__attribute__ ((target ("avx512f"))), _ZGVeN8v_##f, eight, f, result)
#define TWO(f)                                                                                                         \
  FORM_2 (, _ZGVbN2vv_##f, two, f)                                                                                     \
  FORM_2 (__attribute__ ((target ("avx"))), _ZGVcN4vv_##f, four, f)                                                    \
  FORM_2 (__attribute__ ((target ("avx2"))), _ZGVdN4vv_##f, four, f)                                                   \
  FORM_2 (__attribute__ ((target ("avx512f"))), _ZGVeN8vv_##f, eight, f)
#endif
#define ONE(f) FORMS_1 (f, AS_FOUND)
#define NARROW(f) FORMS_1 (f, IF_FINITE)
#include "ops/vector.def"

#else

void
vector_one_by_one (bool holds)
{
  (void)holds;
}

#endif
