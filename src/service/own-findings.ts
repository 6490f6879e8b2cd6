/** What the book knows to be wrong or open by itself, without anybody's statement. */
import type { AccountFold } from '../books/account-fold.ts';
import { coinOf } from '../books/group.ts';
import { type Decimal, isZero } from '../decimal/decimal.ts';
import { toText } from '../decimal/text.ts';
import { factOf } from '../journal/codec.ts';
import type { EntryRow } from '../model/entry.ts';
import type { Fee } from '../model/fact.ts';
import { instantText } from '../model/instant.ts';
import type { ListedFact } from '../reconcile/book-side.ts';
import type { Finding } from '../reconcile/findings.ts';
import { supersededBy } from '../reconcile/inferred.ts';
import type { Account } from '../store/accounts.ts';
import type { OpenConflict } from './conflicts.ts';
import { inferredFills } from './inferred-fills.ts';
import type { BookReader, Books } from './reading.ts';

/** `conflicts`: those that nobody has settled. */
export function ownFindings(
  reader: BookReader,
  books: Books,
  conflicts: readonly OpenConflict[],
): readonly Finding[] {
  const { account } = books;
  const byFact = Map.groupBy(conflicts, ({ target }) => target.sequence);
  return [
    ...Array.from(byFact.values(), (reports) => conflictFinding(reports, account)),
    ...foldFindings(books.fold, account),
    ...waitingFindings(reader, books),
    ...supersededFindings(reader, books),
  ];
}

/** All reports that contradict one fact are one finding: it is right or it is not. */
function conflictFinding(reports: readonly OpenConflict[], account: Account): Finding {
  const { row, target, booked } = reports[0]!;
  const fields = [...new Set(reports.flatMap((one) => one.fields))];
  return {
    kind: 'conflict',
    account: account.name,
    what: booked.kind === 'fill' ? 'fill' : 'cash-flow',
    id: target.id,
    instrument: booked.instrument,
    leg: booked.leg,
    detail: booked.kind === 'fill' ? booked.side : booked.kind,
    booked: fieldsText(booked, fields),
    reported: reports.map(({ told, fields: of }) => fieldsText(told, of)).join(' or '),
    reportedBy: 'source',
    at: row.effectiveAt,
    sequence: row.sequence,
  };
}

/** The fields that differ, as `price 100, quantity 2`. */
function fieldsText(fact: ListedFact, fields: readonly string[]): string {
  const values = fact as unknown as Readonly<Record<string, unknown>>;
  return fields.map((field) => `${field} ${valueText(values[field])}`).join(', ');
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return 'unknown';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(valueText).join(' + ');
  if (typeof value === 'bigint') return instantText(value);
  if (typeof value !== 'object') return String(value);
  if ('coefficient' in value) return toText(value as Decimal);
  const { amount, currency } = value as Fee;
  return `${toText(amount)} ${currency}`;
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

/** Fills of a bot's orders, and what the venue told of the same orders since. */
function supersededFindings(reader: BookReader, { account, fold }: Books): readonly Finding[] {
  const inferred = inferredFills(reader, account);
  if (inferred === null) return [];
  const tickOf = (name: string) =>
    fold.context.instruments().find((one) => one.name === name)?.tickSize ?? null;
  return supersededBy(inferred, [], tickOf).map((one) => ({
    ...{ kind: 'superseded', account: account.name, ...one },
  }));
}

function waitingFindings(reader: BookReader, { account, waiting }: Books): readonly Finding[] {
  const rows = [
    ...reader.file.entriesOfKind(account.account, 'bust'),
    ...reader.file.entriesOfKind(account.account, 'correction'),
  ];
  // Findings are of the book as it is, which always knows what waits.
  return (waiting ?? []).map((executionId): Finding => {
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
