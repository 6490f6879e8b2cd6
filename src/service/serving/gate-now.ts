/** The gate as the service answers it, whoever asks: a bot, a person, or an order. */
import type { GateState } from '../../report/gate-document.ts';
import type { Account } from '../../store/accounts.ts';
import type { ServingParts } from './parts.ts';
import { standingsOf } from './reads/standings.ts';
import { gateFor } from './reads/summaries.ts';

export const gateNow = (parts: ServingParts, account: Account): GateState =>
  gateFor(parts, account, standingsOf(parts.reader).of(account));
