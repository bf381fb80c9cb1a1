/* Any bytes as Bencher's JSON. */
#include "any_format.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	try_format(&input_bencher, data, size);
	return 0;
}
