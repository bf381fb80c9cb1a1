/*
 * verdict.json: everything that was concluded, for programs and for pawl's own later commands.
 */
#include "report/report.h"

#include "model/verdict_json.h"

static void write_verdict(struct buf *out, const struct verdict *v, const struct report_options *options)
{
	(void)options;
	verdict_to_json(out, v);
}

const struct report_format report_verdict = {
	.name = "verdict",
	.help = "everything as JSON; always written, `pawl accept` and `pawl report` read it",
	.file = "verdict.json",
	.always = true,
	.write = write_verdict,
};
