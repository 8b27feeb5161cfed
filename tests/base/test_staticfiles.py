"""Static files as they lie ready for readers."""

import gzip

import brotli
import pytest

from base.staticfiles import OnceCompressor

pytestmark = pytest.mark.engine_free


def test_equal_files_are_compressed_once_and_every_one_can_be_read(tmp_path, monkeypatch):
    done = []
    compress = brotli.compress
    monkeypatch.setattr(brotli, "compress", lambda data, **how: done.append(data) or compress(data))
    compressor = OnceCompressor(quiet=True)
    texts = {"site.css": b"a { color: red }\n" * 99, "other.css": b"p { color: blue }\n" * 99}
    texts["site.0123456789ab.css"] = texts["site.css"]
    for name, text in texts.items():
        file = tmp_path / name
        file.write_bytes(text)
        assert compressor.compress(str(file)) == [f"{file}.br", f"{file}.gz"]
        assert brotli.decompress((tmp_path / f"{name}.br").read_bytes()) == text
        assert gzip.decompress((tmp_path / f"{name}.gz").read_bytes()) == text
    assert done == [texts["site.css"], texts["other.css"]]
