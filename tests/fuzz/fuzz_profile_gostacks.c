/* Any bytes as the stacks of goroutines. */
#include "any_profile.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	try_profile(&profile_format_gostacks, data, size);
	return 0;
}
