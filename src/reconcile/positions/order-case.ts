/** What is found of one order in a bot's store, as a case. */
import { zero } from '../../decimal/decimal.ts';
import type { Reason } from '../../model/reason.ts';
import type { ExplainedCase } from '../explain.ts';
import type { ComparedLine, Sighting } from '../judge.ts';
import type { CaseWrites } from '../row-writes.ts';
import type { OrderFacts } from './order-facts.ts';
import type { OwnOrders } from './own-orders.ts';
import type { CheckPositionsInput, PlacedRow } from './port.ts';

export interface StoredOrdersAsked {
  readonly input: CheckPositionsInput;
  readonly own: OwnOrders;
  /** Rows by leg: an order that reduces one is of its position. */
  readonly rows: ReadonlyMap<string, PlacedRow>;
  readonly seen: ReadonlyMap<string, Sighting>;
}

export interface OrderFinding {
  readonly reason: Reason;
  readonly proven: boolean;
  readonly sentence: string;
  readonly writes: CaseWrites | null;
}

export function caseOfOrder(
  account: string,
  line: ComparedLine,
  { reason, proven, sentence, writes }: OrderFinding,
  { evidence }: Pick<OrderFacts, 'evidence'>,
): ExplainedCase {
  const residual = { what: 'order', key: line.key, leg: null, residual: zero } as const;
  return {
    ...{ account, lines: [line], touched: [], gaps: [], settling: line.verdict === 'settling' },
    ...{ reason, confidence: proven ? 'proven' : 'likely', writes },
    explanation: {
      ...{ sentence, evidence, residual: zero, residuals: [residual], ruledOut: [] },
    },
    ...{ steps: [], effects: [], worsens: false, value: { gross: zero, net: zero }, unvalued: [] },
  };
}
