/* hessian.c -- second derivatives: the recorded gradient, and sweeps from its elements, as few as the pattern of zeros
   allows. */
#include <math.h>
#include <string.h>

#include "derive/gradient.h"
#include "results/results.h"
#include "tape/abreast.h"
#include "tape/colour.h"

/* The work on the Hessian of one target. */
struct second
{
  struct results *results;
  struct value *gradients; /* recorded, by source; KIND_NOTHING where there is none */
  const size_t *offsets;   /* by source */
  size_t size;             /* elements of all sources */
  struct pattern pattern;
  struct pattern_set *rows; /* by element; NULL when everything may depend on everything */
  bool finite;              /* all elements of the gradient are: sums of them are what they are made of */
  struct colouring colouring;
};

static size_t
source_size (const struct results *results, size_t source)
{
  return shape_size (&results->report.sources[source].shape);
}

static size_t
source_of (const struct second *second, size_t element)
{
  struct entries hessian = { .offsets = second->offsets };
  return report_source_of (&second->results->report, &hessian, element);
}

/* The gradient of a target, or of the sum of several, as values on the tape that say how they depend on the sources. */
static void
record (struct second *second, size_t first, size_t count)
{
  struct results *results = second->results;
  struct run *run = results->run;
  size_t sources = results->report.source_count;
  struct array *room = results_room (results, 2 * sources, sizeof (struct value));
  struct value *values = (struct value *)room->elements, *parts = values + sources;
  for (size_t s = 0; s < sources; s++)
    values[s] = results->sources[s].value;
  for (size_t t = first; t < first + count; t++)
    {
      const struct result_target *target = &results->targets[t];
      struct array *seeds = results_seed (results, target);
      struct value seed = { 0 };
      if (seeds && seeds->shape.rank)
        seed = value_of_array (seeds);
      else if (seeds)
        seed = value_number (KIND_REAL, seeds->elements[0]);
      gradient_record (run, &target->value, seeds ? &seed : NULL, (uint32_t)sources, values, parts);
      for (size_t s = 0; s < sources; s++)
        if (second->gradients[s].kind == KIND_NOTHING)
          second->gradients[s] = parts[s];
        else if (parts[s].kind != KIND_NOTHING)
          second->gradients[s]
            = run_apply (run, run->place, OP_add, (struct value[2]){ second->gradients[s], parts[s] }, 2);
    }
  array_drop (run->arrays, room);
}

/* Finds which elements of the gradient depend on which elements of the sources. */
static void
find_pattern (struct second *second)
{
  struct results *results = second->results;
  size_t sources = results->report.source_count, count = 0;
  struct array *room = results_room (results, 2 * sources, sizeof (uint32_t));
  uint32_t *nodes = (uint32_t *)room->elements, *ends = nodes + sources;
  size_t *offsets = results_held_room (results, sources, sizeof *offsets);
  second->finite = true;
  for (size_t s = 0; s < sources; s++)
    if (second->gradients[s].kind != KIND_NOTHING)
      {
        second->finite &= elements_are_finite (value_elements (&second->gradients[s]), source_size (results, s));
        nodes[count] = results->sources[s].value.node;
        offsets[count] = second->offsets[s];
        ends[count++] = second->gradients[s].node;
      }
  pattern_open (&second->pattern, results->run->tape, nodes, offsets, count, ends, count);
  array_drop (results->run->arrays, room);
  if (second->pattern.full)
    return;
  second->rows = results_held_room (results, second->size, sizeof *second->rows);
  memset (second->rows, 0, second->size * sizeof *second->rows);
  for (size_t s = 0; s < sources; s++)
    for (size_t k = 0; second->gradients[s].kind != KIND_NOTHING && k < source_size (results, s); k++)
      second->rows[second->offsets[s] + k] = pattern_of (&second->pattern, second->gradients[s].node, k);
}

/* What a sweep from all elements of a colour begins with at one source; NULL where none has that colour. */
static struct array *
seed_of (const struct second *second, uint32_t colour, size_t source)
{
  struct results *results = second->results;
  const struct value *gradient = &second->gradients[source];
  const uint32_t *of = area_of (&second->colouring.of, uint32_t) + second->offsets[source];
  size_t size = source_size (results, source);
  if (gradient->kind == KIND_NOTHING)
    return NULL;
  struct array *room = results_room (results, size, sizeof (double));
  const double *elements = value_elements (gradient);
  bool any = false;
  for (size_t k = 0; k < size; k++)
    if (of[k] == colour)
      {
        room->elements[k] = isnan (elements[k]) ? NAN : 1;
        any = true;
      }
  if (any)
    return room;
  array_drop (results->run->arrays, room);
  return NULL;
}

