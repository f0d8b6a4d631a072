/* tape.h -- the program run once: for every value that varies, its links to the values it was made of. */
#ifndef GRADCALC_TAPE_H
#define GRADCALC_TAPE_H

#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "linear/linear.h"
#include "tape/loop.h"

/* Nodes are numbered from 1 in the order of evaluation; node n has the links ends[n-1] ... ends[n]-1. A link is an
   operand's node and, for numbers, the partial derivative. What is no plain number times number is marked in the
   operand's top bits, and its weight holds 64 bits of something else:

     LINK_LINEAR    an index into `linears`
     LINK_ELEMENT   a number taken out of an array: its position; in an array's node a number that stands at that
                    position, or an array that was changed there, in place, and is no more: its other elements
     LINK_SIZE      no link at all but the first entry of an array's node: its number of elements

   A node without LINK_SIZE is a number. Its plain links stand behind the others. The results of a loop have no links:
   `loops` has what they depend on. */
enum
{
  LINK_LINEAR = 1u << 31,
  LINK_ELEMENT = 1u << 30,
  LINK_SIZE = LINK_LINEAR | LINK_ELEMENT,
  NODE_LIMIT = 1 << 30
};

enum
{
  TAPE_RECENT = 32
};

/* How far a reverse sweep is: from node `top` it has come down to `at`; 0 when there is none. */
struct sweep
{
  volatile uint32_t top, at;
};

struct tape
{
  struct memory *memory;
  struct arrays *arrays;
  struct area ends;             /* uint32_t, one for each node and one before the first */
  struct area weights;          /* double */
  struct area operands;         /* uint32_t */
  struct area linears;          /* struct linear */
  struct area loops;            /* struct loop, in the order of their nodes */
  struct area loop_blocks;      /* struct loop_block */
  struct area loop_nodes;       /* uint32_t */
  struct area loop_numbers;     /* double */
  struct area loop_forms;       /* what the forms of loops are made of; here because sweeps read it */
  uint32_t unbounded;           /* the first node with a coefficient that is not finite: from there on sweeps tell zeros
                                   apart; 0 is none */
  struct sweep *sweep;          /* who wants to know how far sweeps are, or NULL */
  bool careful;                 /* a zero coefficient that is a rule is recorded as FLAT: where the tape is unbounded */
  uint32_t recent[TAPE_RECENT]; /* scratch of who links: by a node's last bits, its last link */
};

void tape_open (struct tape *tape, struct memory *memory, struct arrays *arrays);
void tape_close (struct tape *tape);
/* Makes it as it was when it was opened; what it has of memory it keeps. */
void tape_empty (struct tape *tape);

static inline uint32_t
tape_count (const struct tape *tape)
{
  return (uint32_t)(tape->ends.used / sizeof (uint32_t));
}

static inline const struct loop *
tape_loops_end (const struct tape *tape)
{
  size_t count = area_count (&tape->loops, struct loop);
  return count ? area_of (&tape->loops, struct loop) + count : NULL;
}

/* A new link of the node that tape_node will close. */
static inline void
tape_link (struct tape *tape, uint32_t operand, double weight)
{
  *area_add (&tape->weights, double) = weight;
  *area_add (&tape->operands, uint32_t) = operand;
}

static inline void
tape_link_bits (struct tape *tape, uint32_t operand, uint64_t bits)
{
  tape_link (tape, operand, from_bits (bits));
}

/* Makes room for `count` links that are then written to the arrays' ends directly. */
static inline void
tape_room (struct tape *tape, size_t count)
{
  size_t weights = tape->weights.used + count * sizeof (double),
         operands = tape->operands.used + count * sizeof (uint32_t);
  if (weights > tape->weights.committed)
    area_commit (&tape->weights, weights);
  if (operands > tape->operands.committed)
    area_commit (&tape->operands, operands);
}

/* The node that is being made has a coefficient that is not finite. */
static inline void
tape_unbound (struct tape *tape)
{
  tape->careful = true;
  if (!tape->unbounded)
    tape->unbounded = tape_count (tape);
}

/* Links by a partial that may not be finite, which the tape then notes. */
static inline void
tape_link_partial (struct tape *tape, uint32_t operand, double partial)
{
  if (!__builtin_isfinite (partial))
    tape_unbound (tape);
  tape_link (tape, operand, partial);
}

/* Begins an array's node. */
static inline void
tape_size (struct tape *tape, size_t size)
{
  tape_link_bits (tape, LINK_SIZE, size);
}

/* A link through a linear map, which the tape then owns, and knows whether it is finite. */
void tape_link_linear (struct tape *tape, uint32_t operand, const struct linear *linear);

/* Closes a node over the links since the last one, and returns its number. */
static inline uint32_t
tape_node (struct tape *tape)
{
  uint32_t node = tape_count (tape);
  *area_add (&tape->ends, uint32_t) = (uint32_t)(tape->operands.used / sizeof (uint32_t));
  return node;
}

/* A node without links: a source. Size 0 with `is_array` false is a number. */
uint32_t tape_source (struct tape *tape, bool is_array, size_t size);

/* The number of elements of an array's node; false for a number's. */
bool tape_is_array (const struct tape *tape, uint32_t node, size_t *size);

/* The map of a link that is LINK_LINEAR or LINK_ELEMENT, the latter in `room`. */
const struct linear *tape_map (const struct tape *tape, uint32_t node, uint32_t link, struct linear *room);

/* Whether up to the first coefficient that is not finite some is a zero of which nobody asked whether it is a rule. */
bool tape_has_zeros (const struct tape *tape);

/* What becomes of a node when a tape is thinned out: it goes, or depends on nothing any more, or keeps its links, and
   with WHOLE its step too, where steps are kept. */
enum node_fate
{
  NODE_GONE,
  NODE_SOURCE,
  NODE_LINKED,
  NODE_WHOLE
};

/* Thins out a tape without loops. Nodes have a fate, and get the numbers in `numbers`, which rise from 1; a node that
   keeps its links keeps their operands, at least as sources. */
void tape_thin (struct tape *tape, const unsigned char *fates, const uint32_t *numbers);

void tape_dump (const struct tape *tape, FILE *out);

#endif
