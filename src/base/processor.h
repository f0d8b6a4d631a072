/* processor.h -- what the processor can do that programs are not compiled for. */
#ifndef GRADCALC_PROCESSOR_H
#define GRADCALC_PROCESSOR_H

/* How many doubles a register holds: 8 (AVX-512), 4 (AVX2) or 2. It is asked at the first call and not at the start. */
unsigned processor_lanes (void);

#endif
