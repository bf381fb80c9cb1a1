/*
 * Names of functions in profiles: the same function in two builds, and the benchmark's own.
 */
#ifndef PAWL_FLOW_ATTRIBUTE_NAMES_H
#define PAWL_FLOW_ATTRIBUTE_NAMES_H

#include "base/text.h"
#include "flow/attribute.h"

#include <stdbool.h>

/* The part of the name that both builds share: without the marks of clones (".constprop.0", " [clone .cold]") and, in a
 * library without symbols, without the address. */
struct str function_clean(struct str name);

/* Whether `name` is `wanted`, in whatever namespace or package and with whatever arguments and template parameters. */
bool function_is(struct str name, const char *wanted);

bool scope_has_name(const struct attribute_scope *scope, const char *name);
bool scope_has_runner(const struct attribute_scope *scope, const char *name);

/* Whether the scope is everything. */
bool scope_is_all(const struct attribute_scope *scope);

/* Whether stacks of threads begin with that function, so that a stack that does is whole. */
bool function_starts_thread(const char *name);

#endif
