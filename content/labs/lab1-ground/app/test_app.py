import app as parcel
import pytest


@pytest.fixture
def client():
    return parcel.app.test_client()


def test_price_has_a_base_and_a_rate():
    assert parcel.price(2, 4.20) == 10.90


def test_no_price_for_nothing():
    with pytest.raises(ValueError):
        parcel.price(0, 4.20)


def test_health(client):
    assert client.get("/health").json["status"] == "ok"


def test_quote(client):
    answer = client.get("/parcels/7/quote?weight=2")
    assert answer.json == {"parcel": 7, "quotes": {"north": 10.90, "south": 10.10}}


def test_a_weight_below_zero_is_refused(client):
    assert client.get("/parcels/7/quote?weight=-1").status_code == 400


def test_carrier_wants_its_key(client, monkeypatch):
    monkeypatch.setenv("CARRIER_KEY", "k")
    assert client.get("/carrier/rates").status_code == 401
    assert client.get("/carrier/rates", headers={"X-Carrier-Key": "k"}).json == parcel.RATES
