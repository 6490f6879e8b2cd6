/** What has become of an order. */
import type { Order } from '../api/account.ts';
import { isZero, shownAmount } from './amounts.ts';

export type OrderTold = Pick<Order, 'status' | 'filled' | 'quantity'>;

const ends = ['filled', 'cancelled', 'rejected', 'expired'];

export const isOver = (status: string): boolean => ends.includes(status);

/** An order of which nobody knows is none that is open. */
export function lifeWords({ status, filled, quantity }: OrderTold): string {
  if (status === 'unknown') return 'cannot say';
  const part =
    filled === null
      ? null
      : isZero(filled)
        ? ''
        : ` ${shownAmount(filled)} of ${shownAmount(quantity)}`;
  if (status === 'filled') return 'filled';
  if (isOver(status)) return part === null || part === '' ? status : `${status}, filled${part}`;
  if (part === null) return 'accepted, filled: not told';
  if (part !== '') return `partly filled${part}`;
  return status === 'new' ? 'sent' : 'accepted';
}
