/* contraction.c -- sums of products of arrays with a letter for each axis. */
#include "linear/contraction.h"

#include <string.h>

#include "base/heap.h"
#include "linear/matrix.h"

double
contraction_terms (const struct contraction *contraction)
{
  double terms = 1;
  for (int l = 0; l < contraction->letters; l++)
    terms *= (double)contraction->extent[l];
  return terms;
}

struct contraction_walk
contraction_walk (const struct contraction *contraction)
{
  return (struct contraction_walk){ .contraction = contraction };
}

bool
contraction_step (struct contraction_walk *walk)
{
  const struct contraction *contraction = walk->contraction;
  for (int l = 0; l < contraction->letters; l++)
    {
      size_t extent = contraction->extent[l];
      bool carry = ++walk->count[l] == extent;
      for (int k = 0; k <= contraction->operands; k++)
        {
          size_t step = contraction->parts[k].step[l];
          walk->at[k] += carry ? step - extent * step : step;
        }
      if (!carry)
        return true;
      walk->count[l] = 0;
    }
  return false;
}

double
contraction_product (const struct contraction_walk *walk, int but)
{
  double product = 1;
  for (int k = 0; k < walk->contraction->operands; k++)
    if (k != but)
      product *= walk->contraction->parts[k].elements[walk->at[k]];
  return product;
}

/* Letters in an order: the axes of an array. */
struct letters
{
  int count;
  int list[CONTRACTION_LETTERS];
  size_t size; /* the product of their extents */
};

static void
add_letter (struct letters *letters, const struct contraction *contraction, int letter)
{
  letters->list[letters->count++] = letter;
  letters->size *= contraction->extent[letter];
}

/* Those that have, or have not, a step in each of the two: a part is a set of letters. */
static struct letters
letters_of (const struct contraction *contraction, const size_t *in, const size_t *also, bool has)
{
  struct letters letters = { .size = 1 };
  for (int l = 0; l < contraction->letters; l++)
    if (in[l] && (also[l] != 0) == has)
      add_letter (&letters, contraction, l);
  return letters;
}

static void
append (struct letters *letters, const struct letters *more)
{
  for (int i = 0; i < more->count; i++)
    letters->list[letters->count++] = more->list[i];
  letters->size *= more->size;
}

/* The elements of a part with the letters as axes, in this order: where they stand so already, else a copy in `*room`,
   which is the caller's to give back. */
static const double *
laid_out (struct memory *memory, const struct contraction *contraction, const struct contraction_part *part,
          const struct letters *letters, double **room)
{
  struct layout layout = { .shape = { .rank = letters->count } };
  for (int i = 0; i < letters->count; i++)
    {
      layout.shape.extent[i] = contraction->extent[letters->list[i]];
      layout.stride[i] = (ptrdiff_t)part->step[letters->list[i]];
    }
  *room = NULL;
  if (layout_is_dense (&layout))
    return part->elements;
  *room = heap_take (memory, letters->size, sizeof **room, "a sum of products");
  layout_take (&layout, part->elements, *room);
  return *room;
}

/* Each element is the sum of `count` that follow one another. */
static void
add_up (double *elements, size_t size, size_t count)
{
  for (size_t i = 0; count > 1 && i < size; i++)
    {
      double sum = 0;
      for (size_t j = 0; j < count; j++)
        sum += elements[i * count + j];
      elements[i] = sum;
    }
}

/* As laid_out (), summed over more letters. NULL where there are too many axes. */
static const double *
summed (struct memory *memory, const struct contraction *contraction, const struct contraction_part *part,
        const struct letters *letters, const struct letters *over, double **room)
{
  struct letters all = *letters;
  append (&all, over);
  *room = NULL;
  if (all.count > RANK_LIMIT)
    return NULL;
  const double *elements = laid_out (memory, contraction, part, &all, room);
  if (over->size == 1)
    return elements;
  if (!*room)
    {
      *room = heap_take (memory, all.size, sizeof **room, "a sum of products");
      memcpy (*room, elements, all.size * sizeof **room);
    }
  add_up (*room, letters->size, over->size);
  return *room;
}