/* One sweep from all elements of a colour: the sum of their rows. */
static void
sweep_colour (const struct second *second, uint32_t colour, struct reverse *reverse, double *sums)
{
  struct results *results = second->results;
  struct array *seed;
  reverse_again (reverse);
  for (size_t s = 0; s < results->report.source_count; s++)
    if ((seed = seed_of (second, colour, s)))
      {
        reverse_seed (reverse, second->gradients[s].node, seed->elements, 1);
        array_drop (results->run->arrays, seed);
      }
  reverse_run (reverse);
  memset (sums, 0, second->size * sizeof *sums);
  for (size_t s = 0; s < results->report.source_count; s++)
    if (second->gradients[s].kind != KIND_NOTHING)
      reverse_read (reverse, results->sources[s].value.node, source_size (results, s), sums + second->offsets[s]);
}

/* The upper triangle as rows of what can be other than 0. */
static void
lay_out (struct second *second, struct entries *hessian)
{
  struct results *results = second->results;
  const struct colouring *colouring = &second->colouring;
  bool full = !second->rows;
  const uint32_t *starts = area_of (&colouring->starts, uint32_t);
  const uint32_t *neighbours = area_of (&colouring->neighbours, uint32_t);
  size_t count = 0, *own = results_held_room (results, second->size + 1, sizeof *own);
  if (!full)
    for (size_t i = 0; i < second->size; i++)
      for (uint32_t k = starts[i]; k < starts[i + 1]; k++)
        count += neighbours[k] > i;
  else
    count = second->size * (second->size + 1) / 2 - second->size;
  uint32_t *columns = results_held_room (results, count + second->size, sizeof *columns);
  size_t used = 0;
  for (size_t i = 0; i < second->size; i++)
    {
      own[i] = used;
      columns[used++] = (uint32_t)i;
      if (full)
        for (size_t j = i + 1; j < second->size; j++)
          columns[used++] = (uint32_t)j;
      else
        for (uint32_t k = starts[i]; k < starts[i + 1]; k++)
          if (neighbours[k] > i)
            columns[used++] = neighbours[k];
    }
  own[second->size] = used;
  hessian->starts = own;
  hessian->columns = columns;
  hessian->values = results_held_room (results, used, sizeof (double));
  memset ((double *)hessian->values, 0, used * sizeof (double));
}

/* Reads the elements that stand alone in the sums of one colour. */
static void
read_colour (const struct second *second, struct entries *hessian, uint32_t colour, const double *sums)
{
  const uint32_t *of = area_of (&second->colouring.of, uint32_t);
  double *values = (double *)hessian->values;
  if (second->colouring.colours == second->colouring.size)
    {
      for (size_t k = hessian->starts[colour]; k < hessian->starts[colour + 1]; k++)
        values[k] = sums[hessian->columns[k]] + 0.0;
      return;
    }
  for (uint32_t i = 0; i < second->size; i++)
    for (size_t k = hessian->starts[i]; k < hessian->starts[i + 1]; k++)
      {
        uint32_t j = hessian->columns[k];
        if (of[j] == colour && (i == j || colouring_is_alone (&second->colouring, i, j)))
          values[k] = sums[i] + 0.0;
        else if (of[i] == colour && i != j && !colouring_is_alone (&second->colouring, i, j))
          values[k] = sums[j] + 0.0;
      }
}

/* Ends the run when a matrix would be too large to be printed. */
static void
check_size (const struct results *results, size_t size, bool sparse)
{
  enum
  {
    MOST = 20000
  };
  if (size > MOST)
    diagnose_stop (
      results->run->diagnostics, STATUS_PROGRAM, NOWHERE,
      "--hessian: the second derivatives in %zu elements are %.0f numbers%s", size, (double)size * (double)size,
      sparse ? ", of which too many can be other than 0" : "; --sparse prints those that can be other than 0");
}

/* A block for every pair of sources, in both orders. */
static void
fill_blocks (struct second *second, struct entries *hessian)
{
  struct results *results = second->results;
  size_t sources = results->report.source_count;
  hessian->blocks = results_held_room (results, sources * sources, sizeof *hessian->blocks);
  for (size_t i = 0; i < sources * sources; i++)
    hessian->blocks[i] = results_held_room (
      results, source_size (results, i / sources) * source_size (results, i % sources), sizeof (double));
  for (size_t i = 0; i < second->size; i++)
    {
      size_t s = source_of (second, i), row = i - second->offsets[s];
      for (size_t k = hessian->starts[i]; k < hessian->starts[i + 1]; k++)
        {
          size_t j = hessian->columns[k], t = source_of (second, j), column = j - second->offsets[t];
          hessian->blocks[s * sources + t][row * source_size (results, t) + column] = hessian->values[k];
          hessian->blocks[t * sources + s][column * source_size (results, s) + row] = hessian->values[k];
        }
    }
}

static void
sweep_each (const struct second *second, struct entries *hessian, const uint32_t *keep, size_t keep_count, double *sums)
{
  struct reverse reverse;
  reverse_open (&reverse, second->results->run->tape, keep, keep_count);
  for (uint32_t colour = 0; colour < second->colouring.colours; colour++)
    if (second->colouring.colours < second->size || second->gradients[source_of (second, colour)].kind != KIND_NOTHING)
      {
        sweep_colour (second, colour, &reverse, sums);
        read_colour (second, hessian, colour, sums);
      }
  reverse_close (&reverse);
}

