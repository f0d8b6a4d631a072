#!/usr/bin/env python3
# schema.py -- what was printed as JSON against the schema that ships with it.
#
#   tests/schema.py SCHEMA LEAST FILE...     each line of each FILE; status 1 for the first that does not fit, or with fewer lines,
#                                          77 where there is no python3-jsonschema
#
# Readers have to take keys that they do not know; here a key that the schema does not describe is one that was forgotten in it.

import json
import sys

try:
    from jsonschema import Draft202012Validator
except ImportError:
    sys.exit(77)


def close(schema):
    """Objects whose keys are listed have no others."""
    if isinstance(schema, dict):
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
        for part in schema.values():
            close(part)
    elif isinstance(schema, list):
        for part in schema:
            close(part)
    return schema


def no_constant(text):
    raise ValueError(f"{text} is not JSON")


def main():
    schema_name, least, *names = sys.argv[1:]
    with open(schema_name, encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(close(schema))
    count = 0
    for name in names:
        with open(name, encoding="utf-8") as file:
            for line in file:
                count += 1
                try:
                    errors = list(validator.iter_errors(json.loads(line, parse_constant=no_constant)))
                except ValueError as error:
                    sys.exit(f"{error}\n{line[:300]}")
                for error in errors:
                    sys.exit(f"{error.json_path}: {error.message[:300]}\n{line[:300]}")
    print(count)
    return count < int(least)


sys.exit(main())
