/* parse.y -- tokens to syntax. */
%require "3.8"
%code requires {
#include "syntax.h"
struct reader;

/* Expressions in a row: where their nodes begin, and how many they are. */
struct list {
  uint32_t first, count;
};
}
%define api.pure full
%define api.header.include {"parse.h"}
%define api.location.type {struct span}
%define api.token.prefix {TOK_}
%define api.value.type union
%define parse.error custom
%define lr.type ielr
%define lr.default-reduction consistent
%locations
%expect 0
%param {struct reader *reader}
%initial-action { @$ = (struct span){ 0, 0 }; }

%code {
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "scan.h"

#define YYLLOC_DEFAULT(current, rhs, n) \
  ((current) = (n) ? span_join (YYRHSLOC (rhs, 1), YYRHSLOC (rhs, n)) \
                   : (struct span){ YYRHSLOC (rhs, 0).start + YYRHSLOC (rhs, 0).length, 0 })
/* Text nests up to NESTING_LIMIT brackets, and chains such as 2^2^2 as deep as memory goes. */
#define YYMAXDEPTH 100000000
/* The parser's stacks, in yyparse, where `reader` is known. */
#define YYMALLOC(size) heap_take (reader->names->memory, (size), 1, "the parser")
#define YYFREE heap_give

enum
{
  USUAL_NESTING = 32
};

static int yylex (YYSTYPE *value, YYLTYPE *location, struct reader *reader);
static void yyerror (YYLTYPE *location, struct reader *reader, const char *message);

static uint32_t add (struct reader *reader, struct span span, enum syntax_kind kind, int op, uint32_t payload);
static uint32_t position (const struct reader *reader);
static struct node *node_at (const struct reader *reader, uint32_t node);
static void add_call (struct reader *reader, struct span span, uint32_t function, struct span place, uint32_t count);
static uint32_t add_index (struct reader *reader, struct span span, uint32_t base, struct list indices);
static uint32_t begin_assignment (struct reader *reader, struct list left, struct span span);
static void begin_single (struct reader *reader, struct list left, struct span span, bool constant);
static void begin_claim (struct reader *reader, uint32_t left, struct span span);
static void add_one (struct reader *reader, struct span span);
static void end_assignment (struct reader *reader, struct span span, struct list left, uint32_t function);
static void spoil (struct reader *reader, struct span span, const char *message);
static void hand_over (struct reader *reader);
static struct bracket *innermost (const struct reader *reader);

#define ADD(location, kind, op, payload) add (reader, (location), SYNTAX_##kind, (op), (payload))
#define BINARY(location, sign) add (reader, (location), SYNTAX_BINARY, SIGN_##sign, 0)
}

%token START_PROGRAM START_EXPRESSIONS START_CLAIMS START_KEY
%token NEWLINE "the end of the line" SEMICOLON "';'" END 0 "the end of the program"
%token IF "'if'" ELIF "'elif'" ELSE "'else'" WHILE "'while'" FOR "'for'" IN "'in'" BREAK "'break'" CONTINUE "'continue'"
%token DEF "'def'" RETURN "'return'" FN "'fn'" CONST "'const'" PRINT "'print'" ASSERT "'assert'" CLAIM "'claim'"
%token ADD_TO "'+='" SUBTRACT_FROM "'-='" MULTIPLY_BY "'*='" DIVIDE_BY "'/='" RAISE_TO "'^='"
%token TRANSPOSE "'''" EQUAL "'=='" UNEQUAL "'!='" LESS_EQUAL "'<='" GREATER_EQUAL "'>='" OR "'or'" AND "'and'" NOT "'not'"
%token <uint32_t> NUMBER "a number" NAME "a name" STRING "a string"

%precedence LOOSEST
%right '?'
%left OR
%left AND
%precedence NOT
%nonassoc EQUAL UNEQUAL '<' LESS_EQUAL '>' GREATER_EQUAL
%left '+' '-'
%left '*' '/' '%' '@'
%precedence UNARY
%right '^'

%type <uint32_t> expression claimed postfix base if_chain tests parameters names
%type <struct list> expressions arguments indices
%type <int> augment low high

%%

input:
  START_PROGRAM program
| START_EXPRESSIONS goals
| START_EXPRESSIONS goals NEWLINE
| START_CLAIMS claims
| START_KEY key
;

goals:
  expression                            { ADD (@1, EXPRESSION, 0, 0); }
| goals ',' expression                  { ADD (@3, EXPRESSION, 0, 0); }
;

claims:
  %empty
| claims separator
| claims claim separator
| claims error separator                { yyerrok; }
;
claim:
  claimed[left] '='                     { begin_claim (reader, $left, @left); }
    expression                          { ADD (@$, CLAIMED, 0, 0); }
