/* Any bytes as a file of callgrind. */
#include "any_profile.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	try_profile(&profile_format_callgrind, data, size);
	return 0;
}
