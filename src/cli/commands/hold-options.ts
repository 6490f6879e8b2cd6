/** What snooze and accept have in common: a person's word about a break, and its end. */
import type { Command } from 'commander';
import { type Break, type HoldScope, holdScopes } from '../../model/break.ts';
import { addMilliseconds, type Instant } from '../../model/instant.ts';
import type { Result } from '../../model/result.ts';
import { visibleIn } from '../../model/visible.ts';
import { heldDocument } from '../../report/held-document.ts';
import type { BookWriter } from '../../service/book.ts';
import { parseDuration } from '../../service/duration.ts';
import { personName } from '../../service/person.ts';
import { endHold, type HoldingTerms, holdBreak } from '../../service/policy/holding.ts';
import type { BookReader } from '../../service/reading.ts';
import { systemClock } from '../../service/system-clock.ts';
import { type Shell, timeOption } from '../command.ts';
import { refusedInput, usageError } from '../command-error.ts';
import { chosenAccounts, withReader, withWriter } from '../open-book.ts';
import { type HeldView, heldLines } from '../render/check-text.ts';
import { printDocument } from '../render/document.ts';

export interface HoldOptions {
  readonly until?: string;
  readonly reason?: string;
  readonly scope?: string;
  readonly by?: string;
  readonly end?: true;
}

export const holdOptions = (command: Command): Command =>
  command
    .option('--until <time>', 'when it comes back: a time, or so long from now, such as 7d')
    .option('--reason <text>', 'why; it is shown wherever the break is')
    .option('--scope <scope>', 'lines (the default), instrument or account: later breaks too')
    .option('--end', 'end it now')
    .option('--by <name>', 'who says so, for the audit trail (default: your user name)');

type Word = 'snooze' | 'accept';

/** `cap`: of what is accepted; null: it is snoozed. */
export function runHold(
  shell: Shell,
  word: Word,
  breakId: string,
  options: HoldOptions,
  cap: HoldingTerms['cap'],
): Promise<number> {
  if (options.end === true) return runEnd(shell, word, breakId, options);
  const at = systemClock.now();
  const terms = { ...termsOf(word, options, at), cap };
  return said(shell, word, options, async (reader, writer, account, by) => {
    const held = await holdBreak(reader, writer, account, { breakId, at, terms, ...by });
    return held.ok ? { ok: true, value: [held.value] } : held;
  });
}

function runEnd(shell: Shell, word: Word, breakId: string, options: HoldOptions): Promise<number> {
  const extra = (['until', 'reason', 'scope'] as const).find((name) => name in options);
  if (extra !== undefined) {
    const told = `--end and --${extra} exclude each other`;
    throw usageError('option-unfit', told, 'give one of the two', `--${extra}`);
  }
  const at = systemClock.now();
  return said(shell, word, options, (reader, writer, account, by) =>
    endHold(reader, writer, account, { breakId, at, ...by }),
  );
}

type Account = ReturnType<typeof chosenAccounts>[number];

type Say = (
  reader: BookReader,
  writer: BookWriter,
  account: Account,
  by: { readonly by?: string },
) => Promise<Result<readonly Break[]>>;

/** To the account that knows the break. */
const said = (shell: Shell, word: Word, options: HoldOptions, say: Say): Promise<number> =>
  withReader(shell, async (reader) => {
    const by = options.by ?? personName();
    let refusal = null;
    for (const account of chosenAccounts(shell, reader)) {
      const result = await withWriter(shell, word, (writer) =>
        say(reader, writer, account, by === null ? {} : { by }),
      );
      if (result.ok) {
        const document = heldDocument(word, account, result.value);
        if (shell.globals.json) printDocument(shell, document);
        else shell.terminal.print(heldLines(visibleIn(document) as unknown as HeldView).join('\n'));
        return 0;
      }
      if (refusal === null || result.refusal.code !== 'break-unknown') refusal = result.refusal;
    }
    throw refusedInput(refusal!);
  });

function termsOf(word: Word, { until, reason, scope = 'lines' }: HoldOptions, now: Instant) {
  if (until === undefined || reason === undefined) {
    const missing = until === undefined ? '--until' : '--reason';
    const hint = `trueup ${word} BRK-7Q2M4A --until 7d --reason "why it may stay"`;
    throw usageError('option-missing', `${missing} is not said`, hint, missing);
  }
  const chosen = holdScopes.find((one): one is HoldScope => one === scope);
  if (chosen === undefined) {
    const said = `--scope ${JSON.stringify(scope)} is none`;
    throw usageError('scope-bad', said, `one of ${holdScopes.join(', ')}`, '--scope');
  }
  const ms = parseDuration(until);
  const day = ms === null ? timeOption('--until', until)! : addMilliseconds(now, ms);
  return { until: day, reason, scope: chosen };
}
