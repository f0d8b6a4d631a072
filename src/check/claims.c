/* claims.c -- what claims say: which value, with respect to which variable. */
#include "check/claims.h"

#include "check/points.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"

const struct claim_options claim_options_default = { .points = 20, .rtol = 1e-6, .atol = 0, .seed = 1 };

const char *const verdict_names[VERDICTS] = { "ok", "wrong", "carried", "undecided", "unreadable" };

static bool
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
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
  bool good = names_is_name (name, strlen (name));
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
  if (claim->target[0] != '2' || !(expression || names_is_name (value, strlen (value))))
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
  if (names_is_name (claim->target, strlen (claim->target)))
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
        const struct source *source = sources_find (diagnostics->sources, claim->left.start);
        claim->table = is_converted (source->name);
        diagnostics->fault = source->answers ? &claim->fault : NULL;
        good &= read_left (claims, claim, names, diagnostics) || claim->fault.text;
        diagnostics->fault = NULL;
        if (!claim->fault.text)
          note_expression (claims, claim);
      }
  return good;
}

const struct claim *
claims_expression (const struct claims *claims, size_t number)
{
  if (number >= area_count (&claims->expressions, uint32_t))
    return NULL;
  return &claims->list[area_of (&claims->expressions, uint32_t)[number]];
}

/* Arrays go with all others. */
void
claim_free (struct claim *claim)
{
  heap_give (claim->mentioned);
  heap_give (claim->moved);
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
  heap_give (claim->read);
  heap_give (claim->fault.text);
  heap_give (claim->fault.hint);
  heap_give (claim->places);
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
  for (size_t i = 0; i < claims->apart_count; i++)
    claim_free (&claims->apart[i]);
  heap_give (claims->apart);
  heap_give (claims->list);
  heap_give (claims->wanted);
  names_close (&claims->targets[0]);
  names_close (&claims->targets[1]);
  if (claims->expressions.limit)
    area_close (&claims->expressions);
  *claims = (struct claims){ 0 };
}
