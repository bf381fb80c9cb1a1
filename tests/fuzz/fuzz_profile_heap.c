/* Any bytes as a heap profile that is text. */
#include "any_profile.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	try_profile(&profile_format_heap, data, size);
	return 0;
}
