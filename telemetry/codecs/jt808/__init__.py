"""JT/T 808 of 2011, 2013 and 2019: frames, parts, messages both ways, additional items."""

from telemetry.codecs.jt808.frames import (
    MOST_BODY,
    Frame,
    Framer,
    Header,
    build,
    build_all,
    checksum,
    escape,
    parse,
    unescape,
)
from telemetry.codecs.jt808.items import mapped, named, split_items
from telemetry.codecs.jt808.messages import (
    ACC,
    Ack,
    Auth,
    Batch,
    DriverCard,
    Empty,
    Location,
    LocationAnswer,
    Message,
    Parameters,
    Register,
    RegisterAck,
    Retransmit,
    Text,
    Tracking,
    Unknown,
    decode,
    encode,
    location,
)
from telemetry.codecs.jt808.split import Assembler, Missing

__all__ = [
    "ACC", "MOST_BODY", "Ack", "Assembler", "Auth", "Batch", "DriverCard", "Empty", "Frame", "Framer", "Header",
    "Location", "LocationAnswer", "Message", "Missing", "Parameters", "Register", "RegisterAck", "Retransmit", "Text",
    "Tracking", "Unknown", "build", "build_all", "checksum", "decode", "encode", "escape", "location", "mapped",
    "named", "parse", "split_items", "unescape",
]  # fmt: skip
