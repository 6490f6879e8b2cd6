/** Statements from outside: the whole document, or everything that is wrong with it. */
import { type CashFact, type Fact, type Fill, isCashFact } from './fact.ts';
import type { Warning } from './faults.ts';
import { isJsonObject, parseJson } from './lossless-json.ts';
import { readFact } from './parse-fact.ts';
import {
  checkNames,
  type Fields,
  fieldNames,
  findingsAt,
  isAbsent,
  type ParseOptions,
  readInstant,
  readInstantOrNull,
  readText,
  readTextOrNull,
  refuse,
} from './parse-fields.ts';
import { balanceReader, orderReader, positionReader } from './parse-statement-items.ts';
import { readSection } from './parse-statement-section.ts';
import type { Refusal, Where } from './result.ts';
import { type Statement, statementSchema } from './statement.ts';

export interface ParsedStatement {
  /** Null exactly when there is a refusal. */
  readonly statement: Statement | null;
  readonly refusals: readonly Refusal[];
  readonly warnings: readonly Warning[];
}

/** The text of a statement document; fields are told by path: `positions.items[3].quantity`. */
export function parseStatementText(
  text: string,
  where: Where,
  options: ParseOptions,
): ParsedStatement {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  const json = parseJson(body, where);
  if (json.ok) return parseStatement(json.value, where, options);
  return { statement: null, refusals: [json.refusal], warnings: [] };
}

/** As parseStatementText, from the value of the JSON. */
export function parseStatement(
  value: unknown,
  where: Where,
  options: ParseOptions,
): ParsedStatement {
  const findings = findingsAt(where, options);
  const { refusals, warnings } = findings;
  if (!isJsonObject(value)) {
    refuse({ object: { statement: value }, path: '', findings }, 'not-an-object', 'statement');
    return { statement: null, refusals, warnings };
  }
  const statement = readStatement({ object: value, path: '', findings });
  return { statement: refusals.length === 0 ? statement : null, refusals, warnings };
}

const statementFields = fieldNames(
  ...['schema', 'account', 'venue', 'asOf', 'takenAt'],
  ...['positions', 'balances', 'orders', 'executions', 'cashFlows'],
);

function readStatement(f: Fields): Statement {
  checkNames(f, statementFields);
  if (isAbsent(f, 'schema')) refuse(f, 'field-missing', 'schema');
  else if (f.object['schema'] !== statementSchema) refuse(f, 'schema-unknown', 'schema');
  const account = readText(f, 'account');
  return {
    account,
    venue: readTextOrNull(f, 'venue'),
    asOf: readInstant(f, 'asOf'),
    takenAt: readInstantOrNull(f, 'takenAt'),
    positions: readSection(f, 'positions', false, positionReader()),
    balances: readSection(f, 'balances', false, balanceReader()),
    orders: readSection(f, 'orders', false, orderReader()),
    executions: readSection(f, 'executions', true, factReader(account, isFill, 'fill')),
    cashFlows: readSection(f, 'cashFlows', true, factReader(account, isCashFlow, undefined)),
  };
}

const isFill = (fact: Fact): fact is Fill => fact.kind === 'fill';

/** An adjustment is a decree of ours: no venue reports one. */
const isCashFlow = (fact: Fact): fact is CashFact => isCashFact(fact) && fact.kind !== 'adjustment';

/** Reads facts of the statement's account; its account and the kind stand in for absent ones. */
const factReader =
  <T extends Fill | CashFact>(
    account: string,
    belongs: (fact: Fact) => fact is T,
    kind: 'fill' | undefined,
  ) =>
  (f: Fields): T | null => {
    // The account's own fault is told once, not again in every item.
    const usual = { kind, account: account === '' ? 'missing' : account };
    const fact = readFact({ ...usual, ...f.object }, f.path, f.findings);
    if (fact === null) return null;
    if (!belongs(fact)) {
      refuse(f, 'kind-misplaced', 'kind', { hint: 'executions are fills; the rest cash flows' });
      return null;
    }
    if (account !== '' && fact.account !== account) refuse(f, 'account-differs', 'account');
    return fact;
  };
