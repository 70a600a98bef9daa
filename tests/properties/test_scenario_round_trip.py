"""A plan that is written as a scenario file and read again is the same plan; any text is a scenario or a plain refusal."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.plan import Plan
from simulator.scenarios import ScenarioError, dump, parse
from tests.plans_kit import plans


@given(plans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_plan_comes_back(plan: Plan) -> None:
    assert parse(dump(plan, story="A story.\n\nOf two lines.")).plan == plan


@given(st.text() | st.recursive(st.none() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=2)).map(repr))
@settings(max_examples=60, deadline=None)
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        parse(text)
    except ScenarioError as error:
        assert str(error).startswith("scenario")
