/** The reconciliation report of a day for people: Markdown or a page of HTML, from its document. */

import { bridgeRows } from '../books/bridge.ts';
import { counted, countText, moneyText, percentText } from '../model/amount.ts';
import type { DailyReportDocument, DayAccountDocument } from './daily-report-document.ts';
import { type EquityHistory, equityChart } from './equity-chart.ts';
import {
  type Block,
  list,
  type Report,
  reportHtml,
  reportMarkdown,
  type Section,
  section,
  table,
  text,
} from './sections.ts';

export const dailyReportMarkdown = (document: DailyReportDocument): string =>
  reportMarkdown(reportOf(document, { charts: false }));

export const dailyReportHtml = (document: DailyReportDocument): string =>
  reportHtml(reportOf(document, { charts: true }));

const verdicts = { true: 'TRUE', break: 'NOT TRUE', 'cannot-say': 'CANNOT SAY' } as const;

/** The day may go on, or nobody noted how it did: what is known then is known until there. */
function verdictText({ verdict, verdictAt, soFarUntil }: DayAccountDocument): string {
  if (verdictAt !== null) return `${verdicts[verdict]} at ${verdictAt}`;
  return `${verdicts[verdict]} ${soFarUntil === null ? 'at close' : `so far, until ${soFarUntil}`}`;
}

const nameOf = ({ account, mode }: DayAccountDocument): string =>
  `${mode === 'paper' ? 'PAPER ' : ''}${account}`;

interface Shape {
  readonly charts: boolean;
}

function reportOf(document: DailyReportDocument, shape: Shape): Report {
  const { date, zone, from, to, accounts } = document;
  const [only] = accounts.length === 1 ? accounts : [];
  const verdict = only === undefined ? tally(accounts) : verdictText(only);
  const chain =
    only === undefined
      ? ''
      : ` (sequence ${countText(only.knownAt)}, chain ${only.head.hash.slice(0, 8)}…)`;
  const who = only === undefined ? counted(accounts.length, 'account') : nameOf(only);
  const hours = (Date.parse(to) - Date.parse(from)) / 3_600_000;
  return {
    title: `${who} — ${date} — ${verdict}${chain}`,
    sections: [
      section('Day', [text(`${date} in ${zone}: ${from} to ${to}, ${hours} hours.`)]),
      ...accounts.flatMap((one) => sectionsOf(one, shape)),
    ],
  };
}

/** `2 TRUE, 1 CANNOT SAY`: accounts are counted, their sums never added. */
const tally = (accounts: readonly DayAccountDocument[]): string =>
  (['break', 'cannot-say', 'true'] as const)
    .flatMap((verdict) => {
      const count = accounts.filter((one) => one.verdict === verdict).length;
      return count === 0 ? [] : [`${countText(count)} ${verdicts[verdict]}`];
    })
    .join(', ') || 'nothing to say';

function sectionsOf(one: DayAccountDocument, shape: Shape): readonly Section[] {
  const name = nameOf(one);
  return [
    section(`${name}: ${verdictText(one)}`, verdictBlocks(one)),
    ...(one.source === null
      ? []
      : [section(`${name}: balance of ${one.source.location}`, sourceBlocks(one))]),
    section(`${name}: breaks`, breakBlocks(one)),
    section(`${name}: repairs`, repairBlocks(one)),
    section(`${name}: adjustments`, adjustmentBlocks(one)),
    section(`${name}: equity`, equityBlocks(one)),
    section(`${name}: performance`, performanceBlocks(one, shape)),
    section(`${name}: proof`, proofBlocks(one)),
  ];
}

function endItems({ isComplete, journalUntil, soFarUntil }: DayAccountDocument): readonly string[] {
  if (isComplete) return [];
  if (journalUntil === null) return ['the journal is empty'];
  const ends = `the journal ends at ${journalUntil}, before the day does`;
  return [soFarUntil === null ? ends : `so far: ${ends}`];
}

