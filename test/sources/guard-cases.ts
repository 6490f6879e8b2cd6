/** What every guard does, on every engine: what the bot runs, and what the totals are then. */
import Big from 'big.js';
import { expect, test } from 'vitest';
import type { SourceEngine } from '../../src/model/source.ts';
import { type GuardTables, guardTables } from './guard-tables.ts';
import type { Guarded } from './guarded-file.ts';

export type MakeGuarded = (statements: string) => Promise<Guarded>;

type Case = readonly [
  name: string,
  statements: string,
  /** The totals with a blank between; `-` is NULL. */
  totals: string,
];

const scenario = (...one: Case): Case => one;

const price = (symbol: string, to: string) =>
  `UPDATE positions SET current_price = ${to} WHERE symbol = '${symbol}'`;

const one: readonly Case[] = [
  scenario('G1 the total is right at once', '', '1025'), //                         1000 + 10 x 2.5
  scenario('G1 a price that changes', price('A', '3'), '1030'), //                  1000 + 10 x 3
  scenario('G1 a quantity that changes', 'UPDATE positions SET quantity = 4', '1010'), // + 4 x 2.5
  scenario(
    'G1 a position that is opened',
    `INSERT INTO positions (symbol, quantity, current_price) VALUES ('B', 2, 7.75)`,
    '1040.5', //                                                            1025 + 2 x 7.75
  ),
  scenario('G1 a position that is closed', `DELETE FROM positions WHERE symbol = 'A'`, '1000'),
  scenario('G1 without positions the total is cash', 'DELETE FROM positions', '1000'),
  scenario('G1 cash that changes', 'UPDATE account SET cash = 1058.7', '1083.7'), // 1058.7 + 25
  scenario('G1 negative cash', 'UPDATE account SET cash = -100.25', '-75.25'), //   -100.25 + 25
  scenario('G1 a short counts against', 'UPDATE positions SET quantity = -4', '990'), // - 4 x 2.5
  scenario(
    'G1 cash and an order in one transaction',
    `BEGIN; UPDATE account SET cash = cash - 15.5;
     INSERT INTO positions (symbol, quantity, current_price) VALUES ('B', 2, 7.75); COMMIT`,
    '1025', //                                                              984.5 + 25 + 15.5
  ),
  scenario(
    'G2 many rows in one statement',
    `INSERT INTO positions (symbol, quantity, current_price) VALUES ('B', 1, 1), ('C', 2, 2);
     UPDATE positions SET quantity = quantity + 1, current_price = current_price * 2`,
    '1071', //                                                1000 + 11 x 5 + 2 x 2 + 3 x 4
  ),
  scenario('G2 a key that changes', `UPDATE positions SET symbol = 'Z', quantity = 1`, '1002.5'),
  scenario(
    'G2 a row that a conflict turns into an update',
    `INSERT INTO positions (symbol, quantity, current_price) VALUES ('A', 3, 9), ('B', 1, 1)
       ON CONFLICT (symbol) DO UPDATE SET quantity = excluded.quantity`,
    '1008.5', //                                                            1000 + 3 x 2.5 + 1
  ),
  scenario(
    'G2 a conflict where nothing is done',
    `INSERT INTO positions (symbol, quantity, current_price) VALUES ('A', 3, 9), ('B', 1, 1)
       ON CONFLICT DO NOTHING; ${price('B', '2')}`,
    '1027', //                                                              1025 + 2
  ),
  scenario('G2 what is rolled back did not happen', `BEGIN; ${price('A', '9')}; ROLLBACK`, '1025'),
  scenario(
    'G2 what is rolled back to a savepoint did not happen',
    `BEGIN; ${price('A', '9')}; SAVEPOINT s; DELETE FROM positions; ROLLBACK TO s; COMMIT`,
    '1090',
  ),
  scenario(
    'G3 a total that the bot writes is put right',
    'UPDATE account SET total_value = 10000',
    '1025',
  ),
  scenario(
    'G3 a total that the bot writes beside its cash is put right',
    'UPDATE account SET total_value = 10000, cash = 900',
    '925',
  ),
  scenario(
    'G3 a total that the bot empties is put right',
    'UPDATE account SET total_value = NULL',
    '1025',
  ),
  scenario('G4 a price that is lost empties the total', price('A', 'NULL'), '-'),
  scenario(
    'G4 a quantity that is lost empties the total',
    'UPDATE positions SET quantity = NULL',
    '-',
  ),
  scenario(
    'G4 a price that comes back fills it',
    `${price('A', 'NULL')}; ${price('A', '3')}`,
    '1030',
  ),
  scenario(
    'G4 one of two prices that comes back does not',
    `INSERT INTO positions (symbol, quantity) VALUES ('B', 1), ('C', 1); ${price('B', '1')}`,
    '-',
  ),
  scenario(
    'G4 a position without a price that is closed fills it',
    `${price('A', 'NULL')}; UPDATE positions SET quantity = 0`,
    '1000',
  ),
  scenario(
    'G4 nothing held counts nothing, whatever its price',
    `INSERT INTO positions (symbol, quantity) VALUES ('B', 0)`,
    '1025',
  ),
  scenario('G4 cash that is lost empties the total', 'UPDATE account SET cash = NULL', '-'),
  scenario(
    'G5 an account that is made anew',
    'DELETE FROM account; INSERT INTO account VALUES (7, 3, 9, 0)',
    '28',
  ),
  scenario(
    'G5 a second account that cannot be told apart empties both totals',
    'INSERT INTO account VALUES (2, 50, 50, 0)',
    '- -',
  ),
  scenario(
    'G5 and fills the first when it goes',
    'INSERT INTO account VALUES (2, 50, 50, 0); DELETE FROM account WHERE id = 2',
    '1025',
  ),
];

