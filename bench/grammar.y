/* grammar.y -- the grammar of the language without a single action: what reading a program costs at least with
   Flex and Bison. The twin of the workloads text and window. `else` and `elif` stand on the line of the brace
   before them, the one liberty of the language that is missing here. */
%{
#include <stdio.h>

extern FILE *yyin;
int yylex (void);

static void
yyerror (const char *message)
{
  fprintf (stderr, "grammar: %s\n", message);
}
%}

%expect 0

%token NEWLINE IF ELIF ELSE WHILE FOR IN BREAK CONTINUE DEF RETURN FN CONST PRINT ASSERT
%token NUMBER NAME STRING AUGMENT TRANSPOSE

%precedence LOOSEST
%right '?' ':'
%left OR
%left AND
%precedence NOT
%nonassoc EQUAL UNEQUAL '<' LESS_EQUAL '>' GREATER_EQUAL
%left '+' '-'
%left '*' '/' '%' '@'
%precedence UNARY
%right '^'

%%

statements: %empty | statements NEWLINE | statements statement NEWLINE;

block: '{' statements '}' | '{' statements statement '}';

statement:
  expressions
| expressions '=' expression
| CONST NAME '=' expression
| expressions AUGMENT expression
| DEF NAME '(' names ')' block
| IF expression block branches
| WHILE expression block
| FOR NAME IN index block
| BREAK
| CONTINUE
| RETURN
| RETURN expression
| PRINT expressions
| ASSERT expressions
;

branches: %empty | ELIF expression block branches | ELSE block;

names: %empty | name_list;

name_list: NAME | name_list ',' NAME;

expressions: expression | expressions ',' expression;

expression:
  postfix
| FN '(' names ')' expression %prec LOOSEST
| expression '?' expression ':' expression
| expression OR expression
| expression AND expression
| NOT expression
| expression EQUAL expression
| expression UNEQUAL expression
| expression '<' expression
| expression LESS_EQUAL expression
| expression '>' expression
| expression GREATER_EQUAL expression
| expression '+' expression
| expression '-' expression
| expression '*' expression
| expression '/' expression
| expression '%' expression
| expression '@' expression
| '-' expression %prec UNARY
| '+' expression %prec UNARY
| expression '^' expression
;

postfix:
  NAME
| NUMBER
| STRING
| '(' expression ')'
| '[' elements ']'
| postfix '(' arguments ')'
| postfix '[' indices ']'
| postfix TRANSPOSE
;

elements: %empty | expressions;

arguments: %empty | argument_list;

argument_list: argument | argument_list ',' argument;

argument: expression | NAME '=' expression;

indices: index | indices ',' index;

index: expression | bound ':' bound | bound ':' bound ':' bound;

bound: %empty | expression;

%%

int
main (int argc, char **argv)
{
  if (argc != 2 || !(yyin = fopen (argv[1], "r")))
    {
      fprintf (stderr, "usage: grammar FILE\n");
      return 2;
    }
  return yyparse ();
}