;
/* What is asked, as claims of so many points. */
key:
  %empty
| key separator
| key asked separator
| key error separator                   { yyerrok; }
;
asked:
  claimed[left]                         { begin_claim (reader, $left, @left); }
    points                              { ADD (@$, CLAIMED, 0, 0); }
;
points:
  %empty                                { add_one (reader, @$); }
| ':' NUMBER                            { ADD (@2, NUMBER, 0, $2); }
;
/* d2y/dx[0]dx[1] has two sources. */
claimed:
  expression
| expression NAME                       { $$ = $1; }
| expression NAME '[' indices ']'       { $$ = $1; }
;

program:
  %empty
| program separator
| program statement NEWLINE             { hand_over (reader); }
| program statement SEMICOLON           { hand_over (reader); }
| program error separator               { yyerrok; }
;

separator: NEWLINE | SEMICOLON;

statements:
  %empty
| statements separator
| statements statement separator
| statements error separator            { yyerrok; }
;

block:
  '{' statements '}'
| '{' statements statement '}'
;

statement:
  expressions[list]                     { if ($list.count > 1) spoil (reader, @list, "expected '=' after these"); ADD (@list, EXPRESSION, 0, 0); }
| expressions[left] '='                 { $<uint32_t>$ = begin_assignment (reader, $left, @left); }[function]
    expression                          { end_assignment (reader, @$, $left, $<uint32_t>function); }
| CONST expressions[left] '='           { begin_single (reader, $left, @left, true); }
    expression                          { ADD (@$, ASSIGN, 0, 1); }
| expressions[left] augment             { begin_single (reader, $left, @left, false); }
    expression                          { ADD (@$, ASSIGN, $augment, 1); }
| DEF NAME '(' parameters[n] ')'        { ADD (@2, FUNCTION_BEGIN, FUNCTION_LONG, $n); }
    block                               { ADD (@2, FUNCTION_END, FUNCTION_LONG, 0); ADD (@2, DEFINE, 0, $NAME); }
| if_chain[tests]                       { ADD (@$, IF_END, 0, $tests); }
| WHILE                                 { ADD (@1, WHILE_BEGIN, 0, 0); }
    expression[test]                    { ADD (@test, WHILE_TEST, 0, 0); }
    block                               { ADD (@1, WHILE_END, 0, 0); }
| FOR NAME IN iterable                  { ADD (@2, FOR_BEGIN, 0, $NAME); }
    block                               { ADD (@1, FOR_END, 0, 0); }
| BREAK                                 { ADD (@1, BREAK, 0, 0); }
| CONTINUE                              { ADD (@1, CONTINUE, 0, 0); }
| RETURN                                { ADD (@1, RETURN, 0, 0); }
| RETURN expression                     { ADD (@$, RETURN, 0, 1); }
| PRINT expressions[list]               { ADD (@$, PRINT, 0, $list.count); }
| ASSERT expressions[list]              { if ($list.count > 2) spoil (reader, @list, "'assert' takes a condition and a message"); ADD (@$, ASSERT, 0, $list.count); }
| CLAIM                                 { if (innermost (reader)) spoil (reader, @1, "'claim' stands outside of blocks and functions"); }
    claim
;

augment:
  ADD_TO                                { $$ = SIGN_PLUS; }
| SUBTRACT_FROM                         { $$ = SIGN_MINUS; }
| MULTIPLY_BY                           { $$ = SIGN_TIMES; }
| DIVIDE_BY                             { $$ = SIGN_OVER; }
| RAISE_TO                              { $$ = SIGN_POWER; }
;

if_chain:
  tests                                 { $$ = $1; }
| tests ELSE                            { ADD (@2, IF_ELSE, 0, 0); }
    block                               { $$ = $1; }
;
tests:
  IF expression[test]                   { ADD (@test, IF_TEST, 0, 0); }
    block                               { $$ = 1; }
| tests ELIF                            { ADD (@2, IF_ELSE, 1, 0); }
    expression[test]                    { ADD (@test, IF_TEST, 0, 0); }
    block                               { $$ = $1 + 1; }
;

iterable: expression | slice;

parameters:
  %empty                                { $$ = 0; }
| names
;
names:
  NAME                                  { ADD (@1, PARAM, 0, $1); $$ = 1; }
| names ',' NAME                        { ADD (@3, PARAM, 0, $3); $$ = $1 + 1; }
;

expressions:
  expression                            { $$ = (struct list){ $1, 1 }; }
| expressions ',' expression            { $$ = (struct list){ $1.first, $1.count + 1 }; }
;

/* Names and numbers are no `postfix` unless something follows that makes them one: most of a program is made of them,
   and each step up in the grammar costs. */
expression:
  NUMBER                                { $$ = ADD (@$, NUMBER, 0, $1); }
