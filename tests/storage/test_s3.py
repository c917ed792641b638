"""What only S3 can get wrong: permissions, lost answers, keys that no folder takes."""

import http.client
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlencode, urlsplit

import pytest
from botocore.config import Config
from botocore.stub import Stubber

from pcbl_pipeline.errors import SettingsInvalid, StoreConflict, StoreUnavailable
from pcbl_pipeline.storage import s3
from pcbl_pipeline.storage.open_store import open_store

_DATE = "Sun, 22 Nov 2026 05:45:46 GMT"


def _prefix(url):
    return urlsplit(url).path.lstrip("/")


@contextmanager
def _unreliable(endpoint, spoil):
    """Stand between a client and an endpoint; `spoil` may take an answer away.

    It gets method and body, and returns the body to pass on; None hangs up.
    """

    class Relay(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # answers Expect: 100-continue at once

        def _relay(self):
            length = int(self.headers.get("Content-Length") or 0)
            upstream = http.client.HTTPConnection(urlsplit(endpoint.url).netloc)
            upstream.request(
                self.command, self.path, self.rfile.read(length), dict(self.headers)
            )
            answer = upstream.getresponse()
            whole = answer.read()
            body = spoil(self.command, whole)
            upstream.close()
            self.close_connection = True
            if body is None:
                return
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in {"connection", "transfer-encoding"}:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_HEAD = do_PUT = _relay  # noqa: N815 - http.server's names

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Relay)
    Thread(target=server.serve_forever, daemon=True).start()
    query = urlencode({"endpoint_url": f"http://127.0.0.1:{server.server_port}"})
    try:
        yield f"{endpoint.store_url().partition('?')[0]}?{query}"
    finally:
        server.shutdown()
        server.server_close()


def _loses_the_first_put():
    puts = []

    def spoil(method, body):
        if method == "PUT":
            puts.append(body)
            return None if len(puts) == 1 else body
        return body

    return spoil


def test_knows_its_own_write_again_when_the_answer_was_lost(moto):
    with _unreliable(moto, _loses_the_first_put()) as url:
        assert open_store(url).put_if_absent("claim", b"mine")
    with _unreliable(moto, _loses_the_first_put()) as url:
        written = open_store(url).put_if_unchanged("claim", b"mine", etag=None)
        assert written == open_store(url).head("claim")


def test_does_not_take_anothers_write_for_its_own(moto):
    with _unreliable(moto, _loses_the_first_put()) as url:
        store = open_store(url)
        moto.client("s3").put_object(
            Bucket=moto.bucket, Key=f"{_prefix(url)}/claim", Body=b"theirs"
        )

        assert not store.put_if_absent("claim", b"mine")


def test_leaves_no_half_file_when_a_download_breaks_off(moto, tmp_path):
    def cut_short(method, body):
        return body[: len(body) // 2] if method == "GET" else body

    with _unreliable(moto, cut_short) as url:
        store = open_store(url)
        store.put("a", b"x" * 100_000)

        with pytest.raises(StoreUnavailable, match="did not answer"):
            store.download("a", tmp_path / "copy")
        with pytest.raises(StoreUnavailable, match="did not answer"):
            store.get("a")
    assert list(tmp_path.iterdir()) == []


def test_says_so_when_the_store_cannot_be_reached(aws_environment, monkeypatch):
    monkeypatch.setattr(s3, "CLIENT_CONFIG", Config(retries={"total_max_attempts": 1}))
    store = open_store("s3://my-bucket?endpoint_url=http://127.0.0.1:9")

    for use in (store.get, store.head, store.delete, lambda key: list(store.list(key))):
        with pytest.raises(StoreUnavailable, match="`my-bucket`") as caught:
            use("a")
        assert caught.value.retryable


def test_names_the_setting_when_the_bucket_does_not_exist(moto):
    store = open_store(moto.store_url().replace(moto.bucket, "no-such-bucket"))

    with pytest.raises(SettingsInvalid, match="PCBL_STORE_URL"):
        store.get("a")
    with pytest.raises(SettingsInvalid, match="NoSuchBucket"):
        list(store.list(""))


def test_names_the_setting_when_the_credentials_are_refused(seaweed, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    store = open_store(seaweed.store_url())

    for use in (store.get, store.head, lambda key: store.put(key, b"1")):
        with pytest.raises(SettingsInvalid, match="refused us"):
            use("a")


def test_names_the_setting_when_there_are_no_credentials(moto, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    store = open_store(moto.store_url())

    with pytest.raises(SettingsInvalid, match="credentials"):
        store.get("a")
    with pytest.raises(SettingsInvalid, match="credentials"):
        store.table_options()


def test_reads_what_a_sender_named_as_no_folder_could(moto):
    url = moto.store_url()
    odd = ["inbox//double.csv", "inbox/back\\slash.csv", "inbox/./dot.csv"]
    for key in odd:
        moto.client("s3").put_object(
            Bucket=moto.bucket, Key=f"{_prefix(url)}/{key}", Body=key.encode()
        )

    store = open_store(url)

    assert [info.key for info in store.list("inbox/")] == sorted(odd)
    assert [store.get(key).decode() for key in odd] == odd


def test_knows_its_own_keys_from_others_in_events(aws_environment):
    store = open_store("s3://my-bucket/pilots")

    assert store.own_key("my-bucket", "pilots/sites/a") == "sites/a"
    assert store.own_key("my-bucket", "elsewhere/sites/a") is None
    assert store.own_key("other-bucket", "pilots/sites/a") is None


def test_passes_over_folders_made_in_the_console(moto):
    url = moto.store_url()
    moto.client("s3").put_object(Bucket=moto.bucket, Key=f"{_prefix(url)}/inbox/")

    assert list(open_store(url).list("")) == []


def test_tries_again_while_another_conditional_write_is_under_way(aws_environment):
    store = open_store("s3://my-bucket")
    written = {"ETag": '"e"', "ResponseMetadata": {"HTTPHeaders": {"date": _DATE}}}
    with Stubber(store._client) as stub:
        stub.add_client_error("put_object", "ConditionalRequestConflict")
        stub.add_response("put_object", written)
        assert store.put_if_absent("a", b"1")

        for _ in range(5):
            stub.add_client_error("put_object", "ConditionalRequestConflict")
        with pytest.raises(StoreConflict):
            store.put_if_absent("a", b"1")
        stub.assert_no_pending_responses()


def test_a_throttling_is_worth_another_try(aws_environment):
    store = open_store("s3://my-bucket")
    with Stubber(store._client) as stub:
        stub.add_client_error("get_object", "SlowDown", http_status_code=503)

        with pytest.raises(StoreUnavailable, match="SlowDown"):
            store.get("a")
