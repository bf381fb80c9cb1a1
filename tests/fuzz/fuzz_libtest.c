/* Any bytes as the text of cargo bench. */
#include "any_format.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	try_format(&input_libtest, data, size);
	return 0;
}
