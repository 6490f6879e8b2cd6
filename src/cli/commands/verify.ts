/** verify: proves that the book is what was written. */
import { verifyDocument } from '../../report/upkeep-documents.ts';
import { type ClaimedHead, verifyBook } from '../../service/upkeep.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { usageError } from '../command-error.ts';
import { chosenAccount, withReader } from '../open-book.ts';
import { Progress } from '../progress.ts';
import { counted, countText } from '../render/amount.ts';
import { printDocument } from '../render/document.ts';

const text: CommandText = {
  usage: 'verify',
  summary: 'prove that the book is what was written',
  description: `\
Recomputes the hash of every batch from its entries and looks at every row. With --head, a head
that a report, an alert or a backup carries, it also finds a tail that was cut and an older file
that was put back. Damage is named, never repaired: restore the newest good backup.`,
  examples: [
    ['trueup verify', 'the whole book'],
    ['trueup verify --account main --head 1204:9f3c…', 'the head that a report carried'],
    ['trueup verify --json', 'for another program'],
  ],
  exits: [
    [0, 'the book is what was written'],
    [1, 'it is damaged or was changed: what and where is listed'],
    [2, 'there is no such book, or it is none'],
  ],
  onlyNow: true,
};

interface Options {
  readonly head?: string;
}

export function addVerify(registry: Registry): void {
  declare(registry, text, run).option('--head <sequence:hash>', 'what the head was known to be');
}

const run = (shell: Shell, options: Options): Promise<number> =>
  withReader(shell, (reader) => {
    const { configuration, json } = shell.globals;
    const claimed =
      options.head === undefined
        ? null
        : headOption(options.head, chosenAccount(shell, reader).name);
    const progress = new Progress(shell.terminal);
    const state = verifyBook(reader.file, configuration.account, claimed, ({ sequence, account }) =>
      progress.at(`verifying ${account}: ${countText(sequence)} entries`),
    );
    progress.end(`verified ${counted(state.entries, 'entry', 'entries')}`);
    const document = verifyDocument(state);
    if (json) printDocument(shell, document);
    else tell(shell, state);
    return document.exitCode;
  });

function tell({ terminal }: Shell, state: ReturnType<typeof verifyBook>): void {
  const { findings, heads, entries, book } = state;
  if (findings.length === 0) {
    const all = `every hash of ${counted(entries, 'entry', 'entries')} is right`;
    terminal.print(`${terminal.style('green', '✓')} ${book}: ${all}`);
    for (const { account, sequence, hash } of heads) {
      terminal.print(`  head of ${account}: ${sequence}:${hash}`);
    }
    return;
  }
  terminal.print(`${terminal.style('red', '✗')} ${book}: ${counted(findings.length, 'finding')}`);
  for (const { code, account, firstSequence, lastSequence, message } of findings) {
    const range = firstSequence === null ? '' : ` ${firstSequence}..${lastSequence}`;
    terminal.print(`  ${account ?? 'file'}${range}: ${message} [${code}]`);
  }
  terminal.tell('hint: restore the newest good backup');
}

function headOption(text: string, account: string): ClaimedHead {
  const [, sequence, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (sequence !== undefined && hash !== undefined) {
    return { account, sequence: Number(sequence), hash };
  }
  const hint = 'write a sequence, a colon and the 64 digits of a hash';
  throw usageError('head-bad', `--head ${JSON.stringify(text)} is no head`, hint, '--head');
}
