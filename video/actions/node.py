"""An analysis node: it holds leases, reads its cameras, collects batches, and looks (video.md 4.1 to 4.3)."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections

from core import clock
from core.errors import DomainError, Stale
from video.actions import leases
from video.actions.desk import Desk, mark_of, open_desk
from video.actions.detectors import model_in_use
from video.actions.faults import keep_reference, refuse_camera
from video.actions.looking import look, tell_state
from video.actions.quarantine import quarantine
from video.adapters.gate import Gate
from video.adapters.inference import MOST_FRAMES, Answer, Inference
from video.adapters.slot import Frame
from video.adapters.streams import Source, Stream
from video.contracts import CameraState, Fault
from video.models import Camera, Node
from video.rules.sampling import stretched, urgency, wanted

logger = structlog.get_logger(__name__)
RENEW_SECONDS = 5.0
TICK_SECONDS = 0.5
TURN_SECONDS = 0.02
GLANCE_EVERY = 2.0
REST_SECONDS = 1.0
UNOPENED = {"video.address_not_allowed": Fault.FORBIDDEN_SOURCE, "video.no_such_host": Fault.REFUSED}


@dataclass
class Seat:
    """A desk with its stream, and the frame that waits to be looked at."""

    desk: Desk
    stream: Stream
    gate: Gate
    due: float = 0.0
    waiting: Frame | None = None
    frame_at: float | None = None
    stretch: float = 1.0


@dataclass
class Batch:
    """What the inference process is looking at now."""

    seats: list[tuple[int, Frame, float]] = field(default_factory=list)


class Analyst:
    """The node in this process. It lives as long as the process; slices of work are run on it one after another."""

    def __init__(self, name: str, capacity: int = 16, threads: int = 1) -> None:
        self.name, self.capacity, self.threads = name, capacity, threads
        self.incarnation = uuid4()
        self.seats: dict[int, Seat] = {}
        self.inference: Inference | None = None
        self._node: Node | None = None
        self._batch: Batch | None = None
        self._renewed = self._ticked = 0.0

    def work(self, seconds: float, stop: Callable[[], bool] = lambda: False) -> None:
        """One bounded slice: cameras are read and judged until the time is over or `stop` says so.

        Children and leases stay as they are at its end, so that the next slice goes on without a gap.
        """
        until = time.monotonic() + seconds
        while time.monotonic() < until and not stop():
            try:
                busy = self.turn()
            except (DatabaseError, InterfaceError) as error:
                logger.warning("video.database_away", error=type(error).__name__)
                close_old_connections()
                time.sleep(REST_SECONDS)
                continue
            if not busy:
                time.sleep(TURN_SECONDS)

    def turn(self) -> bool:
        """One round: leases, processes, answers, frames. Says whether there was work."""
        now = time.monotonic()
        if now - self._renewed >= RENEW_SECONDS:
            self._renewed = now
            self._hold()
        if now - self._ticked >= TICK_SECONDS:
            self._ticked = now
            self._tend()
        answered = self._collect()
        for seat in list(self.seats.values()):
            self._glance(seat, now)
        return self._offer(now) or answered

    def close(self) -> None:
        """No child is left, and the cameras are free for others at once."""
        for camera_id in list(self.seats):
            self._leave(camera_id)
        if self.inference is not None:
            self.inference.close()
            self.inference = None

    def _hold(self) -> None:
        """Leases are renewed; lost or changed cameras left, free ones taken."""
        if self._node is None:
            self._node = leases.enter_node(self.name, self.incarnation, self.capacity)
            self._sit(leases.retake(self._node))
        held = {camera_id: seat.desk.epoch for camera_id, seat in self.seats.items()}
        mine = leases.renew(self._node, held)
        for camera_id in held.keys() - mine:
            self._leave(camera_id, lost=True)
        self._refresh()
        self._sit(leases.take_free(self._node, self.capacity - len(self.seats)))

    def _refresh(self) -> None:
        """A camera whose address, zones or rules changed gets a new desk; its process only for a new address."""
        for camera in Camera.objects.filter(pk__in=list(self.seats)):
            seat = self.seats[camera.pk]
            if mark_of(camera) == seat.desk.mark:
                continue
            fresh = self._open(camera.pk, seat.desk.epoch)
            if fresh is None:
                self._leave(camera.pk)
                continue
            fresh.model_sha256, fresh.ring = seat.desk.model_sha256, seat.desk.ring
            fresh.looked_at, fresh.achieved = seat.desk.looked_at, seat.desk.achieved
            if (fresh.url, fresh.masks) != (seat.desk.url, seat.desk.masks):
                seat.stream.close()
                seat.stream = Stream(Source(fresh.url, fresh.masks))
            seat.desk = fresh
            seat.gate.redrawn(fresh.zones, fresh.reference)

    def _sit(self, taken: dict[int, int]) -> None:
        for camera_id, epoch in taken.items():
            desk = self._open(camera_id, epoch)
            if desk is None:
                continue
            self.seats[camera_id] = Seat(desk, Stream(Source(desk.url, desk.masks)), Gate(desk.zones, desk.reference))
            logger.info("video.lease_taken", camera=desk.code, epoch=epoch, node=self.name)

    @staticmethod
    def _open(camera_id: int, epoch: int) -> Desk | None:
        """The camera's desk; None where its address cannot be read or may not be opened, which its row then says."""
        try:
            return open_desk(camera_id, epoch, clock.now().timestamp())
        except DomainError as error:
            logger.warning("video.camera_refused", camera=camera_id, code=error.code)
            if error.code in UNOPENED:
                refuse_camera(camera_id, UNOPENED[error.code])
            return None

    def _leave(self, camera_id: int, lost: bool = False) -> None:
        seat = self.seats.pop(camera_id)
        seat.stream.close()
        logger.info("video.lease_left", camera=seat.desk.code, lost=lost)
        if not lost and self._node is not None:
            leases.release(self._node, [camera_id])

    def _tend(self) -> None:
        """Decoder processes are watched, and the cameras' rows say how they are."""
        for camera_id, seat in list(self.seats.items()):
            seat.stream.tick()
            stream = seat.stream
            fault = stream.fault or seat.desk.scene.fault
            state = stream.state
            if state is CameraState.ONLINE and fault:
                state = CameraState.DEGRADED
            try:
                tell_state(seat.desk, state, Fault(fault), seat.frame_at, clock.now().timestamp())
            except Stale:
                self._leave(camera_id, lost=True)
                continue
            if stream.state is CameraState.QUARANTINED:
                quarantine(camera_id, stream.crashes)
                self._leave(camera_id)

    def _glance(self, seat: Seat, now: float) -> None:
        """The newest frame passes the gate; it waits for inference when one is due."""
        frame = seat.stream.newest()
        if frame is None:
            return
        at = clock.now().timestamp() - (now - frame.mono)
        seat.frame_at = at
        desk = seat.desk
        if seat.gate.look(frame.rgb, frame.glance, at):
            keep_reference(desk, seat.gate.reference, at)
        desk.scene = seat.gate.scene
        self._plan(seat, at, now)
        seat.waiting = frame if desk.scene.fit else None

    def _plan(self, seat: Seat, at: float, now: float) -> None:
        """How often this camera is looked at now, promised as the rules ask, stretched when there is too much to do."""
        desk = seat.desk
        moving = desk.scene.moving(at)
        asked = [wanted(work.spec.dwell, work.state.places, moving) for work in desk.awake(at)]
        desk.promised = min(asked, default=GLANCE_EVERY * 10)
        seat.due = min(seat.due, now + desk.promised * seat.stretch)
        seat.stream.want(min(desk.promised, GLANCE_EVERY))

    def _offer(self, now: float) -> bool:
        """The frames that are due, the most urgent and most overdue first, go to the inference process."""
        engine = self._engine()
        if engine is None or not engine.idle or self._batch is not None:
            return False
        ready = [
            (self._urgency(seat), seat.due, camera_id)
            for camera_id, seat in self.seats.items()
            if seat.waiting is not None and seat.due <= now and seat.desk.works
        ]
        if not ready:
            return False
        chosen = [camera_id for _urgency, _due, camera_id in sorted(ready)[:MOST_FRAMES]]
        self._batch = Batch()
        for camera_id in chosen:
            seat = self.seats[camera_id]
            if seat.waiting is None:
                continue
            at = clock.now().timestamp() - (time.monotonic() - seat.waiting.mono)
            self._batch.seats.append((camera_id, seat.waiting, at))
            late = now - seat.due if seat.due else 0.0
            seat.stretch = stretched(seat.stretch, late, seat.desk.promised) if self._urgency(seat) > 1 else 1.0
            seat.due = now + seat.desk.promised * seat.stretch
            seat.waiting = None
        engine.give([frame.rgb for _camera, frame, _at in self._batch.seats])
        return True

    @staticmethod
    def _urgency(seat: Seat) -> int:
        return min((urgency(work.state.places) for work in seat.desk.works), default=3)

    def _engine(self) -> Inference | None:
        """The inference process, started with the first camera; none where the model may not be loaded."""
        if self.inference is None and self.seats:
            try:
                model = model_in_use()
            except DomainError as error:
                logger.error("video.no_model", code=error.code, **error.params)
                time.sleep(REST_SECONDS)
                return None
            self.inference = Inference(model, str(Path(settings.DATA_DIR) / "ultralytics"), self.threads)
        return self.inference

    def _collect(self) -> bool:
        """The answer to the last batch, where it has come, is looked at."""
        if self.inference is None:
            return False
        answer = self.inference.poll()
        if self._batch is None:
            return False
        if answer is None:
            if self.inference.lost:
                self._batch = None
            return False
        batch, self._batch = self._batch, None
        self._look(batch, answer)
        return True

    def _look(self, batch: Batch, answer: Answer) -> None:
        share = answer.milliseconds / max(1, len(answer.found))
        for (camera_id, frame, at), seen in zip(batch.seats, answer.found, strict=True):
            seat = self.seats.get(camera_id)
            if seat is None:
                continue
            seat.desk.model_sha256 = self.inference.model.sha256 if self.inference else ""
            try:
                look(seat.desk, frame, seen, at, share)
            except Stale:
                self._leave(camera_id, lost=True)
                continue
            self._plan(seat, at, time.monotonic())
