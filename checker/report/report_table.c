/*
 * Printing a table in aligned columns.
 */
#include "report/report_table.h"

#include "report/report_words.h"

#include <stdbool.h>

void table_print(struct buf *out, const struct table_line *lines, size_t line_count)
{
	size_t widths[TABLE_COLUMNS] = {0};
	bool used[TABLE_COLUMNS] = {0};

	for (size_t i = 0; i < line_count; i++) {
		for (size_t k = 0; k < TABLE_COLUMNS; k++) {
			const char *cell = words_or_empty(lines[i].cells[k]);
			size_t columns = text_columns(cell);

			if (columns > widths[k])
				widths[k] = columns;
			used[k] = used[k] || (i > 0 && *cell);
		}
	}
	for (size_t i = 0; i < line_count; i++) {
		size_t pending = 0;

		for (size_t k = 0; k < TABLE_COLUMNS; k++) {
			const char *cell = words_or_empty(lines[i].cells[k]);

			if (!used[k])
				continue;
			pending += 2;
			if (*cell) {
				buf_repeat(out, ' ', pending);
				buf_text(out, cell);
				pending = 0;
			}
			pending += widths[k] - text_columns(cell);
		}
		buf_char(out, '\n');
		buf_text(out, words_or_empty(lines[i].below));
	}
}
