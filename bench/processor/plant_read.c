/* Reads which functions are to be slowed down. */
#include "plant.h"

#include <stdlib.h>
#include <string.h>

unsigned plant_every[PLANT_COUNT], plant_times[PLANT_COUNT];
_Thread_local unsigned plant_calls[PLANT_COUNT];

static const char *const names[PLANT_COUNT] = {
#define ROW(name) #name,
	PLANT_LIST(ROW)
#undef ROW
};

static bool name_find(const char *text, size_t length, size_t *found)
{
	for (*found = 0; *found < PLANT_COUNT; ++*found)
		if (strlen(names[*found]) == length && strncmp(names[*found], text, length) == 0)
			return true;
	return false;
}

bool plant_read(const char *text, FILE *out)
{
	for (const char *at = text; *at;) {
		size_t length = strcspn(at, ":,"), function;
		char *end = NULL;
		bool known = name_find(at, length, &function);
		long every = at[length] == ':' ? strtol(at + length + 1, &end, 10) : 0;
		long times = end && *end == 'x' ? strtol(end + 1, &end, 10) : 2;

		if (!known || !end || (*end != '\0' && *end != ',') || every < 1 || every > 1000000 || times < 2 ||
		    times > 1000) {
			fprintf(out,
				"error: PLANT=%s: expected FUNCTION:N,... with N from 1 to 1000000, or "
				"FUNCTION:NxTIMES with TIMES from 2 to 1000, and FUNCTION one of",
				text);
			for (size_t i = 0; i < PLANT_COUNT; i++)
				fprintf(out, " %s", names[i]);
			fputc('\n', out);
			return false;
		}
		plant_every[function] = (unsigned)every;
		plant_times[function] = (unsigned)times;
		at = *end ? end + 1 : end;
	}
	return true;
}
