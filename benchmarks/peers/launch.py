"""Runs a command and says what it took: `python -I -S launch.py COMMAND…`.

A separate process, because Linux counts the memory of the starting process as the
process's own until it has grown past that; this one is as small as Python gets.
"""

import os
import sys
import time

start = time.perf_counter()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, used = os.wait4(child, 0)
seconds = time.perf_counter() - start
print(f"LAUNCHED {seconds} {used.ru_utime + used.ru_stime} {used.ru_maxrss / 1024}", flush=True)
sys.exit(os.waitstatus_to_exitcode(status))
