"""Checks META.json against PGXN's form and db_advisor.control: meta.py ROOT prints "file:line: what; fix: how" for each
finding; meta.py ROOT --version prints the release's version."""
import json
import os
import re
import sys

REQUIRED = ("name", "version", "abstract", "maintainer", "license", "provides", "meta-spec")


def control_version(root):
    with open(os.path.join(root, "db_advisor.control"), encoding="utf-8") as file:
        found = re.search(r"^default_version *= *'(.*)'", file.read(), re.M)
    return found.group(1) if found else ""


def versions(meta, control):
    for version in [meta.get("version")] + [part.get("version") for part in meta.get("provides", {}).values()]:
        if not re.fullmatch(r"\d+\.\d+\.\d+", str(version)) or version.rsplit(".", 1)[0] != control:
            yield (f"has version {version} where db_advisor.control has {control}; "
                   f"fix: META.json's is the control file's with a patch number, {control}.0")


def files(meta, root):
    for part in meta.get("provides", {}).values():
        for key in ("file", "docfile"):
            name = part.get(key)
            if name is None and key == "docfile":
                continue
            if not name or not os.path.isfile(os.path.join(root, name)):
                yield f"names the {key} {name}, which is not there; fix: name one that is"


def findings(root):
    try:
        with open(os.path.join(root, "META.json"), encoding="utf-8") as file:
            meta = json.load(file)
    except ValueError as error:
        yield getattr(error, "lineno", 1), f"is not valid JSON ({error}); fix: correct it"
        return
    for key in REQUIRED:
        if not meta.get(key):
            yield 1, f"lacks \"{key}\"; fix: add it, PGXN asks for it"
    if "db_advisor" not in meta.get("provides", {}) or meta.get("name") != "db_advisor":
        yield 1, "does not provide db_advisor under its name; fix: name it as the control file does"
    for text in list(versions(meta, control_version(root))) + list(files(meta, root)):
        yield 1, text


def main():
    root = sys.argv[1]
    if sys.argv[2:] == ["--version"]:
        with open(os.path.join(root, "META.json"), encoding="utf-8") as file:
            print(json.load(file)["version"])
        return 0
    found = list(findings(root))
    for line, text in found:
        print(f"META.json:{line}: {text}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
