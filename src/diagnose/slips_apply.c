/* slips_apply.c -- a wrong rule on a tape: the links of a step are replaced, and put back. */
#include "diagnose/slips.h"
#include "ops/ops.h"

/* A link as it was: a weight, or a linear map. */
struct patch
{
  bool is_linear;
  size_t at;
  double weight;
  struct linear linear;
};

static double *
weights_of (const struct replay *replay)
{
  return area_of (&replay->again.run.tape->weights, double);
}

static struct linear *
linears_of (const struct replay *replay)
{
  return area_of (&replay->again.run.tape->linears, struct linear);
}

/* The link of a step to an operand, or UINT32_MAX. An operand that stands twice may have two links or one. */
static uint32_t
link_of (const struct replay *replay, const struct step *step, int operand, bool *shared)
{
  const struct tape *tape = replay->again.run.tape;
  const uint32_t *ends = area_of (&tape->ends, uint32_t), *operands = area_of (&tape->operands, uint32_t);
  uint32_t node = step->operands[operand].node, found = UINT32_MAX, skip = 0, uses = 0, links = 0;
  for (int k = 0; k < (int)step->count; k++)
    {
      uses += step->operands[k].node == node;
      skip += k < operand && step->operands[k].node == node;
    }
  if (!node)
    return UINT32_MAX;
  for (uint32_t link = ends[step->result.node - 1]; link < ends[step->result.node]; link++)
    if (operands[link] != LINK_SIZE && (operands[link] & ~(uint32_t)LINK_SIZE) == node)
      if (links++ <= skip)
        found = link;
  *shared = links < uses;
  return found;
}

static void
patch_weight (struct replay *replay, uint32_t link, double weight)
{
  double *weights = weights_of (replay);
  *area_add (&replay->patches, struct patch) = (struct patch){ .at = link, .weight = weights[link] };
  weights[link] = weight;
}

static void
patch_linear (struct replay *replay, uint32_t link, const struct linear *linear)
{
  size_t at = bits_of (weights_of (replay)[link]);
  struct linear *old = &linears_of (replay)[at];
  *area_add (&replay->patches, struct patch) = (struct patch){ .is_linear = true, .at = at, .linear = *old };
  *old = *linear;
}

/* Back to as many changes as there were. */
static void
undo_to (struct replay *replay, size_t kept)
{
  struct patch *patches = area_of (&replay->patches, struct patch);
  for (size_t i = area_count (&replay->patches, struct patch); i-- > kept;)
    if (patches[i].is_linear)
      {
        struct linear *linear = &linears_of (replay)[patches[i].at];
        linear_drop (replay->again.run.arrays, linear);
        *linear = patches[i].linear;
      }
    else
      weights_of (replay)[patches[i].at] = patches[i].weight;
  replay->patches.used = kept * sizeof *patches;
}

void
slip_undo (struct replay *replay)
{
  undo_to (replay, 0);
}

/* What the right operand of a step is made of; `part` is the operand of that step which is told, or NULL. */
static enum slip_made
made_of (const struct replay *replay, const struct step *step, const struct value **part)
{
  *part = NULL;
  if (step->op != OP_divide || !step->operands[1].node)
    return MADE_OTHERWISE;
  const struct step *made = trace_find (&replay->trace, step->operands[1].node);
  if (made->op == OP_square || (op_is_power (made->op) && !made->operands[1].node))
    *part = &made->operands[0];
  else if (made->op == OP_multiply && !step_both_vary (made))
    *part = &made->operands[made->operands[0].node != 0];
  return !*part ? MADE_OTHERWISE : made->op == OP_multiply ? MADE_MULTIPLE : MADE_POWER;
}

/* The elements of a value, spread to a shape. */
static struct array *
spread (struct arrays *arrays, const struct value *value, const double *elements, const struct shape *shape)
{
  struct shape from = value_shape (value);
  struct layout layout = layout_broadcast (&from, shape);
  struct array *array = array_vector (arrays, shape_size (shape));
  layout_take (&layout, elements, array->elements);
  return array;
}

/* What there is to know of each element of a step, spread to its shape. */
struct elements
{
  struct array *taken[STEP_OPERANDS], *tangents[STEP_OPERANDS], *part;
  enum slip_made made;
};

static struct elements
take_elements (struct replay *replay, const struct step *step, const struct shape *shape)
{
  struct arrays *arrays = replay->again.run.arrays;
  struct elements all = { .part = NULL };
  const struct value *part;
  struct shape joined;
  for (uint32_t k = 0; k < step->count; k++)
    {
      const struct value *operand = &step->operands[k];
      all.taken[k] = spread (arrays, operand, value_elements (operand), shape);
      if (!replay->tangents)
        continue;
      struct array *tangent = array_vector (arrays, value_size (operand));
      replay_tangent (replay, operand, tangent->size, tangent->elements);
      all.tangents[k] = spread (arrays, operand, tangent->elements, shape);
      array_drop (arrays, tangent);
    }
  all.made = made_of (replay, step, &part);
  struct shape from = part ? value_shape (part) : *shape;
  if (part && shape_broadcast (&joined, &from, shape) && shape_equal (&joined, shape))
    all.part = spread (arrays, part, value_elements (part), shape);
  else
    all.made = MADE_OTHERWISE;
  return all;
}

