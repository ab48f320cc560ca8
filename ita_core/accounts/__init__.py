"""Accounts: invitations, passwords, a provider's word, sign-ins, and the slowing down of whoever guesses.

Every function takes the moment `now` from the real clock, never from ITA_TODAY.
"""

from ita_core.accounts.by_provider import (
    BadProviderName,
    ProviderNameTaken,
    accept_word,
    check_word,
    note_refused_word,
    set_provider_name,
)
from ita_core.accounts.grants import GrantFacts, find_grant, list_grants
from ita_core.accounts.guessing import (
    DEVICE_DAYS,
    MOST_DEVICES,
    TooManyTries,
    begin_try,
    forget_failures,
    know_device,
    known_device,
    network_of,
    note_failure,
    wait_before_next_try,
)
from ita_core.accounts.inviting import (
    INVITATION_DAYS,
    BadUsername,
    InvitationOver,
    Invited,
    UsernameTaken,
    check_invitation,
    clean_username,
    invite,
    join,
)
from ita_core.accounts.managing import (
    HasAccount,
    LastAdmin,
    NotAnOfficer,
    OwnRole,
    change_role,
    create_account,
    create_first_admin,
    disable,
    enable,
    has_admin,
    set_language,
    set_password,
)
from ita_core.accounts.passwords import (
    BCRYPT_COST,
    MAX_PASSWORD_BYTES,
    MIN_PASSWORD,
    NO_HASH,
    BadPassword,
    Credential,
    NewPassword,
    WrongPassword,
    hash_password,
    new_password,
    password_fault,
    password_matches,
    password_rule,
    words_of_office,
)
from ita_core.accounts.signed_in import (
    KEPT_DAYS,
    NOTED,
    SignedIn,
    end_all_of,
    end_one,
    forget_ended,
    has_use_to_write,
    list_signed_in,
    note_use,
    write_use,
)
from ita_core.accounts.signing_in import (
    TICKET_SECONDS,
    TicketOver,
    Visitor,
    accept,
    account_of,
    check_ticket,
    enter,
    find_visitor,
    find_visitor_by_public_id,
    issue_ticket,
    note_intrusion,
    shut_out,
    sign_out,
    sign_out_everywhere,
)
