/* The real functions, found behind this library. */
#include "hooks.h"

#include <gnu/lib-names.h>

static struct hooks real;
static int found;

static void *next(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

const struct hooks *hooks_real(void)
{
	if (__atomic_load_n(&found, __ATOMIC_ACQUIRE))
		return &real;
#define ROW(type, name, parameters) *(void **)&real.name = next(#name);
	HOOK_LIST(ROW)
#undef ROW
	__atomic_store_n(&found, 1, __ATOMIC_RELEASE);
	return &real;
}

void hooks_begin(void)
{
	void *libc = dlopen(LIBC_SO, RTLD_LAZY | RTLD_NOLOAD), *symbol;

	hooks_real();
	symbol = libc ? dlsym(libc, "sigaction") : NULL;
	if (symbol)
		*(void **)&real.sigaction = symbol;
}
