"""Spells in which a camera cannot be judged: opened, closed, and reported once as work for somebody."""

from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction

from cases import actions as cases
from core import clock
from core.errors import DomainError, Stale
from core.languages import pick
from core.scope import Actor, machine
from journal import actions as journal
from video.actions.desk import Desk
from video.actions.leases import fence
from video.actions.stills import time_of
from video.contracts import CameraState, Fault, FaultNews
from video.models import Camera, CameraFault, Reference
from video.rules.faults import LASTING_SECONDS
from video.rules.scene import FROZEN_SECONDS

logger = structlog.get_logger(__name__)
WATCHMAN: Actor = machine("video", "case.report", "case.see", label="视频分析 Video analysis")
PASSING = (Fault.NONE, Fault.SCENE_CHANGE)
AT_ONCE = 50
BLIND_SECONDS = FROZEN_SECONDS
WORDS = {
    Fault.BLACK: "画面全黑 black picture",
    Fault.COVERED: "镜头被遮挡 covered lens",
    Fault.BLURRED: "画面模糊 blurred picture",
    Fault.OVEREXPOSED: "画面过曝 overexposed picture",
    Fault.MOVED: "视角偏移 camera moved",
    Fault.FROZEN: "画面冻结 frozen picture",
    Fault.NO_FRAMES: "无画面 no pictures",
    Fault.REFUSED: "无法连接 stream cannot be opened",
    Fault.CRASHED: "码流异常 stream crashes its reader",
    Fault.FORBIDDEN_SOURCE: "地址未获允许 address not allowed",
}


def _tell(kind: str, row: CameraFault) -> None:
    camera = row.camera
    journal.record(
        kind,
        subject=camera.code,
        actor=WATCHMAN,
        org=camera.organisation,
        area=camera.area,
        data=FaultNews(camera.code, str(row.kind), row.case_number),
    )


def begin_fault(camera_id: int, fault: Fault, at: float) -> None:
    """A spell of this fault is open; call it in the transaction that holds the camera."""
    row, new = CameraFault.objects.get_or_create(
        camera_id=camera_id, kind=fault, closed_at=None, defaults={"opened_at": time_of(at)}
    )
    if new:
        _tell("video.fault_opened.v1", row)


def end_faults(camera_id: int, at: float, but: Fault = Fault.NONE) -> None:
    """No spell is open but of this fault; the work order of one that ended is told so."""
    rows = CameraFault.objects.select_for_update(of=("self",)).select_related("camera")
    for row in rows.filter(camera_id=camera_id, closed_at=None).exclude(kind=but).order_by("pk"):
        row.closed_at = max(time_of(at), row.opened_at)
        row.save(update_fields=["closed_at"])
        _tell("video.fault_closed.v1", row)
        _say_over(row)


def _say_over(row: CameraFault) -> None:
    if not row.case_number:
        return
    note = f"摄像机 {row.camera.code} 画面已恢复 The pictures are back"
    ref = f"{row.camera.code}:fault:{row.pk}:over"
    try:
        with transaction.atomic():
            cases.attach_clue(row.case_number, actor=WATCHMAN, source="camera", source_ref=ref, note=note)
    except DomainError as error:
        logger.warning("video.clue_refused", case=row.case_number, code=error.code)


def note_fault(desk: Desk, fault: Fault, at: float) -> None:
    """What the node sees now, once it lasts ten seconds: a spell begins, or those that were are over.

    A node that has just come needs a minute to see a frozen picture or a moved camera: until then nothing is over.
    """
    if fault in PASSING and fault:
        return
    if desk.trouble is None:
        desk.trouble = (fault, at if fault else at + BLIND_SECONDS)
    elif desk.trouble[0] is not fault:
        desk.trouble = (fault, at)
    if at - desk.trouble[1] < LASTING_SECONDS or desk.noted is fault:
        return
    end_faults(desk.camera_id, at, fault)
    if fault:
        begin_fault(desk.camera_id, fault, at)
    desk.noted = fault


@transaction.atomic
def refuse_camera(camera_id: int, fault: Fault) -> None:
    """The camera's stream is not opened: its row says why, and nothing was sent to where it leads."""
    camera = Camera.objects.select_for_update().get(pk=camera_id)
    now = clock.now()
    if (camera.state, camera.fault) != (CameraState.DOWN, fault):
        camera.state, camera.fault, camera.state_at = CameraState.DOWN, fault, now
        camera.save(update_fields=["state", "fault", "state_at"])
    begin_fault(camera_id, fault, now.timestamp())


def keep_reference(desk: Desk, grey: Any, at: float) -> None:
    """This is what the camera should show; nothing is written where another node has it by now."""
    fields = {"grey": grey.tobytes(), "width": grey.shape[1], "height": grey.shape[0], "taken_at": time_of(at)}
    try:
        with transaction.atomic():
            fence(desk.camera_id, desk.epoch)
            Reference.objects.update_or_create(camera_id=desk.camera_id, defaults=fields)
    except Stale:
        logger.info("video.reference_refused", camera=desk.code)


def order_repairs() -> int:
    """Each camera at work whose fault has lasted is reported once, as the class of the settings; returns how many."""
    if not settings.VIDEO_FAULT_CLASS:
        return 0
    since = clock.now() - timedelta(minutes=settings.VIDEO_FAULT_MINUTES)
    at_work = CameraFault.objects.filter(camera__enabled=True)
    due = at_work.filter(closed_at=None, told_at=None, opened_at__lte=since).order_by("pk")
    return sum(_order(pk) for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]))


@transaction.atomic
def _order(pk: int) -> bool:
    """One fault is somebody's work now; a camera that has its work order already gets no second one."""
    rows = CameraFault.objects.select_for_update(of=("self",), skip_locked=True).select_related("camera")
    row = rows.filter(pk=pk, closed_at=None, told_at=None).first()
    if row is None:
        return False
    Camera.objects.select_for_update().get(pk=row.camera_id)
    beside = CameraFault.objects.filter(camera=row.camera, closed_at=None).exclude(case_number="").first()
    row.told_at, row.case_number = clock.now(), beside.case_number if beside else ""
    try:
        with transaction.atomic():
            row.case_number = row.case_number or _reported(row)
    except DomainError as error:
        logger.warning("video.repair_refused", camera=row.camera.code, code=error.code)
    row.save(update_fields=["told_at", "case_number"])
    return beside is None and bool(row.case_number)


def _reported(row: CameraFault) -> str:
    camera = row.camera
    told = f"摄像机 {pick(camera.names, 'zh')}（{camera.code}）：{WORDS[Fault(row.kind)]}"
    view = cases.report(
        actor=WATCHMAN,
        source="camera",
        source_ref=f"{camera.code}:fault:{row.pk}",
        category=settings.VIDEO_FAULT_CLASS,
        description=told,
        lon=camera.geom.x,
        lat=camera.geom.y,
        attributes={"camera": camera.code, "fault": str(row.kind)},
        reported_at=clock.now(),
    )
    return view.number