/* c = a b for each of a batch. Products without a sum of their own are element by element. */
static void
multiply_batch (size_t batch, size_t m, size_t k, size_t n, const double *a, const double *b, double *c)
{
  if (m == 1 && k == 1 && n == 1)
    for (size_t i = 0; i < batch; i++)
      c[i] = a[i] * b[i];
  else
    for (size_t i = 0; i < batch; i++)
      matrix_multiply_among (batch, m, k, n, a + i * m * k, false, b + i * k * n, m == 1 && n == 1, c + i * m * n);
}

/* A letter that is needed after a pair: of the result, or of an operand that is not of the pair. */
static void
find_kept (const struct contraction *contraction, int first, int second, size_t kept[CONTRACTION_LETTERS])
{
  for (int l = 0; l < contraction->letters; l++)
    {
      kept[l] = 0;
      for (int k = 0; k <= contraction->operands; k++)
        kept[l] |= k != first && k != second ? contraction->parts[k].step[l] : 0;
    }
}

/* What a pair costs: a multiplication for each choice of its letters. */
static double
pair_cost (const struct contraction *contraction, int first, int second)
{
  double cost = 1;
  for (int l = 0; l < contraction->letters; l++)
    if (contraction->parts[first].step[l] || contraction->parts[second].step[l])
      cost *= (double)contraction->extent[l];
  return cost;
}

/* Whether a part has letters to itself that are needed after the pair. */
static bool
has_own (const struct contraction *contraction, const size_t *step, const size_t *other, const size_t *kept)
{
  bool own = false;
  for (int l = 0; l < contraction->letters; l++)
    own |= step[l] && !other[l] && kept[l] && contraction->extent[l] > 1;
  return own;
}

/* The letters of a pair, by where they stand. */
struct pair
{
  struct letters batch, inner, rows, columns, left_sum, right_sum;
};

static struct pair
sort_letters (const struct contraction *contraction, const size_t *left, const size_t *right, const size_t *kept)
{
  size_t both[CONTRACTION_LETTERS], left_only[CONTRACTION_LETTERS], right_only[CONTRACTION_LETTERS];
  for (int l = 0; l < contraction->letters; l++)
    {
      both[l] = left[l] && right[l];
      left_only[l] = left[l] && !right[l];
      right_only[l] = right[l] && !left[l];
    }
  return (struct pair){ .batch = letters_of (contraction, both, kept, true),
                        .inner = letters_of (contraction, both, kept, false),
                        .rows = letters_of (contraction, left_only, kept, true),
                        .columns = letters_of (contraction, right_only, kept, true),
                        .left_sum = letters_of (contraction, left_only, kept, false),
                        .right_sum = letters_of (contraction, right_only, kept, false) };
}

/* The product of two operands, summed over what nobody else needs: what it is in `*part`, its elements, which become
   the caller's, in `*product`. An operand that has letters to itself goes to the right, where the inner loops are.
   False, and no product, where there are too many axes. */
