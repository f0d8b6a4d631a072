/* row_writer.c -- the results of records as lines of a table, objects of JSON, or text. */
#include "rows/row_writer.h"

#include <string.h>

#include "base/heap.h"

static bool
is_table (const struct report *report)
{
  return report->format == FORMAT_CSV || report->format == FORMAT_TSV;
}

static void
begin (void *data, const struct row *row)
{
  struct row_writer *writer = data;
  writer->count = row->count;
  if (!is_table (row->report) || writer->no_header)
    return;
  struct table table = table_of (row->report, &writer->printer);
  if (writer->appends)
    row_fields_names (&table, row->intake);
  report_wide_names (row->report, &table);
  printer_flush (&writer->printer);
  outlet_end_record (writer->outlet);
}

/* The names above tell what each number is, so that there may be no more and no fewer. */
static void
check_count (const struct row_writer *writer, const struct row *row)
{
  const struct record *record = &row->intake->record;
  if (row->count == writer->count)
    return;
  diagnose_data (writer->diagnostics, STATUS_WORLD, row->intake->name, record->line, 0,
                 "this record gives %zu numbers, the first gave %zu; in -f json they may differ", row->count,
                 writer->count);
  longjmp (*writer->diagnostics->stop, 1);
}

/* A line of plain numbers. */
static bool
take_plain (struct row_writer *writer, const struct row *row)
{
  struct outlet *outlet = writer->outlet;
  char delimiter = row->report->format == FORMAT_TSV ? '\t' : ',';
  char *to = outlet_room (outlet, row->count * (NUMBER_SIZE + 1));
  for (size_t i = 0; i < row->count; i++)
    {
      to += number_print_rounded (to, row->numbers[i], writer->printer.precision);
      *to++ = delimiter;
    }
  to[-1] = '\n';
  outlet->used = (size_t)(to - outlet->text);
  writer->rows++;
  outlet_end_record (outlet);
  return !outlet->error;
}

static bool
take (void *data, const struct row *row)
{
  struct row_writer *writer = data;
  struct printer *printer = &writer->printer;
  struct intake *intake = (struct intake *)row->intake;
  struct report report = *row->report;
  if (is_table (&report) && row->is_plain && !writer->appends && row->count == writer->count)
    return take_plain (writer, row);
  if (is_table (&report))
    {
      check_count (writer, row);
      struct table table = table_of (&report, printer);
      if (writer->appends)
        row_fields_table (&table, intake);
      report_wide_numbers (&report, &table);
    }
  else if (report.format == FORMAT_JSON)
    {
      print_text (printer, "{\"row\":");
      print_size (printer, report.row);
      if (writer->appends)
        {
          print_text (printer, ",\"input\":");
          row_fields_object (printer, intake);
        }
      report_json_rest (&report, printer);
    }
  else
    {
      if (writer->rows)
        print_char (printer, '\n');
      report_text (&report, printer);
    }
  writer->rows++;
  printer_flush (printer);
  outlet_end_record (writer->outlet);
  return !writer->outlet->error;
}

static void
flush (void *data)
{
  struct row_writer *writer = data;
  outlet_flush (writer->outlet);
}

static void *
copy (void *data, struct memory *memory)
{
  struct row_writer *same = heap_take (memory, 1, sizeof *same, "the output");
  memcpy (same, data, sizeof *same);
  return same;
}

static void
aim (void *data, struct outlet *outlet)
{
  struct row_writer *writer = data;
  writer->outlet = outlet;
  writer->printer.out = outlet->out;
  /* Memory may have run out while something was written. */
  writer->printer.used = 0;
}

static bool
accept (void *data, const char *text, size_t size)
{
  struct row_writer *writer = data;
  struct outlet *outlet = writer->outlet;
  memcpy (outlet_room (outlet, size), text, size);
  outlet->used += size;
  writer->rows++;
  outlet_end_record (outlet);
  return !outlet->error;
}

static void
join (void *data, void *copy)
{
  (void)data;
  (void)copy;
}

struct row_sink
row_writer_open (struct row_writer *writer, struct outlet *outlet, struct diagnostics *diagnostics)
{
  writer->outlet = outlet;
  writer->diagnostics = diagnostics;
  return (struct row_sink){ writer, begin, take, NULL, flush, copy, aim, accept, join };
}
