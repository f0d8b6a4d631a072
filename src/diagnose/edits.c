/* edits.c -- all that may be changed in an answer. */
#include <math.h>
#include <string.h>

#include "base/heap.h"
#include "diagnose/edit.h"
#include "ops/ops.h"

enum
{
  KEPT = 64 /* edits that are followed further */
};

/* What is known of the answer's items while edits of it are tried. */
struct trying
{
  struct editing *editing;
  const struct item *items;
  uint32_t count;
  uint32_t *parents; /* by item; of the last, and of what is left out, UINT32_MAX */
};

static void
try (struct trying *trying, struct edit edit)
{
  struct editing *editing = trying->editing;
  if (!editing->patience)
    editing->claims->cut = true;
  if (!editing->patience || area_count (&editing->edits, struct edit) == KEPT)
    return;
  edit.alive = true;
  if (edit_apply (editing, &edit)
      && edit_is_right (editing, area_of (&editing->work, struct item), area_count (&editing->work, struct item)))
    *area_add (&editing->edits, struct edit) = edit;
}

static bool
is_apply (const struct item *item, uint32_t op)
{
  return item->kind == ITEM_APPLY && item->op == op;
}

static bool
is_sum (const struct item *item)
{
  return is_apply (item, OP_add) || is_apply (item, OP_subtract);
}

static bool
is_product (const struct item *item)
{
  return is_apply (item, OP_multiply) || is_apply (item, OP_divide) || is_apply (item, OP_matmul);
}

static const struct item *
parent_of (const struct trying *trying, uint32_t at)
{
  return trying->parents[at] == UINT32_MAX ? NULL : &trying->items[trying->parents[at]];
}

static struct shape
shape_of (const struct trying *trying, uint32_t known)
{
  return value_shape (&trying->editing->values[known]);
}

static bool
is_matrix (const struct trying *trying, uint32_t at)
{
  const struct item *item = &trying->items[at];
  return item->kind == ITEM_KNOWN && value_is_numeric (&trying->editing->values[item->known])
         && shape_of (trying, item->known).rank == 2;
}

/* Whether one value is a function of another one alone, as sigmoid(z) of z. */
static bool
is_function_of (const struct editing *editing, const struct known *value, const struct known *operand)
{
  const struct step *step = value->node ? trace_find (&editing->replay.trace, value->node) : NULL;
  uint32_t varying = 0;
  for (uint32_t k = 0; step && k < step->count; k++)
    varying += step->operands[k].node != 0;
  return varying == 1 && operand->node && step->operands[0].node == operand->node && step->op < OPS
         && step->op != OP_negate && step->op != OP_transpose;
}

/* Whether a value was made as a sigmoid is, of itself or as a quotient. */
static bool
is_logistic (const struct editing *editing, uint32_t known)
{
  uint32_t node = area_of (&editing->known, struct known)[known].node;
  const struct trace *trace = &editing->replay.trace;
  uint32_t op = node && trace_number (trace, node) ? trace_find (trace, node)->op : OPS;
  return op == OP_sigmoid || op == OP_reciprocal || op == OP_divide;
}

/* Another name in the place of one, here or wherever it stands. */
static void
try_names (struct trying *trying, uint32_t at, bool only)
{
  const struct editing *editing = trying->editing;
  const struct known *known = area_of (&editing->known, struct known);
  uint32_t mine = trying->items[at].known, uses = 0, first = at;
  for (uint32_t i = 0; i < trying->count; i++)
    if (trying->items[i].kind == ITEM_KNOWN && trying->items[i].known == mine)
      {
        uses++;
        first = i < first ? i : first;
      }
  if (!value_is_numeric (&editing->values[mine]))
    return;
  struct shape shape = shape_of (trying, mine);
  for (uint32_t other = 0; other < area_count (&editing->known, struct known); other++)
    {
      struct shape its = shape_of (trying, other);
      bool is_step = known[other].name == UINT32_MAX;
      if (other == mine || (only && is_step) || !value_is_numeric (&editing->values[other])
          || ((only || is_step) && !shape_equal (&shape, &its)))
        continue;
      enum edit_kind kind = is_step                                                 ? EDIT_STEP
                            : is_function_of (editing, &known[other], &known[mine]) ? EDIT_OPERAND
                            : is_function_of (editing, &known[mine], &known[other]) ? EDIT_RESULT
                                                                                    : EDIT_NAME;
      try (trying, (struct edit){ .kind = kind, .at = at, .other = other });
      if (uses > 1 && first == at && !is_step)
        try (trying, (struct edit){ .kind = EDIT_ALL_NAMES, .at = at, .other = other });
    }
}

