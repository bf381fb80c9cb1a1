/* Any bytes as the JSON of pytest-benchmark. */
#include "any_format.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	try_format(&input_pytest, data, size);
	return 0;
}
