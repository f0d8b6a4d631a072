/* order.c -- numbers in rising order. */
#include "tape/order.h"

#include <string.h>

/* By the bytes of the numbers, from the last one up; `room` has room for as many. */
static void
sort_by_bytes (uint32_t *numbers, size_t count, uint32_t *room)
{
  uint32_t all = 0, *from = numbers, *to = room;
  for (size_t i = 0; i < count; i++)
    all |= numbers[i];
  for (int shift = 0; shift < 32 && all >> shift; shift += 8)
    {
      size_t places[256] = { 0 }, place = 0;
      for (size_t i = 0; i < count; i++)
        places[from[i] >> shift & 255]++;
      for (int byte = 0; byte < 256; byte++)
        {
          size_t there = places[byte];
          places[byte] = place;
          place += there;
        }
      for (size_t i = 0; i < count; i++)
        to[places[from[i] >> shift & 255]++] = from[i];
      uint32_t *sorted = to;
      to = from;
      from = sorted;
    }
  if (from != numbers)
    memcpy (numbers, from, count * sizeof *numbers);
}

void
order_numbers (struct area *scratch, uint32_t *numbers, size_t count)
{
  enum
  {
    FEW = 32
  };
  if (count > FEW)
    {
      size_t before = scratch->used;
      sort_by_bytes (numbers, count, area_push (scratch, count * sizeof *numbers));
      scratch->used = before;
    }
  for (size_t i = 1; count <= FEW && i < count; i++)
    {
      uint32_t number = numbers[i];
      size_t at = i;
      for (; at && numbers[at - 1] > number; at--)
        numbers[at] = numbers[at - 1];
      numbers[at] = number;
    }
}
