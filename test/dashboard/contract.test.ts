/** The page's own types against the service's schemas: the compiler is the test. */
import { expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type * as pageAccount from '../../dashboard/api/account.ts';
import type * as pageBreaks from '../../dashboard/api/breaks.ts';
import type * as pageEquity from '../../dashboard/api/equity.ts';
import type * as pageHome from '../../dashboard/api/home.ts';
import type * as page from '../../dashboard/api/operations.ts';
import type { Policy } from '../../dashboard/api/policy.ts';
import type { Rows } from '../../dashboard/api/rows.ts';
import type { Sides } from '../../dashboard/api/sides.ts';
import type { KindAsked } from '../../dashboard/words/entry-kinds.ts';
import type { EntryKind } from '../../src/model/entry.ts';
import type {
  AccountAnswer,
  entryAnswer,
  WhyAnswer,
} from '../../src/service/serving/documents/account.ts';
import type * as breaks from '../../src/service/serving/documents/breaks.ts';
import type * as equity from '../../src/service/serving/documents/equity.ts';
import type { HomeAnswer } from '../../src/service/serving/documents/home.ts';
import type * as service from '../../src/service/serving/documents/operations.ts';
import type { reportsAnswer } from '../../src/service/serving/documents/reports.ts';
import type { RowsAnswer } from '../../src/service/serving/documents/rows.ts';
import type { policyAnswer } from '../../src/service/serving/documents/settings.ts';
import type { SidesAnswer } from '../../src/service/serving/documents/sides.ts';
import type { sessionAnswer } from '../../src/service/serving/routes/writing-session.ts';

test('UI1 each answer of the service is what the page reads', () => {
  expectTypeOf<HomeAnswer>().toExtend<pageHome.Home>();
  expectTypeOf<breaks.BreaksAnswer>().toExtend<pageBreaks.Breaks>();
  expectTypeOf<breaks.BreakAnswer>().toExtend<pageBreaks.Break>();
  expectTypeOf<AccountAnswer>().toExtend<pageAccount.Account>();
  expectTypeOf<z.infer<typeof entryAnswer>>().toExtend<pageAccount.Entry>();
  expectTypeOf<SidesAnswer>().toExtend<Sides>();
  expectTypeOf<WhyAnswer>().toExtend<pageAccount.Why>();
  expectTypeOf<RowsAnswer>().toExtend<Rows>();
  expectTypeOf<equity.EquityAnswer>().toExtend<pageEquity.Equity>();
  expectTypeOf<equity.BridgeAnswer>().toExtend<pageEquity.Bridge>();
  expectTypeOf<z.infer<typeof service.venuesAnswer>>().toExtend<page.Venues>();
  expectTypeOf<z.infer<typeof service.dutiesAnswer>>().toExtend<page.Duties>();
  expectTypeOf<z.infer<typeof service.auditAnswer>>().toExtend<page.Audit>();
  expectTypeOf<KindAsked>().toExtend<EntryKind>();
  expectTypeOf<z.infer<typeof service.actionsAnswer>>().toExtend<page.Actions>();
  expectTypeOf<z.infer<typeof service.exitsAnswer>>().toExtend<page.Exits>();
  expectTypeOf<z.infer<typeof reportsAnswer>>().toExtend<page.Reports>();
  expectTypeOf<z.infer<typeof policyAnswer>>().toExtend<Policy>();
  expectTypeOf<z.infer<typeof sessionAnswer>>().toExtend<page.Session>();
});
