/* claims.h -- derivatives that somebody states, and whether they are right. */
#ifndef GRADCALC_CLAIMS_H
#define GRADCALC_CLAIMS_H

#include "machine/run.h"

enum verdict
{
  VERDICT_OK,
  VERDICT_WRONG,
  VERDICT_CARRIED, /* right, given an earlier claim that is wrong */
  VERDICT_UNDECIDED,
  VERDICT_UNREADABLE, /* of a file of answers: a line that is no answer, which spoils no other */
  VERDICTS,
  VERDICT_MISSING = VERDICTS /* of a hand-in: nothing is claimed of what is asked (grading.h) */
};
extern const char *const verdict_names[VERDICTS]; /* ok, wrong, carried, undecided, unreadable */

/* How much of the truth a report shows. */
enum reveal
{
  REVEAL_NONE,    /* right or wrong */
  REVEAL_VERDICT, /* and shapes and positions */
  REVEAL_HINT,    /* and hints, without numbers of the right answer */
  REVEAL_ALL
};

/* A derivative in a symmetric matrix: of its elements as if they were free, its symmetric part, or, as textbooks have
   it, with elements off the diagonal counted twice. */
enum claim_form
{
  FORM_FREE,
  FORM_SYMMETRISED,
  FORM_TEXTBOOK
};

/* One axis of `dy/dx[2, 0:3]`; a single position may count from the end. */
struct claim_part
{
  ptrdiff_t start, stop;
  bool single;
};

/* The claimed and the right value at one point. The arrays live as long as those of the run. */
struct sample
{
  bool usable;         /* the right one is finite, and so is the given one */
  bool agrees;         /* within the tolerances */
  size_t draw;         /* the number of the point's draw; of the first sample POINTS_OWN */
  struct array *given; /* what the right side comes to */
  struct array *whole; /* the derivative, of the source's shape, or a Jacobian; NULL: not connected */
  struct shape source_shape;
  bool symmetric;                        /* the source is a symmetric matrix there, and not a diagonal one */
  struct array *correct;                 /* what the claim should be of it (claims_form.c); NULL: not connected */
  struct array *off_given, *off_correct; /* how far both can be off by rounding; NULL: not looked at */
  double scale;                          /* of the gradient around here */
};

/* How one element of a sample compares, from the best to the worst. */
enum agreement
{
  AGREES_ZERO,   /* both are 0 */
  AGREES,        /* within the tolerances */
  ROUNDING_ZERO, /* both are 0 within what rounding can do */
  ROUNDING,      /* they differ by no more than rounding can do */
  NOT_FINITE,    /* one of them is not finite, and the other is something else */
  DIFFERS
};

enum
{
  ROUNDING_LOOSE = 4 /* times the bounds of rounding, which are of first order, is what it can do */
};

