/* print_json.c -- JSON piece by piece, valid whatever texts and numbers are. */
#include "report/print.h"

#include <string.h>

/* The length of the UTF-8 character at `text`, or 0 when there is none: cut short, longer than it need be, a
   surrogate, or beyond the last one. */
static size_t
character_size (const unsigned char *text)
{
  static const unsigned long least[] = { 0, 0, 0x80, 0x800, 0x10000 };
  unsigned char first = text[0];
  if (first < 0x80)
    return 1;
  size_t size = first >= 0xf8 ? 0 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 0;
  unsigned long character = first & (0xffu >> (size + 1));
  for (size_t i = 1; i < size; i++)
    {
      if ((text[i] & 0xc0) != 0x80)
        return 0;
      character = character << 6 | (text[i] & 0x3f);
    }
  if (size == 0 || character < least[size] || character > 0x10ffff || (character >= 0xd800 && character < 0xe000))
    return 0;
  return size;
}

static void
print_control (struct printer *printer, unsigned char c)
{
  static const char short_form[] = "\bb\ff\nn\rr\tt";
  for (const char *form = short_form; *form; form += 2)
    if (*form == (char)c)
      {
        print_char (printer, '\\');
        print_char (printer, form[1]);
        return;
      }
  print_text (printer, "\\u00");
  print_char (printer, "0123456789abcdef"[c >> 4]);
  print_char (printer, "0123456789abcdef"[c & 15]);
}

/* A string of the bytes from `at` to `end`; of doubled quotes one of two is dropped. */
static void
print_string (struct printer *printer, const unsigned char *at, const unsigned char *end, bool doubled)
{
  print_char (printer, '"');
  while (at < end)
    {
      size_t size = character_size (at);
      if (size > (size_t)(end - at))
        size = 0;
      if (size == 0)
        print_text (printer, "\xef\xbf\xbd"); /* U+FFFD */
      else if (*at < 0x20)
        print_control (printer, *at);
      else
        {
          if (*at == '"' || *at == '\\')
            print_char (printer, '\\');
          print_bytes (printer, (const char *)at, size);
        }
      at += doubled && *at == '"' && at + 1 < end && at[1] == '"';
      at += size ? size : 1;
    }
  print_char (printer, '"');
}

void
print_json_string (struct printer *printer, const char *text)
{
  print_string (printer, (const unsigned char *)text, (const unsigned char *)text + strlen (text), false);
}

void
print_json_field_text (struct printer *printer, const char *text, size_t size, bool doubled)
{
  print_string (printer, (const unsigned char *)text, (const unsigned char *)text + size, doubled);
}

/* A comma, unless an object, a list or the value of a key begins here. */
static void
print_comma (struct printer *printer)
{
  char last = printer->used ? printer->buffer[printer->used - 1] : printer->last;
  if (last && !strchr ("{[:", last))
    print_char (printer, ',');
}

void
print_json_open (struct printer *printer, char bracket)
{
  print_comma (printer);
  print_char (printer, bracket);
}

void
print_json_key (struct printer *printer, const char *key)
{
  print_comma (printer);
  print_json_string (printer, key);
  print_char (printer, ':');
}

void
print_json_begin (struct printer *printer, const char *key, char bracket)
{
  print_json_key (printer, key);
  print_char (printer, bracket);
}

void
print_json_text (struct printer *printer, const char *key, const char *text)
{
  print_json_key (printer, key);
  print_json_string (printer, text);
}

void
print_json_size (struct printer *printer, const char *key, size_t number)
{
  print_json_key (printer, key);
  print_size (printer, number);
}

void
print_json_position (struct printer *printer, const char *key, const struct shape *shape, size_t element)
{
  print_json_begin (printer, key, '[');
  print_position (printer, shape, element, "", ",");
  print_char (printer, ']');
}

void
print_json_place (struct printer *printer, const char *file, size_t line, size_t column)
{
  print_json_text (printer, "file", file);
  if (!line)
    return;
  print_json_size (printer, "line", line);
  print_json_size (printer, "column", column);
}

void
print_json_span (struct printer *printer, const struct sources *sources, struct span span)
{
  struct place place = sources_place (sources, span.start);
  print_json_place (printer, place.source->name, place.line, place.column);
}
