/* pattern.c -- which elements of the sources each element of a value can depend on. */
#include "tape/pattern_sets.h"

#include "linear/contraction.h"

/* Pairs of elements that a linear map joins, of the result and of the operand. */
typedef void pair (void *data, size_t result, size_t operand);

/* Goes through all pairs of a map where they are fewer than all; false where every element may meet every other. */
static bool
each_pair (const struct linear *linear, pair *tell, void *data)
{
  size_t i = 0;
  switch (linear->kind)
    {
    case LINEAR_SCALE:
    case LINEAR_DIAGONAL:
      for (struct layout_walk walk = layout_walk (&linear->layout); walk.left; layout_step (&walk))
        for (size_t k = 0; k < walk.length; k++)
          tell (data, i++, (size_t)(walk.at + (ptrdiff_t)k * walk.stride));
      return true;
    case LINEAR_REDUCE:
      for (struct layout_walk walk = layout_walk (&linear->layout); walk.left; layout_step (&walk))
        for (size_t k = 0; k < walk.length; k++)
          tell (data, (size_t)(walk.at + (ptrdiff_t)k * walk.stride), i++);
      return true;
    case LINEAR_GATHER:
      for (; i < linear->result_size; i++)
        tell (data, i, (size_t)linear->positions->elements[i]);
      return true;
    case LINEAR_SCATTER:
      for (; i < linear->operand_size; i++)
        tell (data, (size_t)linear->positions->elements[i], i);
      return true;
    case LINEAR_TERMS:
      for (; i < linear->coefficients->size; i++)
        tell (data, (size_t)linear->positions->elements[2 * i], (size_t)linear->positions->elements[2 * i + 1]);
      return true;
    case LINEAR_CONTRACT:
      return contraction_pairs (linear, tell, data);
    case LINEAR_KEEP:
    case LINEAR_MATMUL_LEFT:
    case LINEAR_MATMUL_RIGHT:
    case LINEAR_SOFTMAX:
    case LINEAR_LOG_SOFTMAX:
    case LINEAR_CUMSUM:
    case LINEAR_CUMPROD:
    case LINEAR_SANDWICH:
    case LINEAR_CHOLESKY:
    case LINEAR_TRANSPOSE:
    case LINEAR_KINDS:
      break;
    }
  return false;
}

/* Sets of a result being put together: a chain of sets for each of its elements. */
struct joining
{
  struct pattern *pattern;
  const uint32_t *operand; /* sets of its elements */
  uint32_t *heads;         /* by element of the result: its last entry in `scratch`, plus one; others than 0 at those
                              that were touched */
  bool transposed;
};

/* Entries of a chain: a set, and the entry before it plus one. */
static void
join (void *data, size_t result, size_t operand)
{
  struct joining *joining = data;
  if (joining->transposed)
    {
      size_t swapped = result;
      result = operand;
      operand = swapped;
    }
  uint32_t set = joining->operand[operand];
  if (!set)
    return;
  if (!joining->heads[result])
    *area_add (&joining->pattern->touched, uint32_t) = (uint32_t)result;
  uint32_t *entry = area_push (&joining->pattern->scratch, 2 * sizeof *entry);
  entry[0] = set;
  entry[1] = joining->heads[result];
  joining->heads[result] = (uint32_t)(entry - area_of (&joining->pattern->scratch, uint32_t)) / 2 + 1;
}

/* Everything that an operand depends on. */
static uint32_t
union_of_all (struct pattern *pattern, const uint32_t *sets, size_t size)
{
  size_t before = pattern->scratch.used;
  uint32_t *members = area_push (&pattern->scratch, size * sizeof *members);
  memcpy (members, sets, size * sizeof *members);
  uint32_t set = pattern_union (pattern, members, size);
  pattern->scratch.used = before;
  return set;
}

/* Whether nothing comes through a link, whatever meets it. */
static bool
passes_nothing (const struct tape *tape, uint32_t link)
{
  uint32_t operand = area_of (&tape->operands, uint32_t)[link];
  double weight = area_of (&tape->weights, double)[link];
  if (!(operand & LINK_SIZE))
    return is_flat (weight);
  if (operand == LINK_SIZE || !(operand & LINK_LINEAR))
    return operand == LINK_SIZE;
  const struct linear *linear = area_of (&tape->linears, struct linear) + bits_of (weight);
  return linear->kind == LINEAR_TERMS && linear->coefficients->size == 0;
}

/* The sets of an array's elements less those that were replaced. */
static void
clear_replaced (const struct linear *linear, uint32_t *sets)
{
  if (linear->positions)
    for (size_t i = 0; i < linear->positions->size; i++)
      sets[(size_t)linear->positions->elements[i]] = 0;
  else
    for (struct layout_walk walk = layout_walk (&linear->layout); walk.left; layout_step (&walk))
      for (size_t i = 0; i < walk.length; i++)
        sets[walk.at + (ptrdiff_t)i * walk.stride] = 0;
}

