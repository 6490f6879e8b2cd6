/** Orders that are open by the book: how far each is filled, and its ids to copy. */
import type { Account, Order } from '../../api/account.ts';
import { Amount } from '../../parts/amount.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Instant } from '../../parts/instant.tsx';
import { Section } from '../../parts/section.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { asOf } from '../../state/location.ts';
import { open } from '../../state/overlays.ts';
import { placesOf } from '../../words/amounts.ts';
import { OrderLife } from './order-life.tsx';

export function OrderTable({ one }: { readonly one: Account }) {
  const { openOrders } = one;
  return (
    <Section title="Open orders">
      {openOrders.length === 0 ? (
        <Empty title={asOf.value === null ? 'No order is open' : 'No order was open then'}>
          By the book; the venue is asked at each check.
        </Empty>
      ) : (
        <Table
          caption="Open orders"
          columns={columnsOf(openOrders)}
          rows={openOrders}
          keyOf={({ orderId }) => orderId}
          onOpen={({ sequence }) => open({ name: 'entry', account: one.account, sequence })}
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
    { head: 'Life', cell: (order) => <OrderLife order={order} /> },
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
