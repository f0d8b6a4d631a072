/* einsum.c -- sums of products, with a letter for each axis: "ij,jk->ik". */

#include "linear/contraction.h"
#include "ops/routine.h"

enum
{
  LETTERS = 52,
  MANY_TERMS = 512,     /* which are worth sorting into products of matrices */
  MOST_SINGLE = 1 << 26 /* that are added one by one, which takes a second */
};

struct spec
{
  char text[100]; /* without blanks */
  struct operand operands[CONTRACTION_OPERANDS];
  char letters[CONTRACTION_LETTERS]; /* different ones, of all operands and the result together */
  struct contraction contraction;
  struct shape result;
};

static bool
is_letter (char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Its number, or that of the next new one. */
static int
find_letter (const struct spec *spec, char letter)
{
  int l = 0;
  while (l < spec->contraction.letters && spec->letters[l] != letter)
    l++;
  return l;
}

/* The letters of one operand, from `text` to a comma, an arrow or the end; returns what is behind them. */
static const char *
read_operand (struct call *call, struct spec *spec, int number, const char *text)
{
  const struct operand *operand = &spec->operands[number];
  struct contraction *contraction = &spec->contraction;
  contraction->parts[number].elements = operand->elements;
  size_t count = 0, step = 1;
  while (is_letter (text[count]))
    count++;
  if (count != (size_t)operand->shape.rank)
    call_error (call, "einsum \"%s\": '%.*s' names %zu axes, operand %d has %d", spec->text, (int)count, text, count,
                number + 1, operand->shape.rank);
  for (size_t axis = count; axis-- > 0;)
    {
      size_t extent = operand->shape.extent[axis];
      int l = find_letter (spec, text[axis]);
      if (l == CONTRACTION_LETTERS)
        call_error (call, "einsum \"%s\": more than %d letters", spec->text, CONTRACTION_LETTERS);
      if (l == contraction->letters)
        {
          spec->letters[contraction->letters++] = text[axis];
          contraction->extent[l] = extent;
        }
      if (contraction->extent[l] != extent)
        call_error (call, "einsum \"%s\": '%c' is %zu and %zu", spec->text, text[axis], contraction->extent[l], extent);
      contraction->parts[number].step[l] += step;
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
          if (!is_letter (text[count]) || find_letter (spec, text[count]) == spec->contraction.letters)
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
      int l = find_letter (spec, letters[axis]);
      spec->result.extent[axis] = spec->contraction.extent[l];
      spec->contraction.parts[spec->contraction.operands].step[l] = step;
      step *= spec->contraction.extent[l];
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
  int count = call->count - call->rest;
  if (count < 1 || count > CONTRACTION_OPERANDS)
    call_error (call, "'einsum' takes 1 to %d arrays, %d given", CONTRACTION_OPERANDS, count);
  spec->contraction.operands = count;
  const char *at = spec->text;
  for (int k = 0; k < count; k++)
    {
      spec->operands[k] = call_operand (call, call->rest + k);
      at = read_operand (call, spec, k, at);
      if (k + 1 < count && *at != ',')
        call_error (call, "einsum \"%s\": %d arrays are given, letters for %d", spec->text, count, k + 1);
      at += k + 1 < count;
    }
  if (*at == ',')
    call_error (call, "einsum \"%s\": there are letters for more than the %d arrays given", spec->text, count);
  if (*at && strncmp (at, "->", 2) != 0)
    call_error (call, "einsum \"%s\": '%c' is no letter", spec->text, *at);
  read_result (call, spec, *at ? at + 2 : NULL);
}

/* "ij,jk->ik" by whatever letters, behind those of a batch that all three begin with: "bij,bjk->bik". There are so many
   letters only where all are different. */
static bool
is_matrix_product (const struct spec *spec)
{
  size_t rank = (size_t)spec->operands[0].shape.rank, batch = rank - 2;
  if (spec->contraction.operands != 2 || rank < 2 || spec->contraction.letters != (int)rank + 1
      || strlen (spec->text) != 3 * rank + strlen (",->"))
    return false;
  const char *a = spec->text, *b = a + rank + strlen (","), *c = b + rank + strlen ("->");
  return b[-1] == ',' && c[-1] == '>' && memcmp (a, b, batch) == 0 && memcmp (a, c, batch) == 0
         && a[batch + 1] == b[batch] && a[batch] == c[batch] && b[batch + 1] == c[batch + 1];
}

/* The result: of many terms by products of matrices, unless these meet something that is not finite, or make it. */
static void
add_terms (struct call *call, const struct spec *spec, double *result, size_t size)
{
  const struct contraction *contraction = &spec->contraction;
  double terms = contraction_terms (contraction);
  memset (result, 0, size * sizeof *result);
  if (terms == 0
      || (terms >= MANY_TERMS && contract (call->arrays->memory, contraction, result)
          && elements_are_finite (result, size)))
    return;
  if (terms > MOST_SINGLE)
    call_error (call, "einsum \"%s\": %.0f terms are too many where a value is not finite", spec->text, terms);
  memset (result, 0, size * sizeof *result);
  struct contraction_walk walk = contraction_walk (contraction);
  do
    result[walk.at[contraction->operands]] += contraction_product (&walk, -1);
  while (contraction_step (&walk));
}

/* Whether no product of elements of the other operands can overflow. */
static bool
stays_finite (const struct spec *spec, int but)
{
  double largest = 1;
  for (int k = 0; k < spec->contraction.operands; k++)
    {
      double most = 1;
      for (size_t i = 0; k != but && i < spec->operands[k].size; i++)
        most = fabs (spec->operands[k].elements[i]) <= most ? most : fabs (spec->operands[k].elements[i]);
      largest *= most;
    }
  return largest <= 1e300;
}

/* How the result depends on operand k: by products of matrices where there are many terms, else a term each. */
static struct linear
map_of (struct call *call, const struct spec *spec, int k, size_t size)
{
  const struct contraction *contraction = &spec->contraction;
  double terms = contraction_terms (contraction);
  size_t operand_size = spec->operands[k].size;
  if (terms >= MANY_TERMS && stays_finite (spec, k))
    return contraction_map (call->arrays, contraction, k, operand_size, size);
  struct array *slopes = call_vector (call, (size_t)terms), *pairs = call_vector (call, 2 * (size_t)terms);
  struct contraction_walk walk = contraction_walk (contraction);
  size_t at = 0;
  if (terms > 0)
    do
      {
        slopes->elements[at] = contraction_product (&walk, k) + 0.0;
        pairs->elements[2 * at] = (double)walk.at[contraction->operands];
        pairs->elements[2 * at + 1] = (double)walk.at[k];
        at++;
      }
    while (contraction_step (&walk));
  return (struct linear){ .kind = LINEAR_TERMS,
                          .operand_size = operand_size,
                          .result_size = size,
                          .coefficients = slopes,
                          .positions = pairs };
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
  double *result = call_result (call, TYPE_REAL, &spec.result);
  size_t size = shape_size (&spec.result);
  add_terms (call, &spec, result, size);
  for (int k = 0; k < spec.contraction.operands; k++)
    if (spec.operands[k].varies)
      {
        struct linear map = map_of (call, &spec, k, size);
        map.constant = true;
        for (int other = 0; other < spec.contraction.operands; other++)
          map.constant &= other == k || !spec.operands[other].varies;
        call_link (call, &spec.operands[k].value, map);
      }
}
