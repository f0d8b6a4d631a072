/* way_kept.c -- what iterations keep: columns of numbers, of which those that go up in equal steps are two. */
#include <string.h>

#include "machine/body.h"

enum
{
  FEWEST = 8,    /* iterations that are worth a look */
  LOOKED_AT = 64 /* columns, by the bits of a number that stands before them */
};

static void
fill (double *column, uint32_t count, double start, double step)
{
  for (uint32_t i = 0; i < count; i++)
    column[i] = start + i * step;
}

/* Whether a column goes up in equal steps, as indices do, and what stays as it is, to the last bit. */
static bool
is_even (const double *column, uint32_t count)
{
  const double step = column[1] - column[0];
  double even[LOOP_BLOCK];
  if (column[2] != column[0] + 2 * step)
    return false;
  fill (even, count, column[0], step);
  return memcmp (even, column, count * sizeof *column) == 0;
}

void
way_write_kept (const struct body_way *way, uint32_t count, struct area *area)
{
  const uint32_t columns = way->form.kept_count;
  uint64_t *even = count >= FEWEST && columns ? area_push (area, sizeof *even) : NULL;
  if (even)
    *even = 0;
  for (uint32_t k = 0; k < columns; k++)
    {
      const double *column = way->kept + (size_t)k * LOOP_BLOCK;
      if (even && k < LOOKED_AT && is_even (column, count))
        {
          *even |= (uint64_t)1 << k;
          double *ends = area_push (area, 2 * sizeof *ends);
          ends[0] = column[0];
          ends[1] = column[1] - column[0];
        }
      else
        memcpy (area_push (area, count * sizeof *column), column, count * sizeof *column);
    }
}

void
way_read_kept (const struct body_way *way, uint32_t count, const double **kept)
{
  const uint32_t columns = way->form.kept_count;
  uint64_t even = 0;
  if (count >= FEWEST && columns)
    memcpy (&even, (*kept)++, sizeof even);
  for (uint32_t k = 0; k < columns; k++)
    {
      const uint16_t to = way->kept_columns[k];
      if (k < LOOKED_AT && even >> k & 1)
        {
          double *column = way->room + (size_t)to * LOOP_BLOCK;
          fill (column, count, (*kept)[0], (*kept)[1]);
          way->columns[to] = column;
          *kept += 2;
        }
      else
        {
          way->columns[to] = (double *)*kept;
          *kept += count;
        }
    }
}
