import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { programOf } from '../../src/cli/run.ts';
import { silentTerminal } from './silent-terminal.ts';

const preamble = `# Commands

\`trueup COMMAND --help\` prints what stands here; this page is made from it. Exit codes are
listed in [errors](errors.md), documents in [documents](documents.md).`;

test('X2 the reference of commands is what their help says', async () => {
  const program = await programOf(silentTerminal, () => undefined);
  const parts = [preamble, `## trueup\n\n${fenced(helpOf(program))}`];
  for (const command of leavesOf(program)) {
    parts.push(`## ${nameOf(command)}\n\n${fenced(withoutGlobals(helpOf(command)))}`);
  }
  const page = `${parts.join('\n\n')}\n`;
  await expect(page).toMatchFileSnapshot('../../docs/reference/commands.md');
});

const leavesOf = (command: Command): readonly Command[] =>
  command.commands.flatMap((one) => (one.commands.length === 0 ? [one] : [one, ...leavesOf(one)]));

const nameOf = (command: Command): string =>
  command.parent?.parent ? `${command.parent.name()} ${command.name()}` : command.name();

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return text.trim();
}

/** They stand once, under the program. */
const withoutGlobals = (help: string): string =>
  help.replace(/\n\nGlobal Options:\n(?: {2}.*\n?)*/, '\n').replace(/\n{3,}/g, '\n\n');

const fenced = (text: string): string => `\`\`\`text\n${text}\n\`\`\``;