static bool
multiply_pair (struct memory *memory, const struct contraction *contraction, int first, int second,
               struct contraction_part *part, double **product)
{
  size_t kept[CONTRACTION_LETTERS];
  find_kept (contraction, first, second, kept);
  const struct contraction_part *a = &contraction->parts[first], *b = &contraction->parts[second];
  bool turned = has_own (contraction, a->step, b->step, kept) && !has_own (contraction, b->step, a->step, kept);
  if (turned)
    a = b, b = &contraction->parts[first];
  struct pair pair = sort_letters (contraction, a->step, b->step, kept);
  struct letters left = pair.batch, right = pair.batch, whole = pair.batch;
  append (&left, &pair.rows);
  append (&left, &pair.inner);
  append (&right, &pair.inner);
  append (&right, &pair.columns);
  append (&whole, &pair.rows);
  append (&whole, &pair.columns);
  double *rooms[2] = { NULL, NULL };
  const double *A = summed (memory, contraction, a, &left, &pair.left_sum, &rooms[0]);
  const double *B = A ? summed (memory, contraction, b, &right, &pair.right_sum, &rooms[1]) : NULL;
  *product = NULL;
  if (B)
    {
      *product = heap_take_zeroed (memory, whole.size, sizeof **product, "a sum of products");
      multiply_batch (pair.batch.size, pair.rows.size, pair.inner.size, pair.columns.size, A, B, *product);
      *part = (struct contraction_part){ .elements = *product };
      size_t step = 1;
      for (int i = whole.count; i-- > 0; step *= contraction->extent[whole.list[i]])
        part->step[whole.list[i]] = step;
    }
  heap_give (rooms[0]);
  heap_give (rooms[1]);
  return *product;
}

/* The one operand that is left, summed over letters that the result has not, spread over those of the result alone. */
static bool
add_single (struct memory *memory, const struct contraction *contraction, double *result)
{
  const struct contraction_part *single = &contraction->parts[0], *to = &contraction->parts[1];
  static const size_t none[CONTRACTION_LETTERS];
  struct letters letters = letters_of (contraction, to->step, none, false),
                 over = letters_of (contraction, single->step, to->step, false);
  double *room;
  const double *elements = summed (memory, contraction, single, &letters, &over, &room);
  struct layout layout = { .shape = { .rank = letters.count } };
  for (int i = 0; i < letters.count; i++)
    {
      layout.shape.extent[i] = contraction->extent[letters.list[i]];
      layout.stride[i] = (ptrdiff_t)to->step[letters.list[i]];
    }
  if (elements)
    layout_add (&layout, elements, result);
  heap_give (room);
  return elements;
}

static void
find_cheapest (const struct contraction *contraction, int *first, int *second)
{
  *first = 0;
  *second = 1;
  for (int i = 0; i < contraction->operands; i++)
    for (int j = i + 1; j < contraction->operands; j++)
      if (pair_cost (contraction, i, j) < pair_cost (contraction, *first, *second))
        {
          *first = i;
          *second = j;
        }
}

bool
contract (struct memory *memory, const struct contraction *contraction, double *result)
{
  if (contraction_terms (contraction) == 0)
    return true;
  struct contraction left = *contraction;
  double *owned[CONTRACTION_OPERANDS + 1] = { NULL };
  bool is_good = true;
  while (left.operands > 1 && is_good)
    {
      int first, second;
      double *product;
      struct contraction_part part;
      find_cheapest (&left, &first, &second);
      is_good = multiply_pair (memory, &left, first, second, &part, &product);
      if (!is_good)
        break;
      heap_give (owned[first]);
      heap_give (owned[second]);
      left.parts[first] = part;
      owned[first] = product;
      for (int k = second; k < left.operands; k++)
        {
          left.parts[k] = left.parts[k + 1];
          owned[k] = owned[k + 1];
        }
      left.operands--;
    }
  is_good = is_good && add_single (memory, &left, result);
  for (int k = 0; k < left.operands; k++)
    heap_give (owned[k]);
  return is_good;
}

/* `positions`: how many operands and letters, of each letter its extent, of each other operand where it begins among
   the coefficients and its steps; then the steps of the operand itself and of the result. */
static size_t
table_size (int operands, int letters)
{
  return 2 + (size_t)letters + (size_t)(operands + 1) * (size_t)(letters + 1);
}

