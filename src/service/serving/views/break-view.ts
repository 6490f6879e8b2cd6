/** Breaks as the list, the page of one and the totals show them. Pure. */
import type { z } from 'zod';
import { compare, type Decimal } from '../../../decimal/decimal.ts';
import { toTextOrNull } from '../../../decimal/text.ts';
import { type Break, severityRank } from '../../../model/break.ts';
import {
  type Instant,
  instantText,
  instantTextOrNull,
  millisecondsBetween,
} from '../../../model/instant.ts';
import { isClosed } from '../../../model/life-cycle.ts';
import { reasonTitles } from '../../../model/reason.ts';
import { explanationJson, holdJson, lineJson } from '../../../report/check-document.ts';
import type { Account } from '../../../store/accounts.ts';
import type { BreakSummary, explanation, line } from '../documents/breaks.ts';

export type Whose = Pick<Account, 'name' | 'mode' | 'currency'>;

export const secondsSince = (at: Instant, now: Instant): number =>
  Math.max(0, Math.floor(millisecondsBetween(at, now) / 1_000));

export function breakSummary(one: Break, whose: Whose, now: Instant): BreakSummary {
  return {
    ...{ id: one.id, reason: one.reason, title: reasonTitles[one.reason] },
    ...{ confidence: one.confidence, severity: one.severity, state: one.state },
    ...{ account: one.account, mode: whose.mode, currency: whose.currency },
    openedAt: instantText(one.openedAt),
    firstOpenedAt: instantTextOrNull(one.firstOpenedAt ?? null),
    changedAt: instantText(one.changedAt),
    ageSeconds: secondsSince(one.openedAt, now),
    gross: toTextOrNull(one.gross),
    net: toTextOrNull(one.net),
    keys: [...new Set(one.lines.map(({ key }) => key))],
    waitsFor: waitsFor(one),
    hold: one.hold === null ? null : (holdJson(one.hold) as BreakSummary['hold']),
  };
}

/** Who has to do something next. */
export function waitsFor(one: Break): BreakSummary['waitsFor'] {
  if (isClosed(one)) return 'closed';
  switch (one.state) {
    case 'SETTLING':
    case 'REPAIRED':
      return 'venue';
    case 'PROPOSED':
      return one.repair?.needsApproval === false ? 'policy' : 'person';
    case 'APPROVED':
      return 'policy';
    default:
      if (one.remedy == null) return 'nobody';
      return one.remedy.proven && !one.remedy.worsens ? 'policy' : 'person';
  }
}

export const waitsForApproval = ({ state, repair }: Break): boolean =>
  state === 'PROPOSED' && repair?.needsApproval === true;

/** The most severe first, then the largest, then the oldest. */
export function compareBreaks(a: Break, b: Break): number {
  return (
    severityRank(b.severity) - severityRank(a.severity) ||
    compareSizes(a.gross, b.gross) ||
    (a.openedAt < b.openedAt ? -1 : a.openedAt > b.openedAt ? 1 : a.id < b.id ? -1 : 1)
  );
}

/** What has no price may be any size: it comes first. */
function compareSizes(a: Decimal | null, b: Decimal | null): number {
  if (a === null || b === null) return Number(b === null) - Number(a === null);
  return compare(b, a);
}

export const lineShown = (one: Break['lines'][number]): z.infer<typeof line> =>
  lineJson(one) as z.infer<typeof line>;

export const explanationShown = (one: Break): z.infer<typeof explanation> =>
  explanationJson(one) as z.infer<typeof explanation>;
