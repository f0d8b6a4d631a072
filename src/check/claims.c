/* claims.c -- what claims say: which value, with respect to which variable. */
#include "check/claims.h"

#include "check/points.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"

const char *const verdict_names[VERDICTS] = { "ok", "wrong", "carried", "undecided" };

static bool
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
is_name (const char *text)
{
  const unsigned char *at = (const unsigned char *)text;
  if (!*at || (*at >= '0' && *at <= '9'))
    return false;
  for (; *at; at++)
    if (!(*at >= 0x80 || *at == '_' || (*at >= '0' && *at <= '9') || ((*at | 32) >= 'a' && (*at | 32) <= 'z')))
      return false;
  return true;
}

/* A part of the text without blanks; `span` shrinks to what is left between them. */
static char *
text_of (const struct claims *claims, struct diagnostics *diagnostics, struct span *span)
{
  const char *text = sources_text (diagnostics->sources, *span);
  while (span->length && is_blank (*text))
    {
      text++;
      span->start++;
      span->length--;
    }
  while (span->length && is_blank (text[span->length - 1]))
    span->length--;
  char *copy = claim_text (claims, "%.*s", (int)span->length, text), *to = copy;
  for (const char *from = copy; *from; from++)
    if (!is_blank (*from))
      *to++ = *from;
  *to = 0;
  return copy;
}

/* (a+sum(b)) is a+sum(b) if these brackets belong together. */
static void
strip_brackets (char *text)
{
  size_t size = strlen (text);
  if (size < 2 || text[0] != '(' || text[size - 1] != ')')
    return;
  int depth = 0;
  for (size_t i = 0; i + 1 < size; i++)
    {
      depth += (text[i] == '(') - (text[i] == ')');
      if (depth == 0)
        return;
    }
  memmove (text, text + 1, size - 2);
  text[size - 2] = 0;
}

/* The first slash outside of brackets. */
static const char *
find_slash (const char *text, size_t size)
{
  int depth = 0;
  for (const char *at = text; at < text + size; at++)
    {
      depth += (*at == '(' || *at == '[') - (*at == ')' || *at == ']');
      if (*at == '/' && depth == 0)
        return at;
    }
  return NULL;
}

/* dT/dS: where T and S are; false when it is something else. */
static bool
split (const char *text, struct span left, struct span *target, struct span *source)
{
  const char *slash = find_slash (text, left.length), *end = text + left.length, *behind = slash ? slash + 1 : NULL;
  while (behind && behind < end && is_blank (*behind))
    behind++;
  if (!slash || *text != 'd' || slash == text + 1 || behind + 1 >= end || *behind != 'd')
    return false;
  *target = (struct span){ left.start + 1, (uint32_t)(slash - text - 1) };
  *source = (struct span){ left.start + (uint32_t)(behind + 1 - text), (uint32_t)(end - behind - 1) };
  return true;
}

/* `[2, 0:3]` behind the name of a source, without blanks; false when it is something else. */
static bool
read_parts (struct claim *claim, const char *text)
{
  if (*text++ != '[')
    return false;
  while (claim->part_count < RANK_LIMIT)
    {
      struct claim_part *part = &claim->parts[claim->part_count++];
      char *end;
      *part = (struct claim_part){ .single = true };
      if (*text != '-' && (*text < '0' || *text > '9'))
        return false;
      part->start = strtol (text, &end, 10);
      if (*end == ':' && end[1] >= '0' && end[1] <= '9')
        {
          part->single = false;
          part->stop = strtol (end + 1, &end, 10);
          if (part->start < 0 || part->stop < part->start)
            return false;
        }
      text = end + 1;
      if (*end == ']')
        return !*text;
      if (*end != ',')
        return false;
    }
  return false;
}

/* A source is a name, `x@7` for what was bound to x on line 7, or a part of it, `x[0]`. */
static bool
read_source (struct claims *claims, struct claim *claim, struct names *names, struct wanted *wanted)
{
  size_t size = strcspn (claim->source, "[");
  char *at = strchr (claim->source, '@'), *end = NULL;
  unsigned long line = at ? strtoul (at + 1, &end, 10) : 0;
  if (at && (end != claim->source + size || line == 0 || at[1] < '0' || at[1] > '9'))
    return false;
  if (claim->source[size] && !read_parts (claim, claim->source + size))
    return false;
  claim->source[size] = 0;
  char *name = claim_text (claims, "%.*s", (int)(at ? (size_t)(at - claim->source) : size), claim->source);
  bool good = is_name (name);
  if (good)
    *wanted = (struct wanted){ claim->source, names_intern (names, name, strlen (name)), line, true };
  heap_give (name);
  return good;
}

static bool
is_known (const struct names *names, const char *text, size_t size)
{
  return size && names_find (names, text, size) != UINT32_MAX;
}

