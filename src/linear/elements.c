/* elements.c -- what holds for all of some numbers. */
#include "linear/elements.h"

#include <stdint.h>
#include <string.h>

#include "base/bits.h"
#include "base/processor.h"

/* Few are looked at as on every processor: to ask which it is takes longer. */
enum
{
  FEW = 32
};

/* carry_N (): words whose sign is set where one is not finite or, where that is asked, FLAT. An infinity or NaN has all
   bits of the exponent set: adding one to them carries into the sign. What differs from FLAT in no bit does so when one
   is taken away. none_N () looks at two registers at once, as one chain of operations would wait for itself. */
#define WIDTH(lanes, features)                                                                                         \
  typedef uint64_t words_##lanes __attribute__ ((vector_size (lanes * sizeof (uint64_t))));                            \
  features static inline __attribute__ ((always_inline)) void carry_##lanes (const double *elements, bool flat,        \
                                                                             words_##lanes *carries)                   \
  {                                                                                                                    \
    const uint64_t exponent = (uint64_t)EXPONENT_MASK << FRACTION_BITS, unit = (uint64_t)1 << FRACTION_BITS,      \
                   sign = (uint64_t)1 << 63;                                                                           \
    words_##lanes bits;                                                                                                \
    memcpy (&bits, elements, sizeof bits);                                                                             \
    words_##lanes other = bits ^ sign, carried = (bits & exponent) + unit;                                             \
    *carries |= flat ? carried | (~other & (other - 1)) : carried;                                                     \
  }                                                                                                                    \
  features static bool none_##lanes (const double *elements, size_t count, bool flat)                                  \
  {                                                                                                                    \
    words_##lanes first = { 0 }, second = { 0 };                                                                       \
    double rest[2 * lanes] = { 0 };                                                                                    \
    size_t i = 0;                                                                                                      \
    for (; i + 2 * lanes <= count; i += 2 * lanes)                                                                     \
      {                                                                                                                \
        carry_##lanes (elements + i, flat, &first);                                                                    \
        carry_##lanes (elements + i + lanes, flat, &second);                                                           \
      }                                                                                                                \
    memcpy (rest, elements + i, (count - i) * sizeof *rest);                                                           \
    carry_##lanes (rest, flat, &first);                                                                                \
    carry_##lanes (rest + lanes, flat, &first);                                                                        \
    first |= second;                                                                                                   \
    uint64_t all = 0;                                                                                                  \
    for (size_t k = 0; k < lanes; k++)                                                                                 \
      all |= first[k];                                                                                                 \
    return !(all >> 63);                                                                                               \
  }

WIDTH (2, )
#ifdef __x86_64__
WIDTH (4, __attribute__ ((target ("avx2"))))
WIDTH (8, __attribute__ ((target ("avx512f"))))
#endif

static bool
none_carries (const double *elements, size_t count, bool flat)
{
  if (count == 0) /* There may be no address either. */
    return true;
#ifdef __x86_64__
  unsigned lanes = count < FEW ? 2 : processor_lanes ();
  if (lanes == 8)
    return none_8 (elements, count, flat);
  if (lanes == 4)
    return none_4 (elements, count, flat);
#endif
  return none_2 (elements, count, flat);
}

bool
elements_are_finite (const double *elements, size_t count)
{
  return none_carries (elements, count, false);
}

bool
elements_are_plain (const double *elements, size_t count)
{
  return none_carries (elements, count, true);
}

bool
elements_are_zero (const double *elements, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (elements[i] != 0)
      return false;
  return true;
}
