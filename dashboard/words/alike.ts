/** What is the same for many is said once, with whom it is of. */

export interface Told {
  readonly what: string;
  readonly why: string;
}

export interface Alike {
  readonly whats: readonly string[];
  readonly why: string;
}

/** Instants a few seconds apart are one reason, which is said to the minute. */
const toTheMinute = (why: string): string => why.replaceAll(/(\d\d:\d\d):\d\d(\.\d+)?Z/g, '$1Z');

/** In the order of the first of each; what stands alone is said as it was told. */
export function alikeOf(told: readonly Told[]): readonly Alike[] {
  const groups = Map.groupBy(told, ({ why }) => toTheMinute(why));
  return [...groups].map(([shared, of]) => ({
    whats: of.map(({ what }) => what),
    why: new Set(of.map(({ why }) => why)).size === 1 ? of[0]!.why : shared,
  }));
}

/** What each of several rows says, where it is one thing; null: they differ, or there is one. */
export function sharedBy(whys: readonly (string | null)[]): string | null {
  if (whys.length < 2 || whys.includes(null)) return null;
  const alike = alikeOf(whys.map((why) => ({ what: '', why: why! })));
  return alike.length === 1 ? alike[0]!.why : null;
}

/** Of `A: why; B: why; C: other` is made `A, B: why; C: other`. */
export function saidOnce(sentence: string): string {
  const told = sentence.split('; ').map((part) => {
    const at = part.lastIndexOf(': ');
    return at < 0 ? { what: '', why: part } : { what: part.slice(0, at), why: part.slice(at + 2) };
  });
  return alikeOf(told)
    .map(({ whats, why }) => {
      const names = whats.filter((what) => what !== '').join(', ');
      return names === '' ? why : `${names}: ${why}`;
    })
    .join('; ');
}
