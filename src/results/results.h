/* results.h -- from a run and its sweeps to what is reported. */
#ifndef GRADCALC_RESULTS_H
#define GRADCALC_RESULTS_H

#include "formula/symbolic.h"
#include "report/report.h"
#include "results/watch.h"
#include "tape/forward.h"
#include "tape/reverse.h"

/* A seed given with -u: for the target of that name, a number or an array of its shape. */
struct upstream
{
  const char *name;
  const struct array *seed;
  bool used;
};

struct result_options
{
  struct symbolic *formulas; /* of the run that was, or NULL */
  enum term_format formula_format;
  const struct watch *watch; /* of the run, for its graph, or NULL */
  bool sum, value_only, jacobian, hessian, sparse;
  bool derivation;  /* formulas come with how they come about */
  bool why;         /* the graph of each source apart, with the paths that count most */
  bool whole_trace; /* the graph shows all turns of loops */
  struct upstream *upstream;
  size_t upstream_count;
  struct upstream *along; /* a direction: the changes of inputs by name */
  size_t along_count;
  bool elasticity, digits;
  struct upstream *uncertain; /* standard deviations of inputs by name */
  size_t uncertain_count;
};

struct result_target
{
  struct value value;
  const char *name;
  bool is_expression;
  uint32_t slot;
  struct span span;  /* of an expression */
  uint32_t variable; /* its name's number, or UINT32_MAX */
  const struct upstream *seed;
};

struct result_source
{
  struct value value; /* KIND_NOTHING: it was never assigned */
  const char *name;
  uint32_t variable; /* its name's number */
  size_t line;       /* of x@LINE */
};

/* Values and gradients of one run; everything that `report` points to lives here, and lives as long as the run's memory
   and arrays. */
struct results
{
  struct run *run;
  struct report report;
  struct result_target *targets;
  size_t target_count; /* with --sum the report has one */
  struct result_source *sources;
  struct quantity *target_quantities, *source_quantities;
  struct gradient *gradients, *along;
  struct entries *hessians, *jacobians;
  char *sum_name;
  bool is_known; /* what sums they are of was said before, of another record */
  char **formulas;
  struct formula_part *parts;
};

/* room.c: what the kinds of results share. */
/* Room for the time of a sweep, all zero; given back by array_drop, or with all arrays when the run ends early. */
struct array *results_room (const struct results *results, size_t count, size_t size);
/* Room for anything that lives as long as the results, all zero. */
void *results_held_room (const struct results *results, size_t count, size_t size);
/* The same for few numbers at a time, out of larger pieces: what is left of one. */
struct result_numbers
{
  double *next;
  size_t left;
};
double *results_numbers (const struct results *results, struct result_numbers *numbers, size_t count);
/* The seed of a target: NULL for ones, else an array to be dropped: its -u, NaN where it is NaN itself. */
struct array *results_seed (const struct results *results, const struct result_target *target);
/* Begins a sweep at a target with that. */
void results_seed_target (const struct results *results, struct reverse *reverse, const struct result_target *target);
/* A sweep from one element of a target, ready to be read. */
void results_sweep (const struct results *results, const struct result_target *target, size_t element,
                    struct reverse *reverse, const uint32_t *keep, size_t keep_count);
/* Where a target stands in the text. */
struct span results_span (const struct run *run, const struct result_target *target);

/* jacobian.c, along.c: the Jacobian of each target, by as few sweeps as possible, and the change of each target in a
   direction. They take the place of the gradients. */
void results_jacobian (struct results *results, const struct result_options *options);
void results_along (struct results *results, const struct result_options *options);
/* sensitivity.c: what the gradients that were found are as percent per percent. */
void results_elasticity (struct results *results);
/* Leaves of the sources those that have a standard deviation; then, in the place of gradients, the standard deviation
   of each element of the targets to first order, if the sources' elements are independent, and what part each source
   has in its square. */
void results_choose_uncertain (struct results *results, const struct result_options *options);
void results_uncertainty (struct results *results, const struct result_options *options);
/* The input that a direction names: there is one. Ends the run when the change has not its shape. */
const struct value *results_find_input (const struct results *results, const struct upstream *change);
/* Begins a sweep with a direction. */
void results_seed_direction (const struct results *results, const struct result_options *options,
                             struct forward *forward);
/* graph_maker.c: the steps between sources and targets, of a run that was watched: a graph for each target of the
   report. */
void results_graphs (struct results *results, const struct result_options *options);
/* digits.c: how many digits of values and gradients are certain. */
void results_digits (struct results *results);
/* graph_text.c: a text of the program on one line, without comments and control characters, cut where it is long. */
const char *results_text (const struct run *run, struct span span);
/* derivation.c: how the formulas come about, step by step: of a run whose formulas were found. */
void results_derivations (struct results *results, const struct result_options *options);
/* formulas.c: the gradients as formulas. */
void results_formulas (struct results *results, const struct result_options *options);
/* Names what some formulas have in common, for the report; then the text of one, of d`of`/d`wrt`. */
void results_name_parts (struct results *results, const struct result_options *options, size_t count,
                         const uint32_t *terms);
char *results_formula_text (const struct results *results, const struct result_options *options, uint32_t term,
                            const char *of, const char *wrt);
/* hessian.c: second derivatives of each target, or of their sum, by sweeps over the recorded gradient. */
void results_hessian (struct results *results, const struct result_options *options);

/* Sweeps once for each target, or once for their sum. Ends the run by diagnose_stop when there is nothing to
 * differentiate. */
void results_find (struct results *results, struct run *run, const struct result_options *options);
/* Gives back what results have on the heap; what they have of arrays goes with these. */
void results_close (struct results *results);
/* Whether all that is printed is finite and connected; whether what there is is finite. */
bool results_are_complete (const struct results *results);
bool results_are_finite (const struct results *results);
/* Marks the registers among the globals that are targets or sources; `slots` has room for all. */
void results_mark (const struct results *results, bool *slots);

/* Ends the run when targets and sources are no vectors of one length, that stand side by side. */
void results_need_columns (const struct results *results);

/* results_say.c: says, as notes, what a reader should know: a target that was summed, and why a gradient is missing. */
/* `silent`: reasons are neither said nor printed, and not looked for. */
void results_explain (struct results *results, bool silent);
/* Notes on what was chosen when nothing was asked for: a last value that is a boolean is no target, and without inputs
   there is no gradient. Not of a run whose program has targets or sources given. */
void results_say_choice (const struct results *results, bool value_only);
/* Warns of kinks, and of where results stopped being finite. */
void results_trouble (const struct results *results);
/* Ends the run when a target is NaN and data that was read has no rows: there is nothing to take a mean of. */
void results_need_rows (const struct results *results);

#endif
