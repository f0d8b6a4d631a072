/* small.h -- arrays of few elements, each of which is a number on the tape.

   An array of up to ARRAY_SMALL elements takes more to look after than to compute. So its value may have, in the place
   of one node, NODE_ELEMENTS: then each element has a node of its own, or 0 where it does not vary. They stand behind
   the elements (array_nodes). Elements that only move keep their nodes, and what is computed of them is linked by plain
   numbers. Where an array's node is wanted, small_settle makes one.

   A step that takes an array depends on all of it, on what it does not read too: a derivative is 0 then, not none. So
   an element that is read alone first gets a node that depends on all others as well, by links that are FLAT: it is
   *closed*. What is made of closed elements is closed. */
#ifndef GRADCALC_SMALL_H
#define GRADCALC_SMALL_H

#include "machine/run.h"
#include "ops/call.h"

/* Steps on arrays after which a run looks at the elements of small ones. Sums of derivatives then come in another
   order, which shows in their last digits: a short run, which is over soon anyway, keeps to the order of the arrays. */
enum
{
  SMALL_FROM = 1000
};

/* One more step was taken with arrays as a whole. */
static inline void
small_count (struct run *run)
{
  if (run->before_small && --run->before_small == 0)
    run->small = true;
}

static inline bool
small_is_on (const struct run *run)
{
  return run->small && !run->tape->careful;
}

/* Whether a value may have nodes for its elements. */
static inline bool
small_fits (const struct value *value)
{
  return value->kind == KIND_ARRAY && value->array->size <= ARRAY_SMALL && value->array->size > 0
         && value->array->type == TYPE_REAL;
}

/* The bits of all elements. */
static inline uint32_t
small_all (size_t size)
{
  return (1u << size) - 1;
}

/* An array's node, made of those of its elements; the value gets it. */
uint32_t small_node (struct run *run, const struct array *array);
static inline void
small_settle (struct run *run, struct value *value)
{
  if (__builtin_expect (value->node == NODE_ELEMENTS, false))
    value->node = small_node (run, value->array);
}

/* The nodes of the elements of an array whose own node is `node`; of a number it is that. */
const uint32_t *small_nodes (struct run *run, const struct array *array, uint32_t node, uint32_t room[ARRAY_SMALL]);
/* Whether they are closed. */
bool small_is_closed (const struct array *array, uint32_t node);
/* The node of one element, closed, of a small array whose node is not 0. */
uint32_t small_element (struct run *run, const struct value *value, size_t position);
/* Closes all elements. */
void small_close (struct run *run, struct array *array);
/* An element gets the node of a number, or 0, in an array that is changed in place. */
void small_replace (struct run *run, struct value *value, size_t position, uint32_t node);

/* An array of numbers, which keep their nodes; false, with nothing done, where they are none or make no real array. */
bool small_literal (struct run *run, const struct value *numbers, uint32_t count, struct value *result);

/* small_product.c: the product of vectors and matrices; false, with nothing done, where they are not small, do not fit,
   or are not finite. */
bool small_product (struct run *run, const struct value *left, const struct value *right, struct value *result);

/* small_map.c: gives the result of a call its nodes; false, with nothing done, where it is not small, or one of the
   linear maps to it is none whose coefficients are known one by one. The links go. */
bool small_record (struct run *run, struct value *result, struct call_link *links, size_t count);

#endif
