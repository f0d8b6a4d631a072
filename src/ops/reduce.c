/* reduce.c -- sums, products, extremes, counts and positions. */
#include <float.h>

#include "ops/groups.h"
#include "value/sum.h"

static double
sum_of (const double *elements, size_t length)
{
  struct sum sum;
  sum_begin (&sum);
  sum_add (&sum, elements, length);
  return sum_total (&sum);
}

/* The sum, times 1 or divided by the length. The one slope there is needs no array. */
static void
sum_or_mean (struct call *call, bool mean)
{
  struct groups groups = groups_of (call, 1, 2);
  const struct operand *x = &groups.operand;
  double *result = call_result (call, mean || x->type == TYPE_REAL ? TYPE_REAL : TYPE_INTEGER, &groups.result);
  struct linear map = map_reduce (NULL, &groups.into, groups.count);
  if (groups.in_order)
    for (size_t i = 0; i < groups.count; i++)
      result[i] = sum_of (x->elements + i * groups.length, groups.length);
  else
    {
      memset (result, 0, groups.count * sizeof (double));
      layout_add (&groups.into, x->elements, result);
    }
  if (mean)
    {
      for (size_t i = 0; i < groups.count; i++)
        result[i] /= (double)groups.length;
      map.scale = 1 / (double)groups.length;
    }
  call_link (call, &x->value, map);
}

void
function_sum (struct call *call)
{
  sum_or_mean (call, false);
}

void
function_mean (struct call *call)
{
  sum_or_mean (call, true);
}

/* A product as mantissa * 2^exponent, which neither overflows nor vanishes on the way. */
struct scaled
{
  double mantissa, exponent;
};

static struct scaled
scaled_times (struct scaled a, double b)
{
  int of_factor, of_product;
  double factor = frexp (b, &of_factor), mantissa = frexp (a.mantissa * factor, &of_product);
  return (struct scaled){ mantissa, a.exponent + of_factor + of_product };
}

static double
scaled_value (struct scaled a)
{
  return ldexp (a.mantissa, (int)fmax (fmin (a.exponent, 10000), -10000));
}

/* As product_of, for products that leave the range of doubles on the way. */
static double
product_out_of_range (const struct group *group)
{
  const double *x = group->elements;
  struct scaled product = { 1, 0 }, after = product;
  for (size_t i = 0; i < group->length; i++)
    {
      if (group->slopes)
        {
          group->slopes[i] = product.mantissa;
          group->scratch[i] = product.exponent;
        }
      product = scaled_times (product, x[i]);
    }
  for (size_t i = group->length; group->slopes && i-- > 0;)
    {
      struct scaled others = scaled_times (after, group->slopes[i]);
      others.exponent += group->scratch[i];
      group->slopes[i] = scaled_value (others) + 0.0;
      after = scaled_times (after, x[i]);
    }
  return scaled_value (product);
}

/* The slope in an element is the product of the others: what stands before it times what stands after. */
double
product_of (const struct group *group)
{
  const double *x = group->elements;
  double *slopes = group->slopes;
  double product = 1, after = 1, least = 1, most = 1;
  for (size_t i = 0; i < group->length; i++)
    {
      if (slopes)
        slopes[i] = product;
      product *= x[i];
      least = fabs (product) < least ? fabs (product) : least;
      most = fabs (product) > most ? fabs (product) : most;
    }
  for (size_t i = group->length; slopes && i-- > 0;)
    {
      slopes[i] = slopes[i] * after + 0.0;
      after *= x[i];
      least = fabs (after) < least ? fabs (after) : least;
      most = fabs (after) > most ? fabs (after) : most;
    }
  return least < DBL_MIN || most > DBL_MAX ? product_out_of_range (group) : product;
}

void
function_prod (struct call *call)
{
  struct groups groups = groups_of (call, 1, 2);
  groups.needs_scratch = groups.operand.varies;
  groups_reduce (call, &groups, groups.operand.type == TYPE_REAL ? TYPE_REAL : TYPE_INTEGER, product_of, 1);
}

/* The extreme, the largest for sign 1 and the smallest for -1; a NaN wins. The slope is shared by all that are
   equal to it. */
