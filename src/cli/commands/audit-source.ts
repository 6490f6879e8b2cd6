/** audit source: how much of a bot's history is unproven. */
import { historyDocument } from '../../report/history-document.ts';
import { auditSource } from '../../service/source/positions-history.ts';
import type { CommandText, Shell } from '../command.ts';
import { printDocument } from '../render/document.ts';
import { historyLines } from '../render/history-text.ts';
import { deskOptions, looking, type SourceOptions } from './source-options.ts';

export const auditSourceText: CommandText = {
  usage: 'source',
  summary: "how much of a bot's history is unproven",
  description: `\
Reads every position that a bot's database ever stored, with its orders and trades, and says how
many were closed without an exit, with a profit of exactly 0, or opened by no order, and what they
were worth at their entry. Nothing is written.`,
  examples: [
    ['trueup audit source --source sqlite:bot.db', 'how much, and which rows first'],
    ['trueup audit source --source sqlite:bot.db --json', 'for another program'],
    ['trueup audit source', 'the database of the settings'],
  ],
  exits: [
    [0, 'every result is proven'],
    [2, 'there is no such database, or it keeps no positions'],
    [3, 'a part of it is not'],
    [4, 'the database refuses the credentials'],
    [5, 'the database does not answer'],
  ],
  onlyNow: true,
};

export const runAuditSource = (shell: Shell, options: SourceOptions): Promise<number> =>
  looking(async () => {
    const source = options.source ?? true;
    const { identity, audited } = await auditSource(deskOptions(shell, { ...options, source }));
    const exitCode = audited.unproven > 0 ? 3 : 0;
    const document = historyDocument({ identity, audited, exitCode });
    if (shell.globals.json) printDocument(shell, document);
    else shell.terminal.print(historyLines(shell.terminal, document).join('\n'));
    return exitCode;
  });
