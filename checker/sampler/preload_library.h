/*
 * The bytes of the library that is put into programs (checker/preload/).
 */
#ifndef PAWL_SAMPLER_PRELOAD_LIBRARY_H
#define PAWL_SAMPLER_PRELOAD_LIBRARY_H

extern const char preload_library[], preload_library_end[];

#endif