struct linear
contraction_map (struct arrays *arrays, const struct contraction *contraction, int operand, size_t operand_size,
                 size_t result_size)
{
  int operands = contraction->operands, letters = contraction->letters;
  struct array *table = array_vector (arrays, table_size (operands, letters));
  double *to = table->elements;
  *to++ = operands;
  *to++ = letters;
  for (int l = 0; l < letters; l++)
    *to++ = (double)contraction->extent[l];
  size_t sizes[CONTRACTION_OPERANDS] = { 0 }, size = 0;
  for (int i = 0; i <= operands; i++)
    {
      /* The operand comes behind the others. */
      int k = i == operands ? i : i == operands - 1 ? operand : i + (i >= operand);
      const struct contraction_part *part = &contraction->parts[k];
      *to++ = (double)size;
      size_t last = 0;
      for (int l = 0; l < letters; l++)
        {
          *to++ = (double)part->step[l];
          last += part->step[l] * (contraction->extent[l] - (contraction->extent[l] > 0));
        }
      if (i < operands - 1)
        size += sizes[i] = last + 1;
    }
  struct array *others = array_vector (arrays, size);
  for (int i = 0, from = 0; i < operands - 1; from += (int)sizes[i++])
    memcpy (others->elements + from, contraction->parts[i + (i >= operand)].elements, sizes[i] * sizeof (double));
  return (struct linear){ .kind = LINEAR_CONTRACT,
                          .scale = 1,
                          .operand_size = operand_size,
                          .result_size = result_size,
                          .coefficients = others,
                          .positions = table };
}

struct contraction
contraction_of (const struct linear *linear, const double *x, bool transposed)
{
  const double *from = linear->positions->elements;
  struct contraction contraction = { .operands = (int)from[0], .letters = (int)from[1] };
  from += 2;
  for (int l = 0; l < contraction.letters; l++)
    contraction.extent[l] = (size_t)*from++;
  for (int k = 0; k <= contraction.operands; k++)
    {
      int turned = k < contraction.operands - 1 || !transposed ? k : 2 * contraction.operands - 1 - k;
      struct contraction_part *part = &contraction.parts[turned];
      part->elements = linear->coefficients->elements + (size_t)*from++;
      for (int l = 0; l < contraction.letters; l++)
        part->step[l] = (size_t)*from++;
    }
  contraction.parts[contraction.operands - 1].elements = x;
  return contraction;
}

bool
contraction_pairs (const struct linear *linear, void (*tell) (void *data, size_t result, size_t operand), void *data)
{
  enum
  {
    MANY = 1 << 26
  };
  /* One for each choice of the letters that either side has. */
  struct contraction contraction = contraction_of (linear, NULL, false);
  int last = contraction.operands - 1;
  for (int l = 0; l < contraction.letters; l++)
    if (!contraction.parts[last].step[l] && !contraction.parts[last + 1].step[l])
      contraction.extent[l] = 1;
  struct contraction_walk walk = contraction_walk (&contraction);
  if (contraction_terms (&contraction) > MANY)
    return false;
  do
    tell (data, walk.at[last + 1], walk.at[last]);
  while (contraction_step (&walk));
  return true;
}

/* Pairs of operands where all is finite; else term by term, and a zero of x meets nothing. */
static void
pass (struct memory *memory, const struct linear *linear, const double *x, bool transposed, double *to)
{
  struct contraction contraction = contraction_of (linear, x, transposed);
  int last = contraction.operands - 1;
  size_t size = transposed ? linear->result_size : linear->operand_size;
  if (contraction_terms (&contraction) == 0
      || (elements_are_finite (x, size) && linear_is_finite (linear) && contract (memory, &contraction, to)))
    return;
  struct contraction_walk walk = contraction_walk (&contraction);
  do
    {
      double change = x[walk.at[last]];
      if (change != 0)
        to[walk.at[last + 1]] += (contraction_product (&walk, last) + 0.0) * change;
    }
  while (contraction_step (&walk));
}

void
contract_reverse (struct memory *memory, const struct linear *linear, const double *Y, double *X)
{
  pass (memory, linear, Y, true, X);
}

void
contract_forward (struct memory *memory, const struct linear *linear, const double *x, double *y)
{
  pass (memory, linear, x, false, y);
}