| NAME                                  { $$ = ADD (@$, NAME, 0, $1); }
| postfix
| expression[a] '+' expression[b]       { $$ = $a; BINARY (@$, PLUS); }
| expression[a] '-' expression[b]       { $$ = $a; BINARY (@$, MINUS); }
| expression[a] '*' expression[b]       { $$ = $a; BINARY (@$, TIMES); }
| expression[a] '/' expression[b]       { $$ = $a; BINARY (@$, OVER); }
| expression[a] '%' expression[b]       { $$ = $a; BINARY (@$, MODULO); }
| expression[a] '@' expression[b]       { $$ = $a; BINARY (@$, MATMUL); }
| expression[a] '^' expression[b]       { $$ = $a; BINARY (@$, POWER); }
| expression[a] EQUAL expression[b]     { $$ = $a; BINARY (@$, EQUAL); }
| expression[a] UNEQUAL expression[b]   { $$ = $a; BINARY (@$, UNEQUAL); }
| expression[a] '<' expression[b]       { $$ = $a; BINARY (@$, LESS); }
| expression[a] LESS_EQUAL expression[b]     { $$ = $a; BINARY (@$, LESS_EQUAL); }
| expression[a] '>' expression[b]       { $$ = $a; BINARY (@$, GREATER); }
| expression[a] GREATER_EQUAL expression[b]  { $$ = $a; BINARY (@$, GREATER_EQUAL); }
| '-' expression[a]                     %prec UNARY { $$ = $a; add (reader, @$, SYNTAX_UNARY, SIGN_MINUS, 0); }
| '+' expression[a]                     %prec UNARY { $$ = $a; add (reader, @$, SYNTAX_UNARY, SIGN_PLUS, 0); }
| NOT expression[a]                     { $$ = $a; add (reader, @$, SYNTAX_UNARY, SIGN_NOT, 0); }
| expression[a] AND                     { ADD (@a, LOGIC_LEFT, SIGN_AND, 0); }
    expression[b]                       %prec AND { $$ = $a; ADD (@$, LOGIC, SIGN_AND, 0); }
| expression[a] OR                      { ADD (@a, LOGIC_LEFT, SIGN_OR, 0); }
    expression[b]                       %prec OR { $$ = $a; ADD (@$, LOGIC, SIGN_OR, 0); }
| expression[c] '?'                     { ADD (@c, CHOICE_TEST, 0, 0); }
    expression[a] ':'                   { ADD (@a, CHOICE_ELSE, 0, 0); }
    expression[b]                       %prec '?' { $$ = $c; ADD (@$, CHOICE, 0, 0); }
| FN                                    { $<uint32_t>$ = position (reader); }[first]
    '(' parameters[n] ')'               { ADD (@1, FUNCTION_BEGIN, FUNCTION_ANONYMOUS, $n); }
    expression[body]                    %prec LOOSEST { $$ = $<uint32_t>first; ADD (@$, FUNCTION_END, FUNCTION_ANONYMOUS, 0); }
;

postfix:
  STRING                                { $$ = ADD (@$, STRING, 0, $1); }
| '(' expression ')'                    { $$ = $2; }
| '[' ']'                               { $$ = ADD (@$, ARRAY, 0, 0); }
| '[' expressions[list] ']'             { $$ = $list.first; ADD (@$, ARRAY, 0, $list.count); }
| base[f] '(' ')'                       { $$ = $f; add_call (reader, @$, $f, @f, 0); }
| base[f] '(' arguments ')'             { $$ = $f; add_call (reader, @$, $f, @f, $arguments.count); }
| base[x] '[' indices ']'               { $$ = add_index (reader, @$, $x, $indices); }
| base[x] TRANSPOSE                     { $$ = $x; ADD (@$, TRANSPOSE, 0, 0); }
;
base:
  NUMBER                                { $$ = ADD (@$, NUMBER, 0, $1); }
| NAME                                  { $$ = ADD (@$, NAME, 0, $1); }
| postfix
;

arguments:
  expression                            { $$ = (struct list){ 0, 1 }; }
| keyword                               { $$ = (struct list){ 0, 1 }; }
| arguments ',' expression              { $$ = (struct list){ 0, $1.count + 1 }; }
| arguments ',' keyword                 { $$ = (struct list){ 0, $1.count + 1 }; }
;
keyword:
  NAME '=' expression                   { ADD (@1, KEYWORD, 0, $1); }
;

indices:
                                        { $<uint32_t>$ = position (reader); }[first]
  index                                 { $$ = (struct list){ $<uint32_t>first, 1 }; }
| indices ',' index                     { $$ = (struct list){ $1.first, $1.count + 1 }; }
;
index: expression | slice;

slice:
  low high                              { ADD (@$, SLICE, 0, $low | $high); }
