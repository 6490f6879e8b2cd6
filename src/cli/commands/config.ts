/** config: the settings in force, and where each comes from. */
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { printDocument } from '../render/document.ts';
import { tableLines } from '../render/table.ts';

const text: CommandText = {
  usage: 'config',
  summary: 'show the settings in force',
  description: 'Settings are texts in files and variables, or flags.',
  examples: [
    ['trueup config show', 'what holds'],
    ['trueup config show --origin', 'and where it comes from'],
    ['trueup config show --json', 'for another program'],
  ],
  exits: [
    [0, 'shown'],
    [2, 'a settings file or a value is wrong'],
  ],
  onlyNow: true,
};

const shownText: CommandText = {
  ...text,
  usage: 'show',
  description: `\
Shows the settings in force. A flag wins over a variable (TRUEUP_BOOK, TRUEUP_ACCOUNT,
TRUEUP_MARK_MAX_AGE, TRUEUP_SOURCE, TRUEUP_SOURCE_TIMEZONE), that over trueup.json in the working
folder, that over ~/.config/trueup/config.json, that over the default. Keys that no setting has are
told, passwords are not shown.`,
};

interface Options {
  readonly origin?: true;
}

export function addConfig(registry: Registry): void {
  const config = registry.program
    .command(text.usage)
    .summary(text.summary)
    .description(text.description);
  declare(registry, shownText, run, config).option('--origin', 'show where each comes from');
}

async function run(shell: Shell, options: Options): Promise<number> {
  const { settings } = shell.globals.configuration;
  if (shell.globals.json) {
    printDocument(shell, { schema: 'trueup.config/1', settings });
    return 0;
  }
  const withOrigin = options.origin === true;
  const rows = settings.map(({ name, value, origin, where }) => {
    const from = where === null || origin === 'flag' ? origin : `${origin} ${where}`;
    return [name, value ?? '-', ...(withOrigin ? [from] : [])];
  });
  const headings = ['SETTING', 'VALUE', ...(withOrigin ? ['ORIGIN'] : [])];
  shell.terminal.print(tableLines(shell.terminal, headings, rows).join('\n'));
  return 0;
}