static bool
has_negative (const struct value *value)
{
  for (size_t i = 0; value_is_numeric (value) && i < value_size (value); i++)
    if (value_elements (value)[i] < 0)
      return true;
  return false;
}

/* A function of what stands there, or what the function there is of. */
static void
try_functions (struct trying *trying, uint32_t at)
{
  const struct item *item = &trying->items[at], *parent = parent_of (trying, at);
  bool called = item->kind == ITEM_APPLY && !is_sum (item) && !is_product (item) && !is_apply (item, OP_negate);
  if (is_matrix (trying, at))
    {
      if (!parent || !is_apply (parent, OP_transpose))
        try (trying, (struct edit){ .kind = EDIT_TRANSPOSED, .at = at, .other = OP_transpose });
      try (trying, (struct edit){ .kind = EDIT_INVERSE, .at = at, .other = OP_inv });
    }
  else if (is_sum (item))
    try (trying, (struct edit){ .kind = EDIT_INVERSE, .at = at, .other = OP_inv });
  else if ((item->kind == ITEM_KNOWN || called) && parent && is_product (parent))
    try (trying, (struct edit){ .kind = EDIT_INVERSE, .at = at, .other = OP_reciprocal });
  if (is_apply (item, OP_sum) || is_apply (item, OP_mean))
    try (trying,
         (struct edit){ .kind = EDIT_MEAN, .at = at, .other = is_apply (item, OP_sum) ? OP_mean : OP_sum });
  if (is_product (item) && parent && is_product (parent))
    try (trying, (struct edit){ .kind = EDIT_SUMMED, .at = at, .other = OP_sum });
  if (is_apply (item, OP_transpose))
    try (trying, (struct edit){ .kind = EDIT_UNTRANSPOSED, .at = at });
  else if (called && item->count == 1)
    try (trying, (struct edit){ .kind = EDIT_WITH_FUNCTION, .at = at });
  if (item->kind == ITEM_KNOWN)
    {
      try (trying, (struct edit){ .kind = EDIT_COMPLEMENT, .at = at });
      if (is_logistic (trying->editing, item->known))
        try (trying, (struct edit){ .kind = EDIT_LOGISTIC, .at = at });
      if (has_negative (&trying->editing->values[item->known]))
        {
          try (trying, (struct edit){ .kind = EDIT_POSITIVE, .at = at });
          try (trying, (struct edit){ .kind = EDIT_UNSIGNED, .at = at, .other = OP_sign });
        }
    }
  else if (is_apply (item, OP_sigmoid) || is_apply (item, OP_exp))
    try (trying, (struct edit){ .kind = EDIT_COMPLEMENT, .at = at });
  if ((item->kind == ITEM_KNOWN || called) && parent && !is_apply (parent, OP_power))
    try (trying, (struct edit){ .kind = EDIT_SQUARED, .at = at, .other = OP_square });
  if (parent && (is_apply (parent, OP_sin) || is_apply (parent, OP_cos) || is_apply (parent, OP_tan)))
    try (trying, (struct edit){ .kind = EDIT_DEGREES, .at = at, .other = OP_deg2rad });
}