/* `dloss/dw = EXPR`, or `loss = EXPR`, a value. A second derivative `d2loss/dwdb` is the first one of grad(loss,w). */
struct claim
{
  struct span left, right, target_span, source_span;
  char *name;            /* as it was written, without blanks */
  char *read;            /* how the answer was read, where that is not how it stands; or NULL */
  char *target, *source; /* names, or the text of an expression; source NULL: a value */
  char *value, *first;   /* of a second derivative: of what, and the variable before `source`; else NULL */
  uint32_t target_slot;  /* a register among the globals */
  uint32_t expression;   /* the program's target that it is about, if that is an expression; else UINT32_MAX */
  size_t number;         /* among all claims, those that only name a value too */
  size_t order;          /* among all that are reported */
  bool again;            /* another right side of the one before */
  bool leads;            /* no claim before it is about the same target */
  size_t next;           /* the next claim about it, or SIZE_MAX */
  uint32_t source_name;  /* number of the name */
  size_t wanted;         /* its number among the wanted */
  uint32_t slot;         /* of the right side */
  bool mentions;         /* the right side names a variable: it is compared at random points too */
  int digits;            /* of numbers that are right to the digits given: how many these are; else 0 */
  bool none;             /* `none` is claimed */
  bool names;            /* it only names what later claims use; gone when claims are resolved */
  bool table;            /* a program wrote it: axes of length 1 do not count */
  struct refusal fault;  /* why it cannot be judged */
  bool jacobian;         /* it has the shape of a Jacobian, and is compared with one */
  bool turned;           /* of one with the axes of the source first */
  bool column;           /* of one of a vector in one number, a column of a matrix; `turned`: a row */
  enum claim_form form;
  struct claim_part parts[RANK_LIMIT]; /* of the source; none is all of it */
  int part_count;
  uint32_t *mentioned; /* the variables on the right side, by their names */
  size_t mentioned_count;
  bool *moved;            /* by these: whether it moves at the first of few random points; NULL: not known */
  bool measures;          /* functions that lengths come from */
  bool calls;             /* functions of the program among them: what these mention is not known */
  struct sample *samples; /* the first is the program's own point */
  size_t sample_count;
  /* The verdict and what is said of it. */
  enum verdict verdict;
  const char *cause;        /* one word, or NULL */
  char *message;            /* or NULL */
  enum reveal level;        /* at which the message may be shown */
  char *detail;             /* more of the message, with numbers of the right answer; or NULL */
  size_t shown, element;    /* the sample that is an example, and its first element that differs */
  char *where;              /* the point it was taken at: `x = 0.7, w = 1.3`; NULL: the program's values */
  size_t points;            /* random points it was compared at */
  char *hint;               /* or NULL */
  struct span hint_span;    /* where the hint points to; start 0: nowhere */
  struct span *places;      /* all places that explain it equally well, that of the hint first; or NULL */
  size_t place_count;       /* how many they are */
  const struct claim *from; /* CARRIED: the claim that was wrong */
  double *off; /* while causes of it are searched for: how far each number is off at most, by its digits; or NULL */
  size_t carried_from;      /* its order plus one, while claims move */
};

/* How many of its samples a claim is compared at: numbers say something of the program's own values alone. */
static inline size_t
claim_samples (const struct claim *claim)
{
  return claim->mentions ? claim->sample_count : claim->sample_count ? 1 : 0;
}

struct claims;
struct points;

struct claim_options
{
  size_t points;
  bool all_points; /* however long the program is */
  size_t turns;    /* loops and calls that the program's run made */
  double rtol, atol;
  uint64_t seed;
  /* Whether one slip may leave the gradient at the program's values as it is, as far as some turns of loops tell. */
  bool (*may_slip) (struct claims *claims, struct claim *claim, struct points *points);
  /* Finds one slip that gives what the claim says at all of its samples (diagnose.h); NULL for who knows none. */
  bool (*find_slip) (struct claims *claims, struct claim *claim, struct points *points);
};

extern const struct claim_options claim_options_default;

/* Random points at work. */
struct sampling
{
  bool few;           /* fewer than were asked for, as the program is long */
  bool left;          /* some of these are left, as each claim may be right with what is put in */
  bool further;       /* they are taken nevertheless */
  size_t tries;       /* draws in all */
  size_t number;      /* of the next draw in order */
  size_t failures[2]; /* near the program's values and away from them, since the last that was of use */
};

struct claims
{
  struct memory *memory;
  struct claim *apart; /* those that cannot be judged, until they are put back among the others */
  size_t apart_count;
  struct points *points; /* while they are judged */
  uint32_t *watched;
  struct claim *list;
  size_t count;
  struct wanted *wanted; /* the sources, for compile_options */
  size_t wanted_count;
  struct names targets[2]; /* their texts, of first derivatives and of second ones */
  struct area expressions; /* uint32_t: the first claim about each target that is an expression */
  struct claim_options options;
  const struct run *run;
  struct sampling sampling;
  size_t draws; /* random points that were tried */
  bool cut;     /* the search for causes ended before its end */
};

/* claims.c: the claims among the nodes of a program, or of answers; called for each in turn, before compiling. False
   after errors. */
bool claims_read (struct claims *claims, const struct syntax *syntax, struct names *names,
                  struct diagnostics *diagnostics);
/* The first claim about each target that is an expression, to be compiled as such; NULL at the end. Of a second
   derivative the last name in it means the first value of the variable, as everywhere in claims. */
const struct claim *claims_expression (const struct claims *claims, size_t number);
void claims_free (struct claims *claims);
void claim_free (struct claim *claim);

/* claims_resolve.c: finds what the claims name in a program compiled with `first` wanted names before those of the
   claims; false after errors. */
