"""YAML that remembers its lines.

A fault is only useful with a line number, so files are read as YAML nodes and turned into plain data beside a map from
each value's path (`("do", 2)`) to the line it stands on. Only the plain core of YAML is allowed: text, whole numbers, yes/no,
dates, lists and mappings. A key given twice is a fault; plain YAML would silently keep the last.
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from content.faults import Fault

Path_ = tuple[str | int, ...]

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # a PyYAML built without libyaml: slower, the same result
    from yaml import SafeLoader as Loader  # type: ignore[assignment]


@dataclass
class Located:
    """The plain data of one file, and where each part of it stands."""

    file: str
    data: Any = None
    lines: dict[Path_, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line(self, path: Path_) -> int:
        """The line of the value at `path`, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def fault(self, path: Path_, what: str, fix: str) -> Fault:
        """A fault at the line of the value at `path`."""
        return Fault(self.file, self.line(path), what, fix)


def read_yaml(path: Path, name: str) -> Located:
    """Read one YAML file; what can't be read is in `faults`, never raised."""
    located = Located(name)
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=Loader)
    except UnicodeDecodeError:
        located.faults.append(Fault(name, 1, "This file is not UTF-8 text.", "save it as UTF-8."))
        return located
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = f"This is not valid YAML ({error.problem or 'it ends too early'})."
        located.faults.append(Fault(name, line, problem, "check the indent, and put text with a colon in quotes."))
        return located
    located.data = _plain(node, (), located) if node else {}
    return located


def _plain(node: yaml.Node, path: Path_, located: Located) -> Any:
    located.lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, located)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, number), located) for number, item in enumerate(node.value)]
    return _scalar(node)


def _mapping(node: yaml.MappingNode, path: Path_, located: Located) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in found:
            line = key_node.start_mark.line + 1
            located.faults.append(Fault(located.file, line, f"`{key}` is given twice.", "keep one of the two."))
        found[key] = _plain(value_node, (*path, key), located)
        located.lines[(*path, key)] = key_node.start_mark.line + 1
    return found


def _scalar(node: yaml.Node) -> Any:
    value = str(node.value)
    kind = node.tag.rsplit(":", 1)[-1]
    if kind == "null":
        return None
    if kind == "bool":
        return value.lower() in ("true", "yes", "on")
    if kind == "int" and value.isdigit():
        return int(value)
    if kind == "timestamp":
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value
