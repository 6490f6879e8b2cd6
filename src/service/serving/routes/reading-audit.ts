/** The audit trail: entries of all accounts in one line of time, the chain, and who asked. */
import { z } from 'zod';
import { type EntryRow, entryKinds } from '../../../model/entry.ts';
import { instantText } from '../../../model/instant.ts';
import type { Account } from '../../../store/accounts.ts';
import { breakOf } from '../../reconcile-entries.ts';
import { cursorOf, placeOf } from '../cursors.ts';
import * as form from '../documents/forms.ts';
import * as shown from '../documents/operations.ts';
import type { ServingParts } from '../parts.ts';
import { aside } from '../reads/aside.ts';
import { type Recorded, recordedBackwards } from '../reads/audit.ts';
import { personOf } from '../reads/break-history.ts';
import { entryShown } from '../reads/entries.ts';
import { accountsChosen } from '../reads/looks.ts';
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
    }),
    answer: shown.auditAnswer,
  },
  (parts, { query }) => {
    const accounts = accountsChosen(parts, query.account);
    const place = placeOf('audit', query.cursor);
    const kinds = query.kind === undefined ? null : [query.kind as EntryRow['kind']];
    return parts.reader.file.read(() => {
      const page = recordedBackwards(parts, accounts, { place, kinds, limit: query.limit });
      return {
        body: {
          schema: 'trueup.audit/1',
          items: page.items.map((one) => auditRow(parts, one)),
          next: page.next === null ? null : cursorOf('audit', page.next),
          verified: lastVerification(parts.reader),
          head: accounts.length === 1 ? headOf(parts, accounts[0]!) : null,
        },
      };
    });
  },
);

function headOf({ reader }: ServingParts, { account }: Account) {
  const { sequence, hash } = reader.file.head(account);
  return { sequence, hash };
}

function auditRow(parts: ServingParts, { row, account }: Recorded): shown.AuditRow {
  const { words: what, ...rest } = entryShown(parts, account, row);
  const by = row.kind === 'break' ? personOf(parts, breakOf(row)) : policyBy(parts, row);
  return { account: account.name, ...rest, what, by };
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
    query: z.object({ ...form.pageQuery, actor: z.string().max(100).optional() }),
    answer: shown.actionsAnswer,
  },
  ({ file }, { query }) => {
    const [before] = placeOf('actions', query.cursor) ?? [Number.MAX_SAFE_INTEGER];
    const rows = file.driver
      .prepare(
        `SELECT n, at, actor, action, object, status, request_id FROM service_actions
         WHERE n < ?1 AND (?2 IS NULL OR actor = ?2) ORDER BY n DESC LIMIT ?3`,
        { bigints: true },
      )
      .all(before, query.actor ?? null, query.limit);
    const items = rows.map(([n, at, actor, action, object, status, requestId]) => ({
      ...{ n: Number(n), at: instantText(at as bigint), actor, action, object },
      ...{ status: Number(status), requestId },
    }));
    const last = items.length === query.limit ? items.at(-1)! : null;
    const next = last === null ? null : cursorOf('actions', [last.n]);
    return { body: { schema: 'trueup.actions/1', items, next } };
  },
);

export const auditRoutes = [audit, verify, actions];
