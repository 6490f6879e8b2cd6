/** The words of orders, as the paper exchange takes them. */
import type { PaperExchange } from '../../src/venues/paper/paper-exchange.ts';

export type OrderRequest = Parameters<PaperExchange['submit']>[0];
export type TimeInForce = OrderRequest['timeInForce'];
export type OrderReference = Parameters<PaperExchange['cancel']>[0];
export type OrderChange = Parameters<PaperExchange['amend']>[1];
export type Submitted = ReturnType<PaperExchange['submit']>;
