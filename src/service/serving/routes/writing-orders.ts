/** Orders, by the name that programs of old know, and exact under /api/v1. */
import { z } from 'zod';
import { cancelAnswer, clientOrderId, orderAnswer } from '../documents/changes.ts';
import * as form from '../documents/forms.ts';
import { plainOrder, plainOrderAnswer } from '../documents/incident.ts';
import { cancel, orderName, place } from '../ordering.ts';
import { Problem } from '../problem.ts';
import { type Asked, route } from '../route.ts';

const tag = 'orders';

const plainRoute = route(
  {
    ...{ method: 'POST', path: '/api/order', tag, scope: 'trade' },
    summary:
      'Send an order: 200 with its status, or 400 with the reason. It has a clientOrderId, or an ' +
      'Idempotency-Key in its head; quantity and price are texts',
    ...{ body: plainOrder, answer: plainOrderAnswer, idempotencyKey: false },
  },
  async (parts, { body, ...asked }) => {
    const { symbol, ...order } = body;
    const name = nameOf(asked, order.clientOrderId);
    try {
      const { status, ...placed } = await place(parts, { ...order, instrument: symbol }, name);
      const { orderId, account, why } = placed;
      const said = status === 'accepted' ? 'success' : status;
      return {
        body: { status: said, orderId, clientOrderId: placed.clientOrderId, account, symbol, why },
      };
    } catch (error) {
      // Programs of that time know 200 and 400.
      if (!(error instanceof Problem) || error.kind.code !== 'gate-denies') throw error;
      throw new Problem('refused', error.message, { hint: error.hint, ...error.more });
    }
  },
);

const orderRoute = route(
  {
    ...{ method: 'POST', path: '/api/v1/orders', tag, scope: 'trade' },
    summary: 'Send an order to the venue of an account, where the gate allows it',
    body: z.strictObject({
      account: z.string().optional(),
      instrument: z.string().min(1).max(100),
      side: z.enum(['buy', 'sell']),
      quantity: form.amount,
      type: z.enum(['market', 'limit']),
      price: form.amount.optional(),
      timeInForce: z.enum(['gtc', 'ioc', 'fok', 'post-only']).optional(),
      reduceOnly: z.boolean().default(false),
      leg: z.enum(['net', 'long', 'short']).default('net'),
      clientOrderId: clientOrderId.optional(),
    }),
    answer: orderAnswer,
  },
  async (parts, { body, ...asked }) => {
    const placed = await place(parts, body, nameOf(asked, body.clientOrderId));
    return { body: { schema: 'trueup.order/1', ...placed } };
  },
);

const cancelRoute = route(
  {
    ...{ method: 'POST', path: '/api/v1/orders/:id/cancel', tag, scope: 'trade' },
    summary: 'Cancel an order; what filled before it is in the book all the same',
    params: z.object({ id: z.string().min(1).max(100) }),
    body: z.strictObject({
      account: z.string().optional(),
      instrument: z.string().min(1).max(100),
      clientOrderId: clientOrderId.optional(),
    }),
    answer: cancelAnswer,
  },
  async (parts, { params: { id }, body: { account, instrument, clientOrderId: name = null } }) => {
    const reference = { instrument, orderId: id, clientOrderId: name };
    const placed = await cancel(parts, account, reference);
    return { body: { schema: 'trueup.order/1', ...placed } };
  },
);

type Asker = Pick<Asked<unknown, unknown, unknown>, 'actor' | 'idempotencyKey'>;

/** An order without any name could be sent twice. */
function nameOf({ actor, idempotencyKey }: Asker, given: string | undefined): string {
  if (given !== undefined) return given;
  if (idempotencyKey !== null) return orderName(actor.token ?? actor.name, idempotencyKey);
  throw new Problem('keyMissing', 'an order needs Idempotency-Key, or a clientOrderId of its own');
}

export const orderRoutes = [plainRoute, orderRoute, cancelRoute] as const;
