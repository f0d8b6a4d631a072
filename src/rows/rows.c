/* rows.c -- a program that was compiled once, evaluated for each record of a file. */
#include "rows/rows.h"

#include <string.h>

#include "base/heap.h"
#include "rows/crew.h"

enum
{
  BLOCK_FIRST = 8 /* records from which a first way may be learned */
};

/* Adds numbers to those of the record; zeros where there are none. */
static void
add_numbers (struct rows *rows, const double *elements, size_t size)
{
  double *numbers = area_push (&rows->numbers, size * sizeof *numbers);
  if (elements)
    memcpy (numbers, elements, size * sizeof *numbers);
  else
    memset (numbers, 0, size * sizeof *numbers);
}

/* The numbers of a report, in the order of the wide layout. */
static void
gather (struct rows *rows, const struct report *report)
{
  bool has_numbers = report->gradients && !report->hessians && !report->jacobians;
  rows->numbers.used = 0;
  for (size_t target = 0; target < report->target_count; target++)
    {
      const struct quantity *quantity = &report->targets[target];
      size_t size = shape_size (&quantity->shape);
      add_numbers (rows, quantity->elements, size);
      if (report->along)
        add_numbers (rows, report->along[target].elements, size);
      for (size_t source = 0; has_numbers && source < report->source_count; source++)
        {
          struct shape shape = report_shape (report, target, source);
          add_numbers (rows, report_gradient (report, target, source)->elements, shape_size (&shape));
        }
    }
}

/* A report in the style that was asked for. */
static void
complete_report (const struct rows *rows, struct report *report)
{
  const struct report *style = rows->style;
  report->format = style->format;
  report->precision = style->precision;
  report->layout = style->layout;
  report->sparse = rows->options->sparse;
  report->zero_unconnected = style->zero_unconnected;
  report->places = style->places;
  report->names = style->names;
  report->warned = rows->tells ? rows->warnings.first : NULL;
  report->row = rows->intake.record.number;
}

static struct row
row_at_hand (struct rows *rows)
{
  complete_report (rows, &rows->results.report);
  gather (rows, &rows->results.report);
  return (struct row){ &rows->intake, &rows->results.report, area_of (&rows->numbers, double),
                       area_count (&rows->numbers, double), false };
}

/* Gives back what a record left behind: arrays that are younger than `mark`, but for those of files. */
static void
forget_record (struct rows *rows, struct array *mark)
{
  struct run *run = rows->run;
  const struct loaded *files = area_of (&run->files, struct loaded);
  size_t count = area_count (&run->files, struct loaded);
  results_close (&rows->results);
  run_restart (run);
  for (struct array *next, *array = run->arrays->alive; array != mark; array = next)
    {
      bool is_of_file = false;
      for (size_t i = 0; i < count; i++)
        is_of_file |= files[i].array == array;
      next = array->next;
      if (!is_of_file)
        array_free (run->arrays, array);
    }
  array_drop (run->arrays, mark);
}

/* Runs the program with the values that are bound. What it refuses is heard even where the record is imagined. */
static void
run_record (struct rows *rows)
{
  struct run *run_once = rows->run;
  enum purpose purpose = run_once->purpose;
  run (run_once);
  run_once->purpose = purpose;
  bool mute = rows->diagnostics->mute;
  rows->diagnostics->mute = false;
  rows->is_asking = true;
  if (!rows->records)
    rows->ran (rows->data);
  rows->is_asking = false;
  rows->diagnostics->mute = mute;
  results_find (&rows->results, run_once, rows->options);
}

