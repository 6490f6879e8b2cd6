/**
 * The investigation of a stored balance as the document that operators file: what was seen, what
 * the rows add up to, why the stored total is off, what that touched, and what sets it right.
 */
import { decimal } from '../decimal/text.ts';
import { ageText } from '../model/age.ts';
import { counted, moneyText, percentText } from '../model/amount.ts';
import type { JsonObject } from './check-document.ts';
import { equityChart } from './equity-chart.ts';
import { type Block, list, type Report, type Section, section, table, text } from './sections.ts';
import {
  fixBlocks,
  impactBlocks,
  lessonItems,
  nextStepBlocks,
  preventionBlocks,
  residualRiskItems,
  riskItems,
} from './source-advice.ts';
import { type Published, publishedCheck } from './source-published.ts';
import { verificationBlocks } from './source-verification.ts';
import {
  type SourceAccountView,
  type SourceBreakView,
  type SourceCheckView,
  sourceViewOf,
} from './source-view.ts';

/** `document`: that of check or investigate on a source. */
export function sourceInvestigation(
  document: JsonObject,
  published: Published | null,
  { charts = false }: { readonly charts?: boolean } = {},
): Report {
  const found = sourceViewOf(document);
  const { source } = found;
  return {
    title: `Investigation of the stored balance in ${source.identity.location}`,
    sections: [
      section('Summary', summaryBlocks(found)),
      section('Symptoms', [list(source.accounts.flatMap((one) => symptomItems(one, found)))]),
      ...source.accounts.map((one) => evidenceSection(one, found, { published, charts })),
      section('Root cause', causeBlocks(found)),
      section('Ruled out', ruledOutBlocks(found)),
      section('Impact by area', impactBlocks(found)),
      section('Risk', [list(riskItems(found))]),
      section('Fix', fixBlocks(found)),
      section('Verification', verificationBlocks(source)),
      section('Prevention', preventionBlocks(found)),
      section('Lessons', [list(lessonItems(found))]),
      section('Residual risk', [list(residualRiskItems(found))]),
      section('Next steps', nextStepBlocks(found)),
    ],
  };
}

const verdicts = { true: 'TRUE', break: 'NOT TRUE', 'cannot-say': 'CANNOT SAY' } as const;

function summaryBlocks(found: SourceCheckView): readonly Block[] {
  const { source, verdict, breaks, unknown } = found;
  const { schema, generation, engine } = source.identity;
  return [
    text(
      `${verdicts[verdict]}: ${source.identity.location}, ${schema} (${generation}) on ` +
        `${engine}, looked at ${source.takenAt}, as of ${source.asOf}.`,
    ),
    ...source.accounts.map((one) => text(totalSentence(one, source.currency))),
    ...breaks.map((one) => text(`${one.title} (${one.confidence}). ${one.explanation.sentence}`)),
    ...unknown.map((one) => text(`Not known: ${one.sentence ?? unknownText(one)}`)),
  ];
}

const unknownText = (one: SourceCheckView['unknown'][number]): string =>
  `${one.account} ${one.section}${one.scope === null ? '' : ` ${one.scope}`}: ${one.why}.`;

function totalSentence(one: SourceAccountView, currency: string): string {
  const { account, stored, calculated, difference, known } = one;
  const money = (amount: string | null): string => `${moneyText(amount)} ${currency}`;
  if (calculated === null) {
    return `Account ${account}: no total is known; the parts that are known are ${money(known)}.`;
  }
  const worth = `Account ${account}: cash and positions are ${money(calculated)}`;
  switch (one.match) {
    case 'exact':
      return `${worth}, and exactly that is stored.`;
    case 'nearest':
      return `${worth}; stored is ${money(stored)}, the nearest that its column can hold.`;
    case 'guarded':
      return `${worth}; stored is ${money(stored)}, within the printed bound of the guard.`;
    case 'not-stored':
      return `${worth}; the schema stores no total.`;
    case 'unknown':
      return `${worth}; ${one.storedWhy ?? 'what is stored is not known'}.`;
    case 'different':
      return (
        `${worth}, but stored is ${money(stored)}: a difference of ` +
        `${moneyText(difference, { signed: true })} ${currency} ` +
        `(${percentText(one.differencePercent)} of the stored total).`
      );
  }
}

function symptomItems(one: SourceAccountView, { source }: SourceCheckView): readonly string[] {
  const { account, stored, storedAt, positions, performance, unrealisedPnl } = one;
  const items = [totalSentence(one, source.currency)];
  if (stored !== null && storedAt !== null) {
    items.push(`Account ${account}: its row was last written ${momentWords(storedAt)}.`);
  }
  if (unrealisedPnl !== null && positions.length > 0) {
    const pnl = moneyText(unrealisedPnl, { signed: true });
    items.push(
      `${counted(positions.length, 'position')} open, unrealised PnL ${pnl} ${source.currency} ` +
        `(${percentText(one.unrealisedPercent)} of the cost basis ${moneyText(one.costBasis)}).`,
    );
  }
  if (performance.count === 0) return [...items, 'The performance table is empty.'];
  const stale = performance.stale ? `, ${ageWords(performance.ageSeconds)} old` : '';
  const count = counted(performance.count, 'performance record');
  return [...items, `${count}; the last one is of ${momentWords(performance.lastAt)}${stale}.`];
}

