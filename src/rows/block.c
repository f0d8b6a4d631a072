/* block.c -- records that wait to be evaluated together. */
#include "rows/block.h"

#include <string.h>

#include "base/heap.h"

void
block_open (struct block *block, struct memory *memory, size_t width)
{
  block->width = width;
  block->numbers = heap_take (memory, LANES * width, sizeof *block->numbers, "the records");
  block->records = heap_take (memory, LANES, sizeof *block->records, "the records");
  area_open (&block->text, memory, (size_t)1 << 40, "the records");
}

void
block_close (struct block *block)
{
  for (size_t i = 0; i < block->way_count; i++)
    lane_way_free (block->ways[i]);
  heap_give (block->numbers);
  heap_give (block->records);
  area_close (&block->text);
  *block = (struct block){ 0 };
}

bool
block_add (struct block *block, const struct intake *intake)
{
  struct record *record = &block->records[block->count];
  *record = intake->record;
  if (!block->count)
    block->text.used = 0;
  if (block->keeps_text)
    {
      char *text = area_push (&block->text, record->size + 1);
      memcpy (text, record->text, record->size);
      text[record->size] = 0;
      record->text = text;
    }
  memcpy (block->numbers + block->count * block->width, intake->numbers, block->width * sizeof *block->numbers);
  return ++block->count == LANES;
}

void
block_run (const struct block *block, struct block_place places[LANES])
{
  uint16_t which[LANES];
  unsigned char fates[LANES];
  size_t left = block->count;
  for (size_t i = 0; i < left; i++)
    {
      which[i] = (uint16_t)i;
      places[i] = (struct block_place){ NULL, 0, true };
    }
  for (size_t k = 0; k < block->way_count && left; k++)
    {
      size_t others = 0;
      lane_way_run (block->ways[k], block->numbers, block->width, which, left, fates);
      for (size_t i = 0; i < left; i++)
        if (fates[i] == LANE_OTHER)
          which[others++] = which[i];
        else
          places[which[i]] = (struct block_place){ fates[i] == LANE_GOOD ? block->ways[k] : NULL, (uint16_t)i, false };
      left = others;
    }
}
