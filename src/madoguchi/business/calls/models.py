"""Calls, the switchboard's journal, and what desks and the switchboard tell each other."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from madoguchi.acd.events import AwayReason
from madoguchi.acd.transitions import AgentState
from madoguchi.business.clients.models import Client, Programme
from madoguchi.business.staff.models import Agent
from madoguchi.switchboard.ports import DeskVerb


class Disposition(models.TextChoices):
    """What became of a call."""

    IN_PROGRESS = "in_progress", "進行中"
    ANSWERED = "answered", "応答"
    ABANDONED = "abandoned", "放棄"
    """The caller was gone before anybody answered."""
    LOST = "lost", "切断"
    """The telephone system lost it; the number is kept for a call back."""
    REJECTED = "rejected", "拒否"


class EndedBy(models.TextChoices):
    """Who put the receiver down."""

    CALLER = "caller", "お客様"
    AGENT = "agent", "コミュニケーター"
    SYSTEM = "system", "システム"


class Call(models.Model):
    """One call from its arrival to the end of its after-call work; written by the switchboard only."""

    id = models.CharField("通話ID", primary_key=True, max_length=80)
    """Asterisk's channel id of the caller."""
    client = models.ForeignKey(
        Client, verbose_name="クライアント", on_delete=models.PROTECT, related_name="calls"
    )
    programme = models.ForeignKey(
        Programme, verbose_name="業務", on_delete=models.PROTECT, related_name="calls"
    )
    number = models.CharField("着信番号", max_length=20, blank=True)
    """The number that was dialled; a text, since numbers come and go and the call stays."""
    caller = models.CharField("発信者番号", max_length=40, blank=True)
    """Digits only; empty when withheld (非通知)."""
    arrived_at = models.DateTimeField("着信日時")
    ring_count = models.PositiveSmallIntegerField("呼出回数", default=0)
    """How many communicators' telephones rang for it."""
    first_rang_at = models.DateTimeField("最初の呼出日時", null=True, blank=True)
    answered_at = models.DateTimeField("応答日時", null=True, blank=True)
    ended_at = models.DateTimeField("終話日時", null=True, blank=True)
    wrap_up_ended_at = models.DateTimeField("後処理終了日時", null=True, blank=True)
    agent = models.ForeignKey(
        Agent, verbose_name="応答者", on_delete=models.PROTECT, null=True, blank=True, related_name="calls"
    )
    disposition = models.CharField(
        "結果", max_length=12, choices=Disposition, default=Disposition.IN_PROGRESS
    )
    ended_by = models.CharField("切断者", max_length=6, choices=EndedBy, blank=True)
    held_s = models.FloatField("保留秒数", default=0)
    recording_caller = models.CharField("録音(お客様)", max_length=200, blank=True)
    """Path within the recordings folder."""
    recording_agent = models.CharField("録音(応答者)", max_length=200, blank=True)

    class Meta:
        verbose_name = "通話"
        verbose_name_plural = "通話"
        constraints = [
            models.UniqueConstraint(name="call_with_client", fields=["id", "client"]),
            models.CheckConstraint(
                name="call_disposition_known", condition=Q(disposition__in=Disposition.values)
            ),
            models.CheckConstraint(
                name="call_ended_by_known", condition=Q(ended_by__in=["", *EndedBy.values])
            ),
            models.CheckConstraint(
                name="call_in_progress_until_it_ended",
                condition=Q(disposition=Disposition.IN_PROGRESS, ended_at=None, ended_by="")
                | (~Q(disposition=Disposition.IN_PROGRESS) & Q(ended_at__isnull=False) & ~Q(ended_by="")),
            ),
            models.CheckConstraint(
                name="call_answered_by_somebody",
                condition=Q(answered_at=None, agent=None) | Q(answered_at__isnull=False, agent__isnull=False),
            ),
            models.CheckConstraint(
                name="call_abandoned_means_unanswered",
                condition=~Q(disposition=Disposition.ABANDONED) | Q(answered_at=None),
            ),
            models.CheckConstraint(
                name="call_answered_means_answered",
                condition=~Q(disposition=Disposition.ANSWERED) | Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="call_in_order_of_time",
                condition=(Q(answered_at=None) | Q(answered_at__gte=F("arrived_at")))
                & (Q(ended_at=None) | Q(ended_at__gte=F("arrived_at"))),
            ),
            models.CheckConstraint(name="call_held_not_negative", condition=Q(held_s__gte=0)),
        ]
        indexes = [
            # Read by a client's list of calls and by reports (calls.queries.calls_of_client).
            models.Index(name="call_of_client_by_time", fields=["client", "-arrived_at"]),
            # Read by the desk for today's count and handling time (calls.queries.desk_view).
            models.Index(
                name="call_of_agent_by_time",
                fields=["agent", "-answered_at"],
                condition=Q(agent__isnull=False),
            ),
            # Read by recovery and the floor: calls that are going on.
            models.Index(
                name="call_in_progress",
                fields=["arrived_at"],
                condition=Q(disposition=Disposition.IN_PROGRESS),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.arrived_at:%Y-%m-%d %H:%M:%S}"


class HoldSpan(models.Model):
    """A stretch of a call during which the caller was on hold (保留)."""

    call = models.ForeignKey(Call, verbose_name="通話", on_delete=models.CASCADE, related_name="hold_spans")
    client = models.ForeignKey(
        Client, verbose_name="クライアント", on_delete=models.PROTECT, related_name="+"
    )
    began_at = models.DateTimeField("開始")
    ended_at = models.DateTimeField("終了", null=True, blank=True)

    class Meta:
        verbose_name = "保留"
        verbose_name_plural = "保留"
        constraints = [
            models.CheckConstraint(
                name="hold_ends_after_it_began", condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at"))
            ),
            # What the switchboard writes again after a doubtful commit meets its own row (calls.journal).
            models.UniqueConstraint(name="hold_begins_once", fields=["call", "began_at"]),
            models.UniqueConstraint(name="hold_one_at_a_time", fields=["call"], condition=Q(ended_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.call_id} {self.began_at:%H:%M:%S}"


class JournalEntry(models.Model):
    """One event that the routing core was told, and what it decided. Added to, never changed."""

    at = models.DateTimeField("日時")
    call_id = models.CharField("通話ID", max_length=80, null=True, blank=True)
    agent_id = models.BigIntegerField("コミュニケーター番号", null=True, blank=True)
    kind = models.CharField("種類", max_length=40)
    event = models.JSONField("出来事")
    commands = models.JSONField("指示")
    batch = models.UUIDField("書込単位")
    """Which transaction wrote it: a write whose answer got lost is not written twice."""

    class Meta:
        verbose_name = "交換台の記録"
        verbose_name_plural = "交換台の記録"
        indexes = [
            # Read by the history of one call (admin).
            models.Index(name="journal_of_call", fields=["call_id"], condition=Q(call_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.at:%H:%M:%S.%f} {self.kind}"


class Snapshot(models.Model):
    """The routing core's memory after a journal entry: replay starts at the newest."""

    at = models.DateTimeField("日時")
    last_entry_id = models.BigIntegerField("最後の記録番号")
    state = models.JSONField("状態")

    class Meta:
        verbose_name = "交換台の控え"
        verbose_name_plural = "交換台の控え"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} #{self.last_entry_id}"


class Presence(models.Model):
    """What a communicator is doing now, as the switchboard last saw it."""

    agent = models.OneToOneField(
        Agent,
        verbose_name="コミュニケーター",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="presence",
    )
    state = models.CharField("状態", max_length=10)
    since = models.DateTimeField("開始")
    call_id = models.CharField("通話ID", max_length=80, null=True, blank=True)
    programme_id = models.BigIntegerField("業務番号", null=True, blank=True)
    reason = models.CharField("離席理由", max_length=12, blank=True)

    class Meta:
        verbose_name = "在席状況"
        verbose_name_plural = "在席状況"
        constraints = [
            models.CheckConstraint(
                name="presence_state_known", condition=Q(state__in=[state.value for state in AgentState])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent} {self.state}"


class Waiting(models.Model):
    """The callers who wait for a programme now, as the switchboard last saw them."""

    programme = models.OneToOneField(
        Programme, verbose_name="業務", on_delete=models.CASCADE, primary_key=True, related_name="waiting"
    )
    waiting = models.PositiveIntegerField("待ち呼数")
    oldest_arrived_at = models.DateTimeField("最も長い待ちの着信日時", null=True, blank=True)

    class Meta:
        verbose_name = "待ち呼"
        verbose_name_plural = "待ち呼"

    def __str__(self) -> str:
        return f"{self.programme} {self.waiting}"


class DeskRequest(models.Model):
    """What a desk asks of the switchboard, until it has been dealt with."""

    agent = models.ForeignKey(
        Agent, verbose_name="コミュニケーター", on_delete=models.CASCADE, related_name="desk_requests"
    )
    verb = models.CharField("依頼", max_length=16)
    call_id = models.CharField("通話ID", max_length=80, null=True, blank=True)
    """The call the communicator saw when asking."""
    reason = models.CharField("離席理由", max_length=12, null=True, blank=True)
    at = models.DateTimeField("日時")
    done_at = models.DateTimeField("処理日時", null=True, blank=True)
    refusal = models.CharField("拒否理由", max_length=60, blank=True)

    class Meta:
        verbose_name = "デスクからの依頼"
        verbose_name_plural = "デスクからの依頼"
        constraints = [
            models.CheckConstraint(
                name="desk_verb_known", condition=Q(verb__in=[verb.value for verb in DeskVerb])
            ),
            models.CheckConstraint(
                name="desk_reason_known",
                condition=Q(reason=None) | Q(reason__in=[reason.value for reason in AwayReason]),
            ),
        ]
        indexes = [
            # Read by the switchboard for what is still to be done (calls.exchange).
            models.Index(name="desk_request_open", fields=["id"], condition=Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.agent} {self.verb}"
