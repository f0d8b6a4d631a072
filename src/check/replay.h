/* replay.h -- a run of which each step is at hand, at a point of a claim. */
#ifndef GRADCALC_REPLAY_H
#define GRADCALC_REPLAY_H

#include "check/claims.h"
#include "check/points.h"
#include "tape/forward.h"

enum
{
  STEP_OPERANDS = 3 /* that are kept of a step: no slip is made in others */
};

/* A run of which each step is known, at a point of a claim; and what was changed on its tape. */
struct replay
{
  struct again again;
  struct trace trace;  /* what varies, sorted by place */
  struct area patches; /* struct patch: what the tape had before */
  size_t room;         /* bytes of memory that may be in use before it is stopped */
  bool unheard;        /* it took more, and was stopped */
  double *tangents;    /* of numbers, by node; NULL before they are asked for */
  struct forward forward; /* then: those of all nodes */
};

/* Runs the program at the point of a draw; false when that is not possible. Closed whatever comes of it. */
bool replay_open (struct replay *replay, struct points *points, size_t draw);
/* The same without the steps, which take long to hear of. */
bool replay_open_values (struct replay *replay, struct points *points, size_t draw);
void replay_close (struct replay *replay);
/* Prepares the tangents of a claim's source: what a change of it by 1, of an array in each element, does to all values.
   Of an array these are derivatives of what depends on it element by element. */
void replay_tangents (struct replay *replay, const struct claim *claim);
/* Those of a value of so many elements. */
void replay_tangent (const struct replay *replay, const struct value *value, size_t size, double *elements);

#endif