/* Evaluates the record at hand. False where no more is wanted. */
static bool
evaluate (struct rows *rows)
{
  struct array *mark = array_vector (rows->run->arrays, 1);
  bind_take (&rows->binding, &rows->intake);
  rows_listen (rows);
  run_record (rows);
  rows->warnings.unsaid = false;
  if (!rows->records && rows->first)
    rows->first (rows->data, &rows->results);
  rows->warnings.unsaid = true;
  rows_explain (rows);
  rows->complete = rows->complete && results_are_complete (&rows->results);
  struct row row = row_at_hand (rows);
  if (!rows->records)
    rows->sink.begin (rows->sink.data, &row);
  rows->records++;
  bool goes_on = rows->sink.take (rows->sink.data, &row);
  forget_record (rows, mark);
  return goes_on;
}

/* Without a record the names of results are those that one of ones would have; where that cannot be run there are none.
   A question that is refused, which ends with its message heard, keeps its status. */
static void
imagine_record (struct rows *rows)
{
  struct diagnostics *diagnostics = rows->diagnostics, before = *diagnostics;
  struct warnings none = { .silent = ~0u };
  jmp_buf stop;
  diagnostics->mute = true;
  diagnostics->stop = &stop;
  diagnostics->warnings = &none;
  FILE *out = rows->run->out;
  rows->run->out = NULL;
  if (setjmp (stop) == 0)
    {
      run_record (rows);
      struct row row = row_at_hand (rows);
      rows->sink.begin (rows->sink.data, &row);
    }
  rows->run->out = out;
  before.status = diagnostics->mute ? before.status : diagnostics->status;
  *diagnostics = before;
}

/* Whether a way gives what the record at hand gave, to the last bit. */
static bool
agrees (struct rows *rows, const struct lane_way *way)
{
  const double *numbers = area_of (&rows->numbers, double);
  unsigned char fate;
  lane_way_run (way, rows->intake.numbers, rows->block.width, &(uint16_t){ 0 }, 1, &fate);
  lane_way_gather (way, 0);
  return fate == LANE_GOOD && rows->numbers.used == way->result_count * sizeof *numbers
         && memcmp (numbers, way->numbers, rows->numbers.used) == 0;
}

/* Learns the way that the record at hand goes, which was evaluated before. */
static void
learn (struct rows *rows)
{
  struct ways *ways = &rows->ways;
  if (rows->one_by_one || ways->count == LANE_WAYS || ways->trials == BLOCK_TRIALS)
    return;
  ways->trials++;
  struct array *mark = array_vector (rows->run->arrays, 1);
  struct lane_way *way = lane_way_learn (rows->run, &rows->binding, rows->options);
  forget_record (rows, mark);
  if (way && agrees (rows, way))
    {
      struct gradient *gradients = (struct gradient *)way->report.gradients;
      for (size_t i = 0; gradients && i < way->report.target_count * way->report.source_count; i++)
        if (!gradients[i].elements && rows->reasons)
          gradients[i] = rows->reasons[i];
      complete_report (rows, &way->report);
      ways->list[ways->count++] = way;
    }
  else
    lane_way_free (way);
  ways->is_off = !ways->count && ways->trials > BLOCK_FIRST;
}

/* The results of a lane. */
static bool
take_lane (struct rows *rows, const struct block_place *place)
{
  struct lane_way *way = place->way;
  lane_way_gather (way, place->lane);
  way->report.row = rows->intake.record.number;
  way->report.warned = NULL;
  rows->complete = rows->complete && way->is_whole;
  rows->records++;
  struct row row = { &rows->intake, &way->report, way->numbers, way->result_count, way->is_plain };
  return rows->sink.take (rows->sink.data, &row);
}

/* The results of all lanes at once; false where they are wanted one by one. */
static bool
take_lanes (struct rows *rows, const struct block_place *places, size_t count)
{
  const struct row_sink *sink = &rows->sink;
  uint16_t lanes[LANES];
  for (size_t k = 0; sink->take_lanes && k < rows->ways.count; k++)
    {
      const struct lane_way *way = rows->ways.list[k];
      size_t found = block_lanes (places, count, way, lanes);
      if (!sink->take_lanes (sink->data, way, lanes, found))
        return false;
      rows->complete = rows->complete && (way->is_whole || !found);
      rows->records += found;
    }
  return sink->take_lanes;
}

