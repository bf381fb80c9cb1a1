/* Any bytes as the text of go test -bench. */
#include "any_format.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	try_format(&input_gotest, data, size);
	return 0;
}
