"""Tables and enumerations: the vocabulary of the whole product (design, section 1).

Everything of an assessment hangs on one `Assessment` row. Records of work (Evidence, Withdrawal, Review, ReturnedSlot,
Message, Approval, Undoing, SendBack, SendBackAnswer, Publication, Filing, LinkCheck, AnnouncedScore, Campaign,
ResponseCount, StakeholderList, StakeholderDeletion, StepTick, Clarification, ClarificationDecision,
ClarificationResult, Directive, DirectiveEvent) are only added, each with its moment `at` (aware, UTC); status is never
stored, it is derived by `progress.py`. What is a slot is derived too: `EvidenceSlot` names the slots that one evidence
covers by their key.
"""

from datetime import date, datetime
from enum import Enum

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class Base(SQLModel, registry=registry()):
    """Own registry: a second import of this module (Streamlit re-imports on change) does not collide with the first."""


class ItemKind(Enum):
    oit = "oit"
    service = "service"
    communication = "communication"
    website = "website"
    supervision = "supervision"
    preparation = "preparation"


class Cadence(Enum):
    once = "once"
    monthly = "monthly"
    continuous = "continuous"


class PartyKind(Enum):
    officer = "officer"
    post = "post"
    team = "team"


class DutyKind(Enum):
    supervise = "supervise"
    prepare = "prepare"


class Role(Enum):
    admin = "admin"
    commander = "commander"
    officer = "officer"
    viewer = "viewer"


class EvidenceKind(Enum):
    file = "file"
    link = "link"
    nil = "nil"


class Decision(Enum):
    accepted = "accepted"
    returned = "returned"


class TokenKind(Enum):
    read = "read"  # the tables and the calendar, by another program
    calendar = "calendar"  # the address of somebody's calendar


class YearStep(Enum):
    closed = "closed"
    reopened = "reopened"  # the year, or one item of a closed one


class StakeholdersGone(Enum):
    """Why the people of a list of stakeholders were deleted."""

    due = "due"  # the set number of days after the survey is over
    replaced = "replaced"
    by_hand = "by_hand"


class LinkOutcome(Enum):
    """What came of asking for an address; all but the first is a fault of it."""

    reached = "reached"
    refused = "refused"  # the website answers that it has none, or not for us (its status)
    unknown_name = "unknown_name"
    unreachable = "unreachable"
    insecure = "insecure"  # TLS: a certificate that has ended, or is another website's
    slow = "slow"
    too_large = "too_large"
    garbled = "garbled"  # broken off, or nothing that HTTP knows
    circling = "circling"  # more redirects than anybody follows
    inside = "inside"  # it leads into this machine or the office's network: not asked
    not_asked = "not_asked"  # another kind of address than http and https, another port


class Survey(Enum):
    """A part of the assessment that people answer in the assessor's own system."""

    iit = "iit"  # those who work in the office
    eit_public = "eit-1"  # whoever comes for a service
    eit_external = "eit-2"  # external stakeholders whom the office names


class StepSign(Enum):
    """By which records a step of the calendar is shown done; `evidence_of` goes with the code of an item."""

    items_filed = "items_filed"  # every disclosure item is entered in ITAP
    iit_minimum = "iit_minimum"  # as many have answered as ITAP wants
    eit_minimum = "eit_minimum"  # the same of whoever comes for a service
    evidence_of = "evidence_of"  # everything that an item must show is accepted
    meeting_held = "meeting_held"  # a meeting ended here since the step began
    scores_announced = "scores_announced"  # the year's total is on record
    stakeholders_listed = "stakeholders_listed"  # the list of external stakeholders was imported


class ClarificationOutcome(Enum):
    """What the assessor made of a clarification."""

    granted = "granted"  # as the office asked
    partly = "partly"
    refused = "refused"


class Channel(Enum):
    """How people are told outside of the dashboard."""

    mail = "mail"
    line = "line"


