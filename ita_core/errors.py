"""What stops an action, each with a sentence for the user."""

from ita_core.language import N_, _

MOST_LINES = 20  # of one refusal on a screen; the command line tells all


class Refused(Exception):
    """Something the user asked for was not done; `str()` is the sentence that says why, in the current language."""

    says = N_("This could not be done.")
    passing = False  # whether the same may go well in a moment

    def __init__(self, says: str = "", **facts: object) -> None:
        self.says = says or type(self).says
        self.facts = facts
        super().__init__(self.says)

    def __str__(self) -> str:
        return _(self.says).format(**self.facts)

    @property
    def first_lines(self) -> str:
        """The sentence for a screen: of one that has very many lines, the first ones and how many more there are."""
        lines = str(self).splitlines()
        left = len(lines) - MOST_LINES
        if left > 0:
            lines = [*lines[:MOST_LINES], _("and {number} more").format(number=left)]
        return "\n".join(lines)


class NotFound(Refused):
    """Also what somebody without the right to read is told: what is not theirs does not exist for them."""

    says = N_("There is no such thing here.")


class NotYours(Refused):
    says = N_("Your duties do not include this.")


class NotYourItem(NotYours):
    says = N_("You have no duty on {item}, so you cannot do this.")


class OwnEvidence(Refused):
    says = N_("Nobody decides on what they handed in themselves.")


class AlreadyReviewed(Refused):
    says = N_("{piece}: {who} has already decided on this: {decision}.")


class AlreadyWithdrawn(Refused):
    says = N_("This has been withdrawn by the officer who handed it in.")


class ReasonMissing(Refused):
    says = N_("Say why it is returned, so that the officer knows what to mend.")


class UnknownSlot(Refused):
    says = N_("{item} has no such slot.")


class NoSlot(Refused):
    says = N_("Tick at least one slot that this covers.")


class StillToChoose(NoSlot):
    says = N_("Still to choose: {what}.")


class NilNotAllowed(Refused):
    says = N_("For “{requirement}” a statement that there is nothing to report is not an answer.")


class NotOfItem(Refused):
    says = N_("“{file}” is {found}, but {item} takes {wanted} only.")


class NotReally(Refused):
    says = N_("“{file}” is damaged, or no real {claimed}. Open it; if it opens, save it anew and send that.")


class NoKindOfItem(Refused):
    says = N_("“{file}” is not a kind of file that {item} takes. Send {wanted}.")


class WrongFormat(Refused):
    says = N_("“{file}” is {found}, but “{slot}” wants {wanted}.")


class BadAddress(Refused):
    says = N_("This is not a web address: it must start with http:// or https://.")


class BadText(Refused):
    says = N_("This text holds a character that cannot be kept: {what}.")


class NotComplete(Refused):
    says = N_("{item} still has slots that are not accepted.")


class NotApproved(Refused):
    says = N_("{item} has not been approved as it stands now.")


class ScoreChanged(Refused):
    says = N_("This score does not stand any more: somebody recorded or retracted it meanwhile. Look at it again.")


class ReportChanged(Refused):
    says = N_("Of these scores some do not stand any more: somebody recorded or retracted them meanwhile. "
              "Look at them again.")  # fmt: skip


class ScoreFileChanged(Refused):
    says = N_("What this file would record is not what was shown any more: another file came, or somebody recorded "
              "or retracted scores meanwhile. Look at it again.")  # fmt: skip


class TotalStands(Refused):
    says = N_("Without this score the total of {year}, {total:.2f}, is not what the instruments give by their weights: "
              "retract that total first.")  # fmt: skip


class TotalDiffers(Refused):
    """A total that the instruments do not give by our weights, and that somebody may know to be announced so."""

    says = N_("The total of {year}, {total}, is not what the instruments give by the weights known here ({points}): "
              "{gives}. Look at the announcement again; if it says so, confirm that it is recorded as "
              "announced.")  # fmt: skip


class NoScore(Refused):
    says = N_("No score was entered, so nothing was recorded.")


class GroundMissing(Refused):
    says = N_("Say what the estimate rests on.")


class NoEstimate(Refused):
    says = N_("An estimate is a number from 0 to 100 of one of these: {instruments}.")


class WhyMissing(Refused):
    says = N_("Say why it is retracted.")


class TextMissing(Refused):
    says = N_("Write what is to be done.")


class NobodyGiven(Refused):
    says = N_("Choose at least one officer, post or team to do it.")


class DueBefore(Refused):
    says = N_("It is to be done by {due}, but that day is over.")


class AlreadySettled(Refused):
    says = N_("This directive is settled already.")


class MeetingOver(Refused):
    says = N_("This meeting is over.")


class DatabaseBusy(Refused):
    says = N_("The database is busy. Nothing was lost; try again in a moment.")
    passing = True


class NameMissing(Refused):
    says = N_("Enter a name of at most 120 characters.")


class BadDay(Refused):
    says = N_("{text} is no date: write it like 2025-03-15.")


class ReadOnly(Refused):
    says = N_("The database can only be read at the moment, so nothing was recorded. Tell the administrator.")
    passing = True


class NoRoom(Refused):
    says = N_("The disk is full, so nothing was recorded. Tell the administrator; nothing else was lost.")
    passing = True


class AlreadyHandedIn(Refused):
    says = N_("This file has been handed in already.")


class TooManyWaiting(Refused):
    says = N_("{most} of your files wait to be handed in. Hand them in or take some away, then send more.")


class SignedOut(Refused):
    says = N_("You are signed out. Sign in again in another tab, then try again here: the file is still here.")
    passing = True
