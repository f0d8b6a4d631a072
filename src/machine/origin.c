/* origin.c -- where numbers of the tape come from that were only moved: slices of slices of one array. */
#include "machine/origin.h"

#include "value/layout.h"

enum
{
  LARGE = 4096,   /* elements: larger arrays are roots */
  WAITING = 64,   /* moves behind moves that are followed */
  ROOM = 1 << 18  /* ids that are kept */
};

void
origins_open (struct origins *origins, const struct tape *tape)
{
  *origins = (struct origins){ .tape = tape };
  area_open (&origins->list, tape->memory, (size_t)ROOM * 4 * sizeof (struct origin), "the calls");
  area_open (&origins->ids, tape->memory, (size_t)ROOM * 4 * sizeof (uint64_t), "the calls");
  lookup_open (&origins->by_node, tape->memory, "the calls");
}

void
origins_close (struct origins *origins)
{
  area_close (&origins->list);
  area_close (&origins->ids);
  lookup_close (&origins->by_node);
}

void
origins_forget (struct origins *origins)
{
  const struct tape *tape = origins->tape;
  origins_close (origins);
  origins_open (origins, tape);
}

static uint64_t
own_id (uint32_t node, size_t element)
{
  return (uint64_t)node << 32 | (element + 1);
}

uint64_t
origin_id (const struct origins *origins, const struct origin *origin, size_t element)
{
  return origin->first == SIZE_MAX ? own_id (origin->node, element)
                                   : area_of (&origins->ids, uint64_t)[origin->first + element];
}

static const struct origin *
known (const struct origins *origins, uint32_t node)
{
  uint32_t hash = (uint32_t)hash_word (node), item;
  for (size_t at = hash; (item = lookup_next (&origins->by_node, hash, &at)) != UINT32_MAX;)
    if (area_of (&origins->list, struct origin)[item].node == node)
      return area_of (&origins->list, struct origin) + item;
  return NULL;
}

static size_t
size_of (const struct tape *tape, uint32_t node)
{
  size_t size;
  return tape_is_array (tape, node, &size) ? size : 1;
}

/* A node that is being looked at: the ids of its elements as far as they are known. */
struct moved
{
  struct origins *origins;
  uint32_t root; /* 0: not known yet */
  size_t count;
  uint64_t *ids;
};

/* Element `to` is what the operand has at `from`; false where it is something already, and a sum then. */
static bool
move (struct moved *moved, size_t to, const struct origin *operand, size_t from)
{
  if (to >= moved->count || from >= operand->count || moved->ids[to])
    return false;
  moved->ids[to] = origin_id (moved->origins, operand, from);
  return true;
}

static bool
move_layout (struct moved *moved, const struct linear *map, const struct origin *operand)
{
  size_t dense = 0;
  if (map->coefficients || map->scale != 1)
    return false;
  for (struct layout_walk walk = layout_walk (&map->layout); walk.left; layout_step (&walk))
    for (size_t i = 0; i < walk.length; i++, dense++)
      {
        size_t laid = (size_t)(walk.at + (ptrdiff_t)i * walk.stride);
        if (!(map->kind == LINEAR_SCALE ? move (moved, dense, operand, laid) : move (moved, laid, operand, dense)))
          return false;
      }
  return true;
}

static bool
move_positions (struct moved *moved, const struct linear *map, const struct origin *operand)
{
  for (size_t i = 0; i < map->positions->size; i++)
    {
      size_t at = (size_t)map->positions->elements[i];
      if (!(map->kind == LINEAR_GATHER ? move (moved, i, operand, at) : move (moved, at, operand, i)))
        return false;
    }
  return true;
}

static bool
move_map (struct moved *moved, const struct linear *map, const struct origin *operand)
{
  if (map->operand_size != operand->count || map->result_size != moved->count)
    return false;
  switch (map->kind)
    {
    case LINEAR_SCALE:
    case LINEAR_REDUCE:
      return move_layout (moved, map, operand);
    case LINEAR_GATHER:
    case LINEAR_SCATTER:
      return move_positions (moved, map, operand);
    default:
      return false;
    }
}

/* One link, of a node that may be a move and whose operands are known; false where it is more. A link that is FLAT
   moves nothing, but connects. */
