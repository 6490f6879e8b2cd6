/** Kinds of entries that the trail is filtered by: what somebody looks for, of those there are. */
export const kindsAsked = [
  ...(['fill', 'order', 'break', 'reversal', 'correction', 'deposit', 'withdrawal'] as const),
  ...(['transfer', 'funding', 'interest', 'dividend', 'fee', 'tax', 'adjustment'] as const),
  ...(['opening', 'statement', 'source', 'source-write'] as const),
  ...(['policy', 'remark'] as const),
] as const;

export type KindAsked = (typeof kindsAsked)[number];
