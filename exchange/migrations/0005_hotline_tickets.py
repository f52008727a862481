"""Partners, their tickets, what they sent and are told, and what was refused."""

import django.db.models.deletion
from django.db import migrations, models

import core.clock
import exchange.contracts.hotline


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0004_sendings"),
    ]

    operations = [
        migrations.CreateModel(
            name="Partner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, unique=True)),
                ("names", models.JSONField(default=dict)),
                ("base_url", models.CharField(blank=True, default="", max_length=300)),
                ("secret_ref", models.CharField(max_length=60)),
                ("enabled", models.BooleanField(default=True)),
                ("pulls", models.BooleanField(default=False)),
                ("classes", models.JSONField(default=dict)),
                ("areas", models.JSONField(default=dict)),
                ("fields", models.JSONField(default=dict)),
                ("steps", models.JSONField(default=list)),
                ("datum", models.CharField(default="wgs84", max_length=10)),
                ("unsatisfied", models.CharField(default="reopen", max_length=10)),
                ("pack", models.CharField(blank=True, default="", max_length=40)),
                ("said", models.JSONField(default=dict)),
                ("cursor", models.CharField(blank=True, default="", max_length=40)),
                ("page", models.CharField(blank=True, default="", max_length=200)),
                ("pull_at", models.DateTimeField(default=core.clock.now)),
                ("pulled_at", models.DateTimeField(null=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("failure", models.CharField(blank=True, default="", max_length=60)),
                ("down_since", models.DateTimeField(null=True)),
                ("resume_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="PartnerTicket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ticket", models.CharField(max_length=60)),
                ("subject", models.CharField(blank=True, default="", max_length=120)),
                ("state", models.CharField(default=exchange.contracts.hotline.TicketState["WAITING"], max_length=10)),
                ("told", models.CharField(blank=True, default="", max_length=20)),
                ("given_class", models.CharField(blank=True, default="", max_length=120)),
                ("newest", models.PositiveIntegerField(default=0)),
                ("deadline", models.DateTimeField(null=True)),
                ("urged", models.PositiveIntegerField(default=0)),
                ("score", models.CharField(blank=True, default="", max_length=12)),
                ("score_text", models.TextField(blank=True, default="")),
                ("scored_at", models.DateTimeField(null=True)),
                ("replies_made", models.PositiveIntegerField(default=0)),
                ("troubled", models.BooleanField(default=False)),
                ("first_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tickets", to="exchange.partner"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TicketMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sequence", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=12)),
                ("state", models.CharField(default=exchange.contracts.hotline.MessageState["RECEIVED"], max_length=10)),
                ("digest", models.CharField(max_length=64)),
                ("body", models.JSONField()),
                ("whole", models.JSONField(default=dict)),
                ("flags", models.JSONField(default=list)),
                ("pulled", models.BooleanField(default=False)),
                ("times", models.PositiveIntegerField(default=1)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("received_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(null=True)),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="exchange.partnerticket",
                    ),
                ),
            ],
            options={
                "ordering": ["sequence"],
            },
        ),
        migrations.CreateModel(
            name="TicketRefusal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60)),
                ("params", models.JSONField(default=dict)),
                ("excerpt", models.TextField(blank=True, default="")),
                ("times", models.PositiveIntegerField(default=1)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="refusals", to="exchange.partner"
                    ),
                ),
            ],
            options={
                "ordering": ["-last_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="TicketReply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("key", models.CharField(max_length=80)),
                ("kind", models.CharField(max_length=20)),
                ("body", models.JSONField()),
                ("state", models.CharField(default=exchange.contracts.hotline.ReplyState["QUEUED"], max_length=10)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                ("status", models.PositiveSmallIntegerField(default=0)),
                ("failure", models.CharField(blank=True, default="", max_length=300)),
                ("made_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="replies", to="exchange.partnerticket"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="PartnerNonce",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nonce", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="exchange.partner"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="exchange_nonce_at")],
                "constraints": [models.UniqueConstraint(fields=("partner", "nonce"), name="exchange_nonce_once")],
            },
        ),
        migrations.AddIndex(
            model_name="partnerticket",
            index=models.Index(fields=["subject"], name="exchange_ticket_subject"),
        ),
        migrations.AddIndex(
            model_name="partnerticket",
            index=models.Index(fields=["-changed_at", "-id"], name="exchange_ticket_newest"),
        ),
        migrations.AddIndex(
            model_name="partnerticket",
            index=models.Index(fields=["state"], name="exchange_ticket_by_state"),
        ),
        migrations.AddConstraint(
            model_name="partnerticket",
            constraint=models.UniqueConstraint(fields=("partner", "ticket"), name="exchange_ticket_once"),
        ),
        migrations.AddConstraint(
            model_name="partnerticket",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "taken", "accepted", "refused", "withdrawn", "done"])),
                name="exchange_ticket_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnerticket",
            constraint=models.CheckConstraint(
                condition=models.Q(("score__in", ["", "satisfied", "unsatisfied"])), name="exchange_ticket_score"
            ),
        ),
        migrations.AddIndex(
            model_name="ticketmessage",
            index=models.Index(
                condition=models.Q(("state", "received")), fields=["received_at"], name="exchange_message_left"
            ),
        ),
        migrations.AddConstraint(
            model_name="ticketmessage",
            constraint=models.UniqueConstraint(fields=("ticket", "sequence"), name="exchange_message_sequence"),
        ),
        migrations.AddConstraint(
            model_name="ticketmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["received", "waiting", "applied", "old"])),
                name="exchange_message_state",
            ),
        ),
        migrations.AddIndex(
            model_name="ticketrefusal",
            index=models.Index(fields=["partner", "-last_at"], name="exchange_refusal_newest"),
        ),
        migrations.AddIndex(
            model_name="ticketreply",
            index=models.Index(condition=models.Q(("state", "queued")), fields=["next_at"], name="exchange_reply_due"),
        ),
        migrations.AddConstraint(
            model_name="ticketreply",
            constraint=models.UniqueConstraint(fields=("ticket", "number"), name="exchange_reply_order"),
        ),
        migrations.AddConstraint(
            model_name="ticketreply",
            constraint=models.UniqueConstraint(fields=("ticket", "key"), name="exchange_reply_once"),
        ),
        migrations.AddConstraint(
            model_name="ticketreply",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["queued", "sent", "refused"])), name="exchange_reply_state"
            ),
        ),
    ]
