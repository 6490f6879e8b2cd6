/**
 * Answers that look whole and say suspiciously little: nothing of what the book and the last good
 * statement had, and no facts that explain where it went. Such a section proves nothing.
 */
import { isZero } from '../../decimal/decimal.ts';
import type { Statement, StatementSection } from '../../model/statement.ts';
import { type BookSide, noChange, type Refold } from '../book-side.ts';
import { identityOf } from '../gap.ts';
import { isComplete, scopeOf } from '../scope.ts';
import type { LiveStatement } from './evidence.ts';

export interface EmptiedContext extends Pick<LiveStatement, 'before' | 'believesEmpty'> {
  readonly refold: Refold;
  /** What is booked twice, and in a whole list once; asked for only where a section is empty. */
  readonly copies: () => readonly number[];
}

/** The statement, with sections that cannot be believed in error. */
export function withoutEmptied(
  book: BookSide,
  statement: Statement,
  context: EmptiedContext,
): Statement {
  const { before, believesEmpty } = context;
  if (believesEmpty) return statement;
  const positions = isEmptied(book, statement, before, 'positions');
  const balances = isEmptied(book, statement, before, 'balances');
  if (!positions && !balances) return statement;
  const left = afterListed(book, statement, context);
  const isGone = {
    positions: positions && left.positions.some(({ quantity }) => !isZero(quantity)),
    balances: balances && left.balances.some(({ total }) => !isZero(total)),
  };
  if (!isGone.positions && !isGone.balances) return statement;
  const hasOrders = statement.orders?.items.length === 0 && book.orders.length > 0;
  return {
    ...statement,
    positions: isGone.positions ? doubted(statement.positions) : statement.positions,
    balances: isGone.balances ? doubted(statement.balances) : statement.balances,
    orders: hasOrders ? doubted(statement.orders) : statement.orders,
  };
}

const why = 'empty, though the book holds some and nothing listed says where it went';

const doubted = <Item>(section: StatementSection<Item> | null): StatementSection<Item> | null =>
  section === null ? null : { ...section, complete: false, error: why, items: [] };

/** Nothing is there, the book holds something, and so did the last statement if there is one. */
function isEmptied(
  book: BookSide,
  statement: Statement,
  before: Statement | null,
  part: 'positions' | 'balances',
): boolean {
  const section = statement[part];
  if (!isComplete(section) || countOf(statement, part) > 0) return false;
  const scope = scopeOf(section?.scope ?? null, book);
  const holds =
    part === 'positions'
      ? book.positions.some(
          (one) => !isZero(one.quantity) && scope.coversInstrument(one.instrument),
        )
      : book.balances.some((one) => !isZero(one.total) && scope.coversCurrency(one.currency));
  return holds && (before === null || countOf(before, part) > 0);
}

const countOf = (statement: Statement, part: 'positions' | 'balances'): number =>
  part === 'positions'
    ? (statement.positions?.items ?? []).filter(({ quantity }) => !isZero(quantity)).length
    : (statement.balances?.items ?? []).filter(({ total }) => !isZero(total)).length;

/** The book with everything that is listed and that it lacks, and each of it once. */
function afterListed(
  book: BookSide,
  statement: Statement,
  { refold, copies }: EmptiedContext,
): ReturnType<Refold> {
  const known = new Set([...book.facts, ...book.withdrawn].map(({ fact }) => identityOf(fact)));
  const { executions, cashFlows, asOf } = statement;
  const listed = [...(executions?.items ?? []), ...(cashFlows?.items ?? [])];
  const missing = listed.filter((fact) => fact.time <= asOf && !known.has(identityOf(fact)));
  const remove = copies();
  if (missing.length + remove.length === 0) return book;
  return refold({ ...noChange, add: missing, remove });
}
