/* Any bytes as the JSON of JMH. */
#include "any_format.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	try_format(&input_jmh, data, size);
	return 0;
}
