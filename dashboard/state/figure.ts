/** What a number opens to: the entries that made it, or what it is made of, or whose it is. */

/** A number that is asked why it is what it is. */
export interface WhyAsked {
  readonly account: string;
  readonly what: 'balance' | 'position' | 'realised' | 'fees' | 'funding';
  /** `*`: of the whole account. */
  readonly key: string;
  readonly leg: string | null;
  /** Since the position was flat; absent: of all its time. */
  readonly span?: 'open';
}

export interface FigurePart {
  readonly words: string;
  readonly value: string | null;
  readonly unit?: string;
  readonly signed?: boolean;
  readonly why?: WhyAsked | undefined;
}

/** A figure that is made of others, or that somebody else told: how, of what, and where more is. */
export interface FigureTold {
  readonly title: string;
  /** Null: it is unknown, and the words say why. */
  readonly value: string | null;
  readonly unit?: string;
  readonly signed?: boolean;
  readonly words: string;
  readonly parts?: readonly FigurePart[];
  /** The parts are its addends, and nothing else is in it. */
  readonly isSum?: boolean;
  /** Figures that are near it, each with the entries that made it. */
  readonly whys?: readonly { readonly words: string; readonly asked: WhyAsked }[];
  readonly links?: readonly { readonly words: string; readonly to: string }[];
}