static bool
move_link (struct moved *moved, uint32_t node, uint32_t link)
{
  const struct tape *tape = moved->origins->tape;
  uint32_t bits = area_of (&tape->operands, uint32_t)[link];
  double weight = area_of (&tape->weights, double)[link];
  if (bits == LINK_SIZE)
    return true;
  const struct origin *operand = known (moved->origins, bits & ~(uint32_t)LINK_SIZE);
  if (!operand || (moved->root && operand->root != moved->root))
    return false;
  moved->root = operand->root;
  if (bits & LINK_LINEAR)
    return move_map (moved, area_of (&tape->linears, struct linear) + bits_of (weight), operand);
  size_t size;
  if (bits & LINK_ELEMENT && !tape_is_array (tape, node, &size))
    return move (moved, 0, operand, bits_of (weight));
  if (bits & LINK_ELEMENT)
    return operand->count == 1 && !tape_is_array (tape, operand->node, &size)
           && move (moved, bits_of (weight), operand, 0);
  return is_flat (weight) || move (moved, 0, operand, 0);
}

/* Whether a node can be a move, by its links alone: then its operands have to be known first. */
static bool
may_move (const struct tape *tape, uint32_t node)
{
  const uint32_t *ends = area_of (&tape->ends, uint32_t), *operands = area_of (&tape->operands, uint32_t);
  const double *weights = area_of (&tape->weights, double);
  if (size_of (tape, node) > LARGE)
    return false;
  for (uint32_t link = ends[node - 1]; link < ends[node]; link++)
    if (!(operands[link] & LINK_SIZE) && weights[link] != 1 && !is_flat (weights[link]))
      return false;
  return ends[node] > ends[node - 1];
}

/* Notes a node's origin, as soon as its operands have theirs. */
static void
note (struct origins *origins, uint32_t node, bool is_move)
{
  const struct tape *tape = origins->tape;
  const uint32_t *ends = area_of (&tape->ends, uint32_t);
  size_t used = origins->ids.used, count = size_of (tape, node);
  struct origin origin = { node, node, (uint32_t)count, SIZE_MAX };
  if (is_move)
    {
      struct moved moved = { .origins = origins, .count = count };
      moved.ids = area_push (&origins->ids, count * sizeof *moved.ids);
      memset (moved.ids, 0, count * sizeof *moved.ids);
      for (uint32_t link = ends[node - 1]; link < ends[node] && is_move; link++)
        is_move = move_link (&moved, node, link);
      if (is_move && moved.root)
        {
          origin.root = moved.root;
          origin.first = used / sizeof *moved.ids;
          size_t size;
          if (!moved.ids[0] && !tape_is_array (tape, node, &size))
            moved.ids[0] = own_id (node, 0);
        }
      else
        origins->ids.used = used;
    }
  lookup_add (&origins->by_node, (uint32_t)hash_word (node), (uint32_t)area_count (&origins->list, struct origin));
  *area_add (&origins->list, struct origin) = origin;
}

/* The first operand of a node that has no origin yet; 0 where all have. */
static uint32_t
first_unknown (const struct origins *origins, uint32_t node)
{
  const struct tape *tape = origins->tape;
  const uint32_t *ends = area_of (&tape->ends, uint32_t), *operands = area_of (&tape->operands, uint32_t);
  for (uint32_t link = ends[node - 1]; link < ends[node]; link++)
    if (operands[link] != LINK_SIZE && !known (origins, operands[link] & ~(uint32_t)LINK_SIZE))
      return operands[link] & ~(uint32_t)LINK_SIZE;
  return 0;
}

/* Moves behind moves wait on a stack; where it is full, a node is taken as a root, and less is known to be the same. */
struct origin
origin_find (struct origins *origins, uint32_t node)
{
  uint32_t waiting[WAITING] = { node }, count = 1;
  if (area_count (&origins->ids, uint64_t) > ROOM || area_count (&origins->list, struct origin) > ROOM)
    origins_forget (origins);
  while (!known (origins, node))
    {
      uint32_t top = waiting[count - 1];
      bool is_move = may_move (origins->tape, top);
      uint32_t operand = is_move ? first_unknown (origins, top) : 0;
      if (operand && count < WAITING)
        waiting[count++] = operand;
      else
        {
          note (origins, top, is_move && !operand);
          count--;
        }
    }
  return *known (origins, node);
}