bool claims_resolve (struct claims *claims, const struct program *program, size_t first,
                     struct diagnostics *diagnostics);

/* Claims about one target are chained, the first of them leads. */
void claims_chain (struct claims *claims, const struct program *program);

/* claims_apart.c: what cannot be judged stands apart from the others from the run on until all are judged: answers
   whose shapes do not fit, which are wrong, and unreadable ones. `faults` are those of the run, by the numbers of the
   claims, then of the targets. */
void claims_set_apart (struct claims *claims, const struct run *run, struct refusal *faults);
/* Adds one of those, which moves in. */
void claims_add_apart (struct claims *claims, const struct claim *claim);
/* Of several right sides of one answer the worst verdict stays. */
void claims_put_back (struct claims *claims);

/* claims_file.c: gradcalc's own csv or json output as the claims that it makes, in `converted`, which the caller frees;
   that stays NULL for any other text. False after a message. The text is a source whose name ends as below. */
#define CONVERTED_NAME " (as text)"
bool claims_convert (struct diagnostics *diagnostics, const char *name, const char *text, size_t size,
                     char **converted);

/* claims_digits.c: how far numbers typed by hand may be off, for each element of the right side: half a unit of the
   last digit where there is a point or an exponent, or more than five digits (zeros that end these are none of them,
   from the sixth on), else 0. False when it is something else than `count` numbers. The digits of each go to `digits`.
 */
bool claim_digits (const char *text, size_t size, size_t count, double *off, int *digits);

/* A message or hint, in memory that is freed with the claim. */
void claim_say (const struct claims *claims, struct claim *claim, const char *message);
char *claim_text (const struct claims *claims, const char *format, ...) __attribute__ ((format (printf, 2, 3)));

/* claims_bound.c: how far the elements of a sample can be off by rounding, at the point where `points` are now. */
void claim_bound (const struct claims *claims, const struct claim *claim, struct points *points, struct sample *sample);
/* The same of one of the claim's own samples; the points are the program's again behind it. */
void claim_bound_at (const struct claims *claims, const struct claim *claim, struct points *points, size_t number);
/* Whether zeros that numbers agree with by rounding alone are zeros beside what their elements are at other points:
   what rounding can do is then little, or the element is 0 there too. */
bool claim_zeros_are_small (const struct claims *claims, struct claim *claim, struct points *points);
/* claims_coarse.c: how far they can be off, much too large and of two more runs only; false, with nothing changed,
   where these tell nothing. */
bool claim_bound_coarsely (const struct claims *claims, const struct claim *claim, struct points *points,
                           struct sample *sample);

/* claims_compare.c: how an element compares; and the worst of all, with its element. */
enum agreement claim_compare (const struct claims *claims, const struct sample *sample, size_t element);
enum agreement claim_compare_all (const struct claims *claims, const struct sample *sample, size_t *element);
/* Whether a sample has an array of the right shape; whether it differs by far more than rounding is likely to do. */
bool sample_fits (const struct sample *sample);
bool sample_differs_clearly (const struct sample *sample);

/* claims_form.c: what the claim should be of a whole derivative, an array of its own; NULL where its part is not there.
 */
struct array *claim_formed (const struct claim *claim, struct array *whole, const struct shape *source,
                            struct arrays *arrays);
/* The shape of the part of the source that the claim is about; false when it is not there. */
bool claim_part_shape (const struct claim *claim, const struct shape *source, struct shape *shape);
/* The element of the source that an element of the claim is. */
size_t claim_position (const struct claim *claim, const struct shape *source, size_t element, struct arrays *arrays);
/* Forms what is right again, at all samples, when the form has changed. */
void claim_reform (struct claims *claims, struct claim *claim);
/* In a run: the value of a claim's target, or nothing when it has no register; of its source; and that of the claim. */
const struct value *claim_target_in (const struct claim *claim, const struct run *run);
const struct value *claim_source_in (const struct claim *claim, const struct run *run);
const struct value *claim_given_in (const struct claim *claim, const struct run *run);

/* claims_sample.c: what is right in a run, zeros where it is not connected; NULL when target or source is no number or
   array there. The array is made from `arrays`. */