static void
join_rest (struct joining *joining, const struct linear *linear)
{
  size_t size = linear->operand_size;
  uint32_t *rest = area_push (&joining->pattern->scratch, (size / 2 + 1) * 2 * sizeof *rest);
  memcpy (rest, joining->operand, size * sizeof *rest);
  clear_replaced (linear, rest);
  joining->operand = rest;
  for (size_t i = 0; i < size; i++)
    join (joining, i, i);
}

static void
join_link (struct joining *joining, uint32_t node, uint32_t link, size_t size)
{
  struct pattern *pattern = joining->pattern;
  const struct tape *tape = pattern->tape;
  uint32_t operand = area_of (&tape->operands, uint32_t)[link], from = operand & ~(uint32_t)LINK_SIZE;
  struct linear room;
  if (passes_nothing (tape, link) || !area_of (&pattern->nodes, uint32_t)[from])
    return;
  joining->operand = pattern_sets (pattern, from);
  joining->transposed = false;
  if (!(operand & LINK_SIZE))
    {
      join (joining, 0, 0);
      return;
    }
  const struct linear *linear = tape_map (tape, node, link, &room);
  for (; linear->kind == LINEAR_TRANSPOSE; linear = linear->of)
    joining->transposed = !joining->transposed;
  if (linear->kind == LINEAR_KEEP)
    {
      join_rest (joining, linear);
      return;
    }
  if (each_pair (linear, join, joining))
    return;
  size_t length = 1;
  tape_is_array (tape, from, &length);
  uint32_t all = union_of_all (pattern, joining->operand, length);
  joining->operand = &all;
  joining->transposed = false;
  for (size_t i = 0; i < size; i++)
    join (joining, i, 0);
}

/* An array that was changed in place takes over the sets of the one before, but where elements were replaced: its last
   link is to that, which nobody else reads from here on. */
static bool
take_over (struct pattern *pattern, uint32_t node, uint32_t link)
{
  const struct tape *tape = pattern->tape;
  uint32_t from = area_of (&tape->operands, uint32_t)[link] & ~(uint32_t)LINK_SIZE;
  uint32_t *nodes = area_of (&pattern->nodes, uint32_t);
  struct linear room;
  if (nodes[node] || !nodes[from])
    return false;
  const struct linear *linear = tape_map (tape, node, link, &room);
  if (!linear->in_place)
    return false;
  clear_replaced (linear, pattern_sets (pattern, from));
  nodes[node] = nodes[from];
  nodes[from] = 0;
  return true;
}

/* A number that is made of numbers and of elements of arrays, as most are; false, with nothing done, where it has other
   links. */
static bool
follow_number (struct pattern *pattern, uint32_t node, uint32_t first, uint32_t end)
{
  const uint32_t *operands = area_of (&pattern->tape->operands, uint32_t), *nodes = area_of (&pattern->nodes, uint32_t);
  const double *weights = area_of (&pattern->tape->weights, double);
  size_t before = pattern->scratch.used, count = 0;
  uint32_t *members = area_push (&pattern->scratch, (end - first + 1) * sizeof *members), link = first;
  for (; link < end && !(operands[link] & LINK_LINEAR); link++)
    {
      uint32_t from = operands[link] & ~(uint32_t)LINK_SIZE;
      bool element = operands[link] & LINK_ELEMENT;
      if (!nodes[from] || (!element && is_flat (weights[link])))
        continue;
      members[count] = pattern_sets (pattern, from)[element ? bits_of (weights[link]) : 0];
      count += members[count] != 0;
    }
  /* A source that depends on others is what it is, and what they are. */
  if (link == end && count && nodes[node])
    members[count++] = *pattern_sets (pattern, node);
  if (link == end && count && (nodes[node] || pattern_make (pattern, node, 1)))
    *pattern_sets (pattern, node) = pattern_union (pattern, members, count);
  pattern->scratch.used = before;
  return link == end;
}

static void
follow (struct pattern *pattern, uint32_t node)
{
  const struct tape *tape = pattern->tape;
  uint32_t first = area_of (&tape->ends, uint32_t)[node - 1], end = area_of (&tape->ends, uint32_t)[node];
  size_t size = 1, before = pattern->scratch.used, heads = area_count (&pattern->heads, uint32_t);
  bool is_array = tape_is_array (tape, node, &size);
  if (!is_array && follow_number (pattern, node, first, end))
    return;
  first += is_array;
  if (is_array && first < end && take_over (pattern, node, end - 1))
    end--;
  if (heads < size)
    area_push (&pattern->heads, (size - heads) * sizeof (uint32_t));
  struct joining joining = { .pattern = pattern, .heads = area_of (&pattern->heads, uint32_t) };
  for (uint32_t link = first; link < end && !pattern->full; link++)
    join_link (&joining, node, link, size);
  if (pattern->full || (!area_of (&pattern->nodes, uint32_t)[node] && !pattern_make (pattern, node, size)))
    return;
  uint32_t *own = pattern_sets (pattern, node);
  const uint32_t *entries = area_of (&pattern->scratch, uint32_t), *touched = area_of (&pattern->touched, uint32_t);
  for (size_t k = 0; k < area_count (&pattern->touched, uint32_t) && !pattern->full; k++)
    {
      size_t i = touched[k], mark = pattern->scratch.used, count = 0;
      for (uint32_t at = joining.heads[i]; at; at = entries[2 * (at - 1) + 1], count++)
        *area_add (&pattern->scratch, uint32_t) = entries[2 * (at - 1)];
      joining.heads[i] = 0;
      /* A source that depends on others is what it is, and what they are. */
      if (own[i])
        *area_add (&pattern->scratch, uint32_t) = own[i];
      count += own[i] != 0;
      own[i] = pattern_union (pattern, (uint32_t *)(pattern->scratch.start + mark), count);
      pattern->scratch.used = mark;
    }
  pattern->touched.used = 0;
  pattern->scratch.used = before;
}

