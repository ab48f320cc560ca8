"""Accounts: invitations, passwords, sign-ins, and the slowing down of whoever guesses.

Every function takes the moment `now` from the real clock, never from ITA_TODAY.
"""

<<<<<<< HEAD
from ita_core.accounts.factor_rules import OwnFactorFirst, demand, demanding_roles, has_factor, is_demanded
=======
from ita_core.accounts.addresses import (
    CODE_MINUTES,
    AddressFacts,
    CodeJustSent,
    CodeOver,
    MailCode,
    TooManyCodes,
    WrongCode,
    accounts_of_mail,
    begin_line_proof,
    begin_mail_proof,
    end_address,
    end_line,
    is_line_code,
    list_addresses,
    new_mail_code,
    prove_line,
    prove_mail,
    proved_mail,
    try_mail_code,
)
>>>>>>> 89f1d11
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
from ita_core.accounts.keys import KeyGone, NoKey
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
from ita_core.accounts.second_factor import (
    RECOVERY_CODES,
    STEP_SECONDS,
    Counted,
    FactorDemanded,
    FactorFacts,
    NoFactor,
    OwnFactor,
    WrongFactorCode,
    address_of_secret,
    begin_second_step,
    enrol,
    find_factor,
    finish_second_step,
    new_secret,
    remove_factor,
    renew_recovery,
    take_factor_away,
)
from ita_core.accounts.signing_in import (
    HALF_SECONDS,
    TICKET_SECONDS,
    Passed,
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
    pass_first_step,
    sign_out,
    sign_out_everywhere,
)
