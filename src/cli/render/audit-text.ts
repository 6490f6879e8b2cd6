/** Entries as an auditor reads them. */
import { visibleIn } from '../../model/visible.ts';
import type { AuditDocument } from '../../report/audit-document.ts';
import type { Terminal } from '../terminal.ts';
import { amountText, countText, timeText } from './amount.ts';
import { paperMark } from './mode.ts';

/** Of a hash, enough to tell it from others. */
const hashShown = 12;

export function auditLines(terminal: Terminal, document: AuditDocument): readonly string[] {
  const { account, mode, head, entries } = visibleIn(document);
  const title = terminal.style('bold', `audit ${account}`) + paperMark(mode);
  const lines = [`${title} · head ${countText(head.sequence)} · ${head.hash}`];
  const width = Math.max(0, ...entries.map(({ kind }) => kind.length));
  const places = Math.max(0, ...entries.map(({ sequence }) => countText(sequence).length));
  const times = Math.max(0, ...entries.map(({ effectiveAt }) => effectiveAt?.length ?? 0));
  let batch = '';
  for (const entry of entries) {
    if (entry.batch.hash !== batch) {
      batch = entry.batch.hash;
      const when = `recorded ${timeText(entry.recordedAt)}, batch ${batch.slice(0, hashShown)}`;
      lines.push('', terminal.style('dim', `  ${when}`));
    }
    const number = countText(entry.sequence).padStart(places);
    const reason = entry.reason === null ? '' : `: ${entry.reason}`;
    const at = (entry.effectiveAt === null ? 'always' : timeText(entry.effectiveAt)).padEnd(times);
    lines.push(`  ${number}  ${at}  ${entry.kind.padEnd(width)}  ${entry.what}${reason}`);
    const indent = ' '.repeat(places + 4);
    for (const { ledger, currency, amount } of entry.postings ?? []) {
      lines.push(`${indent}${amountText(amount, { signed: true })} ${currency} ${ledger}`);
    }
  }
  return lines;
}
