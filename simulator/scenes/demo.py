"""The demo's cameras: which film each one shows, and when something happens there by itself."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class DemoCamera:
    """A camera of the demo. Its happening begins after `first_s`, again every `every_s`, lasts `hold_s` (0: never)."""

    name: str
    scene: str
    seed: int
    light: str
    zh: str
    en: str
    district: str
    first_s: float = 0.0
    every_s: float = 0.0
    hold_s: float = 0.0

    @property
    def film(self) -> str:
        return f"{self.scene}-{self.seed}"

    def described(self, film: Mapping[str, object]) -> dict[str, object]:
        """The entry of cameras.json: what the RTSP server and the city's import need to know."""
        return {
            "name": self.name,
            "file": self.film,
            "scene": self.scene,
            "names": {"zh": self.zh, "en": self.en},
            "district": self.district,
            "zone": film["zone"],
            "violation": film["violation"],
            "width": film["width"],
            "height": film["height"],
            "fps": film["fps"],
            "happens": {"first_s": self.first_s, "every_s": self.every_s, "hold_s": self.hold_s},
        }


CAMERAS: tuple[DemoCamera, ...] = (
    DemoCamera("jingang-01", "parking", 3, "day", "石炮台路口东", "Shipaotai Road, east", "449901", 45, 900, 240),
    DemoCamera(
        "jingang-02",
        "bicycle_parking",
        5,
        "overcast",
        "海滨广场南门",
        "Haibin Square, south gate",
        "449901",
        120,
        1200,
        300,
    ),
    DemoCamera("longbin-01", "traffic", 2, "day", "龙滨大道中段", "Longbin Avenue, middle", "449902"),
    DemoCamera("longbin-02", "queue", 4, "dusk", "学府路口", "Xuefu Road crossing", "449902", 70, 150, 60),
    DemoCamera("pilot-01", "parking", 8, "rain", "侨城路西", "Qiaocheng Road, west", "449903", 420, 1500, 200),
)
