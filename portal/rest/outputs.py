"""The answers and the form of the open interface as OpenAPI tells them; `portal.rest.shapes` makes them."""

from typing import Any

from rest_framework import serializers


class Endpoint(serializers.Serializer):
    """Where the interface is."""

    specification = serializers.CharField()
    url = serializers.CharField()
    changeset = serializers.DateTimeField()
    type = serializers.ChoiceField(["production", "test"])
    formats = serializers.ListField(child=serializers.CharField())


class Discovery(serializers.Serializer):
    """Where, and whom to ask."""

    changeset = serializers.DateTimeField()
    contact = serializers.CharField()
    key_service = serializers.CharField()
    endpoints = Endpoint(many=True)


class Service(serializers.Serializer):
    """A class that may be reported."""

    service_code = serializers.CharField()
    service_name = serializers.CharField()
    description = serializers.CharField()
    metadata = serializers.BooleanField()
    type = serializers.ChoiceField(["realtime", "batch"])
    keywords = serializers.CharField(allow_null=True)
    group = serializers.CharField()


class Value(serializers.Serializer):
    """An answer to choose."""

    key = serializers.CharField()
    name = serializers.CharField()


class Attribute(serializers.Serializer):
    """A question."""

    variable = serializers.BooleanField()
    code = serializers.CharField()
    datatype = serializers.CharField()
    required: Any = serializers.BooleanField()
    datatype_description = serializers.CharField(allow_null=True)
    order = serializers.IntegerField()
    description = serializers.CharField()
    values = Value(many=True, required=False)


class Definition(serializers.Serializer):
    """The questions of a service."""

    service_code = serializers.CharField()
    attributes = Attribute(many=True)


class Telling(serializers.Serializer):
    """The form of a report; answers are called attribute[CODE], several of one attribute[CODE][]."""

    api_key = serializers.CharField()
    service_code = serializers.CharField()
    lat = serializers.CharField(required=False)
    long = serializers.CharField(required=False)
    address_string = serializers.CharField(required=False)
    address_id = serializers.CharField(required=False)
    description = serializers.CharField(required=False)
    email = serializers.CharField(required=False)
    first_name = serializers.CharField(required=False)
    last_name = serializers.CharField(required=False)
    phone = serializers.CharField(required=False)
    account_id = serializers.CharField(required=False)
    device_id = serializers.CharField(required=False)
    media_url = serializers.CharField(required=False)
    media = serializers.FileField(required=False)


class Taken(serializers.Serializer):
    """A number or a token."""

    service_request_id = serializers.CharField(required=False)
    token = serializers.CharField(required=False)
    service_notice = serializers.CharField(allow_null=True)
    account_id = serializers.CharField(allow_null=True)


class Token(serializers.Serializer):
    """The number behind a token."""

    service_request_id = serializers.CharField(allow_null=True)
    token = serializers.CharField()


class ServiceRequest(serializers.Serializer):
    """A report as everybody may read it; `extensions=true` adds attributes, extended_attributes and notes."""

    service_request_id = serializers.CharField()
    status = serializers.ChoiceField(["open", "closed"])
    status_notes = serializers.CharField()
    service_name = serializers.CharField(allow_null=True)
    service_code = serializers.CharField()
    description = serializers.CharField(allow_null=True)
    agency_responsible = serializers.CharField(allow_null=True)
    service_notice = serializers.CharField(allow_null=True)
    requested_datetime = serializers.DateTimeField()
    updated_datetime = serializers.DateTimeField()
    expected_datetime = serializers.DateTimeField(allow_null=True)
    address = serializers.CharField(allow_null=True)
    address_id = serializers.CharField(allow_null=True)
    zipcode = serializers.CharField(allow_null=True)
    lat = serializers.FloatField(allow_null=True)
    long = serializers.FloatField(allow_null=True)
    media_url = serializers.CharField(allow_null=True)
    attributes = serializers.ListField(child=serializers.DictField(), required=False)
    extended_attributes = serializers.DictField(required=False)
    notes = serializers.ListField(child=serializers.DictField(), required=False)


class Refusal(serializers.Serializer):
    """One of the reasons why not."""

    code = serializers.IntegerField()
    description = serializers.CharField()
