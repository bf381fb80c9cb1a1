/* Any bytes as the XML of Catch2. */
#include "any_format.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	try_format(&input_catch2, data, size);
	return 0;
}
