/** What is found and done with a bot's rows, in the words that its operators search for. */
import { absolute, type Decimal } from '../../decimal/decimal.ts';
import { toText, toTextOrNull } from '../../decimal/text.ts';
import type { Break } from '../../model/break.ts';
import { isOpen } from '../../reconcile/verdict.ts';
import type { LogLine } from '../log.ts';
import type { RowsLook } from './positions-look.ts';
import type { AppliedRows } from './positions-sync.ts';

/** One line for each difference. Sizes are unsigned, as they are stored. */
export function differenceLines({ checked, compared }: RowsLook): readonly LogLine[] {
  const open = checked.reconciled.breaks.filter(isOpen);
  return open.map((one) => lineOf(one, compared.account.name));
}

function lineOf(one: Break, account: string): LogLine {
  const [line] = one.lines;
  if (line!.what === 'order') return orderLineOf(one, account);
  const { ours, theirs, key: instrument } = line!;
  const [stored, held] = [ours, theirs].map((size) =>
    size === null ? '?' : toText(absolute(size)),
  );
  return {
    event: 'quantity.mismatch',
    msg: `Quantity mismatch - DB: ${stored}, Exchange: ${held} (${instrument}, ${one.reason})`,
    ...{ account, instrument, breakId: one.id },
    ...{ ours: toTextOrNull(ours), theirs: toTextOrNull(theirs) },
  };
}

function orderLineOf({ id: breakId, lines, reason }: Break, account: string): LogLine {
  const { key, instrument, ours, oursText, theirs, theirsText } = lines[0]!;
  const [stored, held] = [
    [oursText, toTextOrNull(ours)],
    [theirsText, toTextOrNull(theirs)],
  ].map((parts) => parts.filter((part) => part !== null).join(' ') || '?');
  return {
    event: 'order.mismatch',
    msg: `Order mismatch - DB: ${stored}, Exchange: ${held} (${instrument} ${key}, ${reason})`,
    ...{ account, instrument, breakId, ours: stored!, theirs: held! },
  };
}

const stateText = (status: string | null, filled: Decimal | null): string =>
  [status, toTextOrNull(filled)].filter((part) => part !== null).join(' ');

/** Two lines for each row that was changed, as that synchroniser had them. */
export function syncedLines(
  { compared }: RowsLook,
  applied: readonly AppliedRows[],
): readonly LogLine[] {
  const { name: account } = compared.account;
  return applied.flatMap(({ repair: { breakId, writes } }): readonly LogLine[] => {
    const { rows, sentences } = writes!;
    const told = { account, breakId };
    return [
      ...rows.changes.map(({ id, symbol, quantity, reopen, close }) => ({
        ...{ event: 'source.synced', ...told, instrument: symbol },
        msg:
          close !== undefined
            ? `Closed position ${id} (${symbol}): ${close.reason}`
            : reopen === true
              ? `Reopened position ${id} (${symbol}) quantity: ${toTextOrNull(quantity ?? null)}`
              : `Updated position ${id} quantity: ${toTextOrNull(quantity ?? null)}`,
      })),
      ...(rows.orderChanges ?? []).map(({ id, symbol, status, filled }) => ({
        ...{ event: 'source.synced', ...told, instrument: symbol },
        msg: `Updated order row ${id}: ${stateText(status ?? null, filled ?? null)}`,
      })),
      ...sentences.map((sentence) => ({
        ...{ event: 'source.synced', ...told, msg: `Synced ${sentence}` },
      })),
    ];
  });
}
