"""Records by id: in memory, or also in a JSON file, which is replaced as a whole at each change."""

import json
import os
from threading import Lock

# What an item holds. The first field is required.
FIELDS = {{fields}}
REQUIRED = next(iter(FIELDS))


class InvalidInput(Exception):
    """What the caller did wrong; the message is sent back."""


class Store:
    def __init__(self, file=None):
        self.file = file
        self.lock = Lock()
        self.records = {}
        if file is not None and os.path.exists(file):
            with open(file, encoding="utf-8") as content:
                self.records = {record["id"]: record for record in json.load(content)}
        self.last_id = max([0, *map(int, self.records)])

    def all(self):
        return list(self.records.values())

    def find(self, record_id):
        return self.records.get(record_id)

    def add(self, values):
        values = validate(values)
        if values.get(REQUIRED) is None:
            raise InvalidInput(f"{REQUIRED} is required")
        with self.lock:
            self.last_id += 1
            empty = {name: False if kind is bool else None for name, kind in FIELDS.items()}
            record = {"id": str(self.last_id), **empty, **values}
            self.records[record["id"]] = record
            self.save()
            return record

    def change(self, record_id, values):
        values = validate(values)
        if REQUIRED in values and values[REQUIRED] is None:
            raise InvalidInput(f"{REQUIRED} is required")
        with self.lock:
            record = self.records.get(record_id)
            if record is not None:
                record.update(values)
                self.save()
            return record

    def remove(self, record_id):
        with self.lock:
            was_there = self.records.pop(record_id, None) is not None
            if was_there:
                self.save()
            return was_there

    def save(self):
        if self.file is None:
            return
        with open(f"{self.file}.new", "w", encoding="utf-8") as content:
            json.dump(self.all(), content, ensure_ascii=False, indent=2)
        os.replace(f"{self.file}.new", self.file)


def validate(values):
    """The values, trimmed. Unknown fields are refused, so that a slip is noticed."""
    if not isinstance(values, dict):
        raise InvalidInput("the body must be a JSON object")
    valid = {}
    for name, value in values.items():
        kind = FIELDS.get(name)
        if kind is None:
            raise InvalidInput(f"{name} is not a field; the fields are {', '.join(FIELDS)}")
        if value is not None and not is_a(value, kind):
            raise InvalidInput(f"{name} must be a {NAMES[kind]}")
        valid[name] = value.strip() or None if isinstance(value, str) else value
    return valid


NAMES = {str: "string", float: "number", bool: "boolean"}


def is_a(value, kind):
    # In Python a bool is also an int.
    if kind is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, kind)
