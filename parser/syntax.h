/* syntax.h -- what a program says, as nodes in postorder. */
#ifndef GRADCALC_SYNTAX_H
#define GRADCALC_SYNTAX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/diagnostic.h"
#include "base/memory.h"
#include "base/names.h"
#include "base/source.h"

/* Every node stands after its operands, in the order in which a reader of the text meets them, so that one pass with a
   stack compiles it. Nodes that end in _TEST, _ELSE, _LEFT, _BEGIN stand between operands, where a jump goes out or
   comes in.

     kind            payload                   after
     NUMBER          index of the number       -
     NAME            name                      - (`op` is NAME_..., or 0)
     PARAM           name                      - (`op` is for the compiler: 1 where derivatives are taken in it)
     STRING          index of the string       -
     UNARY, BINARY   -                         its operands; `op` says which
     LOGIC_LEFT      -                         the left operand of && or ||; `op` says which
     LOGIC           -                         both operands
     CHOICE_TEST     -                         the condition of c ? a : b
     CHOICE_ELSE     -                         a
     CHOICE          -                         b
     KEYWORD         name                      the value of a keyword argument
     CALL            number of arguments       the function, the arguments
     SLICE           SLICE_START ... bits      the parts that are there
     INDEX           number of indices         the array, the indices
     TRANSPOSE       -                         its operand
     ARRAY           number of elements        the elements
     FUNCTION_BEGIN  number of parameters      PARAMs; `op` is FUNCTION_...
     FUNCTION_END    -                         the body
     DEFINE          name                      FUNCTION_END: binds a name to it
     TARGET          name                      - (the left side of an assignment; `op` is 1 with `const`)
     TARGET_INDEX    number of indices         TARGET, the indices
     ASSIGN          number of targets         targets, the right side; `op` is 0 or the operator of += and the like
     EXPRESSION      -                         an expression alone
     IF_TEST         -                         a condition
     IF_ELSE         -                         a block that another branch follows; `op` is 1 before `elif`
     IF_END          number of tests           the last block
     WHILE_BEGIN, WHILE_TEST, WHILE_END        before the condition, after it, after the block
     FOR_BEGIN       name                      SLICE or an expression
     FOR_END, BREAK, CONTINUE
     RETURN          1 with a value            its value
     PRINT, ASSERT   number of operands        its operands
     CLAIM           name, or -                - (the left side of a claim; `name` plus one when it is a name alone)
     CLAIMED         -                         CLAIM, the right side
     NOTHING         -                         a node that was rewritten away  */
enum syntax_kind
{
  SYNTAX_NOTHING,
  SYNTAX_NUMBER,
  SYNTAX_NAME,
  SYNTAX_PARAM,
  SYNTAX_STRING,
  SYNTAX_UNARY,
  SYNTAX_BINARY,
  SYNTAX_LOGIC_LEFT,
  SYNTAX_LOGIC,
  SYNTAX_CHOICE_TEST,
  SYNTAX_CHOICE_ELSE,
  SYNTAX_CHOICE,
  SYNTAX_KEYWORD,
  SYNTAX_CALL,
  SYNTAX_SLICE,
  SYNTAX_INDEX,
  SYNTAX_TRANSPOSE,
  SYNTAX_ARRAY,
  SYNTAX_FUNCTION_BEGIN,
  SYNTAX_FUNCTION_END,
  SYNTAX_DEFINE,
  SYNTAX_TARGET,
  SYNTAX_TARGET_INDEX,
  SYNTAX_ASSIGN,
  SYNTAX_EXPRESSION,
  SYNTAX_IF_TEST,
  SYNTAX_IF_ELSE,
  SYNTAX_IF_END,
  SYNTAX_WHILE_BEGIN,
  SYNTAX_WHILE_TEST,
  SYNTAX_WHILE_END,
  SYNTAX_FOR_BEGIN,
  SYNTAX_FOR_END,
  SYNTAX_BREAK,
  SYNTAX_CONTINUE,
  SYNTAX_RETURN,
  SYNTAX_PRINT,
  SYNTAX_ASSERT,
  SYNTAX_CLAIM,
  SYNTAX_CLAIMED,
  SYNTAX_KINDS
};

/* How a name is meant that is not just the value of a variable. The parser makes only the first of these. */
enum
{
  NAME_CALLED = 1,
  NAME_FIRST,   /* the first value that was bound to it */
  NAME_BUILT_IN /* the function of ops.def that is called, whatever the program calls so */
};

/* The operators of the grammar. */
enum sign
{
  SIGN_NONE,
  SIGN_OR,
  SIGN_AND,
  SIGN_NOT,
  SIGN_EQUAL,
  SIGN_UNEQUAL,
  SIGN_LESS,
  SIGN_LESS_EQUAL,
  SIGN_GREATER,
  SIGN_GREATER_EQUAL,
  SIGN_PLUS,
  SIGN_MINUS,
  SIGN_TIMES,
  SIGN_OVER,
  SIGN_MODULO,
  SIGN_MATMUL,
  SIGN_POWER,
  SIGNS
};

enum
{
  SLICE_START = 1,
  SLICE_STOP = 2,
  SLICE_STEP = 4
};
enum function_form
{
  FUNCTION_ANONYMOUS,
  FUNCTION_SHORT,
  FUNCTION_LONG
};

enum
{
  NESTING_LIMIT = 10000
};

struct node
{
  uint32_t start; /* the span; a length of UINT16_MAX is that or more */
  uint32_t payload;
  uint16_t length;
  uint8_t kind;
  uint8_t op;
};

struct string
{
  uint32_t start, size; /* in `characters` */
};

/* Who wants the statements outside of blocks while they are read, some at a time: what was taken is forgotten. */
struct taker
{
  void (*take) (void *data);
  void *data;
};

struct syntax
{
  struct area nodes;      /* struct node */
  struct area numbers;    /* double */
  struct area strings;    /* struct string */
  struct area characters; /* of the strings, escapes resolved, each ended by NUL */
  bool forgotten;         /* nodes were taken, or let go of */
};

void syntax_open (struct syntax *syntax, struct memory *memory);
void syntax_close (struct syntax *syntax);

enum parse_goal
{
  PARSE_PROGRAM,
  PARSE_EXPRESSIONS,
  PARSE_CLAIMS,
  PARSE_KEY
};

/* Parses `count` sources from `first` as one program, as expressions separated by commas (each ended by an EXPRESSION
   node), as claims (`dloss/dw = expression`), one a line, or as claims of which a key asks for so many points
   (`dloss/dw: 2`, or 1), whose right side that number is, and appends to `syntax`. Errors go to `diagnostics`; false
   when there were any. With a `taker`, the nodes in `syntax` are handed over whenever a few thousand are there, until
   there is an error; the last ones stay. */
bool parse (struct syntax *syntax, struct names *names, struct diagnostics *diagnostics, size_t first, size_t count,
            enum parse_goal goal, const struct taker *taker);

/* Appends an expression that a table of the program has as a text; false, without a message, if it is none. */
bool parse_text (struct syntax *syntax, struct names *names, const char *text, size_t size);

/* One line a node, for developers. */
void syntax_dump (const struct syntax *syntax, const struct names *names, FILE *out);

static inline struct span
node_span (const struct node *node)
{
  return (struct span){ node->start, node->length };
}

#endif
