/* Any bytes as a table with a header. */
#include "any_format.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	try_format(&input_csv, data, size);
	return 0;
}
