/*
 * How long a C++ name may become when it is demangled.
 *
 * A mangled name may say "the same type again", so that 1 KB stands for more text than there is memory, and the demangler
 * of the C++ library writes it all.  This counts without writing.
 */
#ifndef PAWL_SYMBOL_NAME_BOUND_H
#define PAWL_SYMBOL_NAME_BOUND_H

#include <stddef.h>
#include <stdint.h>

enum { NAME_BOUND_MOST = 4096 }; /* bytes of a name that are looked at */

/* No demangled form of the name (which begins with _Z) has more bytes.  UINT64_MAX: too many to be worth it, or not known. */
uint64_t name_bound(const char *raw, size_t size);

#endif
