"""Finds files with the same content: by size first, then by a hash of those that remain."""

import argparse
import hashlib
import os
import sys
from collections import defaultdict


def files_under(folder):
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(parent, name)
            if os.path.isfile(path) and not os.path.islink(path):
                yield path


def hash_of(path):
    """In pieces, so that a large file needs little memory."""
    digest = hashlib.sha256()
    with open(path, "rb") as content:
        while piece := content.read(1024 * 1024):
            digest.update(piece)
    return digest.hexdigest()


def find_duplicates(folder, minimum=1):
    """Groups of paths with the same content, and files that could not be read."""
    by_size = defaultdict(list)
    unreadable = []
    for path in files_under(folder):
        size = os.path.getsize(path)
        if size >= minimum:
            by_size[size].append(path)
    groups = []
    for size in sorted(by_size, reverse=True):
        by_hash = defaultdict(list)
        for path in by_size[size] if len(by_size[size]) > 1 else []:
            try:
                by_hash[hash_of(path)].append(path)
            except OSError as error:
                unreadable.append(f"{path}: {error.strerror}")
        groups += [(size, paths) for paths in by_hash.values() if len(paths) > 1]
    return groups, unreadable


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Finds files with the same content. Deletes nothing.")
    parser.add_argument("folder", help="where to look, with all its folders")
    parser.add_argument("--minimum", type=int, default=1, metavar="BYTES", help="leave smaller files out (default: 1)")
    options = parser.parse_args(arguments)
    if not os.path.isdir(options.folder):
        print(f"{options.folder} is not a folder.", file=sys.stderr)
        return 2
    groups, unreadable = find_duplicates(options.folder, options.minimum)
    for size, paths in groups:
        print(f"{len(paths)} × {size} bytes")
        for path in paths:
            print(f"  {path}")
    for problem in unreadable:
        print(problem, file=sys.stderr)
    wasted = sum(size * (len(paths) - 1) for size, paths in groups)
    print(f"{wasted} bytes could be saved." if groups else "No duplicates found.")
    return 1 if unreadable else 0


if __name__ == "__main__":
    sys.exit(main())
