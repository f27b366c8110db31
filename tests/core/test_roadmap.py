"""Tests of the roadmap's values: shares, branches, links, and ids that may be gone."""

from __future__ import annotations

import pytest

from bot.core.roadmap import Day, Roadmap

BRANCHES = ("", "vision", "nlp")


def test_shares(roadmap: Roadmap) -> None:
    """The reading and the practice of a lesson are all of it."""
    for lesson in roadmap.lessons.values():
        assert lesson.minutes("all") == lesson.minutes("reading") + lesson.minutes("practice")
        assert min(lesson.minutes("reading"), lesson.minutes("practice")) >= 0


@pytest.mark.parametrize("branch", BRANCHES)
def test_lesson_ids(roadmap: Roadmap, branch: str) -> None:
    """Each track lists lessons that exist, each once, in the order of its days."""
    for track in roadmap.outline.tracks:
        ids = track.lesson_ids(branch)
        listed = [lesson for day in track.days for lesson in day.of(branch)]
        assert len(set(ids)) == len(ids)
        assert set(ids) == set(listed) <= set(roadmap.lessons)
        assert [listed.index(lesson) for lesson in ids] == sorted(listed.index(lesson) for lesson in ids)


def test_branches() -> None:
    """A day gives everybody the common lessons and each branch its own; the undecided walk with vision."""
    day = Day("part", lessons=("a",), vision=("v",), nlp=("n",))
    assert [day.of(branch) for branch in BRANCHES] == [("a", "v"), ("a", "v"), ("a", "n")]


def test_no_other_branch(roadmap: Roadmap) -> None:
    """Nobody is sent to a lesson of the other branch."""
    for track in roadmap.outline.tracks:
        for branch, other in (("vision", "nlp"), ("nlp", "vision")):
            assert all(roadmap.lessons[lesson].branch != other for lesson in track.lesson_ids(branch))


def test_days_have_something(roadmap: Roadmap) -> None:
    """Every day of a track is a rest day or has a lesson, never both."""
    for track in roadmap.outline.tracks:
        for day in track.days:
            assert all(day.rest is (not day.of(branch)) for branch in BRANCHES)


def test_unknown_track(roadmap: Roadmap) -> None:
    """A track that is gone falls back to the first one."""
    assert roadmap.track("gone") == roadmap.outline.tracks[0]
    assert all(roadmap.track(track.id) == track for track in roadmap.outline.tracks)


def test_question(roadmap: Roadmap) -> None:
    """Every question is found by its full id, and ids that are gone or forged find none."""
    for lesson in roadmap.lessons.values():
        for question in lesson.questions:
            assert roadmap.question(f"{lesson.id}/{question.id}") is question
        assert roadmap.question(f"{lesson.id}/gone") is None
    for forged in ("", "/", "gone/gone", "gone", "a/b/c"):
        assert roadmap.question(forged) is None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_links(roadmap: Roadmap, language: str) -> None:
    """A resource gives all its links once; the first can be read, and where possible reached, by its reader."""
    elsewhere = "world" if language == "zh" else "china"
    for resource in roadmap.resources.values():
        links = list(resource.links_for(language))
        assert sorted(link.url for link in links) == sorted(link.url for link in resource.links)
        ours = [link for link in resource.links if link.language in (language, "both")]
        near = [link for link in ours if link.reach != elsewhere]
        assert not links or links[0] in (near or ours or links)
        assert not ours or len(ours) == len(links) or links[1] not in ours
