/* session.h -- a whole program for tests: from its text to a tape, at points that can be moved. */
#ifndef TESTS_SESSION_H
#define TESTS_SESSION_H

#include "machine/run.h"
#include "syntax.h"

enum
{
  INPUTS = 8,
  LARGEST = 2000,
  TEXT = 2400,
  FAILURE_SIZE = 500
};

/* A program with its inputs, at a point that can be moved. */
struct session
{
  struct memory memory;
  struct sources sources;
  struct diagnostics diagnostics;
  struct names names;
  struct arrays arrays;
  struct syntax syntax;
  struct program program;
  struct tape tape;
  struct run run;
  enum purpose purpose; /* of runs from now on, which with another than PURPOSE_ANY forget at every derivative */
  bool condenses;       /* they forget not at every derivative, but condense what is left */
  struct definition inputs[INPUTS];
  uint32_t nodes[INPUTS]; /* of the inputs on the tape, rising */
  size_t input_count;
  size_t defined; /* inputs when the program was compiled: it is once more before it runs at another point */
  double written[INPUTS][LARGEST]; /* the inputs as the text gives them */
  struct value target;
  size_t size; /* of the target */
  bool stepwise; /* loops go step by step */
  size_t steps;  /* loops and calls that a run may make; 0 is no limit */
  uint32_t seed;
  bool shares; /* calls that were made before are shared */
  bool small_at_once; /* small arrays have nodes for their elements from the start */
  char *said; /* the message of a run that stopped */
  size_t said_size;
  jmp_buf stop;
};

/* A new session; `stop` is to be set before anything else is done with it. */
void session_clear (struct session *session);
/* Compiles a program, runs it once and makes a definition of every input. */
void session_open (struct session *session, const char *text);
void session_close (struct session *session);
/* Runs it again, with the definitions as they are now. */
void session_run (struct session *session);
/* The message of a run that stopped. */
const char *session_said (struct session *session);
/* Opens a cleared session for the text and has `say` note what it gives; false when it stops, and why in `failure`. */
bool session_hear (struct session *session, const char *text, void (*say) (struct session *session, void *said),
                   void *said, char *failure);

/* J v by the forward sweep, J' u by the reverse sweep. */
void session_forward (struct session *session, double change[INPUTS][LARGEST], double *tangent);
void session_reverse (struct session *session, const double *u, size_t step, double gradient[INPUTS][LARGEST]);

/* Between -1 and 1. */
double session_random (struct session *session);

/* An elementwise operator written out. */
const char *write_operator (char to[TEXT], enum op op, const char *a, const char *b, const char *c);

#endif
