/* diagnose_factor.c -- where in the program a factor stands that a claim is off by: a name or a number in a product
   that the gradient is multiplied by. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/heap.h"
#include "diagnose/diagnose.h"
#include "diagnose/search.h"
#include "ops/ops.h"

enum
{
  TEXT = 120
};

struct finding
{
  struct claims *claims;
  const struct factor *factor;
  const struct node *nodes;
  const double *numbers;
  size_t node_count;
  struct span found; /* where it stands */
  double exponent;   /* with which */
  double base;       /* which of it is due to how it is written */
  uint32_t place;    /* of the step that it is a factor of */
  size_t count;
};

static bool
contains (struct span outer, struct span inner)
{
  return outer.start <= inner.start && outer.start + outer.length >= inner.start + inner.length;
}

/* With which exponent a node is the factor: 0.5 is 2 with -1; 0 where it is something else. */
static double
exponent_of (const struct finding *finding, const struct node *node)
{
  const struct factor *factor = finding->factor;
  if (factor->name != UINT32_MAX)
    return node->kind == SYNTAX_NAME && node->payload == factor->name;
  double number = node->kind == SYNTAX_NUMBER ? finding->numbers[node->payload] : 0;
  return number == factor->number ? 1 : number * factor->number == 1 ? -1 : 0;
}

/* What one node makes of the exponent of a factor in one of its operands; 0 where that is no factor of it. */
static double
exponent_in (const struct finding *finding, const struct node *node, const struct node *operand)
{
  const struct node *right = node - 1;
  bool is_right = operand->start >= right->start;
  if (node->kind == SYNTAX_UNARY)
    return program_operator (node->op, 1) == OP_negate;
  if (node->kind == SYNTAX_CALL)
    return node->payload == 1
           && strncmp (sources_text (finding->claims->run->diagnostics->sources, node_span (node)), "sqrt", 4) == 0
             ? 0.5
             : 0;
  if (node->kind != SYNTAX_BINARY || node->op == SIGN_MATMUL)
    return 0;
  switch (program_operator (node->op, 2))
    {
    case OP_multiply:
      return 1;
    case OP_divide:
      return is_right ? -1 : 1;
    case OP_power:
      return !is_right && right->kind == SYNTAX_NUMBER ? finding->numbers[right->payload] : 0;
    default:
      return 0;
    }
}

/* All places of the factor within an operand that the gradient is multiplied by, or divided by. */
static void
find_in (struct finding *finding, uint32_t place, struct span operand, double sign)
{
  for (size_t i = 1; i < finding->node_count; i++)
    {
      const struct node *leaf = &finding->nodes[i];
      struct span span = node_span (leaf);
      double base = contains (operand, span) ? exponent_of (finding, leaf) : 0, exponent = sign * base;
      if (base == 0)
        continue;
      for (size_t k = i + 1; k < finding->node_count && finding->nodes[k].start < operand.start + operand.length; k++)
        {
          struct span outer = node_span (&finding->nodes[k]);
          if (contains (operand, outer) && contains (outer, span))
            exponent *= exponent_in (finding, &finding->nodes[k], leaf);
        }
      if (exponent == 0 || (finding->count && finding->found.start == span.start))
        continue;
      finding->count++;
      finding->found = span;
      finding->exponent = exponent;
      finding->base = base;
      finding->place = place;
    }
}

/* The operands that steps on the way multiply by. */
static void
find_all (struct finding *finding, const struct replay *replay, const unsigned char *path)
{
  for (uint32_t place = 0; place < trace_places (&replay->trace); place++)
    {
      const struct step *step = search_step (replay, place);
      if (!step || !path[step->result.node] || (step->op != OP_multiply && step->op != OP_divide))
        continue;
      for (int k = 0; k < 2; k++)
        {
          struct span span = slip_operand (finding->claims, place, k);
          if (!path[step->operands[k].node] && path[step->operands[1 - k].node] && span.start)
            find_in (finding, place, span, step->op == OP_divide && k == 1 ? -1 : 1);
        }
    }
}

/* A value that the gradient goes through and has as its factor, as an exponential does: where it is made. */
static bool
find_on_path (struct finding *finding, const struct replay *replay, const unsigned char *path)
{
  const struct factor *factor = finding->factor;
  const struct run *run = &replay->again.run;
  if (factor->name == UINT32_MAX || factor->power != -1)
    return false;
  uint32_t slot = program_variable (run->program, factor->name)->slot & REGISTER_MASK;
  uint32_t node = area_of (&run->globals, struct value)[slot].node;
  if (!node || !path[node] || !trace_number (&replay->trace, node))
    return false;
  finding->found = run_span (finding->claims->run, trace_find (&replay->trace, node)->place);
  return true;
}

/* Whether a value is a multiple of an operand that is marked, so that it has the factor too. */
static bool
is_multiple (const struct replay *replay, uint32_t node, const unsigned char *marked)
{
  const struct step *step = trace_find (&replay->trace, node);
  if (!step->count)
    return false;
  bool first = marked[step->operands[0].node], second = step->count > 1 && marked[step->operands[1].node];
  switch (step->op)
    {
    case OP_multiply:
    case OP_matmul:
    case OP_dot:
      return first != second;
    case OP_divide:
      return first && !second;
    case OP_negate:
    case OP_sum:
    case OP_mean:
      return first;
    default:
      return false;
    }
}

