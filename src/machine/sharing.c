/* sharing.c -- calls of a function by itself that were made before, with the same arguments. */
#include "machine/sharing.h"

#include "base/heap.h"
#include "machine/origin.h"

enum
{
  KEPT = 1 << 13,     /* calls; a power of two */
  WORTH = 128,        /* elements: of larger arrays only the very same array is the same */
  HELD = 4,           /* such arrays among the arguments of a call */
  ELEMENTS = 1 << 20, /* of arrays that are held for all calls */
  PATIENCE = 512,     /* calls without one that was made before, ... */
  REWARD = 16,        /* ... where each that was counts as so many, ... */
  PAUSE = 1 << 14     /* ... after which so many are made without a look */
};

struct shared_call
{
  uint32_t serial; /* 0: there is none */
  uint32_t next;   /* of those with the same place in `heads`, plus one */
  uint32_t hash;
  uint32_t prototype;
  size_t words;
  uint64_t *key;   /* the arguments */
  struct array *held[HELD];
  size_t elements; /* of arrays that are held for it */
  bool returned;
  struct value result;
  size_t depth;    /* of frames when it was made, and how many more it needed */
  size_t height;
  uint64_t random; /* what was drawn and remarked before it */
  size_t remarks;
};

struct sharing
{
  struct origins origins;
  struct area key; /* uint64_t: of the call at hand */
  struct array *held[HELD];
  uint32_t held_count;
  uint32_t serial; /* of the latest call */
  uint32_t oldest; /* there is none before it */
  size_t elements; /* of arrays that are held for all */
  uint32_t credit, pause;
  uint32_t heads[KEPT];
  struct shared_call calls[KEPT]; /* by their serial, around */
};

bool
sharing_may (const struct run *run)
{
  const struct program *program = run->program;
  bool may = run->shares && !program->derives && !run->listener && !run->trace && !run->apart && !run->complete
             && !run->outer && !run->steps;
  for (size_t k = 0; may && k < program->wanted_count; k++)
    {
      bool input = false;
      for (size_t i = 0; i < area_count (&program->inputs, struct input); i++)
        input |= area_of (&program->inputs, struct input)[i].name == program->wanted[k].name;
      may = input && program->wanted[k].line == 0;
    }
  return may;
}

static struct sharing *
open (struct run *run)
{
  struct sharing *sharing = heap_take_zeroed (run->memory, 1, sizeof *sharing, "the calls");
  origins_open (&sharing->origins, run->tape);
  area_open (&sharing->key, run->memory, (size_t)1 << 24, "the calls");
  sharing->credit = PATIENCE;
  return sharing;
}

static void
drop (struct run *run, struct shared_call *call)
{
  uint32_t *link = &run->sharing->heads[call->hash % KEPT], own = call->serial % KEPT + 1;
  while (*link && *link != own)
    link = &run->sharing->calls[*link - 1].next;
  *link = call->next;
  for (int i = 0; i < HELD; i++)
    array_drop (run->arrays, call->held[i]);
  value_drop (run, &call->result);
  run->sharing->elements -= call->elements;
  heap_give (call->key);
  *call = (struct shared_call){ 0 };
}

/* A call goes to make room. How deep others were before it counts for those that it is a part of. */
static void
evict (struct run *run, struct shared_call *call)
{
  if (!call->returned && run->deepest < call->height)
    run->deepest = call->height;
  drop (run, call);
}

/* The oldest calls go where their arrays are too many. */
static void
hold (struct run *run, struct shared_call *call, size_t elements)
{
  struct sharing *sharing = run->sharing;
  call->elements += elements;
  sharing->elements += elements;
  for (; sharing->elements > ELEMENTS && sharing->oldest < sharing->serial; sharing->oldest++)
    {
      struct shared_call *old = &sharing->calls[sharing->oldest % KEPT];
      if (old->serial && old->serial == sharing->oldest)
        evict (run, old);
    }
}

void
sharing_forget (struct run *run)
{
  struct sharing *sharing = run->sharing;
  run->self_calls = 0;
  if (!sharing || !sharing->serial)
    return;
  for (uint32_t i = 0; i < KEPT && i < sharing->serial; i++)
    if (sharing->calls[(sharing->serial - i) % KEPT].serial)
      drop (run, &sharing->calls[(sharing->serial - i) % KEPT]);
  origins_forget (&sharing->origins);
  sharing->serial = sharing->oldest = sharing->pause = 0;
  sharing->credit = PATIENCE;
}

void
sharing_close (struct run *run)
{
  if (!run->sharing)
    return;
  sharing_forget (run);
  origins_close (&run->sharing->origins);
  area_close (&run->sharing->key);
  heap_give (run->sharing);
  run->sharing = NULL;
}

static void
put (struct sharing *sharing, uint64_t word)
{
  *area_add (&sharing->key, uint64_t) = word;
}

/* An element, or a number, by what it hangs on. */
static uint64_t
id_of (struct sharing *sharing, uint32_t node)
{
  if (!node)
    return 0;
  struct origin origin = origin_find (&sharing->origins, node);
  return origin_id (&sharing->origins, &origin, 0);
}

/* The very array, which is held so that it stays as it is. */
static bool
put_large (struct sharing *sharing, const struct value *argument)
{
  if (sharing->held_count == HELD || argument->node == NODE_ELEMENTS)
    return false;
  sharing->held[sharing->held_count++] = argument->array;
  put (sharing, (uint64_t)(uintptr_t)argument->array);
  put (sharing, argument->node);
  return true;
}

