"""A short run of the fuzzers, and what longer runs found."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.__main__ import changed, run
from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.timeout(120)
def test_a_changed_seed_is_read_or_refused_cleanly(name: str) -> None:
    random_ = random.Random(name)
    seeds = TARGETS[name][1]() or [b""]
    for _ in range(6):
        data = changed(random_.choice(seeds), random_)
        assert run(name, data, None), data


@pytest.mark.parametrize("name", ["handbook.yaml", "table", "front matter", "theme", "csv", "svg"])
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    data=st.one_of(
        st.binary(max_size=60),
        st.text(max_size=60).map(lambda t: t.encode("utf-8", "surrogatepass")),
    )
)
def test_any_bytes_are_read_or_refused_cleanly(name: str, data: bytes) -> None:
    assert run(name, data, None), data
