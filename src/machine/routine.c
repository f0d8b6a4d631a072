/* routine.c -- calls of the library's functions, and what else takes arrays apart and puts them together. */
#include "machine/execute.h"

#include <math.h>
#include <string.h>

#include "machine/answer.h"
#include "machine/complete.h"
#include "machine/small.h"
#include "ops/functions.h"
#include "ops/rules.h"

static struct span
where (const void *run, uint32_t place)
{
  return run_span (run, place);
}

static struct call
begin_call (struct run *run, uint32_t place, const char *name, struct value *arguments, uint32_t count)
{
  return (struct call){ .arrays = run->arrays,
                        .diagnostics = run->diagnostics,
                        .where = where,
                        .run = run,
                        .place = place,
                        .random = &run->random,
                        .load = run_load,
                        .name = name,
                        .arguments = arguments,
                        .count = (int)count,
                        .links = &run->links };
}

/* Whether a map is from a number to a number, and nothing but a coefficient then: that is all the tape keeps. A
   diagnosis wants the maps of functions as they are. */
static bool
is_coefficient (const struct run *run, const struct value *result, const struct call_link *link)
{
  size_t size;
  return !run->apart && result->kind != KIND_ARRAY && linear_info[link->map.kind].traits & BY_ELEMENT
         && link->map.operand_size == 1 && link->map.result_size == 1 && !tape_is_array (run->tape, link->node, &size);
}

static void
link_coefficient (struct run *run, struct call_link *link)
{
  struct linear *map = &link->map;
  double coefficient = map->coefficients ? map->coefficients->elements[0] : map->scale;
  tape_link_partial (run->tape, link->node, map->constant && coefficient == 0 ? FLAT : coefficient);
  linear_drop (run->arrays, map);
}

/* Whether a map is one of an element of an array, for which the tape has a shorter form: a number that stands there, or
   the others of an array that was changed in place. */
static bool
is_of_element (const struct run *run, const struct value *result, const struct call_link *link)
{
  const struct linear *map = &link->map;
  size_t size;
  bool single = map->layout.shape.rank == 0 && !map->positions && !map->coefficients && map->scale == 1;
  if (run->apart || result->kind != KIND_ARRAY)
    return false;
  return (map->kind == LINEAR_KEEP && map->in_place && single)
         || (map->kind == LINEAR_REDUCE && map->operand_size == 1 && single
             && !tape_is_array (run->tape, link->node, &size));
}

/* Moves the links of a result that is made to the tape, plain ones behind the others; false when there are none. */
static bool
link_result (struct run *run, const struct value *value, uint32_t item)
{
  struct call_link *links = area_of (&run->links, struct call_link);
  size_t count = area_count (&run->links, struct call_link), moved = 0;
  for (size_t i = 0; i < count; i++)
    if (links[i].item == item && !is_coefficient (run, value, &links[i]))
      {
        if (!moved++ && value->kind == KIND_ARRAY)
          tape_size (run->tape, value->array->size);
        if (is_of_element (run, value, &links[i]))
          tape_link_bits (run->tape, links[i].node | LINK_ELEMENT, (uint64_t)links[i].map.layout.offset);
        else
          tape_link_linear (run->tape, links[i].node, &links[i].map);
      }
  for (size_t i = 0; i < count; i++)
    if (links[i].item == item && is_coefficient (run, value, &links[i]))
      {
        moved++;
        link_coefficient (run, &links[i]);
      }
  return moved;
}

/* Moves the links that a routine left to the tape, and gives the result, or the items of a tuple, their nodes. */
static void
record_call (struct run *run, struct call *call)
{
  bool tuple = call->result.kind == KIND_TUPLE;
  if (tuple)
    tuple_adopt (run, call->result.tuple);
  if (!run->links.used)
    return;
  struct call_link *links = area_of (&run->links, struct call_link);
  size_t count = area_count (&run->links, struct call_link);
  if (!tuple && small_record (run, &call->result, links, count))
    {
      run->links.used = 0;
      return;
    }
  small_count (run);
  for (size_t i = 0; i < count; i++)
    if (links[i].node == NODE_ELEMENTS)
      links[i].node = small_node (run, links[i].array);
  for (uint32_t item = 0; item < (tuple ? call->result.tuple->count : 1); item++)
    {
      struct value *value = tuple ? &call->result.tuple->items[item] : &call->result;
      if (link_result (run, value, item))
        value->node = tape_node (run->tape);
    }
  run->links.used = 0;
}

