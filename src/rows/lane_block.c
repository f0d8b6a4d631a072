/* lane_block.c -- records that wait to be evaluated together. */
#include "rows/lane_block.h"

#include <string.h>

#include "base/heap.h"

void
block_open (struct block *block, struct memory *memory, size_t width, size_t room, bool keeps_text)
{
  *block = (struct block){ .width = width, .room = room, .keeps_text = keeps_text };
  block->numbers = heap_take (memory, room * width, sizeof *block->numbers, "the records");
  block->records = heap_take (memory, room, sizeof *block->records, "the records");
  if (keeps_text)
    block->text = heap_take (memory, 2, BLOCK_LONG + 1, "the records");
}

void
block_close (struct block *block)
{
  heap_give (block->numbers);
  heap_give (block->records);
  heap_give (block->text);
  *block = (struct block){ 0 };
}

bool
block_add (struct block *block, const struct intake *intake)
{
  struct record *record = &block->records[block->count];
  *record = intake->record;
  if (block->keeps_text)
    {
      memcpy (block->text + block->text_used, record->text, record->size);
      block->text_used += record->size + 1;
      block->text[block->text_used - 1] = 0;
    }
  memcpy (block->numbers + block->count * block->width, intake->numbers, block->width * sizeof *block->numbers);
  return ++block->count == block->room || block->text_used > BLOCK_LONG;
}

void
block_seal (struct block *block)
{
  const char *text = block->text;
  for (size_t i = 0; i < block->count && block->keeps_text; i++)
    {
      block->records[i].text = text;
      text += block->records[i].size + 1;
    }
}

void
block_empty (struct block *block)
{
  block->count = block->text_used = 0;
}

size_t
block_run (const struct block *block, size_t first, struct lane_way *const ways[], size_t way_count,
           struct block_place places[LANES])
{
  uint16_t which[LANES];
  unsigned char fates[LANES];
  size_t count = block->count - first < LANES ? block->count - first : LANES, left = count;
  const double *numbers = block->numbers + first * block->width;
  for (size_t i = 0; i < left; i++)
    {
      which[i] = (uint16_t)i;
      places[i] = (struct block_place){ NULL, 0, true };
    }
  for (size_t k = 0; k < way_count && left; k++)
    {
      size_t others = 0;
      lane_way_run (ways[k], numbers, block->width, which, left, fates);
      for (size_t i = 0; i < left; i++)
        if (fates[i] == LANE_OTHER)
          which[others++] = which[i];
        else
          places[which[i]] = (struct block_place){ fates[i] == LANE_GOOD ? ways[k] : NULL, (uint16_t)i, false };
      left = others;
    }
  return count;
}

size_t
block_lanes (const struct block_place *places, size_t count, const struct lane_way *way, uint16_t lanes[LANES])
{
  size_t found = 0;
  for (size_t i = 0; i < count; i++)
    if (places[i].way == way)
      lanes[found++] = places[i].lane;
  return found;
}
