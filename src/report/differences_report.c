/* differences_report.c -- the report of a check by differences: a partial derivative in a line. */
#include "report/differences_report.h"

#include <math.h>
#include <string.h>

#include "report/markdown.h"
#include "report/print.h"

enum status
differences_status (const struct differences *differences)
{
  return differences->counts[DIFFERENCE_WRONG]       ? STATUS_WRONG
         : differences->counts[DIFFERENCE_UNDECIDED] ? STATUS_UNDECIDED
                                                     : STATUS_DONE;
}

/* A number of six digits: differences have no more. */
static const char *
rounded (char text[NUMBER_SIZE], double number)
{
  number_print (text, number, 6);
  return text;
}

/* `dloss/dw[0, 1]`. */
static void
print_partial (const struct difference_report *report, const struct difference *difference, struct printer *printer)
{
  const struct quantity *target = &report->targets[difference->target], *source = &report->sources[difference->source];
  struct position position = position_at (&source->shape, difference->element);
  print_text (printer, target->is_expression ? "d(" : "d");
  print_text (printer, target->name);
  print_text (printer, target->is_expression ? ")/d" : "/d");
  print_text (printer, source->name);
  for (int axis = 0; axis < source->shape.rank; axis++)
    {
      print_text (printer, axis ? ", " : "[");
      print_size (printer, position.index[axis]);
    }
  print_text (printer, source->shape.rank ? "]" : "");
}

/* What else there is to say: the slopes of a kink, what differences give, the reason. */
static void
explain (const struct difference *difference, char *text, size_t room)
{
  char a[NUMBER_SIZE], b[NUMBER_SIZE];
  *text = 0;
  if (difference->reason)
    snprintf (text, room, "%s", difference->reason);
  else if (difference->verdict == DIFFERENCE_KINK)
    snprintf (text, room, "%s on the left, %s on the right", rounded (a, difference->left),
              rounded (b, difference->right));
  else if (difference->verdict == DIFFERENCE_WRONG)
    snprintf (text, room, "differences give %s +- %s", rounded (a, difference->found), rounded (b, difference->error));
}

static void
print_summary (const struct difference_report *report, struct printer *printer)
{
  const struct differences *differences = report->differences;
  static const char *const words[] = { "ok", "wrong", "at a kink", "undecided" };
  bool first = true;
  print_size (printer, differences->count);
  print_text (printer, differences->count == 1 ? " partial derivative:" : " partial derivatives:");
  for (int i = 0; i < DIFFERENCE_VERDICTS; i++)
    if (differences->counts[i] || (i == 0 && !differences->count))
      {
        print_text (printer, first ? " " : ", ");
        print_size (printer, differences->counts[i]);
        print_char (printer, ' ');
        print_text (printer, words[i]);
        first = false;
      }
  if (differences->left_out)
    {
      print_text (printer, "; ");
      print_size (printer, differences->left_out);
      print_text (printer, " more elements were not looked at");
    }
  print_char (printer, '\n');
}

static void
write_text (const struct difference_report *report, struct printer *printer)
{
  static const char *const words[] = { "ok", "WRONG", "kink", "undecided" };
  for (size_t i = 0; i < report->differences->count; i++)
    {
      const struct difference *difference = &report->differences->list[i];
      char text[200];
      print_partial (report, difference, printer);
      print_text (printer, " = ");
      print_element (printer, TYPE_REAL, difference->gradient);
      print_text (printer, "  ");
      print_text (printer, words[difference->verdict]);
      explain (difference, text, sizeof text);
      print_text (printer, *text ? ": " : "");
      print_text (printer, text);
      print_char (printer, '\n');
    }
  print_summary (report, printer);
}

static void
write_markdown (const struct difference_report *report, struct printer *printer)
{
  print_text (printer, "| partial | gradient | verdict | why |\n| --- | --- | --- | --- |\n");
  for (size_t i = 0; i < report->differences->count; i++)
    {
      const struct difference *difference = &report->differences->list[i];
      char text[200];
      explain (difference, text, sizeof text);
      print_text (printer, "| `");
      print_partial (report, difference, printer);
      print_text (printer, "` | ");
      print_element (printer, TYPE_REAL, difference->gradient);
      print_text (printer, " | ");
      print_text (printer, difference_names[difference->verdict]);
      print_text (printer, " | ");
      printer_flush (printer);
      markdown_text (printer->out, text);
      print_text (printer, " |\n");
    }
  print_char (printer, '\n');
  print_summary (report, printer);
}

static void
write_tap (const struct difference_report *report, struct printer *printer)
{
  print_text (printer, "1..");
  print_size (printer, report->differences->count);
  print_char (printer, '\n');
  for (size_t i = 0; i < report->differences->count; i++)
    {
      const struct difference *difference = &report->differences->list[i];
      char text[200];
      explain (difference, text, sizeof text);
      print_text (printer, difference->verdict == DIFFERENCE_WRONG ? "not ok " : "ok ");
      print_size (printer, i + 1);
      print_text (printer, " - ");
      print_partial (report, difference, printer);
      print_text (printer, difference->verdict == DIFFERENCE_UNDECIDED ? " # SKIP " : *text ? ": " : "");
      print_text (printer, text);
      print_char (printer, '\n');
    }
}