/* The instruction that moved an argument into its register, or the call itself. */
static uint32_t
argument_place (const struct run *run, uint32_t place, uint32_t target)
{
  const struct instruction *code = area_of (&run->program->code, struct instruction);
  for (uint32_t i = place; code[place].code == CODE_ROUTINE && i-- > 0;)
    if (code[i].code == CODE_MOVE && code[i].a == target)
      return i;
  return place;
}

/* An argument without a value was left out, or it is a variable that has none, whose own place tells. */
static void
check_argument (const struct run *run, uint32_t place, uint32_t target, bool optional)
{
  uint32_t from = argument_place (run, place, target);
  struct span whole = run_span (run, place), span = run_span (run, from);
  if (optional && (from == place || (span.start == whole.start && span.length == whole.length)))
    return;
  run_unassigned (run, from, from == place ? target : area_of (&run->program->code, struct instruction)[from].b);
}

/* The parameters that a function has by name: they are counted once. */
static struct parameters
parameters_of (struct run *run, uint32_t routine)
{
  struct parameters *parameters = &run->parameters[routine];
  if (parameters->known)
    return *parameters;
  const char *name;
  size_t size;
  bool optional;
  *parameters = (struct parameters){ .known = true };
  for (; op_parameter (op_info[routine].parameters, parameters->named, &name, &size, &optional); parameters->named++)
    parameters->required += !optional;
  return *parameters;
}

/* A function without a rule of its own is what its links are. */
static bool
is_linear (const struct run *run, const struct call *call, uint32_t routine)
{
  enum
  {
    MANY = 16
  };
  /* The largest of the sizes is piecewise linear, and so is an einsum of one operand. */
  bool largest = routine == OP_norm && call->arguments[1].kind == KIND_REAL && isinf (call->arguments[1].number);
  bool alone = routine == OP_einsum && call->count == 2;
  /* A stopped value has no rule, and lets nothing pass. */
  bool stopped = run->complete && routine == OP_stop_gradient;
  return (!rule_exists (routine) && !stopped) || call->count > MANY || largest || alone;
}

/* Each step apart: who listens hears of a call, but for several values at once and, unless it asks for them, parts; and
   what made its result, or each item of it, is kept. */
static void
tell_call (struct run *run, uint32_t place, const struct call *call, uint32_t routine)
{
  enum
  {
    MANY = 65
  };
  const struct value *operands[MANY];
  struct heard heard
    = { place, routine, call->count < MANY ? (uint32_t)call->count : MANY, operands, &call->result, call->kinks };
  bool is_tuple = call->result.kind == KIND_TUPLE, is_part = routine == ROUTINE_ITEM || routine == ROUTINE_REPLACE;
  for (uint32_t i = 0; i < heard.count; i++)
    operands[i] = &call->arguments[i];
  if (run_is_heard (run) && !is_tuple && (!is_part || run->listener->parts))
    run->listener->step (run->listener->data, run, &heard);
  if (is_linear (run, call, routine))
    {
      heard.op = STEP_LINEAR;
      heard.count = 0;
    }
  for (uint32_t i = 0; i < (is_tuple ? call->result.tuple->count : 1); i++)
    {
      heard.result = is_tuple ? &call->result.tuple->items[i] : &call->result;
      struct step *step = routine == ROUTINE_REPLACE
                            ? run_keep_replaced (run, place, &call->result, call->arguments[0].node)
                            : run_keep (run, &heard);
      if (!step)
        continue;
      step->kink = call->kinks && !run->outer;
      step->item = i & 0x3f;
    }
}

static void
move_axis (struct run *run, struct value *arguments)
{
  const struct moved_axis *moved = run->variation.axis;
  value_set (run, &arguments[moved->argument], value_number (KIND_INTEGER, moved->axis));
  if (moved->keeps)
    value_set (run, &arguments[moved->argument + 1], value_number (KIND_BOOLEAN, 1));
}

