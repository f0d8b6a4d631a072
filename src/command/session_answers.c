/* session_answers.c -- answers of -c and -C as people write them: read into claims, and what was said of them. */
#include "command/session.h"

#include <string.h>

#include "answers/wording.h"
#include "base/heap.h"
#include "command/rehearsal.h"

/* The texts are those of answers; what the program's names are is found out when it is first asked for. */
struct reader
{
  struct session *session;
  struct vocabulary words;
  bool named, rehearsed;
};

/* Whether all names of a claim are known, in the nodes of its right side. */
static bool
knows_names (const struct reader *reader, const struct syntax *syntax)
{
  static const char *const others[]
    = { "pi", "e", "tau", "inf", "nan", "true", "false", "None", "none", "null", "NaN", "Inf", "Infinity", "oo" };
  const struct node *nodes = area_of (&syntax->nodes, struct node);
  size_t count = area_count (&syntax->nodes, struct node), claims = 0;
  for (size_t i = 0; i < count; i++)
    {
      claims += nodes[i].kind == SYNTAX_CLAIM;
      if (nodes[i].kind == SYNTAX_FUNCTION_BEGIN)
        return true;
      if (nodes[i].kind != SYNTAX_NAME)
        continue;
      const char *name = names_text (&reader->session->names, nodes[i].payload);
      bool known
        = vocabulary_knows (&reader->words, name, strlen (name)) || op_find (name, false) < OPS;
      for (size_t k = 0; !known && k < sizeof others / sizeof *others; k++)
        known = strcmp (name, others[k]) == 0;
      if (!known)
        return false;
    }
  return claims == 1;
}

/* Whether a text says dot or cross where arrays may be meant. */
static bool
has_dots (const char *text, size_t size)
{
  return memmem (text, size, "\u00b7", 2) || memmem (text, size, "\u00d7", 2) || memmem (text, size, "\u22c5", 3);
}

/* Whether a text by itself is the language; its nodes are appended to `syntax`. */
static bool
parses (struct session *session, struct syntax *syntax, const char *text, size_t size, enum parse_goal goal)
{
  struct sources sources = { 0 };
  struct diagnostics mute = { .sources = &sources, .memory = &session->memory, .mute = true };
  sources_add (&sources, &session->memory, "", text, size);
  bool good = parse (syntax, &session->names, &mute, 0, 1, goal, NULL) && !mute.spoken;
  sources_free (&sources);
  return good;
}

static bool
is_plain (const void *data, const char *text, size_t size)
{
  const struct reader *reader = data;
  struct syntax syntax;
  if (has_dots (text, size))
    return false;
  syntax_open (&syntax, &reader->session->memory);
  bool good = parses (reader->session, &syntax, text, size, PARSE_CLAIMS) && knows_names (reader, &syntax);
  syntax_close (&syntax);
  return good;
}

static bool
is_claim (const void *data, const char *text, size_t size)
{
  const struct reader *reader = data;
  struct memory *memory = &reader->session->memory;
  size_t before = memory->text;
  struct syntax syntax;
  /* With earlier answers in it an answer may be longer than all that was read. */
  memory->text = size > before ? size : before;
  syntax_open (&syntax, memory);
  memory->text = before;
  bool good = parses (reader->session, &syntax, text, size, PARSE_CLAIMS);
  syntax_close (&syntax);
  return good;
}

static void
rehearse (void *data)
{
  struct reader *reader = data;
  if (!reader->rehearsed)
    rehearsal_find_shapes (reader->session, &reader->words);
  reader->rehearsed = true;
}

/* Says at their places what of -c cannot be read, and the notes. */
static bool
say_faults (struct session *session, const struct source *source, const struct answers *answers)
{
  bool good = true;
  for (size_t i = 0; i < answers->count; i++)
    {
      const struct answer *answer = &answers->list[i];
      bool note = answer->kind == ANSWER_NOTE;
      if (answer->kind == ANSWER_READ || (!note && source->answers))
        continue;
      struct span span = { source->base + (uint32_t)answer->place, (uint32_t)answer->size };
      diagnose (&session->diagnostics, note ? SEVERITY_NOTE : SEVERITY_ERROR, span, "%s", answer->fault);
      good &= note;
    }
  return good;
}

/* Reads one text; what came of it takes its place in `*source` unless it is the language as it stands. */
static bool
read_text (struct reader *reader, size_t *source)
{
  struct session *session = reader->session;
  struct source text = session->sources.list[*source];
  session->readings = heap_grow (&session->memory, session->readings, session->reading_count + 1,
                                 sizeof *session->readings, "the answers");
  struct reading *reading = &session->readings[session->reading_count++];
  *reading = (struct reading){ .source = *source, .typed = text.base };
  struct answers *answers = &reading->answers;
  *answers = (struct answers){ .memory = &session->memory,
                               .words = &reader->words,
                               .is_plain = is_plain,
                               .is_claim = is_claim,
                               .prepare = rehearse,
                               .data = reader,
                               .prose = text.answers };
  answers_read (answers, text.text, text.size);
  bool same = !answers->dropped;
  for (size_t i = 0; i < answers->count; i++)
    same &= answers->list[i].kind == ANSWER_READ && !answers->list[i].left;
  if (same)
    {
      answers_close (answers);
      session->reading_count--;
      return true;
    }
  bool good = say_faults (session, &text, answers);
  sources_add (&session->sources, &session->memory, text.name, answers->text ? answers->text : "", answers->used);
  *source = reading->source = session->sources.count - 1;
  session->sources.list[*source].answers = text.answers;
  return good;
}

