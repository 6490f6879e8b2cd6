/** Aged positions as a person reads them: ages, phases, targets, what is due, and what was done. */
import { multiply } from '../../decimal/decimal.ts';
import { decimal } from '../../decimal/text.ts';
import { percentText } from '../../model/amount.ts';
import { visibleIn } from '../../model/visible.ts';
import type { ExitsDocument, ExitsPosition, ExitsVenue } from '../../report/exits-document.ts';
import type { Terminal } from '../terminal.ts';
import { amountText, counted, timeText } from './amount.ts';
import { durationText } from './check-text.ts';
import { paperMark } from './mode.ts';
import { type Cell, tableLines } from './table.ts';

export function exitsLines(terminal: Terminal, document: ExitsDocument): readonly string[] {
  const { venues } = visibleIn(document);
  const lines = venues.flatMap((one) => [...venueLines(terminal, one), '']);
  return lines.slice(0, -1);
}

const headings = ['POSITION', 'LEG', 'LEFT', 'ENTRY', 'PRICE', 'AGE', 'PHASE', 'TARGET', 'STATE'];

function venueLines(terminal: Terminal, one: ExitsVenue): readonly string[] {
  const { venue, account, accountMode, at, positions, unknown } = one;
  const who = `${venue}, account ${account}${paperMark(accountMode)}`;
  const when = at === null ? 'no answer' : `at ${timeText(at)}`;
  const own = positions.filter(({ standing }) => standing !== 'foreign');
  const others = positions.length - own.length;
  const foreign = others === 0 ? '' : `, ${others} foreign and left alone`;
  return [
    `${who}, ${when}: ${counted(own.length, 'position')}${foreign}`,
    ...(own.length === 0 ? [] : ['', ...tableLines(terminal, headings, own.map(cellsOf))]),
    ...spaced(foreignLines(one)),
    ...spaced(positions.flatMap(actionLines)),
    ...spaced(one.done.map(deedLine)),
    ...spaced(unknown.map(({ what, why }) => `  ? ${what}: ${why}`)),
    ...spaced(one.verified.map(verifiedLine)),
    '',
    ...verdictLines(terminal, one),
  ];
}

/** What the book holds, and nobody said whose it is: the settings may take it over. */
function foreignLines({ venue, positions }: ExitsVenue): readonly string[] {
  const isHeld = (booked: string | null) => booked !== null && booked !== '0';
  const told = positions.filter((one) => one.standing === 'foreign' && isHeld(one.booked));
  if (told.length === 0) return [];
  const named = told.slice(0, foreignMax);
  const more = told.length - named.length;
  return [
    ...named.map(({ instrument, leg, why }) => `  foreign ${instrument} ${leg}: ${why}`),
    ...(more > 0 ? [`  and ${more} more of these`] : []),
    `  venues.${venue}.exits.ownOrders says how the bot's client order ids begin, or "all" of them`,
  ];
}

const foreignMax = 5;

const spaced = (lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', ...lines];

const cellsOf = (one: ExitsPosition): readonly Cell[] => [
  one.instrument,
  one.leg,
  { amount: one.quantity },
  { amount: one.entry },
  { amount: one.price },
  one.ageSeconds === null ? '?' : durationText(one.ageSeconds),
  phaseText(one),
  targetText(one),
  one.standing,
];

/** A loss is what it changes. */
const percent = decimal('-100');

function phaseText({ phase, toleratedLoss }: ExitsPosition): string {
  if (phase === null) return '?';
  return toleratedLoss === null
    ? phase
    : `${phase} ${percentText(multiply(decimal(toleratedLoss), percent))}`;
}

const targetText = ({ target }: ExitsPosition): string =>
  target === null ? '' : (target.price ?? 'market');

function actionLines(one: ExitsPosition): readonly string[] {
  return one.actions.map(({ do: what, side, quantity, price, orderId, why }) => {
    const size = quantity === null ? '' : ` ${amountText(quantity)}`;
    const at = what === 'cancel' ? '' : price === null ? atMarket(what) : ` @ ${price}`;
    const order = orderId === null ? ` ${side}` : ` ${orderId}`;
    return `  ${what}${order}${size}${at}  ${one.instrument} ${one.leg}: ${why}`;
  });
}

const atMarket = (what: string): string => (what === 'create' ? ' at market' : '');

function deedLine(deed: ExitsVenue['done'][number]): string {
  const order = deed.clientOrderId ?? deed.orderId ?? '';
  const filled = deed.filled === null ? '' : `, ${amountText(deed.filled)} filled`;
  const code = deed.code === null ? '' : ` (${deed.code})`;
  const why = deed.why === '' ? '' : `: ${deed.why}${code}`;
  return `  ${deed.instrument} ${deed.leg}  ${deed.do} ${order}  ${deed.outcome}${filled}${why}`;
}

function verifiedLine({ instrument, leg, ours, theirs, equal }: ExitsVenue['verified'][number]) {
  const book = `book ${amountText(ours)}, venue ${amountText(theirs)}`;
  return `  ${instrument} ${leg}  ${book}  ${equal ? '✓ equal' : '✗ different'}`;
}

function verdictLines(terminal: Terminal, one: ExitsVenue): readonly string[] {
  const { venue, mode, configured, positions, stopped, exitCode } = one;
  const due = positions.reduce((sum, { actions }) => sum + actions.length, 0);
  const orders = counted(due, 'step');
  if (mode === 'apply' && !configured) {
    return [
      terminal.style('yellow', `✗ NOT CONFIGURED  nothing was sent; ${orders} due`),
      `  it takes "readOnly": false and "exits": {"enabled": true} in venues.${venue}`,
    ];
  }
  if (stopped !== null) {
    const next = stopped.code === 'gate-denies' ? [`  next: trueup check --venue ${venue}`] : [];
    return [terminal.style('red', `✗ STOPPED  ${stopped.why}`), ...next];
  }
  if (exitCode === 5) return [terminal.style('yellow', '? CANNOT SAY  nothing is done about it')];
  if (exitCode === 1) return [terminal.style('red', '✗ REFUSED  by the venue; it is tried again')];
  if (due === 0) return [terminal.style('green', '✓ NOTHING TO DO')];
  const dry = configured ? [] : ['  dry run: exits are not enabled in the settings'];
  const left = mode === 'apply' ? 'left' : 'due, nothing sent';
  return [
    terminal.style('red', `✗ ${orders} ${left}`),
    ...dry,
    `  next: trueup exits --venue ${venue} --apply`,
  ];
}
