/* tape.c -- the program run once: for every value that varies, its links to the values it was made of. */
#include "tape/tape.h"

void
tape_open (struct tape *tape, struct memory *memory, struct arrays *arrays)
{
  *tape = (struct tape){ .memory = memory, .arrays = arrays };
  enum
  {
    LINKS = 256 /* of a small run, which then needs no address space of its own */
  };
  area_open_small (&tape->ends, memory, LINKS * sizeof (uint32_t), (size_t)4 << 30, "the tape");
  area_open_small (&tape->weights, memory, LINKS * sizeof (double), (size_t)32 << 30, "the tape");
  area_open_small (&tape->operands, memory, LINKS * sizeof (uint32_t), (size_t)16 << 30, "the tape");
  area_open (&tape->linears, memory, (size_t)1 << 40, "the tape");
  area_open (&tape->loops, memory, (size_t)1 << 38, "the tape");
  area_open (&tape->loop_blocks, memory, (size_t)1 << 40, "the tape");
  area_open (&tape->loop_nodes, memory, (size_t)1 << 38, "the tape");
  area_open (&tape->loop_numbers, memory, (size_t)1 << 40, "the tape");
  area_open (&tape->loop_forms, memory, (size_t)1 << 36, "the tape");
  tape_node (tape);
}

static void
drop_linears (struct tape *tape)
{
  struct linear *linears = area_of (&tape->linears, struct linear);
  for (size_t i = 0; i < area_count (&tape->linears, struct linear); i++)
    linear_drop (tape->arrays, &linears[i]);
}

static void
each_area (struct tape *tape, void (*act) (struct area *area))
{
  struct area *areas[] = { &tape->ends,        &tape->weights,    &tape->operands,     &tape->linears,   &tape->loops,
                           &tape->loop_blocks, &tape->loop_nodes, &tape->loop_numbers, &tape->loop_forms };
  for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
    act (areas[i]);
}

void
tape_close (struct tape *tape)
{
  if (!tape->memory)
    return;
  drop_linears (tape);
  each_area (tape, area_close);
}

void
tape_empty (struct tape *tape)
{
  drop_linears (tape);
  each_area (tape, area_empty);
  tape->unbounded = 0;
  tape->careful = false;
  memset (tape->recent, 0, sizeof tape->recent);
  tape_node (tape);
}

void
tape_link_linear (struct tape *tape, uint32_t operand, const struct linear *linear)
{
  size_t index = area_count (&tape->linears, struct linear);
  struct linear *kept = area_add (&tape->linears, struct linear);
  *kept = *linear;
  kept->finite = kept->finite || linear_is_finite (kept);
  if (!kept->finite)
    tape_unbound (tape);
  tape_link_bits (tape, operand | LINK_LINEAR, index);
}

uint32_t
tape_source (struct tape *tape, bool is_array, size_t size)
{
  if (is_array)
    tape_size (tape, size);
  return tape_node (tape);
}

bool
tape_is_array (const struct tape *tape, uint32_t node, size_t *size)
{
  const uint32_t *ends = area_of (&tape->ends, uint32_t);
  uint32_t first = ends[node - 1];
  if (first == ends[node] || area_of (&tape->operands, uint32_t)[first] != LINK_SIZE)
    return false;
  *size = bits_of (area_of (&tape->weights, double)[first]);
  return true;
}

const struct linear *
tape_map (const struct tape *tape, uint32_t node, uint32_t link, struct linear *room)
{
  uint32_t operand = area_of (&tape->operands, uint32_t)[link];
  uint64_t bits = bits_of (area_of (&tape->weights, double)[link]);
  if (operand & LINK_LINEAR)
    return area_of (&tape->linears, struct linear) + bits;
  *room = (struct linear){
    .finite = true, .scale = 1, .operand_size = 1, .result_size = 1, .layout.offset = (ptrdiff_t)bits
  };
  bool from_array = tape_is_array (tape, operand & ~(uint32_t)LINK_SIZE, &room->operand_size);
  bool to_array = tape_is_array (tape, node, &room->result_size);
  room->kind = !to_array ? LINEAR_SCALE : from_array ? LINEAR_KEEP : LINEAR_REDUCE;
  room->in_place = room->kind == LINEAR_KEEP;
  return room;
}

static bool
has_zero (const double *elements, size_t count)
{
  bool found = false;
  for (size_t i = 0; i < count; i++)
    found |= elements[i] == 0 && !is_flat (elements[i]);
  return found;
}

static bool
linear_has_zeros (const struct linear *linear)
{
  if (!(linear_info[linear->kind].traits & BY_ELEMENT) || linear->constant)
    return false;
  return linear->coefficients ? has_zero (linear->coefficients->elements, linear->coefficients->size)
                              : has_zero (&linear->scale, 1);
}

bool
tape_has_zeros (const struct tape *tape)
{
  const struct loop *loop = area_of (&tape->loops, struct loop), *loops_end = tape_loops_end (tape);
  const uint32_t *operands = area_of (&tape->operands, uint32_t);
  const double *weights = area_of (&tape->weights, double);
  uint32_t end = area_of (&tape->ends, uint32_t)[tape->unbounded];
  for (uint32_t link = 0; link < end; link++)
    if (operands[link] & LINK_LINEAR
          ? operands[link] != LINK_SIZE
              && linear_has_zeros (area_of (&tape->linears, struct linear) + bits_of (weights[link]))
          : !(operands[link] & LINK_ELEMENT) && has_zero (&weights[link], 1))
      return true;
  for (; loop < loops_end && loop->first < tape->unbounded; loop++)
    if (loop_has_zeros (tape, loop))
      return true;
  return false;
}

