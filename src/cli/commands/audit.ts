/** audit: the entries of an account, and what each changed. */
import { entryKinds } from '../../model/entry.ts';
import { parseInstant } from '../../model/instant.ts';
import { auditDocument } from '../../report/audit-document.ts';
import { type AuditPlace, auditOf } from '../../service/auditing.ts';
import {
  type CommandText,
  countOption,
  declare,
  type Registry,
  type Shell,
  sequenceOption,
} from '../command.ts';
import { usageError } from '../command-error.ts';
import { chosenAccount, withReader } from '../open-book.ts';
import { Progress } from '../progress.ts';
import { countText } from '../render/amount.ts';
import { auditLines } from '../render/audit-text.ts';
import { printDocument } from '../render/document.ts';
import { auditSourceText, runAuditSource } from './audit-source.ts';
import { sourceOptions } from './source-options.ts';

const text: CommandText = {
  usage: 'audit',
  summary: 'list the entries of an account, and what each changed',
  description: `\
Lists entries as they were recorded: sequence, when, kind, what, why, and the hash of the batch that
seals them. --postings shows what each changed: the books after it minus the books before it, so
that the postings of a late fact hold what it changed in later results.`,
  examples: [
    ['trueup audit', 'the newest entries'],
    ['trueup audit --from 20432 --to 20440 --postings', 'some entries, and what they changed'],
    ['trueup audit --kind bust,correction,conflict --json', 'by kind, for another program'],
  ],
  exits: [
    [0, 'listed'],
    [2, 'there is no such book, or it has several accounts and none was named'],
  ],
  onlyNow: true,
};

interface Options {
  readonly from?: string;
  readonly to?: string;
  readonly kind?: string;
  readonly limit: string;
  readonly postings?: true;
}

export function addAudit(registry: Registry): void {
  const command = declare(registry, text, run)
    .option('--from <place>', 'from this sequence, or time of recording, on')
    .option('--to <place>', 'before this sequence, or time of recording')
    .option('--kind <kinds>', 'only these kinds, separated by commas')
    .option('--limit <count>', 'the newest so many', '100')
    .option('--postings', 'show what each entry changed');
  sourceOptions(declare(registry, auditSourceText, runAuditSource, command));
}

const run = (shell: Shell, options: Options): Promise<number> =>
  withReader(shell, (reader) => {
    const progress = new Progress(shell.terminal);
    const state = auditOf(reader.file, chosenAccount(shell, reader), {
      from: placeOption('--from', options.from),
      to: placeOption('--to', options.to),
      kinds: kindsOption(options.kind),
      limit: Math.max(1, countOption('--limit', options.limit)),
      postings: options.postings === true,
      onProgress: (sequence) => progress.at(`reading: ${countText(sequence)} entries`),
    });
    progress.end('read');
    const document = auditDocument(state);
    if (shell.globals.json) printDocument(shell, document);
    else {
      shell.terminal.print(auditLines(shell.terminal, document).join('\n'));
      if (state.leftOut > 0) {
        shell.terminal.tell(`${countText(state.leftOut)} older entries left out: see --limit`);
      }
    }
    return 0;
  });

function placeOption(name: string, text: string | undefined): AuditPlace | null {
  if (text === undefined) return null;
  if (/^\d+$/.test(text)) return { sequence: sequenceOption(name, text) };
  const recordedAt = parseInstant(text);
  if (recordedAt !== null) return { recordedAt };
  const hint = 'write the number of an entry, or a time such as 2026-11-20T00:00:00Z';
  throw usageError('place-bad', `${name} ${JSON.stringify(text)} is no place`, hint, name);
}

/** A kind that does not exist would read as one that never happened. */
function kindsOption(text: string | undefined): ReadonlySet<string> | null {
  if (text === undefined) return null;
  const kinds = text.split(',');
  const unknown = kinds.find((kind) => !(entryKinds as readonly string[]).includes(kind));
  if (unknown === undefined) return new Set(kinds);
  const hint = `the kinds are ${[...entryKinds].sort().join(', ')}`;
  throw usageError('kind-unknown', `there is no kind of entry "${unknown}"`, hint, '--kind');
}
