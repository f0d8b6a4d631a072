/* print_statement.c -- what `print` shows. */
#include "base/number.h"
#include "machine/run.h"

static void
print_number (FILE *out, enum type type, double number)
{
  char text[NUMBER_SIZE];
  if (type == TYPE_BOOLEAN)
    fputs (number != 0 ? "true" : "false", out);
  else
    fwrite (text, 1, number_print (text, number, 0), out);
}

/* Nested brackets, a line for each innermost row, by counting up the position of the element. */
static void
print_array (FILE *out, const struct array *array)
{
  int rank = array->shape.rank;
  size_t at[RANK_LIMIT] = { 0 };
  if (array->size == 0)
    fputs ("[]", out);
  for (size_t i = 0; i < array->size; i++)
    {
      int open = rank;
      while (open > 0 && at[open - 1] == 0)
        open--;
      if (i > 0 && open < rank)
        fprintf (out, ",\n%*s", open, "");
      else if (i > 0)
        fputs (", ", out);
      for (int k = open; k < rank; k++)
        putc ('[', out);
      print_number (out, array->type, array->elements[i]);
      for (int k = rank; k-- > 0;)
        {
          if (++at[k] < array->shape.extent[k])
            break;
          at[k] = 0;
          putc (']', out);
        }
    }
}

void
print_value (FILE *out, const struct value *value)
{
  char text[VALUE_TEXT];
  if (value_is_number (value))
    print_number (out, value_type (value), value->number);
  else if (value->kind == KIND_ARRAY)
    print_array (out, value->array);
  else if (value->kind == KIND_STRING)
    fputs (value->string, out);
  else
    fputs (value_describe (text, value), out);
}
