/* repeat.c -- many iterations of a plain loop at once: values one after the other, then a look at the coefficients of a
   whole block, for one that is not finite has to be met step by step. */
#include "machine/repeat.h"

#include <math.h>
#include <string.h>

#include "machine/body.h"

enum
{
  LEAST = 32,   /* iterations that are worth the preparation, and an entry of the tape */
  BODIES = 8,   /* of one loop */
  FAILURES = 16 /* in a row, after which a loop is left alone */
};

/* The loop at work. */
struct repetition
{
  struct run *run;
  const struct body *body;
  double index, step;           /* of the iteration that comes next */
  double entry[LOOP_CELLS];     /* the cells before the first */
  double numbers[BODY_NUMBERS]; /* the cells now, and room for steps */
};

/* How many iterations may be run at once. The last of a range is not among them: what stands in registers behind a loop
   then comes from steps like others, and only the next iteration reads what these end with. Ranges are of whole numbers
   (statement.c), and below 2^53 a sum of them is exact. */
static size_t
iterations_but_one (const struct run *run, const struct value *range)
{
  const double most = (double)((uint64_t)1 << 53);
  double start = range[0].number, stop = range[1].number, step = range[2].number;
  if (!(fabs (start) < most && fabs (stop) < most && fabs (step) < most))
    return 0;
  double count = ceil ((stop - start) / step) - 1;
  /* The count of steps includes these. */
  if (run->steps && count >= (double)run->steps)
    count = (double)run->steps - 1;
  return count > 0 ? (size_t)count : 0;
}

/* Runs `count` iterations, and writes what each keeps in columns. */
static void
run_block (struct repetition *repetition, uint32_t count, double *kept)
{
  const struct body *body = repetition->body;
  double *numbers = repetition->numbers;
  for (uint32_t i = 0; i < count; i++)
    {
      numbers[body->index] = repetition->index;
      repetition->index += repetition->step;
      for (uint32_t k = 0; k < body->form.kept_count && kept; k++)
        kept[k * count + i] = numbers[body->kept[k]];
      body_run (body, numbers);
    }
}

/* The first of `count` iterations with a coefficient that is not finite, or `count`. */
static uint32_t
first_unfit (const struct repetition *repetition, uint32_t count, const double *kept)
{
  const struct loop_form *form = &repetition->body->form;
  const double *const *coefficients = form->coefficients (form, repetition->entry, kept, count);
  uint32_t first = count;
  for (uint32_t link = 0; link < form->link_count; link++)
    if (!elements_are_finite (coefficients[link], count))
      for (uint32_t i = 0; i < first; i++)
        if (!isfinite (coefficients[link][i]))
          first = i;
  return first;
}

/* One block; how many of its iterations were run. */
static uint32_t
repeat_block (struct repetition *repetition, uint32_t count)
{
  const struct loop_form *form = &repetition->body->form;
  struct area *area = &repetition->run->tape->loop_numbers;
  double before[LOOP_CELLS], index = repetition->index;
  if (!form->link_count)
    {
      run_block (repetition, count, NULL);
      return count;
    }
  memcpy (before, repetition->numbers, form->cell_count * sizeof *before);
  size_t used = area->used;
  double *kept = area_push (area, form->kept_count * count * sizeof *kept);
  run_block (repetition, count, kept);
  uint32_t fit = first_unfit (repetition, count, kept);
  if (fit < count)
    {
      memcpy (repetition->numbers, before, form->cell_count * sizeof *before);
      repetition->index = index;
      area->used = used + form->kept_count * fit * sizeof *kept;
      run_block (repetition, fit, kept);
    }
  return fit;
}

/* Sets the registers that the next iteration will read: values, and nodes where they vary. The tape is told where they
   come from. */
static void
record (const struct repetition *repetition, struct value *const bases[4], size_t iterations, size_t numbers)
{
  const struct body *body = repetition->body;
  struct tape *tape = repetition->run->tape;
  struct loop loop = { .form = &body->form,
                       .iterations = iterations,
                       .numbers = numbers,
                       .nodes = area_count (&tape->loop_nodes, uint32_t),
                       .first = tape_count (tape) };
  for (uint32_t cell = 0; cell < body->form.cell_count; cell++)
    {
      struct value *value = OPERAND (bases, body->registers[cell]);
      bool varies = body->varies & cell_bit (cell), carried = body->assigned & body->read & cell_bit (cell);
      uint32_t *nodes = area_push (&tape->loop_nodes, 2 * sizeof *nodes);
      nodes[0] = varies ? value->node : 0;
      nodes[1] = varies && carried ? tape_node (tape) : 0;
      if (carried)
        *value = (struct value){ .number = repetition->numbers[cell], .node = nodes[1], .kind = KIND_REAL };
    }
  if (tape_count (tape) > loop.first)
    *area_add (&tape->loops, struct loop) = loop;
  else
    tape->loop_numbers.used = numbers * sizeof (double);
}

/* How many iterations were run: none rather than few. */
static size_t
repeat_body (struct run *run, const struct body *body, struct value *range, struct value *const bases[4], size_t most)
{
  struct repetition repetition = { .run = run, .body = body, .index = range[0].number, .step = range[2].number };
  struct area *area = &run->tape->loop_numbers;
  size_t start = area_count (area, double), iterations = 0;
  for (uint32_t cell = 0; cell < body->form.cell_count; cell++)
    repetition.entry[cell] = repetition.numbers[cell] = OPERAND (bases, body->registers[cell])->number;
  memcpy (area_push (area, body->form.cell_count * sizeof (double)), repetition.entry,
          body->form.cell_count * sizeof (double));
  uint32_t count, done = 0;
  do
    {
      count = most - iterations < LOOP_BLOCK ? (uint32_t)(most - iterations) : LOOP_BLOCK;
      done = repeat_block (&repetition, count);
      iterations += done;
    }
  while (done == count && iterations < most);
  if (iterations < LEAST)
    {
      area->used = start * sizeof (double);
      return 0;
    }
  record (&repetition, bases, iterations, start);
  range[0].number = repetition.index;
  return iterations;
}

/* The body for the registers as they are, or NULL. */
static const struct body *
find_body (struct run *run, struct repeat *repeat, uint32_t place, struct value *const bases[4])
{
  struct body *body = repeat->bodies;
  while (body && !body_fits (body, bases))
    body = body->next;
  if (body || repeat->body_count == BODIES || !(body = body_prepare (run, place, bases)))
    return body;
  body->next = repeat->bodies;
  repeat->bodies = body;
  repeat->body_count++;
  return body;
}

void
repeat_run (struct run *run, uint32_t place, struct value *const bases[4])
{
  const struct instruction *next = area_of (&run->program->code, struct instruction) + place;
  struct value *range = OPERAND (bases, next->b);
  if (run->apart || run->listener || run->tape->careful)
    return;
  size_t most = iterations_but_one (run, range);
  if (most < LEAST)
    return;
  struct repeat *repeat = area_of (&run->repeats, struct repeat) + next->op;
  if (repeat->failures == FAILURES)
    return;
  const struct body *body = find_body (run, repeat, place, bases);
  size_t iterations = body ? repeat_body (run, body, range, bases, most) : 0;
  repeat->failures = iterations ? 0 : repeat->failures + 1;
  run->steps -= run->steps ? iterations : 0;
}
