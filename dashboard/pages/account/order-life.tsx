/** Sent, accepted, so much of it filled, done. The length of a bar is a coordinate. */
import { coordinateOf } from '../../words/amounts.ts';
import { isOver, lifeWords, type OrderTold } from '../../words/order-words.ts';

export function OrderLife({ order }: { readonly order: OrderTold }) {
  const { status, filled, quantity } = order;
  const share = filled === null ? null : coordinateOf(filled) / coordinateOf(quantity);
  const isAccepted = status !== 'new' && status !== 'rejected' && status !== 'unknown';
  const words = lifeWords(order);
  return (
    <span class="life" title={`${status}, ${filled ?? 'unknown'} of ${quantity}`}>
      <span class="life-bar" aria-hidden="true">
        <i class="life-step">
          <i style={{ width: '100%' }} />
        </i>
        <i class="life-step">
          <i
            class={status === 'unknown' ? 'is-unknown' : ''}
            style={{ width: isAccepted || status === 'unknown' ? '100%' : '0' }}
          />
        </i>
        <i class="life-step life-filled">
          <i
            class={share === null ? 'is-unknown' : ''}
            style={{ width: `${(share ?? 1) * 100}%` }}
          />
        </i>
        <i class={`life-end${isOver(status) ? ' is-over' : ''}`} />
      </span>
      {words}
    </span>
  );
}
