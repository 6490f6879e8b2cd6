/** Orders that are open by the book: how far each is filled, and its ids to copy. */
import type { Account, Order } from '../../api/account.ts';
import { Amount } from '../../parts/amount.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Instant } from '../../parts/instant.tsx';
import { Section } from '../../parts/section.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { coordinateOf, placesOf } from '../../words/amounts.ts';

export function OrderTable({ one }: { readonly one: Account }) {
  const { openOrders } = one;
  return (
    <Section title="Open orders">
      {openOrders.length === 0 ? (
        <Empty title="No order is open">By the book; the venue is asked at each check.</Empty>
      ) : (
        <Table
          caption="Open orders"
          columns={columnsOf(openOrders)}
          rows={openOrders}
          keyOf={({ orderId }) => orderId}
        />
      )}
    </Section>
  );
}

function columnsOf(orders: readonly Order[]): readonly Column<Order>[] {
  const sizes = placesOf(orders.flatMap(({ quantity, filled }) => [quantity, filled]));
  const prices = placesOf(orders.map(({ price }) => price));
  return [
    { ...{ head: 'Instrument', kind: 'title' }, cell: ({ instrument }) => <b>{instrument}</b> },
    {
      head: 'Side',
      cell: ({ side, type, reduceOnly }) => (
        <>
          <span class={`side-${side}`}>{side}</span> {type}
          {reduceOnly && <span class="quiet"> reduces only</span>}
        </>
      ),
    },
    {
      ...{ head: 'Quantity', kind: 'number' },
      cell: ({ quantity }) => <Amount value={quantity} places={sizes} />,
    },
    {
      ...{ head: 'Filled', kind: 'number' },
      cell: ({ filled }) => <Amount value={filled} places={sizes} />,
    },
    { head: 'Life', cell: (order) => <Life order={order} /> },
    {
      ...{ head: 'Price', kind: 'number' },
      cell: ({ price }) => (price === null ? 'market' : <Amount value={price} places={prices} />),
    },
    { head: 'Since', cell: ({ time }) => <Instant time={time} /> },
    {
      ...{ head: 'Ids', kind: 'wide' },
      cell: ({ orderId, clientOrderId }) => (
        <>
          <CopyButton label={orderId} text={orderId} />
          {clientOrderId !== null && <CopyButton label={clientOrderId} text={clientOrderId} />}
        </>
      ),
    },
  ];
}

/** Sent, accepted, so much of it filled. The length of a bar is a coordinate. */
function Life({ order }: { readonly order: Order }) {
  const { status, filled, quantity } = order;
  const share = filled === null ? null : (coordinateOf(filled) / coordinateOf(quantity)) * 100;
  return (
    <span class="life" title={`${status}, ${filled ?? 'unknown'} of ${quantity}`}>
      <span class="life-bar">
        <i style={{ width: `${share ?? 100}%` }} class={share === null ? 'is-unknown' : ''} />
      </span>
      {status}
    </span>
  );
}
