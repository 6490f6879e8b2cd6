/** From where to where the bridge is drawn. */

export interface Scale {
  /** What the bars of both ends stand on. */
  readonly base: number;
  readonly most: number;
  readonly least: number;
}

/**
 * The ends begin a little below the least, so that small causes are seen beside a large equity.
 * Where an end is zero, or something is below it, zero is the ground: nothing has no height.
 */
export function scaleOf(values: readonly number[], ends: readonly number[]): Scale {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (least < 0 || ends.includes(0)) {
    return { base: 0, least: Math.min(0, least), most: Math.max(0, most) };
  }
  const below = least - (most - least || most) * 0.25;
  return { base: below, least: below, most };
}
