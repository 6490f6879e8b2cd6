/** Whose the positions of an account are: the bot's are those that an order of the bot opened. */
import type { HeldPosition } from '../../exits/facts.ts';
import { placeKey } from '../../exits/plan.ts';
import type { Fill } from '../../model/fact.ts';
import { instantText } from '../../model/instant.ts';
import type { Account } from '../../store/accounts.ts';
import type { Venue } from '../../venues/venue.ts';
import { asked, type Patience } from '../listening/asking.ts';
import type { BookReader } from '../reading.ts';

/** How the client order ids of the bot begin; `all`: whatever the account holds is the bot's. */
export type OwnOrders = 'all' | readonly string[];

export interface OwnershipParts {
  readonly reader: BookReader;
  readonly account: Account;
  readonly venue: Pick<Venue, 'order'>;
  readonly patience: Patience;
  readonly ownOrders: OwnOrders;
  /** Ids of every order that the bot's own database knows; asked for where they decide. */
  readonly stored: () => Promise<ReadonlySet<string>>;
}

/** Null: nobody says whose it is. */
type Whose = boolean | null;

/** So many orders of one run are asked for by their ids. */
const askedMax = 50;

export class Ownership {
  readonly #parts: OwnershipParts;
  /** By place and opening: what opened a position does not change. */
  readonly #decided = new Map<string, boolean>();
  #stored: ReadonlySet<string> | null = null;
  #askedFor = 0;

  constructor(parts: OwnershipParts) {
    this.#parts = parts;
  }

  /** The same positions, each with whose it is. */
  async of(held: readonly HeldPosition[]): Promise<readonly HeldPosition[]> {
    if (this.#parts.ownOrders === 'all') return held;
    const openers = this.#openersOf(held.filter((one) => !this.#decided.has(nameOf(one))));
    const named: HeldPosition[] = [];
    for (const one of held) {
      const isOurs = this.#decided.get(nameOf(one)) ?? (await this.#whose(one, openers));
      named.push({ ...one, isOurs });
    }
    return named;
  }

  #openersOf(held: readonly HeldPosition[]): ReadonlyMap<string, readonly Fill[]> {
    const { reader, account } = this.#parts;
    const openers = new Map<string, Fill[]>();
    if (held.length === 0) return openers;
    const openedAt = new Map(held.map((one) => [placeKey(one), one.openedAt]));
    for (const { fact } of reader.factsInForce(account)) {
      const place = fact.kind === 'fill' ? placeKey(fact) : '';
      if (fact.kind !== 'fill' || openedAt.get(place) !== fact.time) continue;
      openers.set(place, [...(openers.get(place) ?? []), fact]);
    }
    return openers;
  }

  /** What is not known is asked for again at the next look. */
  async #whose(one: HeldPosition, openers: ReadonlyMap<string, readonly Fill[]>): Promise<Whose> {
    const fills = openers.get(placeKey(one)) ?? [];
    let whose: Whose = fills.length > 0;
    for (const fill of fills) {
      const isOwn = await this.#isOwn(fill);
      if (isOwn !== true && whose !== false) whose = isOwn;
    }
    if (whose !== null) this.#decided.set(nameOf(one), whose);
    return whose;
  }

  async #isOwn(fill: Fill): Promise<Whose> {
    // No venue tells a strategy: whoever reported the fill as one's own said it.
    if (fill.strategy !== null) return true;
    this.#stored ??= await this.#parts.stored();
    const { orderId, clientOrderId } = fill;
    if ([orderId, clientOrderId].some((id) => id !== null && this.#stored!.has(id))) return true;
    if (this.#parts.ownOrders.length === 0) return false;
    const told = clientOrderId ?? this.#bookedNameOf(fill);
    const name = told ?? (await this.#askedNameOf(fill));
    if (name === undefined) return null;
    return this.#begins(name);
  }

  #begins(name: string | null): boolean {
    const begins = this.#parts.ownOrders as readonly string[];
    return name !== null && begins.some((begin) => name.startsWith(begin));
  }

  #bookedNameOf({ instrument, orderId }: Fill): string | null {
    const { reader, account } = this.#parts;
    if (orderId === null) return null;
    const rows = reader.file.ordersWithId(account.account, orderId);
    return rows.find((row) => row.instrument === instrument)?.clientOrderId ?? null;
  }

  /** Some venues list executions without it. Null: it has none; undefined: nobody says. */
  async #askedNameOf({ instrument, orderId }: Fill): Promise<string | null | undefined> {
    const { venue, patience } = this.#parts;
    if (orderId === null) return null;
    if (this.#askedFor === askedMax) return undefined;
    this.#askedFor += 1;
    const reference = { instrument, orderId, clientOrderId: null };
    const answer = await asked(() => venue.order(reference), patience);
    if (!answer.ok || answer.value === null) return undefined;
    return answer.value.clientOrderId;
  }
}

const nameOf = (one: HeldPosition): string =>
  `${placeKey(one)}|${one.openedAt === null ? '' : instantText(one.openedAt)}`;
