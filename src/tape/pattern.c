/* pattern.c -- which elements of the sources each element of a value can depend on. */
#include "tape/pattern.h"

#include "tape/order.h"

#include "linear/contraction.h"

enum
{
  ENTRIES = 100000000 /* elements of all sets, and sets of all elements, beyond which nothing is gained */
};

static uint32_t
set_new (struct pattern *pattern, size_t start, uint32_t count)
{
  *area_add (&pattern->sets, struct pattern_set) = (struct pattern_set){ start, count };
  return (uint32_t)area_count (&pattern->sets, struct pattern_set) - 1;
}

static bool
set_equals (const struct pattern *pattern, uint32_t set, const uint32_t *elements, uint32_t count)
{
  struct pattern_set known = area_of (&pattern->sets, struct pattern_set)[set];
  return known.count == count
         && memcmp (area_of (&pattern->elements, uint32_t) + known.start, elements, count * sizeof *elements) == 0;
}

/* The union of sets by number; a set that is there already is used again. */
static uint32_t
set_union (struct pattern *pattern, uint32_t *members, size_t count)
{
  const struct pattern_set *sets = area_of (&pattern->sets, struct pattern_set);
  /* Mostly they are few, and the same. */
  if (count == 1 || (count == 2 && (members[0] == members[1] || !members[1])))
    return members[0];
  if (count == 2 && !members[0])
    return members[1];
  order_numbers (&pattern->scratch, members, count);
  size_t different = 0, total = 0;
  for (size_t i = 0; i < count; i++)
    if (members[i] && (!different || members[i] != members[different - 1]))
      {
        members[different++] = members[i];
        total += sets[members[i]].count;
      }
  if (different <= 1)
    return different ? members[0] : 0;
  if (pattern->elements.used / sizeof (uint32_t) + total > ENTRIES)
    {
      pattern->full = true;
      return 0;
    }
  uint32_t *merged = area_push (&pattern->elements, total * sizeof *merged);
  size_t start = (size_t)(merged - area_of (&pattern->elements, uint32_t)), used = 0;
  for (size_t i = 0; i < different; i++)
    {
      struct pattern_set set = sets[members[i]];
      memcpy (merged + used, area_of (&pattern->elements, uint32_t) + set.start, set.count * sizeof *merged);
      used += set.count;
    }
  order_numbers (&pattern->scratch, merged, total);
  uint32_t kept = 0;
  for (size_t i = 0; i < total; i++)
    if (!kept || merged[i] != merged[kept - 1])
      merged[kept++] = merged[i];
  for (size_t i = 0; i < different; i++)
    if (set_equals (pattern, members[i], merged, kept))
      {
        pattern->elements.used = start * sizeof *merged;
        return members[i];
      }
  pattern->elements.used = (start + kept) * sizeof *merged;
  return set_new (pattern, start, kept);
}

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
    default:
      return linear->kind == LINEAR_CONTRACT && contraction_pairs (linear, tell, data);
    }
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

static uint32_t *
sets_of (const struct pattern *pattern, uint32_t node)
{
  return area_of (&pattern->at, uint32_t) + area_of (&pattern->nodes, uint32_t)[node] - 1;
}

/* Everything that an operand depends on. */
static uint32_t
union_of_all (struct pattern *pattern, const uint32_t *sets, size_t size)
{
  size_t before = pattern->scratch.used;
  uint32_t *members = area_push (&pattern->scratch, size * sizeof *members);
  memcpy (members, sets, size * sizeof *members);
  uint32_t set = set_union (pattern, members, size);
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
  const struct linear *linear = area_of (&tape->linears, struct linear) + weight_bits (weight);
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
  joining->operand = sets_of (pattern, from);
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
  clear_replaced (linear, sets_of (pattern, from));
  nodes[node] = nodes[from];
  nodes[from] = 0;
  return true;
}

/* The sets of a node's elements; false where there is no room for them. */
static bool
make_sets (struct pattern *pattern, uint32_t node, size_t size)
{
  if (area_count (&pattern->at, uint32_t) + size > ENTRIES)
    {
      pattern->full = true;
      return false;
    }
  area_of (&pattern->nodes, uint32_t)[node] = (uint32_t)area_count (&pattern->at, uint32_t) + 1;
  area_push (&pattern->at, size * sizeof (uint32_t));
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
      members[count] = sets_of (pattern, from)[element ? weight_bits (weights[link]) : 0];
      count += members[count] != 0;
    }
  /* A source that depends on others is what it is, and what they are. */
  if (link == end && count && nodes[node])
    members[count++] = *sets_of (pattern, node);
  if (link == end && count && (nodes[node] || make_sets (pattern, node, 1)))
    *sets_of (pattern, node) = set_union (pattern, members, count);
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
  if (pattern->full || (!area_of (&pattern->nodes, uint32_t)[node] && !make_sets (pattern, node, size)))
    return;
  uint32_t *own = sets_of (pattern, node);
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
      own[i] = set_union (pattern, (uint32_t *)(pattern->scratch.start + mark), count);
      pattern->scratch.used = mark;
    }
  pattern->touched.used = 0;
  pattern->scratch.used = before;
}

