"""People: limbs on a skeleton that walks, stands, rides or sits."""

import numpy as np

from simulator.scenes.canvas import Canvas
from simulator.scenes.thing import Colour, Thing, times

SKINS: tuple[Colour, ...] = ((140, 170, 214), (120, 150, 200), (104, 134, 182), (150, 184, 224))
HAIRS: tuple[Colour, ...] = ((28, 26, 26), (36, 30, 28), (40, 44, 60), (110, 110, 112))
TOPS: tuple[Colour, ...] = (
    (238, 238, 238),
    (36, 34, 36),
    (150, 84, 40),
    (54, 48, 176),
    (70, 120, 60),
    (70, 190, 232),
    (150, 150, 154),
    (190, 120, 190),
    (190, 170, 90),
    (46, 110, 220),
    (210, 200, 160),
    (90, 70, 120),
)
LEGS: tuple[Colour, ...] = (
    (34, 32, 34),
    (110, 70, 44),
    (140, 96, 62),
    (80, 80, 84),
    (150, 170, 190),
    (60, 66, 78),
    (52, 40, 34),
)


class Person(Thing):
    """A person of 1.2 to 1.85 m. State: `gait` (radians of the step), `pose` walk, stand, ride, sit."""

    label = "person"

    def __init__(self, x: float, y: float, heading: float = 0.0, look: int = 0, **state: float | str) -> None:
        super().__init__(x, y, heading, look, state={"pose": "walk", "gait": 0.9, **state})
        rng = self.rng()
        self.tall = float(np.clip(rng.normal(1.68, 0.1), 1.2, 1.88))
        self.stout = float(rng.uniform(0.9, 1.2))
        self.skin, self.hair, self.top, self.legs = (
            tones[rng.integers(len(tones))] for tones in (SKINS, HAIRS, TOPS, LEGS)
        )
        self.long_hair = bool(rng.random() < 0.4)
        self.skirt = bool(rng.random() < 0.18)
        self.bag = str(rng.choice(["", "", "back", "hand", "umbrella"]))
        self.vest = bool(rng.random() < 0.08)
        self.helmet: Colour = TOPS[rng.integers(len(TOPS))]

    def solids(self) -> list[np.ndarray]:
        low = self.state.get("lift", 0.0)
        turn = np.linspace(0, 2 * np.pi, 6, endpoint=False)
        body = [[np.cos(a) * 0.2, np.sin(a) * 0.24, low + w * self.tall] for a in turn for w in (0.02, 0.98)]
        return [self.world(np.array(body))]

    def joints(self) -> dict[str, np.ndarray]:
        """Own coordinates of the joints in the present pose."""
        tall, pose, lift = self.tall, self.state["pose"], float(self.state.get("lift", 0.0))
        hip = lift + {"ride": 0.0, "sit": 0.45}.get(str(pose), 0.5 * tall)
        lean = {"ride": 0.2, "walk": 0.06}.get(str(pose), 0.0)
        found = {"hip": np.array([0, 0, hip]), "neck": np.array([lean, 0, hip + 0.33 * tall])}
        found["head"] = found["neck"] + np.array([lean * 0.3, 0, 0.1 * tall])
        swing = np.sin(float(self.state["gait"])) * (0.5 if pose == "walk" else 0.04)
        for side, sign in (("l", 1), ("r", -1)):
            found |= self._leg(side, sign, sign * swing, found["hip"])
            found |= self._arm(side, sign, -sign * swing, found["neck"])
        return found

    def _leg(self, side: str, sign: int, swing: float, hip: np.ndarray) -> dict[str, np.ndarray]:
        half = 0.25 * self.tall
        top = hip + np.array([0, sign * 0.09 * self.stout, 0])
        if self.state["pose"] in ("ride", "sit"):
            spin = float(self.state["gait"]) + (0 if sign > 0 else np.pi)
            low = np.array([0.12 + 0.15 * np.cos(spin), 0, -0.62 + 0.15 * np.sin(spin)])
            if self.state["pose"] == "sit":
                low = np.array([0.42, 0, -0.42])
            return {
                f"{side}hip": top,
                f"{side}knee": top + np.array([0.36, 0, low[2] * 0.35]),
                f"{side}foot": top + low,
            }
        knee = top + np.array([np.sin(swing) * half, 0, -np.cos(swing) * half])
        bent = swing - max(0.0, -swing) * 0.9 - 0.05
        foot = knee + np.array([np.sin(bent) * half, 0, -np.cos(bent) * half])
        foot[2] = max(foot[2], 0.04)
        return {f"{side}hip": top, f"{side}knee": knee, f"{side}foot": foot}

    def _arm(self, side: str, sign: int, swing: float, neck: np.ndarray) -> dict[str, np.ndarray]:
        shoulder = neck + np.array([0, sign * 0.19 * self.stout, -0.03])
        upper = 0.17 * self.tall
        if self.state["pose"] == "ride":
            return {
                f"{side}sho": shoulder,
                f"{side}elb": shoulder + np.array([0.24, sign * 0.05, -0.2]),
                f"{side}hand": shoulder + np.array([0.46, sign * 0.02, -0.28]),
            }
        elbow = shoulder + np.array([np.sin(swing * 0.8) * upper, sign * 0.03, -np.cos(swing * 0.8) * upper])
        hand = elbow + np.array([np.sin(swing * 0.8 + 0.25) * upper, 0, -np.cos(swing * 0.8 + 0.25) * upper])
        return {f"{side}sho": shoulder, f"{side}elb": elbow, f"{side}hand": hand}

    def draw(self, canvas: Canvas) -> None:
        own = self.joints()
        at = {name: self.world(point)[0] for name, point in own.items()}
        toward = self.world([[0, 1, 0]])[0] - self.world([[0, 0, 0]])[0]
        near = "l" if self.sees(canvas, at["hip"], toward) else "r"
        far = "r" if near == "l" else "l"
        ahead = self.world([[1, 0, 0]])[0] - self.world([[0, 0, 0]])[0]
        facing = self.sees(canvas, at["hip"], ahead)
        strength = canvas.light.ambient + 0.5 * canvas.light.direct
        self._limbs(canvas, at, far, strength * 0.78)
        if self.bag == "back" and facing:
            self._pack(canvas, at, strength)
        self._trunk(canvas, at, strength)
        self._limbs(canvas, at, near, strength)
        if self.bag == "back" and not facing:
            self._pack(canvas, at, strength)
        self._head(canvas, at, strength, facing)
        self._carried(canvas, at, near, strength)

    def _limbs(self, canvas: Canvas, at: dict[str, np.ndarray], side: str, strength: float) -> None:
        wide = self.stout
        legs = times(self.legs, strength)
        bare = times(self.skin, strength)
        canvas.limb(at[side + "hip"], at[side + "knee"], (0.09 * wide, 0.07 * wide), legs)
        canvas.limb(at[side + "knee"], at[side + "foot"], (0.068 * wide, 0.05), bare if self.skirt else legs)
        forward = self.world([[0.13, 0, 0]])[0] - self.world([[0, 0, 0]])[0]
        canvas.limb(at[side + "foot"], at[side + "foot"] + forward, (0.055, 0.045), times((42, 40, 40), strength))
        top = times((60, 230, 240) if self.vest else self.top, strength * 0.93)
        canvas.limb(at[side + "sho"], at[side + "elb"], (0.062 * wide, 0.05), top)
        canvas.limb(at[side + "elb"], at[side + "hand"], (0.048, 0.036), bare)

    def _trunk(self, canvas: Canvas, at: dict[str, np.ndarray], strength: float) -> None:
        top = times((50, 220, 235) if self.vest else self.top, strength)
        wide, hip = 0.115 * self.stout, self.joints()["hip"]
        for sign in (-1, 1):
            shoulder = self.world(self.joints()["neck"] + np.array([0, sign * 0.12 * self.stout, -0.05]))[0]
            canvas.limb(self.world(hip + np.array([0, sign * 0.07, -0.02]))[0], shoulder, (wide, wide * 0.9), top)
        canvas.limb(at["hip"], at["neck"] - np.array([0, 0, 0.08]), (wide * 1.1, wide * 1.25), top)
        if self.skirt:
            canvas.hull(
                self.world(
                    [
                        hip + np.array([np.cos(a) * r, np.sin(a) * r, z])
                        for a in np.arange(8) * 0.785
                        for r, z in ((0.15, 0.0), (0.25, -0.3 * self.tall))
                    ]
                ),
                times(self.legs, strength),
            )
        else:
            canvas.limb(at["lhip"], at["rhip"], (0.1 * self.stout, 0.1 * self.stout), times(self.legs, strength))

    def _head(self, canvas: Canvas, at: dict[str, np.ndarray], strength: float, facing: bool) -> None:
        skin, hair = times(self.skin, strength), times(self.hair, strength)
        canvas.limb(at["neck"] - np.array([0, 0, 0.05]), at["head"], (0.055, 0.06), skin)
        if self.state["pose"] == "ride" and self.look % 3:
            canvas.ball(at["head"] + np.array([0, 0, 0.02]), 0.135, times(self.helmet, strength))
            return
        back = self.world([[-0.03, 0, 0]])[0] - self.world([[0, 0, 0]])[0]
        if self.long_hair and not facing:
            canvas.limb(at["head"], at["neck"] - np.array([0, 0, 0.1]), (0.12, 0.1), hair)
        canvas.ball(at["head"] + back + np.array([0, 0, 0.025]), 0.118, hair)
        if facing:
            canvas.ball(at["head"] - back - np.array([0, 0, 0.02]), 0.095, skin)

    def _pack(self, canvas: Canvas, at: dict[str, np.ndarray], strength: float) -> None:
        back = self.world([[-0.2, 0, 0]])[0] - self.world([[0, 0, 0]])[0]
        canvas.limb(
            at["neck"] + back - np.array([0, 0, 0.12]),
            at["hip"] + back + np.array([0, 0, 0.12]),
            (0.13, 0.14),
            times(self.helmet, strength * 0.8),
        )

    def _carried(self, canvas: Canvas, at: dict[str, np.ndarray], side: str, strength: float) -> None:
        if self.bag == "hand":
            low = at[side + "hand"] - np.array([0, 0, 0.22])
            canvas.limb(at[side + "hand"], low, (0.02, 0.11), times(self.helmet, strength))
        if self.bag == "umbrella" and canvas.light.rain and self.state["pose"] == "walk":
            tip = at["head"] + np.array([0, 0, 0.42])
            turn = np.arange(10) * 0.628
            rim = np.column_stack(
                [tip[0] + np.cos(turn) * 0.52, tip[1] + np.sin(turn) * 0.52, np.full(10, tip[2] - 0.2)]
            )
            canvas.limb(at["head"], tip, (0.012, 0.012), (70, 70, 72))
            canvas.hull(np.vstack([rim, tip[None]]), times(self.helmet, strength))