class AddressEnd(Enum):
    """Why an address is used no more."""

    by_hand = "by_hand"
    replaced = "replaced"  # the account proved another one of this channel
    blocked = "blocked"  # in LINE they took the office's account off their friends, or blocked it


class SendingOutcome(Enum):
    """What came of handing one message to a channel."""

    sent = "sent"
    unsure = "unsure"  # it may have arrived: not sent again
    again = "again"  # it did not go, and the same may go well later: the channel's fault, which somebody mends
    refused = "refused"  # it did not go: the address's fault


class DirectiveStep(Enum):
    reported = "reported"  # somebody it was given to says that it is done
    done = "done"
    cancelled = "cancelled"
    reopened = "reopened"


# --- offices and the people of them, through the years ---------------------------------------------------------------


class Office(Base, table=True):
    """A unit with a plan of its own; `name`, `short` and `website` as its newest revision has them."""

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    name: str
    short: str
    website: str = ""
    parent_id: int | None = Field(default=None, foreign_key="office.id")


class Person(Base, table=True):
    """Somebody of an office, in every year under the same key."""

    __table_args__ = (UniqueConstraint("office_id", "key"),)
    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id", index=True)
    key: str
    aliases: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    since: date | None = None  # the first day and the last day in the office, where they are known
    until: date | None = None


class PersonName(Base, table=True):
    """A person's rank and name from a day on."""

    __table_args__ = (UniqueConstraint("person_id", "since"),)
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    since: date
    rank: str
    name: str


# --- the assessment: a framework with a plan in force -----------------------------------------------------------------


class Assessment(Base, table=True):
    """One office × one fiscal year; what is to be done in it stands in its revisions."""

    __table_args__ = (UniqueConstraint("office_id", "fiscal_year"),)
    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id", index=True)
    fiscal_year: int  # Buddhist era, as everyone names it: 2568
    starts: date
    ends: date
    baseline: int = 1  # the number of the revision that dates are compared with


class Revision(Base, table=True):
    """The whole framework and plan as in force from one moment on; never edited."""

    __table_args__ = (UniqueConstraint("assessment_id", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int = Field(foreign_key="assessment.id", index=True)
    number: int  # 1, 2, 3 …
    at: datetime
    account_id: int | None = Field(default=None, foreign_key="account.id")  # None: the system itself
    note: str = ""  # the order or note that it rests on
    content: dict[str, object] = Field(sa_column=Column(JSON, nullable=False))  # {"framework": …, "plan": …}
    hash: str  # SHA-256 of the content


class Draft(Base, table=True):
    """What is being changed in a plan and not in force yet: one for an assessment, whoever edits it."""

    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int = Field(foreign_key="assessment.id", unique=True)
    account_id: int = Field(foreign_key="account.id")  # who changed it last
    content: dict[str, object] = Field(sa_column=Column(JSON, nullable=False))  # as a revision's
    at: datetime


class YearEvent(Base, table=True):
    """A year or an item of it is closed, or open again: only added, the last one holds."""

    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int = Field(foreign_key="assessment.id", index=True)
    item_id: int | None = Field(default=None, foreign_key="item.id")  # None: the whole year
    account_id: int | None = Field(default=None, foreign_key="account.id")  # None: the system itself
    what: YearStep
    reason: str = ""
    at: datetime


class AnnouncedScore(Base, table=True):
    """Points of an office in a fiscal year as they were announced: only added, of several the last one holds.

    Or, `estimated`, what its commander expects an instrument to come to: that is no score, and told apart everywhere.

    They hang on office and year, not on an assessment: years before the first plan have scores, too.
    """

    __table_args__ = (Index("ix_announcedscore_office_id_fiscal_year", "office_id", "fiscal_year"),)
    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    fiscal_year: int  # Buddhist era
    instrument: str = ""  # "" with neither indicator nor item: the total
    indicator: int | None = None
    item: str = ""  # the code that the item had in that year
    points: float  # of 100
    source: str = ""  # where it was announced, or why it was retracted
    retracted: bool = False  # from then on there is no such score but what the plan tells, or no such estimate
    estimated: bool = False
    account_id: int | None = Field(default=None, foreign_key="account.id")  # None: the system itself
    at: datetime


class ScoreFile(Base, table=True):
    """What was read of a file of scores and waits to be recorded or put aside: the last one of an account.

    It is what the page shows, and what a press records: never the file once more.
    """

    __table_args__ = (UniqueConstraint("assessment_id", "account_id"),)
    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int = Field(foreign_key="assessment.id")
    account_id: int = Field(foreign_key="account.id")
    file_name: str
    sha256: str  # of the file as it came
    entries: list[list[object]] = Field(sa_column=Column(JSON, nullable=False))  # the fields of each ScoreEntry
    at: datetime


class Campaign(Base, table=True):
    """What is known of a survey in an assessment: only added, of several the last one holds.

    No answer, and nobody who gives one, is ever kept: the assessor's system has them.
    """

    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int = Field(foreign_key="assessment.id", index=True)
    survey: Survey
    population: int | None = None
    minimum: int | None = None  # of responses, as the assessor's system says it
    opens: date
    closes: date  # the last day on which one can answer
    url: str = ""
    lines: list[str] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False)
    )  # of work, each to be covered
    account_id: int = Field(foreign_key="account.id")
    at: datetime


