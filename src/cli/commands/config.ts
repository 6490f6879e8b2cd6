/** config: the settings in force, where each comes from, and whether they can be used. */
import type { Refusal } from '../../model/result.ts';
import { type Setting, surroundings } from '../../service/config.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { type CommandError, refusedInput } from '../command-error.ts';
import { printDocument } from '../render/document.ts';
import { tableLines } from '../render/table.ts';

const text: CommandText = {
  usage: 'config',
  summary: 'show the settings in force, and check them',
  description: 'Settings stand in files and variables, or are flags.',
  examples: [],
  exits: [],
  onlyNow: true,
};

const shownText: CommandText = {
  ...text,
  usage: 'show',
  summary: 'show the settings in force',
  description: `\
Shows every setting in force. A flag wins over a variable (docs/reference/config.md lists them),
that over trueup.yaml in the working folder, that over ~/.config/trueup/config.yaml, that over the
default. Keys that no setting has are told, passwords and secrets are not shown.`,
  examples: [
    ['trueup config show', 'what holds'],
    ['trueup config show --origin', 'and where it comes from, with the line'],
    ['trueup config show --json', 'for another program'],
  ],
  exits: [
    [0, 'shown'],
    [2, 'a settings file or a value is wrong'],
  ],
};

const checkText: CommandText = {
  ...text,
  usage: 'check',
  summary: 'see whether the settings can be used',
  description: `\
Reads the settings as every command would, and all that is written in the files besides. A key that
no setting has is refused here: what it was meant to say does not hold; so is what serve would
refuse at its start. Nothing is opened, and no secret is read.`,
  examples: [
    ['trueup config check', 'before a service is started anew'],
    ['trueup config check --book paper.db', 'with a flag'],
    ['trueup config check --json', 'for a build'],
  ],
  exits: [
    [0, 'they can be used'],
    [2, 'a settings file, a variable or a value is wrong'],
  ],
};

const schemaText: CommandText = {
  ...text,
  usage: 'schema',
  summary: 'print the JSON Schema of the settings file',
  description: `\
Prints the JSON Schema of trueup.yaml, by which an editor completes and checks it. Name it in the
first line of the file: # yaml-language-server: $schema=trueup.schema.json`,
  examples: [
    ['trueup config schema', 'on the screen'],
    ['trueup config schema > trueup.schema.json', 'for an editor'],
    ['trueup config schema --json', 'the same: it is JSON in any case'],
  ],
  exits: [[0, 'printed']],
};

interface Options {
  readonly origin?: true;
}

export function addConfig(registry: Registry): void {
  const config = registry.program
    .command(text.usage)
    .summary(text.summary)
    .description(text.description);
  declare(registry, shownText, runShow, config).option('--origin', 'show where each comes from');
  declare(registry, checkText, runCheck, config);
  declare(registry, schemaText, runSchema, config);
}

async function runShow(shell: Shell, options: Options): Promise<number> {
  const { configuration, json } = shell.globals;
  const { settingsFaults } = await import('../../service/config-schema.ts');
  const [fault] = settingsFaults(configuration);
  // What is wrong may be a secret in the wrong place: it is not shown.
  if (fault !== undefined) throw refusedInput(fault);
  const { settingsInForce } = await import('../../service/config-table.ts');
  const settings = settingsInForce(configuration);
  if (json) {
    printDocument(shell, { schema: 'trueup.config/1', settings });
    return 0;
  }
  const withOrigin = options.origin === true;
  const rows = settings.map((one) => [
    ...[one.name, one.value ?? '-'],
    ...(withOrigin ? [originOf(one)] : []),
  ]);
  const headings = ['SETTING', 'VALUE', ...(withOrigin ? ['ORIGIN'] : [])];
  shell.terminal.print(tableLines(shell.terminal, headings, rows).join('\n'));
  return 0;
}

function originOf({ origin, where, line }: Setting): string {
  if (where === null) return origin;
  return `${origin} ${where}${line === null ? '' : `:${line}`}`;
}

async function runCheck(shell: Shell): Promise<number> {
  const { configuration, json } = shell.globals;
  const { serveFaults, settingsFaults } = await import('../../service/config-schema.ts');
  const [fault, ...more] = [
    ...[...configuration.warnings, ...settingsFaults(configuration)],
    ...serveFaults(configuration, surroundings().environment),
  ];
  if (fault !== undefined) throw wrong(fault, more);
  const files = configuration.files.map(({ path }) => path);
  if (json) printDocument(shell, { schema: 'trueup.config-check/1', files });
  else {
    const read = files.length === 0 ? 'there is no settings file' : `read ${files.join(' and ')}`;
    shell.terminal.print(`✓ the settings can be used: ${read}`);
  }
  return 0;
}

/** All of them in one error: whoever repairs one wants to know of the others. */
function wrong(fault: Refusal, more: readonly Refusal[]): CommandError {
  const also = more.map(({ message }) => message).join('; ');
  const message = also === '' ? fault.message : `${fault.message}; and ${also}`;
  return refusedInput({ ...fault, message });
}

async function runSchema(shell: Shell): Promise<number> {
  const { jsonSchema } = await import('../../service/config-schema.ts');
  shell.terminal.print(JSON.stringify(jsonSchema(), null, 2));
  return 0;
}
