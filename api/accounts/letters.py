"""What letters about an account say. In English: no letter has been translated yet."""

from api.mail.smtp import Letter

VERIFICATION = """\
Somebody, most likely you, gave this address for an Unknot account.

To confirm that it is yours, enter this code in the app within 30 minutes:

    {code}

If it was not you, do nothing: the address stays unconfirmed, and no password can be reset through it.
"""
RESET = """\
Somebody, most likely you, asked for a new password for the Unknot account with this address.

To set one, enter this code in the app within 30 minutes. All devices are then signed out:

    {code}

If it was not you, do nothing: the password stays as it is.
"""
UNPROVED = """\
Somebody asked for a new password for the Unknot account with this address.

The address was never confirmed, so no password can be reset through it. On a device that is signed in, ask for the
code that confirms it, or bring the account back with its recovery code.
"""
MOVING = """\
Somebody, most likely you, wants to use this address for an Unknot account that has another one now.

To confirm that it is yours, enter this code in the app within 30 minutes:

    {code}

If it was not you, do nothing: the account keeps the address that it has.
"""
MOVED = """\
The address of your Unknot account was changed. From now on the account is signed in to with the new one, and letters
about it go there.

If it was not you, bring the account back with its recovery code, look at its security events and change the password.
"""
CHANGED = """\
The password of your Unknot account was changed, and all other devices were signed out.

If it was not you, ask for a new password in the app now: "Forgot my password".
"""
RENEWED = """\
The recovery code of your Unknot account was replaced by another one. The one that you may have written down is void.

If it was not you, ask for a new password in the app now: "Forgot my password". That signs out all devices.
"""


def verification(email: str, code: str) -> Letter:
    return Letter(email, "Confirm your address for Unknot", VERIFICATION.format(code=code))


def reset(email: str, code: str) -> Letter:
    return Letter(email, "Set a new password for Unknot", RESET.format(code=code))


def unproved(email: str) -> Letter:
    return Letter(email, "Your Unknot password", UNPROVED)


def moving(email: str, code: str) -> Letter:
    return Letter(email, "Confirm your new address for Unknot", MOVING.format(code=code))


def moved(email: str) -> Letter:
    return Letter(email, "The address of your Unknot account was changed", MOVED)


def new_password(email: str) -> Letter:
    return Letter(email, "Your Unknot password was changed", CHANGED)


def new_recovery_code(email: str) -> Letter:
    return Letter(email, "The recovery code of your Unknot account was replaced", RENEWED)
