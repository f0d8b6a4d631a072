#!/usr/bin/env python3
# schema.py -- what was printed as JSON against the schema that ships with it.
#
#   tests/schema.py SCHEMA LEAST FILE...     each line of each FILE; status 1 for the first that does not fit, or with fewer lines,
#                                          77 where there is no python3-jsonschema
#
# A line that fits fits again: with FITTED=FILE in the environment the digests of those that did, each with its schema, are kept
# there, and such lines are counted without being looked at. Several processes may share the file.
#
# Readers have to take keys that they do not know; here a key that the schema does not describe is one that was forgotten in it.

import hashlib
import json
import os
import sys


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


def validator_of(schema):
    """Takes longer to come by than a hundred lines to look at."""
    try:
        from jsonschema import Draft202012Validator
    except ImportError:
        sys.exit(77)
    schema = json.loads(schema)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(close(schema))


def look_at(line, validator):
    """Ends with status 1 and what is wrong, if anything is."""
    try:
        errors = list(validator.iter_errors(json.loads(line, parse_constant=no_constant)))
    except ValueError as error:
        sys.exit(f"{error}\n{line[:300]}")
    for error in errors:
        sys.exit(f"{error.json_path}: {error.message[:300]}\n{line[:300]}")


def read_fitted(name):
    try:
        with open(name, encoding="ascii") as file:
            return set(file.read().split())
    except FileNotFoundError:
        return set()


def main():
    schema_name, least, *names = sys.argv[1:]
    with open(schema_name, encoding="utf-8") as file:
        schema = file.read()
    fitted_name = os.environ.get("FITTED")
    fitted = read_fitted(fitted_name) if fitted_name else set()
    validator, new, count = None, [], 0
    for name in names:
        with open(name, encoding="utf-8") as file:
            for line in file:
                count += 1
                digest = hashlib.sha256((schema + line).encode()).hexdigest()
                if digest in fitted:
                    continue
                validator = validator or validator_of(schema)
                look_at(line, validator)
                fitted.add(digest)
                new.append(digest + "\n")
    if fitted_name and new:
        with open(fitted_name, "ab", buffering=0) as file:
            file.write("".join(new).encode())
    print(count)
    return count < int(least)


sys.exit(main())
