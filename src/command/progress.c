/* progress.c -- what a run that lasts is at.

   All of it is done by handlers of signals, which may come between any two instructions: they read what the run has
   made, take no memory, and write by write () alone. What they read may be from a moment ago. */
#include "command/progress.h"

#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "command/session.h"

static const struct session *volatile at_work;
static volatile sig_atomic_t is_shown;
static bool is_timed;

/* A line that is being written. */
struct line
{
  char text[300];
  size_t used;
};

static void
add (struct line *line, const char *text)
{
  for (; *text && line->used < sizeof line->text - 8; text++)
    if (*text == '\n' || (unsigned char)*text < ' ')
      line->text[line->used++] = ' ';
    else
      line->text[line->used++] = *text;
}

static void
add_size (struct line *line, size_t number)
{
  char reversed[24], *to = reversed + sizeof reversed - 1;
  *to = 0;
  do
    *--to = (char)('0' + number % 10);
  while ((number /= 10) != 0);
  add (line, to);
}

/* A number of a loop, which is whole as a rule: of others what is before the point. */
static void
add_number (struct line *line, double number)
{
  if (!(fabs (number) < 1e15))
    return;
  add (line, number < 0 ? "-" : "");
  add_size (line, (size_t)fabs (number));
}

/* FILE:LINE:COLUMN of the instruction at work; false where it is not known. */
static bool
add_place (struct line *line, const struct run *run, bool with_column)
{
  const struct program *program = run->program;
  if (!program || !program->spans.used || run->place >= area_count (&program->spans, struct span))
    return false;
  uint32_t start = area_of (&program->spans, struct span)[run->place].start;
  const struct source *source = start ? sources_find (run->diagnostics->sources, start) : NULL;
  if (!source)
    return false;
  const char *at = source->text + (start - source->base), *begin = source->text;
  size_t lines = 1, columns = 1;
  for (const char *next; (next = memchr (begin, '\n', (size_t)(at - begin))); begin = next + 1)
    lines++;
  for (; begin < at; begin++)
    columns += (*begin & 0xc0) != 0x80;
  add (line, source->name);
  add (line, ":");
  add_size (line, lines);
  if (with_column)
    {
      add (line, ":");
      add_size (line, columns);
    }
  return true;
}

/* Of the innermost loop over a range, outside of functions: "i is 7, up to 1000". */
static void
add_turn (struct line *line, const struct run *run)
{
  const struct program *program = run->program;
  const struct instruction *code = area_of (&program->code, struct instruction);
  uint32_t count = (uint32_t)area_count (&program->code, struct instruction), end = run->place;
  while (end < count && !(code[end].code == CODE_JUMP && code[end].a <= run->place))
    end++;
  const struct instruction *top = end < count ? &code[code[end].a] : NULL;
  /* Outside of functions the range is among the first registers. */
  if (!top || top->code != CODE_COUNT_NEXT || run->frames.used || top->b & GLOBAL || !(top->c & GLOBAL))
    return;
  const struct value *range = area_of (&run->registers, struct value) + top->b;
  uint32_t name = run_name_of (run, top->c);
  if (name == UINT32_MAX)
    return;
  add (line, ", ");
  add (line, names_text (program->names, name));
  add (line, " is ");
  add_number (line, range[0].number - range[2].number);
  add (line, range[2].number > 0 ? ", up to " : ", down to ");
  add_number (line, range[1].number);
}

/* How far a sweep is; false outside of one. */
static bool
add_sweep (struct line *line, const struct session *session)
{
  uint32_t top = session->sweep.top, at = session->sweep.at;
  if (!top)
    return false;
  add (line, "reverse sweep, ");
  add_size (line, at < top ? (size_t)(100.0 * (top - at) / top) : 0);
  add (line, " %");
  return true;
}

static void
put (const struct line *line)
{
  /* There is nobody to tell that it did not work. */
  if (write (STDERR_FILENO, line->text, line->used) < 0)
    return;
}

static void
on_alarm (int signal)
{
  const struct session *session = at_work;
  struct line line = { .used = 0 };
  (void)signal;
  if (!session)
    return;
  memcpy (line.text, "\r\033[K", 4);
  line.used = 4;
  if (!add_sweep (&line, session) && add_place (&line, &session->run, false))
    add_turn (&line, &session->run);
  if (line.used == 4)
    return;
  /* What comes next is written over it. */
  line.text[line.used++] = '\r';
  is_shown = 1;
  put (&line);
}

static void
on_interrupt (int signal)
{
  const struct session *session = at_work;
  struct line line = { .used = 0 };
  if (is_shown)
    {
      memcpy (line.text, "\r\033[K", 4);
      line.used = 4;
    }
  if (session && session->sweep.top)
    {
      add (&line, "gradcalc: interrupted in the ");
      add_sweep (&line, session);
    }
  else if (session && add_place (&line, &session->run, true))
    {
      add (&line, ": note: interrupted here");
      add_turn (&line, &session->run);
    }
  else
    add (&line, "gradcalc: interrupted");
  line.text[line.used++] = '\n';
  put (&line);
  sigaction (signal, &(struct sigaction){ .sa_handler = SIG_DFL }, NULL);
  raise (signal);
}

static void
set_timer (long first, long every)
{
  setitimer (ITIMER_REAL, &(struct itimerval){ { 0, every }, { first, 0 } }, NULL);
}

void
progress_begin (const struct session *session)
{
  struct sigaction before;
  at_work = session;
  /* Who ignores it, as a command in the background does, is not interrupted. */
  if (sigaction (SIGINT, NULL, &before) == 0 && before.sa_handler == SIG_DFL)
    sigaction (SIGINT, &(struct sigaction){ .sa_handler = on_interrupt }, NULL);
  if (session->options.quiet || !isatty (STDERR_FILENO))
    return;
  sigaction (SIGALRM, &(struct sigaction){ .sa_handler = on_alarm, .sa_flags = SA_RESTART }, NULL);
  set_timer (2, 500000);
  is_timed = true;
}

void
progress_end (void)
{
  if (!at_work)
    return;
  at_work = NULL;
  if (is_timed)
    set_timer (0, 0);
  is_timed = false;
  if (is_shown)
    put (&(struct line){ "\r\033[K", 4 });
  is_shown = 0;
}