/* A name of the program, with a part of it or without. */
static bool
is_known_part (const struct names *names, const char *text, size_t size)
{
  const char *bracket = memchr (text, '[', size);
  return is_known (names, text, bracket && text[size - 1] == ']' ? (size_t)(bracket - text) : size);
}

/* d2loss/dwdb, d2loss/dw2 or d2loss/dw^2: what was read as the target is 2loss, as the source wdb, w2 or w^2. Parts, as
   in d2loss/dw[0]dw[1], are taken of the gradient and of the source. */
static bool
make_second (const struct claims *claims, struct claim *claim, const struct names *names)
{
  const char *both = claim->source;
  char *value = claim->target + 1;
  size_t size = strlen (both), first = 0, second = 0;
  bool expression = *value == '(';
  strip_brackets (value);
  if (claim->target[0] != '2' || !(expression || is_name (value)))
    return false;
  for (size_t i = 1; i + 1 < size && !first; i++)
    if (both[i] == 'd' && is_known_part (names, both, i) && is_known_part (names, both + i + 1, size - i - 1))
      {
        first = i;
        second = i + 1;
      }
  if (!first && size > 1 && both[size - 1] == '2')
    first = size - (both[size - 2] == '^' ? 2 : 1);
  if (!first || !is_known_part (names, both, first))
    return false;
  const char *part = memchr (both, '[', first);
  claim->value = claim_text (claims, "%s", value);
  char *source = claim_text (claims, "%.*s", (int)(second ? size - second : first), both + second);
  char *taken = claim_text (claims, "%.*s", part ? (int)(both + first - part) : 0, part ? part : "");
  claim->first = claim_text (claims, "%.*s", (int)(part ? (size_t)(part - both) : first), both);
  heap_give (claim->source);
  heap_give (claim->target);
  claim->source = source;
  claim->target = claim_text (claims, "grad(%s,%s)%s", claim->value, claim->first, taken);
  heap_give (taken);
  return true;
}

static bool
read_left (struct claims *claims, struct claim *claim, struct names *names, struct diagnostics *diagnostics)
{
  const char *text = sources_text (diagnostics->sources, claim->left);
  struct span whole = claim->left;
  claim->name = text_of (claims, diagnostics, &whole);
  claim->target_span = claim->left;
  bool derivative = split (text, claim->left, &claim->target_span, &claim->source_span);
  claim->target = text_of (claims, diagnostics, &claim->target_span);
  strip_brackets (claim->target);
  if (!derivative)
    return true;
  claim->source = text_of (claims, diagnostics, &claim->source_span);
  strip_brackets (claim->source);
  if (*claim->target >= '0' && *claim->target <= '9' && !make_second (claims, claim, names))
    {
      diagnose (diagnostics, SEVERITY_ERROR, claim->left, "expected dT/dS or d2T/dSdR, found '%s'", claim->name);
      return false;
    }
  struct wanted wanted;
  if (!read_source (claims, claim, names, &wanted))
    {
      diagnose (diagnostics, SEVERITY_ERROR, claim->source_span,
                "expected the name of a variable after 'd', found '%s'", claim->source);
      return false;
    }
  claim->source_name = wanted.name;
  claim->wanted = claims->wanted_count;
  claims->wanted[claims->wanted_count++] = wanted;
  if (claim->first)
    claims->wanted[claims->wanted_count++]
      = (struct wanted){ claim->first, names_intern (names, claim->first, strlen (claim->first)), 0, true };
  return true;
}

static bool
is_converted (const char *name)
{
  size_t size = strlen (name), end = strlen (CONVERTED_NAME);
  return size >= end && strcmp (name + size - end, CONVERTED_NAME) == 0;
}

/* A target that is an expression is compiled once. In d2y/dx2 x is the first value, in d(grad(y,x))/dx grad is taken in
   the last. */
static void
note_expression (struct claims *claims, const struct claim *claim)
{
  struct names *targets = &claims->targets[claim->first != NULL];
  if (is_name (claim->target))
    return;
  if (!claims->expressions.limit)
    area_open (&claims->expressions, claims->memory, (size_t)UINT32_MAX * sizeof (uint32_t), "the claims");
  if (!targets->memory)
    names_open (targets, claims->memory);
  size_t known = names_count (targets);
  if (names_intern (targets, claim->target, strlen (claim->target)) == known)
    *area_add (&claims->expressions, uint32_t) = (uint32_t)(claim - claims->list);
}