/** To the second; the tables have the rest. */
const momentWords = (time: string | null): string =>
  (time ?? '?').replace('T', ' ').replace(/\.\d+/, '');

const ageWords = (seconds: number | null): string =>
  seconds === null ? '?' : ageText(seconds * 1000);

function evidenceSection(
  one: SourceAccountView,
  { source }: SourceCheckView,
  { published, charts }: { readonly published: Published | null; readonly charts: boolean },
): Section {
  const title = source.accounts.length === 1 ? 'Evidence' : `Evidence: account ${one.account}`;
  const figures =
    published === null
      ? []
      : publishedCheck(published, {
          calculated: one.calculated === null ? null : decimal(one.calculated),
        }).sentences;
  const chart = charts ? equityChart(`Equity of ${one.account}`, one.performance) : null;
  return section(title, [
    text(`Every amount is exact and in ${source.currency}; nothing is rounded before it is added.`),
    positionsTable(one),
    sumsTable(one),
    ...figures.map(text),
    ...(chart === null ? [] : [chart]),
    ...one.unpriced.map(({ what, why }) => text(`Not known: ${what}: ${why}.`)),
  ]);
}

function positionsTable({
  positions,
  positionsValue,
  costBasis,
  unrealisedPnl,
}: SourceAccountView) {
  const head = ['symbol', 'quantity', 'entry price', 'price', 'price from', 'as of', 'value'];
  const rows = positions.map((one) => [
    ...[one.symbol, one.quantity ?? '?', moneyText(one.entryPrice), moneyText(one.price)],
    ...[one.priceFrom ?? 'nobody', one.priceAt ?? 'not kept'],
    ...[one.value === null ? `? (${one.why})` : moneyText(one.value)],
    ...[moneyText(one.costBasis), signed(one.unrealisedPnl)],
  ]);
  const sums = [moneyText(positionsValue), moneyText(costBasis), signed(unrealisedPnl)];
  return table([
    [...head, 'cost basis', 'unrealised PnL'],
    ...rows,
    ['sum', '', '', '', '', '', ...sums],
  ]);
}

const sumsTable = (one: SourceAccountView): Block =>
  table([
    ['what', 'amount'],
    ['cash', moneyText(one.cash)],
    ['positions', moneyText(one.positionsValue)],
    ['calculated total', moneyText(one.calculated)],
    ['stored total', one.match === 'not-stored' ? 'none is kept' : moneyText(one.stored)],
    ['difference (calculated - stored)', signed(one.difference)],
    ['of the stored total', percentText(one.differencePercent)],
  ]);

const signed = (amount: string | null): string => moneyText(amount, { signed: true });

function causeBlocks({ breaks, accepted, source }: SourceCheckView): readonly Block[] {
  const all = [...breaks, ...accepted];
  if (all.length === 0) return [text('Nothing is wrong that has a cause.')];
  return all.flatMap((one) => {
    const account = source.accounts.find(({ account: name }) => name === one.account);
    const isTotal = one.lines.some(({ what }) => what === 'total');
    const drift = isTotal ? (account?.drift ?? null) : null;
    return [
      text(`${one.id} ${one.reason}, ${one.confidence}: ${one.explanation.sentence}`),
      ...(drift === null ? [] : [driftTable(drift, account?.difference ?? null)]),
      evidenceTable(one),
    ];
  });
}

function driftTable(
  { parts, residual, basis }: NonNullable<SourceAccountView['drift']>,
  difference: string | null,
): Block {
  const rows = parts.map(({ what, key, amount, how }) => [
    ...[key === null ? partNames[what]! : `price of ${key}`, signed(amount), how],
  ]);
  const since = basis.at === null ? '' : `since ${basis.at}`;
  return table([
    ['what moved it', 'by', 'how that is known'],
    ...rows,
    ['not explained', signed(residual), ''],
    ['the whole difference', signed(difference), since],
  ]);
}

const partNames: Readonly<Record<string, string>> = {
  realised: 'realised PnL of closed trades',
  cash: 'cash that no order accounts for',
  gained: 'cash and the cost of positions, by trades or by money that came or went',
  positions: 'positions',
  moved: 'cash and positions together',
};

const evidenceTable = ({ explanation: { evidence } }: SourceBreakView): Block =>
  table([
    ['when', 'what', 'of', 'effect'],
    ...evidence.map(({ at, what, id, effect }) => [
      ...[at, what, id, effect === null ? '' : signed(effect)],
    ]),
  ]);

function ruledOutBlocks({ breaks }: SourceCheckView): readonly Block[] {
  const rows = breaks.flatMap(({ explanation }) =>
    explanation.ruledOut.map(({ reason, why, residual }) => [
      ...[reason, why, residual === null ? '' : signed(residual)],
    ]),
  );
  if (rows.length === 0) return [text('There was nothing to rule out.')];
  return [table([['cause', 'why not', 'would leave'], ...rows])];
}
