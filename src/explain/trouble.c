/* trouble.c -- kinks that a gradient went through, and where values or slopes stopped being finite. */
#include "explain/trouble.h"

#include <math.h>
#include <string.h>

#include "base/heap.h"
#include "base/warning.h"
#include "explain/finding.h"
#include "explain/hint.h"
#include "explain/overflow.h"
#include "explain/steep.h"
#include "linear/linear.h"
#include "machine/again.h"
#include "tape/careful.h"
#include "tape/reverse.h"
#include "value/layout.h"

enum
{
  BLOCK = 256,
  NODES = 4096,   /* that are looked at in the sweep; of more, none further */
  ENTRIES = 1000, /* places and kinds */
  ANY = UINT32_MAX,
  PATIENCE = 50000000
};

/* One element of one node that an entry is about. */
struct suspect
{
  uint32_t entry, node, element;
};

struct search
{
  const struct trouble *trouble;
  struct listener listener;
  struct area entries, suspects;
  size_t open;     /* entries of which it is told whether there are more suspects, and that have none more */
  size_t patience; /* elements that may still be looked at */
};

/* The entry for a fault at a place, which is made when there is none yet; NULL when there is no room. */
static struct finding *
entry_at (struct search *search, enum fault fault, uint32_t place, bool *is_new)
{
  struct finding *entries = area_of (&search->entries, struct finding);
  size_t count = area_count (&search->entries, struct finding);
  *is_new = false;
  for (size_t i = 0; i < count; i++)
    if (entries[i].place == place && entries[i].fault == fault)
      return &entries[i];
  if (count == ENTRIES)
    return NULL;
  *is_new = true;
  struct finding *entry = area_add (&search->entries, struct finding);
  *entry = (struct finding){ .fault = fault, .place = place, .names = { UINT32_MAX, UINT32_MAX, UINT32_MAX } };
  return entry;
}

/* Of a kink's elements and of others that a message counts. */
static bool
counts_elements (const struct finding *entry)
{
  return entry->fault == FAULT_KINK ? entry->shape.rank > 0 : entry->is_array;
}

/* Another suspect of an entry. When there is no more room for any, and each entry that tells so knows, what else would
   be heard of kinks changes nothing. */
static void
suspect (struct search *search, struct finding *entry, bool is_new, uint32_t node, uint32_t element)
{
  const bool full = area_count (&search->suspects, struct suspect) == NODES;
  search->open += is_new && counts_elements (entry);
  search->open -= full && !entry->more && counts_elements (entry);
  entry->more = full;
  search->listener.enough = full && search->open == 0;
  if (!full)
    *area_add (&search->suspects, struct suspect)
      = (struct suspect){ (uint32_t)(entry - area_of (&search->entries, struct finding)), node, element };
}

/* One element of an elementwise step. */
struct step_case
{
  uint32_t place, op, count, node, element;
  double x[3], v;
  bool varies[3], is_array, aligned, late;
  struct shape shape;
};

static void
note (struct search *search, const struct run *run, const struct step_case *at, enum fault fault, double slope)
{
  bool is_new;
  struct finding *entry = entry_at (search, fault, at->place, &is_new);
  if (!entry)
    return;
  if (is_new)
    {
      const struct instruction *step = area_of (&run->program->code, struct instruction) + at->place;
      const uint32_t operands[3] = { step->a, step->b, step->c };
      entry->op = at->op;
      entry->value = at->v;
      entry->slope = slope;
      entry->is_array = at->is_array;
      entry->late = at->late;
      entry->shape = at->shape;
      entry->element = at->element;
      entry->aligned = at->aligned;
      entry->both_vary = at->varies[0] && at->varies[1];
      for (uint32_t k = 0; k < at->count; k++)
        {
          entry->operand[k] = at->x[k];
          if (step->code == CODE_STEP)
            entry->names[k] = run_name_of (run, operands[k]);
        }
    }
  suspect (search, entry, is_new, at->node, at->element);
}