static bool
put_array (struct sharing *sharing, const struct value *argument)
{
  const struct array *array = argument->array;
  put (sharing, (uint64_t)array->type << 32 | (uint64_t)array->shape.rank);
  for (int axis = 0; axis < array->shape.rank; axis++)
    put (sharing, array->shape.extent[axis]);
  if (array->size > WORTH)
    return put_large (sharing, argument);
  memcpy (area_push (&sharing->key, array->size * sizeof (uint64_t)), array->elements, array->size * sizeof (uint64_t));
  if (argument->node == NODE_ELEMENTS)
    for (size_t i = 0; i < array->size; i++)
      put (sharing, id_of (sharing, array_nodes (array)[i]));
  else if (argument->node)
    {
      struct origin origin = origin_find (&sharing->origins, argument->node);
      put (sharing, origin.root);
      for (size_t i = 0; i < array->size; i++)
        put (sharing, origin_id (&sharing->origins, &origin, i));
    }
  return true;
}

/* The key of a call; false where an argument has none. */
static bool
make_key (struct sharing *sharing, const struct value *arguments, uint32_t count)
{
  sharing->key.used = 0;
  sharing->held_count = 0;
  for (uint32_t i = 0; i < count; i++)
    {
      const struct value *argument = &arguments[i];
      bool elements = argument->node == NODE_ELEMENTS;
      put (sharing, (uint64_t)argument->kind << 2 | (uint64_t)elements << 1 | (argument->node != 0));
      if (value_is_number (argument))
        {
          put (sharing, bits_of (argument->number));
          put (sharing, id_of (sharing, argument->node));
        }
      else if (argument->kind != KIND_ARRAY || !put_array (sharing, argument))
        return false;
    }
  return true;
}

static uint32_t
hash_of (const struct sharing *sharing, uint32_t prototype)
{
  const uint64_t *words = area_of (&sharing->key, uint64_t);
  uint64_t hash = prototype;
  for (size_t i = 0; i < area_count (&sharing->key, uint64_t); i++)
    hash = hash_word (hash * 31 + words[i]);
  return (uint32_t)hash;
}

static struct shared_call *
known (struct sharing *sharing, uint32_t prototype, uint32_t hash)
{
  for (uint32_t at = sharing->heads[hash % KEPT]; at; at = sharing->calls[at - 1].next)
    {
      struct shared_call *call = &sharing->calls[at - 1];
      if (call->hash == hash && call->prototype == prototype && call->words == area_count (&sharing->key, uint64_t)
          && !memcmp (call->key, sharing->key.start, sharing->key.used))
        return call;
    }
  return NULL;
}

/* A call that is made now and was not before: its result is waited for. The oldest of all makes room. */
static uint32_t
wait_for (struct run *run, uint32_t prototype, uint32_t hash)
{
  struct sharing *sharing = run->sharing;
  if (sharing->serial == UINT32_MAX)
    return 0;
  uint32_t serial = ++sharing->serial;
  struct shared_call *call = &sharing->calls[serial % KEPT];
  if (call->serial)
    evict (run, call);
  uint32_t *head = &sharing->heads[hash % KEPT];
  *call = (struct shared_call){ .serial = serial, .next = *head, .hash = hash, .prototype = prototype };
  call->words = area_count (&sharing->key, uint64_t);
  call->key = heap_take (run->memory, call->words + 1, sizeof *call->key, "the calls");
  memcpy (call->key, sharing->key.start, sharing->key.used);
  call->depth = area_count (&run->frames, struct frame);
  call->height = run->deepest;
  run->deepest = call->depth;
  call->random = run->random.call;
  call->remarks = run->remarks;
  *head = serial % KEPT + 1;
  for (uint32_t i = 0; i < sharing->held_count; i++)
    {
      call->held[i] = array_hold (sharing->held[i]);
      hold (run, call, sharing->held[i]->size);
    }
  return serial;
}

bool
sharing_find (struct run *run, uint32_t prototype, struct value *arguments, uint32_t count, struct value *result,
             uint32_t *pending)
{
  struct sharing *sharing = run->sharing ? run->sharing : (run->sharing = open (run));
  size_t depth = area_count (&run->frames, struct frame);
  *pending = 0;
  if (sharing->pause && --sharing->pause)
    return false;
  if (!make_key (sharing, arguments, count))
    return false;
  uint32_t hash = hash_of (sharing, prototype);
  struct shared_call *call = known (sharing, prototype, hash);
  if (call && call->returned && depth + call->height <= RUN_CALLS)
    {
      sharing->credit = sharing->credit > PATIENCE ? sharing->credit : sharing->credit + REWARD;
      if (run->deepest < depth + call->height)
        run->deepest = depth + call->height;
      *result = call->result;
      value_hold (result);
      for (uint32_t i = 0; i < count; i++)
        value_drop (run, &arguments[i]);
      return true;
    }
  if (--sharing->credit == 0)
    {
      sharing->credit = PATIENCE;
      sharing->pause = PAUSE;
    }
  if (!call)
    *pending = wait_for (run, prototype, hash);
  return false;
}

void
sharing_keep (struct run *run, uint32_t pending, const struct value *result)
{
  struct sharing *sharing = run->sharing;
  struct shared_call *call = &sharing->calls[pending % KEPT];
  if (call->serial != pending)
    return;
  size_t before = call->height;
  call->height = run->deepest - call->depth;
  if (run->deepest < before)
    run->deepest = before;
  if (call->random != run->random.call || call->remarks != run->remarks
      || (!value_is_number (result) && result->kind != KIND_ARRAY))
    {
      drop (run, call);
      return;
    }
  call->returned = true;
  call->result = *result;
  value_hold (result);
  if (result->kind == KIND_ARRAY)
    hold (run, call, result->array->size);
}
