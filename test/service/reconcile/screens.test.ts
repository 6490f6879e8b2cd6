/**
 * One morning of four accounts: a fill that was counted twice, a funding payment that was not
 * booked, a venue that does not answer and one that is fine. What the commands print is kept in
 * test/golden; after a change that is meant, `npx vitest run -u` writes it anew.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkLines, viewOfCheck } from '../../../src/cli/render/check-text.ts';
import { investigationLines } from '../../../src/cli/render/investigate-text.ts';
import { syncLines } from '../../../src/cli/render/sync-text.ts';
import type { Terminal } from '../../../src/cli/terminal.ts';
import { instant } from '../../../src/model/instant.ts';
import {
  investigationHtml,
  investigationMarkdown,
} from '../../../src/report/investigation-report.ts';
import {
  type Compared,
  checkAll,
  documentOf,
  type SyncChoice,
  type SyncResult,
  sync,
} from '../../../src/service/reconciling.ts';
import { approveBreak } from '../../../src/service/syncing.ts';
import {
  at,
  balances,
  cash,
  closeDesks,
  type Desk,
  held,
  type Json,
  list,
  mark,
  openDesk,
  says,
} from './desk.ts';
import { binanceFlows, early, funding, krakenFlows, trade, usd } from './morning.ts';

const facts: readonly Json[] = [
  ...[usd('kraken-spot', 'kraken'), usd('binance-perp', 'binance')],
  ...[usd('coinbase-spot', 'coinbase'), usd('okx-spot', 'okx')],
  mark('BTC/USD', '61310', at('06:40')),
  ...krakenFlows,
  trade('TQ7K-88231', '06:38:02.114'),
  trade('88231', '06:38:02.87'),
  ...binanceFlows,
  cash('deposit', 'c1', '500', { account: 'coinbase-spot', ...early }),
  cash('deposit', 'o1', '250', { account: 'okx-spot', ...early }),
  cash('deposit', 'o2', '1.5', { account: 'okx-spot', ...early, currency: 'ETH' }),
];

const day = { from: at('00:00'), to: at('06:41') };
const down = { complete: false, error: 'HTTP 503' };

const statements: readonly Json[] = [
  says({
    ...{ account: 'kraken-spot', venue: 'kraken', asOf: at('06:41:05.411') },
    balances: balances({ BTC: '0.50000000', USD: '13167.5900' }),
    executions: list([trade('88231', '06:38:02.87')], day),
    cashFlows: list(krakenFlows, day),
  }),
  says({
    ...{ account: 'binance-perp', venue: 'binance', asOf: at('06:41:06') },
    positions: held([]),
    balances: balances({ USD: '8201.3300' }),
    cashFlows: list([...binanceFlows, funding], day),
  }),
  says({
    ...{ account: 'coinbase-spot', venue: 'coinbase', asOf: at('06:27:05') },
    balances: balances({}, down),
    orders: held([], down),
  }),
  says({
    ...{ account: 'okx-spot', venue: 'okx', asOf: at('06:41:06') },
    balances: balances({ ETH: '1.5', USD: '250' }),
  }),
];

const plain = { style: (_: string, text: string) => text } as unknown as Terminal;

let desk: Desk;
let compared: readonly Compared[];

beforeEach(async () => {
  desk = await openDesk(...facts);
  desk.clock.set(instant(at('06:41:07')));
  compared = statements.map((one) => desk.compared(one));
});
afterEach(closeDesks);

const check = async (
  document: 'check' | 'investigate' = 'check',
  breakId: string | null = null,
) => {
  const writer = document === 'check' ? desk.writer : null;
  const accounts = await checkAll(desk.reader, writer, compared, desk.options());
  const hints = document === 'check' ? ['next: trueup investigate', 'then: trueup sync'] : [];
  return documentOf(accounts, compared, desk.options(), {
    ...{ document, breakId, failAbove: null, hints },
  });
};

const synced = (choice: Partial<SyncChoice>): Promise<SyncResult> =>
  sync(desk.reader, desk.writer, compared, desk.options(), {
    ...{ apply: false, auto: false, only: null, plans: null, ...choice },
  });

function syncText(result: SyncResult): string {
  const shown = { document: 'check', breakId: null, failAbove: null, hints: [] } as const;
  const document = documentOf(result.checked, compared, desk.options(), shown);
  return `${syncLines(plain, result.json, viewOfCheck(document)).join('\n')}\n`;
}

const expectFile = (name: string, content: string) =>
  expect(content).toMatchFileSnapshot(`../../golden/${name}`);

const jsonText = (json: object): string => `${JSON.stringify(json, null, 2)}\n`;

test('Y3 Y12 Y17 the check of the morning, in words and as a document', async () => {
  const document = await check();
  expect(document).toMatchObject({ verdict: 'break', exitCode: 3 });
  expect(document.json).toMatchObject({
    // 1,521.72 = 0.0124 x 61,310 + 759.5000 + 1.9747; +1.23 = -760.2440 + 761.4747
    atStake: { gross: '1524.8387', net: '-1.8893', currency: 'USD' },
    accounts: [
      { account: 'binance-perp', verdict: 'break', atStake: { gross: '3.12', net: '-3.12' } },
      { account: 'coinbase-spot', verdict: 'cannot-say', exact: 0 },
      { account: 'kraken-spot', verdict: 'break', atStake: { gross: '1521.7187', net: '1.2307' } },
      { account: 'okx-spot', verdict: 'true', exact: 2 },
    ],
  });
  await expectFile('check.txt', `${checkLines(plain, viewOfCheck(document)).join('\n')}\n`);
  await expectFile('check.json', jsonText(document.json));
});

test('Y3 Y17 the investigation of the fill that was counted twice', async () => {
  await check();
  const all = viewOfCheck(await check('investigate'));
  const { id } = all.breaks.find((one) => one.account === 'kraken-spot')!;
  const one = await check('investigate', id);
  const [found] = viewOfCheck(one).breaks;
  await expectFile('investigate.txt', `${investigationLines(plain, found!).join('\n')}\n`);
  await expectFile('investigate.json', jsonText(one.json));
  await expectFile('investigate.md', investigationMarkdown(one.json));
  await expectFile('investigate-html.txt', investigationHtml(one.json));
});

test('Y3 Y8 Y12 the plan, a person who agrees, and the proof', async () => {
  const plan = await synced({});
  expect(plan.exitCode).toBe(6);
  await expectFile('sync-plan.txt', syncText(plan));
  await expectFile('sync-plan.json', jsonText(plan.json));
  const accounts = plan.json['accounts'] as unknown as readonly {
    readonly account: string;
    readonly plan: string;
    readonly repairs: readonly { readonly break: string; readonly needsApproval: boolean }[];
  }[];
  const wanted = accounts.find((one) => one.account === 'kraken-spot')!;
  desk.clock.advance(20);
  const { ok } = await approveBreak(desk.reader, desk.writer, desk.account('kraken-spot'), {
    breakId: wanted.repairs[0]!.break,
    plans: [wanted.plan.slice(0, 4)],
    at: desk.clock.now(),
  });
  expect(ok).toBe(true);
  desk.clock.advance(5);
  const applied = await synced({ apply: true });
  expect(applied.exitCode).toBe(5);
  expect(desk.holds('kraken-spot')).toEqual({ BTC: '0.5', USD: '13167.59' });
  expect(desk.holds('binance-perp')).toMatchObject({ USD: '8201.33' });
  await expectFile('sync-applied.txt', syncText(applied));
  await expectFile('sync-applied.json', jsonText(applied.json));
  const heads = () => compared.map((one) => desk.reader.file.head(one.account.account).sequence);
  const before = heads();
  expect((await synced({ apply: true })).exitCode).toBe(5);
  expect(heads()).toEqual(before);
});
