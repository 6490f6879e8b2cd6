/** A check as a person reads it: accounts, breaks, and the verdict last. */
import {
  absolute,
  compare as compareDecimals,
  fromInteger,
  multiply,
} from '../../decimal/decimal.ts';
import { decimal } from '../../decimal/text.ts';
import { visibleIn } from '../../model/visible.ts';
import type { CheckDocument } from '../../report/check-document.ts';
import type { Terminal } from '../terminal.ts';
import { type Amount, amountText, counted, timeText } from './amount.ts';
import { type Mode, paperMark } from './mode.ts';
import { type Cell, tableLines } from './table.ts';

/** The parts of a check document that are read here. */
export interface CheckView {
  readonly verdict: 'true' | 'break' | 'cannot-say';
  readonly exitCode: number;
  readonly toleratedForExit?: string;
  readonly asOf: string;
  readonly parties: readonly string[];
  readonly accounts: readonly AccountView[];
  readonly atStake: StakeView;
  readonly ageing: readonly AgedView[];
  readonly breaks: readonly BreakView[];
  readonly accepted: readonly BreakView[];
  readonly unknown: readonly UnknownView[];
  readonly hints: readonly string[];
}

interface AccountView {
  readonly account: string;
  readonly mode?: Mode;
  readonly verdict: CheckView['verdict'];
  readonly lines: number;
  readonly exact: number;
  readonly withinTolerance: number;
  readonly different: number;
  readonly unknown: number;
  readonly breaks: number;
  readonly dataAgeSeconds: number | null;
  readonly trueSince: string | null;
  readonly stopped?: StopView;
}

/** `since` null: the settings say so. */
export interface StopView {
  readonly since: string | null;
  readonly reason: string;
  readonly by: string | null;
}

interface AgedView {
  readonly bucket: string;
  readonly breaks: number;
  readonly gross: string | null;
}

interface StakeView {
  readonly gross: string | null;
  readonly net: string | null;
  readonly known: string | null;
  readonly currency: string | null;
  readonly unvalued: readonly string[];
}

export interface LineView {
  readonly what: string;
  readonly key: string;
  readonly leg: string | null;
  readonly detail?: string;
  readonly oursParty: string;
  readonly ours: string | null;
  readonly oursText?: string;
  readonly theirsParty: string;
  readonly theirs: string | null;
  readonly theirsText?: string;
  readonly difference: string | null;
}

export interface BreakView {
  readonly id: string;
  readonly reason: string;
  readonly title: string;
  readonly confidence: string;
  readonly severity: string;
  readonly state: string;
  readonly account: string;
  readonly ageSeconds: number;
  readonly gross: string | null;
  readonly net: string | null;
  readonly unvalued: readonly string[];
  readonly lines: readonly LineView[];
  readonly explanation: ExplanationView;
  readonly repair: RepairView;
  readonly hold: HoldView | null;
}

export interface HoldView {
  readonly reason: string;
  readonly until: string;
  readonly cap: string | null;
  readonly scope: string;
  readonly of?: string;
}

interface ExplanationView {
  readonly sentence: string;
  readonly evidence: readonly {
    readonly at: string;
    readonly what: string;
    readonly id: string;
    readonly source: string;
    readonly effect: string | null;
    readonly sequence?: number;
  }[];
  readonly residual: string | null;
  readonly residuals: readonly {
    readonly what: string;
    readonly key: string;
    readonly residual: string | null;
  }[];
  readonly ruledOut: readonly {
    readonly reason: string;
    readonly residual: string | null;
    readonly why: string;
  }[];
  /** Causes that would leave nothing, without direct evidence. */
  readonly candidates?: readonly { readonly reason: string; readonly name: string }[];
}

interface RepairView {
  readonly planHash: string | null;
  readonly entries: readonly {
    readonly action: string;
    readonly id: string;
    readonly target?: number;
    readonly fact: object | null;
  }[];
  /** What becomes of a bot's rows. */
  readonly rows?: readonly string[];
  readonly needsApproval: boolean | null;
  readonly because: string | null;
  readonly remedy?: { readonly command: string | null; readonly does: string };
  readonly effects: readonly EffectView[];
  readonly alternatives: readonly {
    readonly name: string;
    readonly effect: string;
    readonly risk: string;
    readonly whyNot: string;
  }[];
}

export interface EffectView {
  readonly what: string;
  readonly key: string;
  readonly leg: string | null;
  readonly before: string;
  readonly after: string;
  readonly change: string;
}

interface UnknownView {
  readonly account: string;
  readonly section: string;
  readonly scope: string | null;
  readonly why: string;
  readonly since: string;
  readonly reason?: string;
  readonly remedy?: string;
}

/** Of a database of others, too: what is in it is shown, and does nothing to the screen. */
export const viewOfCheck = ({ json }: CheckDocument): CheckView =>
  visibleIn(json) as unknown as CheckView;

