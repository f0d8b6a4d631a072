/* way_kept.c -- what iterations keep: columns of numbers, most of which take less room than their numbers.

   What a loop computes mostly moves on smoothly: then the bits of its numbers, read as integers, differ by little more
   or less from one iteration to the next than they did before, and these changes of differences have few bits. */
#include <string.h>

#include "base/bits.h"
#include "machine/body.h"

enum
{
  FEWEST = 8 /* iterations that are worth a look */
};

/* How a column is written. */
enum column_form
{
  AS_IT_IS,
  EVEN,            /* the first number and the step; ... */
  CHANGES_OF_BYTE, /* ... the first number, the first difference, and how the differences change */
  CHANGES_OF_TWO,
  CHANGES_OF_FOUR
};

/* Bytes of so many elements, up to the next double. */
static size_t
whole_doubles (size_t count, size_t size)
{
  return (count * size + sizeof (double) - 1) / sizeof (double) * sizeof (double);
}

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

/* How the differences between numbers change, from the third number on; all bits that some change needs, but for its
   sign. */
static uint64_t
find_changes (const double *column, uint32_t count, int64_t *changes)
{
  uint64_t needed = 0;
  for (uint32_t i = 2; i < count; i++)
    {
      changes[i - 2] = (int64_t)(bits_of (column[i]) - 2 * bits_of (column[i - 1]) + bits_of (column[i - 2]));
      needed |= (uint64_t)(changes[i - 2] < 0 ? ~changes[i - 2] : changes[i - 2]);
    }
  return needed;
}

#define PUT(type)                                                                                                      \
  do                                                                                                                   \
    {                                                                                                                  \
      type *to = area_push (area, whole_doubles (count - 2, sizeof *to));                                              \
      for (uint32_t i = 0; i < count - 2; i++)                                                                         \
        to[i] = (type)changes[i];                                                                                      \
    }                                                                                                                  \
  while (0)

/* Writes a column; how. */
static enum column_form
write_column (const double *column, uint32_t count, struct area *area)
{
  int64_t changes[LOOP_BLOCK];
  if (is_even (column, count))
    {
      double *ends = area_push (area, 2 * sizeof *ends);
      ends[0] = column[0];
      ends[1] = column[1] - column[0];
      return EVEN;
    }
  /* The first few tell of most columns that are not smooth. */
  if (find_changes (column, FEWEST, changes) > INT32_MAX)
    return AS_IT_IS;
  const uint64_t needed = find_changes (column, count, changes);
  if (needed > INT32_MAX)
    return AS_IT_IS;
  double *start = area_push (area, 2 * sizeof *start);
  start[0] = column[0];
  start[1] = from_bits (bits_of (column[1]) - bits_of (column[0]));
  if (needed <= INT8_MAX)
    PUT (int8_t);
  else if (needed <= INT16_MAX)
    PUT (int16_t);
  else
    PUT (int32_t);
  return needed <= INT8_MAX ? CHANGES_OF_BYTE : needed <= INT16_MAX ? CHANGES_OF_TWO : CHANGES_OF_FOUR;
}

void
way_write_kept (const struct body_way *way, uint32_t count, struct area *area)
{
  const uint32_t columns = way->form.kept_count;
  const bool looks = count >= FEWEST && columns;
  uint8_t *forms = looks ? area_push (area, whole_doubles (columns, sizeof *forms)) : NULL;
  for (uint32_t k = 0; k < columns; k++)
    {
      const double *column = way->kept + (size_t)k * LOOP_BLOCK;
      const enum column_form form = looks ? write_column (column, count, area) : AS_IT_IS;
      if (looks)
        forms[k] = (uint8_t)form;
      if (form == AS_IT_IS)
        memcpy (area_push (area, count * sizeof *column), column, count * sizeof *column);
    }
}

#define TAKE(type)                                                                                                     \
  do                                                                                                                   \
    {                                                                                                                  \
      const type *changes = (const type *)(start + 2);                                                                 \
      for (uint32_t i = 1; i < count; i++)                                                                             \
        {                                                                                                              \
          number += difference;                                                                                        \
          column[i] = from_bits (number);                                                                              \
          difference += (uint64_t)(int64_t)changes[i - 1];                                                             \
        }                                                                                                              \
      return start + 2 + whole_doubles (count - 2, sizeof *changes) / sizeof *start;                                   \
    }                                                                                                                  \
  while (0)

/* Reads a column of changes from where it stands; what is behind it. */
static const double *
read_changes (enum column_form form, const double *start, double *column, uint32_t count)
{
  uint64_t number = bits_of (start[0]), difference = bits_of (start[1]);
  column[0] = start[0];
  if (form == CHANGES_OF_BYTE)
    TAKE (int8_t);
  if (form == CHANGES_OF_TWO)
    TAKE (int16_t);
  TAKE (int32_t);
}

void
way_read_kept (const struct body_way *way, uint32_t count, const double **kept)
{
  const uint32_t columns = way->form.kept_count;
  const bool looks = count >= FEWEST && columns;
  const uint8_t *forms = (const uint8_t *)*kept;
  *kept += looks ? whole_doubles (columns, sizeof *forms) / sizeof **kept : 0;
  for (uint32_t k = 0; k < columns; k++)
    {
      const uint16_t to = way->kept_columns[k];
      const enum column_form form = looks ? forms[k] : AS_IT_IS;
      double *column = way->room + (size_t)to * LOOP_BLOCK;
      if (form == AS_IT_IS)
        {
          way->columns[to] = (double *)*kept;
          *kept += count;
          continue;
        }
      way->columns[to] = column;
      if (form == EVEN)
        {
          fill (column, count, (*kept)[0], (*kept)[1]);
          *kept += 2;
        }
      else
        *kept = read_changes (form, *kept, column, count);
    }
}
