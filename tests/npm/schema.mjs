// Holds YAML or JSON files against a JSON schema and prints what does not fit; exit status 1 when something does not.
//
//   node schema.mjs SCHEMA FILE...
import { readFileSync } from "node:fs";
import Ajv from "ajv";
import formats from "ajv-formats";
import { parse } from "yaml";

const [schema, ...files] = process.argv.slice(2);
const ajv = new Ajv({ strict: false, allErrors: true });
formats(ajv);
const fits = ajv.compile(JSON.parse(readFileSync(schema, "utf8")));
let wrong = 0;
for (const path of files) {
  if (fits(parse(readFileSync(path, "utf8")))) continue;
  wrong++;
  for (const error of fits.errors) console.log(`${path}: ${error.instancePath || "/"} ${error.message}`);
}
process.exit(wrong ? 1 : 0);
