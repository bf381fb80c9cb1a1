/* Any bytes as a CPU profile of gperftools. */
#include "any_profile.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	try_profile(&profile_format_gperftools, data, size);
	return 0;
}
