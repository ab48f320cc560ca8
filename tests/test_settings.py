"""Settings: a bad value is one sentence that names the variable."""

from datetime import UTC, date, datetime

import pytest

from ita_core import settings
from ita_core.days import BANGKOK, day_of
from ita_core.settings import BadSetting, Settings


@pytest.fixture(autouse=True)
def _fresh():
    settings.settings.cache_clear()
    yield
    settings.settings.cache_clear()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("ITA_TODAY", "2568-03-15", "2568-03-15 is a date of the Buddhist era: write 2025-03-15"),
        ("ITA_TODAY", "yesterday", "yesterday is no date"),
        ("ITA_DATABASE_URL", "mysql://x", "it must start with sqlite:/// or postgresql://"),
        ("ITA_DATABASE_URL", "postgresql://a:b:c@d:e/f", "it is no address of a database"),
        ("ITA_EVIDENCE_URL", "ftp://x", "it must be a folder"),
        *(
            ("ITA_EVIDENCE_URL", url, "s3://bucket/prefix")
            for url in (
                "s3://",
                "s3:///x",
                "s3://b",
                "s3://UPPER",
                "s3://key:secret@bucket",
                "s3://bucket:9000/x",
                "s3://bucket/a//b",
                "s3://bucket/../x",
                "s3://bucket/ก",
                "s3://bucket?region=x",
            )
        ),
        *(
            ("ITA_CLAMD", address, "/run/clamav/clamd.ctl")
            for address in ("clamd", "run/clamd.ctl", "localhost:", ":3310", "localhost:99999", "localhost:0", "a b:1")
        ),
        ("ITA_PUBLIC_URL", "ita.example", "it must start with http:// or https://"),
        ("ITA_MAX_UPLOAD_MB", "a lot", "valid integer"),
        ("ITA_MAX_UPLOAD_MB", "0", "greater than or equal to 1"),
        ("ITA_SESSION_HOURS", "0", "greater than or equal to 1"),
        ("ITA_PROXY", "proxy.example", "addresses or networks"),
        ("ITA_PROXY", "10.0.0.1/24", "addresses or networks"),
        ("ITA_PROXY", "*", "addresses or networks"),
        ("ITA_PROXY", "0.0.0.0/0", "it must not be everybody"),
        ("ITA_PROXY", "::/0", "it must not be everybody"),
        ("ITA_LINKS_INSIDE", "0.0.0.0/0", "far more than a network of an office"),
        ("ITA_LINKS_INSIDE", "10.0.0.1, ::/0", "far more than a network of an office"),
        ("ITA_LINKS_INSIDE", "0.0.0.0/1", "far more than a network of an office"),
        ("ITA_LINKS_INSIDE", "intranet", "addresses or networks"),
        ("ITA_HOSTS", "https://ita.example", "names of hosts"),
        ("ITA_HOSTS", "*", "names of hosts"),
        ("ITA_HTTPS", "perhaps", "valid boolean"),
        ("ITA_MAIL_HOST", "mail.example:25", "without a port"),
        ("ITA_MAIL_PORT", "65536", "less than 65536"),
        ("ITA_MAIL_SECURITY", "ssl", "'starttls', 'tls' or 'none'"),
        *(
            ("ITA_MAIL_FROM", sender, "one address")
            for sender in (
                "ita",
                "a@example.com, b@example.com",
                "a@localhost",
                "a@example.com\nBcc: b@example.com",
                ";",
            )
        ),
        ("ITA_LINE_ACCOUNT", "123abcde", "like @123abcde"),
        *(("ITA_LINE_TOKEN", token, "ASCII only") for token in ("โทเคน", "abc\n", "a b", "a\u200b")),
        *(
            ("ITA_LINE_API", url, "only https://api.line.me")
            for url in (
                "https://api.line.me.example",
                "http://api.line.me",
                "http://10.0.0.7:80",
                "https://localhost:1",
                "http://localhost:80@evil.example",
                "http://127.0.0.1.evil.example:80",
                "http://localhost:80/x",
            )
        ),
    ],
)
def test_a_bad_value_is_a_sentence_that_names_it(monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str):
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting) as refused:
        settings.settings()
    assert str(refused.value).startswith(f"{name} is not usable: ")
    assert says in str(refused.value)
    assert name != "ITA_LINE_TOKEN" or value not in str(refused.value)


def test_a_password_of_mail_goes_unencrypted_to_this_machine_only(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ITA_MAIL_SECURITY", "none")
    monkeypatch.setenv("ITA_MAIL_PASSWORD", "kite")
    monkeypatch.setenv("ITA_MAIL_HOST", "localhost")
    assert settings.settings().mail_password.get_secret_value() == "kite"
    settings.settings.cache_clear()
    monkeypatch.setenv("ITA_MAIL_HOST", "mail.example.go.th")
    with pytest.raises(BadSetting) as refused:
        settings.settings()
    assert "ITA_MAIL_PASSWORD is not usable" in str(refused.value)
    assert "kite" not in str(refused.value)


def test_secrets_are_printed_nowhere():
    made = Settings(mail_password="kite", line_token="lamp", line_secret="river")  # type: ignore[arg-type]
    for said in (repr(made), str(made), made.model_dump_json(), str(made.model_dump())):
        assert not {"kite", "lamp", "river"} & set(said.replace("'", '"').split('"'))


def test_a_day_that_is_set_moves_the_records_to_that_day_and_leaves_the_time_of_day():
    made = Settings(today=date(2025, 3, 15))
    assert made.day() == date(2025, 3, 15)
    now = datetime.now(UTC).astimezone(BANGKOK)
    moved = made.now().astimezone(BANGKOK)
    assert abs((moved.hour * 60 + moved.minute) - (now.hour * 60 + now.minute)) in {0, 1, 1439}


def test_without_a_set_day_it_is_today():
    assert Settings(today=None).day() == day_of(datetime.now(UTC))


def test_a_postgresql_address_gets_its_driver():
    assert Settings(database_url="postgresql://u:p@h/d").database_url == "postgresql+psycopg://u:p@h/d"


@pytest.mark.parametrize(
    "url", ["s3://bucket", "s3://bucket/", "s3://my.bucket-1/ita/2568", "/srv/evidence", "evidence"]
)
def test_evidence_may_lie_in_a_folder_or_a_bucket(url: str):
    assert Settings(evidence_url=url).evidence_url == url.removesuffix("/")


@pytest.mark.parametrize("address", ["", "/run/clamav/clamd.ctl", "localhost:3310", "10.0.0.7:3310", "[::1]:3310"])
def test_a_scanner_is_a_socket_or_a_port(address: str):
    assert Settings(clamd=address).clamd == address
