/** Binance's refusals: a code and words, with an HTTP status that is an error. */

export class BinanceRefusal extends Error {
  readonly code: number;
  readonly status: number;

  constructor(code: number, message: string, status = 400) {
    super(message);
    this.name = 'BinanceRefusal';
    this.code = code;
    this.status = status;
  }
}

export const mandatory = (name: string) =>
  new BinanceRefusal(
    -1102,
    `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`,
  );

/** What the exchange refuses, in the venue's codes. */
const codes: Readonly<Record<string, readonly [code: number, words: string]>> = {
  'order-unknown': [-2013, 'Order does not exist.'],
  'order-done': [-2011, 'Unknown order sent.'],
  'client-order-id-duplicate': [-4116, 'ClientOrderId is duplicated.'],
  'insufficient-funds': [-2019, 'Margin is insufficient.'],
  'reduce-only-without-position': [-2022, 'ReduceOnly Order is rejected.'],
  'notional-too-small': [-4164, "Order's notional must be no smaller than the least"],
  'leg-not-in-mode': [-4061, "Order's position side does not match user's setting."],
  'quantity-off-lot': [-1111, 'Precision is over the maximum defined for this asset.'],
  'price-off-tick': [-4014, 'Price not increased by tick size.'],
};

export function refusalOf(code: string, why: string): BinanceRefusal {
  const told = codes[code];
  return told === undefined ? new BinanceRefusal(-1102, why) : new BinanceRefusal(...told);
}
