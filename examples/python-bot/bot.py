"""A small paper-trading bot in Python, which needs nothing but its standard library.

It keeps its account in its own SQLite file. After every order and every price it asks the command
line for the stored total to be brought to the truth. With the guard installed (trueup guard
install) even that is not needed: run it with --guarded.

    python3 examples/python-bot/bot.py [paper_trading.db] [--guarded]
"""

import os
import shlex
import sqlite3
import subprocess
import sys
from datetime import datetime

TRUEUP = shlex.split(os.environ.get("TRUEUP", "trueup"))

SCHEMA = """
CREATE TABLE IF NOT EXISTS account (
    id INTEGER PRIMARY KEY, cash REAL, total_value REAL, last_updated TEXT);
CREATE TABLE IF NOT EXISTS positions (
    symbol TEXT PRIMARY KEY, quantity REAL, entry_price REAL, current_price REAL,
    entry_date TEXT, last_updated TEXT);
CREATE TABLE IF NOT EXISTS orders (
    id INTEGER PRIMARY KEY, symbol TEXT, side TEXT, quantity REAL, price REAL,
    timestamp TEXT, pnl REAL);
CREATE TABLE IF NOT EXISTS performance (
    timestamp TEXT PRIMARY KEY, total_value REAL, cash REAL, positions_value REAL);
"""


class Bot:
    def __init__(self, path, guarded=False):
        self.path = path
        self.guarded = guarded
        self.database = sqlite3.connect(path, timeout=5)
        self.database.executescript(SCHEMA)
        with self.database:
            if self.database.execute("SELECT count(*) FROM account").fetchone() == (0,):
                row = (1, 10000.0, 10000.0, now())
                self.database.execute("INSERT INTO account VALUES (?, ?, ?, ?)", row)
        if guarded:
            self.trueup("guard", "install")

    def buy(self, symbol, quantity, price):
        """Filled at once, as paper is."""
        with self.database as database:
            database.execute(
                "UPDATE account SET cash = round(cash - ?, 2), last_updated = ?",
                (quantity * price, now()),
            )
            database.execute(
                "INSERT INTO positions VALUES (?, ?, ?, ?, ?, ?)",
                (symbol, quantity, price, price, now(), now()),
            )
            database.execute(
                "INSERT INTO orders (symbol, side, quantity, price, timestamp)"
                " VALUES (?, 'buy', ?, ?, ?)",
                (symbol, quantity, price, now()),
            )
        self.balance()

    def quote(self, symbol, price):
        with self.database as database:
            database.execute(
                "UPDATE positions SET current_price = ?, last_updated = ? WHERE symbol = ?",
                (price, now(), symbol),
            )
        self.balance()

    def balance(self):
        """After the commit: until then nobody else can see what was written."""
        if not self.guarded:
            self.trueup("update")

    def trueup(self, *words):
        command = [*TRUEUP, *words, "--source", f"sqlite:{self.path}"]
        ended = subprocess.run(command, capture_output=True, text=True)
        if ended.returncode != 0:
            # The order is done whatever becomes of the total: say it, and go on.
            print(ended.stderr.strip(), file=sys.stderr)

    def total(self):
        return self.database.execute("SELECT cash, total_value FROM account").fetchone()


def now():
    return datetime.now().isoformat()


def main():
    paths = [word for word in sys.argv[1:] if not word.startswith("--")]
    bot = Bot(paths[0] if paths else "paper_trading.db", guarded="--guarded" in sys.argv)
    bot.buy("ACI", 62.5, 16.88)
    bot.buy("KO", 14, 71.2)
    bot.quote("ACI", 16)
    bot.quote("KO", 70.5)
    cash, total = bot.total()
    print(f"cash {cash}, stored total {total}")


if __name__ == "__main__":
    main()
