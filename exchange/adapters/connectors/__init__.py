"""The connectors by channel. A new one is a module here and a line below."""

from collections.abc import Mapping

from exchange.adapters.connectors.mail import Mail
from exchange.adapters.connectors.sms import Sms
from exchange.adapters.connectors.webhook import Webhook
from exchange.adapters.connectors.wecom import Robot, WeCom
from exchange.contracts.sendings import Channel, Connector

CONNECTORS: Mapping[str, Connector] = {
    Channel.WEBHOOK: Webhook(),
    Channel.ROBOT: Robot(),
    Channel.MAIL: Mail(),
    Channel.SMS: Sms(),
    Channel.WECOM: WeCom(),
}
