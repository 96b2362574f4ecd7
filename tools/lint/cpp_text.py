"""C++ source as lint needs it: comments and literals blanked out, and where each function begins and ends."""
import re
from dataclasses import dataclass


def blank(text):
    """The text with comments, strings and characters replaced by spaces; same length, same lines."""
    pattern = re.compile(
        r'//[^\n]*|/\*.*?\*/|R"([^()\\ ]{0,16})\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'',
        re.S)

    def spaces(match):
        found = match.group(0)
        kept = '"' + re.sub(r"[^\n]", " ", found[1:-1]) + '"' if found[0] == '"' else None
        return kept or re.sub(r"[^\n]", " ", found)

    return pattern.sub(spaces, text)


def without_preprocessor(code):
    """Blanked code with #define and other directives blanked too, continuation lines included."""
    return re.sub(r"^[ \t]*#(?:[^\n\\]|\\\n|\\.)*", lambda m: re.sub(r"[^\n]", " ", m.group(0)), code, flags=re.M)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def matching(code, opening):
    """Position of the bracket that closes the one at `opening`, or the end of the code."""
    pairs = {"(": ")", "{": "}", "[": "]"}
    depth, left, right = 0, code[opening], pairs[code[opening]]
    for position in range(opening, len(code)):
        if code[position] == left:
            depth += 1
        elif code[position] == right:
            depth -= 1
            if depth == 0:
                return position
    return len(code) - 1


@dataclass
class Function:
    name: str
    first_line: int
    last_line: int

    @property
    def lines(self):
        return self.last_line - self.first_line + 1


SCOPE = re.compile(r'^\s*(?:inline\s+)?(?:namespace\b|extern\s*"\s*"|(?:template\s*<.*>\s*)?(?:class|struct|union|enum)\b)', re.S)


def functions(code):
    """Functions of blanked code without directives, outermost ones only: lambdas and local types count as
    part of the function around them."""
    found = []
    code = re.sub(r"(?m)^[A-Z][A-Z0-9_]*$", lambda macro: " " * len(macro.group()), code)  # such a line ends itself
    head, position = 0, 0
    while position < len(code):
        sign = code[position]
        if sign in ";}":
            head = position + 1
        elif sign == ":" and re.search(r"\b(?:public|private|protected)\s*$", code[head:position]):
            head = position + 1
        elif sign == "(":
            position = matching(code, position)
        elif sign == "{":
            statement = code[head:position]
            if SCOPE.match(statement) and not re.search(r"\)\s*(?:const|noexcept|override|final|->.*)*\s*$", statement):
                if "enum" in statement.split("{")[0].split():
                    position = matching(code, position)
                else:
                    head = position + 1
            else:
                end = matching(code, position)
                after = code[end + 1:end + 40].lstrip()[:1]
                initialiser = after in (",", "{") or (after in (";", ")") and "(" not in statement)
                if "(" in statement and not initialiser and not re.search(r"=\s*$", statement):
                    names = re.findall(r"([~\w:]+|operator\s*\S+)\s*\(", statement)
                    start = head + len(statement) - len(statement.lstrip())
                    name = names[0] if names else "?"
                    found.append(Function(name, line_of(code, start), line_of(code, end)))
                    head = end + 1
                position = end
        position += 1
    return found