| low high ':'                          { ADD (@$, SLICE, 0, $low | $high); }
| low high ':' expression               { ADD (@$, SLICE, 0, $low | $high | SLICE_STEP); }
;
low:
  ':'                                   { $$ = 0; }
| expression ':'                        { $$ = SLICE_START; }
;
high:
  %empty                                { $$ = 0; }
| expression                            { $$ = SLICE_STOP; }
;

%%

static uint32_t
position (const struct reader *reader)
{
  return (uint32_t) area_count (&reader->syntax->nodes, struct node);
}

static struct node *
node_at (const struct reader *reader, uint32_t node)
{
  return area_of (&reader->syntax->nodes, struct node) + node;
}

/* Appends a node and returns its number. */
static uint32_t
add (struct reader *reader, struct span span, enum syntax_kind kind, int op, uint32_t payload)
{
  uint32_t at = position (reader);
  *area_add (&reader->syntax->nodes, struct node)
    = (struct node){ span.start, payload, span.length < UINT16_MAX ? (uint16_t) span.length : UINT16_MAX, (uint8_t) kind,
                     (uint8_t) op };
  return at;
}

static void
spoil (struct reader *reader, struct span span, const char *message)
{
  reader->errors++;
  diagnose (reader->diagnostics, SEVERITY_ERROR, span, "%s", message);
}

/* What is there of the program goes to the taker, if it is worth the call. */
static void
hand_over (struct reader *reader)
{
  enum { WORTH = 4096 };
  if (!reader->taker || position (reader) < WORTH || reader->errors)
    return;
  reader->taker->take (reader->taker->data);
  reader->syntax->nodes.used = 0;
  reader->syntax->forgotten = true;
}

/* `op` of a NAME node says that it is called: what is said when it is unknown depends on that. */
static void
add_call (struct reader *reader, struct span span, uint32_t function, struct span place, uint32_t count)
{
  struct node *node = node_at (reader, function);
  if (node->kind == SYNTAX_NAME && node->start == place.start && node->length == place.length)
    node->op = 1;
  add (reader, span, SYNTAX_CALL, 0, count);
}

/* `op` of an INDEX node says whether a bare name is indexed: such an element can be assigned to. */
static uint32_t
add_index (struct reader *reader, struct span span, uint32_t base, struct list indices)
{
  bool bare = indices.first == base + 1 && node_at (reader, base)->kind == SYNTAX_NAME;
  add (reader, span, SYNTAX_INDEX, bare, indices.count);
  return base;
}

/* Turns the nodes of one left side (a name, or elements of a named array) into its targets. */
static void
begin_single (struct reader *reader, struct list left, struct span span, bool constant)
{
  struct node *first = node_at (reader, left.first);
  struct node *last = node_at (reader, position (reader) - 1);
  if (left.count == 1 && first->kind == SYNTAX_NAME && (first == last || (last->kind == SYNTAX_INDEX && last->op && !constant)))
    {
      if (first != last)
        last->kind = SYNTAX_TARGET_INDEX;
      first->kind = SYNTAX_TARGET;
      first->op = constant;
    }
  else
    spoil (reader, span, constant ? "'const' takes one name" : "only a name or its elements can be assigned to");
}

/* Turns what stood before '=' into targets, or into the head of a function; the function's name plus one, or 0. */
static uint32_t
begin_assignment (struct reader *reader, struct list left, struct span span)
{
  uint32_t end = position (reader);
  struct node *first = node_at (reader, left.first);
  struct node *last = node_at (reader, end - 1);
  bool names = true;
  for (struct node *node = first; node < last; node++)
    names = names && node->kind == SYNTAX_NAME;
  if (left.count == 1 && last->kind == SYNTAX_CALL && names && end - left.first == last->payload + 2)
    {
      uint32_t name = first->payload;
      first->kind = SYNTAX_NOTHING;
      for (struct node *node = first + 1; node < last; node++)
        node->kind = SYNTAX_PARAM;
      last->kind = SYNTAX_FUNCTION_BEGIN;
      last->op = FUNCTION_SHORT;
      return name + 1;
    }
  if (left.count == 1)
    begin_single (reader, left, span, false);
  else if (names && last->kind == SYNTAX_NAME && end - left.first == left.count)
    for (struct node *node = first; node <= last; node++)
      node->kind = SYNTAX_TARGET;
  else
    spoil (reader, span, "only names can be unpacked into");
  return 0;
}

/* What stands before '=' in a claim is looked at as text: in the place of its nodes comes one that says where it is, and
   which name when it is a name alone. */
