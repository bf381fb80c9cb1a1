/*
 * Names of functions as people write them.
 *
 * C++ (Itanium ABI) and Rust's two schemes are demangled; other schemes stay raw, and so does what the demangler of the C++
 * library refuses (names of more than 1023 bytes) or would take without bound.
 */
#ifndef PAWL_SYMBOL_NAME_H
#define PAWL_SYMBOL_NAME_H

#include "base/arena.h"

#include <stddef.h>

/* Bytes of a linker's name without the marks of copies that compilers make of a function: ".constprop.0", ".isra.0",
 * ".part.0", ".cold", ".llvm.123", ".lto_priv.0" and others, several in a row, too. */
size_t name_base_size(const char *raw);

/* The name without such marks, demangled; `raw` itself where there is nothing to do. */
const char *name_clean(struct arena *a, const char *raw);

/* Demangled only: for names of languages in which a mark of a clone would be an ordinary name. */
const char *name_demangle(struct arena *a, const char *raw);

#endif
