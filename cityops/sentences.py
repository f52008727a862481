"""Sentences for the codes of the project itself and of `core`, which has no catalogue."""

from django.utils.translation import gettext_lazy as _

MISSING = _("A value is missing.")
UNEXPECTED = _("This is not expected here.")
NOT_ALLOWED = _("The value is not one of those allowed.")
OUT_OF_RANGE = _("The number is not in the range allowed.")
BAD_LENGTH = _("The text is too short or too long.")
BAD_LIST = _("The list has too few, too many or wrong items.")
UNFIT = _("The value does not fit.")

# One for each keyword of JSON Schema by which a value can fail.
SCHEMA = {
    "type": _("The value is of the wrong type."),
    "required": MISSING, "dependentRequired": MISSING, "minProperties": MISSING,
    "additionalProperties": UNEXPECTED, "unevaluatedProperties": UNEXPECTED, "propertyNames": UNEXPECTED,
    "maxProperties": UNEXPECTED, "forbidden": UNEXPECTED,
    "enum": NOT_ALLOWED, "const": NOT_ALLOWED,
    "minimum": OUT_OF_RANGE, "maximum": OUT_OF_RANGE, "exclusiveMinimum": OUT_OF_RANGE,
    "exclusiveMaximum": OUT_OF_RANGE, "multipleOf": OUT_OF_RANGE,
    "minLength": BAD_LENGTH, "maxLength": BAD_LENGTH,
    "pattern": _("The text is not written as it must be."), "format": _("The text is not written as it must be."),
    "minItems": BAD_LIST, "maxItems": BAD_LIST, "contains": BAD_LIST, "items": BAD_LIST, "prefixItems": BAD_LIST,
    "unevaluatedItems": BAD_LIST, "uniqueItems": _("The list holds the same thing twice."),
    "anyOf": UNFIT, "oneOf": UNFIT, "allOf": UNFIT, "not": UNFIT, "if": UNFIT, "properties": UNFIT,
    "patternProperties": UNFIT, "dependentSchemas": UNFIT, "$ref": UNFIT, "$dynamicRef": UNFIT,
}  # fmt: skip

SENTENCES = {
    **{f"schema.{keyword}": sentence for keyword, sentence in SCHEMA.items()},
    "picture.empty_file": _("The file is empty."),
    "picture.too_large": _("The file is larger than %(megabytes)s MB."),
    "picture.too_many_pixels": _("The picture has more than %(megapixels)s million pixels."),
    "picture.unknown_kind": _("The file is not a JPEG, PNG or WebP picture."),
    "picture.broken": _("The picture is damaged and cannot be read."),
    "clip.too_large": _("The clip is larger than %(megabytes)s MB."),
    "clip.too_long": _("The clip is longer than %(seconds)s seconds."),
    "clip.too_many_pixels": _("The clip has pictures of more than %(megapixels)s million pixels."),
    "clip.unknown_kind": _("The film is not an MP4, MOV, WebM or 3GP."),
    "clip.unknown_codec": _("The film is coded in a way that cannot be read here; save it as H.264."),
    "clip.no_picture": _("There is no moving picture in the file."),
    "clip.broken": _("The film is damaged and cannot be read."),
    "picture.lost": _("The file of this picture is missing."),
    "picture.seal_broken": _("The file of this picture is not what was sealed; it is not shown."),
    "paper.too_long": _("This is too long for a PDF of %(most)s pages. Narrow it down, or take the workbook."),
    "paper.fetches": _("A PDF may not bring in anything from elsewhere."),
    "paper.failed": _("The PDF could not be made just now. Try again."),
    "schema.not_an_object": _("A JSON Schema is an object."),
    "schema.bad_schema": _("This is no JSON Schema."),
    "version.needed": _("Say which version you saw (If-Match)."),
    "version.unreadable": _("The version must be one value in quotation marks, as the ETag gave it."),
    "version.stale": _("Somebody else has changed this since you read it. Nothing was written."),
    "condition.not_an_object": _("A condition is an object."),
    "condition.too_deep": _("The condition is nested too deep."),
    "condition.joiner_not_alone": _("“and” or “or” stands alone in its object."),
    "condition.empty_joiner": _("“and” or “or” joins a list of at least one condition."),
    "condition.unknown_key": _("A condition has attr, op, value and negate, nothing else."),
    "condition.no_attribute": _("The condition does not name an attribute."),
    "condition.no_value": _("The condition has no value to compare with."),
    "condition.unknown_operator": _("There is no such operator."),
    "condition.not_a_list": _("The operator “in” takes a list."),
    "condition.bad_pattern": _("The pattern is not a regular expression, or is too long."),
    "calendar.not_seven_days": _("A calendar has hours for seven days of the week, not for %(days)s."),
    "calendar.bad_hours": _("The working hours overlap, run backwards or leave the day: %(hours)s."),
    "calendar.negative_limit": _("A time limit is not negative: %(minutes)s minutes."),
    "calendar.never_works": _("By this calendar nobody works any more after %(start)s, so the limit never ends."),
    "calendar.naive_time": _("The time %(time)s has no time zone."),
    "json.too_deep": _("The JSON is nested deeper than %(limit)s levels."),
    "json.too_big": _("The JSON is larger than %(limit)s bytes."),
    "value.unstorable": _("The request contains a value that cannot be stored, or a number or date out of range."),
    "json.nul": _("The text contains a NUL character, which cannot be stored."),
    "json.surrogate": _("The text contains half of a surrogate pair, which is not a character."),
    "json.not_a_number": _("%(value)s is not a finite number."),
    "json.number_too_long": _("A number has more than %(limit)s digits."),
    "json.not_utf8": _("The JSON is not encoded as UTF-8."),
    "json.malformed": _("The JSON is malformed at line %(line)s, column %(column)s."),
}
