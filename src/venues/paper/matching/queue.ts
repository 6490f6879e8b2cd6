/**
 * Where a resting order stands in the queue at its price. On arrival everything that is displayed
 * there is ahead of it. Prints at the price eat what is ahead; a smaller display shrinks it to
 * what is displayed. A display often shows a trade before its print comes: what it took off is
 * `unexplained`, and later prints explain it first, so that nothing counts twice.
 *
 * So what is ahead here is never less than what would be ahead of it at a real venue.
 */
import { type PaperOrder, queueUnknown } from './order.ts';

export function joinQueue(order: PaperOrder, displayed: number): void {
  order.ahead = displayed;
  order.unexplained = 0;
}

/** The price shows this size now. */
export function seeDisplay(order: PaperOrder, displayed: number): void {
  if (order.ahead === queueUnknown) order.ahead = displayed;
  else if (displayed < order.ahead) {
    order.unexplained += order.ahead - displayed;
    order.ahead = displayed;
  }
}

/** A print of `size` at its price: what of it is left for the order. */
export function eatQueue(order: PaperOrder, size: number): number {
  if (order.ahead === queueUnknown) return 0;
  const explained = Math.min(order.unexplained, size);
  order.unexplained -= explained;
  const eating = size - explained;
  const eaten = Math.min(order.ahead, eating);
  order.ahead -= eaten;
  return eating - eaten;
}
