/* edit.h -- one change to an answer that would make it right. */
#ifndef GRADCALC_EDIT_H
#define GRADCALC_EDIT_H

#include "check/replay.h"
#include "diagnose/search.h"

/* The right side of a claim, in postorder. */
enum item_kind
{
  ITEM_NUMBER, /* `op` is 1 of a boolean */
  ITEM_KNOWN,  /* something that the program has a value for */
  ITEM_ABSENT, /* an argument that is left out */
  ITEM_APPLY,  /* a function of ops.def, with `count` operands, laid out by parameter */
  ITEM_INDEX,
  ITEM_LITERAL,
  ITEM_SLICE, /* of which `count` says what parts are there (SLICE_ bits) */
  ITEM_CHOICE
};

struct item
{
  enum item_kind kind;
  uint16_t op;
  uint32_t count;
  uint32_t first; /* where its first operand begins */
  uint32_t known; /* KNOWN: which */
  double number;
  struct span span; /* in the text of the answer */
};

/* Something that has a value at the end of a run: a variable, or a step that a run comes to once. */
struct known
{
  uint32_t name; /* or UINT32_MAX, of a step */
  uint32_t slot;
  uint32_t place; /* of a step */
  uint32_t node;  /* in the replay */
};

enum edit_kind
{
#define EDIT(name, cause, words) EDIT_##name,
#include "diagnose/slips.def"
  EDITS
};

/* How a term that is missing goes with the value that stands alone; the `number` of an edit. */
enum missing_way
{
  MISSING_ADDED,      /* value + term */
  MISSING_SUBTRACTED, /* value - term */
  MISSING_FROM,       /* term - value */
  MISSING_WAYS
};

struct edit
{
  enum edit_kind kind;
  uint32_t at;    /* the item that it is about */
  uint32_t other; /* another known value, or another function */
  double number;
  bool alive; /* the answer is right with it at all points so far */
};

struct editing
{
  struct claims *claims;
  struct claim *claim;
  struct points *points;
  struct area items;    /* struct item: the answer */
  struct area work;     /* struct item: with an edit */
  struct area known;    /* struct known */
  struct area edits;    /* struct edit: those that are right so far */
  struct area operands; /* struct value, on the way to a value */
  struct replay replay;
  struct value *values; /* of what is known, in the replay */
  const struct sample *sample;
  size_t patience; /* elements that may still be computed */
};

/* edit_read.c: finds the items of the claim, and what is known; false when the answer has something else. */
bool edit_read (struct editing *editing);

/* edit_value.c: goes to a sample's point, and leaves it; false when the program does not run there. */
bool edit_open_point (struct editing *editing, const struct sample *sample);
void edit_close_point (struct editing *editing);
/* Whether items come to what is right at that point. */
bool edit_is_right (struct editing *editing, const struct item *items, size_t count);
/* What an item of the answer comes to; nothing when that is no number or array. The caller drops it. */
struct array *edit_value (struct editing *editing, const struct item *items, size_t count);

/* edit_apply.c: the items with an edit, in `work`; false when it makes no sense. */
bool edit_apply (struct editing *editing, const struct edit *edit);
/* Which operand of an item is its axis, where that is 0 or 1; else UINT32_MAX. */
uint32_t edit_axis (const struct item *items, uint32_t at);

/* edits.c: tries all edits at the first point; those that are right are kept. */
void edit_try_all (struct editing *editing);

#endif