struct array *claim_correct (const struct claim *claim, const struct run *run, struct arrays *arrays);
/* The right value with another source in the place of the claim's; NULL when it is not connected. */
struct array *claim_gradient (const struct claim *claim, const struct run *run, const struct value *source,
                              struct arrays *arrays);
/* Takes the claimed and the right value in a run, for one claim that has a sample already: whatever the shapes are
   there. */
struct sample claim_take (const struct claim *claim, const struct run *run, struct arrays *arrays);
void sample_drop (struct sample *sample, struct arrays *arrays);
/* Takes the claimed and the right value in a run, for each claim: appended to its samples. */
void claims_sample (struct claims *claims, const struct run *run, struct arrays *arrays, size_t draw);

/* claims_points.c: samples all claims at random points, as many as are wanted and the program lets; `options.points` is
   how many are wanted then, and `draws` how many were tried. */
void claims_sample_points (struct claims *claims, struct points *points);
/* Takes one more where one was enough for all; false where it was not. */
bool claims_sample_more (struct claims *claims, struct points *points);
/* Whether a claim about a long program, right at its own values, differs near them by far more than rounding can do, so
   that it is right with what is put in, or wrong. */
bool claim_may_be_held (const struct claims *claims, const struct claim *claim, const struct points *points);

/* claims_kink.c: whether all elements that differ at the program's values lie between the slopes on both sides of a
   kink, or are one of those at a jump; the slopes of the last of them. */
struct slopes
{
  bool jumps;
  double low, high;
};
bool claim_at_kink (struct claims *claims, const struct claim *claim, struct points *points, struct slopes *slopes);

/* claims_domain.c: whether a claim that is right at the program's values is wrong only at points with signs to which no
   way leads from there but through values that are no numbers; these points count no more then. */
bool claim_keep_domain (struct claim *claim, struct points *points);
/* Leaves such points out of a wrong claim's samples; false where there are none. */
bool claim_leave_beyond (struct claim *claim, struct points *points);

/* claims_judge.c: compares them at the program's values and at random points. `run` was run; it stays in use until
   claims_free. */
void claims_judge (struct claims *claims, const struct run *run, const struct claim_options *options);
/* Where one random point was to be enough to judge wrong claims by, takes one more, for who looks for causes; false
   where it was not. */
bool claims_look_further (struct claims *claims);

/* claims_carry.c: of wrong claims, those that follow from another wrong one before them, as it was given. */
void claims_carry (struct claims *claims, struct points *points);

/* claims_where.c: the point at which the shown sample was taken, in words. */
void claim_say_where (struct claims *claims, struct claim *claim, struct points *points);
/* Points the claim's hint to the first step that is not finite where the inputs were moved to. */
void claim_find_trouble (struct claims *claims, struct claim *claim, struct points *points);

/* claims_say.c: settles a verdict; the message, which is the claim's from then on, may be NULL. */
void claim_decide (struct claim *claim, enum verdict verdict, const char *cause, char *message);
/* Adds a place that explains the claim to those that do, unless one begins there. The first stays the first, the others
   are in the order of the text. */
void claim_add_place (const struct claims *claims, struct claim *claim, struct span span);
/* Wrong by shape; wrong elsewhere, at so many of the random points that could be used. */
void claim_say_shape (struct claims *claims, struct claim *claim);
void claim_say_difference (struct claims *claims, struct claim *claim, size_t usable, size_t wrong);

/* Whether the source is a symmetric matrix at all points. */
bool claim_source_is_symmetric (const struct claim *claim);

/* claims_compare.c: the greatest absolute value of an array's elements; 0 of none. */
double claim_largest (const struct array *array);
/* Whether a number is what a slip gives, at a place with gradients of that scale. */
bool claim_agrees (const struct claims *claims, double given, double correct, double scale);
/* Whether an element of a sample's claim is what a slip gives there, a number to the digits typed; whether all are. */
bool claim_gives (const struct claims *claims, const struct claim *claim, const struct sample *sample, size_t element,
                  double number);
bool claim_is_given (const struct claims *claims, const struct claim *claim, const struct sample *sample,
                     const struct array *gradient);
/* Whether all elements do, of two arrays that are there and of one shape. */
bool claim_agrees_all (const struct claims *claims, const struct array *given, const struct array *correct,
                       double scale);

#endif
