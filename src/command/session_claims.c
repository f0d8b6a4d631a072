/* session_claims.c -- the claims of options. */
#include "command/session.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/heap.h"
#include "command/output.h"

/* The claims of one source; there has to be one. */
static bool
parse_claim_lines (struct session *session, const char *option, const char *argument, size_t source)
{
  size_t before = session->answers.nodes.used;
  bool faults = false;
  for (size_t i = 0; i < session->reading_count; i++)
    for (size_t k = 0; k < session->readings[i].answers.count; k++)
      faults |= session->readings[i].source == source && session->readings[i].answers.list[k].kind == ANSWER_UNREADABLE;
  bool good = parse (&session->answers, &session->names, &session->diagnostics, source, 1, PARSE_CLAIMS, NULL);
  if (good && session->answers.nodes.used == before && !faults && !session->options.key)
    diagnose_stop (&session->diagnostics, STATUS_PROGRAM, NOWHERE,
                   "%s: there is no claim in '%s'; expected lines such as dloss/dw = 2*x", option, argument);
  return good;
}

void
session_read_file (struct session *session, const char *path, struct answer_file *file, size_t most)
{
  struct diagnostics *diagnostics = &session->diagnostics;
  bool is_standard = strcmp (path, "-") == 0;
  int error = sources_read (&session->sources, &session->memory, path, is_standard ? "<stdin>" : path, most);
  if (error == EFBIG)
    diagnose_stop (diagnostics, STATUS_PROGRAM, NOWHERE, "'%s' has more than %zu MiB", path, most >> 20);
  if (error)
    output_cannot_open (diagnostics, path, error);
  struct source source = session->sources.list[session->sources.count - 1];
  /* What a program wrote becomes claims as text. */
  char *converted;
  file->good = claims_convert (diagnostics, source.name, source.text, source.size, &converted);
  if (file->good && converted)
    {
      file->name = heap_format (&session->memory, "the answers", "%s" CONVERTED_NAME, source.name);
      sources_add (&session->sources, &session->memory, file->name, converted, strlen (converted));
    }
  heap_give (converted);
  file->path = path;
  file->source = session->sources.count - 1;
  session->sources.list[file->source].answers = is_standard ? "<stdin>" : path;
}

void
session_read_answers (struct session *session)
{
  const struct texts *paths = &session->options.answers;
  session->answer_files = session_allocate (session, paths->count + 1, sizeof *session->answer_files);
  session->answer_file_count = paths->count;
  for (size_t i = 0; i < paths->count; i++)
    session_read_file (session, paths->list[i], &session->answer_files[i], SOURCE_LIMIT);
}

bool
session_parse_claims (struct session *session)
{
  const struct options *options = &session->options;
  size_t claims = options->claims.count, count = claims + session->answer_file_count, read = 0;
  size_t *sources = session_allocate (session, count, sizeof *sources);
  bool good = true;
  for (size_t i = 0; i < claims; i++)
    {
      const char *text = options->claims.list[i];
      sources[read++] = session->sources.count;
      sources_add (&session->sources, &session->memory, "<-c>", text, strlen (text));
    }
  /* What a program wrote is the language. */
  for (size_t i = 0; i < session->answer_file_count; i++)
    if (session->answer_files[i].good && !session->answer_files[i].name)
      sources[read++] = session->answer_files[i].source;
  good &= session_read_texts (session, sources, read);
  for (size_t i = 0; i < claims && good; i++)
    good &= parse_claim_lines (session, "-c", options->claims.list[i], sources[i]);
  read = claims;
  for (size_t i = 0; i < session->answer_file_count; i++)
    {
      struct answer_file *file = &session->answer_files[i];
      if (file->good && !file->name)
        file->source = sources[read++];
      good &= file->good && parse_claim_lines (session, "-C", file->path, file->source);
    }
  heap_give (sources);
  return good;
}

bool
session_parse_key (struct session *session)
{
  struct diagnostics *diagnostics = &session->diagnostics;
  bool good = parse (&session->answers, &session->names, diagnostics, session->key_source, 1, PARSE_KEY, NULL);
  if (good && !session->answers.nodes.used)
    diagnose_stop (diagnostics, STATUS_PROGRAM, NOWHERE,
                   "%s: the key asks for nothing; expected lines such as dloss/dw or dloss/dw: 2",
                   session->sources.list[session->key_source].name);
  return good;
}

/* What was parsed from node `first` on is grad(y,x): x means its first value, and grad no function of the program. */
static void
mark_second (struct syntax *syntax, size_t first)
{
  struct node *nodes = area_of (&syntax->nodes, struct node);
  struct node *node = nodes + area_count (&syntax->nodes, struct node) - 1;
  while (node->kind != SYNTAX_NAME)
    node--;
  node->op = NAME_FIRST;
  nodes[first].op = NAME_BUILT_IN;
}

bool
session_read_claims (struct session *session, struct compile_options *compile_options)
{
  struct claims *claims = &session->claims;
  claims_free (claims);
  claims->memory = &session->memory;
  size_t given = session->wanted_given;
  bool good = claims_read (claims, &session->syntax, &session->names, &session->diagnostics);
  good &= claims_read (claims, &session->answers, &session->names, &session->diagnostics);
  const struct claim *claim;
  for (size_t i = 0; good && (claim = claims_expression (claims, i)); i++)
    {
      size_t first = area_count (&session->targets.nodes, struct node);
      good &= session_parse (session, &session->targets, "<claim>", claim->target);
      session->sources.list[session->sources.count - 1].answers
        = sources_find (&session->sources, claim->left.start)->answers;
      if (good && claim->first)
        mark_second (&session->targets, first);
    }
  struct wanted *wanted
    = heap_grow (&session->memory, session->wanted, given + claims->wanted_count + 1, sizeof *wanted, "the claims");
  session->wanted = wanted;
  if (claims->wanted_count)
    memcpy (wanted + given, claims->wanted, claims->wanted_count * sizeof *wanted);
  compile_options->wanted = wanted;
  compile_options->wanted_count = given + claims->wanted_count;
  return good;
}
