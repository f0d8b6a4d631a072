/* mark_scan.h -- the scanner of what people write, for its own files. */
#ifndef GRADCALC_MARK_SCAN_H
#define GRADCALC_MARK_SCAN_H

#include "answers/mark.h"

/* Where the scanner is. */
struct scan
{
  struct marks *marks;
  const char *text, *at, *end;
  bool blank;
};

/* Adds a mark that ends before `behind`, and goes on there; a sign of so many bytes. */
struct mark *scan_add (struct scan *scan, enum mark_kind kind, const char *text, size_t size, const char *behind);
void scan_add_sign (struct scan *scan, int sign, size_t size);
/* Keeps why the text has no marks; the format has a piece of text. */
void scan_fail (struct marks *marks, const char *format, const char *text, size_t size);
/* mark_latex.c: a command, which begins at a backslash. */
void scan_command (struct scan *scan);

#endif
