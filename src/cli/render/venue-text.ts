/** What was pulled from a venue, and what it says now, in words. */

import { visible } from '../../model/visible.ts';
import type { CacheDocument } from '../../report/cache-document.ts';
import type { PulledDocument, SaidDocument } from '../../report/venue-document.ts';
import type { Terminal } from '../terminal.ts';
import { counted, timeText } from './amount.ts';
import { paperMark } from './mode.ts';
import { type Cell, tableLines } from './table.ts';

export function pulledLines(terminal: Terminal, pulled: PulledDocument): readonly string[] {
  const { venue, account, mode, booked, conflicting, unread, sections, gaps, marks } = pulled;
  const since = pulled.since === null ? 'the beginning of its records' : timeText(pulled.since);
  const rows = sections.map(({ section, through, why }) => [
    section,
    through === null ? 'nothing' : timeText(through),
    why ?? 'complete',
  ]);
  const unpriced = marks.filter(({ price }) => price === null);
  return [
    `${venue}, account ${account}${paperMark(mode)}: ${counted(booked, 'fact')} booked, ${counted(
      marks.length - unpriced.length,
      'price',
    )}`,
    ...openingLines(pulled),
    ...tableLines(terminal, ['section', 'listed through', 'state'], rows),
    ...(conflicting === 0 ? [] : [`${counted(conflicting, 'conflict')}: trueup check says which`]),
    ...unpriced.map(({ instrument, why }) => `no price of ${instrument}: ${why}`),
    ...orderLines(pulled.orders),
    ...(unread === 0 ? [] : [`${counted(unread, 'message')} kept and not yet in the book`]),
    ...gaps.map(gapLine),
    ...lackingLines(pulled),
    pulled.complete
      ? terminal.style('green', `no gaps since ${since}`)
      : terminal.style('yellow', 'CANNOT SAY that nothing is missing'),
  ];
}

function openingLines({ opening }: PulledDocument): readonly string[] {
  if (opening === null) return [];
  const { balances, positions, time } = opening as Readonly<Record<string, unknown[]>>;
  const held = `${counted(balances!.length, 'coin')} and ${counted(positions!.length, 'position')}`;
  return [`begun at ${timeText(String(time))} with what it holds: ${held}`];
}

/** An account that was begun cannot be begun again: it takes a book of its own, or a new name. */
const lackingLines = ({ lacking, venue, account }: PulledDocument): readonly string[] =>
  lacking === null
    ? []
    : [
        `${account} is older than what ${venue} remembers: the book lacks ${lacking}`,
        `begin it with what it holds: trueup update --venue ${venue} --opening --book NEW.db`,
      ];

function orderLines({ why, found, ended, unknown }: PulledDocument['orders']): readonly string[] {
  if (why !== null) return [`open orders were not compared: ${why}`];
  const told = unknown.slice(0, 5).map((one) => `order ${one.orderId}: ${one.why}`);
  const others = unknown.length - told.length;
  return [
    ...(found === 0 ? [] : [`${counted(found, 'open order')} found at the venue`]),
    ...(ended === 0 ? [] : [`${counted(ended, 'order')} of the book that ended there`]),
    ...told,
    ...(others === 0 ? [] : [`and ${counted(others, 'order')} more that nobody knows the end of`]),
  ];
}

const gapLine = ({ stream, from, to, why }: PulledDocument['gaps'][number]): string => {
  const since = from === null ? 'the beginning' : timeText(from);
  return `gap in ${stream}: ${since} to ${timeText(to)}, ${why}`;
};

const amounts: ReadonlySet<string> = new Set([
  ...['quantity', 'averagePrice', 'markPrice', 'unrealisedPnl', 'total', 'available', 'equity'],
  ...['borrowed', 'filled', 'price', 'fee'],
]);
const hidden: ReadonlySet<string> = new Set([
  ...['kind', 'account', 'fees', 'clientOrderId', 'raw'],
]);

export function saidLines(terminal: Terminal, said: SaidDocument): readonly string[] {
  const { venue, account, mode, asOf, what, items, complete, error } = said;
  const names = [...new Set(items.flatMap((one) => Object.keys(one)))].filter(
    (name) => !hidden.has(name),
  );
  const rows = items.map((one) => names.map((name) => cellOf(name, one[name])));
  const [heading = '', ...lines] = tableLines(terminal, names, rows);
  const beside = items.map((one, index) => [lines[index]!, ...rawLines(terminal, one)]);
  const listed = counted(items.length, what.slice(0, -1));
  return [
    `${venue}, account ${account}${paperMark(mode)}, at ${timeText(asOf)}: ${listed}`,
    ...(items.length === 0 ? [] : [heading, ...beside.flat()]),
    ...(complete ? [] : [`incomplete: ${error ?? 'the venue lists a part of them'}`]),
  ];
}

function cellOf(name: string, value: unknown): Cell {
  if (amounts.has(name) && (value === null || value === undefined)) return { amount: null };
  if (value === null || value === undefined) return '-';
  return amounts.has(name) ? { amount: String(value) } : String(value);
}

/** The venue's own words stand under what was made of them. */
function rawLines(terminal: Terminal, one: SaidDocument['items'][number]): readonly string[] {
  if (!('raw' in one)) return [];
  const words = one.raw === null ? 'its own words were not kept' : visible(String(one.raw));
  return [terminal.style('dim', `    ${words}`)];
}

const cacheWords = {
  same: 'What the client library remembers is what the venue says',
  differs: 'What the client library remembers DIFFERS from what the venue says',
  'cannot-say': 'CANNOT SAY whether what the client library remembers is right',
} as const;

export function cacheLines(terminal: Terminal, cache: CacheDocument): readonly string[] {
  const { venue, account, mode, asOf, listenedMs, sections, verdict } = cache;
  const who = `${venue}, account ${account}${paperMark(mode)}`;
  const lines = sections.flatMap(({ section, lines: own }) =>
    own.map(({ what, cached, first, fresh, state }) => {
      const remembered = state === 'unseen' ? '?' : (cached ?? 'none');
      return [section, what, remembered, first ?? 'none', fresh ?? 'none', state];
    }),
  );
  const heads = ['section', 'what', 'remembered', 'asked first', 'asked again', 'state'];
  const unsaid = sections.flatMap(({ section, compared, why, lines: own }) =>
    compared
      ? own.length === 0
        ? [`${section}: none on either side`]
        : []
      : [`${section} not compared: ${why}`],
  );
  const colour = verdict === 'same' ? 'green' : verdict === 'differs' ? 'red' : 'yellow';
  return [
    `${who}, at ${timeText(asOf)}: listened for ${listenedMs / 1_000} s`,
    ...(lines.length === 0 ? [] : tableLines(terminal, heads, lines)),
    ...unsaid,
    terminal.style(colour, cacheWords[verdict]),
  ];
}
