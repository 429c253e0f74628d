"""Converts CSV to JSON: a list of objects, with the names from the first row."""

import argparse
import csv
import json
import sys


def value_of(text):
    """Numbers, true, false and empty cells become their JSON values; "007" stays a text."""
    if text == "":
        return None
    if text in ("true", "false"):
        return text == "true"
    try:
        number = json.loads(text)
    except ValueError:
        return text
    return number if isinstance(number, (int, float)) and not isinstance(number, bool) else text


def convert(lines, delimiter=",", as_text=False):
    """@raises ValueError for a row that does not fit the header"""
    reader = csv.reader(lines, delimiter=delimiter)
    header = next(reader, None)
    if header is None:
        return []
    header[0] = header[0].removeprefix("\ufeff")
    records = []
    for row in reader:
        if not row:
            continue
        if len(row) != len(header):
            raise ValueError(f"line {reader.line_num} has {len(row)} cells, the header has {len(header)}")
        records.append({name: cell if as_text else value_of(cell) for name, cell in zip(header, row)})
    return records


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Converts CSV to JSON.")
    parser.add_argument("input", help="a CSV file; - for standard input")
    parser.add_argument("output", nargs="?", help="a JSON file; standard output without it")
    parser.add_argument("--delimiter", default=",", help="what separates cells (default: a comma)")
    parser.add_argument("--text", action="store_true", help="keep every cell as text")
    options = parser.parse_args(arguments)
    try:
        if options.input == "-":
            records = convert(sys.stdin, options.delimiter, options.text)
        else:
            with open(options.input, newline="", encoding="utf-8") as lines:
                records = convert(lines, options.delimiter, options.text)
        result = json.dumps(records, ensure_ascii=False, indent=2) + "\n"
        if options.output is None:
            sys.stdout.write(result)
        else:
            with open(options.output, "w", encoding="utf-8") as file:
                file.write(result)
    except (OSError, ValueError, csv.Error, TypeError) as error:
        print(f"{options.input}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
