/** approve: a person's word for one break of one plan. */

import { personName } from '../../service/person.ts';
import { plansNamed } from '../../service/plan-file.ts';
import { policyIn } from '../../service/policy/standing.ts';
import { placeOfRows } from '../../service/source/positions-undo.ts';
import { approveBreak } from '../../service/syncing.ts';
import { systemClock } from '../../service/system-clock.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { chosenAccounts, wanted, withReader, withWriter } from '../open-book.ts';
import { printDocument } from '../render/document.ts';

const text: CommandText = {
  usage: 'approve <break>',
  summary: 'agree to the repair of a break',
  description: `\
Approves one break as one plan repairs it. The approval is for that plan alone: it is void once the
book has moved. The plan is named by its hash or the beginning of it, which sync prints. With
policy.approvals.fourEyes whoever made the plan does not approve it.`,
  examples: [
    ['trueup approve BRK-7Q2M4A --plan 4f2c91ab', 'then: trueup sync --apply'],
    ['trueup approve BRK-7Q2M4A --plan 4f2c91ab --json', 'for another program'],
    ['trueup approve BRK-7Q2M4A --plan 4f2c91ab --account main', 'in a book of several accounts'],
  ],
  exits: [
    [0, 'approved'],
    [2, 'no such break'],
    [6, 'the plan is stale, the break is not proposed by it, or only by whoever approves'],
    [7, 'another writer holds the book and does not answer'],
  ],
};

interface Options {
  readonly plan: string;
  readonly by?: string;
}

export function addApprove(registry: Registry): void {
  declare(registry, text, run)
    .requiredOption('--plan <hash>', 'the plan that was looked at: its hash, or its document')
    .option('--by <name>', 'who approves, for the audit trail (default: your user name)');
}

const run = (shell: Shell, { plan, by }: Options, args: readonly string[]): Promise<number> =>
  withReader(shell, async (reader) => {
    const breakId = args[0]!;
    const plans = wanted(plansNamed(plan));
    const { fourEyes } = wanted(await policyIn(shell.globals.configuration)).approvals;
    let refusal = null;
    for (const account of chosenAccounts(shell, reader)) {
      const name = by ?? personName();
      const at = systemClock.now();
      const who = name === null ? {} : { by: name };
      const approval = { breakId, plans, at, fourEyes, ...who };
      const result = await withWriter(shell, 'approve', (writer) =>
        approveBreak(reader, writer, account, approval),
      );
      if (result.ok) {
        const { id, state, repair } = result.value;
        const place = placeOfRows(reader.file, account, result.value);
        const document = { schema: 'trueup.approve/1', break: id, state, plan: repair?.planHash };
        if (shell.globals.json) printDocument(shell, document);
        else shell.terminal.print(`approved ${id}\n  next: ${nextOf(place)}`);
        return 0;
      }
      if (refusal === null || result.refusal.code !== 'break-unknown') refusal = result.refusal;
    }
    throw new CommandError(refusal!.code === 'break-unknown' ? 2 : 6, refusal!);
  });

/** What the rows were held against is not on record: it is named again. */
const nextOf = (place: string | null): string =>
  place === null
    ? 'trueup sync --apply'
    : `trueup sync --source ${place} --apply, with what it was held against`;