/* A square matrix becomes its symmetric part; of a symmetric one nothing changes. */
static void
take_symmetric (struct run *run, struct value *matrix)
{
  if (matrix->kind != KIND_ARRAY || !shape_is_square (&matrix->array->shape))
    return;
  size_t n = matrix->array->shape.extent[0];
  const double *from = matrix->array->elements;
  struct value symmetric = value_of_array (array_new (run->arrays, TYPE_REAL, &matrix->array->shape));
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      symmetric.array->elements[i * n + j] = from[i * n + j] / 2 + from[j * n + i] / 2;
  symmetric.node = matrix->node;
  value_set (run, matrix, symmetric);
}

void
routine_call (struct run *run, uint32_t place, const struct instruction *instruction, struct value *const bases[4])
{
  uint32_t routine = instruction->op;
  struct value *arguments = OPERAND (bases, instruction->b);
  uint32_t count = instruction->c;
  struct value made;
  bool product = (routine == OP_matmul || routine == OP_dot) && count == 2;
  if ((routine == ROUTINE_LITERAL && small_literal (run, arguments, count, &made))
      || (product && small_product (run, &arguments[0], &arguments[1], &made)))
    {
      for (uint32_t i = 0; i < count && product; i++)
        value_drop (run, &arguments[i]);
      value_set (run, OPERAND (bases, instruction->a), made);
      return;
    }
  static void (*const others[]) (struct call *) = { function_index, function_literal, function_item };
  static const char *const names[] = { "index", "[ ]", "item" };
  struct call call
    = begin_call (run, place, routine < OPS ? op_info[routine].name : names[routine - OPS], arguments, count);
  if (run->variation.axis && run->variation.axis->place == place)
    move_axis (run, arguments);
  if (run->variation.symmetric && routine == OP_cholesky)
    take_symmetric (run, &arguments[0]);
  if (routine < OPS)
    {
      const struct parameters parameters = parameters_of (run, routine);
      call.rest = parameters.named;
      for (int i = 0; i < call.rest; i++)
        if (arguments[i].kind == KIND_NOTHING)
          check_argument (run, place, instruction->b + (uint32_t)i, i >= parameters.required);
    }
  for (uint32_t i = (uint32_t)call.rest; i < count; i++)
    if (arguments[i].kind == KIND_NOTHING)
      check_argument (run, place, instruction->b + i, false);
  if (run->program->answers_end)
    answer_check (run, place, routine);
  if (routine == OP_matmul)
    run_check_product (run, place, &arguments[0], &arguments[1]);
  if (routine < OPS)
    op_info[routine].routine (&call);
  else
    others[routine - OPS](&call);
  record_call (run, &call);
  run->suspicious |= call.kinks > 0;
  if (run->complete)
    complete_value (run, &call.result);
  if (run->listener && run->listener->stops && routine == OP_stop_gradient && arguments[0].node && !call.result.node)
    run_source (run, &call.result);
  if (run->apart)
    tell_call (run, place, &call, routine);
  for (uint32_t i = 0; i < count; i++)
    if (arguments[i].kind >= KIND_ARRAY)
      value_drop (run, &arguments[i]);
  value_set (run, OPERAND (bases, instruction->a), call.result);
  if (run->apart && run->listener && run->listener->settle && call.result.kind != KIND_TUPLE)
    run->listener->settle (run->listener->data, run, OPERAND (bases, instruction->a));
}

struct value
routine_item (struct run *run, uint32_t place, const char *name, const struct value *from, double index)
{
  if (small_is_on (run) && small_fits (from) && from->array->shape.rank == 1)
    {
      struct value item = value_number (KIND_REAL, from->array->elements[(size_t)index]);
      item.node = from->node ? small_element (run, from, (size_t)index) : 0;
      return item;
    }
  struct value arguments[2] = { *from, value_number (KIND_INTEGER, index) };
  struct call call = begin_call (run, place, name, arguments, 2);
  function_item (&call);
  record_call (run, &call);
  if (run->apart)
    tell_call (run, place, &call, ROUTINE_ITEM);
  return call.result;
}

/* x[i, j] = number, changed in place: most of what loops do, so it comes before everything else. False, with nothing
   done, when it is anything else. */