static void
begin_claim (struct reader *reader, uint32_t left, struct span span)
{
  const struct node *node = area_of (&reader->syntax->nodes, struct node) + left;
  bool name = area_count (&reader->syntax->nodes, struct node) == left + 1 && node->kind == SYNTAX_NAME;
  uint32_t payload = name ? node->payload + 1 : 0;
  reader->syntax->nodes.used = left * sizeof (struct node);
  add (reader, span, SYNTAX_CLAIM, 0, payload);
}

/* A number 1 that goes without saying. */
static void
add_one (struct reader *reader, struct span span)
{
  uint32_t number = (uint32_t) area_count (&reader->syntax->numbers, double);
  *area_add (&reader->syntax->numbers, double) = 1;
  add (reader, span, SYNTAX_NUMBER, 0, number);
}

static void
end_assignment (struct reader *reader, struct span span, struct list left, uint32_t function)
{
  if (!function)
    add (reader, span, SYNTAX_ASSIGN, SIGN_NONE, left.count);
  else
    {
      add (reader, span, SYNTAX_FUNCTION_END, FUNCTION_SHORT, 0);
      add (reader, span, SYNTAX_DEFINE, 0, function - 1);
    }
}

/* Scans tokens up to the end of the line, or until there is no room for more. */
static void
scan_ahead (struct reader *reader)
{
  struct token *token = reader->ahead, *last = token + TOKENS_AHEAD - 1;
  void *scanner = reader->scanner;
  for (;; token++)
    {
      token->kind = scan_token (&token->value, reader, scanner);
      token->span = reader->current;
      if (token->kind == TOK_NEWLINE || token->kind == 0 || token == last)
        break;
    }
  if (token->kind == 0)
    token->span = (struct span){ reader->offset, 1 };
  reader->next = reader->ahead;
  reader->ahead_end = token + 1;
}

/* The bracket that was opened last of those that are open, or NULL. */
static struct bracket *
innermost (const struct reader *reader)
{
  const struct area *open = &reader->brackets;
  return open->used ? (struct bracket *) (open->start + open->used) - 1 : NULL;
}

static void
open_bracket (struct reader *reader, struct token *token)
{
  if (area_count (&reader->brackets, struct bracket) == NESTING_LIMIT)
    {
      diagnose (reader->diagnostics, SEVERITY_ERROR, token->span, "%s are nested more than %d deep",
                token->kind == '{' ? "blocks" : "brackets", NESTING_LIMIT);
      reader->errors++;
      reader->too_deep = true;
      token->kind = 0;
      return;
    }
  *area_add (&reader->brackets, struct bracket) = (struct bracket){ token->span, (char) token->kind };
}

static void
close_bracket (struct reader *reader, int sign)
{
  char opening = sign == ')' ? '(' : sign == ']' ? '[' : '{';
  if (innermost (reader) && innermost (reader)->sign == opening)
    reader->brackets.used -= sizeof (struct bracket);
}

static uint32_t
intern (struct reader *reader, const struct token *token)
{
  uint32_t known = names_find_ticket (reader->names, token->value);
  return known ? known - 1
               : names_intern_ticket (reader->names, token->value, sources_text (reader->sources, token->span), token->span.length);
}

/* The next token; a line end within round and square brackets is a blank. It stays until the next call. */
static struct token *
next_token (struct reader *reader)
{
  struct token *token;
  do
    {
      if (reader->next == reader->ahead_end)
        scan_ahead (reader);
      token = reader->next;
      /* The end stays. */
      reader->next += token->kind != 0;
    }
  while (token->kind == TOK_NEWLINE && innermost (reader) && innermost (reader)->sign != '{');
  if (reader->too_deep)
    token->kind = 0;
  switch (token->kind)
    {
    case TOK_NAME:
      token->value = intern (reader, token);
      break;
    case '(':
    case '[':
    case '{':
      open_bracket (reader, token);
      break;
    case ')':
    case ']':
    case '}':
      close_bracket (reader, token->kind);
      break;
    default:
      break;
    }
  return token;
}

/* The tokens of the scanner, led by the goal's, with a line end before the end of the text, and without a line end before
   `else`, `elif` and `{`: for that one token is read ahead. */
static int
yylex (YYSTYPE *value, YYLTYPE *location, struct reader *reader)
{
  reader->previous = reader->given;
  reader->previous_token = reader->current_token;
  const struct token *token;
  struct token newline;
  if (reader->held.kind >= 0)
    {
      newline = reader->held;
      reader->held.kind = -1;
      token = &newline;
    }
  else
    token = next_token (reader);
  if (token->kind == TOK_NEWLINE)
    {
      newline = *token;
      do
        token = next_token (reader);
      while (token->kind == TOK_NEWLINE);
      if (token->kind != TOK_ELSE && token->kind != TOK_ELIF && token->kind != '{')
        {
          reader->held = *token;
          token = &newline;
        }
    }
  int kind = token->kind;
  if (kind == 0 && !reader->ended)
    {
      reader->ended = true;
      reader->held = *token;
      kind = TOK_NEWLINE;
    }
  value->TOK_NUMBER = token->value;
  *location = reader->given = token->span;
  reader->current_token = kind;
  return kind;
}

