/*
 * Rust's names of the scheme v0 (RFC 2603): "_RNvCs1234_3foo3bar".
 */
#ifndef PAWL_SYMBOL_NAME_RUST_H
#define PAWL_SYMBOL_NAME_RUST_H

#include "base/arena.h"

/* The name as people write it, without hashes; NULL for what is none, is damaged or becomes longer than 64 KiB. */
const char *name_rust_v0(struct arena *a, const char *raw);

#endif
