"""A cancelled seal (廃印) comes out of a stale copy of the register, as in Niigata, Saitama and Kumamoto (2020-2023)."""

from datetime import timedelta

from simulator.people.residents import resident
from terminal.centre.messages import RegistryState
from terminal.verification.bundle import REGISTER_AGE_MAX, check_bundle
from terminal.verification.reasons import Reason
from terminal.verification.verdict import Failed
from tests.gates_world import ISSUED_AT, NOW, seal_record, serve


def test_a_seal_that_the_register_calls_cancelled_is_refused_with_that_reason() -> None:
    served = serve("cancelled-seal", seal_record(resident("cancelled-seal"))).with_bundle(
        registry_state=RegistryState.CANCELLED
    )
    result = check_bundle(served.bundle, served.expected, signer_municipality="99101", now=NOW)
    assert isinstance(result, Failed)
    assert result.code is Reason.REGISTER_CANCELLED
    assert [finding.words.ja for finding in result.findings if finding.reason is result.code] == [
        "登録が廃止されています"
    ]


def test_a_copy_of_the_register_that_stopped_updating_is_refused_before_anybody_knows_what_it_hides() -> None:
    stale = ISSUED_AT - REGISTER_AGE_MAX - timedelta(days=900)
    served = serve("cancelled-seal", seal_record(resident("cancelled-seal"))).with_bundle(registry_as_of=stale)
    result = check_bundle(served.bundle, served.expected, signer_municipality="99101", now=NOW)
    assert isinstance(result, Failed)
    assert result.code is Reason.REGISTER_TOO_OLD
