"""Sentences that programs read in English, in the reader's language: what is wrong with a value, and why not.

Validation and the API make these sentences, also for files and in the background. A page knows them by their form. A
sentence that is not listed stays as it is.
"""

import re
from functools import cache

from reports.model.language import ENGLISH, current_language, marked, translate

# What a value must be. A name in braces stands for any text.
_FAULTS = (
    marked("is required"),
    marked("is not known"),
    marked("is not a field of this resource"),
    marked("must be a string"),
    marked("holds characters that are not valid Unicode"),
    marked("must be a JSON object"),
    marked("must be true or false"),
    marked("must be an array"),
    marked("string should have at least 1 character"),
    marked("string should have at most {count} characters"),
    marked("list should have at least 1 item after validation, not 0"),
    marked("input should be a valid number"),
    marked("input should be a valid integer"),
    marked("input should be greater than {number}"),
    marked("input should be greater than or equal to {number}"),
    marked("input should be less than {number}"),
    marked("input should be less than or equal to {number}"),
    marked("input should be {words}"),
    marked("must be an agent, not a phone number"),
    marked("must be in the future"),
    marked("must be written like 1234.5, up to 1000000000000000 and with at most four decimals"),
    marked("must not be negative"),
    marked("must be a number up to {number}"),
    marked("must be a number"),
    marked("must be a number from {least} to {most}"),
    marked("must be a whole number from {least} to {most}"),
    marked("must be a number above 0 and below {number}"),
    marked("must have at most four decimals"),
    marked("must have at most six decimals"),
    marked("must be a number, or a string with a number"),
    marked("must be a number, or null to withdraw the target"),
    marked("must be a number of seconds"),
    marked("must be a number of {unit}"),
    marked("must be between 0 and 86400 seconds"),
    marked("must have no decimals, because it is in {currency}"),
    marked("must have at most {count} decimals, because it is in {currency}"),
    marked("must be a string holding an RFC 3339 time"),
    marked("must be a date, such as 2026-03-01"),
    marked("must be a phone number, such as +14155550123"),
    marked("must be a country with phone numbers, such as US or DE"),
    marked("must be written like 09:00-17:00, on one day's clock from 00:00 to 24:00"),
    marked("must end after they start; hours after 24:00 belong to the next day"),
    marked("must not overlap each other"),
    marked("must have hours on at least one day"),
    marked("must be above 0 and written like 1.0834, with at most ten decimals"),
    marked("must have at most ten decimals; send the rate of the other direction"),
    marked("must be another currency than base"),
    marked("must be a share from 0 to 1: 25% is 0.25"),
    marked("must be above the band before"),
    marked("must not be below value"),
    marked("must be after {field}"),
    marked("must not be null"),
    marked("must not begin or end with a space or a control character"),
    marked("must not contain a NUL byte"),
    marked("must have at most {count} characters"),
    marked("must have at least {count} characters"),
    marked("must have at least {count} different characters"),
    marked("must not be your name or e-mail address"),
    marked("must be an e-mail address, such as ada@example.com"),
    marked("must have 1 to {count} characters"),
    marked("must name at least one team for this role"),
    marked("must name the agent for this role"),
    marked("must stay owner: the account has no other. Name another owner first"),
    marked("must be a domain, such as example.com"),
    marked("must be one of {names}"),
    marked("must be an RFC 3339 time, such as {example}"),
    marked("must be an IANA time zone, such as {zone}"),
    marked("must name a place, such as Europe/Berlin: an offset does not follow summer time"),
    marked("must be an IANA time zone; did you mean {zone}?"),
    marked("must be the ISO 4217 code of a currency, such as EUR"),
    marked("must be the ISO 4217 code of a currency; did you mean {code}?"),
    marked("is too common: others use it too"),
    marked("is not your password"),
    marked("is already a user of this account"),
    marked("already signs in to another account here. Ask for an invitation to another address"),
    marked("joins another account of this installation"),
    marked("is a day that is already listed"),
    marked("is a value that is already listed"),
    marked("stands for leads with another value, or with none"),
    marked("cannot be sent with {field}"),
    marked("is more than a day ahead of now"),
    marked("is more than ten years ahead of now"),
    marked("is before {field}"),
    marked("is after {field}"),
    marked("is needed with an amount"),
    marked("is needed"),
    marked("is not the name of a metric; did you mean {name}?"),
    marked("is not the name of a metric; /v1/metrics lists them"),
    marked("is only for metrics with a band"),
    marked("is for the whole account or for a queue"),
    marked("is not a dimension of this metric"),
    marked("is not a scope of yours"),
    marked("is the code itself"),
    marked("is itself merged into another code"),
    marked("cannot be: other codes are merged into this one"),
    marked("is required for {dialer}: {secret}"),
    marked("is not used by {dialer}: its address is the only proof"),
    marked("is not among the values of the mapping"),
    marked("is not a number with a decimal point"),
    marked("is not a number with a decimal comma"),
    marked("is not a time of the form {form}"),
    marked("is not a date of the form {form}"),
    marked("is not a duration like 1:02:03"),
    marked("is outside what your role may see"),
)
# Why something is refused, or cannot be shown.
_REFUSALS = (
    marked(
        "At least {count} characters. Not your name, not your e-mail address, and none of the most common passwords."
        " A few unrelated words make a good one."
    ),
    marked("There is no such user in this account."),
    marked("Only an owner may add, change or disable an owner."),
    marked("Your role sees its own part of the account only."),
    marked("The account has no calls of your own yet. Ask an administrator to check your role."),
    marked("This link does not work: it was used, replaced by a later one, or is too old. Ask for a new one."),
    marked("Your identity provider did not confirm who you are. Try again, or ask your administrator."),
    marked("Your identity provider has not verified your e-mail address."),
    marked("Nobody has invited {email} yet. Ask your administrator."),
    marked("You can no longer sign in here. Ask your administrator."),
    marked("This user does not sign in."),
    marked("The API key is not known."),
    marked("The API key has been revoked."),
    marked("The API key has expired."),
    marked("The account has no such key."),
    marked("The account has no such tracking number."),
    marked("The account does not report by an attribute of this name."),
    marked("There is none of that name among the {kind}."),
    marked("There is no such earlier version."),
    marked("There is nothing at this address."),
    marked("There were too many attempts to sign in. Try again in {count} seconds."),
    marked("There were too many attempts to sign in. Try again in {count} min."),
    marked(
        "The number was retired at {moment} UTC. End the assignment by then, or put the number without retired_at"
        " to use it again."
    ),
    marked("The file is no longer here. Upload it again."),
    marked("The service stopped several times while it read this file. Split the file, or save it as CSV."),
    marked("The file could not be imported because of an error in calltally."),
    marked("a command"),
    marked("key {name}"),
    marked("Access key {name}"),
    marked("Enter a day and a time."),
    marked("Enter a time in the past."),
    marked("These disposition codes have no meaning yet: {codes}. They count as unmapped."),
    marked("Nothing changed: the ledger already had these rows."),
    marked("1 phone number cannot be read, and the row is stored with the text as it is ({examples})."),
    marked("{count} phone numbers cannot be read, and the row is stored with the text as it is ({examples})."),
    marked("Rows without a time of their own count as known at {moment} UTC: the time of the upload."),
    marked("Rows without a time of their own count as known at {moment} UTC: as stated."),
)


def in_the_readers_language(sentence: str) -> str:
    """A sentence in the reader's language, if it is one of ours. It may begin with the field that it is about.

    >>> in_the_readers_language("must have at most 12 characters")
    'must have at most 12 characters'
    """
    if current_language() is ENGLISH:
        return sentence
    if (plain := translate(sentence)) != sentence:
        return plain
    for form, pattern in _patterns():
        if match := pattern.fullmatch(sentence):
            words = match.groupdict()
            subject = words.pop("subject_", None)
            text = translate(form, **words)
            return f"{subject} {text}" if subject else text
    return sentence


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Each sentence with the pattern of what it becomes; the longest are looked for first."""
    faults = [(form, rf"(?:(?P<subject_>[\w.]+(?: \([^)]*\))?) )?{_pattern(form)}") for form in _FAULTS]
    refusals = [(form, _pattern(form)) for form in _REFUSALS]
    ordered = sorted([*faults, *refusals], key=lambda pair: -len(pair[0]))
    return [(form, re.compile(pattern)) for form, pattern in ordered]


def _pattern(form: str) -> str:
    """The pattern of a sentence: names in braces stand for any text."""
    return re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(form))
