/* grading.h -- hand-ins: files of answers, each judged by itself, and the points that a key gives for them. */
#ifndef GRADCALC_GRADING_H
#define GRADCALC_GRADING_H

#include "check/claims.h"

/* What a key asks for. */
struct graded_question
{
  const struct claim *claim; /* of the key */
  double points;
};

/* What a hand-in has of one question. */
struct mark
{
  enum verdict verdict;      /* or VERDICT_MISSING */
  const struct claim *claim; /* the answer that counts; NULL where none does */
  size_t answers;            /* how many there are; the last counts */
  double points;
};

struct hand_in
{
  const char *path;     /* as it was given */
  const char *file;     /* as it is called */
  char *trouble;        /* why it cannot be read at all, and all its answers are unreadable; or NULL */
  struct claims claims; /* its answers, judged */
  struct mark *marks;   /* by question */
  double points;
};

struct grading
{
  struct memory *memory;
  struct claims key;
  struct graded_question *questions;
  size_t question_count;
  struct hand_in *hand_ins;
  size_t hand_in_count;
  double of;      /* the points of all questions */
  double carried; /* percent of the points that an answer gets that is carried forward */
};

/* Takes over the claims of a key, which were resolved, with the points as their right sides, after the program's run.
   False after a message: it asks twice for one derivative. */
bool grading_open (struct grading *grading, struct claims *key, const struct run *run, struct arrays *arrays);

/* Of several claims about one derivative the last stays, with all that its own line says. Before they are judged: what
   is carried forward follows from answers that count. */
void grading_drop_earlier (struct grading *grading, struct hand_in *hand_in, struct claims *claims);

/* Takes over what was judged; its arrays go on in `arrays`, and nothing is left of the run. */
void grading_keep (struct hand_in *hand_in, struct claims *claims, struct arrays *arrays);

/* Gives the points. */
void grading_mark (const struct grading *grading, struct hand_in *hand_in);

/* Whether a claim of a hand-in is about a question. */
bool grading_is_asked (const struct grading *grading, const struct claim *claim);

enum status grading_status (const struct grading *grading);

#endif
