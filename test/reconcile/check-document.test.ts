/** The documents of check and investigate: the screens' scenario, in figures that add up. */
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/decimal/text.ts';
import type { Break } from '../../src/model/break.ts';
import {
  type CheckedAccount,
  type CheckOptions,
  checkDocument,
} from '../../src/report/check-document.ts';
import { at, checked, type Ledger, optionsAt, section, statementAt } from './kit.ts';
import { ledgerOfStory, readStory, statementOf } from './scenario.ts';

const named = (ledger: Ledger, account: string): Ledger => ({
  ...ledger,
  settings: { ...ledger.settings, account },
});

interface Setting {
  readonly silent?: boolean;
  readonly known?: readonly Break[];
}

/** One account checked at second 245; silent: every section failed. */
function account(name: string, table: string, { silent = false, known = [] }: Setting = {}) {
  const story = readStory(`account USD\n${table}`);
  const ledger = named(ledgerOfStory(story), name);
  const spoken = statementOf(story);
  const failed = { complete: false, error: 'HTTP 503' };
  const statement = silent
    ? statementAt(spoken.asOf, {
        positions: section([], failed),
        balances: section([], failed),
        orders: section([], failed),
      })
    : spoken;
  const reconciled = checked(ledger, statement, optionsAt(at(245)), { known });
  const one: CheckedAccount = {
    ...{ reconciled, currency: 'USD', sequence: ledger.sequence, asOf: statement.asOf },
    ...{ dataAgeSeconds: 1, trueSince: null },
    gate: reconciled.verdict === 'true' ? 'allow' : 'deny',
  };
  return one;
}

const duplicate = `
  mark     BTC/USD 61310 at 40
  both     deposit BTC 0.4876
  both     deposit USD 13929.0647
  book     fill BTC/USD buy 0.0124 @ 61250 fee 1.9747 USD id TQ7K-88231 at 50
  both     fill BTC/USD buy 0.0124 @ 61250 fee 1.9747 USD id 88231 at 50
  both     interest USD 0 id later at 90
`;
const funding = 'both deposit USD 8204.45\nvenue funding USD -3.12 of BTC/USD:USD id f1';
const quiet = 'both deposit USD 10\nboth deposit BTC 1';

const options: CheckOptions = {
  ...{ document: 'check', now: at(400), parties: ['book', 'venue'], strict: false },
  ...{ failAbove: null, hints: ['trueup sync'], breakId: null },
};

