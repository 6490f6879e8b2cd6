/** The trading gate as a person reads it: each account, and all that denies. */
import { visibleIn } from '../../model/visible.ts';
import type { GateAccount, GateDocument } from '../../report/gate-document.ts';
import type { Terminal } from '../terminal.ts';
import { durationText, stopLines } from './check-text.ts';
import { paperMark } from './mode.ts';

export function gateLines(terminal: Terminal, document: GateDocument): readonly string[] {
  const { accounts, gate } = visibleIn(document);
  const lines = accounts.flatMap((one) => accountLines(terminal, one));
  return gate === 'allow' ? lines : [...lines, '  next: trueup check'];
}

function accountLines(terminal: Terminal, one: GateAccount): readonly string[] {
  const { account, mode, gate, reasons, lastCompleteCheck: last } = one;
  const mark =
    gate === 'allow' ? terminal.style('green', '✓ ALLOW') : terminal.style('red', '✗ DENY ');
  const checked = last === null ? 'never checked' : `checked ${durationText(last.ageSeconds)} ago`;
  return [
    `${mark}  ${account}${paperMark(mode)} · ${checked}`,
    ...stopLines([one]),
    ...reasons.map(({ why, breaks }) => `    ${[why, ...breaks].join('  ')}`),
  ];
}