/* Another function in the place of one that it is taken for. */
static void
try_other_function (struct trying *trying, uint32_t at)
{
  static const uint16_t pairs[][2]
    = { { OP_sin, OP_cos }, { OP_sinh, OP_cosh }, { OP_sigmoid, OP_softmax }, { OP_sigmoid, OP_tanh },
        { OP_log, OP_log10 }, { OP_log, OP_log2 }, { OP_log10, OP_log2 },     { OP_exp, OP_log },
        { OP_gamma, OP_digamma }, { OP_lgamma, OP_digamma } };
  uint32_t calls = 0, before = 0;
  for (uint32_t i = 0; i < trying->count; i++)
    if (is_apply (&trying->items[i], trying->items[at].op))
      {
        calls++;
        before += i < at;
      }
  for (size_t i = 0; i < 2 * sizeof pairs / sizeof *pairs; i++)
    if (is_apply (&trying->items[at], pairs[i / 2][i % 2]))
      {
        uint32_t other = pairs[i / 2][1 - i % 2];
        try (trying, (struct edit){ .kind = EDIT_FUNCTION, .at = at, .other = other });
        if (calls > 1 && !before)
          try (trying, (struct edit){ .kind = EDIT_ALL_FUNCTIONS, .at = at, .other = other });
      }
  if (is_apply (&trying->items[at], OP_log))
    try (trying, (struct edit){ .kind = EDIT_SLOPE, .at = at, .other = OP_reciprocal });
}

/* A value where a sum or a difference of it and another one belongs; of a sum that lacks a term the first one. */
static void
try_missing (struct trying *trying, uint32_t at)
{
  const struct editing *editing = trying->editing;
  const struct item *item = &trying->items[at], *parent = parent_of (trying, at);
  bool value = item->kind == ITEM_KNOWN
               || (item->kind == ITEM_APPLY && !is_sum (item) && !is_product (item) && !is_apply (item, OP_negate));
  if (!value || (parent && is_sum (parent) && item->first != parent->first))
    return;
  for (int way = 0; way < MISSING_WAYS; way++)
    {
      try (trying, (struct edit){ .kind = EDIT_MISSING, .at = at, .other = UINT32_MAX, .number = way });
      for (uint32_t other = 0; other < area_count (&editing->known, struct known); other++)
        if (area_of (&editing->known, struct known)[other].name != UINT32_MAX
            && value_is_numeric (&editing->values[other])
            && !(item->kind == ITEM_KNOWN && item->known == other))
          try (trying, (struct edit){ .kind = EDIT_MISSING, .at = at, .other = other, .number = way });
    }
}

/* An array in the place of a number that is a term: 1 subtracted everywhere instead of at the label. */
static void
try_arrays (struct trying *trying, uint32_t at)
{
  const struct editing *editing = trying->editing;
  const struct item *parent = parent_of (trying, at);
  for (uint32_t other = 0; parent && is_sum (parent) && other < area_count (&editing->known, struct known); other++)
    if (editing->values[other].kind == KIND_ARRAY && area_of (&editing->known, struct known)[other].name != UINT32_MAX)
      try (trying, (struct edit){ .kind = EDIT_NAME, .at = at, .other = other });
}

/* A number that has a meaning of its own: an exponent, what a logarithm is of, an axis. */
static void
try_number (struct trying *trying, uint32_t at)
{
  const struct item *item = &trying->items[at], *parent = parent_of (trying, at);
  if (!parent)
    return;
  if (is_apply (parent, OP_power) && trying->parents[at] == at + 1)
    {
      try (trying, (struct edit){ .kind = EDIT_EXPONENT, .at = at, .number = item->number + 1 });
      try (trying, (struct edit){ .kind = EDIT_EXPONENT, .at = at, .number = item->number - 1 });
      try (trying, (struct edit){ .kind = EDIT_EXPONENT, .at = at, .number = -item->number });
    }
  if (is_apply (parent, OP_log) && (item->number == 10 || item->number == 2))
    try (trying, (struct edit){ .kind = EDIT_BASE, .at = at, .number = 12 - item->number });
  if (edit_axis (trying->items, trying->parents[at]) != at)
    return;
  try (trying, (struct edit){ .kind = EDIT_AXIS, .at = at, .number = 1 - item->number });
  size_t others = 0, before = 0;
  for (uint32_t i = 0, axis; i < trying->count; i++)
    if ((axis = edit_axis (trying->items, i)) != UINT32_MAX && trying->items[axis].number == item->number)
      {
        others += axis != at;
        before += axis < at;
      }
  if (others && !before)
    try (trying, (struct edit){ .kind = EDIT_ALL_AXES, .at = at, .number = 1 - item->number });
}