class ResponseCount(Base, table=True):
    """How many had answered a survey by a day: only added, of several of one day the last one holds."""

    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int = Field(foreign_key="assessment.id", index=True)
    survey: Survey
    day: date
    # A line of work → how many since the opening; "" is whoever belongs to none, or everybody where there are none.
    counts: dict[str, int] = Field(sa_column=Column(JSON, nullable=False))
    account_id: int = Field(foreign_key="account.id")
    at: datetime


class StepTick(Base, table=True):
    """A step of the calendar was said to be done, or that was taken back: only added, of a step's the last one holds.

    Steps are numbered by their place in the year, which moves from revision to revision: so it tells which one's it is.
    """

    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int = Field(foreign_key="assessment.id", index=True)
    revision_id: int = Field(foreign_key="revision.id")  # the plan in force then
    step: int  # its number in that plan
    title: str  # what it was called there
    done: bool  # False: what was said before is taken back
    day: date  # on which it was done, or on which that was taken back
    note: str = ""
    account_id: int = Field(foreign_key="account.id")
    at: datetime


class StakeholderList(Base, table=True):
    """That a list of external stakeholders for EIT(2) came in: how many there are of each kind, and never who.

    Only added; the newest one stands, until a `StakeholderDeletion` says that its people are gone.
    """

    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int = Field(foreign_key="assessment.id", index=True)
    rows: int
    kinds: dict[str, int] = Field(sa_column=Column(JSON, nullable=False))  # words of the form, none of a person
    sha256: str  # of `StakeholderPeople.content`, which begins with random bytes: it tells nothing of anybody
    account_id: int = Field(foreign_key="account.id")
    at: datetime


class StakeholderPeople(Base, table=True):
    """Who is on such a list: the one row of all that is deleted for good, and the one table that no backup holds.

    It is held against `StakeholderList.sha256`, which is sealed; sealed itself it would leave its own hash behind.
    """

    list_id: int = Field(primary_key=True, foreign_key="stakeholderlist.id")
    content: str  # JSON: salt, columns, rows (`plan.stakeholders.kept_of`)


class StakeholderDeletion(Base, table=True):
    """That the people of a list were deleted, and why: once for each list."""

    id: int | None = Field(default=None, primary_key=True)
    list_id: int = Field(foreign_key="stakeholderlist.id", unique=True)
    why: StakeholdersGone
    account_id: int | None = Field(default=None, foreign_key="account.id")  # None: the system, when its day was over
    at: datetime


