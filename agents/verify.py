"""Check a downloaded proof of the books: python3 verify.py proof.json [ROOT AS PUBLISHED]"""

import json
import sys
from hashlib import sha256


def hashed(mark: int, *parts: bytes) -> bytes:
    return sha256(bytes([mark]) + b"".join(parts)).digest()


with open(sys.argv[1], encoding="utf-8") as file:
    proof = json.load(file)
head, number = bytes.fromhex(proof["start"]), proof["first"] - 1
for number, entry in enumerate(proof["entries"], start=proof["first"]):
    leaf = bytes.fromhex(entry["hash"])
    if "text" in entry and hashed(2, entry["text"].encode()) != leaf:
        sys.exit(f"WRONG: entry {number} was changed: {entry['text']}")
    head = hashed(3, head, leaf)
if number != proof["sequence"] or head.hex() != proof["head"]:
    sys.exit("WRONG: the entries do not lead to the head of the chain")
node = hashed(0, f"{proof['holder']}:{proof['sequence']}:".encode(), head)
for side, other in proof["path"]:
    node = hashed(1, bytes.fromhex(other), node) if side == "left" else hashed(1, node, bytes.fromhex(other))
if node.hex() != proof["root"]:
    sys.exit("WRONG: the chain does not lead to the root")
if sys.argv[2:] and sys.argv[2].lower() != proof["root"]:
    sys.exit("WRONG: another root was published")
print(f"RIGHT: {len(proof['entries'])} entries lead to the root of {proof['date']}: {proof['root']}")
