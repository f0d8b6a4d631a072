/* processor.c -- what the processor can do that programs are not compiled for. */
#include "base/processor.h"

#ifdef __x86_64__
#include <cpuid.h>
#include <stdbool.h>

/* Not by the compiler's own helper, which would ask at every start: that is slow under a hypervisor. */
static unsigned
ask (void)
{
  enum
  {
    WIDE = 0x06, /* registers that the system saves: of AVX, */
    WIDER = 0xe6 /* and of AVX-512 */
  };
  unsigned a, b, c, d;
  bool wide = __get_cpuid (1, &a, &b, &c, &d) && (c & bit_OSXSAVE) && (c & bit_AVX);
  if (!wide || !__get_cpuid_count (7, 0, &a, &b, &c, &d) || !(b & bit_AVX2))
    return 2;
  unsigned low, high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  if ((b & bit_AVX512F) && (low & WIDER) == WIDER)
    return 8;
  return (low & WIDE) == WIDE ? 4 : 2;
}
#else
static unsigned
ask (void)
{
  return 2;
}
#endif

unsigned
processor_lanes (void)
{
  static unsigned lanes; /* what the processor is does not change */
  if (!lanes)
    lanes = ask ();
  return lanes;
}
