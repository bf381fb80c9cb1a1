/* Gives each file named on the command line to a fuzz target, for compilers without libFuzzer. */
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static int replay(const char *path)
{
	FILE *file = fopen(path, "rb");
	unsigned char *data = NULL;
	size_t size = 0, got;

	if (!file) {
		perror(path);
		return 1;
	}
	/* Allocated to the byte, so that a sanitizer sees a read behind the end. */
	do {
		unsigned char *larger = realloc(data, size + BUFSIZ);

		if (!larger)
			abort();
		data = larger;
		got = fread(data + size, 1, BUFSIZ, file);
		size += got;
	} while (got > 0);
	if (ferror(file)) {
		perror(path);
		fclose(file);
		free(data);
		return 1;
	}
	fclose(file);
	unsigned char *exact = realloc(data, size ? size : 1);
	data = exact ? exact : data;
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	return 0;
}

int main(int argc, char **argv)
{
	int failed = 0;

	for (int i = 1; i < argc; i++)
		failed |= replay(argv[i]);
	printf("%d inputs replayed\n", argc - 1);
	return failed;
}
