"""The schema of pawl.yml takes what pawl takes and refuses wrong keys: config_schema.py PAWL SCRATCH."""
import glob
import json
import os
import re
import subprocess
import sys

import jsonschema
import yaml

pawl, scratch = sys.argv[1:]
with open("docs/schema/pawl.schema.json", encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
SUITE = {"name": "s", "run": ["./s"]}


def say(holds, sentence):
    print(("ok - " if holds else "not ok - ") + sentence)


def taken_by_pawl(config):
    path = os.path.join(scratch, "schema.yml")
    with open(path, "w", encoding="utf-8") as out:
        yaml.safe_dump(config, out)
    done = subprocess.run([pawl, "baseline", "list", "--config", path], capture_output=True, check=False)
    return done.returncode == 0


def whole(part):
    """A file around a part that the guide shows; None for what is no part of pawl.yml."""
    if not isinstance(part, dict):
        return None
    if set(part) <= set(schema["properties"]["suites"]["items"]["properties"]):
        part = {"suites": [dict(SUITE, **part)]}
    return {"version": 1, "suites": [SUITE], **part}


def blocks(path):
    with open(path, encoding="utf-8") as file:
        for text in re.findall(r"^ *```yaml\n(.*?)^ *```", file.read(), re.M | re.S):
            yield whole(yaml.safe_load(text))


for name in ["README.md", "docs/guide.md", "docs/coming-from.md", "docs/messages.md"]:
    found = [config for config in blocks(name) if config]
    say(all(validator.is_valid(config) for config in found), f"the schema takes every pawl.yml of {name}")
    say(all(taken_by_pawl(config) for config in found), f"and so does pawl, every pawl.yml of {name}")

with open("pawl.yml", encoding="utf-8") as file:
    say(validator.is_valid(yaml.safe_load(file)), "the schema takes the pawl.yml of this project")

taken, refused = 0, []
for path in sorted(glob.glob("tests/golden/config/*.yml") + glob.glob("tests/fuzz/corpus/config/*.yml")):
    done = subprocess.run([pawl, "baseline", "list", "--config", path], capture_output=True, check=False)
    if done.returncode != 0:
        continue
    taken += 1
    with open(path, encoding="utf-8-sig") as file:
        if not validator.is_valid(yaml.safe_load(file)):
            refused.append(path)
say(taken and not refused, f"the schema takes every golden pawl.yml that pawl takes {refused or ''}".rstrip())


def keys_of(part):
    """Every key of pawl.yml in a part of the schema, with what the schema says of it."""
    for name, value in part.get("properties", {}).items():
        yield name, value
        yield from keys_of(value)
        yield from keys_of(value.get("items", {}))


unsaid = [name for name, value in keys_of(schema) if " Expected: " not in value["description"]]
say(not unsaid, f"every key says what it is for {unsaid or ''}".rstrip())

RIGHT = {
    "a suite without profiles": {"suites": [dict(SUITE, profile="off")]},
    "a suite with profiles of its own": {"suites": [dict(SUITE, profile={"rate": 99, "unwind": "dwarf", "engine": "perf"})]},
    "a layout that fails": {"layout": "fail"},
}
for what, part in RIGHT.items():
    config = whole(part)
    say(validator.is_valid(config), f"the schema takes {what}")
    say(taken_by_pawl(config), f"and so does pawl: {what}")

WRONG = {
    "an unknown key": {"budgetz": "1m"},
    "an unknown key of a suite": {"suites": [dict(SUITE, rnu=["x"])]},
    "a suite without a program": {"suites": [{"name": "s"}]},
    "an unknown kind": {"suites": [dict(SUITE, kind="gbnch")]},
    "a key that the kind has not": {"suites": [dict(SUITE, kind="command", slice="1ms")]},
    "a key that the default kind has not": {"suites": [dict(SUITE, params={"a": ["1"]})]},
    "profiles of a suite that is measured as a whole": {"suites": [dict(SUITE, kind="file", profile="off")]},
    "a word for profiles that is none": {"suites": [dict(SUITE, profile="on")]},
    "an unknown key of profiles": {"suites": [dict(SUITE, profile={"rates": 99})]},
    "an unwinder that is none": {"suites": [dict(SUITE, profile={"unwind": "dwarfs"})]},
    "a word for layout that is none": {"layout": "pass"},
    "an unknown key of a rule": {"rules": [{"match": "**:time", "treshold": "1%"}]},
    "an unknown severity": {"rules": [{"match": "**", "fail_on": "medium"}]},
    "an unknown report": {"reports": {"formats": ["cvs"]}},
    "an unknown word": {"missing": "ignore"},
    "a text for a list": {"suites": [dict(SUITE, run="./s")]},
    "a list for a text": {"baseline": {"name": ["main"]}},
    "a window that is no number": {"baseline": {"window": "many"}},
}
for what, part in WRONG.items():
    config = whole(part)
    say(not validator.is_valid(config), f"the schema refuses {what}")
    say(not taken_by_pawl(config), f"and so does pawl: {what}")
