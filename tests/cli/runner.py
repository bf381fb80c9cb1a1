"""Runs a composite action as a GitHub runner would, without GitHub, for tests/cli/action.sh.

    runner.py ACTION.YML STATE [INPUT=VALUE]...

The event is the file of GITHUB_EVENT_PATH; the other GITHUB_ variables are those of the environment.  Scripts run with bash;
actions/cache, upload-artifact and download-artifact are played with folders in STATE.  STATE then holds

    log            what was printed
    commands       the workflow commands that the runner would have obeyed, one a line
    outputs.json   outputs of the action
    summary.md     the summary of all steps
    steps          which steps ran, and how they ended

The exit status is 0 when the job would be green, 1 when red.  Expressions are read as far as action.yml uses them; anything
else is an error.
"""
import json
import os
import re
import shutil
import subprocess
import sys

import yaml

TOKEN = re.compile(r"\s*(?:(\|\||&&|==|!=|!|\(|\))|'((?:[^']|'')*)'|([A-Za-z_][\w.-]*))")


class Job:
    def __init__(self, action, state, inputs):
        self.state, self.steps, self.failed, self.stop_word = state, {}, False, None
        with open(action) as f:
            self.action = yaml.safe_load(f)
        declared = self.action["inputs"]
        unknown = set(inputs) - set(declared)
        if unknown:
            sys.exit(f"no such input: {unknown}")
        values = {name: inputs.get(name, row.get("default", "")) for name, row in declared.items()}
        with open(os.environ["GITHUB_EVENT_PATH"]) as f:
            event = json.load(f)
        self.context = {
            "inputs": values,
            "github": {"event": event, "token": os.environ.get("JOB_TOKEN", ""), "action_repository": "owner/pawl"},
            "steps": self.steps,
        }
        self.action_path = os.path.dirname(os.path.abspath(action))

    # Expressions

    def lookup(self, path):
        value = self.context
        for part in path.split("."):
            value = value.get(part, "") if isinstance(value, dict) else ""
        return "" if value is None else value

    def evaluate(self, text):
        tokens, at = [], 0
        text = text.strip()
        while at < len(text):
            match = TOKEN.match(text, at)
            if not match:
                sys.exit(f"runner.py cannot read the expression {text!r}")
            tokens.append(match)
            at = match.end()
        tokens.append(None)

        def symbol():
            return tokens[0].group(1) if tokens[0] else None

        def primary():
            token = tokens.pop(0)
            if token.group(1) == "!":
                return not primary()
            if token.group(1) == "(":
                value = either()
                tokens.pop(0)
                return value
            if token.group(2) is not None:
                return token.group(2).replace("''", "'")
            name = token.group(3)
            if symbol() == "(":
                tokens.pop(0), tokens.pop(0)
                return {"always": True, "success": not self.failed, "failure": self.failed}[name]
            return self.lookup(name)

        def equal():
            value = primary()
            while symbol() in ("==", "!="):
                same = tokens.pop(0).group(1) == "=="
                value = (str(value) == str(primary())) == same
            return value

        def both():
            value = equal()
            while symbol() == "&&":
                tokens.pop(0)
                other = equal()
                value = value and other
            return value

        def either():
            value = both()
            while symbol() == "||":
                tokens.pop(0)
                other = both()
                value = value or other
            return value

        return either()

    def fill(self, text):
        return re.sub(r"\$\{\{(.*?)\}\}", lambda m: str(self.evaluate(m.group(1))), str(text))

    # What a step leaves behind

    def read_pairs(self, path):
        """NAME=VALUE, or NAME<<WORD, lines, WORD."""
        values, lines = {}, open(path, newline="").read().split("\n")
        while lines:
            line = lines.pop(0)
            if not line:
                continue
            if "<<" in line and ("=" not in line or line.index("<<") < line.index("=")):
                name, word = line.split("<<", 1)
                value = []
                while lines and lines[0] != word:
                    value.append(lines.pop(0))
                if not lines:
                    sys.exit(f"the output {name} has no end")
                lines.pop(0)
                values[name] = "\n".join(value)
            else:
                name, _, values[line.split("=", 1)[0]] = line.partition("=")
        return values

    def listen(self, line):
        """Leading blanks do not count, and the older form may stand anywhere in a line."""
        command = re.match(r"\s*::([^\s:]+)(\s[^:]*)?::(.*)", line) or re.search(r"##\[([^\s\]]+)([^\]]*)\](.*)", line)
        if not command:
            return
        if self.stop_word:
            if command.group(1) == self.stop_word:
                self.stop_word = None
            return
        if command.group(1) == "stop-commands":
            self.stop_word = command.group(3)
            return
        with open(f"{self.state}/commands", "a") as f:
            f.write(line.strip() + "\n")

    # Steps

    def run_script(self, step, outputs):
        env = dict(os.environ)
        files = {}
        for name in ("OUTPUT", "ENV", "PATH", "STATE", "STEP_SUMMARY"):
            files[name] = f"{self.state}/file-{name}"
            # A summary that is there already, and nearly full.
            if name == "STEP_SUMMARY" and os.environ.get("SUMMARY_BEFORE"):
                shutil.copyfile(os.environ["SUMMARY_BEFORE"], files[name])
            else:
                open(files[name], "w").close()
            env["GITHUB_" + name] = files[name]
        env.update({name: self.fill(value) for name, value in step.get("env", {}).items()})
        env["GITHUB_ACTION_PATH"] = self.action_path
        if "${{" in step["run"]:
            sys.exit("an expression in the text of a script")
        script = f"{self.state}/script.sh"
        with open(script, "w") as f:
            f.write(step["run"])
        result = subprocess.run(["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script], env=env, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=os.environ["GITHUB_WORKSPACE"])
        with open(f"{self.state}/log", "ab") as f:
            f.write(result.stdout)
        for line in result.stdout.decode("utf-8", "replace").replace("\r", "\n").split("\n"):
            self.listen(line)
        if self.stop_word:
            sys.exit("the log stays closed to the runner")
        outputs.update(self.read_pairs(files["OUTPUT"]))
        if self.read_pairs(files["ENV"]):
            sys.exit("a step sets environment variables")
        with open(files["STEP_SUMMARY"], "rb") as f, open(f"{self.state}/summary.md", "ab") as all_steps:
            summary = f.read()
            # The runner drops what is larger, whole.
            if len(summary) <= 1 << 20:
                all_steps.write(summary)
        return result.returncode == 0

    def copy_in(self, source, target):
        if os.path.isdir(source):
            shutil.copytree(source, target, dirs_exist_ok=True)
        elif os.path.exists(source):
            os.makedirs(target, exist_ok=True)
            shutil.copy(source, target)
        return os.path.exists(source)

    def play_action(self, step, outputs):
        name = step["uses"].split("@")[0]
        if not re.fullmatch(r"[0-9a-f]{40}", step["uses"].split("@")[1]):
            sys.exit(f"{step['uses']} is not pinned")
        given = {key: self.fill(value) for key, value in step.get("with", {}).items()}
        caches, artifacts = f"{self.state}/cache", f"{self.state}/artifacts"
        if name == "actions/cache/restore":
            found = sorted(k for k in (os.listdir(caches) if os.path.isdir(caches) else []) if k.startswith(given["restore-keys"]))
            if found:
                self.copy_in(f"{caches}/{found[-1]}", given["path"])
                outputs["cache-matched-key"] = found[-1]
            return True
        if name == "actions/cache/save":
            return self.copy_in(given["path"], f"{caches}/{given['key']}")
        if name == "actions/upload-artifact":
            self.copy_in(given["path"], f"{artifacts}/{given['name']}")
            return True
        if name == "actions/download-artifact":
            return self.copy_in(f"{artifacts}/{given['name']}", given["path"])
        sys.exit(f"runner.py does not know {name}")

    def run(self):
        for step in self.action["runs"]["steps"]:
            condition = step.get("if", "success()")
            if not re.search(r"\b(always|success|failure)\(", condition):
                condition = f"success() && ({condition})"
            if not self.evaluate(condition):
                continue
            outputs = {}
            done = (self.run_script if "run" in step else self.play_action)(step, outputs)
            self.steps[step["id"]] = {"outputs": outputs}
            with open(f"{self.state}/steps", "a") as f:
                f.write(f"{step['id']} {'ok' if done else 'failed'}\n")
            if not done and not step.get("continue-on-error"):
                self.failed = True
        with open(f"{self.state}/outputs.json", "w") as f:
            json.dump({name: self.fill(row["value"]) for name, row in self.action["outputs"].items()}, f)
        return 1 if self.failed else 0


if __name__ == "__main__":
    for left in ("log", "commands", "outputs.json", "summary.md", "steps"):
        open(f"{sys.argv[2]}/{left}", "w").close()
    sys.exit(Job(sys.argv[1], sys.argv[2], dict(word.split("=", 1) for word in sys.argv[3:])).run())
