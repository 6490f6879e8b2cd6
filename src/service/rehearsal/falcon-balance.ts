/** The incident of the stored balance, step by step: from what was reported to TRUE that stays. */
import { compare, type Decimal, multiply, total, zero } from '../../decimal/decimal.ts';
import { decimal, toTextOrNull } from '../../decimal/text.ts';
import { type Instant, instantText, millisecondsBetween } from '../../model/instant.ts';
import { isClosed } from '../../model/life-cycle.ts';
import { publishedCheck } from '../../report/source-published.ts';
import type { SourceCheck } from '../source/desk.ts';
import { begins, type FalconStage } from './falcon-stage.ts';
import type { Expectation, RehearsalStep } from './rehearsal.ts';

const dayMs = 24 * 60 * 60 * 1000;

const day = (at: Instant | null): string => (at === null ? 'never' : instantText(at).slice(0, 10));
const money = (what: string, expected: string, found: Decimal | null | undefined): Expectation => [
  what,
  expected,
  toTextOrNull(found ?? null) ?? 'unknown',
  'money',
];

/** Everything a check says that the steps look at. */
function seen({ verdict, sheets, snapshot, checked }: SourceCheck) {
  const [sheet] = sheets;
  const [account] = snapshot?.accounts ?? [];
  const [found] = checked?.accounts ?? [];
  if (sheet === undefined || account === undefined || found === undefined) {
    throw new Error('the rehearsal has one account, and the check saw none');
  }
  const open = found.reconciled.breaks.filter((one) => !isClosed(one));
  return { verdict, sheet, account, drift: found.drift, breaks: open };
}

const totals = ({ verdict, sheet }: ReturnType<typeof seen>, expected: string): Expectation[] => [
  ['verdict', 'true', verdict],
  money('calculated total', expected, sheet.calculated),
  money('stored total', expected, sheet.stored),
  money('difference', '0', sheet.difference),
];

type Step = RehearsalStep<FalconStage>;

const asReported: Step = {
  name: 'as reported',
  command: null,
  says: 'the database as the operators found it on 2026-01-12',
  async run({ desk }) {
    const { accounts } = await desk.source.snapshot();
    const [account] = accounts;
    const last = account?.performance.at(-1) ?? null;
    return [
      money('cash', '1058.7', account?.cash),
      money('stored total', '10000', account?.total),
      ['stored total last written', '2026-01-10', day(account?.updatedAt ?? null)],
      ['open positions', '9', String(account?.positions.length)],
      ['performance records', '1', String(account?.performanceCount)],
      ['last performance record', '2025-11-25', day(last?.time ?? null)],
    ];
  },
};

const check: Step = {
  name: 'check',
  command: 'trueup check --source sqlite:paper_trading.db',
  says: 'cash and positions are not what is stored',
  async run(stage) {
    const { verdict, sheet, breaks } = seen(await stage.check());
    const age = millisecondsBetween(sheet.recordAt ?? begins, begins);
    return [
      ['verdict', 'break', verdict],
      money('positions value', '9152.99', sheet.positionsValue),
      money('cost basis', '9212.37', sheet.costBasis),
      money('unrealised PnL', '-59.38', sheet.unrealisedPnl),
      money('calculated total', '10211.69', sheet.calculated),
      money('stored total', '10000', sheet.stored),
      money('difference', '211.69', sheet.difference),
      ['difference in per cent', '2.1169', toTextOrNull(sheet.percent) ?? '?'],
      ['days since the last record', '48', String(Math.floor(age / dayMs))],
      ['causes', 'PERFORMANCE_STALE TOTAL_STALE', causesOf(breaks)],
    ];
  },
};

const causesOf = (breaks: readonly { readonly reason: string }[]): string =>
  breaks
    .map(({ reason }) => reason)
    .sort()
    .join(' ');

const investigate: Step = {
  name: 'investigate',
  command: 'trueup investigate --source sqlite:paper_trading.db --report md',
  says: 'the total was never updated, and every cent of the difference has its rows',
  async run(stage) {
    const { drift, breaks, sheet } = seen(await stage.check());
    const stale = breaks.find(({ reason }) => reason === 'TOTAL_STALE');
    const parts = drift?.parts ?? [];
    const prices = parts.filter(({ what }) => what === 'price');
    const realised = parts.filter(({ what }) => what === 'realised');
    const published = publishedCheck(
      { cash: decimal('1058.70'), positions: decimal('9152.99'), total: decimal('10211.70') },
      sheet,
    );
    return [
      ['root cause', 'TOTAL_STALE', stale?.reason ?? 'none'],
      ['confidence', 'proven', stale?.confidence ?? 'none'],
      ['stored total is', 'opening', drift?.basis.kind ?? 'none'],
      ['since', '2025-11-25', day(drift?.basis.at ?? null)],
      money('price effect of nine positions', '-59.38', sumOf(prices)),
      ['positions with a price effect', '9', String(prices.length)],
      money('realised PnL', '271.07', sumOf(realised)),
      money('what nothing explains', '0', drift?.residual),
      money('1,058.70 + 9,152.99, as published', '10211.69', published.sum),
      money('less the published 10,211.70', '-0.01', published.difference),
    ];
  },
};

