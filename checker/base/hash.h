/*
 * SHA-256 (FIPS 180-4), for ids of contents.
 */
#ifndef PAWL_BASE_HASH_H
#define PAWL_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

enum { HASH_HEX_SIZE = 65 };

struct hash {
	uint32_t state[8];
	uint64_t size;
	unsigned char block[64];
};

void hash_init(struct hash *h);
void hash_add(struct hash *h, const void *at, size_t size);
/* The digest as 64 lower-case hexadecimal digits and a NUL. */
void hash_finish(struct hash *h, char hex[HASH_HEX_SIZE]);
/* All three in one. */
void hash_bytes(const void *at, size_t size, char hex[HASH_HEX_SIZE]);

#endif
