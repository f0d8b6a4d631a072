/* settle.c -- a run made again: for other inputs, or where zeros have to be told apart from its start. */
#include "machine/execute.h"

#include <string.h>

#include "machine/sharing.h"

static void
drop_values (struct run *run, const struct area *area)
{
  struct value *values = area_of (area, struct value);
  for (size_t i = 0; i < area_count (area, struct value); i++)
    value_drop (run, &values[i]);
}

static void
drop_noted (struct run *run, const struct area *area)
{
  struct noted *noted = area_of (area, struct noted);
  for (size_t i = 0; i < area_count (area, struct noted); i++)
    value_drop (run, &noted[i].value);
}

static void
drop_all_values (struct run *run)
{
  drop_values (run, &run->globals);
  drop_values (run, &run->registers);
  drop_noted (run, &run->inputs);
  drop_noted (run, &run->wanted);
}

void
run_restart (struct run *run)
{
  if (run->recorder)
    run->program->deriver->close (run);
  drop_all_values (run);
  sharing_forget (run);
  run_forget_blocks (run);
  struct area *areas[] = { &run->registers,   &run->stack,   &run->frames,      &run->links,
                           &run->input_order, &run->scratch, &run->derivations, &run->sources,
                           &run->noted_places };
  for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
    area_empty (areas[i]);
  /* These have room for what the program has of each. */
  struct area *filled[] = { &run->globals, &run->inputs, &run->wanted, &run->repeats };
  for (size_t i = 0; i < sizeof filled / sizeof *filled; i++)
    {
      size_t used = filled[i]->used;
      area_empty (filled[i]);
      filled[i]->used = used;
    }
  tape_empty (run->tape);
  memset (run->taken_apart, 0, sizeof run->taken_apart);
  run->random = run->program->random;
  run->last = UINT32_MAX;
  run->place = run->constants = 0;
  run->tied = run->suspicious = run->small = false;
  run_set_constants (run);
  if (run->program->derives)
    run->program->deriver->open (run);
}

/* Everything but the data files goes, and a new run begins where the old one did. */
static void
start_again (struct run *run, struct diagnostics *quiet, size_t steps)
{
  const struct run before = *run;
  drop_all_values (run);
  run->files = (struct area){ 0 };
  run_close (run);
  tape_close (before.tape);
  tape_open (before.tape, before.memory, before.arrays);
  before.tape->careful = true;
  run_open (run, before.program, before.tape, quiet);
  area_close (&run->files);
  run->files = before.files;
  run->known_files = before.known_files;
  run->variation = before.variation;
  run->steps = steps;
  run->faults = before.faults;
}

/* Called when a run has ended that began with `steps`. Where it met a coefficient that is not finite, an infinity may
   come from there in reverse to what was recorded before, when nobody asked which zeros are rules. If there are zeros,
   everything is run once more, with nothing said or printed, on a tape that is careful from its start. */
static void
settle (struct run *run, size_t steps)
{
  if (run->apart || run->listener || run->program->inner || !run->tape->unbounded || !tape_has_zeros (run->tape))
    return;
  struct diagnostics *diagnostics = run->diagnostics, quiet = *diagnostics;
  FILE *out = run->out;
  quiet.warnings = NULL;
  quiet.mute = true;
  start_again (run, &quiet, steps);
  run->out = NULL;
  run_program (run);
  run->out = out;
  run->diagnostics = diagnostics;
}

void
run (struct run *run)
{
  size_t steps = run->steps;
  run_program (run);
  settle (run, steps);
}