const sumOf = (parts: readonly { readonly amount: Decimal }[]): Decimal =>
  total(parts.map(({ amount }) => amount));

const update = (says: string, expected: string, record: boolean): Step => ({
  name: 'update',
  command: `trueup update${record ? ' --record' : ''} --source sqlite:paper_trading.db`,
  says,
  async run(stage) {
    const { status, audit, after } = await stage.update(record);
    if (after === null) return [['status', 'written', status]];
    const { account } = seen(after);
    const figures: Expectation[] = [
      ['status', 'written', status],
      ['row of trueup_audit', 'update', audit?.action ?? 'none'],
      ...totals(seen(after), expected),
    ];
    if (!record) return figures;
    return [...figures, money('newest record', expected, account.performance.at(-1)?.total)];
  },
});

const checkTrue = (says: string, expected: string): Step => ({
  name: 'check',
  command: 'trueup check --source sqlite:paper_trading.db',
  says,
  run: async (stage) => totals(seen(await stage.check()), expected),
});

const undo: Step = {
  name: 'undo',
  command: 'trueup update --undo --source sqlite:paper_trading.db',
  says: 'a repair can be taken back: everything is as it was found',
  async run(stage) {
    const { after } = await stage.undo();
    const { verdict, sheet, account } = seen(after);
    return [
      ['verdict', 'break', verdict],
      money('stored total', '10000', sheet.stored),
      ['performance records', '1', String(account.performanceCount)],
    ];
  },
};

const priceRises: Step = {
  name: 'ACI +1 %',
  command: null,
  says: "the bot's price job raises ACI and, as ever, nothing else",
  async run(stage) {
    const [account] = (await stage.desk.source.snapshot()).accounts;
    const aci = account?.positions.find(({ symbol }) => symbol === 'ACI');
    const value = multiply(aci?.quantity ?? zero, aci?.price ?? zero);
    stage.raiseAci();
    const { verdict, sheet } = seen(await stage.check());
    return [
      money('value of ACI before', '1000', value),
      ['verdict', 'break', verdict],
      money('difference: 0.01 x 1,000.00', '10', sheet.difference),
      money('calculated total', '10221.69', sheet.calculated),
    ];
  },
};

const guardInstall: Step = {
  name: 'guard install',
  command: 'trueup guard install --audit --source sqlite:paper_trading.db',
  says: 'from now on the database itself keeps the total',
  async run({ desk }) {
    const { state, findings, audited } = await desk.source.guard.install({ audit: true });
    return [
      ['guard', 'installed', state],
      ['findings', '0', String(findings.length)],
      ['every change is logged', 'true', String(audited)],
    ];
  },
};

const priceRisesGuarded: Step = {
  name: 'ACI +1 %',
  command: null,
  says: 'the same again, and nobody updates anything',
  async run(stage) {
    stage.raiseAci();
    // 10,221.69 + 0.01 x 1,010.00
    return totals(seen(await stage.check()), '10231.79');
  },
};

const oldTotalComesBack: Step = {
  name: 'an old total',
  command: null,
  says: 'the bot writes 10,000.00 from its memory, and the guard corrects it',
  async run(stage) {
    stage.writeOldTotal();
    return totals(seen(await stage.check()), '10231.79');
  },
};

const guardStatus: Step = {
  name: 'guard status',
  command: 'trueup guard status --source sqlite:paper_trading.db',
  says: 'the triggers are as they were made, and no change of a total went by them',
  async run({ desk }) {
    const { state, findings, unlogged, bound } = await desk.source.guard.status();
    return [
      ['guard', 'installed', state],
      ['findings', '0', String(findings.length)],
      ['unlogged changes of the total', '0', String(unlogged.length)],
      ['largest error of the total is below a cent', 'true', String(isBelowACent(bound))],
    ];
  },
};

/** On SQLite the triggers add numbers that were rounded once; null would be exact. */
const isBelowACent = (bound: Decimal | null): boolean =>
  bound !== null && compare(bound, decimal('0.01')) < 0;

export const falconBalance: readonly Step[] = [
  asReported,
  check,
  investigate,
  update('the truth into the database, with a performance record', '10211.69', true),
  checkTrue('stored is calculated', '10211.69'),
  undo,
  update('and again', '10211.69', true),
  priceRises,
  update('the truth into the database', '10221.69', false),
  guardInstall,
  priceRisesGuarded,
  oldTotalComesBack,
  guardStatus,
];
