/* latex_report.c -- reports as equations in LaTeX. */
#include "report/certainty_report.h"
#include "report/derivation_report.h"
#include "report/latex.h"

/* `d loss` or `\partial loss`, of several elements with their positions. */
static void
print_element_of (struct printer *printer, const struct report *report, const char *sign,
                  const struct quantity *quantity, const size_t *element)
{
  print_text (printer, sign);
  if (element)
    latex_element (printer, quantity, *element, report->names);
  else
    latex_name (printer, quantity->name, report->names);
}

/* Behind an equation: what is certain of an array, if that was asked. */
static void
print_certain (struct printer *printer, const struct report *report, const struct shape *shape,
               const struct certainty *certainty)
{
  if (!certainty)
    return;
  print_text (printer, " \\quad \\text{(");
  certainty_say (printer, report, shape, certainty);
  print_text (printer, ")}");
}

/* The end of an equation: what a derivative is, or the word for that there is none. */
static void
print_certain_derivative (struct printer *printer, const struct report *report, const struct shape *shape,
                          const double *elements, const struct certainty *certainty)
{
  print_text (printer, " = ");
  if (elements || report->zero_unconnected)
    latex_array (printer, TYPE_REAL, shape, elements);
  else
    print_text (printer, "\\text{none}");
  print_certain (printer, report, shape, elements ? certainty : NULL);
  print_char (printer, '\n');
}

static void
print_derivative (struct printer *printer, const struct report *report, const struct shape *shape,
                  const double *elements)
{
  print_certain_derivative (printer, report, shape, elements, NULL);
}

static void
print_fraction (struct printer *printer, const struct report *report, size_t target, size_t source,
                const size_t element[2])
{
  print_text (printer, "\\frac{");
  print_element_of (printer, report, "\\partial ", &report->targets[target], element);
  print_text (printer, "}{");
  print_element_of (printer, report, "\\partial ", &report->sources[source], element ? &element[1] : NULL);
  print_char (printer, '}');
}

/* What stands at a pair of target and source: a derivative, or `\operatorname{share}(loss, w)`. */
static void
print_of_pair (struct printer *printer, const struct report *report, size_t target, size_t source)
{
  if (report->measure == MEASURE_GRADIENT)
    {
      print_fraction (printer, report, target, source, NULL);
      return;
    }
  print_element_of (printer, report,
                    report->measure == MEASURE_SHARE ? "\\operatorname{share}\\left("
                                                     : "\\operatorname{elasticity}\\left(",
                    &report->targets[target], NULL);
  print_element_of (printer, report, ", ", &report->sources[source], NULL);
  print_text (printer, "\\right)");
}

/* `\frac{\partial^2 loss}{\partial w \, \partial b}`. */
static void
print_second (struct printer *printer, const struct report *report, size_t target, const size_t source[2],
              const size_t *element)
{
  print_element_of (printer, report, "\\frac{\\partial^{2} ", &report->targets[target], NULL);
  for (int i = 0; i < 2; i++)
    print_element_of (printer, report, i ? " \\, \\partial " : "}{\\partial ", &report->sources[source[i]],
                      element ? &element[i] : NULL);
  print_char (printer, '}');
}

static void
print_hessian (struct printer *printer, const struct report *report, size_t target)
{
  size_t count = report->source_count, source[2];
  for (struct entry entry = { 0 }; report->sparse && report_next_entry (report, target, &entry);)
    {
      print_second (printer, report, target, entry.source, entry.element);
      print_derivative (printer, report, &(struct shape){ 0 }, entry.value);
    }
  for (source[0] = 0; source[0] < count && !report->sparse; source[0]++)
    for (source[1] = source[0]; source[1] < count; source[1]++)
      {
        struct shape shape = report_pair_shape (report, source[0], source[1]);
        bool there = report_has_pair (report, target, source[0], source[1]);
        print_second (printer, report, target, source, NULL);
        print_derivative (printer, report, &shape,
                          there ? report->hessians[target].blocks[source[0] * count + source[1]] : NULL);
      }
}

/* First derivatives: formulas, a direction's change, those of a Jacobian that can be other than 0, or arrays. */
static void
print_first (struct printer *printer, const struct report *report, size_t target)
{
  for (struct entry entry = { 0 }; report->jacobians && report_next_entry (report, target, &entry);)
    {
      print_fraction (printer, report, target, entry.source[1], entry.element);
      print_derivative (printer, report, &(struct shape){ 0 }, entry.value);
    }
  if (report->along)
    {
      bool deviation = report->measure == MEASURE_SHARE;
      print_element_of (printer, report, deviation ? "\\operatorname{sd}\\left(" : "\\mathrm{d}",
                        &report->targets[target], NULL);
      print_text (printer, deviation ? "\\right)" : "");
      print_derivative (printer, report, &report->targets[target].shape, report->along[target].elements);
    }
  for (size_t source = 0; report->gradients && !report->jacobians && source < report->source_count; source++)
    {
      size_t pair = target * report->source_count + source;
      const char *formula = report->formulas ? report->formulas[pair] : NULL;
      struct shape shape = report_shape (report, target, source);
      if (report->formulas && !formula)
        continue;
      print_of_pair (printer, report, target, source);
      if (formula)
        print_format (printer, " = %s\n", formula);
      else
        print_certain_derivative (printer, report, &shape, report_gradient (report, target, source)->elements,
                                  report->certain_gradients ? &report->certain_gradients[pair] : NULL);
    }
}

void
report_latex (const struct report *report, struct printer *printer)
{
  for (size_t i = 0; i < report->part_count; i++)
    print_format (printer, "%s = %s\n", report->parts[i].name, report->parts[i].text);
  if (report->workings)
    derivation_latex (report, printer);
  for (size_t target = 0; target < report->target_count && !report->workings; target++)
    {
      const struct quantity *of = &report->targets[target];
      if (!report->formulas)
        {
          print_element_of (printer, report, "", of, NULL);
          print_text (printer, " = ");
          latex_array (printer, of->type, &of->shape, of->elements);
          print_certain (printer, report, &of->shape, report->certain_values ? &report->certain_values[target] : NULL);
          print_char (printer, '\n');
        }
      (report->hessians ? print_hessian : print_first) (printer, report, target);
    }
}