static void
judge (struct search *search, const struct run *run, struct step_case *at)
{
  bool nan = false, varies = false;
  at->late = false;
  for (uint32_t k = 0; k < at->count; k++)
    {
      nan |= isnan (at->x[k]);
      at->late |= isinf (at->x[k]) != 0;
      varies |= at->varies[k];
    }
  if (nan)
    return;
  if (isnan (at->v) || (isinf (at->v) && !at->late))
    {
      note (search, run, at, FAULT_VALUE, 0);
      return;
    }
  if (!varies)
    return;
  for (uint32_t k = 0; k < at->count; k++)
    if (at->varies[k])
      {
        double slope
          = op_partial ((enum op)at->op, (int)k, at->x[0], at->x[1], at->x[2], at->v, at->varies[0] && at->varies[1]);
        if (!isfinite (slope))
          {
            note (search, run, at, FAULT_SLOPE, slope);
            return;
          }
      }
  if (!at->late && op_count_kinks ((enum op)at->op, 1, &at->x[0], &at->x[1], &at->x[2]))
    note (search, run, at, FAULT_KINK, 0);
}

/* The elements of a step whose result is an array. */
static void
hear_elements (struct search *search, const struct run *run, const struct heard *heard, struct step_case *at)
{
  const struct value *const *operands = heard->operands;
  const uint32_t count = heard->count;
  struct layout layouts[3];
  const double *values = value_elements (heard->result);
  double room[3][BLOCK];
  const double *block[3];
  const size_t size = shape_size (&at->shape);
  for (uint32_t k = 0; k < count; k++)
    {
      struct shape from = value_shape (operands[k]);
      layouts[k] = layout_broadcast (&from, &at->shape);
      at->aligned |= k == 0 && shape_equal (&from, &at->shape);
    }
  for (size_t first = 0; first < size; first += BLOCK)
    {
      size_t length = size - first < BLOCK ? size - first : BLOCK;
      for (uint32_t k = 0; k < count; k++)
        block[k] = layout_block (&layouts[k], value_elements (operands[k]), first, length, room[k]);
      for (size_t i = 0; i < length; i++)
        {
          for (uint32_t k = 0; k < count; k++)
            at->x[k] = block[k][i];
          at->v = values[first + i];
          at->element = (uint32_t)(first + i);
          judge (search, run, at);
        }
    }
}

static void
hear_step (struct search *search, const struct run *run, const struct heard *heard)
{
  const struct value *result = heard->result;
  struct step_case at = { .place = heard->place,
                          .op = heard->op,
                          .count = heard->count,
                          .node = result->node,
                          .is_array = result->kind == KIND_ARRAY && result->array->shape.rank > 0 };
  const size_t size = at.is_array ? result->array->size : 1;
  if (size > search->patience)
    longjmp (*run->diagnostics->stop, 1);
  search->patience -= size;
  for (uint32_t k = 0; k < at.count; k++)
    at.varies[k] = heard->operands[k]->node != 0;
  if (at.is_array)
    {
      at.shape = value_shape (result);
      hear_elements (search, run, heard, &at);
      return;
    }
  at.aligned = true;
  at.v = *value_elements (result);
  for (uint32_t k = 0; k < at.count; k++)
    at.x[k] = *value_elements (heard->operands[k]);
  judge (search, run, &at);
}

static bool
all_finite (const struct value *const *values, uint32_t count)
{
  bool finite = true;
  for (uint32_t k = 0; k < count; k++)
    finite &= elements_of_are_finite (values[k]);
  return finite;
}

/* The first coefficient of a node's links that is not finite, or 0. */
static double
slope_of (const struct tape *tape, uint32_t node)
{
  const uint32_t *ends = area_of (&tape->ends, uint32_t), *operands = area_of (&tape->operands, uint32_t);
  const double *weights = area_of (&tape->weights, double);
  for (uint32_t link = node ? ends[node - 1] : 0; node && link < ends[node]; link++)
    {
      if (operands[link] == LINK_SIZE || operands[link] & LINK_ELEMENT)
        continue;
      if (!(operands[link] & LINK_LINEAR))
        {
          if (!isfinite (weights[link]))
            return weights[link];
          continue;
        }
      const struct linear *linear = area_of (&tape->linears, struct linear) + bits_of (weights[link]);
      for (size_t i = 0; linear->coefficients && i < linear->coefficients->size; i++)
        if (!isfinite (linear->coefficients->elements[i]))
          return linear->coefficients->elements[i];
    }
  return 0;
}

