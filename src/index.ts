/**
 * The public library. What is not named here may change without notice. Numbers are Decimals:
 * compute with them as decimal/ does, or take their text; never make a float of them.
 */
export type {
  BalanceView,
  BookView,
  EquityView,
  PositionView,
  ResultView,
} from './books/book-view.ts';
export { LiveEquity } from './books/live-equity.ts';
export type { Unpriced } from './books/part-value.ts';
export type { Statistics } from './books/statistics.ts';
export type { MarkView } from './books/valuation.ts';
export {
  absolute,
  add,
  compare,
  type Decimal,
  divideHalfEven,
  equals,
  isNegative,
  isZero,
  multiply,
  negate,
  one,
  roundHalfEven,
  subtract,
  total,
  zero,
} from './decimal/decimal.ts';
export { decimal, parseDecimal, toText, toTextOrNull } from './decimal/text.ts';
export type {
  AccountedFact,
  AccountFact,
  Bust,
  CashFact,
  Correction,
  Delivery,
  Fact,
  Fee,
  Fill,
  InstrumentFact,
  Mark,
  Opening,
  OrderReport,
  Rename,
  ReturnOfCapital,
  Split,
} from './model/fact.ts';
export { type Clock, type Instant, instant, instantText, parseInstant } from './model/instant.ts';
export type { Instrument } from './model/instrument.ts';
export { parseCsv } from './model/parse-csv.ts';
export { type ParsedFact, parseFact } from './model/parse-fact.ts';
export { type ParsedLine, parseNdjson } from './model/parse-ndjson.ts';
export { type ParsedStatement, parseStatementText } from './model/parse-statement.ts';
export type { Refusal, Result, Where } from './model/result.ts';
export type { Statement, StatementSection } from './model/statement.ts';
export { factLine, writeFact } from './model/write-fact.ts';
export type { GateCode, GateReason } from './reconcile/gate.ts';
export type { BalanceSheet, SheetRow } from './reconcile/source/sheet.ts';
export { type BookDocument, bookDocument } from './report/book-document.ts';
export type { ImportResult } from './report/import-document.ts';
export type { BookWriter, Plan, PlanResult, Recorded, RecordMode } from './service/book.ts';
export { exportedLines } from './service/exporting.ts';
export { type Failure, failureOf } from './service/failure.ts';
export type { AccountGate } from './service/gate.ts';
export { type FactFile, factFileAt, factFileOf } from './service/import-source.ts';
export { type ImportOptions, importFacts } from './service/importing.ts';
export {
  type Book,
  type GateOptions,
  gate,
  type LookedAt,
  type OpenBookOptions,
  openBook,
} from './service/open-book.ts';
export { type OpenOptions, openForWriting } from './service/open-for-writing.ts';
export type { Outcome, OutcomeStatus } from './service/outcome.ts';
export { BookReader, type Look, type LookOptions } from './service/reading.ts';
export {
  type Balance,
  BalanceError,
  type BalanceOptions,
  balance,
} from './service/source/balance.ts';
export type { BalanceCheck, BalanceUpdate } from './service/source/balance-protocol.ts';
export { systemClock, type WaitingClock } from './service/system-clock.ts';
export type { Account } from './store/accounts.ts';
export { StoreError, type StoreErrorCode } from './store/store-error.ts';
export type { Bar, Held, Seen, Signal, Strategy, Want } from './strategies/strategy.ts';
