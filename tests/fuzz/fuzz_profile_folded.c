/* Any bytes as folded stacks. */
#include "any_profile.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	try_profile(&profile_format_folded, data, size);
	return 0;
}
