/** May a bot trade? From what is on record and kept: asked before every order. */
import { gateMaxAgeMs } from '../../../reconcile/gate.ts';
import { gateDocument } from '../../../report/gate-document.ts';
import type { Account } from '../../../store/accounts.ts';
import { gateAnswer } from '../documents/book.ts';
import { gateNow } from '../gate-now.ts';
import type { ServingParts } from '../parts.ts';
import { accountNamed } from '../reads/looks.ts';
import { route } from '../route.ts';
import { ofAccount } from './reading-accounts.ts';

/** What is denied by time alone is denied so much later, of five minutes. */
const holdsMs = 250;
const words = { method: 'GET', tag: 'gate', scope: 'read', holdsMs } as const;

const gates = route(
  {
    ...{ ...words, path: '/api/v1/gate' },
    summary: 'May a bot trade? Every account has to allow; the answer is 200 either way',
    answer: gateAnswer,
  },
  (parts) => ({ body: gatesOf(parts, parts.reader.file.accounts()) }),
);

const gate = route(
  {
    ...{ ...words, path: '/api/v1/gate/:account' },
    summary: 'May a bot trade on this account? `gate` says allow or deny, and why',
    params: ofAccount,
    answer: gateAnswer,
  },
  (parts, { params }) => ({ body: gatesOf(parts, [accountNamed(parts, params.account)]) }),
);

function gatesOf(parts: ServingParts, accounts: readonly Account[]) {
  const states = accounts.map((account) => gateNow(parts, account));
  // No account is nothing that would allow.
  const document = gateDocument(states, { now: parts.clock.now(), maxAgeMs: gateMaxAgeMs });
  return accounts.length > 0 ? document : { ...document, gate: 'deny', exitCode: 3 };
}

export const gateRoutes = [gates, gate];
