/* Any bytes as a text that Go writes with debug=1. */
#include "any_profile.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	try_profile(&profile_format_gotext, data, size);
	return 0;
}