/* Whether all ways from the claim's source to its target lead through the step at a place, or through multiples of
   it. */
static bool
leads_through (const struct replay *replay, const struct claim *claim, uint32_t place)
{
  const struct run *run = &replay->again.run;
  const struct tape *tape = run->tape;
  const uint32_t *ends = area_of (&tape->ends, uint32_t), *operands = area_of (&tape->operands, uint32_t);
  const struct step *step = search_step (replay, place);
  uint32_t source = area_of (&run->wanted, struct noted)[claim->wanted].value.node;
  uint32_t target = claim_target_in (claim, run)->node;
  if (!step || !step->result.node || step->result.node > target)
    return false;
  unsigned char *reached = heap_take_zeroed (run->memory, tape_count (tape), 1, "the search for causes");
  unsigned char *marked = heap_take_zeroed (run->memory, tape_count (tape), 1, "the search for causes");
  reached[source] = 1;
  for (uint32_t node = source + 1; node <= target; node++)
    {
      marked[node] = node == step->result.node || is_multiple (replay, node, marked);
      for (uint32_t link = ends[node - 1]; link < ends[node] && !marked[node]; link++)
        reached[node] |= operands[link] != LINK_SIZE && reached[operands[link] & ~(uint32_t)LINK_SIZE];
    }
  bool around = reached[target];
  heap_give (reached);
  heap_give (marked);
  return !around;
}

/* Where a choice goes another way at some point, the factor is not all of what is left out. */
static bool
leads_through_always (const struct finding *finding, const struct claim *claim, struct points *points)
{
  bool through = true;
  for (size_t k = 0; k < claim_samples (claim) && through; k++)
    {
      struct replay replay;
      if (!claim->samples[k].usable || !replay_open (&replay, points, claim->samples[k].draw))
        continue;
      through = leads_through (&replay, claim, finding->place);
      replay_close (&replay);
    }
  return through;
}

static bool
explain (struct finding *finding, struct claim *claim, const char *words, const char *text, const char *cause)
{
  claim->cause = cause;
  claim->hint = claim_text (finding->claims, words, text);
  claim->hint_span = finding->found;
  claim_add_place (finding->claims, claim, finding->found);
  return true;
}

/* What was done with a factor, by the exponent that it has and the one that it lacks in the claim. */
static bool
explain_exponent (struct finding *finding, struct claim *claim)
{
  char text[TEXT];
  double has = finding->exponent * finding->base, lacks = -finding->factor->power * finding->base;
  double size = fabs (has);
  struct span span = finding->found;
  int length = span.length < TEXT / 2 ? (int)span.length : TEXT / 2;
  const char *name = sources_text (finding->claims->run->diagnostics->sources, span);
  snprintf (text, sizeof text, size == 2 ? "%.*s^2" : size == 0.5 ? "sqrt(%.*s)" : "%.*s", length, name);
  if (size != 1 && size != 2 && size != 0.5)
    return false;
  if (lacks == has)
    return explain (finding, claim,
                    has > 0 ? "you get this if the factor %s is left out here"
                            : "you get this if the division by %s is left out here",
                    text, "factor");
  if (lacks == 2 * has)
    return explain (finding, claim,
                    has > 0 ? "you get this if %s divides here instead of being a factor"
                            : "you get this if %s is a factor here instead of dividing",
                    text, "inverse");
  if (size != 1 && fabs (lacks - has) == 1 && lacks * has > 0)
    return explain (finding, claim,
                    size == 2 ? "you get this if the exponent of %s is left out here"
                              : "you get this if the root of %s is left out here",
                    text, "exponent");
  return false;
}

bool
diagnose_factor (struct claims *claims, struct claim *claim, struct points *points, const struct factor *factor)
{
  const struct run *run = claims->run;
  const struct syntax *syntax = program_syntax (run->program, run->diagnostics);
  struct finding finding = { .claims = claims,
                             .factor = factor,
                             .nodes = area_of (&syntax->nodes, struct node),
                             .numbers = area_of (&syntax->numbers, double),
                             .node_count = area_count (&syntax->nodes, struct node) };
  struct replay replay;
  bool made = false, open = claim->mentions && !points_are_long (points) && replay_open (&replay, points, POINTS_OWN);
  if (open)
    {
      unsigned char *path = search_path (&replay, claim);
      made = find_on_path (&finding, &replay, path);
      if (!made)
        find_all (&finding, &replay, path);
      heap_give (path);
    }
  if (open)
    replay_close (&replay);
  bool found = !made && finding.count == 1 && leads_through_always (&finding, claim, points);
  points_reset (points);
  if (made)
    return explain (&finding, claim, "you get this if the factor %s, which its derivative has, is left out",
                    names_text (run->program->names, factor->name), "factor");
  /* Of several it is not known which is meant. */
  return found && explain_exponent (&finding, claim);
}