export function checkLines(terminal: Terminal, check: CheckView): readonly string[] {
  return [
    `${terminal.style('bold', 'check')} · as of ${timeText(check.asOf)}`,
    '',
    ...accountLines(terminal, check),
    ...stopLines(check.accounts),
    ...ageingLines(check),
    ...check.breaks.flatMap((one) => ['', ...breakLines(terminal, one)]),
    ...unknownLines(check),
    ...check.accepted.flatMap((one) => [
      `  accepted  ${one.id}  ${one.title}  ${stakeText(one)}`,
      ...holdLines(one),
    ]),
    '',
    verdictLine(terminal, check),
    ...check.hints.map((hint) => `  ${hint}`),
  ];
}

function accountLines(terminal: Terminal, { accounts }: CheckView): readonly string[] {
  const headings = ['ACCOUNT', 'LINES', 'EXACT', 'WITHIN TOL', 'DIFFERENT', 'UNKNOWN', 'DATA AGE'];
  const rows = accounts.map((one): Cell[] => [
    one.account + paperMark(one.mode),
    ...[one.lines, one.exact, one.withinTolerance, one.different, one.unknown].map(count),
    one.dataAgeSeconds === null ? '' : durationText(one.dataAgeSeconds),
    accountVerdict(one),
  ]);
  return tableLines(terminal, [...headings, 'VERDICT'], rows);
}

/** How many breaks are of which age; of one, its own line says it. */
function ageingLines({ ageing, breaks }: CheckView): readonly string[] {
  if (breaks.length < 2) return [];
  const parts = ageing
    .filter((one) => one.breaks > 0)
    .map((one) => `${one.bucket}: ${one.breaks} (${amountText(one.gross)})`);
  return ['', `  by age  ${parts.join(' · ')}`];
}

/** Wherever it is shown, the stop is shown. */
export const stopLines = (
  accounts: readonly { readonly account: string; readonly stopped?: StopView }[],
): readonly string[] =>
  accounts.flatMap(({ account, stopped }) => {
    if (stopped === undefined) return [];
    const { since, by, reason } = stopped;
    const when = since === null ? '' : ` since ${timeText(since)}`;
    const who = by === null ? '' : ` by ${by}`;
    return [`  ${account}: repairs without a person are stopped${when}${who}: ${reason}`];
  });

const count = (value: number): Amount => ({ amount: String(value) });

function accountVerdict({ verdict, breaks, trueSince }: AccountView): string {
  if (verdict === 'break') return `✗ ${counted(breaks, 'break')}`;
  if (verdict === 'cannot-say') return '? cannot say';
  return trueSince === null ? '✓ true' : `✓ true since ${timeText(trueSince)}`;
}

export function breakLines(terminal: Terminal, one: BreakView): readonly string[] {
  const name = terminal.style('bold', one.id);
  const age = durationText(one.ageSeconds);
  const head = `  ${name}  ${one.severity.toUpperCase()}  ${age}  ${one.title}  ${one.confidence}`;
  const hidden = isHidden(one) ? '. Equity alone would hide this.' : '';
  const stake = `    at stake ${stakeText(one)}${hidden}`;
  return [head, ...lineLines(terminal, one.lines), stake, ...holdLines(one)];
}

/** The document of snooze and accept. */
export interface HeldView {
  readonly breaks: readonly Pick<BreakView, 'id' | 'state' | 'hold'>[];
}

export const heldLines = ({ breaks }: HeldView): readonly string[] =>
  breaks.flatMap((one) => [
    `${one.id} is ${one.state}`,
    ...(one.hold === null ? ['  next: trueup check'] : holdLines(one)),
  ]);

/** Why it is left alone, and until when. */
function holdLines({ hold, id, state }: HeldView['breaks'][number]): readonly string[] {
  if (hold === null) return [];
  const sum = hold.cap === null ? '' : ` up to ${amountText(hold.cap)}`;
  const as = hold.of === undefined || hold.of === id ? '' : ` as ${hold.of}`;
  const what = `${state.toLowerCase()}${as}${sum} until ${timeText(hold.until)}`;
  return [`    ${what}: ${hold.reason}`];
}

/** Balances that are off against each other leave a sum that looks almost right. */
function isHidden({ gross, net, lines }: BreakView): boolean {
  if (gross === null || net === null || lines.some(({ what }) => what !== 'balance')) return false;
  const tenfold = multiply(absolute(decimal(net)), fromInteger(10));
  return lines.length > 1 && compareDecimals(tenfold, decimal(gross)) < 0;
}

export function lineLines(terminal: Terminal, lines: readonly LineView[]): readonly string[] {
  const rows = lines.map((line): Cell[] => [
    `  ${line.what}`,
    [line.key, line.leg === 'net' ? null : line.leg, line.detail].filter(Boolean).join(' '),
    line.oursParty,
    valueCell(line.ours, line.oursText),
    line.theirsParty,
    valueCell(line.theirs, line.theirsText),
    line.difference === null ? '' : { amount: line.difference, signed: true },
  ]);
  return tableLines(terminal, ['', '', '', '', '', '', ''], rows).slice(1);
}

