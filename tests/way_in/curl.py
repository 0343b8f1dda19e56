"""As much of curl as the README uses, for machines that have none."""

import argparse
import sys
import urllib.error
import urllib.request


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("-s", action="store_true")
    options.add_argument("-H", action="append", default=[])
    options.add_argument("-d")
    options.add_argument("url")
    given = options.parse_args()
    headers = dict(line.split(": ", 1) for line in given.H)
    body = None if given.d is None else given.d.encode()
    request = urllib.request.Request(given.url, body, headers)  # noqa: S310 - the test's own server
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - as above
            sys.stdout.buffer.write(answer.read())
    except urllib.error.HTTPError as refused:
        sys.stdout.buffer.write(refused.read())
    return 0


if __name__ == "__main__":
    sys.exit(main())
