"""Generates random passwords. Letters that look alike (l, I, O, 0, 1) are left out."""

import argparse
import math
import secrets
import sys

SETS = {
    "lower": "abcdefghijkmnopqrstuvwxyz",
    "upper": "ABCDEFGHJKLMNPQRSTUVWXYZ",
    "digits": "23456789",
    "signs": "!?#$%&*+-=@_",
}


def generate(length, names):
    """A password that holds at least one character of each set."""
    alphabet = "".join(SETS[name] for name in names)
    while True:
        password = "".join(secrets.choice(alphabet) for _ in range(length))
        if all(set(password) & set(SETS[name]) for name in names):
            return password


def bits(length, names):
    """How hard it is to guess."""
    return math.floor(length * math.log2(sum(len(SETS[name]) for name in names)))


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Generates random passwords.")
    parser.add_argument("--length", type=int, default=20, help="characters, at least 8 (default: 20)")
    parser.add_argument("--count", type=int, default=1, help="how many (default: 1)")
    parser.add_argument("--no-signs", action="store_true", help="letters and digits only")
    options = parser.parse_args(arguments)
    if options.length < 8 or options.count < 1:
        parser.error("--length must be at least 8, and --count at least 1")
    names = ["lower", "upper", "digits"] + ([] if options.no_signs else ["signs"])
    for _ in range(options.count):
        print(generate(options.length, names))
    print(f"{bits(options.length, names)} bits", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
