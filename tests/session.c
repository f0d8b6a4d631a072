/* session.c -- a whole program for tests: from its text to a tape, at points that can be moved. */
#include "session.h"

#include <stdlib.h>
#include <string.h>

#include "derive/derive.h"
#include "tape/forward.h"
#include "tape/reverse.h"

/* Its places serve the sessions one after the other. */
static struct memory kept;

double
session_random (struct session *session)
{
  session->seed = session->seed * 1664525u + 1013904223u;
  return (double)(session->seed >> 8) / (1 << 23) - 1;
}

static void
compile_program (struct session *session)
{
  struct compile_options options = { .definitions = session->inputs, .definition_count = session->input_count };
  session->defined = session->input_count;
  program_close (&session->program);
  program_open (&session->program, &session->memory, &session->names);
  if (!compile (&session->program, &session->syntax, &session->diagnostics, &options))
    longjmp (session->stop, 1);
  if (session->program.derives)
    derive_prepare (&session->program);
}

void
session_run (struct session *session)
{
  if (session->defined < session->input_count)
    compile_program (session);
  run_close (&session->run);
  tape_close (&session->tape);
  tape_open (&session->tape, &session->memory, &session->arrays);
  run_open (&session->run, &session->program, &session->tape, &session->diagnostics);
  session->run.purpose = session->purpose;
  session->run.patience = session->condenses ? 1 : session->purpose ? 0 : session->run.patience;
  session->run.variation.stepwise = session->stepwise;
  session->run.steps = session->steps;
  session->run.small_at_once = session->small_at_once;
  session->run.shares = session->shares;
  run (&session->run);
  session->target = area_of (&session->run.globals, struct value)[session->run.last];
  struct shape shape = value_shape (&session->target);
  session->size = shape_size (&shape);
}

void
session_open (struct session *session, const char *text)
{
  session->memory.text = strlen (text);
  sources_add (&session->sources, &session->memory, "<test>", text, strlen (text));
  names_open (&session->names, &session->memory);
  arrays_open (&session->arrays, &session->memory);
  syntax_open (&session->syntax, &session->memory);
  if (!parse (&session->syntax, &session->names, &session->diagnostics, 0, 1, PARSE_PROGRAM, NULL))
    longjmp (session->stop, 1);
  compile_program (session);
  session_run (session);
  const struct noted *noted = area_of (&session->run.inputs, struct noted);
  const uint32_t *order = area_of (&session->run.input_order, uint32_t);
  for (size_t i = 0; i < area_count (&session->run.input_order, uint32_t); i++)
    {
      struct shape shape = value_shape (&noted[order[i]].value);
      struct array *array = array_new (&session->arrays, TYPE_REAL, &shape);
      memcpy (array->elements, value_elements (&noted[order[i]].value), array->size * sizeof (double));
      memcpy (session->written[i], array->elements, array->size * sizeof (double));
      session->inputs[i]
        = (struct definition){ .name = area_of (&session->program.inputs, struct input)[order[i]].name,
                               .array = array };
      session->nodes[i] = noted[order[i]].value.node;
    }
  session->input_count = area_count (&session->run.input_order, uint32_t);
}

void
session_close (struct session *session)
{
  run_close (&session->run);
  tape_close (&session->tape);
  program_close (&session->program);
  syntax_close (&session->syntax);
  names_close (&session->names);
  arrays_close (&session->arrays);
  sources_free (&session->sources);
  if (session->diagnostics.out)
    fclose (session->diagnostics.out);
  if (kept.nursery)
    memory_close (&session->memory);
  else
    {
      memory_empty (&session->memory);
      kept = session->memory;
    }
  free (session->said);
}

void
session_clear (struct session *session)
{
  memset (session, 0, sizeof *session);
  session->seed = 4;
  session->memory = kept;
  kept = (struct memory){ 0 };
  session->memory.stop = &session->stop;
  session->diagnostics = (struct diagnostics){ .sources = &session->sources,
                                               .memory = &session->memory,
                                               .out = open_memstream (&session->said, &session->said_size),
                                               .quiet = true,
                                               .stop = &session->stop };
}

const char *
session_said (struct session *session)
{
  fflush (session->diagnostics.out);
  session->said[strcspn (session->said, "\n")] = 0;
  return session->said;
}

bool
session_hear (struct session *session, const char *text, void (*say) (struct session *session, void *said), void *said,
              char *failure)
{
  volatile bool heard = false;
  if (setjmp (session->stop) == 0)
    {
      session_open (session, text);
      say (session, said);
      heard = true;
    }
  else
    snprintf (failure, FAILURE_SIZE, "stopped: %s", session_said (session));
  session_close (session);
  return heard;
}

void
session_forward (struct session *session, double change[INPUTS][LARGEST], double *tangent)
{
  struct forward forward;
  forward_open (&forward, &session->tape);
  for (size_t k = 0; k < session->input_count; k++)
    forward_seed (&forward, session->nodes[k], change[k]);
  forward_run (&forward, session->target.node);
  forward_read (&forward, session->target.node, session->size, tangent);
  forward_close (&forward);
}

void
session_reverse (struct session *session, const double *u, size_t step, double gradient[INPUTS][LARGEST])
{
  struct reverse reverse;
  reverse_open (&reverse, &session->tape, session->nodes, session->input_count);
  reverse_seed (&reverse, session->target.node, u, step);
  reverse_run (&reverse);
  for (size_t k = 0; k < session->input_count; k++)
    reverse_read (&reverse, session->nodes[k], session->inputs[k].array->size, gradient[k]);
  reverse_close (&reverse);
}

const char *
write_operator (char to[TEXT], enum op op, const char *a, const char *b, const char *c)
{
  const struct op_info *info = &op_info[op];
  const char *name = *info->sign ? info->sign : info->name;
  if (info->arity == 3)
    snprintf (to, TEXT, "%s(%s, %s, %s)", name, a, b, c);
  else if (info->arity == 2 && *info->sign)
    snprintf (to, TEXT, "((%s) %s (%s))", a, name, b);
  else if (info->arity == 2)
    snprintf (to, TEXT, "%s(%s, %s)", name, a, b);
  else
    snprintf (to, TEXT, "(%s (%s))", name, a);
  return to;
}
