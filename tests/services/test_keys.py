"""The keys between the mall and the stand-ins of its payment providers."""

import json
from base64 import b64decode

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key

from mall.services.embedded import Secrets
from mall.services.keys import draw_payment_keys

PAIRS = [
    ("WECHAT_PAY_PRIVATE_KEY", "WECHAT_STAND_IN_MERCHANT_KEY"),
    ("WECHAT_STAND_IN_KEY", "WECHAT_PAY_PUBLIC_KEY"),
    ("ALIPAY_PRIVATE_KEY", "ALIPAY_STAND_IN_MERCHANT_KEY"),
    ("ALIPAY_STAND_IN_KEY", "ALIPAY_PUBLIC_KEY"),
]


def test_each_side_has_the_public_half_of_the_others_key():
    drawn = draw_payment_keys()
    for private_name, public_name in PAIRS:
        private = load_der_private_key(b64decode(drawn[private_name]), password=None)
        public = load_der_public_key(b64decode(drawn[public_name]))
        assert isinstance(private, RSAPrivateKey)
        assert isinstance(public, RSAPublicKey)
        assert private.key_size == 2048
        assert private.public_key().public_numbers() == public.public_numbers()
    assert len(drawn["WECHAT_PAY_API_KEY"]) == 32
    assert len(set(drawn.values())) == len(drawn)


def test_keys_are_drawn_once_and_for_data_that_had_none(tmp_path):
    path = tmp_path / "secrets.json"
    first = Secrets.kept_in(path)
    assert Secrets.kept_in(path) == first
    assert path.stat().st_mode & 0o777 == 0o600
    old = json.loads(path.read_text())
    del old["payment_keys"]
    path.write_text(json.dumps(old))
    second = Secrets.kept_in(path)
    assert second.payment_keys != first.payment_keys
    assert second.secret_key == first.secret_key
    assert Secrets.kept_in(path) == second