/* What was met behind the record at hand was not met, if that was the last one. */
static void
forget_ahead (struct rows *rows)
{
  struct intake *intake = &rows->intake;
  rows->skipped = intake->record.met.skipped;
  intake->bad = intake->record.met.bad;
  intake->inexact.count = intake->record.met.inexact;
}

/* Goes back to the record that was read last, if more is wanted than those that waited; whether that is so. */
static bool
end_block (struct rows *rows, const struct record *read_last)
{
  if (rows->is_over)
    forget_ahead (rows);
  else
    rows->intake.record = *read_last;
  return !rows->is_over;
}

/* Evaluates a record that waited, by itself. */
static bool
take_alone (struct rows *rows, const struct block *block, size_t i, bool is_new)
{
  memcpy (rows->intake.numbers, block->numbers + i * block->width, block->width * sizeof *block->numbers);
  bool goes_on = evaluate (rows);
  if (goes_on && is_new)
    learn (rows);
  return goes_on;
}

/* Evaluates the records that wait. False where no more is wanted. */
static bool
take_block (struct rows *rows)
{
  struct block *block = &rows->block;
  struct intake *intake = &rows->intake;
  struct record at_hand = intake->record;
  struct block_place places[LANES];
  size_t count = block->count;
  if (!count)
    return !rows->is_over;
  block_seal (block);
  block_run (block, 0, rows->ways.list, rows->ways.count, places);
  bool are_taken = take_lanes (rows, places, count);
  for (size_t i = 0; i < count && !rows->is_over; i++)
    {
      if (places[i].way && are_taken)
        continue;
      intake->record = block->records[i];
      rows->is_over = !(places[i].way ? take_lane (rows, &places[i]) : take_alone (rows, block, i, places[i].is_new));
    }
  block_empty (block);
  return end_block (rows, &at_hand);
}

/* Takes the results of the oldest job that other threads were given; whether there was one. */
static bool
take_job (struct rows *rows)
{
  struct intake *intake = &rows->intake;
  const struct row_sink *sink = &rows->sink;
  struct record at_hand = intake->record;
  struct job *job = crew_oldest (rows->crew);
  if (!job)
    return false;
  for (size_t i = 0; i < job->block.count && !rows->is_over; i++)
    {
      const struct block_place *place = &job->places[i];
      size_t start = i ? job->ends[i - 1] : 0;
      intake->record = job->block.records[i];
      if (!place->way)
        {
          bool is_new = place->is_new && job->way_count == rows->ways.count;
          rows->is_over = !take_alone (rows, &job->block, i, is_new);
          continue;
        }
      rows->complete = rows->complete && place->way->is_whole;
      rows->records++;
      rows->is_over = !sink->accept (sink->data, job->outlet.text + start, job->ends[i] - start);
    }
  crew_take_back (rows->crew);
  return end_block (rows, &at_hand);
}

/* Takes the results of all records that were read. False where no more is wanted. */
static bool
settle (struct rows *rows)
{
  if (!rows->crew)
    return take_block (rows);
  if (crew_job (rows->crew)->block.count)
    crew_give (rows->crew);
  while (take_job (rows))
    continue;
  return !rows->is_over;
}

/* Lets a record wait for others. */
static bool
add_record (struct rows *rows)
{
  struct intake *intake = &rows->intake;
  if (!rows->crew)
    {
      if (!block_add (&rows->block, intake))
        return true;
      bool goes_on = take_block (rows);
      if (goes_on && rows->jobs > 1)
        {
          rows->crew = crew_open (rows);
          rows->jobs = rows->crew ? rows->jobs : 1;
        }
      return goes_on;
    }
  if (block_add (&crew_job (rows->crew)->block, intake) && crew_give (rows->crew))
    take_job (rows);
  return !rows->is_over;
}

