/* symbolic_parts.c -- parts that formulas have in common: each gets a name of its own, and is written once. */
#include <string.h>

#include "base/heap.h"
#include "base/number.h"
#include "formula/symbolic_step.h"
#include "formula/term_c.h"

enum
{
  LEAST = 12,       /* characters of a part that is worth a name for a reader */
  SAVED = 20,       /* and how many characters fewer the whole has with it */
  LEAST_COST = 6,   /* characters of what is worth computing once */
  HIGHEST = 60,     /* levels of a formula, beyond which a part gets a name though it stands only once */
  LENGTH = 1 << 20, /* where counting stops */
  NAME_LENGTH = 3   /* t12 */
};

/* What is known of a term while parts are looked for. */
struct look
{
  uint32_t times;  /* it is written, when what is around it has the names that it has */
  uint32_t length; /* of its text, about */
  uint16_t height;
  bool reached, varies /* it mentions a name */, named;
};

static uint32_t
sum_to (uint32_t a, uint32_t b)
{
  return a + b > LENGTH ? LENGTH : a + b;
}

/* Whether a term is an expression by itself, and more than a name or a number. */
static bool
stands_alone (const struct term *term)
{
  if (term->kind == TERM_NUMBER || term->kind == TERM_NAME)
    return false;
  return term->kind != TERM_CALL || term->op < OPS || term->op == TERM_INDEX || term->op == TERM_ARRAY;
}

static uint32_t
number_length (double number)
{
  char text[NUMBER_SIZE];
  number_print (text, number, 0);
  return (uint32_t)strlen (text);
}

/* Length and height, where those of its parts are known. */
static void
measure (const struct symbolic *formulas, struct look *looks, uint32_t number)
{
  const struct term *term = term_at (&formulas->terms, number);
  const struct part *parts = term_parts (&formulas->terms, term);
  struct look *look = &looks[number];
  uint32_t between = term->kind == TERM_SUM ? 3 : term->kind == TERM_PRODUCT ? 1 : 2;
  uint32_t length = 0, height = 0;
  bool varies = term->kind == TERM_NAME;
  if (term->kind == TERM_NAME)
    length = (uint32_t)strlen (symbolic_name (formulas, term->name));
  else if (term->kind == TERM_NUMBER || (term->kind == TERM_SUM && term->number != 0))
    length = number_length (term->number);
  else if (term->kind == TERM_CALL && term->op < OPS)
    length = (uint32_t)strlen (op_info[term->op].name) + 2;
  for (uint32_t i = 0; i < term->count; i++)
    {
      const struct look *inner = &looks[parts[i].term];
      length = sum_to (length, (inner->named ? NAME_LENGTH : inner->length) + between);
      if (parts[i].coefficient != 1 && parts[i].coefficient != -1)
        length = sum_to (length, number_length (parts[i].coefficient) + 1);
      if (!inner->named && inner->height > height)
        height = inner->height;
      varies |= inner->varies;
    }
  look->length = length;
  look->height = (uint16_t)(height + 1);
  look->varies = varies;
}

static bool
is_worth (const struct look *look, bool costs)
{
  uint64_t without = (uint64_t)look->times * look->length;
  uint64_t with = look->length + (uint64_t)(look->times + 1) * NAME_LENGTH + strlen (" = ");
  if (costs)
    return look->times > 1 && look->length >= LEAST_COST;
  return look->times > 1 && look->length >= LEAST && without >= with + SAVED;
}

/* How often terms are written: those with names once, and the others wherever they stand. */
static void
count_times (const struct symbolic *formulas, struct look *looks, uint32_t count, bool costs)
{
  for (uint32_t number = count; number-- > 0;)
    {
      struct look *look = &looks[number];
      if (!look->reached)
        continue;
      const struct term *term = term_at (&formulas->terms, number);
      const struct part *parts = term_parts (&formulas->terms, term);
      look->named = stands_alone (term) && look->varies && !(costs && term_c_moves (term)) && is_worth (look, costs);
      for (uint32_t i = 0; i < term->count; i++)
        {
          struct look *inner = &looks[parts[i].term];
          inner->reached = true;
          inner->times = sum_to (inner->times, look->named ? 1 : look->times);
        }
    }
}

void
symbolic_find_parts (struct symbolic *formulas, size_t root_count, const uint32_t *roots, bool costs)
{
  uint32_t count = 0;
  formulas->parts.used = 0;
  formulas->part_of.used = 0;
  formulas->letter = symbolic_free_letter (formulas);
  for (size_t i = 0; i < root_count; i++)
    if (roots[i] != NO_TERM && roots[i] >= count)
      count = roots[i] + 1;
  if (!count || !formulas->letter)
    return;
  struct look *looks = heap_take_zeroed (formulas->run->memory, count, sizeof *looks, "the formulas");
  for (size_t i = 0; i < root_count; i++)
    if (roots[i] != NO_TERM)
      {
        looks[roots[i]].reached = true;
        looks[roots[i]].times++;
      }
  /* A term has a greater number than its parts. */
  for (uint32_t number = 0; number < count; number++)
    measure (formulas, looks, number);
  count_times (formulas, looks, count, costs);
  uint32_t *part_of = symbolic_table (&formulas->part_of, count);
  for (uint32_t number = 0; number < count; number++)
    {
      struct look *look = &looks[number];
      if (!look->reached)
        continue;
      /* With names for what is in it, it may be too short for one. */
      measure (formulas, looks, number);
      bool able = stands_alone (term_at (&formulas->terms, number)) && look->varies;
      look->named = able && ((look->named && is_worth (look, costs)) || look->height >= HIGHEST);
      if (!look->named)
        continue;
      *area_add (&formulas->parts, uint32_t) = number;
      part_of[number] = (uint32_t)area_count (&formulas->parts, uint32_t);
    }
  heap_give (looks);
}