static void
yyerror (YYLTYPE *location, struct reader *reader, const char *message)
{
  (void) message; /* Bison's own words: "memory exhausted" is the only one left */
  spoil (reader, *location, "the program is nested too deep");
}

/* The text of a token as messages quote it, cut when it is long. */
static const char *
quote (const struct reader *reader, struct span span, char buffer[48])
{
  int length = span.length > 30 ? 30 : (int) span.length;
  const char *text = sources_text (reader->sources, span);
  while (length > 0 && length < (int) span.length && ((unsigned char) text[length] & 0xc0) == 0x80)
    length--;
  snprintf (buffer, 48, "'%.*s%s'", length, text, length < (int) span.length ? "..." : "");
  return buffer;
}

static size_t
line_of (const struct reader *reader, struct span span)
{
  return sources_place (reader->sources, span.start).line;
}

/* Whether the statement has begun before the current token. */
static bool
is_within (const struct reader *reader)
{
  int token = reader->previous_token;
  return token > 0 && token != TOK_NEWLINE && token != TOK_START_PROGRAM && token != TOK_START_EXPRESSIONS
         && token != TOK_START_CLAIMS && token != TOK_START_KEY;
}

static bool
is_operand (int token)
{
  return token == TOK_NUMBER || token == TOK_NAME || token == TOK_STRING || token == TOK_FN || token == '(';
}

/* A bracket that was not closed on its line: said at the end of the line that it belongs to. */
static bool
report_unclosed (struct reader *reader, int token, const bool *expected)
{
  static const char closers[] = ")]}";
  if (!innermost (reader))
    return false;
  struct bracket open = *innermost (reader);
  char closer = open.sign == '(' ? ')' : open.sign == '[' ? ']' : '}';
  struct diagnostics *diagnostics = reader->diagnostics;
  bool line_over = open.sign == '{' ? reader->ended && reader->held.kind <= 0
                                    : token == TOK_NEWLINE || line_of (reader, reader->given) > line_of (reader, reader->previous);
  bool other = strchr (closers, token) && token && token != closer;
  if (!(line_over || (other && expected[(unsigned char) closer])))
    return false;
  struct span end = { reader->previous.start + reader->previous.length, 1 };
  if (open.sign == '{')
    diagnose (diagnostics, SEVERITY_ERROR, reader->given, "expected '}' before the end of the program");
  else if (other && !line_over)
    diagnose (diagnostics, SEVERITY_ERROR, reader->given, "expected '%c', found '%c'", closer, token);
  else
    diagnose (diagnostics, SEVERITY_ERROR, end, "expected '%c' before the end of the line", closer);
  diagnose (diagnostics, SEVERITY_NOTE, open.span, "to match this '%c'", open.sign);
  while (innermost (reader) && innermost (reader)->sign != '{')
    reader->brackets.used -= sizeof (struct bracket);
  return true;
}

/* A closing bracket that nothing opened. */
static bool
report_unopened (struct reader *reader, int token)
{
  char opening = token == ')' ? '(' : token == ']' ? '[' : token == '}' ? '{' : 0;
  if (!opening || innermost (reader))
    return false;
  diagnose (reader->diagnostics, SEVERITY_ERROR, reader->given, "'%c' without '%c'", token, opening);
  return true;
}

/* Where the statement of the last token begins. */
static const char *
statement_start (const struct reader *reader)
{
  const char *at = sources_text (reader->sources, reader->previous), *start = at;
  const char *line = sources_place (reader->sources, reader->previous.start).line_start;
  while (start > line && !strchr (";{}", start[-1]))
    start--;
  while (start < at && *start == ' ')
    start++;
  return start;
}

/* Whether a comma stands between two digits, as many languages have it in a number. */
static bool
is_decimal (const struct reader *reader)
{
  const struct source *source = sources_find (reader->sources, reader->given.start);
  const char *comma = sources_text (reader->sources, reader->given);
  return comma > source->text && strchr ("0123456789", comma[-1]) && comma + 1 < source->text + source->size && comma[1] >= '0'
         && comma[1] <= '9';
}

