/* json_line.c -- a line of JSON, token by token. */
#include "rows/json_line.h"

#include <string.h>

#include "file/document.h"

enum
{
  NESTED = 512 /* brackets within each other in what is passed over */
};

void
json_line_blanks (struct json_line *line)
{
  while (line->at < line->size && (line->text[line->at] == ' ' || line->text[line->at] == '\t'))
    line->at++;
}

char
json_line_peek (struct json_line *line)
{
  json_line_blanks (line);
  return line->at < line->size ? line->text[line->at] : 0;
}

bool
json_line_take (struct json_line *line, char c)
{
  bool is_there = json_line_peek (line) == c;
  line->at += is_there;
  return is_there;
}

size_t
json_line_token (const struct json_line *line)
{
  return document_token_end (line->text, line->at, line->size);
}

bool
json_line_unexpected (struct json_line *line, const char *wanted)
{
  char excerpt[EXCERPT_SIZE];
  json_line_blanks (line);
  if (line->at == line->size)
    intake_trouble (line->intake, line->at, "expected %s, found the end of the line", wanted);
  else
    intake_trouble (line->intake, line->at, "expected %s, found '%s'", wanted,
                    file_excerpt (excerpt, line->text + line->at, json_line_token (line) - line->at));
  return false;
}

bool
json_line_is_value (const char *token, size_t size)
{
  static const char *const words[] = { "true", "false", "null" };
  double number;
  if (size > 1 && *token == '"' && token[size - 1] == '"')
    return true;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (size == strlen (words[i]) && memcmp (token, words[i], size) == 0)
      return true;
  return document_is_number (token, size) || document_word (token, size, &number);
}

bool
json_line_pass_key (struct json_line *line)
{
  if (json_line_peek (line) != '"')
    return json_line_unexpected (line, "a key in quotes");
  line->at = json_line_token (line);
  return json_line_take (line, ':') || json_line_unexpected (line, "':'");
}

/* Closes brackets and passes a comma, up to where the next value begins; `*depth` 0 when the value is whole. */
static bool
end_nested (struct json_line *line, const char *open, size_t *depth)
{
  while (*depth)
    {
      bool is_object = open[*depth - 1] == '{';
      if (json_line_take (line, ','))
        return !is_object || json_line_pass_key (line);
      if (!json_line_take (line, is_object ? '}' : ']'))
        return json_line_unexpected (line, is_object ? "',' or '}'" : "',' or ']'");
      --*depth;
    }
  return true;
}

bool
json_line_pass_value (struct json_line *line)
{
  char open[NESTED];
  size_t depth = 0;
  do
    {
      char c = json_line_peek (line);
      if (c == '[' || c == '{')
        {
          if (depth == NESTED)
            return json_line_unexpected (line, "fewer brackets within each other");
          open[depth++] = c;
          line->at++;
          bool is_empty = json_line_take (line, c == '[' ? ']' : '}');
          if (!is_empty && c == '{' && !json_line_pass_key (line))
            return false;
          if (!is_empty)
            continue;
          depth--;
        }
      else
        {
          size_t end = json_line_token (line);
          if (!c || !json_line_is_value (line->text + line->at, end - line->at))
            return json_line_unexpected (line, "a value");
          line->at = end;
        }
      if (!end_nested (line, open, &depth))
        return false;
    }
  while (depth);
  return true;
}

static unsigned
hexadecimal (const char *text)
{
  unsigned number = 0;
  for (int i = 0; i < 4; i++)
    {
      char c = text[i];
      unsigned digit = c >= '0' && c <= '9' ? (unsigned)(c - '0') : ((unsigned)(c | 0x20) - 'a') % 6 + 10;
      number = number * 16 + digit;
    }
  return number;
}

static size_t
put_character (char *text, unsigned long character)
{
  int more = character < 0x80 ? 0 : character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
  static const unsigned char first[] = { 0, 0xc0, 0xe0, 0xf0 };
  text[0] = (char)(first[more] | character >> (6 * more));
  for (int i = 1; i <= more; i++)
    text[i] = (char)(0x80 | (character >> (6 * (more - i)) & 0x3f));
  return (size_t)more + 1;
}

size_t
json_line_plain (char *to, const char *text, size_t size)
{
  static const char escapes[] = "b\bf\fn\nr\rt\t";
  size_t used = 0;
  for (size_t i = 1; i + 1 < size; i++)
    {
      if (text[i] != '\\')
        {
          to[used++] = text[i];
          continue;
        }
      char c = text[++i];
      if (c == 'u' && i + 5 < size)
        {
          unsigned long character = hexadecimal (text + i + 1);
          i += 4;
          if (character >> 10 == 0x36 && i + 7 < size && text[i + 1] == '\\')
            {
              character = 0x10000 + ((character & 0x3ff) << 10 | (hexadecimal (text + i + 3) & 0x3ff));
              i += 6;
            }
          used += put_character (to + used, character);
          continue;
        }
      for (const char *escape = escapes; *escape; escape += 2)
        c = *escape == c ? escape[1] : c;
      to[used++] = c;
    }
  return used;
}
