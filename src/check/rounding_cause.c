/* rounding_cause.c -- which steps a bound of rounding is due to. */
#include "check/rounding_cause.h"

#include <float.h>
#include <math.h>

#include "base/heap.h"
#include "check/rounding_step.h"
#include "derive/gradient.h"
#include "ops/accuracy.h"

const char *const rounding_kind_names[] = { "reading", "rounding", "cancellation", "steepness", "jump", "underflow" };

/* Of the places of the program: what their steps' own rounding comes to in the result. */
struct due
{
  double own;
  uint32_t node; /* one of the steps, that with the largest part */
  double most;
  bool away;  /* that is far more than the last digit of its result */
  bool below; /* its result has fewer digits than others, being below the normal numbers */
};

struct causing
{
  struct rounding *rounding;
  struct due *of_place;
  double bound;
  uint32_t node; /* of the step that makes errors grow most, of those that half of the bound comes through; or 0 */
  double factor, through;
  bool below; /* as of `due` */
};

/* Whether the own rounding of an element is what it is because the result is below the normal numbers. */
static bool
is_below (const struct rounding_met *met, const struct value *value, size_t i)
{
  return value && met->own[i] > 0 && met->own[i] < 0x1p-1070 && fabs (value_elements (value)[i]) < DBL_MIN;
}

static uint32_t
place_of (const struct run *run, uint32_t node)
{
  uint32_t place = gradient_origin (run, node);
  place = place ? place : trace_find (run->trace, node)->place;
  return place < area_count (&run->program->code, struct instruction) ? place : 0;
}

/* How far off an operand of a step is, in parts of itself: the largest of all. */
struct relative
{
  struct rounding *rounding;
  size_t size, element; /* of the step's result */
  double largest;
};

static void
visit_operand (void *data, uint32_t from, const struct linear *map)
{
  struct relative *relative = data;
  const struct value *value = rounding_value (&relative->rounding->again.run, from);
  const double *bounds = rounding_of_node (relative->rounding, from);
  size_t size = map->operand_size;
  if (!value)
    return;
  const double *elements = value_elements (value);
  bool same = size == relative->size;
  for (size_t i = same ? relative->element : 0; i < (same ? relative->element + 1 : size); i++)
    {
      double part = elements[i] == 0 ? 1 : fmin (1, bounds[i] / fabs (elements[i]));
      relative->largest = fmax (relative->largest, bounds[i] > 0 ? part : 0);
    }
}

/* Sees by how much the step makes errors grow, in the element that most comes through. */
static void
see_growth (struct causing *causing, const struct rounding_met *met)
{
  const struct value *value = rounding_value (&causing->rounding->again.run, met->node);
  double through = 0, most = 0;
  size_t at = 0;
  for (size_t i = 0; i < met->size; i++)
    {
      double carried = met->bounds[i] - met->own[i];
      double part = carried > 0 && met->adjoints[i] != 0 ? fabs (met->adjoints[i]) * carried : 0;
      through += part;
      at = part > most ? i : at;
      most = fmax (most, part);
    }
  if (!value || !(through >= causing->bound / 2))
    return;
  struct relative relative = { causing->rounding, met->size, at, 0 };
  rounding_visit (&causing->rounding->again.run, met->node, visit_operand, &relative);
  double carried = met->bounds[at] - met->own[at];
  double factor = carried / fmax (fabs (value_elements (value)[at]), carried) / relative.largest;
  if (factor > causing->factor)
    {
      causing->factor = factor;
      causing->through = fmin (1, through / causing->bound);
      causing->node = met->node;
      causing->below = is_below (met, value, at);
    }
}

