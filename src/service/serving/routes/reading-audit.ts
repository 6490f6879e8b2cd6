/** The audit trail: entries of all accounts in one line of time, the chain, and who asked. */
import { z } from 'zod';
import { type EntryRow, entryKinds } from '../../../model/entry.ts';
import { type Instant, instant, instantText, instantTextOrNull } from '../../../model/instant.ts';
import type { Account } from '../../../store/accounts.ts';
import { breakOf, reversedBy } from '../../reconcile-entries.ts';
import { remarkBy } from '../../remarks.ts';
import { cursorOf, placeOf } from '../cursors.ts';
import * as form from '../documents/forms.ts';
import * as shown from '../documents/operations.ts';
import type { ServingParts } from '../parts.ts';
import { aside } from '../reads/aside.ts';
import { type Recorded, recordedBackwards } from '../reads/audit.ts';
import { personOf } from '../reads/break-history.ts';
import { pagesOf } from '../reads/chronicle.ts';
import { entryShown } from '../reads/entries.ts';
import { accountsChosen, asOfOf } from '../reads/looks.ts';
import { lastVerification, noteVerification } from '../reads/verification.ts';
import { route } from '../route.ts';

const words = { method: 'GET', tag: 'audit', scope: 'read' } as const;

const audit = route(
  {
    ...{ ...words, path: '/api/v1/audit', holdsMs: 1_000 },
    summary: 'What was recorded, in all accounts or one, the newest first',
    query: z.object({
      ...form.pageQuery,
      account: z.string().max(200).optional(),
      kind: z.enum(entryKinds as [string, ...string[]]).optional(),
      ...form.asOfIn('Entries that were recorded at it or before it, and the head of that instant'),
    }),
    answer: shown.auditAnswer,
  },
  (parts, { query }) => {
    const accounts = accountsChosen(parts, query.account);
    const upTo = asOfOf(query);
    const place = placeOf('audit', query.cursor, upTo);
    const kinds = query.kind === undefined ? null : [query.kind as EntryRow['kind']];
    return parts.reader.file.read(() => {
      const choice = { place, upTo, kinds, limit: query.limit };
      const page = recordedBackwards(parts, accounts, choice);
      return {
        body: {
          schema: 'trueup.audit/1',
          asOf: instantTextOrNull(upTo),
          items: page.items.map((one) => auditRow(parts, one)),
          next: page.next === null ? null : cursorOf('audit', page.next, upTo),
          verified: verifiedBy(parts, upTo),
          head: accounts.length === 1 ? headOf(parts, accounts[0]!, upTo) : null,
        },
      };
    });
  },
);

/** What was recomputed later says nothing of what was known then. */
function verifiedBy({ reader }: ServingParts, upTo: Instant | null) {
  const last = lastVerification(reader);
  return last === null || upTo === null || instant(last.at) <= upTo ? last : null;
}

/** Null: nothing was recorded of it by then. */
function headOf({ reader }: ServingParts, { account }: Account, upTo: Instant | null) {
  const { sequence, hash } = reader.file.head(account);
  if (upTo === null) return { sequence, hash };
  const pages = pagesOf(reader);
  const last = pages.lastBefore(account, upTo + 1n, sequence);
  return last === 0 ? null : { sequence: last, hash: pages.batchOf(account, last)!.hash };
}

function auditRow(parts: ServingParts, { row, account }: Recorded): shown.AuditRow {
  const { words: what, ...rest } = entryShown(parts, account, row);
  return { account: account.name, ...rest, what, by: whoIn(parts, row) };
}

/** The person whom an entry names; null: it names none, whoever it was. */
function whoIn(parts: ServingParts, row: EntryRow): string | null {
  const { file } = parts.reader;
  switch (row.kind) {
    case 'break':
      return personOf(parts, breakOf(row));
    case 'reversal':
      return reversedBy(file, row);
    case 'remark':
      return remarkBy(file, row);
    default:
      return policyBy(parts, row);
  }
}

/** A stop of repairs names who said it. */
function policyBy({ reader }: ServingParts, { kind, body }: EntryRow): string | null {
  if (kind !== 'policy' || body === null) return null;
  const { by = null } = JSON.parse(body) as { readonly by?: string | null };
  return by === null ? null : reader.file.text(by);
}

const verify = route(
  {
    ...{ ...words, path: '/api/v1/audit/verify', holdsMs: null },
    summary: 'Recomputes every hash of the book now, aside; the answer comes when it is done',
    answer: shown.verifyAnswer,
  },
  async (parts) => {
    const { findings, heads, entries } = await aside(parts, 'verified', {});
    const at = parts.clock.now();
    noteVerification(parts.reader, at, { findings, heads });
    const body = {
      ...{ schema: 'trueup.verify/1', at: instantText(at), sound: findings.length === 0 },
      ...{ entries, heads, findings },
    };
    return { body };
  },
);

const actions = route(
  {
    ...{ ...words, path: '/api/v1/actions', holdsMs: null },
    summary: 'Who asked for what over HTTP, the newest first',
    query: z.object({
      ...form.pageQuery,
      ...form.asOfIn('Requests that were answered at it or before it'),
      actor: z.string().max(100).optional(),
    }),
    answer: shown.actionsAnswer,
  },
  ({ file }, { query }) => {
    const upTo = asOfOf(query);
    const [before] = placeOf('actions', query.cursor, upTo) ?? [Number.MAX_SAFE_INTEGER];
    const rows = file.driver
      .prepare(
        `SELECT n, at, actor, action, object, status, request_id FROM service_actions
         WHERE n < ?1 AND (?2 IS NULL OR actor = ?2) AND (?4 IS NULL OR at <= ?4)
         ORDER BY n DESC LIMIT ?3`,
        { bigints: true },
      )
      .all(before, query.actor ?? null, query.limit, upTo);
    const items = rows.map(([n, at, actor, action, object, status, requestId]) => ({
      ...{ n: Number(n), at: instantText(at as bigint), actor, action, object },
      ...{ status: Number(status), requestId },
    }));
    const last = items.length === query.limit ? items.at(-1)! : null;
    const next = last === null ? null : cursorOf('actions', [last.n], upTo);
    const asOf = instantTextOrNull(upTo);
    return { body: { schema: 'trueup.actions/1', asOf, items, next } };
  },
);

export const auditRoutes = [audit, verify, actions];
