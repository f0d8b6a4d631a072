/* session_totals.c -- totals over records: written, and put together from those of parts. */
#include "command/session.h"

#include <math.h>
#include <string.h>

#include "command/output.h"
#include "file/place.h"
#include "report/total_report.h"

/* Ends the run: a file, where it is wrong, and why. */
static _Noreturn void
refuse (struct session *session, const struct source *source, const struct total_trouble *trouble)
{
  struct file_place place = file_place (source->text, trouble->at);
  if (trouble->lines)
    place = (struct file_place){ place.line + trouble->lines, trouble->columns };
  else
    place.column += trouble->columns ? trouble->columns - 1 : 0;
  diagnose_data (&session->diagnostics, STATUS_WORLD, source->name, place.line, place.column, "%s", trouble->text);
  longjmp (*session->diagnostics.stop, 1);
}

static void
merge_file (struct session *session, struct total *total, const char *path)
{
  bool is_standard = strcmp (path, "-") == 0;
  int error = sources_read (&session->sources, &session->memory, path, is_standard ? "<stdin>" : path, SOURCE_LIMIT);
  if (error)
    output_cannot_open (&session->diagnostics, path, error);
  const struct source *source = &session->sources.list[session->sources.count - 1];
  struct total next;
  struct total_trouble trouble;
  size_t at = file_mark (source->text, source->size);
  for (enum total_result result;
       (result = total_read (&next, &session->memory, source->text, source->size, &at, &trouble)) != TOTAL_END;)
    if (result == TOTAL_BAD || total_merge (total, &next, trouble.text))
      refuse (session, source, &trouble);
}

bool
session_has_expected (struct session *session, uint64_t records)
{
  if (!(session->options.asked & ASKED_BIT (ASKED_EXPECT)) || records == session->options.expect)
    return true;
  diagnose (&session->diagnostics, SEVERITY_ERROR, NOWHERE, "--expect: there %s %zu record%s, not %zu",
            records == 1 ? "is" : "are", (size_t)records, records == 1 ? "" : "s", session->options.expect);
  session->diagnostics.status = STATUS_WORLD;
  return false;
}

/* Whether all that is printed is finite and connected. */
static bool
is_complete (const struct total *total)
{
  for (size_t i = 0; i < total->count; i++)
    if (!isfinite (total_number (total, i)))
      return false;
  for (struct total_piece piece = { 0 }; total_next_piece (total, &piece);)
    if (total_is_missing (total, &piece))
      return false;
  return true;
}

void
session_write_total (struct session *session, const struct total *total)
{
  const struct options *options = &session->options;
  if (session->team && !session->team->prints)
    return;
  struct report report = { .layout = LAYOUT_WIDE,
                           .precision = options->precision,
                           .zero_unconnected = options->zero_unconnected,
                           .no_header = options->no_header,
                           .format = options->asked & ASKED_BIT (ASKED_FORMAT) ? options->format : FORMAT_CSV };
  report_of_total (&report, total);
  output_write (&report, options->output, &session->diagnostics);
  if (options->strict && session->diagnostics.status == STATUS_DONE && !is_complete (total))
    session->diagnostics.status = STATUS_WORLD;
}

void
session_merge (struct session *session)
{
  const struct options *options = &session->options;
  static const char *const standard[] = { "-" };
  const struct texts files = options->files.count ? options->files : (struct texts){ (const char **)standard, 1 };
  struct total total = { .memory = &session->memory };
  session_check_output (session);
  for (size_t i = 0; i < files.count; i++)
    merge_file (session, &total, files.list[i]);
  if (session_has_expected (session, total.rows + total.skipped))
    session_write_total (session, &total);
}