static void
meet (void *data, const struct rounding_met *met)
{
  struct causing *causing = data;
  struct due *due = &causing->of_place[place_of (&causing->rounding->again.run, met->node)];
  const struct value *value = rounding_value (&causing->rounding->again.run, met->node);
  double own = 0, most = 0;
  bool away = false, below = false;
  for (size_t i = 0; i < met->size; i++)
    {
      double part = met->own[i] > 0 && met->adjoints[i] != 0 ? fabs (met->adjoints[i]) * met->own[i] : 0;
      own += part;
      below = part > most ? is_below (met, value, i) : below;
      away = part > most ? value && met->own[i] > 0x1p-46 * fabs (value_elements (value)[i]) : away;
      most = fmax (most, part);
    }
  due->own += own;
  if (own > due->most)
    {
      due->most = own;
      due->node = met->node;
      due->away = away;
      due->below = below;
    }
  see_growth (causing, met);
}

/* Whether a step adds its operands, or products of them, up, or subtracts them: all it can make errors grow by is that
   they cancel. */
static bool
adds (const struct step *step)
{
  return step->op >= OPS || step->op == OP_add || step->op == OP_subtract
         || op_accuracy ((enum op)step->op)->exactness == UNRATED
         || (!op_info[step->op].arity && op_info[step->op].traits & KEEPS_ZEROS);
}

/* Why a bound grows at a step: by what it makes of its operands' errors or, with `own`, by its own. */
static enum rounding_kind
growth_of (const struct step *step, bool own)
{
  if (own && step->op < OPS && (op_jumps ((enum op)step->op, 0) || op_jumps ((enum op)step->op, 1)))
    return ROUNDED_OVER;
  return adds (step) ? ROUNDED_AWAY : ROUNDED_STEEP;
}

static struct rounding_cause
cause_of (const struct run *run, uint32_t node, enum rounding_kind kind, bool below, double share)
{
  const struct step *step = trace_find (run->trace, node);
  uint32_t place = place_of (run, node);
  bool is_read = !gradient_origin (run, node) && step->op == STEP_NONE;
  bool named = !gradient_origin (run, node) && step->op < OPS;
  const char *sign = named ? op_info[step->op].sign : "";
  if (is_read)
    kind = ROUNDED_READING;
  else if (below)
    kind = ROUNDED_BELOW;
  return (struct rounding_cause){ .kind = kind,
                                  .op = !named  ? NULL
                                        : *sign ? sign
                                                : op_info[step->op].name,
                                  .span = place ? run_span (run, place) : NOWHERE,
                                  .share = share };
}

size_t
rounding_causes (struct rounding *rounding, const struct value *value, size_t element,
                 struct rounding_cause causes[ROUNDING_CAUSES])
{
  static const double GROWTH = 8, COUNTS = 0.1;
  const struct run *run = &rounding->again.run;
  size_t count = 0, places = area_count (&run->program->code, struct instruction) + 1;
  struct causing causing = { .rounding = rounding, .bound = rounding_of_element (rounding, value, element) };
  if (!(causing.bound > 0 && isfinite (causing.bound)))
    return 0;
  causing.of_place = heap_take_zeroed (run->memory, places, sizeof *causing.of_place, "the bounds of rounding");
  bool swept = rounding_sweep (rounding, value, element, meet, &causing);
  if (swept && causing.factor >= GROWTH)
    causes[count++] = cause_of (run, causing.node, growth_of (trace_find (run->trace, causing.node), false),
                                causing.below, causing.through);
  while (swept && count < ROUNDING_CAUSES)
    {
      struct due *most = causing.of_place;
      for (size_t place = 1; place < places; place++)
        if (causing.of_place[place].own > most->own)
          most = &causing.of_place[place];
      if (!(most->own > 0 && most->own >= COUNTS * causing.bound))
        break;
      const struct step *step = trace_find (run->trace, most->node);
      enum rounding_kind kind = most->away && step->op != STEP_NONE ? growth_of (step, true) : ROUNDED_STEP;
      causes[count++] = cause_of (run, most->node, kind, most->below, fmin (1, most->own / causing.bound));
      most->own = 0;
    }
  heap_give (causing.of_place);
  return count;
}