/* An element of what the answer comes to with another number in it; NaN where that makes no sense. */
static double
element_with (struct trying *trying, uint32_t at, double number, size_t element)
{
  struct editing *editing = trying->editing;
  struct edit edit = { .kind = EDIT_NUMBER, .at = at, .number = number };
  struct array *array = edit_apply (editing, &edit)
                          ? edit_value (editing, area_of (&editing->work, struct item),
                                        area_count (&editing->work, struct item))
                          : NULL;
  double value = array && element < array->size ? array->elements[element] : NAN;
  array_drop (editing->replay.again.run.arrays, array);
  return value;
}

/* Another number that would do, as a factor, a divisor or a term: a whole one, or a half, third or quarter. */
static void
try_other_number (struct trying *trying, uint32_t at)
{
  static const double MOST = 1000, SLACK = 1e-9;
  const struct array *correct = trying->editing->sample->correct;
  double number = trying->items[at].number;
  size_t element = 0;
  for (size_t i = 1; i < correct->size; i++)
    element = fabs (correct->elements[i]) > fabs (correct->elements[element]) ? i : element;
  if (!correct->size || number <= 0)
    return;
  double mine = element_with (trying, at, number, element), twice = element_with (trying, at, 2 * number, element);
  double share = (correct->elements[element] - mine) / (twice - mine), wanted = number * (1 + share);
  for (int way = 0; way < 2; way++, wanted = number / (1 - share / 2))
    for (int below = 1; below <= 4; below++)
      {
        double whole = round (wanted * below);
        if (!(whole >= 1 && whole <= MOST && fabs (wanted * below - whole) <= SLACK * whole) || whole == number * below)
          continue;
        try (trying, (struct edit){ .kind = EDIT_NUMBER, .at = at, .number = whole / below });
        break;
      }
}

static bool
is_small (const struct item *item)
{
  return item->kind == ITEM_NUMBER || item->kind == ITEM_KNOWN;
}

/* Signs between terms; a term alone; products of another kind, or without a factor. */
static void
try_operator (struct trying *trying, uint32_t at)
{
  static const uint16_t products[] = { OP_multiply, OP_matmul, OP_outer };
  const struct item *item = &trying->items[at];
  if (item->kind != ITEM_APPLY || item->count != 2)
    return;
  const struct item *right = &trying->items[at - 1], *left = &trying->items[right->first - 1];
  if (is_apply (item, OP_matmul) && is_apply (left, OP_transpose) != is_apply (right, OP_transpose))
    try (trying, (struct edit){ .kind = EDIT_CROSSED, .at = at });
  if (is_sum (item))
    try (trying, (struct edit){ .kind = EDIT_SIGN, .at = at, .other = item->op == OP_add ? OP_subtract : OP_add });
  for (size_t i = 0; i < sizeof products / sizeof *products; i++)
    if (item->op != products[i]
        && (is_apply (item, OP_multiply) || is_apply (item, OP_matmul) || is_apply (item, OP_outer)))
      try (trying, (struct edit){ .kind = EDIT_PRODUCT, .at = at, .other = products[i] });
  if (is_apply (item, OP_matmul) || is_apply (item, OP_outer) || is_apply (item, OP_cross) || is_apply (item, OP_divide)
      || is_apply (item, OP_subtract))
    try (trying, (struct edit){ .kind = EDIT_ORDER, .at = at });
  /* What is too many is a number or a name: who writes more meant something by it. */
  enum edit_kind kind = is_sum (item) ? EDIT_TERM : EDIT_FACTOR;
  bool joins = is_sum (item) || is_product (item);
  if (joins && is_small (&trying->items[at - 1]))
    try (trying, (struct edit){ .kind = kind, .at = at, .other = 1 });
  if (joins && item->op != OP_divide && is_small (&trying->items[trying->items[at - 1].first - 1]))
    try (trying, (struct edit){ .kind = kind, .at = at });
}

