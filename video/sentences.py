"""The sentence for each code of video."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "video.bad_address": _("This is not the address of a stream."),
    "video.address_not_allowed": _("Streams may not be opened from %(address)s. The administrator keeps the list."),
    "video.bad_camera": _("The camera is not described as it must be, at %(field)s: %(why)s"),
    "video.bad_polygon": _("The zone is too small, or its edges cross."),
    "video.camera_exists": _("There is already a camera %(camera)s."),
    "video.bad_zone": _("The zone is not described as it must be, at %(field)s: %(why)s"),
    "video.no_zone": _("There is no zone %(zone)s at this camera."),
    "video.zone_changed": _("Somebody else has changed the zone %(zone)s meanwhile. Open it again."),
    "video.too_many_zones": _("A camera has at most %(most)s zones."),
    "video.no_validated_model": _("No validated model finds this: %(labels)s. The rule cannot report by itself."),
    "video.bad_exemption": _("These cannot be exempt here, or nothing would be left to count: %(labels)s"),
    "video.needs_reason": _("Say why it is wrong."),
    "video.too_late": _("It is too late to take this back."),
    "video.no_camera": _("There is no camera %(camera)s here for you."),
    "video.no_incident": _("There is no incident %(incident)s here for you."),
    "video.no_still": _("There is no picture %(still)s here for you."),
    "video.no_template": _("There is no rule template %(template)s."),
    "video.not_admin": _("Only an administrator of this place may do that."),
    "video.not_reviewer": _("You may not judge the incidents of this camera."),
    "video.not_open_to_review": _("This incident does not wait for a judgement."),
    "video.sealed_elsewhere": _("The address was encrypted with another secret key. Enter it again."),
    "video.stale_epoch": _("Another node analyses camera %(camera)s now."),
    "video.not_your_picture": _("Pictures with faces and plates are open only to those who may see people."),
    "video.unregistered_model": _("The model's file is not registered: %(file)s."),
    "video.not_yours": _("You may not see cameras."),
    "video.bad_filter": _("This filter is not known."),
    "video.picture_gone": _("The picture is no longer there, or has been altered."),
    "video.bad_page": _("The page must be a number above zero."),
}
