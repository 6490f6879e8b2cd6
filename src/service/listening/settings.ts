/** How a venue is followed. Durations in milliseconds. */
export interface ListenSettings {
  /** How often what the venue lists is compared with what was told, also while all looks well. */
  readonly compareEveryMs: number;
  /** A stream on which nothing comes for longer may be dead: what it could have missed is a gap. */
  readonly silenceMs: number;
  /** How far behind what was listed completely a comparison lists again. */
  readonly overlapMs: number;
  /** Now and then it lists further back, for what a venue lists late. */
  readonly deepEveryMs: number;
  readonly deepOverlapMs: number;
  /** So many events wait at most; then the venue's stream does. */
  readonly inboxMax: number;
  /** So many are worked on together. */
  readonly batchMax: number;
  /** How long messages stay that were read. */
  readonly keepMessagesMs: number;
  /** How long what is under way may take when the listener is stopped. */
  readonly drainMs: number;
}

const minute = 60_000;
const hour = 60 * minute;

export const usualListening: ListenSettings = {
  compareEveryMs: minute,
  silenceMs: 5 * minute,
  overlapMs: 10 * minute,
  deepEveryMs: 6 * hour,
  deepOverlapMs: 48 * hour,
  inboxMax: 10_000,
  batchMax: 5_000,
  keepMessagesMs: 30 * 24 * hour,
  drainMs: 10_000,
};
