/** alert: whether alerts arrive, and what is open. */
import {
  type AlertsDocument,
  type AlertTestDocument,
  alertsDocument,
  alertTestDocument,
} from '../../report/alert-documents.ts';
import { alertsOf, testChannels } from '../../service/alerts/looking.ts';
import { type OpenChannel, openAlerts } from '../../service/alerts/opening.ts';
import { surroundings } from '../../service/config.ts';
import { systemClock } from '../../service/system-clock.ts';
import { type CommandText, declare, type Registry, type Shell } from '../command.ts';
import { usageError } from '../command-error.ts';
import { wanted } from '../open-book.ts';
import { counted, timeText } from '../render/amount.ts';
import { printDocument } from '../render/document.ts';
import { tableLines } from '../render/table.ts';

const text: CommandText = {
  usage: 'alert',
  summary: 'try the channels of alerts, and list open cases',
  description: 'Channels of alerts stand in trueup.yaml; docs/alerts.md shows how.',
  examples: [],
  exits: [],
  onlyNow: true,
};

const testText: CommandText = {
  ...text,
  usage: 'test',
  summary: 'send a test message, and say what each channel answered',
  description: `\
Sends a test message by every channel, or by one, and says what each answered. Nothing is
remembered of it, and no open case is touched.`,
  examples: [
    ['trueup alert test', 'every channel'],
    ['trueup alert test --channel phone', 'one of them'],
    ['trueup alert test --json', 'for another program'],
  ],
  exits: [
    [0, 'every channel took it'],
    [1, 'one did not'],
    [2, 'no channel is configured, none has that name, or the settings are wrong'],
  ],
};

const listText: CommandText = {
  ...text,
  usage: 'list',
  summary: 'list the channels of alerts, and the open cases',
  description: `\
Lists the channels, where each leads, which of them fail and since when, and the open cases with
the channels that have been told of them. Nothing is sent and nothing written.`,
  examples: [
    ['trueup alert list', 'channels and open cases'],
    ['trueup alert list --book paper.db', 'of another book'],
    ['trueup alert list --json', 'for another program'],
  ],
  exits: [
    [0, 'listed'],
    [2, 'the settings are wrong'],
  ],
};

interface TestOptions {
  readonly channel?: string;
}

export function addAlert(registry: Registry): void {
  const alert = registry.program
    .command(text.usage)
    .summary(text.summary)
    .description(text.description);
  declare(registry, testText, runTest, alert).option('--channel <name>', 'this one only');
  declare(registry, listText, runList, alert);
}

const opened = ({ globals }: Shell) =>
  wanted(openAlerts(globals.configuration, surroundings(), systemClock));

async function runTest(shell: Shell, { channel }: TestOptions): Promise<number> {
  const channels = chosen(opened(shell).channels, channel);
  const document = alertTestDocument(await testChannels(channels, systemClock.now()));
  if (shell.globals.json) printDocument(shell, document);
  else shell.terminal.print(testLines(shell, document).join('\n'));
  return document.exitCode;
}

function chosen(channels: readonly OpenChannel[], name: string | undefined) {
  if (channels.length === 0) {
    const hint = 'write channels in trueup.yaml, or set TRUEUP_ALERT_WEBHOOK: see docs/alerts.md';
    throw usageError('no-alert-channel', 'no channel of alerts is configured', hint);
  }
  if (name === undefined) return channels;
  const named = channels.filter((one) => one.name === name);
  if (named.length > 0) return named;
  const hint = `the channels are ${channels.map((one) => one.name).join(', ')}`;
  throw usageError('alert-channel-unknown', `there is no channel "${name}"`, hint, '--channel');
}

function testLines({ terminal }: Shell, { channels }: AlertTestDocument): readonly string[] {
  const rows = channels.map(({ name, type, target, status, why }) => {
    const mark = status === 'sent' ? '✓ sent' : '✗ failed';
    return [name, type, target, why === null ? mark : `${mark}: ${why}`];
  });
  return tableLines(terminal, ['CHANNEL', 'TYPE', 'TO', 'ANSWER'], rows);
}

async function runList(shell: Shell): Promise<number> {
  const document = alertsDocument(alertsOf(shell.globals.configuration.book, opened(shell)));
  if (shell.globals.json) printDocument(shell, document);
  else shell.terminal.print(listLines(shell, document).join('\n'));
  return 0;
}

function listLines({ terminal }: Shell, document: AlertsDocument): readonly string[] {
  const { channels, cases, damaged, stateFile } = document;
  const rows = channels.map(({ name, type, target, minSeverity, threshold, failedSince, why }) => {
    const state = failedSince === null ? '✓' : `✗ since ${timeText(failedSince)}: ${why}`;
    return [name, type, target, minSeverity, threshold ?? '-', state];
  });
  const headings = ['CHANNEL', 'TYPE', 'TO', 'FROM', 'ABOVE', 'STATE'];
  return [
    ...(rows.length === 0 ? ['no channel is configured'] : tableLines(terminal, headings, rows)),
    '',
    damaged === null
      ? cases.length === 0
        ? '✓ no case is open'
        : `${counted(cases.length, 'case')} open`
      : `? what is open is not known: ${stateFile} cannot be used: ${damaged}`,
    ...cases.flatMap(caseLines),
  ];
}

function caseLines(one: AlertsDocument['cases'][number]): readonly string[] {
  const { severity, account, paper, title, lines, openedAt, toldBy } = one;
  const who = [severity.toUpperCase(), ...(paper ? ['PAPER'] : []), account ?? ''].join(' ');
  return [
    '',
    `  ✗ ${who.trimEnd()} ${title}`,
    ...lines.map((line) => `    ${line}`),
    `    since ${timeText(openedAt)} · told by ${toldBy.join(', ') || 'no channel'}`,
  ];
}