function verdictBlocks(one: DayAccountDocument): readonly Block[] {
  const { verdict, because, checks, breaks } = one;
  const { opened, closed, open } = breaks;
  const counts = `${countText(checks.true)} TRUE of ${counted(checks.noted, 'check')} noted`;
  const others = [
    ...(checks.break === 0 ? [] : [`${countText(checks.break)} NOT TRUE`]),
    ...(checks.cannotSay === 0 ? [] : [`${countText(checks.cannotSay)} CANNOT SAY`]),
  ];
  return [
    text(`${verdicts[verdict]}: ${because}.`),
    list([
      checks.noted === 0 ? 'no check was noted' : [counts, ...others].join(' · '),
      `breaks: ${opened.length} opened, ${closed.length} closed, ${open.length} open at the end`,
      ...endItems(one),
    ]),
  ];
}

function sourceBlocks({ source, currency }: DayAccountDocument): readonly Block[] {
  const { last, differenceMin, differenceMax, unknownChecks, writes } = source!;
  if (last === null) return [text('No check was noted: nothing is known of it.')];
  const span =
    differenceMin === null
      ? 'no check could say the difference'
      : `difference over the day: ${signed(differenceMin)} to ${signed(differenceMax)}`;
  return [
    table([
      [`at ${last.at}`, currency],
      ['cash', moneyText(last.cash)],
      ['positions', moneyText(last.positionsValue)],
      ['calculated total', moneyText(last.calculated)],
      ['stored total', last.match === 'not-stored' ? 'not kept' : moneyText(last.stored)],
      [
        'difference',
        signed(last.difference) + (last.percent === null ? '' : ` (${percentText(last.percent)})`),
      ],
    ]),
    list([
      matches[last.match],
      span,
      ...(unknownChecks === 0 ? [] : [`${counted(unknownChecks, 'check')} could not say it`]),
      `${counted(writes, 'write')} to it`,
    ]),
  ];
}

const matches = {
  exact: 'the stored total is the sum',
  nearest: 'the stored total is the number nearest to the sum that its column can hold',
  guarded: 'the stored total is within the bound of the triggers that keep it',
  different: 'the stored total is not the sum',
  unknown: 'a part is not known',
  'not-stored': 'no total is stored',
} as const;

const signed = (amount: string | null): string => moneyText(amount, { signed: true });

type BreakDocument = DayAccountDocument['breaks']['open'][number];

function breakBlocks({ breaks, currency }: DayAccountDocument): readonly Block[] {
  const { opened, closed, open } = breaks;
  const words = new Map<string, string[]>();
  const seen = new Map<string, BreakDocument>();
  for (const [word, found] of [
    ['opened', opened],
    ['closed', closed],
    ['open at the end', open],
  ] as const) {
    for (const one of found) {
      seen.set(one.id, one);
      words.set(one.id, [...(words.get(one.id) ?? []), word]);
    }
  }
  const rows = [...seen].map(([id, one]) => [words.get(id)!.join(', '), ...breakCells(one)]);
  if (rows.length === 0) return [text('None opened, none closed, none open.')];
  const head = [
    'what',
    'id',
    'cause',
    'severity',
    `value (${currency})`,
    'found after',
    'fixed after',
    'open for',
    'who',
  ];
  return [table([head, ...rows])];
}

const breakCells = (one: BreakDocument): readonly string[] => [
  one.id,
  `${one.title} (${one.confidence})`,
  one.severity,
  moneyText(one.gross),
  spanText(one.foundAfterSeconds),
  spanText(one.fixedAfterSeconds),
  spanText(one.ageSeconds),
  one.who ?? '',
];

