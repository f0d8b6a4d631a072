/* options_policy.h -- which options go with which. */
#ifndef GRADCALC_OPTIONS_POLICY_H
#define GRADCALC_OPTIONS_POLICY_H

#include <stdint.h>

#include "base/diagnostic.h"
#include "report/report.h"

/* What a command can ask for, as far as it meets with other things. First what takes the place of gradients, then what
   changes a part of the work, then formats, in the order of enum format. */
enum asked
{
  ASKED_JACOBIAN,
  ASKED_HESSIAN,
  ASKED_ALONG,
  ASKED_VALUE,
  ASKED_FORMULA,
  ASKED_CHECK,
  ASKED_LIST,
  ASKED_CLAIM,
  ASKED_ANSWERS,
  ASKED_OWN_CLAIMS, /* those that the program states */
  ASKED_WRT,
  ASKED_TARGET,
  ASKED_SUM,
  ASKED_UPSTREAM,
  ASKED_SPARSE,
  ASKED_UNCONNECTED,
  ASKED_STRICT,
  ASKED_PRECISION,
  ASKED_LAYOUT,
  ASKED_WIDE,            /* --layout=wide */
  ASKED_SPARSE_JACOBIAN, /* -J and --sparse */
  ASKED_POINTS,
  ASKED_RTOL,
  ASKED_ATOL,
  ASKED_REVEAL,
  ASKED_OUTPUT,
  ASKED_FORMAT,
  ASKED = ASKED_FORMAT + FORMATS
};

/* One bit for each. */
typedef uint64_t asked_set;
#define ASKED_BIT(asked) ((asked_set)1 << (asked))

/* Whether what was asked goes together; else a message that names two options, or one and what it needs. As long as it
   is not `known` whether the program states claims, what needs them is let pass. */
bool options_agree (asked_set asked, bool known, struct diagnostics *diagnostics);

#endif