class Item(Base, table=True):
    """What work hangs on: kept when a revision no longer has it. All else of it stands in the revisions."""

    __table_args__ = (UniqueConstraint("assessment_id", "code"),)
    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int = Field(foreign_key="assessment.id", index=True)
    code: str


class Requirement(Base, table=True):
    """What slots hang on: kept when a revision no longer has it."""

    __table_args__ = (UniqueConstraint("item_id", "key"),)
    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="item.id", index=True)
    key: str  # unique in the item, stable from year to year: part of a slot's key


class Party(Base, table=True):
    """An officer (a person), a post or a team in one assessment: kept when a revision no longer has it."""

    __table_args__ = (UniqueConstraint("assessment_id", "key"),)
    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int = Field(foreign_key="assessment.id", index=True)
    key: str
    kind: PartyKind
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)  # of an officer


# --- people who sign in ----------------------------------------------------------------------------------------------


class Account(Base, table=True):
    """Whoever signs in: a person of an office, or somebody outside every plan (an administrator, an observer)."""

    id: int | None = Field(default=None, primary_key=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    username: str | None = Field(default=None, unique=True)  # None until the invitation is used
    name: str
    password_hash: str | None = None
    language: str = "th"
    disabled: bool = False
    created_at: datetime
    # Whom the sign-in provider (`accounts/provider`) calls so; an administrator says it, never the provider.
    provider_name: str | None = Field(default=None, index=True, unique=True)


class Grant(Base, table=True):
    """A role of an account in an office, and, where it says so, in those below it."""

    __tablename__ = "officegrant"  # GRANT is a word of SQL
    __table_args__ = (UniqueConstraint("account_id", "office_id"),)
    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    office_id: int = Field(foreign_key="office.id", index=True)
    role: Role
    keeps_itap: bool = False  # the officer who enters items in ITAP: publishes and files
    below: bool = False


class Invitation(Base, table=True):
    """A one-time link with which an account's owner sets the password."""

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    token_hash: str = Field(unique=True)
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    by_mail: bool = False  # its owner asked for it, having forgotten the password; else an administrator made it


class SignIn(Base, table=True):
    """One signed-in browser. `public_id` stands in the header that binds Streamlit's session to it."""

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    token_hash: str = Field(unique=True)
    public_id: str = Field(unique=True)
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    address: str = ""
    by_two: bool = False  # a second factor was asked for, and was right
    browser: str = ""  # "Chrome, Windows": of all that a browser says of itself, these two words


class LastSeen(Base, table=True):
    """When a sign-in was last used, as it is told to its owner; written now and then for all of them at once."""

    sign_in_id: int = Field(primary_key=True, foreign_key="signin.id")
    at: datetime


class ProviderAnswer(Base, table=True):
    """An answer of the sign-in provider that let somebody in: the same once more does not."""

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    state_hash: str = Field(unique=True)
    at: datetime


class Ticket(Base, table=True):
    """Exchanged once, within a minute, for the cookie: proof that all that was asked for at the door was right."""

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    token_hash: str = Field(unique=True)
    expires_at: datetime
    used_at: datetime | None = None
    by_two: bool = False  # a second factor was among it


class HalfSignIn(Base, table=True):
    """The password was right (or a provider named the account), and the second factor is still to come.

    It opens nothing: a table of its own, so that no way to a cookie could ever find it.
    """

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    token_hash: str = Field(unique=True)
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class SecondFactor(Base, table=True):
    """An account's second factor: codes that an app makes from a shared secret (RFC 6238).

    The secret must be read to check a code, so it is no hash: it is encrypted with a key that is not in the database
    (`accounts/keys.py`). The row goes with the factor; that there was one stands in the audit.
    """

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", unique=True)
    secret: str  # encrypted
    key_name: str  # which key it was encrypted with
    created_at: datetime
    last_step: int  # of 30 seconds since 1970: the one of the last code that was taken; no code is taken twice


class RecoveryCode(Base, table=True):
    """One of the codes that stand in for a lost telephone, each once."""

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    code_hash: str = Field(unique=True)
    created_at: datetime
    used_at: datetime | None = None


class FactorRule(Base, table=True):
    """That an office demands a second factor of a role, or no longer does: only added, the last one holds."""

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id", index=True)
    role: Role
    wanted: bool
    account_id: int | None = Field(default=None, foreign_key="account.id")  # None: the system itself
    at: datetime


class Device(Base, table=True):
    """A browser that an account signed in with: its tries are counted by themselves. It opens nothing."""

    __table_args__ = (UniqueConstraint("account_id", "token_hash"),)
    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    token_hash: str = Field(index=True)  # one browser may be several people's
    last_at: datetime


class AccessToken(Base, table=True):
    """What lets another program read as this account, or a calendar fetch its days; neither opens a page."""

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    kind: TokenKind
    name: str = ""  # what its owner calls it; a calendar's address has none
    token_hash: str = Field(unique=True)
    created_at: datetime
    expires_at: datetime | None = None  # None: it holds until it is ended
    by_two: bool = False  # the sign-in that it was made in had shown a second factor
    ended_at: datetime | None = None


class TokenUse(Base, table=True):
    """On which days (in Thailand) a token was used, the first and the last: to be shown to its owner."""

    id: int | None = Field(default=None, primary_key=True)
    token_id: int = Field(foreign_key="accesstoken.id", unique=True)
    first_on: date
    last_on: date


class SignInFailure(Base, table=True):
    __table_args__ = (Index("ix_failure_name_at", "name_hash", "at"), Index("ix_failure_address_at", "address", "at"))
    id: int | None = Field(default=None, primary_key=True)
    name_hash: str
    address: str
    counter: str = ""  # the known browser or network that it is counted for; empty for anybody
    at: datetime


# --- reaching people outside of the dashboard ------------------------------------------------------------------------


class ChannelAddress(Base, table=True):
    """Where an account can be reached, once it proved that this is its own; of a channel one that has not ended.

    `value` is personal: it stands in no audit entry, and `salt`, random, keeps the row's seal from telling it to who
    guesses. Both are emptied when the address ends.
    """

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    channel: Channel
    value: str = Field(index=True)  # a mail address as `typed.clean_mail_address` has it, or LINE's user id
    salt: str
    proved_at: datetime
    ended_at: datetime | None = None
    why_ended: AddressEnd | None = None


class AddressCode(Base, table=True):
    """A code on its way that proves an address: by mail to the address, in LINE by the person to the office.

    No record: what is older than a day, until when they are counted, is taken away by the next one of anybody's, and by
    `start.clear_what_is_over`.
    """

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    channel: Channel
    value: str = ""  # of mail: the address to prove
    code_hash: str = Field(index=True)  # of mail's six digits by bcrypt; LINE's is a token of 50 random bits
    tries: int = 0
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class ChannelChoice(Base, table=True):
    """By what and when an account wants to be told: only added, the last one holds."""

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    channels: list[str] = Field(sa_column=Column(JSON, nullable=False))  # names of Channel
    digest: bool  # once a day what concerns them
    hour: int  # of the day in Thailand from which on that comes
    at_once: bool  # what came back or was ordered, as soon as it did
    quiet_from: int  # hours between which nothing comes; both the same: never quiet
    quiet_until: int
    at: datetime


class Sending(Base, table=True):
    """One message to one person by one channel: written before it goes out, what came of it is a `SendingResult`.

    One without a result is on its way, or its process ended in between.
    """

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    channel: Channel
    address_id: int = Field(foreign_key="channeladdress.id")
    day: date  # in Thailand
    digest: bool
    # By which the channel knows a message that comes twice: of a retry that of the first try.
    retry_key: str = Field(index=True)
    attempt: int
    at: datetime


class SentSubject(Base, table=True):
    """What a message tells, so that of two processes one does: a day's digest, or a notice by its key."""

    __table_args__ = (UniqueConstraint("account_id", "channel", "key", "attempt"),)
    id: int | None = Field(default=None, primary_key=True)
    sending_id: int = Field(foreign_key="sending.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    channel: Channel
    key: str
    attempt: int  # 1, 2, 3 …


class SendingResult(Base, table=True):
    """What came of a message; one for each."""

    id: int | None = Field(default=None, primary_key=True)
    sending_id: int = Field(foreign_key="sending.id", unique=True)
    outcome: SendingOutcome
    fault: str = ""  # a name of `channels.faults`
    at: datetime = Field(index=True)


# --- records of work: only added -------------------------------------------------------------------------------------


class SeenNotice(Base, table=True):
    """That somebody saw something that concerns them (`board/notices.py`), so that it is not told as new again."""

    __table_args__ = (UniqueConstraint("account_id", "assessment_id", "key"),)
    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    assessment_id: int = Field(foreign_key="assessment.id")
    key: str
    at: datetime


class StoredFile(Base, table=True):
    """One object of the evidence store, by content; several evidences may share it."""

    sha256: str = Field(primary_key=True)
    size: int
    media_type: str
    format: str  # pdf, word, excel, slides, image, video
    facts: dict[str, object] = Field(
        default_factory=dict, sa_column=Column(JSON, nullable=False)
    )  # what it says of itself


class Upload(Base, table=True):
    """A file that was received and waits for its sender to say what it covers; handed in, it names its evidence.

    No record of work: its sender may take it away, and one that was left lying is cleared after `workflow.LEFT_DAYS`.
    """

    __table_args__ = (UniqueConstraint("account_id", "key"),)
    id: int | None = Field(default=None, primary_key=True)
    key: str  # the browser's own for each file: the same sent again after a lost connection makes no second one
    account_id: int = Field(foreign_key="account.id", index=True)
    item_id: int = Field(foreign_key="item.id", index=True)
    sha256: str = Field(foreign_key="storedfile.sha256", index=True)
    file_name: str
    at: datetime
    evidence_id: int | None = Field(default=None, foreign_key="evidence.id")
    # What its sender ticked so far, each as `progress.SlotKey`; None: nothing yet, and one may guess by its name.
    ticks: list[list[object]] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    note: str = ""


class Evidence(Base, table=True):
    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="item.id", index=True)
    kind: EvidenceKind
    sha256: str | None = Field(default=None, foreign_key="storedfile.sha256")
    file_name: str = ""  # as typed, Thai and spaces; never part of a path
    url: str = ""
    note: str = ""
    account_id: int = Field(foreign_key="account.id", index=True)
    at: datetime = Field(index=True)
    request_key: str | None = Field(default=None, unique=True)  # the same hand-in sent twice makes one record


class EvidenceSlot(Base, table=True):
    """One slot that an evidence covers; the key is `progress.SlotKey`."""

    __table_args__ = (UniqueConstraint("evidence_id", "requirement_id", "period", "format", "language", "ordinal"),)
    id: int | None = Field(default=None, primary_key=True)
    evidence_id: int = Field(foreign_key="evidence.id", index=True)
    requirement_id: int = Field(foreign_key="requirement.id", index=True)
    period: str = ""
    format: str = ""
    language: str = ""
    ordinal: int = 1


class Withdrawal(Base, table=True):
    id: int | None = Field(default=None, primary_key=True)
    evidence_id: int = Field(foreign_key="evidence.id", unique=True)
    account_id: int = Field(foreign_key="account.id")
    at: datetime


class Review(Base, table=True):
    """A supervisor's decision on one evidence: of its rounds the last that was not undone holds.

    There is one of each round, so that of two at once one wins. Accepted with a `ReturnedSlot`, the others count.
    """

    __table_args__ = (
        UniqueConstraint("evidence_id", "round"),
        Index("ix_review_account_id_at", "account_id", "at"),  # what somebody decided lately
    )
    id: int | None = Field(default=None, primary_key=True)
    evidence_id: int = Field(foreign_key="evidence.id")
    round: int = 1
    account_id: int = Field(foreign_key="account.id")
    decision: Decision
    reason: str = ""
    at: datetime


class ReturnedSlot(Base, table=True):
    """A slot that comes back of an evidence that is accepted for others; the key is `progress.SlotKey`."""

    __table_args__ = (UniqueConstraint("review_id", "requirement_id", "period", "format", "language", "ordinal"),)
    id: int | None = Field(default=None, primary_key=True)
    review_id: int = Field(foreign_key="review.id", index=True)
    requirement_id: int = Field(foreign_key="requirement.id")
    period: str = ""
    format: str = ""
    language: str = ""
    ordinal: int = 1


class Message(Base, table=True):
    """What was asked or answered about one evidence; it changes no state."""

    id: int | None = Field(default=None, primary_key=True)
    evidence_id: int = Field(foreign_key="evidence.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    text: str
    at: datetime


class Approval(Base, table=True):
    """The commander's decision on an item, bound to the fingerprint of the evidence it was given for."""

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="item.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    fingerprint: str
    at: datetime


class Undoing(Base, table=True):
    """Whoever decided takes it back at once: from then on the review or the approval counts no more."""

    id: int | None = Field(default=None, primary_key=True)
    review_id: int | None = Field(default=None, foreign_key="review.id", unique=True)
    approval_id: int | None = Field(default=None, foreign_key="approval.id", unique=True)
    account_id: int = Field(foreign_key="account.id")
    at: datetime


class SendBack(Base, table=True):
    """The commander sends a complete item back to its supervisors, for the evidence of this fingerprint."""

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="item.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    fingerprint: str
    reason: str
    at: datetime


class SendBackAnswer(Base, table=True):
    """A supervisor says that what was sent back stands as it is; one for each, so that of two at once one wins."""

    id: int | None = Field(default=None, primary_key=True)
    send_back_id: int = Field(foreign_key="sendback.id", unique=True)
    account_id: int = Field(foreign_key="account.id")
    note: str
    at: datetime


class Publication(Base, table=True):
    """Where an item can be seen from then on, all of it: of several records of an item the last one holds."""

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="item.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    url: str  # the addresses, one a line (`board.links.addresses`); "": it was taken off the website
    at: datetime


class Filing(Base, table=True):
    """The answer to an item as entered in ITAP, with its links as a publication has them."""

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="item.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    answer: bool
    url: str
    explanation: str = ""
    at: datetime


class LinkCheck(Base, table=True):
    """What one look at a published address found (`links.finding`); of a past day the last one before it holds."""

    __table_args__ = (Index("ix_linkcheck_item_id_at", "item_id", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="item.id")
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True)  # None: the system, by its timer
    url: str
    outcome: LinkOutcome
    why: str = ""  # for whoever looks after the website, in the words of the program that failed
    status: int | None = None
    final_url: str = ""  # where it led, where that is elsewhere
    media_type: str = ""
    size: int | None = None
    sha256: str = ""  # of the content, as it was read to its end
    words_sha256: str = ""  # of its words, where it has any that can be read
    changed: bool | None = None  # since the last time that it was reached; None: there was none
    names_year: bool | None = None  # None: it cannot be read
    evidence_id: int | None = Field(default=None, foreign_key="evidence.id")  # accepted then, byte for byte this
    certificate_ends: datetime | None = None
    # The whole answer as a WARC file in the evidence store, where ITA_LINKS_KEEP says so.
    kept_sha256: str | None = Field(default=None, foreign_key="storedfile.sha256")
    at: datetime


# --- what the assessor said of an item, and what the office answers ---------------------------------------------------


class Clarification(Base, table=True):
    """One version of what the office says to the assessor of an item: only added, of several the last one holds."""

    __table_args__ = (UniqueConstraint("item_id", "number"),)  # so that of two at once one wins
    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="item.id", index=True)
    number: int  # of the item: 1, 2, 3 …
    text: str  # Thai; of one that is given up: why
    due: date | None = None  # the last day on which it can be handed in, where the plan's step does not say it
    proposed: bool = False  # it waits for the commander
    withdrawn: bool = False  # the item is not clarified any more
    account_id: int = Field(foreign_key="account.id")
    at: datetime


class ClarificationDecision(Base, table=True):
    """The commander's word on one version; one for each, so that of two at once one wins."""

    id: int | None = Field(default=None, primary_key=True)
    clarification_id: int = Field(foreign_key="clarification.id", unique=True)
    account_id: int = Field(foreign_key="account.id")
    decision: Decision
    reason: str = ""
    at: datetime


class ClarificationResult(Base, table=True):
    """What the assessor made of an approved version: only added, of several of an item the last one holds.

    The points after it are an announced score like any other: the one of this moment.
    """

    id: int | None = Field(default=None, primary_key=True)
    clarification_id: int = Field(foreign_key="clarification.id", index=True)
    outcome: ClarificationOutcome
    score_id: int | None = Field(default=None, foreign_key="announcedscore.id")  # None: the points stay as they were
    note: str = ""
    account_id: int = Field(foreign_key="account.id")
    at: datetime


# --- meetings and what was ordered in them ---------------------------------------------------------------------------


class Meeting(Base, table=True):
    """A meeting in front of the board: what was shown is the board at `ended_at`, or `at` while it goes on."""

    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int = Field(foreign_key="assessment.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    guests: str = ""  # who was there besides the officers
    at: datetime
    ended_at: datetime | None = None


class Attendance(Base, table=True):
    """An officer who was at a meeting."""

    __table_args__ = (UniqueConstraint("meeting_id", "officer_id"),)
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    officer_id: int = Field(foreign_key="party.id")


class Directive(Base, table=True):
    """What the commander ordered; to whom stands in `Assignment`, what became of it in `DirectiveEvent`."""

    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int = Field(foreign_key="assessment.id", index=True)
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id", index=True)
    item_id: int | None = Field(default=None, foreign_key="item.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    text: str
    due: date
    at: datetime


class Assignment(Base, table=True):
    """A party to whom a directive was given."""

    __table_args__ = (UniqueConstraint("directive_id", "party_id"),)
    id: int | None = Field(default=None, primary_key=True)
    directive_id: int = Field(foreign_key="directive.id", index=True)
    party_id: int = Field(foreign_key="party.id", index=True)


class DirectiveEvent(Base, table=True):
    """What became of a directive: only added, the last one holds."""

    id: int | None = Field(default=None, primary_key=True)
    directive_id: int = Field(foreign_key="directive.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    what: DirectiveStep
    note: str = ""
    at: datetime


# --- the record of everything ----------------------------------------------------------------------------------------


class AuditEntry(Base, table=True):
    __table_args__ = (Index("ix_auditentry_touches", "touches", "number"),)

    number: int = Field(primary_key=True)  # 1, 2, 3 … without a gap
    at: datetime
    actor: str  # the account's name, or "system"
    account_id: int | None = None
    action: str
    subject: str  # what it was done to: "evidence 12"
    detail: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    # What the transaction wrote: table → key → the row's SHA-256, None where it is gone (`seals.py`).
    seals: dict[str, dict[str, str | None]] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    # The assessment whose plan or records the transaction changed (0: it could be any); None: nothing that boards show.
    touches: int | None = None
    previous_hash: str
    hash: str


class AuditHead(Base, table=True):
    """The last entry's number and hash: one row, locked by every write, so that the chain has one end."""

    id: int = Field(primary_key=True)
    number: int
    hash: str
