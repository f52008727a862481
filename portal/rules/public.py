"""What of a citizen's own words may be shown to everybody."""

import re

from core.personal import plain_text

HIDDEN = "***"
_DATE = r"(?<!\d)(?:19|20)\d{2}[-./]\d{1,2}[-./]\d{1,2}(?!\d)"
_WITHIN = r"[ \-–—.()]{0,2}"
# What also stands between the parts of a number, but between a number and a date as well, or two of them.
_BETWEEN = r"[\s\-–—./,·()]{0,2}"
_DIGIT = rf"(?>{_WITHIN}\d|{_BETWEEN}(?!{_DATE})\d)"
_NUMBER = rf"(?<!\d)(?!{_DATE})\d{_DIGIT}{{6,}}[xX]?(?!\d)"
_NAME = r"[A-Za-z0-9_.+-]"
_MAIL = rf"{_NAME}{{1,64}}@[A-Za-z0-9-]{{1,63}}(?:\.[A-Za-z0-9-]{{1,63}}){{1,4}}"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼港澳"
_PLATE = f"[{_PROVINCES}][A-Za-z][ ·•.]?[A-Za-z0-9]{{5,6}}(?![A-Za-z0-9])"
_KEPT = rf"(?P<date>{_DATE}(?!{_WITHIN}\d|{_NAME}{{0,64}}@))"
# What was personal and stands masked in a case: even so much is not for everybody.
_MASKED = r"(?:\w?\*{1,3}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}|(?<!\d)\d{0,3}\*{4,11}\d{2,4}[xX]?(?!\d))"
_PERSONAL = re.compile(f"{_MASKED}|{_MAIL}|{_KEPT}|{_PLATE}|{_NUMBER}")


def masked(text: str) -> str:
    """The text without telephone, identity and bank numbers (seven digits or more), mail addresses and number plates.

    They are found in full width too, and with what people put between digits; a date beside a number is none of it.
    Names of persons are not found: who writes is told so, and a service without `realtime` is looked at first.
    """
    shown, end = [], 0
    for found in _PERSONAL.finditer(plain_text(text)):
        if found["date"] is None:
            shown += [text[end : found.start()], HIDDEN]
            end = found.end()
    return "".join((*shown, text[end:]))