/** Seconds as `2 d 3 h`; nothing where there is none. */
function spanText(seconds: number | null): string {
  if (seconds === null) return '';
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const hours = Math.floor(seconds / 3_600);
  if (hours < 24) return `${hours} h ${Math.floor((seconds % 3_600) / 60)} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

function repairBlocks({ repairs }: DayAccountDocument): readonly Block[] {
  if (repairs.length === 0) return [text('None, and nothing was written elsewhere.')];
  const rows = repairs.map(({ sequence, at, kind, what, why }) => [
    ...[countText(sequence), at, kind, what, why ?? ''],
  ]);
  return [table([['entry', 'noted', 'kind', 'what', 'why'], ...rows])];
}

function adjustmentBlocks({ adjustments }: DayAccountDocument): readonly Block[] {
  if (adjustments.length === 0) return [text('None stands.')];
  const rows = adjustments.map(({ sequence, time, currency, amount, reason }) => [
    ...[countText(sequence), time, signed(amount), currency, reason ?? ''],
  ]);
  return [
    text('All that stand, however old:'),
    table([['entry', 'of', 'amount', 'currency', 'why'], ...rows]),
  ];
}

const whys = {
  'no-mark': 'has no price in that record',
  'stale-mark': 'has a price that is older than a day',
  'unknown-cost': 'has a cost that nobody stated',
  'never-booked': 'has nothing that was ever booked',
} as const;

function equityBlocks({ equity, currency }: DayAccountDocument): readonly Block[] {
  if (equity === null) return [text('The book has no facts of this account.')];
  const { opening, closing, rows, unexplained, unpriced, incomplete, pricesOf } = equity;
  const moved = bridgeRows.filter((row) => rows[row] !== '0');
  const unknown = (end: 'opening' | 'closing') =>
    unpriced[end].map(({ what, why }) => `? ${end}: ${what} ${whys[why]}`);
  const priced = (end: 'opening' | 'closing') =>
    `${end} at those of ${pricesOf[end] === null ? 'no record' : `the record of ${pricesOf[end]}`}`;
  return [
    table([
      ['', currency],
      ['opening', moneyText(opening)],
      ...moved.map((row) => [row, signed(rows[row] ?? null)]),
      ['unexplained', signed(unexplained)],
      ['closing', moneyText(closing)],
    ]),
    list([
      `prices: ${priced('opening')}, ${priced('closing')}`,
      ...unknown('opening'),
      ...unknown('closing'),
      ...incomplete.map((row) => `? ${row}: moved coins whose cost is not known`),
    ]),
  ];
}

function performanceBlocks(one: DayAccountDocument, { charts }: Shape): readonly Block[] {
  const { performance, source } = one;
  const written = source?.records ?? [];
  const blocks: Block[] = [];
  if (performance.length + written.length === 0) blocks.push(text('No record is of this day.'));
  if (performance.length > 0) {
    const records = performance.map(({ time, totalValue: total }) => ({ time, total }));
    if (charts) blocks.push(...chartOf('Equity by our book', records));
    blocks.push(recordsTable(one));
  }
  if (written.length > 0) {
    const records = written.map(({ at: time, totalValue: total }) => ({ time, total }));
    if (charts) blocks.push(...chartOf(`Equity as recorded in ${source!.location}`, records));
    blocks.push(text(`Written into ${source!.location}:`), writtenTable(one));
  }
  return blocks;
}

/** Of one day: whatever lies between two records is no gap that would have to be seen. */
function chartOf(title: string, records: EquityHistory['records']): readonly Block[] {
  const chart = equityChart(title, { records, gaps: [] });
  return chart === null ? [] : [chart];
}

function writtenTable({ source, currency }: DayAccountDocument): Block {
  const rows = source!.records.map(({ at, key, totalValue, cash, positionsValue }) => [
    ...[at, key, moneyText(totalValue), moneyText(cash), moneyText(positionsValue)],
  ]);
  return table([['written', 'record', `total (${currency})`, 'cash', 'positions'], ...rows]);
}

function recordsTable({ performance, currency }: DayAccountDocument): Block {
  const rows = performance.map(
    ({ time, totalValue, cash, positionsValue, change, changePercent }) => [
      ...[time, moneyText(totalValue), moneyText(cash), moneyText(positionsValue)],
      ...[
        change === null ? '' : signed(change),
        changePercent === null ? '' : percentText(changePercent),
      ],
    ],
  );
  return table([['of', `total (${currency})`, 'cash', 'positions', 'change', '%'], ...rows]);
}

const proofBlocks = ({ head, knownAt, proof }: DayAccountDocument): readonly Block[] => [
  text(`Made of the entries up to ${countText(knownAt)}; head ${head.sequence}:${head.hash}.`),
  { kind: 'code', language: 'sh', text: proof },
];
