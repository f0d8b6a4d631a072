/* scan.h -- the seam between scanner and parser. */
#ifndef GRADCALC_SCAN_H
#define GRADCALC_SCAN_H

#include "syntax.h"

struct bracket
{
  struct span span;
  char sign; /* ( [ { */
};

struct token
{
  int kind; /* 0 at the end */
  struct span span;
  uint32_t value; /* a name, an index */
};

/* Tokens are scanned some at a time, up to the end of a line. */
enum
{
  TOKENS_AHEAD = 16
};

/* State that scanner and parser share while a text is read. */
struct reader
{
  struct syntax *syntax;
  struct names *names;
  struct diagnostics *diagnostics;
  const struct sources *sources;
  enum parse_goal goal;
  const struct taker *taker; /* or NULL */
  void *scanner;
  size_t source;        /* the one being scanned */
  size_t last;          /* the one after the last */
  size_t consumed;      /* its bytes that the scanner has taken */
  uint32_t offset;      /* of the next token's first byte */
  struct token ahead[TOKENS_AHEAD], *next, *ahead_end; /* those scanned; the next one to be read */
  bool ended;           /* the line end before the end of the text was given */
  bool too_deep;        /* nesting passed its limit: nothing more is read */
  const struct token *held; /* a token read ahead of a line end, or NULL */
  struct span given;    /* of the token the parser got last */
  struct span previous; /* of the token before */
  int previous_token;
  int current_token;
  struct area brackets; /* struct bracket: those that are open */
  int errors;
};

/* The bracket that was opened last of those that are open, or NULL. */
static inline struct bracket *
innermost (const struct reader *reader)
{
  const struct area *open = &reader->brackets;
  return open->used ? (struct bracket *) (open->start + open->used) - 1 : NULL;
}

/* The next token; a line end within round and square brackets is a blank. It stays until the next call. */
struct token *next_token (struct reader *reader);

/* Scans into the tokens from `token` to `last`, or up to the end of the line, or of the text, where the kind is 0.
   Returns the place behind the last one. */
struct token *scan_tokens (struct token *token, const struct token *last, struct reader *reader, void *scanner);
void scan_open (struct reader *reader, void **scanner);
void scan_close (void *scanner);

#endif