bool
session_read_texts (struct session *session, size_t *sources, size_t count)
{
  struct reader reader = { .session = session };
  bool good = true;
  if (!count)
    return true;
  session_read_definitions (session);
  session_read_data (session);
  vocabulary_open (&reader.words, &session->memory);
  if (rehearsal_find_names (session, &reader.words))
    for (size_t i = 0; i < count; i++)
      good &= read_text (&reader, &sources[i]);
  vocabulary_close (&reader.words);
  if (session->reading_count)
    {
      /* There is more text than before. */
      session->memory.text = session->words + session->sources.total;
      syntax_close (&session->answers);
      syntax_open (&session->answers, &session->memory);
    }
  return good;
}

/* The answer that a claim is, or NULL. */
static const struct answer *
find_answer (const struct answers *answers, size_t at, size_t *from)
{
  while (*from < answers->count && (answers->list[*from].kind != ANSWER_READ || answers->list[*from].at < at))
    (*from)++;
  return *from < answers->count && answers->list[*from].at == at ? &answers->list[*from] : NULL;
}

static char *
copy (struct session *session, const char *text)
{
  return text ? heap_format (&session->memory, "the answers", "%s", text) : NULL;
}

/* Puts an unreadable answer among those that are not judged. */
static void
add_unreadable (struct session *session, const struct source *source, const struct reading *reading,
                const struct answer *answer, size_t order)
{
  struct claim claim = { .name = copy (session, answer->left),
                         .target = copy (session, answer->target),
                         .source = copy (session, answer->source),
                         .verdict = VERDICT_UNREADABLE,
                         .level = REVEAL_VERDICT,
                         .message = copy (session, answer->fault),
                         .left = { source->base + (uint32_t)answer->at, 0 },
                         .hint_span = { reading->typed + (uint32_t)answer->place, (uint32_t)answer->size },
                         .again = answer->again,
                         .order = order };
  claims_add_apart (&session->claims, &claim);
}

void
session_attach_readings (struct session *session)
{
  struct claims *claims = &session->claims;
  size_t next = 0, order = 0, done = 0;
  for (size_t i = 0; i <= session->reading_count; i++)
    {
      const struct reading *reading = i < session->reading_count ? &session->readings[i] : NULL;
      const struct source *source = reading ? &session->sources.list[reading->source] : NULL;
      size_t from = 0;
      done = 0;
      while (next < claims->count
             && !(source && claims->list[next].left.start >= source->base
                  && claims->list[next].left.start <= source->base + source->size))
        {
          bool later = false;
          for (size_t k = i; k < session->reading_count && !later; k++)
            {
              const struct source *other = &session->sources.list[session->readings[k].source];
              later = k != i && claims->list[next].left.start >= other->base
                      && claims->list[next].left.start <= other->base + other->size;
            }
          if (later)
            break;
          claims->list[next++].order = order++;
        }
      for (; source && next < claims->count && claims->list[next].left.start <= source->base + source->size
             && claims->list[next].left.start >= source->base;
           next++)
        {
          struct claim *claim = &claims->list[next];
          const struct answer *answer = find_answer (&reading->answers, claim->left.start - source->base, &from);
          for (; done < from; done++)
            if (reading->answers.list[done].kind == ANSWER_UNREADABLE)
              add_unreadable (session, source, reading, &reading->answers.list[done], order++);
          claim->order = order++;
          if (answer && answer->left)
            claim->read = copy (session, answer->read);
          claim->again = answer && answer->again;
        }
      for (; source && done < reading->answers.count; done++)
        if (reading->answers.list[done].kind == ANSWER_UNREADABLE)
          add_unreadable (session, source, reading, &reading->answers.list[done], order++);
    }
}

void
session_say_wording (struct session *session, const struct run *run)
{
  struct diagnostics *diagnostics = &session->diagnostics;
  const struct source *source
    = diagnostics->where.start ? sources_find (&session->sources, diagnostics->where.start) : NULL;
  if (!source || source >= session->sources.list + session->program_sources)
    return;
  struct vocabulary words;
  struct syntax syntax;
  vocabulary_open (&words, &session->memory);
  syntax_open (&syntax, &session->memory);
  /* Of the statements that could be parsed. */
  rehearsal_add_names (run ? program_syntax (run->program, diagnostics) : &session->syntax, &session->names, &words);
  rehearsal_add_definitions (session, &words);
  if (run)
    rehearsal_take_shapes (run, &words);
  struct wording wording
    = wording_read (&session->memory, &words, source->text, source->size, diagnostics->where.start - source->base,
                    session->options.rows);
  if (wording.text && (!diagnostics->corrected || wording_is_more (&wording, source->text))
      && parses (session, &syntax, wording.text, strlen (wording.text), PARSE_PROGRAM))
    {
      struct span statement = { source->base + (uint32_t)wording.start, (uint32_t)wording.size };
      diagnose (diagnostics, SEVERITY_HINT, statement, "write %s", wording.text);
    }
  heap_give (wording.text);
  syntax_close (&syntax);
  vocabulary_close (&words);
}