/* What other notations mean by a token that cannot stand where it is: how that is written here, or nothing. */
static const char *
advice (const struct reader *reader, int token)
{
  static const char as_answer[] = "; an answer is written dy/dx = 2*x";
  const char *given = sources_text (reader->sources, reader->given), *previous = sources_text (reader->sources, reader->previous);
  const char *start = statement_start (reader);
  size_t before = (size_t) (previous - start);
  switch (token)
    {
    case '=':
      if (reader->goal == PARSE_KEY)
        return "; a key has lines such as dy/dx: 2, two points";
      return is_within (reader) && reader->previous_token != '=' ? "; == compares" : "";
    case 0:
    case TOK_NEWLINE:
      return reader->goal == PARSE_CLAIMS && reader->previous_token != '=' && !memchr (start, '=', before) ? as_answer : "";
    case ':':
      if (reader->goal == PARSE_CLAIMS)
        return as_answer;
      return reader->previous_token == TOK_NAME && !before ? "; = assigns" : "";
    case ',':
      if (reader->previous_token != TOK_NUMBER || innermost (reader))
        return "";
      if (memchr (start, ',', before))
        return "; values to unpack stand in square brackets";
      return is_decimal (reader) ? "; decimals have a point" : "; a statement ends with ;";
    case '/':
      return previous + reader->previous.length == given && reader->previous_token == '/' ? "; # begins a comment" : "";
    case TOK_IF:
      return is_within (reader) ? "; c ? a : b chooses a value" : "";
    default:
      return "";
    }
}

/* `missing` is what the grammar waits for among much else, or NULL. */
static void
report_other (struct reader *reader, const yypcontext_t *context, const char *missing, const char *found)
{
  enum { FEW = 4 };
  yysymbol_kind_t expected[FEW];
  int count = yypcontext_expected_tokens (context, expected, FEW);
  char after[48], list[200] = "";
  if (is_within (reader))
    quote (reader, reader->previous, after);
  else
    *after = 0;
  size_t used = 0;
  for (int i = 0; i < count; i++)
    used += (size_t) snprintf (list + used, sizeof list - used, "%s%s", i == 0 ? "" : i + 1 < count ? ", " : " or ",
                               yysymbol_name (expected[i]));
  if (count > 0 || missing)
    diagnose (reader->diagnostics, SEVERITY_ERROR, reader->given, "expected %s%s%s, found %s%s", missing ? missing : list,
              *after ? " after " : "", after, found, advice (reader, reader->current_token));
  else
    diagnose (reader->diagnostics, SEVERITY_ERROR, reader->given, "did not expect %s%s%s%s", found, *after ? " after " : "",
              after, advice (reader, reader->current_token));
}

/* Whether a product is meant by a number before a name: `2x`, but not `0x1F`, `1e`, or the end of an exponent. */
static bool
is_product (const struct reader *reader, int token)
{
  const char *number = sources_text (reader->sources, reader->previous);
  const char *name = sources_text (reader->sources, reader->given);
  const struct source *source = sources_find (reader->sources, reader->previous.start);
  if (reader->previous_token != TOK_NUMBER || token != TOK_NAME || (number > source->text && number[-1] == '^'))
    return false;
  bool adjacent = number + reader->previous.length == name;
  bool is_prefix = reader->previous.length == 1 && *number == '0' && strchr ("xXbBoO", *name);
  bool is_exponent = reader->given.length == 1 && (*name == 'e' || *name == 'E');
  return !(adjacent && (is_prefix || is_exponent));
}

/* Whether the statement of the last token begins as one with a block does. */
static bool
is_condition (const struct reader *reader)
{
  static const char *const words[] = { "if ", "elif ", "while ", "for " };
  const char *at = sources_text (reader->sources, reader->previous), *start = statement_start (reader);
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if ((size_t) (at - start) >= strlen (words[i]) && memcmp (start, words[i], strlen (words[i])) == 0)
      return true;
  return false;
}

/* Two operands beside each other; before a block (`if x == 3 then`) the brace may be what is missing. */
static void
report_no_operator (struct reader *reader, int token)
{
  bool apart = reader->previous.start + reader->previous.length < reader->given.start;
  bool block = apart && is_condition (reader);
  struct span both = span_join (reader->previous, reader->given);
  char correction[100], before[48], here[48];
  bool numbers = reader->previous_token == TOK_NUMBER && token == TOK_NUMBER;
  bool assigns = apart && !block && token == TOK_NAME && !innermost (reader) && sources_follows (reader->sources, reader->given, "=")
                 && !sources_follows (reader->sources, reader->given, "==");
  const char *meant = assigns                                                            ? "; a statement ends with ;"
                      : reader->previous_token == TOK_NAME && apart && !block && reader->goal != PARSE_KEY ? "; a call has brackets, a product has *"
                      : reader->previous_token == ')' && !block                          ? "; a product has *"
                      : reader->goal == PARSE_KEY && token == TOK_NUMBER                 ? "; points stand after ':', as in dy/dx: 2"
                      : numbers && innermost (reader) && innermost (reader)->sign == '[' ? "; commas stand between elements"
                                                                                         : "";
  snprintf (correction, sizeof correction, "%.*s*%.*s", (int) (reader->previous.length > 40 ? 40 : reader->previous.length),
            sources_text (reader->sources, reader->previous), (int) (reader->given.length > 40 ? 40 : reader->given.length),
            sources_text (reader->sources, reader->given));
  diagnose_correction (reader->diagnostics, both, !block && !assigns && is_product (reader, token) ? correction : NULL,
                       "expected %san operator between %s and %s%s", block ? "'{' or " : "",
                       quote (reader, reader->previous, before), quote (reader, reader->given, here), meant);
}

