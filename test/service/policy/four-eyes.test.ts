/** Who proposed a repair is on record, and does not approve it where two people are asked for. */
import { afterEach, expect, test } from 'vitest';
import { sha256 } from '../../../src/journal/digest.ts';
import { auditOf } from '../../../src/service/auditing.ts';
import { knownBreaks } from '../../../src/service/reconcile-entries.ts';
import { approveBreak } from '../../../src/service/syncing.ts';
import {
  balances,
  cash,
  closeDesks,
  type Desk,
  list,
  open,
  openDesk,
  says,
  syncedOf,
} from '../reconcile/desk.ts';

afterEach(closeDesks);

/** 4 USDT less than the book holds, and nobody knows why: adjusted, if a person wants it. */
const off = says({ balances: balances({ USDT: '996' }) });

/** `by` null: nobody said. */
async function proposed(by: string | null): Promise<{ desk: Desk; id: string; plan: string }> {
  const desk = await openDesk(cash('deposit', 'd1', '1000'));
  const [one] = open(await desk.check(off));
  const result = await desk.sync(off, by === null ? {} : { by }, [one!.id]);
  return { desk, id: one!.id, plan: syncedOf(result).plan };
}

const approval = (desk: Desk, breakId: string, plan: string, by: string | null, fourEyes = true) =>
  approveBreak(desk.reader, desk.writer, desk.account(), {
    ...{ breakId, plans: [plan], at: desk.clock.now(), fourEyes },
    ...(by === null ? {} : { by }),
  });

test.each([
  { by: 'Ada', approver: 'Ada', fourEyes: false, becomes: 'APPROVED' },
  { by: 'Ada', approver: 'Bob', fourEyes: true, becomes: 'APPROVED' },
  { by: 'Ada', approver: 'Ada', fourEyes: true, becomes: 'approval-own' },
  { by: 'Ada', approver: null, fourEyes: true, becomes: 'approval-unnamed' },
  { by: null, approver: 'Bob', fourEyes: true, becomes: 'proposal-unnamed' },
  { by: null, approver: 'Bob', fourEyes: false, becomes: 'APPROVED' },
])(
  'PO12 proposed by $by, approved by $approver, two asked for $fourEyes: $becomes',
  async (row) => {
    const { desk, id, plan } = await proposed(row.by);
    const before = desk.head;
    const result = await approval(desk, id, plan, row.approver, row.fourEyes);
    expect(result.ok ? result.value.state : result.refusal.code).toBe(row.becomes);
    expect(desk.head - before).toBe(result.ok ? 1 : 0);
  },
);

test('PO12 the refusal names who proposed, and how it goes on', async () => {
  const { desk, id, plan } = await proposed('Ada');
  expect(await approval(desk, id, plan, 'Ada')).toMatchObject({
    refusal: {
      message: `Ada proposed ${id}`,
      rule: 'whoever proposed does not approve (policy.approvals.fourEyes)',
      hint: `another person: trueup approve ${id} --plan ${plan.slice(0, 8)}`,
    },
  });
});

test('PO12 the name is a hash in the journal, and shown by the audit', async () => {
  const { desk, id } = await proposed('Ada');
  const { account } = desk.account();
  const one = knownBreaks(desk.reader.file, account).breaks.find((each) => each.id === id)!;
  expect(one.repair).toMatchObject({ needsApproval: true, proposedBy: sha256('Ada') });
  const options = { from: null, to: null, kinds: new Set(['break']), limit: 9, postings: false };
  const { entries } = auditOf(desk.reader.file, desk.account(), options);
  const words = entries.map(({ what }) => what);
  expect(words).toContain(`${id} PROPOSED UNEXPLAINED, proposed by Ada`);
});

test('PO12 the first to propose a plan stays; one without a name is proposed again', async () => {
  const { desk, id, plan } = await proposed(null);
  await desk.sync(off, { by: 'Ada' }, [id]);
  await desk.sync(off, { by: 'Bob' }, [id]);
  expect(await approval(desk, id, plan, 'Ada')).toMatchObject({
    refusal: { code: 'approval-own' },
  });
  expect((await approval(desk, id, plan, 'Bob')).ok).toBe(true);
});

test('PO12 what the policy books by itself is proposed by trueup', async () => {
  const desk = await openDesk(cash('deposit', 'd1', '1000'));
  const listed = [cash('deposit', 'd1', '1000'), cash('deposit', 'd2', '5')];
  const { checked } = await desk.apply(
    says({ balances: balances({ USDT: '1005' }), cashFlows: list(listed) }),
    { auto: true },
  );
  expect(checked[0]!.reconciled.breaks).toMatchObject([{ state: 'VERIFIED' }]);
  const { account } = desk.account();
  const proposals = [...desk.reader.file.entries(account)].flatMap(({ kind, body }) =>
    kind === 'break' && body!.includes('"PROPOSED"') ? [JSON.parse(body!)] : [],
  );
  expect(proposals).toMatchObject([{ repair: { needsApproval: false, proposedBy: 'trueup' } }]);
});
