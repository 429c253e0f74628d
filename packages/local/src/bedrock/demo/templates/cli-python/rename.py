"""Renames many files at once by a pattern. Shows what it would do until it is told to do it."""

import argparse
import os
import re
import sys


def plan(names, pattern, replacement):
    """Pairs of old and new names, for those that change. {n} is a running number."""
    expression = re.compile(pattern)
    pairs = []
    for name in sorted(names):
        stem, extension = os.path.splitext(name)
        new = expression.sub(replacement, stem)
        if new == stem:
            continue
        new = new.replace("{n}", f"{len(pairs) + 1:03}") + extension
        pairs.append((name, new))
    return pairs


def problems(names, pairs):
    """Why the plan cannot be carried out: nothing may be overwritten."""
    moved = {old for old, _ in pairs}
    kept = set(names) - moved
    found = []
    seen = set()
    for old, new in pairs:
        if new in kept:
            found.append(f"{old} → {new}: there is a file of this name")
        if new in seen:
            found.append(f"{old} → {new}: another file gets this name")
        if os.sep in new or new in ("", ".", ".."):
            found.append(f"{old} → {new}: not a file name")
        seen.add(new)
    return found


def rename(folder, pairs):
    """In two rounds, so that files can swap their names."""
    for index, (old, _) in enumerate(pairs):
        os.rename(os.path.join(folder, old), os.path.join(folder, f".renaming-{index}"))
    for index, (_, new) in enumerate(pairs):
        os.rename(os.path.join(folder, f".renaming-{index}"), os.path.join(folder, new))


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Renames the files of a folder by a regular expression.")
    parser.add_argument("folder")
    parser.add_argument("pattern", help="what to replace in the names, without their extension")
    parser.add_argument("replacement", help=r"what to put there; \1 is a group, {n} a running number")
    parser.add_argument("--yes", action="store_true", help="do it; without this, only show it")
    options = parser.parse_args(arguments)
    try:
        names = [entry.name for entry in os.scandir(options.folder) if entry.is_file()]
        pairs = plan(names, options.pattern, options.replacement)
    except (OSError, re.error) as error:
        print(error, file=sys.stderr)
        return 2
    found = problems(names, pairs)
    for problem in found:
        print(problem, file=sys.stderr)
    if found:
        return 1
    for old, new in pairs:
        print(f"{old} → {new}")
    if options.yes:
        rename(options.folder, pairs)
    print(f"{len(pairs)} files {'renamed' if options.yes else 'would be renamed; add --yes to do it'}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