bool
claims_read (struct claims *claims, const struct syntax *syntax, struct names *names, struct diagnostics *diagnostics)
{
  const struct node *nodes = area_of (&syntax->nodes, struct node);
  size_t count = 0, nodes_count = area_count (&syntax->nodes, struct node);
  for (size_t i = 0; i < nodes_count; i++)
    count += nodes[i].kind == SYNTAX_CLAIM;
  if (!count)
    return true;
  struct claim *list = claims->list
    = heap_grow (names->memory, claims->list, claims->count + count, sizeof *list, "the claims");
  claims->wanted
    = heap_grow (names->memory, claims->wanted, 2 * (claims->count + count), sizeof *claims->wanted, "the claims");
  bool good = true;
  for (size_t i = 0; i < nodes_count; i++)
    if (nodes[i].kind == SYNTAX_CLAIM)
      {
        struct claim *claim = &list[claims->count++];
        *claim = (struct claim){ .left = node_span (&nodes[i]) };
        claim->table = is_converted (sources_find (diagnostics->sources, claim->left.start)->name);
        good &= read_left (claims, claim, names, diagnostics);
        note_expression (claims, claim);
      }
  return good;
}

const char *
claims_expression (const struct claims *claims, size_t number, bool *second)
{
  if (number >= area_count (&claims->expressions, uint32_t))
    return NULL;
  const struct claim *claim = &claims->list[area_of (&claims->expressions, uint32_t)[number]];
  *second = claim->first != NULL;
  return claim->target;
}

/* Names of the program as candidates for `suggest`; those that only claims mention are none. */
static const char *
known_name (size_t i, const void *data)
{
  const struct program *program = data;
  const struct variable *variable = program_variable (program, (uint32_t)i);
  return variable->flags & (VARIABLE_ASSIGNED | VARIABLE_DEFINED) ? names_text (program->names, (uint32_t)i) : NULL;
}

static bool
check_name (const struct program *program, const char *text, uint32_t name, struct span span,
            struct diagnostics *diagnostics)
{
  if (name != UINT32_MAX && name < area_count (&program->variables, struct variable)
      && program_variable (program, name)->flags & (VARIABLE_ASSIGNED | VARIABLE_DEFINED))
    return true;
  const char *meant = suggest (text, area_count (&program->variables, struct variable), known_name, program);
  diagnose (diagnostics, SEVERITY_ERROR, span, "'%s' is not a variable of the program%s%s%s", text,
            meant ? "; did you mean '" : "", meant ? meant : "", meant ? "'?" : "");
  return false;
}

/* The registers of the targets that are expressions, by the numbers of their texts; the caller gives both back. */
static void
find_expressions (const struct claims *claims, const struct program *program, uint32_t *slots[2])
{
  const struct target *targets = area_of (&program->targets, struct target);
  for (int first = 0; first < 2; first++)
    {
      size_t count = claims->targets[first].memory ? names_count (&claims->targets[first]) : 0;
      slots[first] = heap_take (claims->memory, count + 1, sizeof *slots[first], "the claims");
      memset (slots[first], 0xff, count * sizeof *slots[first]);
    }
  for (size_t i = area_count (&program->targets, struct target); i-- > 0;)
    {
      const struct names *texts = &claims->targets[targets[i].first];
      uint32_t text = texts->memory ? names_find (texts, targets[i].name, strlen (targets[i].name)) : UINT32_MAX;
      if (text != UINT32_MAX)
        slots[targets[i].first][text] = targets[i].slot;
    }
}

/* Claims about one target are chained, the first of them leads. */
static void
chain_claims (struct claims *claims, const struct program *program)
{
  size_t registers = program->global_count;
  size_t *heads = heap_take (claims->memory, registers + 1, sizeof *heads, "the claims");
  memset (heads, 0xff, (registers + 1) * sizeof *heads);
  for (size_t i = claims->count; i-- > 0;)
    {
      uint32_t slot = claims->list[i].target_slot;
      size_t *head = &heads[slot == UINT32_MAX ? registers : slot & REGISTER_MASK];
      claims->list[i].leads = true;
      claims->list[i].next = *head;
      if (*head != SIZE_MAX)
        claims->list[*head].leads = false;
      *head = i;
    }
  heap_give (heads);
}

/* Arrays go with all others. */
static void
claim_free (struct claim *claim)
{
  heap_give (claim->mentioned);
  heap_give (claim->samples);
  heap_give (claim->where);
  heap_give (claim->detail);
  heap_give (claim->target);
  heap_give (claim->source);
  heap_give (claim->name);
  heap_give (claim->value);
  heap_give (claim->first);
  heap_give (claim->message);
  heap_give (claim->hint);
  heap_give (claim->places);
}

/* `none`, or as Python or JSON says it. */
static bool
says_none (const char *text, size_t size)
{
  static const char *const words[] = { "none", "None", "null" };
  bool found = false;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    found |= size == strlen (words[i]) && memcmp (text, words[i], size) == 0;
  return found;
}

