/* routine.h -- what the routines of functions share: operands, axes, linear maps ready made. */
#ifndef GRADCALC_ROUTINE_H
#define GRADCALC_ROUTINE_H

#include <math.h>
#include <string.h>

#include "ops/call.h"
#include "ops/functions.h"

/* A number or array as an argument. */
struct operand
{
  struct value value;
  struct shape shape;
  enum type type;
  size_t size;
  const double *elements;
  bool varies;
};

/* Points into the call's arguments, so it is good while they stand. */
struct operand call_operand (struct call *call, int argument);

/* The operand's elements as an array of their own reference, as linear maps hold them. */
struct array *operand_array (struct call *call, const struct operand *operand);

static inline bool
call_given (const struct call *call, int argument)
{
  return argument < call->count && call->arguments[argument].kind != KIND_NOTHING;
}

static inline bool
value_is_whole (const struct value *value)
{
  return (value->kind == KIND_REAL || value->kind == KIND_INTEGER) && value->number == rint (value->number)
         && fabs (value->number) <= 9007199254740992.0;
}

/* As call_axis, of an axis given by number. */
int call_axis_number (struct call *call, double axis, int rank);
/* Which axes an argument names: all, and true, where it is left out or None; else one axis or a vector of axes. */
bool call_axes (struct call *call, int argument, int rank, bool named[RANK_LIMIT]);
/* As call_shape, of the arguments from `first` to before `end`. */
struct shape call_shape_between (struct call *call, int first, int end);
/* Whole numbers given as one array or as several numbers; how many there are, at most RANK_LIMIT. */
int call_wholes (struct call *call, int first, int end, const char *what, double *wholes);
/* The one number that an argument is. */
double call_number (struct call *call, int argument, const char *parameter);

/* Stops the run: an array cannot have so many axes. A size below 0 stops it too. */
_Noreturn void call_too_many_axes (struct call *call, int rank);
void call_need_size (struct call *call, double size);

/* A number of elements worked out in double precision: stops the run when it is beyond all memory. */
size_t call_extent (struct call *call, double extent);

/* An array of one axis that linear maps may hold, or room for the time of a call. */
struct array *call_vector (struct call *call, size_t size);

/* product.c: C = A B for m x k and k x n. */
void matrix_product (size_t m, size_t k, size_t n, const double *A, const double *B, double *C);

/* An array seen along one axis: element (o, k, i) is o * length * inner + k * inner + i. */
struct axis
{
  size_t outer, length, inner;
};

struct axis axis_of (const struct shape *shape, int axis);

static inline enum type
type_joined (enum type a, enum type b)
{
  return a == b ? a : a == TYPE_REAL || b == TYPE_REAL ? TYPE_REAL : TYPE_INTEGER;
}

/* Another axis, or one less. */
void shape_insert (struct call *call, struct shape *shape, int axis, size_t extent);
void shape_remove (struct shape *shape, int axis);
/* The extents without checks: {rank 1, size}. */
struct shape shape_vector (size_t size);

/* The position among the other array of each element, in row-major order. */
void layout_positions (const struct layout *layout, double *positions);
/* Every position of `shape` is the first element. */
struct layout layout_single (const struct shape *shape);

/* Linear maps. They take over the reference to what they hold. */
struct linear map_scale (const struct layout *layout, size_t operand_size, double scale);
struct linear map_diagonal (struct array *coefficients, const struct layout *layout, size_t operand_size);
struct linear map_reduce (struct array *coefficients, const struct layout *layout, size_t result_size);
struct linear map_gather (struct array *positions, size_t operand_size);
struct linear map_scatter (struct array *positions, size_t result_size);
struct linear map_axis (enum linear_kind kind, struct array *coefficients, struct axis axis);

/* Leaves as the result the elements of the first argument that a layout takes, in another shape if `shape` is not
   NULL, with the link to it. */
void call_take (struct call *call, const struct operand *operand, const struct layout *layout,
                const struct shape *shape);
/* The same, at positions, whose reference it takes over. */
void call_gather (struct call *call, const struct operand *operand, struct array *positions, const struct shape *shape);

/* Item `argument` of a new tuple: as call_take. */
void call_take_item (struct call *call, struct tuple *tuple, uint32_t item, const struct operand *operand,
                     const struct layout *layout);

#endif
