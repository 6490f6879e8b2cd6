/** What the parts of the exchange share: its clock, its books, its orders, and whom it tells. */
import { add, type Decimal, isZero, subtract, zero } from '../../decimal/decimal.ts';
import type { CashFact, CashKind, Fill } from '../../model/fact.ts';
import type { Instant } from '../../model/instant.ts';
import type { Instrument } from '../../model/instrument.ts';
import { Ledger } from './accounts/ledger.ts';
import { availableIn, type MarginRules } from './accounts/margin.ts';
import type { Market } from './matching/market.ts';
import type { PaperOrder } from './matching/order.ts';
import type { PaperEvent, PaperOptions } from './paper-exchange.ts';

export class Core {
  readonly options: PaperOptions;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly markets = new Map<string, Market>();
  readonly orders: PaperOrder[] = [];
  readonly open = new Set<PaperOrder>();
  readonly byId = new Map<string, PaperOrder>();
  readonly byClientId = new Map<string, PaperOrder>();
  readonly fills: Fill[] = [];
  readonly flows: CashFact[] = [];
  readonly busted = new Set<string>();
  /** Told, and not yet heard. */
  readonly outbox: PaperEvent[] = [];
  readonly margin: MarginRules;
  /** Begins every id: different runs never share one. */
  readonly tag: string;
  ledger: Ledger;
  now: Instant;
  readonly #reserved = new Map<string, Decimal>();
  #sequence = 0;

  constructor(options: PaperOptions) {
    this.options = options;
    this.instruments = new Map(options.instruments.map((one) => [one.name, one]));
    this.ledger = new Ledger(this.instruments);
    this.now = options.startAt;
    this.tag = `p${options.seed}-${options.startAt.toString(36)}`;
    const { leverageMax, maintenanceRate } = options;
    const markOf = (name: string) => this.markets.get(name)?.mark ?? null;
    this.margin = { leverageMax, maintenanceRate, markOf };
  }

  tell(event: PaperEvent): void {
    this.outbox.push(event);
  }

  /** The order of everything that moved money, also within one instant. */
  nextSequence(): string {
    this.#sequence += 1;
    return String(this.#sequence);
  }

  reserved(coin: string): Decimal {
    return this.#reserved.get(coin) ?? zero;
  }

  reserve(order: PaperOrder, coin: string, amount: Decimal): void {
    if (isZero(order.reserved) && isZero(amount)) return;
    this.#reserved.set(coin, add(subtract(this.reserved(coin), order.reserved), amount));
    order.reserved = amount;
  }

  available(coin: string): Decimal {
    return availableIn(coin, this.ledger, this.margin, this.reserved(coin));
  }

  /** Books money that no fill moved, and tells it. */
  cash(kind: CashKind, currency: string, amount: Decimal, of: Partial<CashFact> = {}): CashFact {
    const sequence = this.nextSequence();
    const flow: CashFact = {
      ...{ kind, account: this.options.account, currency, amount },
      id: `${this.tag}-c${sequence}`,
      ...{ instrument: null, leg: null, cost: null, fee: null, state: 'booked' },
      ...{ counterAccount: null, reason: null, venueSequence: sequence, time: this.now },
      ...of,
    };
    this.flows.push(flow);
    this.ledger.cash(flow);
    this.tell({ kind: 'cash-flow', at: this.now, flow });
    this.tell({ kind: 'balance', at: this.now, currency });
    return flow;
  }

  /** Takes a fill out of its books; false where a leg would then close more than it held. */
  takeBack(executionId: string): boolean {
    this.busted.add(executionId);
    const ledger = new Ledger(this.instruments);
    const facts = [...this.fills.filter((one) => !this.busted.has(one.executionId)), ...this.flows];
    facts.sort((a, b) => Number(a.venueSequence) - Number(b.venueSequence));
    for (const fact of facts) {
      if (fact.kind !== 'fill') ledger.cash(fact);
      else if (!ledger.crosses(fact)) ledger.fill(fact);
      else {
        this.busted.delete(executionId);
        return false;
      }
    }
    this.ledger = ledger;
    return true;
  }
}
