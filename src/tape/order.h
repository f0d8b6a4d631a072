/* order.h -- numbers in rising order. */
#ifndef GRADCALC_ORDER_H
#define GRADCALC_ORDER_H

#include "base/memory.h"

/* Puts them in order; `scratch` gives room for the time. */
void order_numbers (struct area *scratch, uint32_t *numbers, size_t count);

#endif