/* Whether a result of a function may tell how many elements there are. */
static bool
measures (enum op op)
{
  switch (op)
    {
    case OP_sum:
    case OP_reshape:
    case OP_flatten:
    case OP_transpose:
    case OP_concat:
    case OP_stack:
    case OP_outer:
    case OP_diag:
    case OP_tril:
    case OP_triu:
      return false;
    default:
      return op < OPS && (op_group (op) == GROUP_reductions || op_group (op) == GROUP_shape);
    }
}

/* The variables that a claim mentions, and what earlier answers that it names mention: `seen` has a mark for each name,
   which is its own of each claim. */
static void
find_mentioned (const struct claims *claims, struct claim *claim, const struct program *program, size_t number,
                size_t *seen)
{
  const struct claimed *claimed = area_of (&program->claimed, struct claimed);
  const uint32_t *names = area_of (&program->claimed_names, uint32_t);
  size_t names_all = area_count (&program->variables, struct variable), room = 0;
  uint32_t *pending = heap_take (claims->memory, number + 1, sizeof *pending, "the claims");
  size_t left = 0;
  pending[left++] = (uint32_t)number;
  while (left)
    {
      const struct claimed *at = &claimed[pending[--left]];
      for (uint32_t k = 0; k < at->name_count; k++)
        {
          uint32_t name = names[at->first_name + k];
          if (name >= names_all || seen[name] == number + 1)
            continue;
          seen[name] = number + 1;
          if (program_variable (program, name)->flags & (VARIABLE_ASSIGNED | VARIABLE_DEFINED))
            {
              if (claim->mentioned_count == room)
                {
                  room = 2 * room + 8;
                  claim->mentioned
                    = heap_grow (claims->memory, claim->mentioned, room, sizeof *claim->mentioned, "the claims");
                }
              claim->mentioned[claim->mentioned_count++] = name;
              continue;
            }
          const char *text = names_text (program->names, name);
          claim->measures |= measures (op_find (text, false));
          for (size_t i = number; i-- > 0;)
            if (claimed[i].names && claimed[i].defined == name)
              {
                pending[left++] = (uint32_t)i;
                break;
              }
        }
    }
  heap_give (pending);
}

bool
claims_resolve (struct claims *claims, const struct program *program, size_t first, struct diagnostics *diagnostics)
{
  const struct claimed *claimed = area_of (&program->claimed, struct claimed);
  bool good = true;
  size_t names = area_count (&program->variables, struct variable);
  size_t *seen = heap_take_zeroed (claims->memory, names, sizeof *seen, "the claims");
  uint32_t *slots[2];
  find_expressions (claims, program, slots);
  for (size_t i = 0; i < claims->count; i++)
    {
      struct claim *claim = &claims->list[i];
      find_mentioned (claims, claim, program, i, seen);
      claim->right = claimed[i].right;
      claim->slot = claimed[i].slot;
      claim->mentions = claimed[i].mentions;
      claim->names = claimed[i].names;
      claim->none
        = says_none (sources_text (diagnostics->sources, claim->right), claim->right.length) && !claim->mentions;
      claim->wanted += first;
      uint32_t name = names_find (program->names, claim->target, strlen (claim->target));
      if (claim->names)
        continue;
      if (!is_name (claim->target))
        {
          const struct names *texts = &claims->targets[claim->first != NULL];
          claim->target_slot
            = slots[claim->first != NULL][names_find (texts, claim->target, strlen (claim->target))];
        }
      else if (check_name (program, claim->target, name, claim->target_span, diagnostics))
        claim->target_slot = program_variable (program, name)->slot;
      else
        good = false;
      if (claim->source)
        good &= check_name (program, claim->source, claim->source_name, claim->source_span, diagnostics);
    }
  heap_give (seen);
  heap_give (slots[0]);
  heap_give (slots[1]);
  /* What only names something is not judged. */
  size_t kept = 0;
  for (size_t i = 0; i < claims->count; i++)
    if (claims->list[i].names)
      claim_free (&claims->list[i]);
    else
      claims->list[kept++] = claims->list[i];
  claims->count = kept;
  if (good)
    chain_claims (claims, program);
  return good;
}

char *
claim_text (const struct claims *claims, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  char *text = heap_format_list (claims->memory, "a message", format, arguments);
  va_end (arguments);
  return text;
}

void
claim_say (const struct claims *claims, struct claim *claim, const char *message)
{
  heap_give (claim->message);
  claim->message = claim_text (claims, "%s", message);
}

void
claims_free (struct claims *claims)
{
  if (claims->points)
    points_close (claims->points);
  heap_give (claims->points);
  heap_give (claims->watched);
  for (size_t i = 0; i < claims->count; i++)
    claim_free (&claims->list[i]);
  heap_give (claims->list);
  heap_give (claims->wanted);
  names_close (&claims->targets[0]);
  names_close (&claims->targets[1]);
  if (claims->expressions.limit)
    area_close (&claims->expressions);
  *claims = (struct claims){ 0 };
}
