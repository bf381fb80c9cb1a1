/*
 * verdict.json: everything that was concluded, for programs and for pawl's own later commands.
 *
 * docs/schema/verdict.schema.json describes it for those who read it.
 */
#include "report/report.h"

#include "model/verdict_json.h"

static void write_json(struct buf *out, const struct verdict *v, const struct report_options *options)
{
	(void)options;
	verdict_to_json(out, v);
}

const struct report_format report_json = {
	.name = "json",
	.help = "everything (see docs/schema); always written, `pawl accept` and `pawl report` read it",
	.file = "verdict.json",
	.always = true,
	.write = write_json,
};
