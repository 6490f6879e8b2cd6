/**
 * What can be wrong with a fact or a statement: a closed list of codes. Each names the rule it
 * breaks, what is said of the value, and what to do about it.
 */
import type { Refusal, Where } from './result.ts';

/** Told, not refused, unless the reading is strict; then it is a refusal with the same words. */
export type Warning = Refusal;

export const parseRules = {
  M1: 'JSON is read without loss: a number keeps its digits, a key stands once in its object',
  M2: 'every fact is a JSON object of a known kind',
  M3: 'what is required is given; null is as good as absent',
  M4: 'a text has 1 to 200 characters, is not blank and holds no control characters',
  M5: 'a number is decimal text: at most 30 digits before and 18 behind the point, no exponent',
  M6: 'quantities, prices, steps, ratios and one-way amounts are greater than 0',
  M7: 'a time is RFC 3339 with its offset, up to 9 digits of a second, in 1900 to 2261',
  M8: 'a word from a list is written exactly as in the list',
  M9: 'a fee is null (not known), "0" (none), an amount with its currency, or a list of these',
  M10: 'a field that the kind does not have is warned of, and refused when reading strictly',
  M11: 'an instrument is spot, linear or inverse without contradicting its own name',
  M12: 'what an account held at its opening is listed once, signed by its leg, lots adding up',
  M13: 'a corporate action or correction changes something',
  M14: 'CSV has one header row, and every row has a cell for every column',
  M15: 'a statement names its schema, and each section says whether it is complete, and of what',
  M16: 'a statement lists an item once, and only items of its own account',
} as const;

export type ParseRule = keyof typeof parseRules;

interface FaultText {
  readonly rule: ParseRule;
  /** Follows the field and its value: `price "0" ...`. */
  readonly says: string;
  readonly hint: string;
}

const positive = (hint: string): FaultText => ({
  rule: 'M6',
  says: 'is not greater than 0',
  hint,
});

const number = (says: string, hint: string): FaultText => ({ rule: 'M5', says, hint });

const plainDecimal = 'write all its digits as text, such as "12.5"';

