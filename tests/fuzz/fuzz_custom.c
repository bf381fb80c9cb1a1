/* Any bytes as a list of {name, unit, value}. */
#include "any_format.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	try_format(&input_custom, data, size);
	try_format(&input_custom_smaller, data, size);
	try_format(&input_custom_bigger, data, size);
	return 0;
}
