/* way_call.c -- functions that are called on a way. */
#include "machine/way.h"

#include <string.h>

/* A register as what a function takes over from outside, when it is called or has been made. */
static void
take_over (struct way *way, uint32_t to, const struct known *value)
{
  if (value->kind > KIND_BOOLEAN && value->kind != KIND_FUNCTION && value->kind != KIND_ARRAY)
    way->failed = true;
  else
    way->locals[way->calls[way->depth - 1].base + to] = *value;
}

/* The body of a function stands in the place of its call: arguments are its first registers, and no cell of the state
   is assigned before it has returned. */
uint32_t
way_call (struct way *way, uint32_t place)
{
  const struct program *program = way->run->program;
  const struct instruction *call = area_of (&program->code, struct instruction) + place;
  const struct known *callee = way_find (way, call->b);
  way->failed |= callee->kind != KIND_FUNCTION || !callee->what || way->depth == WAY_CALLS;
  if (way->failed)
    return place;
  const uint16_t function = callee->number;
  const uint32_t number = callee->what - 1;
  const struct prototype *prototype = area_of (&program->prototypes, struct prototype) + number;
  const struct capture *captures = area_of (&program->captures, struct capture);
  uint32_t base = way->depth ? way->calls[way->depth - 1].base + way->calls[way->depth - 1].registers : 0;
  struct known arguments[WAY_LOCALS];
  if (call->op != prototype->parameters || base + prototype->registers > WAY_LOCALS
      || !(way->body->constant & cell_bit (function)))
    way->failed = true;
  if (way->failed)
    return place;
  for (uint32_t i = 0; i < call->op; i++)
    {
      arguments[i] = *way_find (way, call->c + i);
      if (arguments[i].kind != KIND_ARRAY)
        arguments[i] = way_number (way, call->c + i);
    }
  way->calls[way->depth++] = (struct way_call){ base, place, prototype->registers };
  memset (&way->locals[base], 0, prototype->registers * sizeof *way->locals);
  memcpy (&way->locals[base], arguments, call->op * sizeof *arguments);
  for (uint32_t i = 0; i < prototype->captured_count; i++)
    take_over (way, captures[prototype->captured + i].to, way_find (way, PENDING | (uint32_t)function << 16 | i));
  for (uint32_t i = 0; i < prototype->imported_count; i++)
    take_over (way, captures[prototype->imported + i].to,
               way_find (way, GLOBAL | (captures[prototype->imported + i].from & REGISTER_MASK)));
  way->counted++;
  way_pass (way, number);
  return prototype->entry;
}

uint32_t
way_return (struct way *way, uint32_t place)
{
  const struct instruction *code = area_of (&way->run->program->code, struct instruction), *statement = code + place;
  struct known result = *way_find (way, statement->b), *parts = NULL;
  if (result.kind == KIND_ARRAY)
    parts = way_parts (way, &result);
  else
    result = way_number (way, statement->b);
  way->failed |= !way->depth;
  if (way->failed)
    return place;
  place = way->calls[--way->depth].place;
  const struct instruction *call = &code[place];
  for (uint32_t i = 0; i < call->op; i++)
    if (call->c + i != call->a)
      way_clear (way, call->c + i);
  if (parts)
    way_set_array (way, call->a, result.what, parts);
  else
    way_move (way, call->a, &result);
  return place + 1;
}
