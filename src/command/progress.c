/* progress.c -- what a run that lasts is at.

   All of it is done by handlers of signals, which may come between any two instructions: they read what the run has
   made, take no memory, and write by write () alone. What they read may be from a moment ago. */
#include "command/progress.h"

#include <float.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "command/session.h"
#include "command/unfinished.h"
#include "machine/body.h"
#include "machine/repeat.h"

static const struct session *volatile at_work;
static volatile sig_atomic_t is_shown;
static size_t record_shown; /* by the line before */
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

/* A number of a loop: whole as a rule, of others the first digits. */
static void
add_number (struct line *line, double number)
{
  double size = fabs (number);
  int exponent = 0;
  if (!(size <= DBL_MAX))
    {
      add (line, isnan (number) ? "NaN" : number < 0 ? "-Inf" : "Inf");
      return;
    }
  add (line, number < 0 ? "-" : "");
  if (size == floor (size) && size < 1e15)
    {
      add_size (line, (size_t)size);
      return;
    }
  for (; size >= 10; size /= 10)
    exponent++;
  for (; size < 1; size *= 10)
    exponent--;
  size_t digits = (size_t)(size * 1000);
  add_size (line, digits / 1000);
  char part[] = { '.', (char)('0' + digits / 100 % 10), (char)('0' + digits / 10 % 10), (char)('0' + digits % 10), 0 };
  add (line, part);
  if (exponent == 0)
    return;
  add (line, exponent < 0 ? "e-" : "e+");
  add_size (line, (size_t)(exponent < 0 ? -exponent : exponent));
}