/* The nodes that a result is made of. */
static void
mark (const struct tape *tape, unsigned char *needed, uint32_t top)
{
  const uint32_t *ends = area_of (&tape->ends, uint32_t), *operands = area_of (&tape->operands, uint32_t);
  const struct loop *loops = area_of (&tape->loops, struct loop), *loop = tape_loops_end (tape);
  for (uint32_t node = top; node > 0; node--)
    {
      for (uint32_t link = ends[node - 1]; needed[node] && link < ends[node]; link++)
        if (!passes_nothing (tape, link))
          needed[operands[link] & ~(uint32_t)LINK_SIZE] = 1;
      while (loop > loops && loop[-1].first > node)
        loop--;
      for (uint32_t cell = 0; loop > loops && loop[-1].first == node && cell < loop[-1].cell_count; cell++)
        needed[loop_before (tape, &loop[-1], cell)] = 1;
    }
}

void
pattern_open (struct pattern *pattern, const struct tape *tape, const uint32_t *sources, const size_t *offsets,
              size_t source_count, const uint32_t *results, size_t count)
{
  struct memory *memory = tape->memory;
  uint32_t top = 0;
  *pattern = (struct pattern){ .tape = tape };
  area_open (&pattern->sets, memory, (size_t)16 << 30, "the pattern");
  area_open (&pattern->elements, memory, (size_t)16 << 30, "the pattern");
  area_open (&pattern->nodes, memory, tape_count (tape) * sizeof (uint32_t), "the pattern");
  area_open (&pattern->at, memory, (size_t)16 << 30, "the pattern");
  area_open (&pattern->scratch, memory, (size_t)16 << 30, "the pattern");
  area_open (&pattern->heads, memory, (size_t)16 << 30, "the pattern");
  area_open (&pattern->touched, memory, (size_t)16 << 30, "the pattern");
  struct area needed;
  area_open (&needed, memory, tape_count (tape), "the pattern");
  unsigned char *marks = area_push (&needed, tape_count (tape));
  area_push (&pattern->nodes, tape_count (tape) * sizeof (uint32_t));
  pattern_set_new (pattern, 0, 0);
  for (size_t i = 0; i < count; i++)
    {
      marks[results[i]] = 1;
      top = results[i] > top ? results[i] : top;
    }
  mark (tape, marks, top);
  for (size_t s = 0; s < source_count; s++)
    {
      size_t size = 1;
      tape_is_array (tape, sources[s], &size);
      area_of (&pattern->nodes, uint32_t)[sources[s]] = (uint32_t)area_count (&pattern->at, uint32_t) + 1;
      for (size_t k = 0; k < size; k++)
        {
          size_t start = area_count (&pattern->elements, uint32_t);
          *area_add (&pattern->elements, uint32_t) = (uint32_t)(offsets[s] + k);
          *area_add (&pattern->at, uint32_t) = pattern_set_new (pattern, start, 1);
        }
    }
  const struct loop *loop = area_of (&tape->loops, struct loop), *loops_end = tape_loops_end (tape);
  for (uint32_t node = 1; node <= top && !pattern->full; node++)
    {
      /* All results at once; they have no links that would be followed. */
      if (loop < loops_end && loop->first == node)
        pattern_loop (pattern, loop++);
      if (marks[node])
        follow (pattern, node);
    }
  area_close (&needed);
}

void
pattern_close (struct pattern *pattern)
{
  struct area *areas[] = { &pattern->sets,    &pattern->elements, &pattern->nodes,  &pattern->at,
                           &pattern->scratch, &pattern->heads,    &pattern->touched };
  for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
    area_close (areas[i]);
}

struct pattern_set
pattern_of (const struct pattern *pattern, uint32_t node, size_t element)
{
  if (!area_of (&pattern->nodes, uint32_t)[node])
    return (struct pattern_set){ 0, 0 };
  return area_of (&pattern->sets, struct pattern_set)[pattern_sets (pattern, node)[element]];
}
