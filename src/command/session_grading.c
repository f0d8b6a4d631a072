/* session_grading.c -- hand-ins: each file of -C judged by itself, whatever is in it. */
#include <string.h>

#include "base/heap.h"
#include "command/output.h"
#include "command/session.h"

enum
{
  HAND_IN_LIMIT = 16 << 20, /* bytes of one */
  TEXT_LIMIT = 1 << 20,     /* of one that no program wrote */
  OTHERS_LIMIT = 1000,      /* answers that nobody asked for */
  LONGER = 50,              /* than at the program's own run: loops and calls, with what its answers call */
  LEAST_STEPS = 1 << 22,
  MOST_STEPS = 1 << 30
};

void
session_read_key (struct session *session)
{
  const char *path = session->options.key;
  bool is_standard = strcmp (path, "-") == 0;
  int error = sources_read (&session->sources, &session->memory, path, is_standard ? "<stdin>" : path, HAND_IN_LIMIT);
  if (error)
    output_cannot_open (&session->diagnostics, path, error);
  session->key_source = session->sources.count - 1;
  /* Its run tells how long that of a hand-in may be. */
  if (!session->steps)
    session->steps = (size_t)MOST_STEPS * LONGER;
}

/* Ends the reading of a hand-in that is no text. */
static void
check_text (struct session *session, const struct answer_file *file)
{
  const struct source *source = &session->sources.list[file->source];
  bool wide
    = source->size >= 2 && (memcmp (source->text, "\xff\xfe", 2) == 0 || memcmp (source->text, "\xfe\xff", 2) == 0);
  if (wide)
    diagnose_stop (&session->diagnostics, STATUS_PROGRAM, NOWHERE,
                   "'%s' is text in UTF-16; it has to be saved as UTF-8", file->path);
  if (!file->name && source->size > TEXT_LIMIT)
    diagnose_stop (&session->diagnostics, STATUS_PROGRAM, NOWHERE, "'%s' has more than %d MiB of text", file->path,
                   TEXT_LIMIT >> 20);
  if (source->size && memchr (source->text, 0, source->size))
    diagnose_stop (&session->diagnostics, STATUS_PROGRAM, NOWHERE, "'%s' is no text", file->path);
}

/* From a hand-in's text to its verdicts. */
static void
judge (struct session *session, struct hand_in *hand_in, struct answer_file *file)
{
  session_read_file (session, hand_in->path, file, HAND_IN_LIMIT);
  check_text (session, file);
  session->answer_files = file;
  session->answer_file_count = 1;
  if (!session_prepare (session))
    longjmp (*session->diagnostics.stop, 1);
  grading_drop_earlier (&session->grading, hand_in, &session->claims);
  if (session->claims.count > session->grading.question_count + OTHERS_LIMIT)
    diagnose_stop (&session->diagnostics, STATUS_PROGRAM, NOWHERE,
                   "'%s' has more than %d answers that nobody asked for", file->path, OTHERS_LIMIT);
  if (!session->claims.count)
    {
      claims_put_back (&session->claims);
      return;
    }
  claims_chain (&session->claims, &session->program);
  session->run.out = NULL;
  run (&session->run);
  session_judge (session);
}

/* Judges one, and comes back whatever it holds. */
static void
try (struct session *session, struct hand_in *hand_in)
{
  struct diagnostics *diagnostics = &session->diagnostics, before = *diagnostics;
  struct memory *memory = &session->memory;
  jmp_buf stop, exhausted, *outer = memory->stop;
  struct answer_file *file = session_allocate (session, 1, sizeof *file);
  volatile bool judged = false;
  diagnostics->mute = true;
  diagnostics->warnings = NULL;
  diagnostics->first = &hand_in->trouble;
  diagnostics->stop = &stop;
  /* What the system refuses is no fault of a hand-in, and ends the run. */
  memory->stop = &exhausted;
  if (setjmp (stop) == 0)
    {
      if (setjmp (exhausted) == 0)
        {
          judge (session, hand_in, file);
          judged = true;
        }
      else
        output_out_of_memory (diagnostics, memory, NOWHERE, session->options.max_memory.text);
    }
  *diagnostics = before;
  memory->stop = outer;
  if (judged)
    {
      heap_give (hand_in->trouble);
      hand_in->trouble = NULL;
      grading_keep (hand_in, &session->claims, &session->given);
    }
  else if (!hand_in->trouble)
    hand_in->trouble = heap_format (memory, "a message", "it cannot be judged");
  claims_free (&session->claims);
  session_close_run (session);
}

void
session_grade (struct session *session)
{
  const struct options *options = &session->options;
  struct grading *grading = &session->grading;
  grading->carried = options->carried;
  if (!grading_open (grading, &session->claims, &session->run, &session->given))
    return;
  size_t turns = session->steps - session->run.steps;
  session->steps = (turns < MOST_STEPS ? turns : MOST_STEPS) * LONGER + LEAST_STEPS;
  session_close_run (session);
  size_t count = options->answers.count;
  grading->hand_ins = session_allocate (session, count, sizeof *grading->hand_ins);
  for (size_t i = 0; i < count; i++)
    {
      struct hand_in *hand_in = &grading->hand_ins[i];
      hand_in->path = options->answers.list[i];
      hand_in->file = strcmp (hand_in->path, "-") == 0 ? "<stdin>" : hand_in->path;
      hand_in->marks = session_allocate (session, grading->question_count, sizeof *hand_in->marks);
      grading->hand_in_count++;
      try (session, hand_in);
      grading_mark (grading, hand_in);
    }
  const struct report report = { .grading = grading, .places = &session->sources, .reveal = options->reveal };
  session_write_checks (session, report, grading_status (grading));
}