/* A text of the program, cut where it is long or its line ends. */
static void
add_span (struct line *line, const struct run *run, struct span span)
{
  enum
  {
    MOST = 40
  };
  const char *text = sources_text (run->diagnostics->sources, span);
  for (size_t i = 0; i < span.length && i < MOST && text[i] != '\n'; i++)
    add (line, (char[]){ text[i], 0 });
  if (span.length > MOST)
    add (line, "...");
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

/* What runs now: a function as it was called, or what is outside of them. */
struct activity
{
  uint32_t place, entry;
  const struct value *registers;
};

static bool
find_activity (const struct run *run, size_t depth, struct activity *at)
{
  const struct frame *frames = area_of (&run->frames, struct frame);
  size_t count = area_count (&run->frames, struct frame);
  at->place = depth == count ? run->place : frames[depth].place;
  at->entry = depth ? frames[depth - 1].prototype->entry : 0;
  at->registers = depth ? (const struct value *)(run->stack.start + frames[depth - 1].base)
                           : area_of (&run->registers, struct value);
  return !depth || frames[depth - 1].base < run->stack.committed;
}

static const struct value *
find_value (const struct run *run, const struct activity *at, uint32_t operand)
{
  bool global = (operand & TEMPORARY) == GLOBAL;
  return (global ? area_of (&run->globals, struct value) : at->registers) + (operand & REGISTER_MASK);
}

/* The first instruction of each turn of the innermost loop around its place, or NULL. */
static const struct instruction *
find_loop (const struct run *run, const struct activity *at)
{
  const struct instruction *code = area_of (&run->program->code, struct instruction);
  uint32_t count = (uint32_t)area_count (&run->program->code, struct instruction), end = at->place;
  while (end < count && !(code[end].code == CODE_JUMP && code[end].a <= at->place))
    end++;
  return end < count && code[end].a >= at->entry ? &code[code[end].a] : NULL;
}

/* Turns of the loop at work that went many at once, which no register knows of yet; `whole`: they are turns of this
   loop alone, and not of loops in it. */
static size_t
count_turns (const struct run *run, const struct instruction *jump, bool *whole)
{
  const struct tape *tape = run->tape;
  size_t blocks = area_count (&tape->loop_blocks, struct loop_block), loops = area_count (&tape->loops, struct loop);
  const struct loop *last = loops ? &area_of (&tape->loops, struct loop)[loops - 1] : NULL;
  size_t before = last ? last->first_block + last->blocks : 0;
  const struct repeat *repeat = area_of (&run->repeats, struct repeat) + jump->op;
  if (blocks <= before || jump->code != CODE_JUMP || area_count (&run->repeats, struct repeat) <= jump->op)
    return 0;
  *whole = repeat->body && repeat->body->head_count == 1;
  return (blocks - before) * LOOP_BLOCK;
}

/* ", while i < n: 7 < 1000", or without the numbers where they are not `known`. */
static void
add_condition (struct line *line, const struct run *run, const struct activity *at, const struct instruction *top,
               bool known)
{
  const struct instruction *code = area_of (&run->program->code, struct instruction), *test = top;
  const struct instruction *end = code + area_count (&run->program->code, struct instruction);
  while (test < end && !(test->code == CODE_UNLESS && test->op == CONDITION_WHILE))
    test++;
  if (test == end)
    return;
  add (line, ", while ");
  add_span (line, run, area_of (&run->program->spans, struct span)[test - code]);
  if (!known || test == top || test[-1].code != CODE_STEP || !(op_info[test[-1].op].traits & TRUTH)
      || op_info[test[-1].op].arity != 2)
    return;
  const struct value *left = find_value (run, at, test[-1].a), *right = find_value (run, at, test[-1].b);
  if ((test[-1].a & TEMPORARY) == PENDING || (test[-1].b & TEMPORARY) == PENDING || left->kind >= KIND_ARRAY
      || right->kind >= KIND_ARRAY)
    return;
  add (line, ": ");
  add_number (line, left->number);
  add (line, " ");
  add (line, op_info[test[-1].op].sign);
  add (line, " ");
  add_number (line, right->number);
}

/* Of the innermost loop, in the function at work or in one that called it: ", i is 7, up to 1000", ", element 7 of
   1000 of x", ", while s < n, after 1024 turns". */
static void
add_turn (struct line *line, const struct run *run)
{
  const struct instruction *code = area_of (&run->program->code, struct instruction), *top = NULL;
  struct activity at;
  for (size_t depth = area_count (&run->frames, struct frame) + 1; !top && depth-- > 0;)
    if (!find_activity (run, depth, &at))
      return;
    else
      top = find_loop (run, &at);
  if (!top)
    return;
  struct span span = area_of (&run->program->spans, struct span)[top - code];
  const struct value *from = find_value (run, &at, top->b);
  bool whole = true;
  size_t turns = count_turns (run, &code[run->place], &whole);
  if (turns && !(whole && top->code == CODE_COUNT_NEXT))
    {
      if (whole && top->code != CODE_ITEM_NEXT)
        add_condition (line, run, &at, top, false);
      add (line, ", after ");
      add_size (line, turns);
      add (line, " turns");
    }
  else if (top->code == CODE_COUNT_NEXT)
    {
      add (line, ", ");
      add_span (line, run, span);
      add (line, " is ");
      add_number (line, from[0].number + ((double)turns - 1) * from[2].number);
      add (line, from[2].number > 0 ? ", up to " : ", down to ");
      add_number (line, from[1].number);
    }
  else if (top->code == CODE_ITEM_NEXT && from->kind == KIND_ARRAY && from->array->shape.rank)
    {
      add (line, ", element ");
      add_number (line, from[1].number);
      add (line, " of ");
      add_size (line, from->array->shape.extent[0]);
      add (line, " of ");
      add_span (line, run, span);
    }
  else
    add_condition (line, run, &at, top, true);
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

/* "record 7 of data.csv, 30 %"; false where records are not what the run is at. */
static bool
add_record (struct line *line, const struct session *session)
{
  const struct intake *intake = &session->rows.intake;
  const struct feed *feed = &intake->feed;
  size_t waiting = feed->end - feed->start;
  if (!session->options.rows || !intake->record.number)
    return false;
  add (line, "record ");
  add_size (line, intake->record.number);
  add (line, " of ");
  add (line, intake->name);
  if (!feed->whole || waiting > feed->got)
    return true;
  /* A file may have grown. */
  double share = 100 * (double)(feed->got - waiting) / (double)feed->whole;
  add (line, ", ");
  add_size (line, share < 100 ? (size_t)share : 100);
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
  /* Of a record that lasts it is told where the program is. */
  const size_t record = session->rows.intake.record.number;
  bool is_new = add_record (&line, session) && record != record_shown;
  record_shown = record;
  if (!is_new && line.used > 4)
    add (&line, ", ");
  if (!is_new && !add_sweep (&line, session) && add_place (&line, &session->run, false))
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
  struct line record = { .used = 0 };
  bool at_record = session && add_record (&record, session);
  record.text[record.used] = 0;
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
  if (at_record)
    {
      add (&line, ", in ");
      add (&line, record.text);
    }
  line.text[line.used++] = '\n';
  put (&line);
  unfinished_abandon ();
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
  record_shown = 0;
  /* Who ignores it, as a command in the background does, is not interrupted. */
  if (sigaction (SIGINT, &(struct sigaction){ .sa_handler = on_interrupt }, &before) == 0
      && before.sa_handler != SIG_DFL)
    sigaction (SIGINT, &before, NULL);
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
