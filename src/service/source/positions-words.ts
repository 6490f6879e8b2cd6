/** What is found and done with a bot's rows, in the words that its operators search for. */
import { absolute } from '../../decimal/decimal.ts';
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
      ...sentences.map((sentence) => ({
        ...{ event: 'source.synced', ...told, msg: `Synced ${sentence}` },
      })),
    ];
  });
}
