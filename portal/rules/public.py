"""What of a citizen's own words may be shown to everybody."""

import re

HIDDEN = "***"
_NO_DATE = r"(?!(?:19|20)[0-9]{2}[-./][0-9]{1,2}[-./][0-9]{1,2}(?![0-9]))"
_NUMBER = rf"(?<![0-9]){_NO_DATE}[0-9](?:[ \-–—.()（）]{{0,2}}[0-9]){{6,}}[xX]?(?![0-9])"
_MAIL = r"[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼港澳"
_PLATE = f"[{_PROVINCES}][A-Za-z][ ·•.]?[A-Za-z0-9]{{5,6}}(?![A-Za-z0-9])"
_PERSONAL = re.compile(f"{_MAIL}|{_PLATE}|{_NUMBER}")


def masked(text: str) -> str:
    """The text without telephone, identity and bank numbers (seven digits or more), mail addresses and number plates.

    Names of persons are not found: who writes is told so, and a service without `realtime` is looked at first.
    """
    return _PERSONAL.sub(HIDDEN, text)
