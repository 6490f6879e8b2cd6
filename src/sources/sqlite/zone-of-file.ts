/**
 * In which zone a program writes times without an offset: the file was last written when its
 * newest time was, so that the two differ by the zone.
 */
const quarter = 900_000;
/** A bot stamps a row and writes it within seconds. Erring long finds zones where none is told. */
const lateMsMax = 60_000;
const earlyMsMax = 2_000;

/** Offsets that clocks on this earth have, beside whole hours. */
const oddOffsets = [
  '-09:30',
  '-03:30',
  '-02:30',
  '+03:30',
  '+04:30',
  '+05:30',
  '+05:45',
  '+06:30',
  '+08:45',
  '+09:30',
  '+10:30',
  '+12:45',
  '+13:45',
];

/** A write of ours is told apart from the bot's by this much: its time was read before it began. */
const oursMsMax = 60_000;

/** `oursMs`: of our newest write, after which the file tells nothing until the bot writes again. */
export function zoneOfFile(
  newestNaive: string | null,
  modifiedMs: number,
  oursMs: number | null = null,
): { name: string; because: string } | null {
  if (oursMs !== null && modifiedMs - oursMs <= oursMsMax) return null;
  const stated = Date.parse(`${newestNaive?.replace(' ', 'T')}Z`);
  if (newestNaive === null || Number.isNaN(stated) || !/\d:\d/.test(newestNaive)) return null;
  // What is left beside whole quarters is how long after its stamp the row was written.
  const offset = Math.ceil((stated - modifiedMs - earlyMsMax) / quarter) * quarter;
  if (offset - (stated - modifiedMs) > lateMsMax) return null;
  const name = offsetName(offset / 60_000);
  if (name === null) return null;
  return {
    name,
    because: `the file was last written when its newest time, ${newestNaive}, was in ${name}`,
  };
}

function offsetName(minutes: number): string | null {
  if (minutes < -12 * 60 || minutes > 14 * 60) return null;
  if (minutes === 0) return 'UTC';
  const size = Math.abs(minutes);
  const two = (n: number) => String(n).padStart(2, '0');
  const name = `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  return size % 60 === 0 || oddOffsets.includes(name) ? name : null;
}
