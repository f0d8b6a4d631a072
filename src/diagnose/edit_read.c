/* edit_read.c -- the right side of a claim as items, and what values a program has. */
#include <string.h>

#include "diagnose/edit.h"
#include "ops/ops.h"

enum
{
  ITEMS = 400, /* of an answer that is edited */
  KNOWN = 200,
  DEPTH = 100,
  PARAMETERS = 8
};

/* An operand on the way: its items, and the keyword before it. */
struct part
{
  uint32_t first, end;
  uint32_t keyword; /* a name, or UINT32_MAX */
  uint32_t callee;  /* the function that it is a name of, or OPS */
};

struct reading
{
  struct editing *editing;
  const struct syntax *syntax;
  struct part parts[DEPTH];
  uint32_t depth;
};

static uint32_t
item_count (const struct editing *editing)
{
  return (uint32_t)area_count (&editing->items, struct item);
}

static bool
push_part (struct reading *reading, uint32_t first, uint32_t callee)
{
  if (reading->depth == DEPTH || item_count (reading->editing) > ITEMS)
    return false;
  reading->parts[reading->depth++] = (struct part){ first, item_count (reading->editing), UINT32_MAX, callee };
  return true;
}

/* An item over the last `count` operands. */
static bool
push_item (struct reading *reading, struct item item, uint32_t operands)
{
  if (operands > reading->depth)
    return false;
  reading->depth -= operands;
  for (uint32_t i = 0; i < operands; i++)
    if (reading->parts[reading->depth + i].callee != OPS || reading->parts[reading->depth + i].keyword != UINT32_MAX)
      return false;
  item.first = operands ? reading->parts[reading->depth].first : item_count (reading->editing);
  *area_add (&reading->editing->items, struct item) = item;
  return push_part (reading, item.first, OPS);
}

/* Which value a name means, or UINT32_MAX. */
static uint32_t
known_of_name (const struct editing *editing, uint32_t name)
{
  const struct known *known = area_of (&editing->known, struct known);
  for (uint32_t i = 0; i < area_count (&editing->known, struct known); i++)
    if (known[i].name == name)
      return i;
  return UINT32_MAX;
}

static bool
read_name (struct reading *reading, const struct node *node)
{
  static const struct
  {
    const char *name;
    double number;
    bool truth;
  } constants[] = { { "pi", 3.14159265358979323846, false },
                    { "e", 2.71828182845904523536, false },
                    { "tau", 6.28318530717958647693, false },
                    { "true", 1, true },
                    { "false", 0, true } };
  const struct program *program = reading->editing->claims->run->program;
  const char *text = names_text (program->names, node->payload);
  uint32_t known = known_of_name (reading->editing, node->payload);
  struct item item = { .kind = ITEM_KNOWN, .known = known, .span = node_span (node) };
  if (known != UINT32_MAX)
    return push_item (reading, item, 0);
  enum op op = op_find (text, false);
  if (node->op == NAME_CALLED && op < OPS)
    return push_part (reading, item_count (reading->editing), op);
  item.kind = ITEM_NUMBER;
  for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
    if (strcmp (text, constants[i].name) == 0)
      {
        item.number = constants[i].number;
        item.op = constants[i].truth;
        return push_item (reading, item, 0);
      }
  return false;
}

/* Copies items behind the others, their operands with them. */
static void
append_part (struct editing *editing, const struct item *from, const struct part *part)
{
  uint32_t at = item_count (editing);
  for (uint32_t i = part->first; i < part->end; i++)
    {
      struct item item = from[i];
      item.first += at - part->first;
      *area_add (&editing->items, struct item) = item;
    }
}

/* Lays the arguments out by parameter, as calls have them; false when that is not known. */
static bool
read_call (struct reading *reading, const struct node *node)
{
  struct editing *editing = reading->editing;
  uint32_t count = node->payload, rest = 0, total = 0;
  if (count + 1 > reading->depth)
    return false;
  struct part *arguments = &reading->parts[reading->depth - count], callee = arguments[-1];
  uint32_t op = callee.callee;
  if (op == OPS || (op_is_formula (&op_info[op]) && op != OP_cross) || op_is_derivative ((enum op)op)
      || op_asks_machine (op))
    return false;
  for (uint32_t i = 0; i < count; i++)
    if (arguments[i].callee != OPS || (op_info[op].arity && arguments[i].keyword != UINT32_MAX))
      return false;
  struct item copies[ITEMS + 1];
  uint32_t copied = item_count (editing) - callee.first;
  memcpy (copies, area_of (&editing->items, struct item) + callee.first, copied * sizeof *copies);
  editing->items.used = callee.first * sizeof *copies;
  for (uint32_t i = 0; i < count; i++)
    {
      arguments[i].first -= callee.first;
      arguments[i].end -= callee.first;
    }
  for (uint32_t i = 0; i < copied; i++)
    copies[i].first -= callee.first;
  const char *name;
  size_t size;
  bool optional;
  bool used[DEPTH] = { false };
  int parameters = op_info[op].arity ? 0 : op_parameter_count (op_info[op].parameters);
  for (int k = 0; k < parameters; k++, total++)
    {
      struct part *found = NULL;
      op_parameter (op_info[op].parameters, k, &name, &size, &optional);
      for (uint32_t i = 0; i < count && !found; i++)
        if (!used[i]
            && (arguments[i].keyword == UINT32_MAX
                  ? !op_keyword_only (name, size, optional) && !(optional && op_takes_rest (op_info[op].parameters))
                  : op_parameter_named (op_info[op].parameters,
                                        names_text (editing->claims->run->program->names, arguments[i].keyword))
                      == k))
          {
            used[i] = true;
            found = &arguments[i];
          }
      if (found)
        append_part (editing, copies, found);
      else
        {
          struct item absent = { .kind = ITEM_ABSENT, .first = item_count (editing), .span = node_span (node) };
          *area_add (&editing->items, struct item) = absent;
        }
    }
  for (uint32_t i = 0; i < count; i++)
    if (!used[i])
      {
        append_part (editing, copies, &arguments[i]);
        rest++;
      }
  reading->depth -= count + 1;
  struct item item = {
    .kind = ITEM_APPLY, .op = (uint16_t)op, .count = total + rest, .first = callee.first, .span = node_span (node)
  };
  *area_add (&editing->items, struct item) = item;
  return push_part (reading, callee.first, OPS) && (!op_info[op].arity || (uint32_t)op_info[op].arity == count);
}