/* The same with many colours at once. */
static void
sweep_abreast (const struct second *second, struct entries *hessian, struct abreast *abreast, double *sums)
{
  struct results *results = second->results;
  size_t sources = results->report.source_count, colours = second->colouring.colours;
  struct array *seed;
  for (size_t first = 0; first < colours; first += abreast->width)
    {
      size_t count = colours - first < abreast->width ? colours - first : abreast->width;
      abreast_again (abreast);
      for (size_t k = 0; k < count; k++)
        for (size_t s = 0; s < sources; s++)
          if ((seed = seed_of (second, (uint32_t)(first + k), s)))
            {
              abreast_seed (abreast, k, second->gradients[s].node, seed->elements);
              array_drop (results->run->arrays, seed);
            }
      abreast_run (abreast);
      for (size_t k = 0; k < count; k++)
        {
          memset (sums, 0, second->size * sizeof *sums);
          for (size_t s = 0; s < sources; s++)
            if (second->gradients[s].kind != KIND_NOTHING)
              abreast_read (abreast, k, results->sources[s].value.node, source_size (results, s),
                            sums + second->offsets[s]);
          read_colour (second, hessian, (uint32_t)(first + k), sums);
        }
    }
}

static void
differentiate (struct second *second, struct entries *hessian)
{
  struct results *results = second->results;
  struct run *run = results->run;
  size_t sources = results->report.source_count, keep_count = 0;
  struct array *room = results_room (results, sources, sizeof (uint32_t));
  struct array *sums = results_room (results, second->size, sizeof (double));
  uint32_t *keep = (uint32_t *)room->elements;
  struct abreast abreast;
  for (size_t s = 0; s < sources; s++)
    if (second->gradients[s].kind != KIND_NOTHING)
      keep[keep_count++] = results->sources[s].value.node;
  reverse_sort (keep, keep_count);
  colouring_open (&second->colouring, run->memory, (uint32_t)second->size, second->rows,
                  area_of (&second->pattern.elements, uint32_t), !second->finite);
  if (second->colouring.colours == second->size)
    check_size (results, second->size, true);
  lay_out (second, hessian);
  if (second->finite && abreast_open (&abreast, run->tape, keep, keep_count, second->colouring.colours))
    {
      sweep_abreast (second, hessian, &abreast, sums->elements);
      abreast_close (&abreast);
    }
  else
    sweep_each (second, hessian, keep, keep_count, sums->elements);
  colouring_close (&second->colouring);
  array_drop (run->arrays, room);
  array_drop (run->arrays, sums);
}

void
results_hessian (struct results *results, const struct result_options *options)
{
  struct run *run = results->run;
  struct report *report = &results->report;
  size_t sources = report->source_count, size = 0;
  size_t *offsets = results_held_room (results, sources + 1, sizeof *offsets);
  for (size_t s = 0; s < sources; s++)
    {
      offsets[s] = size;
      size += source_size (results, s);
    }
  if (!options->sparse)
    check_size (results, size, false);
  for (size_t s = 0; s < sources * sources; s++)
    if (report->sources[s / sources].shape.rank + report->sources[s % sources].shape.rank > RANK_LIMIT)
      diagnose_stop (run->diagnostics, STATUS_PROGRAM, NOWHERE,
                     "the second derivatives in %s and %s would have more than %d axes",
                     report->sources[s / sources].name, report->sources[s % sources].name, RANK_LIMIT);
  /* The gradient itself is not differentiated further than by sweeps. */
  gradient_last (run);
  for (size_t t = 0; t < (options->sum ? 1 : report->target_count); t++)
    {
      struct second second = { .results = results, .offsets = offsets, .size = size };
      struct array *room = results_room (results, sources, sizeof (struct value));
      second.gradients = (struct value *)room->elements;
      record (&second, t, options->sum ? results->target_count : 1);
      results->hessians[t] = (struct entries){ .rows = size, .offsets = offsets };
      for (size_t s = 0; s < sources; s++)
        if (second.gradients[s].kind != KIND_NOTHING)
          {
            double *elements = results_held_room (results, source_size (results, s), sizeof *elements);
            memcpy (elements, value_elements (&second.gradients[s]), source_size (results, s) * sizeof *elements);
            results->gradients[t * sources + s].elements = elements;
          }
      find_pattern (&second);
      differentiate (&second, &results->hessians[t]);
      if (!options->sparse)
        fill_blocks (&second, &results->hessians[t]);
      pattern_close (&second.pattern);
      for (size_t s = 0; s < sources; s++)
        value_drop (run, &second.gradients[s]);
      array_drop (run->arrays, room);
    }
  report->gradients = results->gradients;
  report->hessians = results->hessians;
  report->sparse = options->sparse;
}