/* A term with a factor too many, or without one. */
static void
try_term (struct trying *trying, uint32_t at)
{
  const struct item *parent = parent_of (trying, at);
  const struct editing *editing = trying->editing;
  if (!parent || !is_sum (parent))
    return;
  bool is_first = trying->parents[at] != at + 1;
  if (is_first)
    try (trying, (struct edit){ .kind = EDIT_NEGATED, .at = at, .other = OP_negate });
  if (is_apply (&trying->items[at], OP_matmul))
    try (trying, (struct edit){ .kind = EDIT_TRANSPOSED, .at = at, .other = OP_transpose });
  static const double numbers[] = { 2, 3, 4 };
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    for (enum edit_kind kind = EDIT_MULTIPLE; kind <= EDIT_PART; kind++)
      try (trying, (struct edit){ .kind = kind, .at = at, .other = UINT32_MAX, .number = numbers[i] });
  /* A number is no multiple of a name. */
  enum edit_kind first = trying->items[at].kind == ITEM_NUMBER ? EDIT_PART : EDIT_MULTIPLE;
  for (uint32_t other = 0; other < area_count (&editing->known, struct known); other++)
    for (enum edit_kind kind = first; kind <= EDIT_PART; kind++)
      if ((value_is_number (&editing->values[other]) || kind == EDIT_PART) && value_is_numeric (&editing->values[other])
          && area_of (&editing->known, struct known)[other].name != UINT32_MAX)
        try (trying, (struct edit){ .kind = kind, .at = at, .other = other });
}

/* Whether something known has this very value. */
static bool
is_known (const struct trying *trying, const struct array *value)
{
  const struct editing *editing = trying->editing;
  for (uint32_t i = 0; i < area_count (&editing->known, struct known); i++)
    {
      const struct value *known = &editing->values[i];
      struct shape shape = value_shape (known);
      bool same = value_is_numeric (known) && shape_equal (&shape, &value->shape);
      for (size_t k = 0; k < value->size && same; k++)
        same = claim_agrees (editing->claims, value->elements[k], value_elements (known)[k], 0);
      if (same)
        return true;
    }
  return false;
}

/* A value that the program has stands in the place of another one, and is more than a name in the answer. */
static void
try_steps (struct trying *trying, uint32_t at)
{
  struct editing *editing = trying->editing;
  const struct item *item = &trying->items[at];
  if (item->kind != ITEM_APPLY && item->kind != ITEM_INDEX)
    return;
  for (uint32_t other = 0; item->kind == ITEM_INDEX && other < trying->count; other++)
    if (trying->items[other].kind == ITEM_INDEX && other != at)
      try (trying, (struct edit){ .kind = EDIT_INDEX, .at = at, .other = other });
  struct array *value = edit_value (editing, trying->items + item->first, at - item->first + 1);
  bool known = value && (item->kind == ITEM_INDEX || is_known (trying, value));
  for (uint32_t other = 0; known && other < area_count (&editing->known, struct known); other++)
    {
      struct shape its = shape_of (trying, other);
      if (value_is_numeric (&editing->values[other]) && shape_equal (&its, &value->shape))
        try (trying, (struct edit){ .kind = EDIT_STEP, .at = at, .other = other });
    }
  array_drop (editing->replay.again.run.arrays, value);
}

void
edit_try_all (struct editing *editing)
{
  struct trying trying = { .editing = editing,
                           .items = area_of (&editing->items, struct item),
                           .count = (uint32_t)area_count (&editing->items, struct item) };
  trying.parents = heap_take (editing->claims->memory, trying.count, sizeof *trying.parents, "the search for causes");
  memset (trying.parents, 0xff, trying.count * sizeof *trying.parents);
  for (uint32_t at = 0; at < trying.count; at++)
    for (uint32_t child = at; child > trying.items[at].first; child = trying.items[child - 1].first)
      trying.parents[child - 1] = at;
  uint32_t names = 0;
  for (uint32_t at = 0; at < trying.count; at++)
    names += trying.items[at].kind == ITEM_KNOWN;
  for (uint32_t at = 0; at + 1 < trying.count; at++)
    {
      /* In the place of its only name an answer could have anything: a name is told alone. */
      if (trying.items[at].kind == ITEM_KNOWN)
        try_names (&trying, at, names == 1);
      if (trying.items[at].kind == ITEM_NUMBER && !trying.items[at].op)
        {
          try_arrays (&trying, at);
          try_number (&trying, at);
          try_other_number (&trying, at);
        }
      try_functions (&trying, at);
      try_other_function (&trying, at);
      try_missing (&trying, at);
      try_term (&trying, at);
      try_steps (&trying, at);
    }
  try_missing (&trying, trying.count - 1);
  for (uint32_t at = 0; at < trying.count; at++)
    try_operator (&trying, at);
  heap_give (trying.parents);
}