/* A function with structure: whether something was finite before and is not any more, or was at a kink. */
static void
hear_call (struct search *search, const struct run *run, const struct heard *heard)
{
  const struct value *result = heard->result, *const *operands = heard->operands;
  const uint32_t op = heard->op, count = heard->count;
  if (op >= OPS || op == OP_load)
    return;
  bool broken = !elements_of_are_finite (result), is_new;
  double slope = broken ? 0 : slope_of (run->tape, result->node);
  /* A step may read an element of an array of any length, so operands are looked at where it matters alone. */
  bool told = (broken || slope != 0) && all_finite (operands, count);
  if (!told && (!heard->kinks || !result->node))
    return;
  enum fault fault = !told ? FAULT_KINK : broken ? FAULT_VALUE : FAULT_SLOPE;
  struct finding *entry = entry_at (search, fault, heard->place, &is_new);
  if (!entry)
    return;
  if (is_new)
    {
      struct shape shape = value_shape (result);
      const double *values = value_elements (result);
      entry->op = op;
      entry->slope = told ? slope : 0;
      entry->is_array = true;
      entry->tie = op == OP_norm && count > 1 && operands[1]->kind == KIND_REAL && isinf (operands[1]->number)
                   && !elements_are_zero (values, shape_size (&shape));
      for (size_t i = 0; i < shape_size (&shape) && isfinite (entry->value); i++)
        entry->value = values[i];
    }
  suspect (search, entry, is_new, result->node, ANY);
}

static void
hear (void *data, const struct run *run, const struct heard *heard)
{
  const struct search *search = data;
  const struct value *result = heard->result;
  if (result->kind != KIND_REAL && !(result->kind == KIND_ARRAY && result->array->type == TYPE_REAL))
    return;
  if (search->listener.kinks && search->listener.enough)
    return;
  if (heard->op < OPS && op_info[heard->op].arity)
    hear_step (data, run, heard);
  else
    hear_call (data, run, heard);
}

/* Whether an adjoint that is not zero came to a node, or to one element of it. For a kink NaN does not count: the NaN
   is told of elsewhere. With `zeros` one that came out as zero counts: it met what is not finite. */
static bool
passed (const struct reverse *reverse, const struct suspect *suspect, bool kink, bool zeros)
{
  size_t size = 1;
  bool is_array = tape_is_array (reverse->tape, suspect->node, &size), came = false;
  for (size_t i = 0; zeros && !came && i < size; i++)
    came = (!is_array || suspect->element == ANY || suspect->element == i) && reverse_came (reverse, suspect->node, i);
  if (came || reverse_is_zero (reverse, suspect->node))
    return came;
  struct array *room = array_vector (reverse->tape->arrays, size);
  double *adjoint = room->elements;
  reverse_read (reverse, suspect->node, size, adjoint);
  bool found = false;
  for (size_t i = 0; i < size; i++)
    if (!is_array || suspect->element == ANY || suspect->element == i)
      found |= adjoint[i] != 0 && !(kink && isnan (adjoint[i]));
  array_drop (reverse->tape->arrays, room);
  return found;
}

/* Sweeps from one target, and counts what came through the suspects. */
static void
sweep (struct search *search, const struct run *run, uint32_t target, const uint32_t *keep, size_t keep_count,
       bool *counted)
{
  const struct value *value = area_of (&run->globals, struct value) + target;
  const struct suspect *suspects = area_of (&search->suspects, struct suspect);
  if (!value->node)
    return;
  const double *elements = value_elements (value);
  struct reverse reverse;
  reverse_open (&reverse, run->tape, keep, keep_count);
  struct array *room = array_vector (run->arrays, value_size (value));
  for (size_t i = 0; i < room->size; i++)
    room->elements[i] = isnan (elements[i]) ? NAN : 1;
  reverse_seed (&reverse, value->node, room->elements, 1);
  array_drop (run->arrays, room);
  reverse_run (&reverse);
  for (size_t i = 0; i < area_count (&search->suspects, struct suspect); i++)
    {
      struct finding *entry = area_of (&search->entries, struct finding) + suspects[i].entry;
      if (!counted[i] && suspects[i].node
          && passed (&reverse, &suspects[i], entry->fault == FAULT_KINK,
                     entry->fault != FAULT_KINK && *search->trouble->nan
                       && careful_reaches (&reverse, suspects[i].node)))
        {
          counted[i] = true;
          entry->passed++;
        }
    }
  reverse_close (&reverse);
}