/* A field of a table; names of expressions may have commas. */
static void
print_field (struct printer *printer, const char *text, char delimiter)
{
  bool quoted = strchr (text, delimiter) || strpbrk (text, "\"\r\n");
  print_text (printer, quoted ? "\"" : "");
  for (; *text; text++)
    {
      if (*text == '"')
        print_char (printer, '"');
      print_char (printer, *text);
    }
  print_text (printer, quoted ? "\"" : "");
}

static void
print_known (struct printer *printer, double number)
{
  if (!isnan (number))
    print_element_table (printer, TYPE_REAL, number);
}

static void
write_table (const struct difference_report *report, char delimiter, struct printer *printer)
{
  static const char *const names[]
    = { "target", "wrt", "index", "verdict", "grad", "found", "error", "left", "right", "message" };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    {
      if (i)
        print_char (printer, delimiter);
      print_text (printer, names[i]);
    }
  print_char (printer, '\n');
  for (size_t i = 0; i < report->differences->count; i++)
    {
      const struct difference *difference = &report->differences->list[i];
      const struct quantity *source = &report->sources[difference->source];
      struct position position = position_at (&source->shape, difference->element);
      double numbers[] = { difference->found, difference->error, difference->left, difference->right };
      char text[200];
      explain (difference, text, sizeof text);
      print_field (printer, report->targets[difference->target].name, delimiter);
      print_char (printer, delimiter);
      print_field (printer, source->name, delimiter);
      print_char (printer, delimiter);
      print_position (printer, &position, &source->shape);
      print_char (printer, delimiter);
      print_text (printer, difference_names[difference->verdict]);
      print_char (printer, delimiter);
      print_element_table (printer, TYPE_REAL, difference->gradient);
      for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
        {
          print_char (printer, delimiter);
          print_known (printer, numbers[k]);
        }
      print_char (printer, delimiter);
      print_field (printer, text, delimiter);
      print_char (printer, '\n');
    }
}

static void
print_member (struct printer *printer, const char *key, double number)
{
  if (isnan (number))
    return;
  print_text (printer, ",\"");
  print_text (printer, key);
  print_text (printer, "\":");
  print_element_json (printer, TYPE_REAL, number);
}

static void
write_json (const struct difference_report *report, struct printer *printer)
{
  const struct differences *differences = report->differences;
  print_text (printer, "{\"checks\":[");
  for (size_t i = 0; i < differences->count; i++)
    {
      const struct difference *difference = &differences->list[i];
      const struct quantity *source = &report->sources[difference->source];
      struct position position = position_at (&source->shape, difference->element);
      char text[200];
      explain (difference, text, sizeof text);
      print_text (printer, i ? ",{\"target\":" : "{\"target\":");
      print_json_string (printer, report->targets[difference->target].name);
      print_text (printer, ",\"wrt\":");
      print_json_string (printer, source->name);
      print_text (printer, ",\"index\":[");
      for (int axis = 0; axis < source->shape.rank; axis++)
        {
          print_text (printer, axis ? "," : "");
          print_size (printer, position.index[axis]);
        }
      print_text (printer, "],\"verdict\":");
      print_json_string (printer, difference_names[difference->verdict]);
      print_text (printer, ",\"given\":");
      print_element_json (printer, TYPE_REAL, difference->gradient);
      print_member (printer, "found", difference->found);
      print_member (printer, "error", difference->error);
      print_member (printer, "left", difference->left);
      print_member (printer, "right", difference->right);
      if (*text)
        {
          print_text (printer, ",\"message\":");
          print_json_string (printer, text);
        }
      print_char (printer, '}');
    }
  print_char (printer, ']');
  for (int i = 0; i < DIFFERENCE_VERDICTS; i++)
    {
      print_text (printer, ",\"");
      print_text (printer, difference_names[i]);
      print_text (printer, "\":");
      print_size (printer, differences->counts[i]);
    }
  print_text (printer, "}\n");
}

static void
write_csv (const struct difference_report *report, struct printer *printer)
{
  write_table (report, ',', printer);
}

static void
write_tsv (const struct difference_report *report, struct printer *printer)
{
  write_table (report, '\t', printer);
}

#define WRITES_ANYTHING(name) write_##name
#define WRITES_CHECKS(name) write_##name
#define WRITES_FORMULAS(name) NULL
static void (*const writers[FORMATS]) (const struct difference_report *report, struct printer *printer) = {
#define FORMAT(symbol, name, prints, says) WRITES_##prints (name),
#include "report/format.def"
#undef FORMAT
};

void
differences_report (const struct difference_report *report, enum format format, FILE *out)
{
  struct printer printer;
  printer_open (&printer, out, report->precision);
  writers[format](report, &printer);
  printer_flush (&printer);
}
