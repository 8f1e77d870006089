"""A flaw on purpose: what the caller sends becomes part of a command. Never merge it."""

import subprocess

from flask import Blueprint, request

search = Blueprint("search", __name__)


@search.get("/search")
def find():
    command = "grep " + request.args["q"] + " rates.txt"
    return subprocess.run(command, shell=True, capture_output=True, text=True).stdout
