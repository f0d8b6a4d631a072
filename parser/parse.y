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
#include "base/heap.h"
#include "scan.h"
#include "targets.h"
#include "unexpected.h"

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
static void begin_claim (struct reader *reader, uint32_t left, struct span span);
static void add_one (struct reader *reader, struct span span);
static void end_assignment (struct reader *reader, struct span span, struct list left, uint32_t function);
static void spoil (struct reader *reader, struct span span, const char *message);
static void hand_over (struct reader *reader);

#define ADD(location, kind, op, payload) add (reader, (location), SYNTAX_##kind, (op), (payload))
#define BINARY(location, sign) add (reader, (location), SYNTAX_BINARY, SIGN_##sign, 0)
}

%token START_PROGRAM START_EXPRESSIONS START_CLAIMS START_KEY
%token NEWLINE "the end of the line" SEMICOLON "';'" END 0 "the end of the program"
%token IF "'if'" ELIF "'elif'" ELSE "'else'" WHILE "'while'" FOR "'for'" IN "'in'" BREAK "'break'" CONTINUE "'continue'"
%token DEF "'def'" RETURN "'return'" FN "'fn'" CONST "'const'" PRINT "'print'" ASSERT "'assert'" CLAIM "'claim'"
%token ADD_TO "'+='" SUBTRACT_FROM "'-='" MULTIPLY_BY "'*='" DIVIDE_BY "'/='" RAISE_TO "'^='"
%token TRANSPOSE "'''" EQUAL "'=='" UNEQUAL "'!='" LESS_EQUAL "'<='" GREATER_EQUAL "'>='" OR "'or'" AND "'and'" NOT "'not'"
%token <uint64_t> NUMBER "a number" NAME "a name" STRING "a string"

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

/* Most values are wholes of a register: what is written in halves and read in one waits for both. */
%type <uint64_t> expression claimed postfix base if_chain tests parameters names
%type <struct list> expressions arguments indices
%type <uint64_t> augment low high

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
| expressions[left] '='                 { spoil (reader, @left, targets_or_head (reader->syntax, $left.first, $left.count, &$<uint32_t>$)); }[function]
    expression                          { end_assignment (reader, @$, $left, $<uint32_t>function); }
| CONST expressions[left] '='           { spoil (reader, @left, targets_single (reader->syntax, $left.first, $left.count, true)); }
    expression                          { ADD (@$, ASSIGN, 0, 1); }
| expressions[left] augment             { spoil (reader, @left, targets_single (reader->syntax, $left.first, $left.count, false)); }
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
| FN                                    { $<uint64_t>$ = position (reader); }[first]
    '(' parameters[n] ')'               { ADD (@1, FUNCTION_BEGIN, FUNCTION_ANONYMOUS, $n); }
    expression[body]                    %prec LOOSEST { $$ = $<uint64_t>first; ADD (@$, FUNCTION_END, FUNCTION_ANONYMOUS, 0); }
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
                                        { $<uint64_t>$ = position (reader); }[first]
  index                                 { $$ = (struct list){ $<uint64_t>first, 1 }; }
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

/* Where `message` is NULL nothing is wrong. */
static void
spoil (struct reader *reader, struct span span, const char *message)
{
  if (!message)
    return;
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

/* What stands before '=' in a claim is looked at as text: in the place of its nodes comes one that says where it is, and
   which name when it is a name alone. */
static void
begin_claim (struct reader *reader, uint32_t left, struct span span)
{
  const struct node *node = node_at (reader, left);
  bool name = position (reader) == left + 1 && node->kind == SYNTAX_NAME;
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

/* The tokens of the scanner, led by the goal's, with a line end before the end of the text, and without a line end before
   `else`, `elif` and `{`: for that one token is read ahead. */
static int
yylex (YYSTYPE *value, YYLTYPE *location, struct reader *reader)
{
  reader->previous = reader->given;
  reader->previous_token = reader->current_token;
  const struct token *token = reader->held;
  struct token newline;
  reader->held = NULL;
  if (!token)
    token = next_token (reader);
  if (token->kind == TOK_NEWLINE)
    {
      newline = *token;
      do
        token = next_token (reader);
      while (token->kind == TOK_NEWLINE);
      if (token->kind != TOK_ELSE && token->kind != TOK_ELIF && token->kind != '{')
        {
          reader->held = token;
          token = &newline;
        }
    }
  int kind = token->kind;
  if (kind == 0 && !reader->ended)
    {
      reader->ended = true;
      reader->held = token;
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

/* What could stand in the place of a token that cannot. */
static int
yyreport_syntax_error (const yypcontext_t *context, struct reader *reader)
{
  yysymbol_kind_t tokens[YYNTOKENS];
  struct expected expected = { .count = yypcontext_expected_tokens (context, tokens, YYNTOKENS) };
  for (int i = 0; i < expected.count; i++)
    {
      const char *name = yysymbol_name (tokens[i]);
      if (name[0] == '\'' && name[2] == '\'')
        expected.signs[(unsigned char) name[1]] = true;
      if (i < EXPECTED_FEW)
        expected.names[i] = name;
      expected.operand |= tokens[i] == YYSYMBOL_NUMBER;
      expected.comparison |= tokens[i] == YYSYMBOL_EQUAL;
    }
  unexpected (reader, &expected);
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
  reader.held = &(struct token){ .kind = starts[goal] };
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
