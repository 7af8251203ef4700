"""Are the cases by chance what they say they are?"""

import copy
import json
import random
from collections import Counter

import pytest

from .cases import BAD_KINDS, BAD_TEXTS, bad_case, drop_facts, random_case
from .facts import IDENTITIES, absent_paths, paths
from .oracle import decide, faults_between, matters

BETWEEN = [
    "applied before issue",
    "window without district",
    "born after issue",
    "age of the other sex",
    "local without district",
    "past after application",
]


def test_random_cases_are_complete_and_valid() -> None:
    rng = random.Random(1)
    for _ in range(1000):
        case = random_case(rng)
        assert absent_paths(case) == []
        assert faults_between(case) == []


def test_the_same_seed_gives_the_same_cases() -> None:
    assert random_case(random.Random(2)) == random_case(random.Random(2))


def test_about_half_get_the_subsidy_and_under_each_identity() -> None:
    rng = random.Random(3)
    results = [decide(random_case(rng)) for _ in range(3000)]
    share = Counter(result["结论"] for result in results)
    assert 0.4 < share["可享受"] / 3000 < 0.6
    assert share["不适用本通知"] > 30
    taken = Counter(result["享受身份"] for result in results)
    assert all(taken[identity] > 60 for identity in IDENTITIES)


def test_dropped_facts_are_absent_and_the_case_is_left_alone() -> None:
    rng = random.Random(4)
    for n in (1, 3, 10):
        case = random_case(rng)
        before = copy.deepcopy(case)
        partial = drop_facts(rng, case, n)
        assert case == before
        assert partial != case
        assert 1 <= len(absent_paths(partial)) <= n
    assert absent_paths(drop_facts(rng, case, 100)) == paths({})


@pytest.mark.parametrize("kind", BAD_KINDS)
def test_a_bad_case_differs_from_the_good_one(kind: str) -> None:
    rng = random.Random(5)
    for _ in range(100):
        case = random_case(rng)
        bad, place = bad_case(rng, case, kind)
        assert json.dumps(bad) != json.dumps(case)
        assert place
        if kind in BETWEEN:
            assert faults_between(bad) == [place]


def test_bad_texts_are_one_line_each_and_differ() -> None:
    texts = [text for text, _ in BAD_TEXTS]
    assert len(set(texts)) == len(texts)
    assert not any("\n" in text for text in texts)


def test_nothing_is_missing_from_a_complete_case() -> None:
    case = random_case(random.Random(6))
    assert matters(case) == (decide(case), set())


def test_what_is_seen_to_matter_is_absent_and_what_stays_is_so_in_the_full_case() -> None:
    rng = random.Random(7)
    for n in (1, 2, 4, 40):
        case = random_case(rng)
        partial = drop_facts(rng, case, n)
        stable, changing = matters(partial)
        assert changing <= set(absent_paths(partial))
        if n < 40:
            assert bool(changing) == (stable != decide(case))
        assert stable.items() <= decide(case).items()


def test_facts_shut_in_by_others_do_not_matter() -> None:
    case = random_case(random.Random(8))
    case["申请人"] |= {"性别": "男", "户籍所在区": None}
    del case["申请人"]["原法定退休年龄"]  # only 60 goes with 男
    del case["申请人"]["户籍"]  # only 外省市 goes without a district
    assert matters(case)[1] == set()
