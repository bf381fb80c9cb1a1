/*
 * The library that is put into programs, inside this program: so it is always there, and of this very version.
 *
 * The assembler takes it in, since C17 has no #embed.  PRELOAD_LIBRARY is its path, from where make runs.
 */
#include "sampler/preload_library.h"

__asm__(".pushsection .rodata\n"
	".globl preload_library\n"
	".type preload_library, %object\n"
	"preload_library:\n"
	".incbin \"" PRELOAD_LIBRARY "\"\n"
	".size preload_library, . - preload_library\n"
	".globl preload_library_end\n"
	"preload_library_end:\n"
	".popsection\n");