/* Takes the record at hand: together with others, once a way is known. */
static bool
take_record (struct rows *rows)
{
  struct intake *intake = &rows->intake;
  bool is_long = rows->keeps_text && intake->record.size > BLOCK_LONG;
  intake->record.met.skipped = rows->skipped;
  intake->record.met.bad = intake->bad;
  intake->record.met.inexact = intake->inexact.count;
  if (rows->ways.count && !is_long)
    return add_record (rows);
  if (rows->ways.count && !settle (rows))
    return false;
  bool goes_on = evaluate (rows);
  if (goes_on && !rows->ways.is_off)
    learn (rows);
  return goes_on;
}

/* Records to the end or to trouble. */
static bool
take_records (struct rows *rows)
{
  for (;;)
    {
      enum intake_result result = rows->is_over ? INTAKE_END : intake_next (&rows->intake);
      if (rows->is_over)
        return true;
      if (result == INTAKE_RECORD)
        {
          if (!take_record (rows))
            return true;
          continue;
        }
      if (result == INTAKE_BAD && rows->bad_rows != BAD_ROWS_FAIL)
        {
          rows_skip (rows);
          continue;
        }
      /* What came before is to be seen before what is said. */
      if (!settle (rows))
        return true;
      if (result != INTAKE_END)
        {
          rows->sink.flush (rows->sink.data);
          rows_say_trouble (rows);
          return false;
        }
      if (!rows->records && !rows->intake.is_empty)
        imagine_record (rows);
      return true;
    }
}

/* The reader is about to wait. */
static void
before_waiting (void *data)
{
  struct rows *rows = data;
  if (!rows->is_over)
    settle (rows);
  rows->sink.flush (rows->sink.data);
}

bool
rows_run (struct rows *rows)
{
  struct diagnostics *diagnostics = rows->diagnostics;
  struct intake *intake = &rows->intake;
  jmp_buf *outer = diagnostics->stop, stop;
  struct warnings *warnings = diagnostics->warnings;
  bool quiet = diagnostics->quiet;
  area_open (&rows->numbers, rows->run->memory, (size_t)1 << 40, "a record");
  warnings_open (&rows->warnings, rows->run->memory);
  rows->warnings.silent = warnings->silent;
  rows->warnings.errors = warnings->errors;
  rows->warnings.unsaid = true;
  rows->complete = true;
  block_open (&rows->block, rows->run->memory, rows->binding.numbers, LANES, rows->keeps_text);
  rows->one_by_one |= intake->keeps_fields && intake->format == FILE_JSON;
  rows->ways.is_off = rows->one_by_one;
  intake->bad_is_nan = rows->bad_rows == BAD_ROWS_NAN;
  intake->feed.before_waiting = before_waiting;
  intake->feed.data = rows;
  diagnostics->stop = &stop;
  volatile bool is_good = false;
  if (setjmp (stop) == 0)
    is_good = take_records (rows);
  else if (!rows->is_asking)
    {
      forget_ahead (rows);
      diagnostics->quiet = quiet;
      diagnose_data_kind (diagnostics, SEVERITY_NOTE, intake->name, intake->record.line, 0, "in this record");
    }
  diagnostics->stop = outer;
  diagnostics->warnings = warnings;
  diagnostics->quiet = quiet;
  if (rows->crew)
    {
      crew_stop (rows->crew);
      crew_join (rows->crew, &rows->sink);
    }
  rows->sink.flush (rows->sink.data);
  if (!rows->keeps_notes)
    rows_say (rows);
  return is_good;
}

void
rows_close (struct rows *rows)
{
  if (!rows->run)
    return;
  crew_close (rows->crew);
  results_close (&rows->results);
  warnings_free (&rows->warnings);
  area_close (&rows->numbers);
  heap_give (rows->reasons);
  heap_give (rows->messages);
  for (size_t i = 0; i < rows->ways.count; i++)
    lane_way_free (rows->ways.list[i]);
  block_close (&rows->block);
  intake_close (&rows->intake);
  bind_close (&rows->binding, rows->run->arrays);
}
