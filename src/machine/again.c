/* again.c -- the program run once more, for what only a second look can tell. */
#include "machine/again.h"

void
again_open (struct again *again, const struct program *program, const struct diagnostics *diagnostics,
            const struct area *files)
{
  struct memory *memory = program->names->memory;
  again->diagnostics = *diagnostics;
  again->diagnostics.warnings = NULL;
  again->diagnostics.mute = true;
  again->diagnostics.stop = &again->stop;
  again->diagnostics.first = NULL;
  arrays_open (&again->arrays, memory);
  tape_open (&again->tape, memory, &again->arrays);
  run_open (&again->run, program, &again->tape, &again->diagnostics);
  again->run.out = NULL;
  again->run.known_files = files;
}

void
again_close (struct again *again)
{
  run_close (&again->run);
  tape_close (&again->tape);
  arrays_close (&again->arrays);
}
