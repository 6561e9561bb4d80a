"""Times python-escpos with a receipt of 40 lines, Chinese text and a QR symbol; prints the nanoseconds of one."""

import statistics
import time

from escpos.printer import Dummy

DISHES = ["宫保鸡丁", "北京烤鸭（半只）", "麻婆豆腐", "西红柿炒鸡蛋", "干煸四季豆", "小笼包（八只）"]
LINES = [f"{n + 1} {DISHES[n % 6]} Dish {n + 1}".ljust(36) + f"{n + 12}.80" for n in range(34)]


def receipt():
    printer = Dummy(profile="TM-T88V")
    printer.hw("INIT")
    printer.set(align="center", bold=True, double_height=True)
    chinese(printer, "签购单 Receipt")
    printer.set(align="left", bold=False, normal_textsize=True)
    chinese(printer, "-" * 48)
    for line in LINES:
        chinese(printer, line)
    chinese(printer, "-" * 48)
    printer.set(bold=True)
    chinese(printer, "合计 TOTAL".ljust(38) + "RMB 989.40")
    printer.set(bold=False, align="center")
    chinese(printer, "电子小票 Your receipt")
    printer.qr("https://receipts.example/r/2041/8F2K4M7QX3", native=True, size=6)
    printer.cut()
    return printer.output


def chinese(printer, text):
    # The library has no Chinese code page: the caller switches the mode and encodes.
    printer._raw(b"\x1c&" + text.encode("gb18030") + b"\x1c.\n")


assert "宫保鸡丁".encode("gb18030") in receipt()
times = []
for _ in range(15):
    start = time.perf_counter_ns()
    for _ in range(20):
        receipt()
    times.append((time.perf_counter_ns() - start) / 20)
print(statistics.median(times))