const owned = (rows: string) =>
  `INSERT INTO positions (account_id, symbol, quantity, current_price) VALUES ${rows}`;

const several: readonly Case[] = [
  scenario('G5 each account has its own sum', owned(`(2, 'A', 1, 7)`), '1025 2007'),
  scenario(
    'G5 a price that both accounts hold',
    `${owned(`(2, 'A', 1, 7)`)}; ${price('A', '3')}`,
    '1030 2003',
  ),
  scenario(
    'G5 a position that moves to another account',
    'UPDATE positions SET account_id = 2',
    '1000 2025',
  ),
  scenario(
    'G5 a position that moves and changes at once',
    'UPDATE positions SET account_id = 2, quantity = 2',
    '1000 2005',
  ),
  scenario(
    'G5 an unknown price empties the total of its account alone',
    `${owned(`(2, 'B', 1, NULL)`)}; ${price('A', '3')}`,
    '1030 -',
  ),
  scenario(
    'G5 a new account',
    `INSERT INTO account VALUES (3, 300, NULL, ''); ${owned(`(3, 'A', 2, 2)`)}`,
    '1025 2000 304',
  ),
  scenario(
    'G5 an account that comes after its positions',
    `${owned(`(3, 'A', 2, 2)`)}; INSERT INTO account VALUES (3, 300, NULL, '')`,
    '1025 2000 304',
  ),
  scenario(
    'G5 accounts that change their keys take over what is held there',
    `${owned(`(3, 'B', 2, 2)`)}; UPDATE account SET id = 3 WHERE id = 2`,
    '1025 2004',
  ),
  scenario('G5 a position of no account counts for none', owned(`(9, 'B', 1, 1)`), '1025 2000'),
  scenario('G5 cash of all accounts at once', 'UPDATE account SET cash = cash + 1', '1026 2001'),
];

const required: readonly Case[] = [
  scenario(
    'G4 a total that must be there stays while a price is unknown',
    price('A', 'NULL'),
    '1025',
  ),
  scenario(
    'G4 and is right again when the price comes',
    `${price('A', 'NULL')}; UPDATE account SET cash = 900; ${price('A', '3')}`,
    '930',
  ),
];

export function guardCases(engine: SourceEngine, make: MakeGuarded): void {
  const tables: readonly (readonly [GuardTables, readonly Case[]])[] = [
    ['one account', one],
    ['several accounts', several],
    ['a total that must be there', required],
  ];
  for (const [kind, cases] of tables) {
    for (const [name, statements, totals] of cases) {
      for (const audit of [false, true]) {
        test(`${name}${audit ? ', logged' : ''}`, async () => {
          const guarded = await make(guardTables(engine, kind));
          await guarded.install({ audit });
          if (statements !== '') await guarded.run(statements);
          expect(textOf(await guarded.totals())).toBe(totals);
          expect(await guarded.status()).toMatchObject({ state: 'installed', unlogged: [] });
        });
      }
    }
  }
}

export const textOf = (totals: readonly unknown[]): string =>
  totals.map((total) => (total === null ? '-' : new Big(String(total)).toFixed())).join(' ');
