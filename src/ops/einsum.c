/* einsum.c -- sums of products, with a letter for each axis: "ij,jk->ik". */
#include <stdlib.h>

#include "ops/routine.h"

enum
{
  OPERANDS = 8,
  LETTERS = 52,
  AXES = 16, /* of all operands and the result together, different letters */
  TERMS = 1 << 26
};

/* Of each letter its extent, and how far an operand or the result moves with it. */
struct index
{
  char letter;
  size_t extent, step[OPERANDS + 1]; /* the result's is behind those of the operands */
};

struct spec
{
  char text[100]; /* without blanks */
  int operand_count;
  struct operand operands[OPERANDS];
  struct index indices[AXES];
  int index_count;
  struct shape result;
};

static bool
is_letter (char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static struct index *
find_index (struct spec *spec, char letter)
{
  for (int i = 0; i < spec->index_count; i++)
    if (spec->indices[i].letter == letter)
      return &spec->indices[i];
  return NULL;
}

/* The letters of one operand, from `text` to a comma, an arrow or the end; returns what is behind them. */
static const char *
read_operand (struct call *call, struct spec *spec, int number, const char *text)
{
  const struct operand *operand = &spec->operands[number];
  size_t count = 0, step = 1;
  while (is_letter (text[count]))
    count++;
  if (count != (size_t)operand->shape.rank)
    call_error (call, "einsum \"%s\": '%.*s' names %zu axes, operand %d has %d", spec->text, (int)count, text, count,
                number + 1, operand->shape.rank);
  for (size_t axis = count; axis-- > 0;)
    {
      size_t extent = operand->shape.extent[axis];
      struct index *index = find_index (spec, text[axis]);
      if (!index && spec->index_count == AXES)
        call_error (call, "einsum \"%s\": more than %d letters", spec->text, AXES);
      if (!index)
        {
          index = &spec->indices[spec->index_count++];
          *index = (struct index){ .letter = text[axis], .extent = extent };
        }
      if (index->extent != extent)
        call_error (call, "einsum \"%s\": '%c' is %zu and %zu", spec->text, text[axis], index->extent, extent);
      index->step[number] += step;
      step *= extent;
    }
  return text + count;
}

/* The letters of the result: those behind the arrow, or those that stand once, in the order of the alphabet. */
static void
read_result (struct call *call, struct spec *spec, const char *text)
{
  char letters[LETTERS + 1] = "";
  size_t count = 0, step = 1;
  if (text)
    {
      for (; text[count]; count++)
        {
          const char *again = memchr (text, text[count], count);
          if (!is_letter (text[count]) || !find_index (spec, text[count]))
            call_error (call, "einsum \"%s\": '%c' of the result is in no operand", spec->text, text[count]);
          if (again)
            call_error (call, "einsum \"%s\": '%c' stands twice in the result", spec->text, text[count]);
          if (count == RANK_LIMIT)
            call_too_many_axes (call, (int)strlen (text));
          letters[count] = text[count];
        }
    }
  else
    for (char letter = 'A'; letter <= 'z'; letter++)
      {
        size_t times = 0;
        for (const char *at = spec->text; *at; at++)
          times += *at == letter && is_letter (letter);
        if (times == 1 && count == RANK_LIMIT)
          call_too_many_axes (call, RANK_LIMIT + 1);
        if (times == 1)
          letters[count++] = letter;
      }
  spec->result.rank = (int)count;
  for (size_t axis = count; axis-- > 0;)
    {
      struct index *index = find_index (spec, letters[axis]);
      spec->result.extent[axis] = index->extent;
      index->step[spec->operand_count] = step;
      step *= index->extent;
    }
}

static void
read_spec (struct call *call, struct spec *spec)
{
  const struct value *text = &call->arguments[0];
  if (text->kind != KIND_STRING)
    call_error (call, "'einsum' takes a text such as \"ij,jk->ik\" first");
  size_t length = 0;
  for (const char *at = text->string; *at; at++)
    if (*at != ' ' && length + 1 == sizeof spec->text)
      call_error (call, "'einsum': \"%.40s...\" is too long", text->string);
    else if (*at != ' ')
      spec->text[length++] = *at;
  spec->operand_count = call->count - call->rest;
  if (spec->operand_count < 1 || spec->operand_count > OPERANDS)
    call_error (call, "'einsum' takes 1 to %d arrays, %d given", OPERANDS, spec->operand_count);
  const char *at = spec->text;
  for (int k = 0; k < spec->operand_count; k++)
    {
      spec->operands[k] = call_operand (call, call->rest + k);
      at = read_operand (call, spec, k, at);
      if (k + 1 < spec->operand_count && *at != ',')
        call_error (call, "einsum \"%s\": %d arrays are given, letters for %d", spec->text, spec->operand_count, k + 1);
      at += k + 1 < spec->operand_count;
    }
  if (*at == ',')
    call_error (call, "einsum \"%s\": there are letters for more than the %d arrays given", spec->text,
                spec->operand_count);
  if (*at && strncmp (at, "->", 2) != 0)
    call_error (call, "einsum \"%s\": '%c' is no letter", spec->text, *at);
  read_result (call, spec, *at ? at + 2 : NULL);
}

/* One round over all letters; `position` is where each operand and, last, the result stand. */
static bool
advance (const struct spec *spec, size_t *count, size_t *position)
{
  for (int i = 0; i < spec->index_count; i++)
    {
      const struct index *index = &spec->indices[i];
      bool carry = ++count[i] == index->extent;
      for (int k = 0; k <= spec->operand_count; k++)
        position[k] += carry ? index->step[k] - index->extent * index->step[k] : index->step[k];
      if (!carry)
        return true;
      count[i] = 0;
    }
  return false;
}

/* The product of all operands at a position but one. */
static double
product_but (const struct spec *spec, const size_t *position, int but)
{
  double product = 1;
  for (int k = 0; k < spec->operand_count; k++)
    if (k != but)
      product *= spec->operands[k].elements[position[k]];
  return product;
}

/* "ij,jk->ik" by whatever letters. */
static bool
is_matrix_product (const struct spec *spec)
{
  const char *t = spec->text;
  return spec->operand_count == 2 && strlen (t) == 9 && t[0] == t[7] && t[1] == t[3] && t[4] == t[8] && t[0] != t[1]
         && t[1] != t[4] && t[0] != t[4];
}

void
function_einsum (struct call *call)
{
  struct spec spec = { 0 };
  read_spec (call, &spec);
  if (is_matrix_product (&spec))
    {
      struct value *arguments = call->arguments;
      int given = call->count;
      call->arguments += call->rest;
      call->count = 2;
      function_matmul (call);
      call->arguments = arguments;
      call->count = given;
      return;
    }
  double terms = 1;
  for (int i = 0; i < spec.index_count; i++)
    terms *= (double)spec.indices[i].extent;
  if (terms > TERMS)
    call_error (call, "einsum \"%s\": %.0f terms are too many; products of two matrices go with @", spec.text, terms);
  double *result = call_result (call, TYPE_REAL, &spec.result);
  size_t size = shape_size (&spec.result), count[AXES] = { 0 }, position[OPERANDS + 1] = { 0 };
  memset (result, 0, size * sizeof *result);
  bool any = terms > 0;
  if (any)
    do
      result[position[spec.operand_count]] += product_but (&spec, position, -1);
    while (advance (&spec, count, position));
  for (int k = 0; k < spec.operand_count; k++)
    {
      const struct operand *operand = &spec.operands[k];
      if (!operand->varies)
        continue;
      struct array *slopes = call_vector (call, (size_t)terms), *pairs = call_vector (call, 2 * (size_t)terms);
      size_t at = 0;
      bool constant = true;
      for (int other = 0; other < spec.operand_count; other++)
        constant &= other == k || !spec.operands[other].varies;
      if (any)
        do
          {
            slopes->elements[at] = product_but (&spec, position, k) + 0.0;
            pairs->elements[2 * at] = (double)position[spec.operand_count];
            pairs->elements[2 * at + 1] = (double)position[k];
            at++;
          }
        while (advance (&spec, count, position));
      call_link (call, &operand->value,
                 (struct linear){ .kind = LINEAR_TERMS,
                                  .constant = constant,
                                  .operand_size = operand->size,
                                  .result_size = size,
                                  .coefficients = slopes,
                                  .positions = pairs });
    }
}
