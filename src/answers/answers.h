/* answers.h -- answers as people write them, as claims in the language. */
#ifndef GRADCALC_ANSWERS_H
#define GRADCALC_ANSWERS_H

#include "answers/vocabulary.h"

enum answer_kind
{
  ANSWER_READ,       /* it is a claim, or a name of its own, in the text that was made */
  ANSWER_UNREADABLE, /* `fault` says why */
  ANSWER_NOTE        /* nothing was taken from it: `fault` says why */
};

/* One answer, or right side of one. */
struct answer
{
  enum answer_kind kind;
  size_t place, size; /* in the text that was read: of the whole, or of what cannot be read in it */
  size_t at;          /* in the text that was made */
  bool again;         /* another right side of the answer before */
  char *read;         /* as it was read, where that is not how it stands; or NULL */
  char *fault;
  char *left;            /* of one that is unreadable: the left side as far as it can be read, or the line */
  char *target, *source; /* or NULL */
};

struct answers
{
  struct memory *memory;
  struct vocabulary *words; /* gets the names that answers define */
  /* Whether a text is a claim in the language as it stands, all of whose names are known. */
  bool (*is_plain) (const void *data, const char *text, size_t size);
  /* Whether it is one at all, whatever its names. */
  bool (*is_claim) (const void *data, const char *text, size_t size);
  void (*prepare) (void *data); /* makes the shapes of names known */
  void *data;
  bool prose;   /* a line without = is passed over */
  bool dropped; /* something was left out that the language could not read */
  char *text;   /* of the claims, each on the line that it had */
  size_t used;
  struct answer *list;
  size_t count;
};

/* Reads a text. Nothing that is in it stops the others. */
void answers_read (struct answers *answers, const char *text, size_t size);
void answers_close (struct answers *answers);

#endif