static double
extreme_of (const struct group *group)
{
  const double *x = group->elements;
  double sign = group->parameter, extreme = x[0];
  for (size_t i = 1; i < group->length; i++)
    if (sign * x[i] > sign * extreme || (isnan (x[i]) && !isnan (extreme)))
      extreme = x[i];
  if (!group->slopes)
    return extreme;
  size_t ties = 0;
  for (size_t i = 0; i < group->length; i++)
    ties += x[i] == extreme || isnan (x[i]);
  for (size_t i = 0; i < group->length; i++)
    group->slopes[i] = x[i] == extreme || isnan (x[i]) ? 1 / (double)ties : FLAT;
  *group->kinks += ties > 1;
  return extreme;
}

/* The slope in one of several numbers: ties are shared by those that vary, and go to none of them when a constant is
   among them. */
static double
tied_slope (const struct call *call, double extreme, int argument)
{
  int varying = 0, constant = 0;
  for (int k = 0; k < call->count; k += k == 0 ? call->rest : 1)
    if (call->arguments[k].number == extreme || isnan (call->arguments[k].number))
      *(call->arguments[k].node ? &varying : &constant) += 1;
  double number = call->arguments[argument].number;
  if (number != extreme && !isnan (number))
    return FLAT;
  return constant ? FLAT : 1.0 / varying;
}

static void
extreme_of_several (struct call *call, double sign)
{
  double extreme = sign * -INFINITY;
  enum type type = TYPE_BOOLEAN;
  for (int k = 0; k < call->count; k += k == 0 ? call->rest : 1)
    {
      call_need_array (call, k);
      const struct value *value = &call->arguments[k];
      if (value->kind == KIND_ARRAY)
        call_error (call, "'%s' of several arguments takes numbers: use '%simum(a, b)', or '%s(x, axis=0)'", call->name,
                    call->name, call->name);
      if (isnan (value->number) || (!isnan (extreme) && sign * value->number > sign * extreme))
        extreme = value->number;
      type = k == 0 ? value_type (value) : type_joined (type, value_type (value));
    }
  for (int i = 1; i < call->rest; i++)
    if (call_given (call, i))
      call_error (call, "'%s': axis and keepdims go with one array, not with several numbers", call->name);
  call_result_number (call, type, extreme);
  struct layout one = { .shape.rank = 0 };
  for (int k = 0; k < call->count; k += k == 0 ? call->rest : 1)
    if (call->arguments[k].node)
      {
        double slope = tied_slope (call, extreme, k);
        call->kinks |= call->arguments[k].number == extreme && slope != 1;
        call_link (call, &call->arguments[k], map_scale (&one, 1, slope));
      }
}

static void
extreme (struct call *call, double sign)
{
  if (call->rest < call->count)
    {
      extreme_of_several (call, sign);
      return;
    }
  struct groups groups = groups_of (call, 1, 2);
  groups_need_elements (call, &groups);
  groups_reduce (call, &groups, groups.operand.type, extreme_of, sign);
}

void
function_max (struct call *call)
{
  extreme (call, 1);
}

void
function_min (struct call *call)
{
  extreme (call, -1);
}

/* What counts and finds gives whole numbers and booleans: nothing is linked. */
static void
find (struct call *call, enum type type, bool needs_elements, group_function *function, double parameter)
{
  struct groups groups = groups_of (call, 1, 2);
  if (needs_elements)
    groups_need_elements (call, &groups);
  groups.operand.varies = false;
  groups_reduce (call, &groups, type, function, parameter);
}

static double
count_of (const struct group *group)
{
  size_t count = 0;
  for (size_t i = 0; i < group->length; i++)
    count += group->elements[i] != 0;
  return (double)count;
}

static double
any_of (const struct group *group)
{
  return count_of (group) > 0;
}

static double
all_of (const struct group *group)
{
  return count_of (group) == (double)group->length;
}

static double
position_of (const struct group *group)
{
  const double *x = group->elements;
  double sign = group->parameter;
  size_t best = 0;
  for (size_t i = 1; i < group->length; i++)
    if (!isnan (x[best]) && (sign * x[i] > sign * x[best] || isnan (x[i])))
      best = i;
  return (double)best;
}

void
function_any (struct call *call)
{
  find (call, TYPE_BOOLEAN, false, any_of, 0);
}

void
function_all (struct call *call)
{
  find (call, TYPE_BOOLEAN, false, all_of, 0);
}

void
function_count (struct call *call)
{
  find (call, TYPE_INTEGER, false, count_of, 0);
}

void
function_argmax (struct call *call)
{
  find (call, TYPE_INTEGER, true, position_of, 1);
}

void
function_argmin (struct call *call)
{
  find (call, TYPE_INTEGER, true, position_of, -1);
}