const table = {
  'json-bad': { rule: 'M1', says: 'is not valid JSON', hint: 'write one JSON object a line' },
  'json-too-deep': { rule: 'M1', says: 'is nested too deep', hint: 'facts are nearly flat' },
  'json-duplicate-key': {
    rule: 'M1',
    says: 'stands twice in one object',
    hint: 'leave one of the two out: which is right cannot be known',
  },
  'not-an-object': { rule: 'M2', says: 'is not an object', hint: 'write it in { }' },
  'kind-missing': { rule: 'M2', says: 'is missing', hint: 'begin with "kind":"fill" or the like' },
  'kind-unknown': { rule: 'M2', says: 'is no kind of fact', hint: '' },
  'kind-misplaced': { rule: 'M16', says: 'does not belong in this section', hint: '' },
  'field-missing': { rule: 'M3', says: 'is missing', hint: 'add it' },
  'not-a-text': { rule: 'M4', says: 'is not a text', hint: 'write it in quotes' },
  'text-empty': { rule: 'M4', says: 'is blank', hint: 'leave the field out if there is none' },
  'text-too-long': { rule: 'M4', says: 'has more than 200 characters', hint: 'shorten it' },
  'text-control-character': {
    rule: 'M4',
    says: 'holds a control character',
    hint: 'ids, names and currencies are visible characters on one line',
  },
  'text-not-unicode': {
    rule: 'M4',
    says: 'holds characters that could not be read',
    hint: 'save the file as UTF-8',
  },
  'number-not-text': number('is a JSON number, whose digits other programs lose', plainDecimal),
  'decimal-not-text': number('is not decimal text', plainDecimal),
  'decimal-empty': number('is empty', 'leave the field out, or write null, if it is not known'),
  'decimal-not-finite': number('is not a finite number', plainDecimal),
  'decimal-exponent': number('has an exponent', plainDecimal),
  'decimal-plus-sign': number('begins with "+"', 'leave the sign out'),
  'decimal-leading-zero': number('has a leading zero', 'leave the zero out'),
  'decimal-too-long': number('has more than 30 digits before or 18 behind the point', plainDecimal),
  'not-a-decimal': number('is not a decimal', `${plainDecimal}; no separators but the point`),
  'not-digits': number('is not a text of 1 to 40 digits', 'write a text such as "1024"'),
  'not-a-digit-count': number('is not a whole number from 0 to 18', 'write how many digits'),
  'quantity-not-positive': positive('the side says which way: a sale has a positive quantity too'),
  'price-not-positive': positive('leave the field out, or write null, where there is no price'),
  'amount-not-positive': positive('the kind says which way the money went'),
  'multiplier-not-positive': positive('units per contract; leave it out if it is 1'),
  'step-not-positive': positive('leave the step out if it is not known'),
  'ratio-not-positive': positive('new units per old, such as "7/1"'),
  'not-a-ratio': { rule: 'M6', says: 'is not a ratio', hint: 'new units per old, such as "7/1"' },
  negative: { rule: 'M6', says: 'is less than 0', hint: 'write it without the sign' },
  'not-a-time': {
    rule: 'M7',
    says: 'is not an RFC 3339 time',
    hint: 'write it like "2024-05-01T12:30:00Z"',
  },
  'time-without-offset': {
    rule: 'M7',
    says: 'has no offset, so the instant is not known',
    hint: 'end it with Z for UTC, or with an offset such as +02:00',
  },
  'time-too-fine': {
    rule: 'M7',
    says: 'has more than 9 digits of a second',
    hint: 'cut it to nanoseconds',
  },
  'time-out-of-range': {
    rule: 'M7',
    says: 'is not in the years 1900 to 2261',
    hint: 'look whether milliseconds were taken for seconds',
  },
  'not-one-of': { rule: 'M8', says: 'is not in the list', hint: '' },
  'not-a-boolean': { rule: 'M8', says: 'is neither true nor false', hint: 'no quotes around it' },
  'not-a-list': { rule: 'M3', says: 'is not a list', hint: 'write it in [ ]' },
  'fee-currency-missing': {
    rule: 'M9',
    says: 'has no currency',
    hint: 'add feeCurrency: a fee can be charged in any coin',
  },
  'fee-twice': { rule: 'M9', says: 'stands beside fees', hint: 'give fee or fees, not both' },
  'unknown-field': { rule: 'M10', says: 'is no field of this kind', hint: 'it was not read' },
  'type-contradicts-name': {
    rule: 'M11',
    says: 'contradicts the instrument, whose name has a settlement currency',
    hint: 'BTC/USDT is spot; BTC/USDT:USDT is linear, BTC/USD:BTC is inverse',
  },
  'settle-contradicts-type': {
    rule: 'M11',
    says: 'contradicts the type',
    hint: 'spot settles in quote, inverse in base, linear in anything but base',
  },
  'listed-twice': { rule: 'M12', says: 'is listed twice', hint: 'add the two up, or drop one' },
  'leg-contradicts-sign': {
    rule: 'M12',
    says: 'contradicts its leg',
    hint: 'long quantities are positive, short ones negative',
  },
  'lots-do-not-add-up': {
    rule: 'M12',
    says: 'is not the sum of its lots',
    hint: 'give every lot, signed like the whole',
  },
  'cost-contradicts-sign': {
    rule: 'M12',
    says: 'has not the sign of what it is the cost of',
    hint: 'the cost of a short is negative',
  },
  'correction-empty': {
    rule: 'M13',
    says: 'changes nothing',
    hint: 'give price, quantity or fee as they should be',
  },
  'rename-to-itself': { rule: 'M13', says: 'is the name it has', hint: 'give the new name' },
  'csv-header-missing': { rule: 'M14', says: 'has no header row', hint: 'name the columns first' },
  'csv-column-unnamed': { rule: 'M14', says: 'has no name', hint: 'name it or remove it' },
  'csv-column-twice': { rule: 'M14', says: 'is a column twice', hint: 'remove one of the two' },
  'csv-cell-count': { rule: 'M14', says: 'has another number of cells than the header', hint: '' },
  'csv-quote-open': {
    rule: 'M14',
    says: 'begins a quoted cell that does not end',
    hint: 'write a quote inside a quoted cell twice',
  },
  'csv-quote-stray': {
    rule: 'M14',
    says: 'has text after a closing quote',
    hint: 'write a quote inside a quoted cell twice',
  },
  'schema-unknown': { rule: 'M15', says: 'is not "trueup.statement/1"', hint: 'write that' },
  'scope-unknown': {
    rule: 'M15',
    says: 'is no scope',
    hint: 'write a type (spot), a type with its settlement currency (linear:USDT), or a name',
  },
  'complete-with-error': {
    rule: 'M15',
    says: 'stands beside an error',
    hint: 'an answer with an error is not complete',
  },
  'range-missing': {
    rule: 'M15',
    says: 'is missing, so completeness has no range',
    hint: 'give from and to',
  },
  'range-reversed': { rule: 'M15', says: 'is before from', hint: 'ranges are [from, to)' },
  'item-twice': { rule: 'M16', says: 'is in the section twice', hint: 'keep the newer one' },
  'account-differs': {
    rule: 'M16',
    says: 'is not the account of the statement',
    hint: 'give each account its own statement',
  },
} as const satisfies Readonly<Record<string, FaultText>>;

export type FaultCode = keyof typeof table;

export const faultTable: Readonly<Record<FaultCode, FaultText>> = table;

/** A refusal in the words of the table, or in better ones where the caller knows more. */
export function refusal(code: FaultCode, where: Where, message: string, hint?: string): Refusal {
  const { rule, hint: usual } = faultTable[code];
  return { code, message, where, rule: `${rule}: ${parseRules[rule]}`, hint: hint ?? usual };
}
