/* From shares of functions to words and rows of reports. */
#include "cmd/hottest.h"

#include "base/text.h"

enum { ROWS = 20, BENCHES = 4 }; /* of a suite; of a row */

const char *hottest_benches(struct arena *a, const struct hot_row *row, size_t most)
{
	struct buf b = {.arena = a};

	for (size_t i = 0; i < row->bench_count && i < most; i++)
		buf_printf(&b, "%s%s %.0f %%", i ? ", " : "", text_printable_copy(a, row->benches[i].bench),
			   100 * row->benches[i].share);
	if (row->bench_count > most)
		buf_printf(&b, " and %zu more", row->bench_count - most);
	return buf_string(&b);
}

const char *hottest_place(struct arena *a, const struct hot_row *row)
{
	if (!*row->file)
		return "";
	return row->line > 0 ? arena_printf(a, "%s:%lld", row->file, (long long)row->line) : row->file;
}

void hottest_add(struct arena *a, const struct run *run, struct report_options *options)
{
	struct report_hot *all = NEW_ARRAY(a, struct report_hot, ROWS * run->suite_count);
	size_t count = 0;

	for (size_t i = 0; i < run->suite_count; i++) {
		struct hot_rows hot = hot_functions(a, run, run->suites[i].name);

		for (size_t k = 0; k < hot.count && k < ROWS; k++) {
			const struct hot_row *row = &hot.rows[k];

			all[count++] = (struct report_hot){
				.suite = run->suites[i].name,
				.name = row->name,
				.place = hottest_place(a, row),
				.share = row->share,
				.low_share = row->low_share,
				.high_share = row->high_share,
				.total_share = row->total_share,
				.benches = hottest_benches(a, row, BENCHES),
			};
		}
	}
	options->hot = all;
	options->hot_count = count;
}
