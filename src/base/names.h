/* names.h -- names as small numbers. */
#ifndef GRADCALC_NAMES_H
#define GRADCALC_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "base/memory.h"

/* Names interned once, numbered from 0 in order of first appearance. The texts are copied. */
struct names
{
  struct memory *memory;
  struct area table; /* slots: open addressing, linear probing, at most half full */
  size_t slot_count; /* a power of two, or 0 */
  size_t slots_used;
  struct area entries;          /* by number: where the text is */
  struct area text;             /* bytes of all names, each ended by NUL */
  struct name_family *families; /* names that differ in a number at their end: t1, t2, ...; NULL while there are few */
};

void names_open (struct names *names, struct memory *memory);
void names_close (struct names *names);

uint32_t names_intern (struct names *names, const char *text, size_t size);
/* Asks for the memory where a name will be looked up, and gives a ticket with which that is quick, or 0. */
uint32_t names_prefetch (const struct names *names, const char *text, size_t size);
/* The number of a name that a ticket stands for, plus one; 0 when it must be interned. */
uint32_t names_find_ticket (const struct names *names, uint32_t ticket);
uint32_t names_intern_ticket (struct names *names, uint32_t ticket, const char *text, size_t size);
/* The number of a name that is there, or UINT32_MAX. */
uint32_t names_find (const struct names *names, const char *text, size_t size);
const char *names_text (const struct names *names, uint32_t name);
size_t names_count (const struct names *names);

/* Whether a text has the form of a name: letters of any alphabet, digits and underscores, no digit first. */
bool names_is_name (const char *text, size_t size);

#endif