/* The set of an element of an array that the loop reads. */
static uint32_t
element_of (struct pattern *pattern, const struct loop *loop, const struct loop_form *form,
            const double *const *coefficients, uint32_t link, uint32_t i)
{
  uint32_t node = loop_before (pattern->tape, loop, form->from[link]);
  size_t size;
  if (!area_of (&pattern->nodes, uint32_t)[node])
    return 0;
  tape_is_array (pattern->tape, node, &size);
  return sets_of (pattern, node)[loop_position (form, coefficients, link, i, size)];
}

/* One iteration, the i-th of its form. */
static void
follow_iteration (struct pattern *pattern, const struct loop *loop, const struct loop_form *form,
                  const double *const *coefficients, uint32_t i, uint32_t *cells)
{
  for (uint32_t a = 0, link = 0; a < form->assignment_count; a++)
    {
      uint32_t members[LOOP_ALL_CELLS], count = 0;
      for (; link < form->assignments[a].end; link++)
        if (!form->flat || !form->flat[link] || !is_flat (coefficients[link][i]))
          members[count++] = form->element && form->element[link]
                               ? element_of (pattern, loop, form, coefficients, link, i)
                               : cells[form->from[link]];
      cells[form->assignments[a].to] = count ? set_union (pattern, members, count) : 0;
    }
}

/* All iterations of a loop. What one iteration does not change, no other of its form does before one of another form
   has; but where links pass nothing in some, or come from elements, each has to be looked at. */
static void
follow_iterations (struct pattern *pattern, const struct loop *loop, uint32_t *cells)
{
  const struct tape *tape = pattern->tape;
  uint32_t before[LOOP_ALL_CELLS];
  size_t changes = 1, idle[LOOP_FORMS] = { 0 };
  struct loop_view view;
  for (size_t block = 0; block < loop->blocks; block++)
    {
      loop_look (tape, loop, block, &view);
      memset (view.counts, 0, sizeof view.counts);
      for (uint32_t i = 0; i < view.block->count && !pattern->full; i++)
        {
          const uint32_t k = view.block->forms[i], at = view.counts[k]++;
          if (idle[k] == changes)
            continue;
          memcpy (before, cells, sizeof before);
          follow_iteration (pattern, loop, loop->forms[k], view.coefficients[k], at, cells);
          if (memcmp (before, cells, sizeof before) != 0)
            changes++;
          else if (!loop->forms[k]->flat && !loop->forms[k]->element)
            idle[k] = changes;
        }
    }
}

/* Sets of the state of a loop, from before its iterations to behind them. */
static void
follow_loop (struct pattern *pattern, const struct loop *loop)
{
  const struct tape *tape = pattern->tape;
  uint32_t *nodes = area_of (&pattern->nodes, uint32_t), cells[LOOP_ALL_CELLS] = { 0 };
  for (uint32_t cell = 0; cell < loop->cell_count; cell++)
    {
      uint32_t node = loop_before (tape, loop, cell);
      cells[cell] = node && nodes[node] ? *sets_of (pattern, node) : 0;
    }
  follow_iterations (pattern, loop, cells);
  for (uint32_t cell = 0; cell < loop->cell_count; cell++)
    {
      uint32_t node = loop_after (tape, loop, cell);
      if (!node)
        continue;
      *area_add (&pattern->at, uint32_t) = cells[cell];
      nodes[node] = (uint32_t)area_count (&pattern->at, uint32_t);
    }
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
  set_new (pattern, 0, 0);
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
          *area_add (&pattern->at, uint32_t) = set_new (pattern, start, 1);
        }
    }
  const struct loop *loop = area_of (&tape->loops, struct loop), *loops_end = tape_loops_end (tape);
  for (uint32_t node = 1; node <= top && !pattern->full; node++)
    {
      /* All results at once; they have no links that would be followed. */
      if (loop < loops_end && loop->first == node)
        follow_loop (pattern, loop++);
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
  return area_of (&pattern->sets, struct pattern_set)[sets_of (pattern, node)[element]];
}
