/* shared.c -- formulas in which what they have in common stands in front. */
#include "answers/shared.h"

#include <string.h>

#include "base/heap.h"

enum
{
  MOST = 1 << 16 /* bytes that come of it */
};

/* What @N stands for, in the text that was made. */
struct common
{
  size_t number, at, size;
};

struct sharing
{
  struct memory *memory;
  struct common *commons;
  size_t count;
  char *text; /* the formulas of all of them, and at last the one that is wanted */
  size_t used;
  const char *fault;
};

/* Without the name that CasADi puts around a formula: SX(...). */
static struct part
bare (struct part right)
{
  right = part_trim (right);
  bool wrapped = right.size > 4 && (memcmp (right.text, "SX(", 3) == 0 || memcmp (right.text, "MX(", 3) == 0)
                 && right.text[right.size - 1] == ')';
  return wrapped ? part_trim ((struct part){ right.text + 3, right.size - 4 }) : right;
}

/* The number behind @, and where the text goes on; 0: there is none. */
static size_t
number_at (struct part part, size_t at, size_t *behind)
{
  size_t number = 0;
  if (at >= part.size || part.text[at] != '@')
    return 0;
  for (at++; at < part.size && part.text[at] >= '0' && part.text[at] <= '9' && number < MOST; at++)
    number = 10 * number + (size_t)(part.text[at] - '0');
  *behind = at;
  return number;
}

bool
shared_is (struct part right)
{
  size_t behind;
  right = bare (right);
  return number_at (right, 0, &behind) > 0 && behind < right.size && right.text[behind] == '=';
}

static void
write_bytes (struct sharing *sharing, const char *text, size_t size)
{
  if (sharing->used + size > MOST)
    sharing->fault = "what stands for @1, @2, ... makes it too long";
  if (sharing->fault)
    return;
  sharing->text = heap_grow (sharing->memory, sharing->text, sharing->used + size + 1, 1, "the answers");
  /* From what was made before it may have to move along. */
  memcpy (sharing->text + sharing->used, text, size);
  sharing->used += size;
  sharing->text[sharing->used] = 0;
}

static void
write_common (struct sharing *sharing, size_t number)
{
  for (size_t i = sharing->count; i-- > 0;)
    if (sharing->commons[i].number == number)
      {
        struct common common = sharing->commons[i];
        char *copy = heap_copy (sharing->memory, sharing->text + common.at, common.size, "the answers");
        write_bytes (sharing, copy, common.size);
        heap_give (copy);
        return;
      }
  sharing->fault = "nothing stands in front for one of @1, @2, ...";
}

/* Writes a formula, with what stands for @N in its places. */
static void
write_formula (struct sharing *sharing, struct part formula)
{
  for (size_t i = 0; i < formula.size && !sharing->fault;)
    {
      size_t behind, number = number_at (formula, i, &behind);
      if (number)
        {
          write_common (sharing, number);
          i = behind;
        }
      else
        write_bytes (sharing, &formula.text[i++], 1);
    }
}

/* Up to the next comma at the top level, or the end. */
static size_t
comma (struct part part)
{
  int depth = 0;
  size_t i = 0;
  for (; i < part.size; i++)
    {
      char c = part.text[i];
      depth += (c == '(' || c == '[') - (c == ')' || c == ']');
      if (c == ',' && depth <= 0)
        break;
    }
  return i;
}

/* Whether a formula needs no brackets: a name, a number, a call or what has some. */
static bool
is_single (struct part formula)
{
  size_t i = 0;
  int depth = 0;
  while (i < formula.size && (part_in_word (formula.text[i]) || formula.text[i] == '.'))
    i++;
  for (; i < formula.size; i++)
    {
      depth += (formula.text[i] == '(') - (formula.text[i] == ')');
      if (depth <= 0)
        break;
    }
  return i + 1 >= formula.size;
}

char *
shared_read (struct memory *memory, struct part right, const char **fault)
{
  struct sharing sharing = { .memory = memory };
  struct part rest = bare (right);
  while (shared_is (rest) && !sharing.fault)
    {
      size_t behind, number = number_at (rest, 0, &behind), end = comma (rest);
      struct part formula = part_trim ((struct part){ rest.text + behind + 1, end - behind - 1 });
      size_t at = sharing.used;
      bool single = is_single (formula);
      write_bytes (&sharing, "(", !single);
      write_formula (&sharing, formula);
      write_bytes (&sharing, ")", !single);
      sharing.commons
        = heap_grow (memory, sharing.commons, sharing.count + 1, sizeof *sharing.commons, "the answers");
      sharing.commons[sharing.count++] = (struct common){ number, at, sharing.used - at };
      end += end < rest.size;
      rest = part_trim ((struct part){ rest.text + end, rest.size - end });
    }
  size_t start = sharing.used;
  write_formula (&sharing, rest);
  char *text = sharing.fault ? NULL : heap_copy (memory, sharing.text + start, sharing.used - start, "the answers");
  *fault = sharing.fault;
  heap_give (sharing.text);
  heap_give (sharing.commons);
  return text;
}
