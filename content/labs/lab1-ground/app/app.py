"""The parcel API: what a parcel costs. Small enough to read in one sitting."""

import logging
import os

if os.environ.get("APPLICATIONINSIGHTS_CONNECTION_STRING"):  # lab 7; must come before Flask
    from azure.monitor.opentelemetry import configure_azure_monitor

    configure_azure_monitor(logger_name="parcel")

import requests
from flask import Flask, abort, jsonify, request

log = logging.getLogger("parcel")
log.setLevel(logging.INFO)
app = Flask(__name__)
RATES = {"north": 4.20, "south": 3.80}


def price(weight: float, rate: float) -> float:
    if weight <= 0:
        raise ValueError("weight must be above zero")
    return round(2.50 + weight * rate, 2)


def rates() -> dict[str, float]:
    """The carrier's rates: from its address, or built in where there is none."""
    url = os.environ.get("CARRIER_URL")
    if not url:
        return RATES
    key = os.environ.get("CARRIER_KEY", "")
    answer = requests.get(url, headers={"X-Carrier-Key": key}, timeout=5)
    answer.raise_for_status()
    return answer.json()


@app.get("/health")
def health():
    return jsonify(
        status="ok",
        version=os.environ.get("VERSION", "dev"),
        slot=os.environ.get("SLOT", "local"),
    )


@app.get("/parcels/<int:number>/quote")
def quote(number: int):
    weight = float(request.args.get("weight"))  # a bug: who forgets the weight gets a 500
    try:
        quotes = {name: price(weight, rate) for name, rate in rates().items()}
    except ValueError as error:
        abort(400, str(error))
    log.info("quote", extra={"microsoft.custom_event.name": "quote_shown", "parcel": number})
    return jsonify(parcel=number, quotes=quotes)


@app.get("/carrier/rates")
def carrier():
    """Stands in for the carrier's own service."""
    key = os.environ.get("CARRIER_KEY")
    if key and request.headers.get("X-Carrier-Key") != key:
        abort(401)
    return jsonify(RATES)