static void
sweep_all (struct search *search, const struct run *run)
{
  const struct suspect *suspects = area_of (&search->suspects, struct suspect);
  size_t count = area_count (&search->suspects, struct suspect), kept = 0;
  /* A number's room holds a node and a mark. */
  struct array *room = array_vector (run->arrays, count);
  uint32_t *keep = (uint32_t *)room->elements;
  bool *counted = (bool *)(keep + count);
  memset (room->elements, 0, count * sizeof *room->elements);
  for (size_t i = 0; i < count; i++)
    if (suspects[i].node)
      keep[kept++] = suspects[i].node;
  reverse_sort (keep, kept);
  for (size_t t = 0; kept && t < search->trouble->target_count; t++)
    sweep (search, run, search->trouble->targets[t], keep, kept, counted);
  array_drop (run->arrays, room);
}

/* Chooses what is told: what the sweeps came through, and where operands were infinite before only if there is nothing
   else. False where that does not say why a result is not finite. */
static bool
choose (const struct search *search)
{
  struct finding *entries = area_of (&search->entries, struct finding);
  size_t count = area_count (&search->entries, struct finding);
  bool told = false, told_late = false;
  for (size_t i = 0; i < count; i++)
    {
      bool counts = entries[i].fault != FAULT_KINK && entries[i].passed;
      told |= counts && !entries[i].late;
      told_late |= counts;
    }
  for (size_t i = 0; i < count; i++)
    if (entries[i].late && told)
      entries[i].passed = 0;
  /* A result that is not finite though nothing that varies went wrong: the first thing that did. */
  bool broken = *search->trouble->nan || *search->trouble->infinite;
  for (size_t i = 0; i < count && broken && !told_late; i++)
    if (entries[i].fault == FAULT_VALUE)
      {
        entries[i].passed = 1;
        told_late = true;
      }
  return told_late || !broken;
}

static void
report (const struct search *search, const struct run *run)
{
  const struct trouble *trouble = search->trouble;
  struct diagnostics *diagnostics = trouble->run->diagnostics;
  struct finding *entries = area_of (&search->entries, struct finding);
  size_t count = area_count (&search->entries, struct finding);
  bool broken = *trouble->nan || *trouble->infinite;
  char hint[HINT_TEXT], hinted[HINT_TEXT] = "";
  for (size_t i = 0; i < count; i++)
    {
      const struct finding *entry = &entries[i];
      /* A slope that is infinite and changes nothing is none of the reader's business. */
      if (!entry->passed || (entry->fault == FAULT_SLOPE && !broken)
          || (entry->fault == FAULT_KINK && trouble->values_only))
        continue;
      struct span span = run_span (run, entry->place);
      struct warned *warned = finding_warn (trouble, entry, span);
      if (!warned)
        continue;
      warned->count = entry->passed;
      if (entry->fault == FAULT_KINK || !hint_for (diagnostics->sources, span, hint))
        continue;
      warned->hint = heap_copy (run->memory, hint, strlen (hint), "a hint");
      /* The same advice for two places of one expression is given once. */
      if (strcmp (hint, hinted) != 0)
        diagnose (diagnostics, SEVERITY_HINT, span, "%s", hint);
      strcpy (hinted, hint);
    }
}

void
trouble_explain (const struct trouble *trouble)
{
  const struct run *before = trouble->run;
  struct search search = { .trouble = trouble, .patience = PATIENCE };
  struct memory *memory = before->memory;
  struct again again;
  struct overflow overflow = { 0 };
  struct steep steep = { .op = OPS };
  jmp_buf *outer = memory->stop;
  again_open (&again, before->program, before->diagnostics, &before->files);
  area_open (&search.entries, memory, ENTRIES * sizeof (struct finding), "the explanation");
  area_open (&search.suspects, memory, NODES * sizeof (struct suspect), "the explanation");
  const bool broken = *trouble->nan || *trouble->infinite;
  search.listener = (struct listener){ .step = hear, .data = &search, .kinks = !broken };
  run_listen (&again.run, &search.listener);
  /* Without folding the tape is larger: where memory or patience do not last, nothing is said. */
  memory->stop = &again.stop;
  if (setjmp (again.stop) == 0)
    {
      run (&again.run);
      sweep_all (&search, &again.run);
      if (!choose (&search))
        {
          overflow_find (&overflow, &again.run, trouble);
          steep_find (&steep, &again.run, trouble);
        }
      memory->stop = outer;
      report (&search, before);
    }
  memory->stop = outer;
  area_close (&search.entries);
  area_close (&search.suspects);
  again_close (&again);
  if (overflow.node)
    overflow_tell (&overflow, trouble);
  else if (steep.found)
    steep_warn (&steep, trouble, *trouble->nan ? trouble->nan : trouble->infinite);
}
