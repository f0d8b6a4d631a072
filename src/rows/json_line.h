/* json_line.h -- a line of JSON, token by token. */
#ifndef GRADCALC_JSON_LINE_H
#define GRADCALC_JSON_LINE_H

#include "rows/intake.h"

/* The line that is being read, of the record at hand. */
struct json_line
{
  struct intake *intake;
  const char *text;
  size_t size, at;
};

/* Passes over blanks; the character that is next, 0 at the end; passes over it, if it is `c`. */
void json_line_blanks (struct json_line *line);
char json_line_peek (struct json_line *line);
bool json_line_take (struct json_line *line, char c);
/* The end of what is next: a string with its quotes, or all up to a bracket, a comma, a colon or a blank. */
size_t json_line_token (const struct json_line *line);

/* Whether a token is a value and no bracket: of JSON, or a word for what is not finite. */
bool json_line_is_value (const char *token, size_t size);
/* Copies a string without its quotes and escapes into room that has its size. Returns how long that is. */
size_t json_line_plain (char *to, const char *text, size_t size);

/* Passes over a key and its colon, over a value of any kind; false after trouble (intake.h). */
bool json_line_pass_key (struct json_line *line);
bool json_line_pass_value (struct json_line *line);
/* Trouble: "expected WANTED, found ..."; false. */
bool json_line_unexpected (struct json_line *line, const char *wanted);

#endif