static void
drop_elements (struct arrays *arrays, const struct elements *all)
{
  for (int k = 0; k < STEP_OPERANDS; k++)
    {
      array_drop (arrays, all->taken[k]);
      array_drop (arrays, all->tangents[k]);
    }
  array_drop (arrays, all->part);
}

/* The partials of an array's step that a slip leaves, element by element; NULL when it makes no sense. Of an operand
   that has its link together with others, those go on as they are. */
static struct array *
slipped_partials (struct replay *replay, const struct step *step, enum slip slip, int operand, bool shared)
{
  struct arrays *arrays = replay->again.run.arrays;
  struct shape shape = value_shape (&step->result);
  size_t size = shape_size (&shape);
  struct array *partials = array_vector (arrays, size);
  const double *values = value_elements (&step->result);
  bool good = true;
  struct elements all = take_elements (replay, step, &shape);
  for (size_t i = 0; i < size && good; i++)
    {
      double partial, tangent[STEP_OPERANDS] = { 0 };
      struct slip_element element = { .v = values[i],
                                      .both = step_both_vary (step),
                                      .tangent = replay->tangents ? tangent : NULL,
                                      .made = all.made,
                                      .part = all.part ? all.part->elements[i] : 0 };
      for (uint32_t k = 0; k < step->count; k++)
        {
          element.x[k] = all.taken[k]->elements[i];
          tangent[k] = all.tangents[k] ? all.tangents[k]->elements[i] : 0;
        }
      good = slip_partial (slip, step->op, operand, &element, &partial);
      for (int k = 0; k < (int)step->count && shared && good; k++)
        if (k != operand && step->operands[k].node == step->operands[operand].node)
          partial
            += op_partial ((enum op)step->op, k, element.x[0], element.x[1], element.x[2], values[i], element.both);
      partials->elements[i] = partial + 0.0;
    }
  drop_elements (arrays, &all);
  if (good)
    return partials;
  array_drop (arrays, partials);
  return NULL;
}

void
slip_element_of (const struct replay *replay, const struct step *step, struct slip_element *element,
                 double tangent[STEP_OPERANDS])
{
  const struct value *part;
  *element = (struct slip_element){ .v = step->result.number,
                                    .both = step_both_vary (step),
                                    .tangent = replay->tangents ? tangent : NULL };
  for (uint32_t k = 0; k < step->count; k++)
    {
      element->x[k] = step->operands[k].number;
      tangent[k] = replay->tangents ? replay->tangents[step->operands[k].node] : 0;
    }
  element->made = made_of (replay, step, &part);
  element->part = part && value_is_number (part) ? part->number : 0;
  element->made = part && value_is_number (part) ? element->made : MADE_OTHERWISE;
}

static bool
apply_elementwise (struct replay *replay, const struct step *step, enum slip slip, int operand)
{
  bool shared;
  uint32_t link = link_of (replay, step, operand, &shared);
  struct shape shape = value_shape (&step->result), from = value_shape (&step->operands[operand]);
  if (link == UINT32_MAX)
    return false;
  if (shape.rank == 0 && from.rank == 0)
    {
      double tangent[STEP_OPERANDS] = { 0 }, partial;
      struct slip_element element;
      slip_element_of (replay, step, &element, tangent);
      if (!slip_partial (slip, step->op, operand, &element, &partial))
        return false;
      patch_weight (replay, link, partial + 0.0);
      return true;
    }
  struct array *partials = slipped_partials (replay, step, slip, operand, shared);
  if (!partials)
    return false;
  struct linear linear = { .kind = LINEAR_DIAGONAL,
                           .scale = 1,
                           .operand_size = shape_size (&from),
                           .result_size = partials->size,
                           .coefficients = partials,
                           .layout = layout_broadcast (&from, &shape) };
  patch_linear (replay, link, &linear);
  return true;
}

static bool
apply_structured (struct replay *replay, const struct step *step, enum slip slip, int operand)
{
  const uint32_t *operands = area_of (&replay->again.run.tape->operands, uint32_t);
  bool shared;
  uint32_t link = link_of (replay, step, operand, &shared);
  if (link == UINT32_MAX || shared || !(operands[link] & LINK_LINEAR) || operands[link] & LINK_ELEMENT)
    return false;
  struct linear linear = linears_of (replay)[bits_of (weights_of (replay)[link])];
  bool good = slip_linear (replay->again.run.arrays, step, slip, &linear);
  if (good)
    patch_linear (replay, link, &linear);
  return good;
}

bool
slip_apply (struct replay *replay, enum slip slip, uint32_t place, int operand)
{
  uint32_t count;
  const uint32_t *numbers = trace_at_place (&replay->trace, place, &count);
  bool any = false, good = true;
  size_t before = area_count (&replay->patches, struct patch);
  for (uint32_t i = 0; i < count && good; i++)
    {
      const struct step *step = trace_at (&replay->trace, numbers[i]);
      bool elementwise = step->op < OPS && op_info[step->op].arity;
      for (int k = 0; k < (int)step->count && good; k++)
        {
          bool meant = slip_info[slip].joint ? step->operands[k].node != 0 : k == operand;
          if (!meant || !step->operands[k].node)
            continue;
          good = elementwise ? apply_elementwise (replay, step, slip, k) : apply_structured (replay, step, slip, k);
          any |= good;
        }
    }
  if (!any || !good)
    undo_to (replay, before);
  return any && good;
}