/* Marks the maps of nodes that keep their links, and maps that such are the transposes of. */
static void
mark_linears (const struct tape *tape, const unsigned char *fates, uint32_t *marks)
{
  const uint32_t *ends = area_of (&tape->ends, uint32_t), *operands = area_of (&tape->operands, uint32_t);
  const struct linear *linears = area_of (&tape->linears, struct linear);
  for (uint32_t node = 1; node < tape_count (tape); node++)
    for (uint32_t link = ends[node - 1]; fates[node] >= NODE_LINKED && link < ends[node]; link++)
      if ((operands[link] & LINK_SIZE) == LINK_LINEAR)
        marks[bits_of (area_of (&tape->weights, double)[link])] = 1;
  for (size_t i = area_count (&tape->linears, struct linear); i-- > 0;)
    if (marks[i] && linears[i].kind == LINEAR_TRANSPOSE)
      marks[linears[i].of - linears] = 1;
}

/* Moves the maps that are marked to the front; marks become their new places. */
static void
thin_linears (struct tape *tape, uint32_t *marks)
{
  struct linear *linears = area_of (&tape->linears, struct linear);
  uint32_t kept = 0;
  for (size_t i = 0; i < area_count (&tape->linears, struct linear); i++)
    {
      if (!marks[i])
        {
          linear_drop (tape->arrays, &linears[i]);
          continue;
        }
      struct linear map = linears[i];
      if (map.kind == LINEAR_TRANSPOSE)
        map.of = linears + marks[map.of - linears];
      marks[i] = kept;
      linears[kept++] = map;
    }
  tape->linears.used = kept * sizeof *linears;
}

/* The links of the nodes that are left, in a row; `places` tells where maps are now. */
static void
thin_links (struct tape *tape, const unsigned char *fates, const uint32_t *numbers, const uint32_t *places)
{
  uint32_t *ends = area_of (&tape->ends, uint32_t), *operands = area_of (&tape->operands, uint32_t);
  double *weights = area_of (&tape->weights, double);
  uint32_t count = tape_count (tape), kept = 1, used = 0;
  for (uint32_t node = 1, first = 0, end; node < count; node++, first = end)
    {
      end = ends[node];
      if (fates[node] == NODE_GONE)
        continue;
      for (uint32_t link = first; link < end; link++)
        {
          uint32_t operand = operands[link], kind = operand & LINK_SIZE;
          if (fates[node] == NODE_SOURCE && operand != LINK_SIZE)
            break;
          double weight = weights[link];
          if (kind == LINK_LINEAR)
            weight = from_bits (places[bits_of (weight)]);
          operands[used] = kind | numbers[operand & ~(uint32_t)LINK_SIZE];
          weights[used++] = weight;
        }
      ends[kept++] = used;
    }
  tape->ends.used = kept * sizeof *ends;
  tape->operands.used = used * sizeof *operands;
  tape->weights.used = used * sizeof *weights;
}

void
tape_thin (struct tape *tape, const unsigned char *fates, const uint32_t *numbers)
{
  struct area places;
  uint32_t count = tape_count (tape), unbounded = tape->unbounded;
  area_open (&places, tape->memory, (size_t)16 << 30, "the tape");
  uint32_t *marks = area_push (&places, (area_count (&tape->linears, struct linear) + 1) * sizeof *marks);
  mark_linears (tape, fates, marks);
  thin_linears (tape, marks);
  while (unbounded && unbounded < count && fates[unbounded] < NODE_LINKED)
    unbounded++;
  tape->unbounded = unbounded && unbounded < count ? numbers[unbounded] : 0;
  thin_links (tape, fates, numbers, marks);
  memset (tape->recent, 0, sizeof tape->recent);
  area_close (&places);
}

static void
dump_loop (const struct tape *tape, const struct loop *loop, FILE *out)
{
  fprintf (out, "loop of %zu iterations:", loop->iterations);
  for (uint32_t cell = 0; cell < loop->cell_count; cell++)
    if (loop_before (tape, loop, cell))
      fprintf (out, " %u", loop_before (tape, loop, cell));
  fputs (" to", out);
  for (uint32_t cell = 0; cell < loop->cell_count; cell++)
    if (loop_after (tape, loop, cell))
      fprintf (out, " %u", loop_after (tape, loop, cell));
  putc ('\n', out);
}

void
tape_dump (const struct tape *tape, FILE *out)
{
  const uint32_t *ends = area_of (&tape->ends, uint32_t);
  const uint32_t *operands = area_of (&tape->operands, uint32_t);
  const double *weights = area_of (&tape->weights, double);
  const struct loop *loop = area_of (&tape->loops, struct loop), *loops_end = tape_loops_end (tape);
  for (uint32_t node = 1; node < tape_count (tape); node++)
    {
      if (loop < loops_end && loop->first == node)
        dump_loop (tape, loop++, out);
      fprintf (out, "%6u ", node);
      for (uint32_t link = ends[node - 1]; link < ends[node]; link++)
        {
          uint32_t from = operands[link] & ~(uint32_t)LINK_SIZE;
          if (operands[link] == LINK_SIZE)
            fprintf (out, " array of %zu", (size_t)bits_of (weights[link]));
          else if (operands[link] & LINK_LINEAR)
            fprintf (out, "  %u %s", from,
                     linear_info[area_of (&tape->linears, struct linear)[bits_of (weights[link])].kind].name);
          else if (operands[link] & LINK_ELEMENT)
            fprintf (out, "  %u element %zu", from, (size_t)bits_of (weights[link]));
          else
            fprintf (out, "  %u * %.17g", from, weights[link]);
        }
      putc ('\n', out);
    }
}
