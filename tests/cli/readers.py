"""Reads pawl's reports with Python's own readers and those of Debian's packages, and holds them against verdict.json.

    readers.py counts VERDICT              cases, failures, errors of its JUnit
    readers.py first JUNIT                 name and message of the first case that fails, as JSON; nothing without one
    readers.py csv VERDICT CSV             every number of the CSV, also after a way through SQLite
    readers.py junitparser VERDICT JUNIT
    readers.py schema SCHEMA VERDICT       valid, and without a key that the schema does not know

Exit status 1 with a line for each difference.
"""

import csv
import json
import sqlite3
import sys

problems = []


def expect(holds, text):
    if not holds:
        problems.append(text)


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def cases_of(verdict, effect=None):
    return [f for f in verdict["findings"] if effect is None or f["effect"] == effect]


def has_check(verdict):
    """The check ended badly, and no row says why: it is a case itself."""
    return verdict["status"] != 0 and not any(f["effect"] != "pass" for f in verdict["findings"])


def read_counts(path):
    verdict = load(path)
    check = has_check(verdict)
    print(len(cases_of(verdict)) + check, len(cases_of(verdict, "fail")), len(cases_of(verdict, "error")) + check)


# Columns that hold a number of the verdict as it is, and those that hold it in percent.
NUMBERS = {"baseline": "baseline", "current": "current", "p_value": "p", "q_value": "q"}
COUNTS = {"samples_base": "samples_base", "samples_head": "samples_head"}
PERCENTS = {
    "change_percent": "change_ratio",
    "ci_low_percent": "low_ratio",
    "ci_high_percent": "high_ratio",
    "mde_percent": "mde_ratio",
    "threshold_percent": "threshold_ratio",
}
TEXTS = {"suite": "suite", "benchmark": "benchmark", "metric": "metric", "unit": "unit", "method": "method"}


def is_plain(text):
    """Nothing in it is guarded or shown in another way."""
    return text.isascii() and text.isprintable() and text[:1] not in tuple("=+-@")


def check_row(where, row, finding):
    for column, key in {**NUMBERS, **COUNTS}.items():
        read = float(row[column]) if row[column] != "" else None
        expect(read == finding[key], f"{where}: {column} is {row[column]!r}, not {finding[key]!r}")
    for column, key in PERCENTS.items():
        read, value = row[column], finding[key]
        same = read == "" if value is None else abs(float(read) - 100 * value) <= 5e-7 + 1e-12 * abs(100 * value)
        expect(same, f"{where}: {column} is {read!r}, not 100 * {value!r}")
    for column, key in TEXTS.items():
        if is_plain(finding[key]):
            expect(row[column] == finding[key], f"{where}: {column} is {row[column]!r}, not {finding[key]!r}")
        elif finding[key][:1] in tuple("=+-@"):
            expect(row[column][:2] == "'" + finding[key][0], f"{where}: {column} is not guarded: {row[column]!r}")


def read_csv(verdict_path, csv_path):
    findings = load(verdict_path)["findings"]
    with open(csv_path, encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        header = next(reader)
        rows = list(reader)
    expect(len(rows) == len(findings), f"{len(rows)} rows for {len(findings)} findings")
    for number, (row, finding) in enumerate(zip(rows, findings), 1):
        expect(len(row) == len(header), f"row {number} has {len(row)} cells")
        check_row(f"row {number}", dict(zip(header, row)), finding)

    # Through a database: what it stores as numbers comes back as the same ones.
    real = {*NUMBERS, *PERCENTS, "change"}
    columns = ", ".join(f'"{name}" {"REAL" if name in real else "TEXT"}' for name in header)
    database = sqlite3.connect(":memory:")
    database.execute(f"CREATE TABLE report ({columns})")
    values = [[None if name in real and cell == "" else cell for name, cell in zip(header, row)] for row in rows]
    database.executemany(f"INSERT INTO report VALUES ({', '.join('?' * len(header))})", values)
    for number, (stored, row) in enumerate(zip(database.execute("SELECT * FROM report ORDER BY rowid"), rows), 1):
        for name, cell, text in zip(header, stored, row):
            same = cell == (None if text == "" else float(text)) if name in real else cell == text
            expect(same, f"row {number}: {name} went in as {text!r} and came back as {cell!r}")


def print_first(path):
    from xml.etree import ElementTree

    for case in ElementTree.parse(path).iter("testcase"):
        failure = case.find("failure")
        if failure is not None:
            print(json.dumps([case.get("name"), failure.get("message")], ensure_ascii=False, separators=(",", ":")))
            return


def read_junitparser(verdict_path, junit_path):
    from junitparser import JUnitXml

    verdict = load(verdict_path)
    findings = verdict["findings"]
    if has_check(verdict):
        findings = findings + [{"benchmark": "check", "metric": "", "state": "undecided", "effect": "error"}]
    cases = [case for suite in JUnitXml.fromfile(junit_path) for case in suite]
    expect(len(cases) == len(findings), f"{len(cases)} cases for {len(findings)} findings")
    for case, finding in zip(cases, findings):
        kinds = [type(result).__name__ for result in case.result]
        wanted = {"fail": ["Failure"], "error": ["Error"]}.get(finding["effect"])
        if wanted is None:
            wanted = [] if finding["state"] == "judged" else ["Skipped"]
        expect(kinds == wanted, f"{case.name}: {kinds}, not {wanted}")
        name = f"{finding['benchmark']} [{finding['metric']}]" if finding["metric"] else finding["benchmark"]
        if is_plain(name):
            expect(case.name == name, f"{case.name!r} is not {name!r}")


def closed(schema):
    """The same schema, which allows no other keys."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        result["additionalProperties"] = False
    return result


def read_schema(schema_path, verdict_path):
    from jsonschema import Draft7Validator

    schema = load(schema_path)
    Draft7Validator.check_schema(schema)
    for error in Draft7Validator(closed(schema)).iter_errors(load(verdict_path)):
        expect(False, f"{'/'.join(map(str, error.absolute_path))}: {error.message}")


READERS = {
    "counts": read_counts,
    "first": print_first,
    "csv": read_csv,
    "junitparser": read_junitparser,
    "schema": read_schema,
}

if __name__ == "__main__":
    READERS[sys.argv[1]](*sys.argv[2:])
    for problem in problems[:20]:
        print(problem, file=sys.stderr)
    sys.exit(1 if problems else 0)
