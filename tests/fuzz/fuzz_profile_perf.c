/* Any bytes as what perf script prints. */
#include "any_profile.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	try_profile(&profile_format_perf, data, size);
	return 0;
}
