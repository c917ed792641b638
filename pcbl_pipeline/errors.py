"""Exceptions: about us or the operator, never about a site's data.

Bad data is a *finding* (`pcbl_pipeline.model.finding`), collected and answered;
nothing in this file is raised because a row is wrong.

PipelineError
├── OperatorError            shown without a traceback
│   ├── SettingsInvalid          10
│   ├── UnknownContract          11
│   ├── ContractInvalid          12
│   ├── PublicationBlocked       13
│   ├── SubmissionUnreadable     14
│   ├── NetworkInvalid           15
│   ├── UnknownSender            16
│   ├── WorkspaceMissing         17
│   ├── StillBeingWritten        18  retryable
│   ├── DeploymentMissing        19
│   ├── WaiverImpossible         30
│   ├── ReleaseImpossible        31
│   ├── DecisionImpossible       32
│   └── WithdrawalImpossible     33
└── SystemFault              traceback and alert
    ├── StoreUnavailable         20  retryable
    ├── StoreConflict            21  retryable
    ├── LedgerInconsistent       22
    ├── LakeConflict             23  retryable
    ├── RowsUnaccounted          24
    ├── StoreKeyInvalid          25
    ├── SubmissionsFailed        26
    └── UnforeseenFault          27
"""

from typing import ClassVar


class PipelineError(Exception):
    """Root of everything this package raises on purpose."""

    exit_code: ClassVar[int] = 1
    #: A retry of the same call may succeed; flows ask this, and nothing else.
    retryable: ClassVar[bool] = False


class OperatorError(PipelineError):
    """Something the person at the keyboard can put right."""

    exit_code = 2


class SettingsInvalid(OperatorError):
    """A setting is missing or malformed; the message names the variables."""

    exit_code = 10


class UnknownContract(OperatorError):
    """No contract of that name exists."""

    exit_code = 11

    def __init__(self, name: str, known: list[str]) -> None:
        """Keep both as arguments, so that the error survives pickling."""
        super().__init__(name, known)

    def __str__(self) -> str:
        """Name what was asked for and what there is."""
        name, known = self.args
        return (
            f"There is no dataset `{name}`. Known datasets: {', '.join(known)}. "
            "Run `pcbl contracts list` to see them with their titles."
        )


class ContractInvalid(OperatorError):
    """A file under `expectations/` does not say what a contract must say."""

    exit_code = 12


class PublicationBlocked(OperatorError):
    """A release cannot be published safely; the message says why."""

    exit_code = 13


class SubmissionUnreadable(OperatorError):
    """The object behind a submission is gone or is not the bytes it claims."""

    exit_code = 14


class NetworkInvalid(OperatorError):
    """`network.yaml` is missing or malformed."""

    exit_code = 15


class UnknownSender(OperatorError):
    """No site or agency of that id is in the network definition."""

    exit_code = 16

    def __init__(self, sender_id: str) -> None:
        """Keep the id as the argument, so that the error survives pickling."""
        super().__init__(sender_id)

    def __str__(self) -> str:
        """Say which id is unknown and where to add it."""
        return (
            f"`{self.args[0]}` is neither a site nor an agency of this network. "
            "Add it to network.yaml, or check the id with `pcbl status`."
        )


class WorkspaceMissing(OperatorError):
    """The workspace has not been set up yet."""

    exit_code = 17


class StillBeingWritten(OperatorError):
    """A dropped file changed while it was read; the next sweep takes it up."""

    exit_code = 18
    retryable = True


class DeploymentMissing(OperatorError):
    """A Prefect server is configured, but nobody serves our flows on it."""

    exit_code = 19

    def __init__(self, name: str) -> None:
        """Take the deployment's name."""
        super().__init__(name)

    def __str__(self) -> str:
        """Name the deployment and the command that brings it up."""
        return (
            f"The Prefect server knows no deployment `{self.args[0]}`. Start "
            "`pcbl serve` on a machine that may run the flows, or unset "
            "PREFECT_API_URL to work without a server."
        )


class WaiverImpossible(OperatorError):
    """There is nothing that could be let through; the message says why."""

    exit_code = 30


class ReleaseImpossible(OperatorError):
    """What was asked of a release cannot be done; the message says why."""

    exit_code = 31


class DecisionImpossible(OperatorError):
    """There is no such decision on a held sentence; the message says why."""

    exit_code = 32


class WithdrawalImpossible(OperatorError):
    """A submission cannot be withdrawn, or something of it is left; it says which."""

    exit_code = 33


class SystemFault(PipelineError):
    """Our own failure. Never blamed on a site."""

    exit_code = 3


class StoreUnavailable(SystemFault):
    """The object store did not answer; try again."""

    exit_code = 20
    retryable = True


class StoreConflict(SystemFault):
    """Somebody else changed the object first; read again and decide again."""

    exit_code = 21
    retryable = True


class LedgerInconsistent(SystemFault):
    """The ledger contradicts itself; a person has to look."""

    exit_code = 22


class LakeConflict(SystemFault):
    """Concurrent commits to one lake table did not settle; try again."""

    exit_code = 23
    retryable = True


class RowsUnaccounted(SystemFault):
    """Accepted + quarantined + refused rows do not add up to those received."""

    exit_code = 24


class StoreKeyInvalid(SystemFault):
    """A key that a store cannot keep; keys are ours to choose."""

    exit_code = 25

    def __init__(self, key: str, reason: str) -> None:
        """Keep both as arguments, so that the error survives pickling."""
        super().__init__(key, reason)

    def __str__(self) -> str:
        """Name the key and what is wrong with it."""
        key, reason = self.args
        return (
            f"The key {key!r} cannot be kept in the store: {reason}. "
            "Keys look like `sites/0400001/inbox/lessons.csv`."
        )


class SubmissionsFailed(SystemFault):
    """Some submissions of a run have no answer yet, through a fault of ours."""

    exit_code = 26

    def __init__(self, faults: dict[str, str]) -> None:
        """Take the kind of fault by inbox key."""
        super().__init__(faults)

    def __str__(self) -> str:
        """Say which, and that nothing is lost."""
        (faults,) = self.args
        listed = "; ".join(f"{key} ({fault})" for key, fault in faults.items())
        return (
            f"{len(faults)} submissions could not be answered: {listed}. The fault is "
            "ours and nothing is lost: the next sweep takes them up again."
        )


class UnforeseenFault(SystemFault):
    """An error that nobody raised on purpose, without the text that it carried.

    The text of a parser's or a library's error may quote a row. Orchestrators keep
    error texts, so only the kind of error goes on; the places in the code are logged.
    """

    exit_code = 27

    def __init__(self, submission_id: str, kind: str) -> None:
        """Keep both as arguments, so that the error survives pickling."""
        super().__init__(submission_id, kind)

    def __str__(self) -> str:
        """Say what failed and where to look."""
        submission_id, kind = self.args
        return (
            f"{kind} while answering {submission_id}. The log of `pcbl_pipeline.ingest` "
            "names the places in the code. Nothing is lost; the next sweep tries again."
        )
