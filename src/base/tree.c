/* tree.c -- texts in JSON as trees of jansson's nodes. */
#include "base/tree.h"

/* Where nodes go: jansson asks for memory without a word about whose it is, and as it has one set of functions for a
   process, so this has one place, for the time of a reading. */
static _Thread_local struct area *reading;

static void *
take_node (size_t size)
{
  return area_push (reading, (size + 15) / 16 * 16);
}

/* They are dropped whole. */
static void
leave_node (void *node)
{
  (void)node;
}

json_t *
tree_read (struct area *nodes, const char *text, size_t size, size_t flags, json_error_t *error)
{
  json_set_alloc_funcs (take_node, leave_node);
  reading = nodes;
  return json_loadb (text, size, flags, error);
}
