"""Reads the Ruby hash literals that some shops export; evaluates nothing, recurses to a bound only."""

from __future__ import annotations

import re

RubyValue = str | None | list["RubyValue"] | dict[str, "RubyValue"]

_DEPTH_LIMIT = 32
_TOKEN = re.compile(
    r"""\s*(?:
        "(?P<double>(?:[^"\\]|\\.)*)"
      | '(?P<single>(?:[^'\\]|\\.)*)'
      | (?P<mark>=>|[\[\]{},:])
      | (?P<bare>[^\s"'\[\]{},=:>]+)
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u\{[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{1,2}|.)", re.DOTALL)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "e": "\x1b", "s": " ", "0": "\0", "a": "\a", "b": "\b"}


def parse_ruby(text: str) -> RubyValue:
    """The value of a literal made of hashes, arrays, strings, symbols, numbers, booleans and nil.

    Numbers, symbols and booleans come back as texts. Raises `ValueError` for anything else.
    """
    tokens = _tokens(text)
    value, at = _value(tokens, 0, 0)
    if at != len(tokens):
        raise ValueError("something follows the literal")
    return value


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise ValueError(f"unreadable at character {at + 1}")
        content = found.group(found.lastgroup)
        if found.lastgroup == "double":
            content = _ESCAPE.sub(_unescape, content)
        elif found.lastgroup == "single":
            content = re.sub(r"\\(['\\])", r"\1", content)
        tokens.append(("mark" if found.lastgroup == "mark" else found.lastgroup, content))
        at = found.end()
    return tokens


def _unescape(found: re.Match[str]) -> str:
    code = found.group(1)
    if code[0] in "ux" and len(code) > 1:
        point = int(code[1:].strip("{}"), 16)
        is_character = point <= 0x10FFFF and not 0xD800 <= point <= 0xDFFF
        return chr(point) if is_character else "\ufffd"
    return _SIMPLE.get(code, code)


def _value(tokens: list[tuple[str, str]], at: int, depth: int) -> tuple[RubyValue, int]:
    if at >= len(tokens):
        raise ValueError("the literal breaks off")
    if depth > _DEPTH_LIMIT:
        raise ValueError("nested too deeply")
    kind, content = tokens[at]
    if kind != "mark":
        return (None if (kind, content) == ("bare", "nil") else content), at + 1
    if content == ":":
        return _value(tokens, at + 1, depth + 1)
    if content == "[":
        return _array(tokens, at + 1, depth)
    if content == "{":
        return _hash(tokens, at + 1, depth)
    raise ValueError(f"unexpected {content}")


def _is_mark(tokens: list[tuple[str, str]], at: int, content: str) -> bool:
    return at < len(tokens) and tokens[at] == ("mark", content)


def _array(tokens: list[tuple[str, str]], at: int, depth: int) -> tuple[RubyValue, int]:
    values: list[RubyValue] = []
    while not _is_mark(tokens, at, "]"):
        value, at = _value(tokens, at, depth + 1)
        values.append(value)
        if _is_mark(tokens, at, ","):
            at += 1
        elif not _is_mark(tokens, at, "]"):
            raise ValueError("an array is not closed")
    return values, at + 1


def _hash(tokens: list[tuple[str, str]], at: int, depth: int) -> tuple[RubyValue, int]:
    values: dict[str, RubyValue] = {}
    while not _is_mark(tokens, at, "}"):
        key, at = _value(tokens, at, depth + 1)
        if not (_is_mark(tokens, at, "=>") or _is_mark(tokens, at, ":")):
            raise ValueError("a key has no value")
        value, at = _value(tokens, at + 1, depth + 1)
        values[key if isinstance(key, str) else str(key)] = value
        if _is_mark(tokens, at, ","):
            at += 1
        elif not _is_mark(tokens, at, "}"):
            raise ValueError("a hash is not closed")
    return values, at + 1
