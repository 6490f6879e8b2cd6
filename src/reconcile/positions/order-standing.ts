/** Where an order stands, by whoever knows it better than the store. */
import type { Decimal } from '../../decimal/decimal.ts';
import type { OrderStatus } from '../../model/fact.ts';
import type { StatementOrder } from '../../model/statement.ts';

export type FinalStatus = Exclude<OrderStatus, 'new' | 'open' | 'unknown'>;

export type Standing =
  | { readonly kind: 'open'; readonly filled: Decimal | null; readonly order: StatementOrder }
  | {
      readonly kind: 'final';
      readonly status: FinalStatus;
      readonly filled: Decimal | null;
      readonly proven: boolean;
    }
  /** It does not rest any more; how it ended nobody told. Null: nor how much was executed. */
  | { readonly kind: 'gone'; readonly filled: Decimal | null }
  | { readonly kind: 'unknown'; readonly why: string };
