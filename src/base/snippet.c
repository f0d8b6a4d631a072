/* snippet.c -- a source line under a message, and texts that come from outside. */
#include "base/snippet.h"

#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistr.h>
#include <uniwidth.h>

enum
{
  USUAL_WIDTH = 80,
  LEAST_WIDTH = 40,
  MARGIN = 8, /* "    1 | " */
  DOTS = 3,
  TAB = 8
};

/* Characters that are not seen and change how others stand: they turn the order around, or hide. */
static bool
is_invisible (ucs4_t code)
{
  return code == 0xad || code == 0x61c || (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e)
         || (code >= 0x2060 && code <= 0x206f) || code == 0xfeff || (code >= 0xe0000 && code <= 0xe007f);
}

/* A character of a line: its bytes and its columns. What is no character is a byte of its own. */
struct character
{
  int bytes;
  int columns;
  bool is_plain; /* it can be printed as it is */
};

static struct character
character_at (const char *text, const char *end)
{
  ucs4_t code;
  size_t size = (size_t)(end - text);
  if (*text == '\t')
    return (struct character){ 1, TAB, true };
  if ((unsigned char)*text < 0x80)
    return (struct character){ 1, 1, *text >= ' ' && *text != 0x7f };
  int bytes = u8_mbtoucr (&code, (const uint8_t *)text, size < 4 ? size : 4);
  if (bytes < 1)
    return (struct character){ 1, 1, false };
  if (is_invisible (code))
    return (struct character){ bytes, 0, false };
  int columns = uc_width (code, "UTF-8");
  return (struct character){ bytes, columns < 0 ? 1 : columns, columns >= 0 };
}

static const char *
step_back (const char *text, const char *start)
{
  for (text--; text > start && ((unsigned char)*text & 0xc0) == 0x80; text--)
    ;
  return text;
}

/* How many columns text[0..end) takes, but no more than matter. */
static int
columns_of (const char *text, const char *end, int most)
{
  int columns = 0;
  while (text < end && columns <= most)
    {
      struct character character = character_at (text, end);
      columns += character.columns;
      text += character.bytes;
    }
  return columns;
}

/* The piece of a line that is shown. */
struct piece
{
  const char *first, *last;
};

/* All of the line, or what fits: about half of it before `at`. */
static struct piece
choose_piece (const char *line, const char *end, const char *at, int room)
{
  if (columns_of (line, end, room) <= room)
    return (struct piece){ line, end };
  room -= 2 * DOTS;
  struct piece piece = { at, at };
  int columns = 0;
  while (piece.first > line)
    {
      const char *before = step_back (piece.first, line);
      int wider = columns + character_at (before, end).columns;
      if (wider > room / 2)
        break;
      columns = wider;
      piece.first = before;
    }
  while (piece.last < end)
    {
      struct character character = character_at (piece.last, end);
      if (columns + character.columns > room)
        break;
      columns += character.columns;
      piece.last += character.bytes;
    }
  while (piece.first > line)
    {
      const char *before = step_back (piece.first, line);
      int wider = columns + character_at (before, end).columns;
      if (wider > room)
        break;
      columns = wider;
      piece.first = before;
    }
  /* A mark that combines with what is cut off would stand on the dots. */
  while (piece.first > line && piece.first < at && character_at (piece.first, end).columns == 0)
    piece.first += character_at (piece.first, end).bytes;
  return piece;
}

static void
print_piece (FILE *out, struct piece piece, const char *end)
{
  for (const char *text = piece.first; text < piece.last;)
    {
      struct character character = character_at (text, end);
      if (character.is_plain)
        fwrite (text, 1, (size_t)character.bytes, out);
      else
        fprintf (out, "%*s", character.columns, "");
      text += character.bytes;
    }
}

/* Blanks as wide as the text; tabs stay. */
static void
print_blanks (FILE *out, const char *text, const char *end)
{
  while (text < end)
    {
      struct character character = character_at (text, end);
      if (*text == '\t')
        putc ('\t', out);
      else
        fprintf (out, "%*s", character.columns, "");
      text += character.bytes;
    }
}

void
snippet_print (FILE *out, const struct place *place, struct span span, const char *correction, int width, bool color)
{
  const char *line = place->line_start;
  const char *end = line + place->line_size;
  const char *at = place->source->text + (span.start - place->source->base);
  if (at > end)
    at = end;
  struct piece piece = choose_piece (line, end, at, width - MARGIN);
  bool is_cut = piece.first > line;
  fprintf (out, "%5zu | %s", place->line, is_cut ? "..." : "");
  print_piece (out, piece, end);
  fprintf (out, "%s\n      | %s", piece.last < end ? "..." : "", is_cut ? "   " : "");
  print_blanks (out, piece.first, at);
  if (color)
    fputs ("\033[1;32m", out);
  putc ('^', out);
  const char *stop = span.length < (size_t)(piece.last - at) ? at + span.length : piece.last;
  int columns = 0;
  for (const char *text = at; text < stop; text += character_at (text, end).bytes)
    columns += *text == '\t' ? 1 : character_at (text, end).columns;
  for (int i = 1; i < columns; i++)
    putc ('~', out);
  if (color)
    fputs ("\033[0m", out);
  putc ('\n', out);
  if (correction)
    {
      fprintf (out, "      | %s", is_cut ? "   " : "");
      print_blanks (out, piece.first, at);
      fprintf (out, "%s\n", correction);
    }
}

int
snippet_width (FILE *out)
{
  struct winsize size;
  int descriptor = fileno (out);
  if (descriptor < 0 || ioctl (descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return USUAL_WIDTH;
  return size.ws_col < LEAST_WIDTH ? LEAST_WIDTH : size.ws_col;
}

void
snippet_escaped (FILE *out, const char *text)
{
  const char *end = text + strlen (text);
  while (text < end)
    {
      struct character character = character_at (text, end);
      if (*text == '\n' || *text == '\t' || *text == '\r')
        fprintf (out, "\\%c", *text == '\n' ? 'n' : *text == '\t' ? 't' : 'r');
      else if (character.is_plain)
        fwrite (text, 1, (size_t)character.bytes, out);
      else
        for (int i = 0; i < character.bytes; i++)
          fprintf (out, "\\x%02x", (unsigned char)text[i]);
      text += character.bytes;
    }
}
