// Reads a JUnit report with what npm has for it, and prints what each reader found: NAME CASES FAILURES ERRORS, then the
// name and the message of the first case that failed.
//
//   node read_junit.mjs FILE
import fs from 'node:fs'
import { parse } from 'junit2json'
import resultsParser from 'test-results-parser'

const file = process.argv[2]
const list = (value) => value ?? []

const report = await parse(fs.readFileSync(file, 'utf8'))
const cases = list(report.testsuite).flatMap((suite) => list(suite.testcase))
const failed = cases.filter((one) => list(one.failure).length > 0)
const broken = cases.filter((one) => list(one.error).length > 0)
console.log(`junit2json ${cases.length} ${failed.length} ${broken.length}`)
if (failed.length > 0)
	console.log(`junit2json first: ${JSON.stringify([failed[0].name, failed[0].failure[0].message])}`)

const results = resultsParser.parse({ type: 'junit', files: [file] })
const all = results.suites.flatMap((suite) => suite.cases)
const first = all.find((one) => one.status === 'FAIL')
console.log(`test-results-parser ${all.length} ${results.failed} ${results.errors}`)
if (first) console.log(`test-results-parser first: ${JSON.stringify([first.name, first.failure])}`)
