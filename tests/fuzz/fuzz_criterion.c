/* Any bytes as a file of Criterion. */
#include "any_format.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	try_format(&input_criterion, data, size);
	return 0;
}
