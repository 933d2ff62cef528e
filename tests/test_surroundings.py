"""Variables that are no setting, and files that are not there, are told: a typing error changes nothing in silence."""

import os
from pathlib import Path

import pytest

from streams.settings import Settings
from streams.surroundings import as_environment, naming, problems

SETTINGS = list(Settings.model_fields)


def test_the_environment_of_these_tests_is_right() -> None:
    assert problems(None, SETTINGS) == []


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("STREAMS_BROKR", "did you mean STREAMS_BROKER?"),
        ("streams_brokr", "did you mean STREAMS_BROKER?"),
        ("STREAMS_TOPICS_PREFIX", "did you mean STREAMS_TOPIC_PREFIX?"),
        ("STREAMS_GAZETTER", "did you mean STREAMS_GAZETTEER?"),
        ("STREAMS_PORT", "did you mean STREAMS_WEB_PORT?"),
        ("STREAMS_XYZZY", "`streams worker --help` names all there are"),
    ],
)
def test_what_is_no_setting_is_refused_with_the_one_that_was_meant(
    name: str, advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "9")
    assert problems(None, SETTINGS) == [f"{name} is no setting; {advice}"]
    with pytest.raises(ValueError, match=f"{name} is no setting"):
        Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STREAMS_WORKER_SERVICE_HOST", "10.0.0.7"),
        ("STREAMS_SERVICE_PORT_METRICS", "9108"),
        ("STREAMS_PORT", "tcp://10.0.0.7:9108"),
        ("STREAMS_PORT_9108_TCP_ADDR", "10.0.0.7"),
        ("STREAMS_ENV_FILE", "streams.env"),
        ("STREAMSHOME", "/"),
    ],
)
def test_what_others_set_is_no_matter(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kubernetes tells every pod of the services beside it."""
    monkeypatch.setenv(name, value)
    assert problems(None, SETTINGS) == []


def test_a_file_of_settings_is_looked_at_alike(tmp_path: Path) -> None:
    file = tmp_path / "streams.env"
    file.write_text("STREAMS_PARTITIONS=12\nexport STREAMS_BROKR=kafka:9092\nOTHER=1\n")
    assert problems(str(file), SETTINGS) == ["STREAMS_BROKR is no setting; did you mean STREAMS_BROKER?"]


def test_a_file_of_settings_that_cannot_be_read(tmp_path: Path) -> None:
    absent, folder, latin, loose = tmp_path / "absent.env", tmp_path, tmp_path / "latin.env", tmp_path / "loose.env"
    loose.write_text("# ours\nSTREAMS_PARTITIONS=12\nSTREAMS_BROKER kafka:9092\nSTREAMS_TIER\n")
    assert problems(str(loose), SETTINGS) == [
        f"STREAMS_ENV_FILE: {loose}, line 3: not NAME=VALUE",
        f"STREAMS_ENV_FILE: {loose}, line 4: not NAME=VALUE",
    ]
    latin.write_bytes(b"STREAMS_BROKER=caf\xe9:9092\n")
    assert problems(str(absent), SETTINGS) == [f"STREAMS_ENV_FILE: {absent}: No such file or directory"]
    assert problems(str(folder), SETTINGS) == [f"STREAMS_ENV_FILE: {folder}: Is a directory"]
    assert problems(str(latin), SETTINGS) == [f"STREAMS_ENV_FILE: {latin}: not UTF-8 at byte 18"]


def test_a_child_gets_these_settings_and_no_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STREAMS_TIER", "fast")
    settings = Settings(broker="127.0.0.1:4567", sources=("npd", "lln"), datadir=tmp_path)
    monkeypatch.setenv("STREAMS_SSL_CA_FILE", "ca.pem")
    monkeypatch.setenv("STREAMS_ENV_FILE", "absent.env")
    child = as_environment(settings)
    assert child["PATH"] and not {"STREAMS_SSL_CA_FILE", "STREAMS_ENV_FILE"} & set(child)
    for name in list(os.environ):
        if name.startswith("STREAMS_"):
            monkeypatch.delenv(name)
    for name, value in child.items():
        monkeypatch.setenv(name, value)
    assert Settings() == settings


def test_errors_name_the_setting_that_led_to_them(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=f"^STREAMS_X: {tmp_path}/x: No such file or directory$"), naming("STREAMS_X"):
        (tmp_path / "x").read_bytes()
    with pytest.raises(ValueError, match=r"^STREAMS_X: not this$"), naming("STREAMS_X"):
        raise ValueError("not\nthis")