static bool
replace_number (struct run *run, struct value *variable, const struct value *arguments, uint32_t count)
{
  struct array *array = variable->array;
  size_t position;
  if (run->apart || variable->kind != KIND_ARRAY || array->references != 1 || array->type != TYPE_REAL
      || !value_is_number (&arguments[1]) || !element_position (array, &arguments[2], count - 2, &position))
    return false;
  array->elements[position] = arguments[1].number;
  if (!variable->node && !arguments[1].node)
    return true;
  if (small_is_on (run) && small_fits (variable))
    {
      small_replace (run, variable, position, arguments[1].node);
      return true;
    }
  small_settle (run, variable);
  tape_size (run->tape, array->size);
  if (arguments[1].node)
    tape_link_bits (run->tape, arguments[1].node | LINK_ELEMENT, position);
  if (variable->node)
    tape_link_bits (run->tape, variable->node | LINK_ELEMENT, position);
  variable->node = tape_node (run->tape);
  return true;
}

void
routine_replace (struct run *run, uint32_t place, const struct instruction *instruction, struct value *const bases[4])
{
  struct value *variable = OPERAND (bases, instruction->a);
  struct value *arguments = OPERAND (bases, instruction->b);
  if (variable->kind == KIND_NOTHING)
    run_unassigned (run, place, instruction->a);
  for (uint32_t i = 1; i < instruction->c; i++)
    if (arguments[i].kind == KIND_NOTHING)
      run_unassigned (run, place, instruction->b + i);
  if (replace_number (run, variable, arguments, instruction->c))
    return;
  /* The variable gives its array away, so that an array that nothing else holds is changed in place. */
  arguments[0] = *variable;
  variable->kind = KIND_NOTHING;
  struct call call = begin_call (run, place, "index", arguments, instruction->c);
  struct value old = arguments[0];
  bool heard = run->listener && run->listener->parts;
  /* A value that a listener hears of stays as it is: then the elements are replaced in a copy. */
  if (heard)
    value_hold (&old);
  function_replace (&call);
  record_call (run, &call);
  if (run->apart)
    tell_call (run, place, &call, ROUTINE_REPLACE);
  if (heard)
    value_drop (run, &old);
  for (uint32_t i = 0; i < instruction->c; i++)
    if (arguments[i].kind >= KIND_ARRAY)
      value_drop (run, &arguments[i]);
  *variable = call.result;
}

void
routine_apply (struct run *run, uint32_t place, enum op op, const struct instruction *instruction,
               struct value *bases[4])
{
  const struct op_info *info = &op_info[op];
  struct value *arguments = OPERAND (bases, instruction->c);
  const struct parameters parameters = parameters_of (run, op);
  uint32_t least = parameters.required, most = parameters.named;
  bool rest = op_takes_rest (info->parameters);
  if (instruction->op < least || (!rest && instruction->op > most))
    ERROR (place, "'%s' takes %u argument%s, %u given", info->name, least, least == 1 ? "" : "s", instruction->op);
  if (op_is_derivative (op))
    {
      struct value derived = run->program->deriver->derive (run, place, op, arguments, instruction->op);
      for (uint32_t i = 0; i < instruction->op; i++)
        if (arguments[i].kind >= KIND_ARRAY)
          value_drop (run, &arguments[i]);
      value_set (run, OPERAND (bases, instruction->a), derived);
      return;
    }
  if (info->arity)
    {
      /* The call runs as a group of one step over the arguments. */
      uint32_t first = instruction->c | TEMPORARY;
      const struct instruction group[2]
        = { { CODE_GROUP, (info->traits & BLOCKS ? GROUP_BLOCKS : 0) | GROUP_MIXED, instruction->a, 1, 0 },
            { CODE_STEP, (uint16_t)op, first, first + 1, first + 2 } };
      run_group (run, place, group, bases);
      return;
    }
  /* Parameters that were left out stand between the required ones and the rest. */
  size_t base = run->stack.used;
  uint32_t extra = instruction->op > most ? instruction->op : most;
  struct value *laid = area_push (&run->stack, (most + extra) * sizeof *laid);
  memset (laid, 0, (most + extra) * sizeof *laid);
  uint32_t used = most;
  for (uint32_t i = 0; i < instruction->op; i++)
    laid[i < (rest ? least : most) ? i : used++] = arguments[i];
  memset (arguments, 0, instruction->op * sizeof *arguments);
  struct value result = { 0 };
  struct value *const own[4] = { laid, NULL, &result, laid };
  routine_call (run, place, &(struct instruction){ CODE_ROUTINE, (uint16_t)op, GLOBAL, 0, used }, own);
  run->stack.used = base;
  value_set (run, OPERAND (bases, instruction->a), result);
}
