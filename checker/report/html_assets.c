/*
 * html.css and html.js inside the program.
 *
 * The assembler takes them in, since C17 has no #embed: so both stay files that editors, linters and browsers know.  The
 * paths are from the root of the repository, where make runs.
 */
#include "report/html_assets.h"

#define ASSET(name, path)                                                                                              \
	__asm__(".pushsection .rodata\n"                                                                               \
		".globl " #name "\n"                                                                                   \
		".type " #name ", %object\n" #name ":\n"                                                               \
		".incbin \"" path "\"\n"                                                                               \
		".byte 0\n"                                                                                            \
		".size " #name ", . - " #name "\n"                                                                     \
		".popsection\n")

ASSET(html_style, "checker/report/html.css");
ASSET(html_script, "checker/report/html.js");