describe('V4 the document of check', () => {
  const accounts = [
    account('okx-spot', quiet),
    account('kraken-spot', duplicate),
    account('coinbase-spot', quiet, { silent: true }),
    account('binance-perp', funding),
  ];
  const { json, verdict, exitCode } = checkDocument(accounts, options);

  test('V4 the verdict comes first, and at stake are gross and net of all accounts', () => {
    expect([verdict, exitCode]).toEqual(['break', 3]);
    expect(json).toMatchObject({
      ...{ schema: 'trueup.check/1', verdict: 'break', exitCode: 3, hints: ['trueup sync'] },
      ...{ parties: ['book', 'venue'], asOf: '2024-01-01T00:01:40Z', sequence: null },
      // 1521.7187 + 3.12 and 1.2307 - 3.12
      atStake: { gross: '1524.8387', net: '-1.8893', currency: 'USD', unvalued: [] },
    });
  });

  test('V4 accounts are sorted, their lines add up, and silence is unknown', () => {
    expect(json['accounts']).toMatchObject([
      { account: 'binance-perp', verdict: 'break', lines: 1, exact: 0, different: 1, unknown: 0 },
      { account: 'coinbase-spot', verdict: 'cannot-say', lines: 3, exact: 0, unknown: 3 },
      { account: 'kraken-spot', verdict: 'break', lines: 2, exact: 0, different: 2, unknown: 0 },
      { account: 'okx-spot', verdict: 'true', lines: 2, exact: 2, different: 0, gate: 'allow' },
    ]);
    expect(json['unknown']).toEqual(
      ['balances', 'orders', 'positions'].map((name) => ({
        ...{ account: 'coinbase-spot', section: name, scope: null, why: 'HTTP 503' },
        since: '2024-01-01T00:00:30Z',
      })),
    );
  });

  test('V4 a break says what differs, why, how that is known and what is done about it', () => {
    const breaks = json['breaks'] as { [name: string]: unknown }[];
    const one = breaks.find(({ account: name }) => name === 'kraken-spot');
    expect(one).toMatchObject({
      ...{ reason: 'FILL_DUPLICATED', confidence: 'proven', severity: 'high' },
      ...{ state: 'EXPLAINED', ageSeconds: 155, gross: '1521.7187', net: '1.2307' },
      lines: [
        {
          ...{ what: 'balance', key: 'BTC', leg: null, oursParty: 'book', ours: '0.5124' },
          ...{ theirsParty: 'venue', theirs: '0.5', difference: '-0.0124', tolerance: '0' },
        },
        { key: 'USD', ours: '12406.1153', theirs: '13167.59', difference: '761.4747' },
      ],
      explanation: {
        sentence: 'A fill was counted twice: buy 0.0124 BTC/USD @ 61250 (TQ7K-88231).',
        residual: '0',
        evidence: [
          { what: 'execution', id: '88231', source: 'book', effect: '0.0124', sequence: 4 },
          { what: 'execution', id: 'TQ7K-88231', source: 'book', effect: '0.0124', sequence: 3 },
          { what: 'execution', id: '88231', source: 'venue', effect: '0.0124' },
        ],
      },
      repair: {
        ...{ needsApproval: true, decision: 'repair' },
        entries: [{ action: 'reverse', target: 3, fact: null }],
        effects: [
          { key: 'BTC', before: '0.5124', after: '0.5', change: '-0.0124' },
          { key: 'USD', before: '12406.1153', after: '13167.59', change: '761.4747' },
        ],
      },
    });
  });

  test('V4 it is JSON: no value is lost when it is written and read', () => {
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });

  test('V5 investigate is the same document, of one break', () => {
    const id = (json['breaks'] as { id: string }[])[0]!.id;
    const one = checkDocument(accounts, { ...options, document: 'investigate', breakId: id });
    expect(one.json).toMatchObject({ schema: 'trueup.investigate/1', breaks: [{ id }] });
  });

  test('V6 a sum that a script lets pass is said, and nothing unknown ever passes', () => {
    const one = [account('binance-perp', funding)];
    const tolerated = checkDocument(one, { ...options, failAbove: decimal('3.12') });
    expect(tolerated).toMatchObject({ exitCode: 0, json: { toleratedForExit: '3.12' } });
    expect(tolerated.json['verdict']).toBe('break');
    expect(checkDocument(accounts, { ...options, failAbove: decimal('9999') }).exitCode).toBe(3);
  });

  test('V7 accounts of several reporting currencies are not added up', () => {
    const other = { ...account('other', funding), currency: 'USDT' };
    const both = checkDocument([account('binance-perp', funding), other], options);
    expect(both.json['atStake']).toMatchObject({ gross: null, currency: null });
    expect(both.json['accounts']).toMatchObject([
      { atStake: { gross: '3.12', currency: 'USD' } },
      { atStake: { gross: '3.12', currency: 'USDT' } },
    ]);
  });

  test('V8 facts that are all that differs count as lines', () => {
    const one = account('x', `without balances\n${funding}`);
    const { json: lone } = checkDocument([one], options);
    expect(lone['accounts']).toMatchObject([{ different: 1, unknown: 1, lines: 2 }]);
  });

  test('V9 positions are counted as operators know them', () => {
    const one = account(
      'x',
      `
      both  fill AGI/USDT:USDT sell 4160 @ 0.05
      both  fill SCA/USDT:USDT sell 10 @ 1
      both  fill BTC/USDT:USDT buy 1 @ 1
      both  fill ETH/USDT:USDT buy 1 @ 1
      both  fill ETH/USDT:USDT sell 1 @ 1
      says  position AGI/USDT:USDT -3160
      says  position SCA/USDT:USDT gone
      says  position ETH/USDT:USDT 2
      says  position DOT/USDT:USDT 3
    `,
    );
    expect(checkDocument([one], options).json['positions']).toEqual({
      ...{ stored: 3, venue: 4, equal: 1, different: 1, phantom: 1, missing: 1, foreign: 1 },
    });
  });
});
