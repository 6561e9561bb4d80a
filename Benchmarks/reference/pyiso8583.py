"""Times pyiso8583 with a 0200 of the same 19 fields; prints the nanoseconds of one decode and of one encode."""

import statistics
import time

import iso8583
from iso8583.specs import default as spec

MESSAGE = {
    "t": "0200", "2": "6222021234567890128", "3": "000000", "4": "000000008880", "11": "000123", "14": "3012",
    "22": "051", "23": "001", "25": "00", "26": "12", "35": "6222021234567890128=30122010000000000",
    "41": "10000001", "42": "898100012340001", "49": "156", "52": "1122334455667788", "53": "2600000000000000",
    "55": "9F" * 145, "60": "22000001000501", "63": "CUP", "64": "1122334455667788",
}


def nanoseconds(call, argument):
    times = []
    for _ in range(15):
        start = time.perf_counter_ns()
        for _ in range(500):
            call(argument, spec)
        times.append((time.perf_counter_ns() - start) / 500)
    return statistics.median(times)


wire, _ = iso8583.encode(dict(MESSAGE), spec)
assert iso8583.decode(wire, spec)[0]["55"] == MESSAGE["55"]
print(nanoseconds(iso8583.decode, wire), nanoseconds(iso8583.encode, MESSAGE))