static bool
read_node (struct reading *reading, const struct node *node)
{
  struct item item = { .span = node_span (node), .count = node->payload };
  bool binary = node->kind == SYNTAX_BINARY;
  switch (node->kind)
    {
    case SYNTAX_NUMBER:
      item.kind = ITEM_NUMBER;
      item.number = area_of (&reading->syntax->numbers, double)[node->payload];
      return push_item (reading, item, 0);
    case SYNTAX_NAME:
      return read_name (reading, node);
    case SYNTAX_UNARY:
    case SYNTAX_BINARY:
      item.kind = ITEM_APPLY;
      item.op = (uint16_t)(node->op == SIGN_MATMUL ? OP_matmul : program_operator (node->op, binary ? 2 : 1));
      item.count = binary ? 2 : 1;
      return push_item (reading, item, item.count);
    case SYNTAX_TRANSPOSE:
      item.kind = ITEM_APPLY;
      item.op = OP_transpose;
      item.count = 1;
      return push_item (reading, item, 1);
    case SYNTAX_KEYWORD:
      if (!reading->depth)
        return false;
      reading->parts[reading->depth - 1].keyword = node->payload;
      return true;
    case SYNTAX_CALL:
      return read_call (reading, node);
    case SYNTAX_SLICE:
      item.kind = ITEM_SLICE;
      return push_item (reading, item, (uint32_t)__builtin_popcount (node->payload));
    case SYNTAX_INDEX:
      item.kind = ITEM_INDEX;
      item.count = node->payload + 1;
      return push_item (reading, item, item.count);
    case SYNTAX_ARRAY:
      item.kind = ITEM_LITERAL;
      return push_item (reading, item, item.count);
    case SYNTAX_CHOICE_TEST:
    case SYNTAX_CHOICE_ELSE:
    case SYNTAX_NOTHING:
      return true;
    case SYNTAX_CHOICE:
      item.kind = ITEM_CHOICE;
      item.count = 3;
      return push_item (reading, item, 3);
    default:
      return false;
    }
}

/* The claim's nodes in the syntax of the program or of answers. */
static const struct node *
find_nodes (const struct claim *claim, const struct syntax *syntax)
{
  const struct node *nodes = area_of (&syntax->nodes, struct node);
  for (size_t i = 0; i < area_count (&syntax->nodes, struct node); i++)
    if (nodes[i].kind == SYNTAX_CLAIM && nodes[i].start == claim->left.start)
      return &nodes[i + 1];
  return NULL;
}

/* The program's variables that are numbers or arrays, and names that answers gave. */
static bool
find_known (struct editing *editing)
{
  const struct run *run = editing->claims->run;
  const struct program *program = run->program;
  const struct value *globals = area_of (&run->globals, struct value);
  for (uint32_t name = 0; name < area_count (&program->variables, struct variable); name++)
    {
      const struct variable *variable = program_variable (program, name);
      if (!(variable->flags & (VARIABLE_ASSIGNED | VARIABLE_DEFINED)) || variable->slot == UINT32_MAX
          || !value_is_numeric (&globals[variable->slot & REGISTER_MASK]))
        continue;
      *area_add (&editing->known, struct known) = (struct known){ name, variable->slot & REGISTER_MASK, 0, 0 };
    }
  const struct claimed *claimed = area_of (&program->claimed, struct claimed);
  for (size_t i = 0; i < area_count (&program->claimed, struct claimed); i++)
    if (claimed[i].names && value_is_numeric (&globals[claimed[i].slot & REGISTER_MASK]))
      *area_add (&editing->known, struct known)
        = (struct known){ claimed[i].defined, claimed[i].slot & REGISTER_MASK, 0, 0 };
  return area_count (&editing->known, struct known) <= KNOWN;
}

bool
edit_read (struct editing *editing)
{
  const struct run *run = editing->claims->run;
  const struct node *node = NULL;
  struct reading *reading = &(struct reading){ .editing = editing };
  if (area_count (&run->program->variables, struct variable) > 10 * ITEMS || !find_known (editing))
    return false;
  reading->syntax = run->program->claim_syntax;
  if (reading->syntax)
    node = find_nodes (editing->claim, reading->syntax);
  if (!node)
    {
      reading->syntax = program_syntax (run->program, run->diagnostics);
      node = find_nodes (editing->claim, reading->syntax);
    }
  for (; node && node->kind != SYNTAX_CLAIMED; node++)
    if (!read_node (reading, node))
      return false;
  return node && reading->depth == 1 && item_count (editing) > 1;
}