const valueCell = (amount: string | null, text: string | undefined): Cell =>
  amount === null && text !== undefined ? text : { amount };

function stakeText({ gross, net, unvalued }: Pick<BreakView, 'gross' | 'net' | 'unvalued'>) {
  if (gross === null) return `? (no price for ${unvalued.join(', ')})`;
  return `${amountText(gross)} gross, ${amountText(net, { signed: true })} net`;
}

export function unknownLines({
  unknown,
  parties,
}: Pick<CheckView, 'unknown' | 'parties'>): readonly string[] {
  if (unknown.length === 0) return [];
  const alike = Map.groupBy(unknown, ({ account, why, reason = '', since }) =>
    [account, why, reason, since].join('\n'),
  );
  const lines = Array.from(alike.values(), (all) => {
    const { account, why, reason, since } = all[0]!;
    // A document is of its own time; a venue is silent since it answered last.
    const silence = parties.includes('venue') ? ` · since ${timeText(since)}` : '';
    const cause = reason === undefined ? '' : `${reason}  `;
    const parts = all.map(({ section, scope }) => section + (scope === null ? '' : ` ${scope}`));
    return `  ? ${cause}${account} ${parts.join(', ')}: ${why}${silence}`;
  });
  const remedies = new Set(unknown.flatMap(({ remedy }) => remedy ?? []));
  const next = Array.from(remedies, (remedy) => `    next: ${remedy}`);
  return ['', ...lines, '    not checked is not clean', ...next];
}

export const verdictLine = (terminal: Terminal, check: CheckView): string =>
  paperWords(check) + verdictText(terminal, check);

/** Where not all accounts are of play money, which of them are. */
function paperWords({ accounts }: CheckView): string {
  const paper = accounts.filter(({ mode }) => mode === 'paper').map(({ account }) => account);
  if (paper.length === 0) return '';
  return paper.length === accounts.length ? 'PAPER ' : `PAPER ${paper.join(', ')} · `;
}

function verdictText(terminal: Terminal, check: CheckView): string {
  const { verdict, accounts, breaks, accepted, unknown, atStake } = check;
  const lines = accounts.reduce((sum, one) => sum + one.lines, 0);
  if (verdict === 'true') {
    const rest = accepted.length === 0 ? 'all equal' : `equal but for ${accepted.length} accepted`;
    const all = lines === 0 ? 'nothing contradicts the book' : `${counted(lines, 'line')}, ${rest}`;
    const mark = terminal.style('green', '✓ TRUE');
    return `${mark}  ${counted(accounts.length, 'account')} · ${all}${freshness(check)}`;
  }
  if (verdict === 'cannot-say') {
    const mark = terminal.style('yellow', '? CANNOT SAY');
    return `${mark}  ${untold(check)}`;
  }
  const tolerated =
    check.toleratedForExit === undefined ? '' : ` · tolerated up to ${check.toleratedForExit}`;
  return (
    `${terminal.style('red', '✗ NOT TRUE')}  ${counted(breaks.length, 'break')} · ` +
    `${accepted.length === 0 ? '' : `${accepted.length} accepted · `}` +
    `${counted(unknown.length, 'unknown', 'unknown')} · ` +
    `${amountText(atStake.gross)} ${atStake.currency ?? ''} at stake${tolerated}`
  );
}

/** What keeps a verdict from being said: what nobody told, else what may still clear by itself. */
function untold({ unknown, breaks }: CheckView): string {
  const young = breaks.filter(({ state }) => state === 'SETTLING').length;
  if (unknown.length > 0 || young === 0) {
    return `${counted(unknown.length, 'thing is', 'things are')} not known`;
  }
  if (young === 1) return '1 difference is young enough to clear by itself';
  return `${young} differences are young enough to clear by themselves`;
}

/** How old the oldest answer of a venue is. */
function freshness({ accounts, parties }: CheckView): string {
  const ages = accounts.flatMap(({ dataAgeSeconds }) => dataAgeSeconds ?? []);
  if (!parties.includes('venue') || ages.length === 0) return '';
  return ` · data at most ${durationText(Math.max(...ages))} old`;
}

/** `45s`, `2m 05s`, `3h 20m`, `2d 4h`. */
export function durationText(seconds: number): string {
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  if (seconds < 86_400) {
    return `${Math.floor(seconds / 3600)}h ${two(Math.floor((seconds % 3600) / 60))}m`;
  }
  return `${Math.floor(seconds / 86_400)}d ${Math.floor((seconds % 86_400) / 3600)}h`;
}

const two = (value: number): string => String(value).padStart(2, '0');