static int
yyreport_syntax_error (const yypcontext_t *context, struct reader *reader)
{
  reader->errors++;
  if (reader->too_deep)
    return 0;
  yysymbol_kind_t all[YYNTOKENS];
  int count = yypcontext_expected_tokens (context, all, YYNTOKENS);
  bool expected[256] = { false }, operand = false, comparison = false;
  for (int i = 0; i < count; i++)
    {
      const char *name = yysymbol_name (all[i]);
      if (name[0] == '\'' && name[2] == '\'')
        expected[(unsigned char) name[1]] = true;
      operand |= all[i] == YYSYMBOL_NUMBER;
      comparison |= all[i] == YYSYMBOL_EQUAL;
    }
  bool operator = expected['+'];
  int token = reader->current_token;
  char before[48], here[48];
  bool at_end = token == TOK_NEWLINE || token == 0;
  const char *found = token == 0 || (token == TOK_NEWLINE && reader->ended && reader->held.kind == 0 && reader->goal == PARSE_EXPRESSIONS)
                        ? "the end"
                      : at_end ? "the end of the line" : quote (reader, reader->given, here);
  bool compares = token == TOK_EQUAL || token == TOK_UNEQUAL || token == TOK_LESS_EQUAL || token == TOK_GREATER_EQUAL
                  || token == '<' || token == '>';
  if (operand && is_within (reader) && (at_end || !report_unclosed (reader, token, expected)))
    diagnose (reader->diagnostics, SEVERITY_ERROR, at_end ? reader->previous : reader->given,
              "expected %s after %s, found %s%s",
              reader->goal == PARSE_KEY && reader->previous_token == ':' ? "a number of points" : "a number, a name or '('", quote (reader, reader->previous, before), found,
              advice (reader, token));
  else if (operand && !is_within (reader)
           && !(reader->ended && report_unclosed (reader, token, expected)) && !(token == '}' && report_unopened (reader, token)))
    diagnose (reader->diagnostics, SEVERITY_ERROR, reader->given,
              at_end ? "expected an expression, found %s" : "unexpected %s at the start of a statement", found);
  else if (operand || report_unclosed (reader, token, expected) || report_unopened (reader, token))
    ;
  else if (compares && !comparison && operator)
    diagnose (reader->diagnostics, SEVERITY_ERROR, reader->given, "comparisons do not chain; write a < b && b < c");
  else if (expected['{'] && at_end)
    report_other (reader, context, "'{'", found);
  else if (operator && is_operand (token))
    report_no_operator (reader, token);
  else
    report_other (reader, context, expected[':'] && at_end ? "':'" : NULL, found);
  return 0;
}

bool
parse (struct syntax *syntax, struct names *names, struct diagnostics *diagnostics, size_t first, size_t count,
       enum parse_goal goal, const struct taker *taker)
{
  struct reader reader = { .syntax = syntax, .names = names, .diagnostics = diagnostics, .sources = diagnostics->sources,
                           .goal = goal, .taker = taker, .source = first, .last = first + count, .previous_token = -1, .current_token = -1 };
  /* The goal's token comes first. */
  static const int starts[] = { TOK_START_PROGRAM, TOK_START_EXPRESSIONS, TOK_START_CLAIMS, TOK_START_KEY };
  reader.held.kind = starts[goal];
  if (count == 0)
    return true;
  scan_open (&reader, &reader.scanner);
  area_open_small (&reader.brackets, names->memory, USUAL_NESTING * sizeof (struct bracket),
                   NESTING_LIMIT * sizeof (struct bracket), "the parser");
  bool failed = yyparse (&reader) != 0;
  scan_close (reader.scanner);
  area_close (&reader.brackets);
  return !failed && !reader.errors;
}

bool
parse_text (struct syntax *syntax, struct names *names, const char *text, size_t size)
{
  struct sources sources = { 0 };
  struct diagnostics mute = { .sources = &sources, .memory = names->memory, .mute = true };
  sources_add (&sources, names->memory, "", text, size);
  bool good = parse (syntax, names, &mute, 0, 1, PARSE_EXPRESSIONS, NULL);
  sources_free (&sources);
  return good;
}
