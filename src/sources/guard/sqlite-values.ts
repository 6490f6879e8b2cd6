/**
 * What the triggers on SQLite compute, as SQL. A position is worth whole units of 1e-8, so that
 * sums of them are integers and what is added and taken away again leaves nothing behind.
 *
 * Only what SQLite 3.31 knows: the triggers run in the library of the bot.
 */

/** Units in one of the account's currency. */
export const unitsPerOne = '100000000.0';

/**
 * Largest value that is counted, of a position and of cash: sums and differences of a few stay
 * inside 64 bits. Anything larger is unknown, as is Infinity.
 */
export const countedMax = 40_000_000_000;

const counted = `${countedMax}.0`;

/** Text counts as a number where SQLite reads all of it as one. */
export const isNumber = (x: string): string =>
  `(typeof(${x}) IN ('integer', 'real') OR (typeof(${x}) = 'text'` +
  ` AND ${x} = CAST(${x} AS NUMERIC) AND ${x} = trim(${x})))`;

/** A position's columns as they are written in SQL: `NEW."quantity"`. */
export interface PositionTerms {
  readonly symbol: string;
  readonly quantity: string;
  readonly price: string;
  /** The word that gives the quantity its sign; null: it has its own. */
  readonly side: string | null;
  /** Null: all positions belong to one account. */
  readonly account: string | null;
}

/** Whole units; 0 where the value is unknown, which `unpriced` counts. */
export const units = (terms: PositionTerms): string =>
  `CASE WHEN ${isCounted(terms)} THEN ` +
  `CAST(round(${signed(terms)} * ${terms.price} * ${unitsPerOne}) AS INTEGER) ELSE 0 END`;

/** 1 where a position is open, or may be, and its value is unknown; else 0. */
export const unpriced = (terms: PositionTerms): string =>
  `CASE WHEN ${isNumber(terms.quantity)} AND ${terms.quantity} + 0 = 0 THEN 0 ` +
  `WHEN ${isCounted(terms)} THEN 0 ELSE 1 END`;

const isCounted = (terms: PositionTerms): string => {
  const { quantity, price } = terms;
  const isNumbers = `${isNumber(quantity)} AND ${isNumber(price)}`;
  return `${isNumbers} AND abs(${signed(terms)} * ${price}) < ${counted}`;
};

/** Null where the side is a word that says neither. */
function signed({ quantity, side }: PositionTerms): string {
  if (side === null) return quantity;
  const word = `lower(trim(${side}, char(9, 10, 13, 32)))`;
  return (
    `CASE WHEN ${side} IS NULL OR ${word} IN ('long', 'buy') THEN ${quantity} ` +
    `WHEN ${word} IN ('short', 'sell') THEN -abs(${quantity}) END`
  );
}

export interface TotalTerms {
  /** The account's cash and id, as they are written where the total is computed. */
  readonly cash: string;
  readonly id: string;
  /** The table of accounts, where it must have one row for the total to be known. */
  readonly onlyRowOf: string | null;
}

/**
 * The nearest double of cash and kept units together; null where a part is unknown. An aggregate,
 * because an account without positions has no kept row and is worth its cash.
 */
export function total({ cash, id, onlyRowOf }: TotalTerms): string {
  const one = onlyRowOf === null ? '' : ` AND (SELECT count(*) FROM ${onlyRowOf}) = 1`;
  const whose = onlyRowOf === null ? ` WHERE trueup_g.account = ${id}` : '';
  return (
    `(SELECT CASE WHEN coalesce(max(trueup_g.unpriced), 0) = 0` +
    ` AND typeof(max(trueup_g.units)) <> 'real'` +
    ` AND ${isNumber(cash)} AND abs(${cash}) < ${counted}${one}` +
    ` THEN (CAST(round(${cash} * ${unitsPerOne}) AS INTEGER)` +
    ` + coalesce(max(trueup_g.units), 0)) / ${unitsPerOne} END` +
    ` FROM trueup_guard AS trueup_g${whose})`
  );
}

/** A value as text that reads back as the same value: the shortest that does, or 17 digits. */
export const exactText = (x: string): string =>
  `CASE typeof(${x}) WHEN 'real' THEN` +
  ` CASE WHEN CAST(printf('%.15g', ${x}) AS REAL) = ${x} THEN printf('%.15g', ${x})` +
  ` ELSE printf('%!.17g', ${x}) END` +
  ` WHEN 'blob' THEN 'x''' || hex(${x}) || '''' ELSE CAST(${x} AS TEXT) END`;

/** JSON is written by hand: a library of the bot may have been built without it. */
export const jsonText = (x: string): string => {
  const plain = `replace(replace(CAST(${x} AS TEXT), '\\', '\\\\'), '"', '\\"')`;
  const control = `${x} GLOB '*[' || char(1) || '-' || char(31) || ']*'`;
  return (
    `CASE WHEN ${x} IS NULL THEN 'null' WHEN ${control} OR typeof(${x}) = 'blob'` +
    ` THEN '"x''' || hex(${x}) || '''"' ELSE '"' || ${plain} || '"' END`
  );
};
