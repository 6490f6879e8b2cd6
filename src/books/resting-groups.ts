/** Groups at rest: each is one text until a fact or a reader asks for it. */
import { type OrderKey, orderFromText, orderText } from './effective-order.ts';

/** A group with what is needed to go on folding it. */
export interface GroupSnapshot {
  readonly key: string;
  readonly state: string;
  readonly last: OrderKey | null;
  /** Sequences folded since the newest page. */
  readonly tail: readonly number[];
  readonly pageCount: number;
}

/** No state and no order holds a line feed: both are JSON. */
const separator = '\n';

export class RestingGroups {
  readonly #texts = new Map<string, string>();

  put({ key, state, last, tail, pageCount }: GroupSnapshot): void {
    const order = last === null ? '' : orderText(last);
    this.#texts.set(key, [state, order, tail.join(','), pageCount].join(separator));
  }

  get(key: string): GroupSnapshot | undefined {
    const text = this.#texts.get(key);
    return text === undefined ? undefined : snapshotFrom(key, text);
  }

  /** As `get`; the group rests no longer. */
  take(key: string): GroupSnapshot | undefined {
    const snapshot = this.get(key);
    this.#texts.delete(key);
    return snapshot;
  }

  *all(): Generator<GroupSnapshot> {
    for (const [key, text] of this.#texts) yield snapshotFrom(key, text);
  }
}

function snapshotFrom(key: string, text: string): GroupSnapshot {
  const [state, order, tail, pageCount] = text.split(separator) as [string, string, string, string];
  return {
    key,
    state,
    last: order === '' ? null : orderFromText(order),
    tail: tail === '' ? [] : tail.split(',').map(Number),
    pageCount: Number(pageCount),
  };
}
