/** An order as the matching sees it: integers of its grid, and its place in the queue. */
import type { Decimal } from '../../../decimal/decimal.ts';
import type { Leg, OrderStatus } from '../../../model/fact.ts';
import type { Instant } from '../../../model/instant.ts';
import type { OrderRequest, TimeInForce } from '../../venue.ts';

/** How far the visible queue is that must trade before a resting order. */
export const queueUnknown = -1;

export interface PaperOrder {
  readonly number: number;
  readonly id: string;
  readonly request: OrderRequest;
  /** 1 buys, -1 sells. */
  readonly sign: 1 | -1;
  readonly leg: Leg;
  readonly timeInForce: TimeInForce;
  readonly reduceOnly: boolean;
  /** Units; an order without a limit takes any price. */
  price: number | null;
  quantity: number;
  filled: number;
  status: OrderStatus;
  stage: PaperStage;
  /** Of a resting order; see matching/queue.ts. */
  ahead: number;
  unexplained: number;
  /** What its fills are worth: the sum of quantity x price. */
  value: Decimal;
  /** Held back for it, by currency. */
  reserved: Decimal;
  /** Units of its quantity that close a position, for which nothing is held back. */
  closing: number;
  time: Instant;
}

/**
 * travelling  sent, not there yet
 * armed       waits for its trigger
 * waiting     there, but nothing is known of its market
 * resting     in the book
 * done        filled, cancelled, rejected
 */
export type PaperStage = 'travelling' | 'armed' | 'waiting' | 'resting' | 'done';

export const leftOf = (order: PaperOrder): number => order.quantity - order.filled;

export const isOpen = (order: PaperOrder): boolean => order.stage !== 'done';
