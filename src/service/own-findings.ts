/** What the book knows to be wrong or open by itself, without anybody's statement. */
import type { AccountFold } from '../books/account-fold.ts';
import { coinOf } from '../books/group.ts';
import { isZero } from '../decimal/decimal.ts';
import { toText } from '../decimal/text.ts';
import { factOf } from '../journal/codec.ts';
import type { EntryRow } from '../model/entry.ts';
import type { ListedFact } from '../reconcile/book-side.ts';
import type { Finding } from '../reconcile/findings.ts';
import type { Account } from '../store/accounts.ts';
import type { OpenConflict } from './conflicts.ts';
import type { BookReader, Look } from './reading.ts';

/** `conflicts`: those that nobody has settled. */
export function ownFindings(
  reader: BookReader,
  look: Look,
  conflicts: readonly OpenConflict[],
): readonly Finding[] {
  const { account } = look;
  return [
    ...conflicts.map((one) => findingOf(one, account)),
    ...foldFindings(look.fold, account),
    ...waitingFindings(reader, look),
  ];
}

const findingOf = ({ row, target, booked, told, fields }: OpenConflict, account: Account): Finding => ({
  kind: 'conflict',
  account: account.name,
  what: told.kind === 'fill' ? 'fill' : 'cash-flow',
  id: target.id,
  instrument: told.instrument,
  leg: told.leg,
  detail: told.kind === 'fill' ? told.side : told.kind,
  booked: fieldsText(booked, fields),
  reported: fieldsText(told, fields),
  reportedBy: 'source',
  at: row.effectiveAt,
  sequence: row.sequence,
});

/** The fields that differ, as `price 100, quantity 2`. */
function fieldsText(fact: ListedFact, fields: readonly string[]): string {
  const values = fact as unknown as Readonly<Record<string, unknown>>;
  return fields.map((field) => `${field} ${valueText(values[field])}`).join(', ');
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return 'unknown';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(valueText).join(' + ');
  if (typeof value !== 'object') return String(value);
  if ('coefficient' in value) return toText(value as Parameters<typeof toText>[0]);
  return Object.values(value).map(valueText).join(' ');
}

function foldFindings(fold: AccountFold, account: Account): readonly Finding[] {
  const findings: Finding[] = [];
  for (const group of fold.groups()) {
    const since = group.last?.time ?? 0n;
    const fees = (count: number, scope: string) => {
      if (count === 0) return;
      const why = `${count} fills have no fee yet`;
      findings.push({ kind: 'unknown', account: account.name, section: 'fees', scope, why, since });
    };
    const coin = coinOf(group.key);
    if (coin !== null && group.state.coin !== null) {
      fees(group.state.coin.track.lifetime.feesUnknown, fold.context.nameOf(coin));
    }
    for (const leg of group.state.legs.values()) {
      const instrument = fold.context.nameOf(leg.instrument);
      fees(leg.track.lifetime.feesUnknown, instrument);
      if (isZero(leg.gap)) continue;
      const { leg: name, gap } = leg;
      findings.push({
        ...{ kind: 'hedge-gap', account: account.name, instrument, leg: name, gap, at: since },
      });
    }
  }
  return findings;
}

function waitingFindings(reader: BookReader, { account, waiting }: Look): readonly Finding[] {
  const rows = [
    ...reader.file.entriesOfKind(account.account, 'bust'),
    ...reader.file.entriesOfKind(account.account, 'correction'),
  ];
  return waiting.map((executionId): Finding => {
    const row = rows.find((one) => referenceOf(one, account) === executionId);
    const kind = row?.kind ?? 'bust';
    return {
      kind: 'unknown',
      account: account.name,
      section: 'executions',
      scope: executionId,
      why: `a ${kind} waits for the fill ${executionId}`,
      since: row?.effectiveAt ?? 0n,
    };
  });
}

function referenceOf(row: EntryRow, account: Account): string | null {
  const fact = factOf(row, account.name);
  return fact.kind === 'bust' || fact.kind === 'correction' ? fact.executionId : null;
}
