/*
 * Whether a library can be put into a program, by the program's file.
 */
#ifndef PAWL_SAMPLER_TARGET_H
#define PAWL_SAMPLER_TARGET_H

#include "base/arena.h"

/* Why a preloaded library does not enter the program, in words that begin with its name; NULL: nothing is against it.
 * `program` is looked up in PATH when it holds no '/', and from `folder` (NULL: this process's own). */
const char *target_refuses(struct arena *a, const char *program, const char *folder);

#endif
