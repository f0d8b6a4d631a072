/* tree.h -- texts in JSON as trees of jansson's nodes, in memory that is charged. */
#ifndef GRADCALC_TREE_H
#define GRADCALC_TREE_H

#include <jansson.h>

#include "base/memory.h"

/* Reads as json_loadb does. The nodes are in an area, and are gone when it is closed or emptied; none is given back by
   itself. Only one thread reads at a time. */
json_t *tree_read (struct area *nodes, const char *text, size_t size, size_t flags, json_error_t *error);

#endif
