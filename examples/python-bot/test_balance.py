"""The balance check as a test: a build fails where the stored total is wrong by more than a cent.

    BALANCE_SOURCE=sqlite:paper_trading.db pytest examples/python-bot/test_balance.py
    BALANCE_SOURCE=sqlite:paper_trading.db python3 -m unittest test_balance
"""

import json
import os
import shlex
import subprocess
import unittest

TRUEUP = shlex.split(os.environ.get("TRUEUP", "trueup"))
SOURCE = os.environ.get("BALANCE_SOURCE", "sqlite:paper_trading.db")


class TestBalance(unittest.TestCase):
    def test_stored_total_is_true(self):
        command = [*TRUEUP, "check", "--source", SOURCE, "--fail-above", "0.01", "--json"]
        ended = subprocess.run(command, capture_output=True, text=True)
        check = json.loads(ended.stdout)
        # Amounts are text: they are exact, and a float would not be.
        found = [
            f"{account['account']}: stored {account['stored']}, truth {account['calculated']}"
            for account in check.get("source", {}).get("accounts", [])
        ]
        self.assertEqual(ended.returncode, 0, found or check.get("message"))


if __name__ == "__main__":
    unittest.main()
