/** A guard as a person reads it: the totals, what is promised of them, and what was altered. */

import { toText } from '../../decimal/text.ts';
import { visible } from '../../model/visible.ts';
import { type GuardState, guardExitCode } from '../../report/guard-document.ts';
import type { Terminal } from '../terminal.ts';
import { moneyText } from './amount.ts';

export function guardLines(terminal: Terminal, state: GuardState): readonly string[] {
  const { action, identity, guard, statements } = state;
  if (statements !== null) return statements.map((statement) => `${statement};`);
  const title = `${terminal.style('bold', `guard ${action}`)} ${visible(identity.location)}`;
  return [
    title,
    '',
    ...totalLines(state),
    ...promiseLines(state),
    ...guard.findings.map((one) => `  finding  ${visible(one)}`),
    ...guard.unlogged.map((one) => `  unlogged ${visible(one)}`),
    '',
    endLine(terminal, state),
    ...nextLines(state),
  ];
}

const money = (text: string | null): string => (text === null ? '?' : moneyText(text));

const totalLines = ({ totals }: GuardState): readonly string[] =>
  totals.map(({ account, before, after }) => {
    const now = before === after ? money(after) : `${money(before)} -> ${money(after)}`;
    return `  total    ${now}  account ${account}`;
  });

function promiseLines({ guard }: GuardState): readonly string[] {
  if (guard.state === 'absent') return [];
  const kept =
    guard.bound === null
      ? 'the exact sum, rounded once to what the column holds'
      : `within ${toText(guard.bound)} of the exact sum`;
  const log = guard.audited
    ? 'every change, whoever makes it, in trueup_audit'
    : 'no; guard install --audit logs every change';
  return [`  kept     ${kept}`, `  log      ${log}`];
}

function endLine(terminal: Terminal, state: GuardState): string {
  const { action, guard, found } = state;
  const good = terminal.style('green', '✓');
  const bad = terminal.style('red', '✗');
  if (action === 'remove') {
    return `${good} ${found.state === 'absent' ? 'there was no guard' : 'the guard is removed'}`;
  }
  if (guard.state === 'absent') return `${bad} there is no guard: nothing keeps the total`;
  if (guardExitCode({ ...state, action: 'status' }) === 0) {
    return `${good} the guard is installed: the total is kept, whoever writes`;
  }
  if (guard.state === 'altered') return `${bad} the guard was altered`;
  return guard.unlogged.length > 0
    ? `${bad} a total changed without a row in the log`
    : `${terminal.style('yellow', '?')} the guard is installed, and a total is not known`;
}

function nextLines({ action, guard, identity }: GuardState): readonly string[] {
  const source = `--source ${identity.location}`;
  if (action === 'remove') return [];
  if (guard.state === 'installed' && guard.unlogged.length === 0) {
    return action === 'install' ? [`next: trueup guard status ${source}`] : [];
  }
  return [`next: trueup guard install ${source}`];
}
