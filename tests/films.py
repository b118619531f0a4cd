"""Films as small as they can be: the boxes of a player's file, without a picture in it."""

import struct


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + kind + body


def an_mp4(
    *,
    brand: bytes = b"isom",
    handler: bytes = b"vide",
    codec: bytes = b"avc1",
    seconds: int = 12,
    told: bytes = b"",
    data: bytes = b"\x11" * 4_000,
) -> bytes:
    """An MP4 with one track; `told` is what a phone writes down beside it."""
    header = box(b"mvhd", bytes(4), bytes(8), struct.pack(">II", 1_000, seconds * 1_000), bytes(80))
    entry = box(codec, bytes(78))
    table = box(b"stbl", box(b"stsd", bytes(4), struct.pack(">I", 1), entry))
    media = box(b"mdia", box(b"hdlr", bytes(8), handler, bytes(13)), box(b"minf", table))
    udta = box(b"udta", box(b"\xa9xyz", told)) if told else b""
    return b"".join(
        (
            box(b"ftyp", brand, bytes(4), brand, b"mp42" if brand != b"qt  " else brand),
            box(b"moov", header, box(b"trak", media), udta),
            box(b"mdat", data),
        )
    )


def a_webm(*, doc_type: bytes = b"webm", data: bytes = b"\x22" * 4_000) -> bytes:
    """A WebM whose segment has no size of its own, as recorders write it."""
    head = bytes.fromhex("42868101") + b"\x42\x82" + bytes([0x80 | len(doc_type)]) + doc_type
    segment = bytes.fromhex("18538067") + b"\x01" + b"\xff" * 7
    return bytes.fromhex("1A45DFA3") + bytes([0x80 | len(head)]) + head + segment + data
