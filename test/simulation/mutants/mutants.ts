/**
 * Mutants: the product with one fault in it, and the tests that have to notice. Each is a change
 * of one place; `from` stands exactly once in its file. A mutant whose place is gone fails.
 */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** Test files that are run for it. */
  readonly tests: readonly string[];
}

const simulated = ['test/simulation/simulation.test.ts'];
const listener = ['test/service/listening/listener.test.ts'];
const taking = ['test/service/venue-check/taking.test.ts'];
const venueChecks = [...taking, 'test/service/venue-check/scenarios.test.ts'];
const rows = 'test/reconcile/positions';

const ofTheBook: readonly Mutant[] = [
  {
    name: 'a fee loses digits in a binary fraction',
    file: 'src/books/apply-spot-fill.ts',
    from: "post(group.state.postings, 'cash', 'fees', negate(fee.amount));",
    to: `post(group.state.postings, 'cash', 'fees', {
      coefficient: -Math.round((Number(fee.amount.coefficient) / 10 ** fee.amount.scale) * 1e6),
      scale: 6,
    });`,
    tests: simulated,
  },
  {
    name: 'the sign of a fee is flipped',
    file: 'src/books/apply-spot-fill.ts',
    from: "post(group.state.postings, 'cash', 'fees', negate(fee.amount));",
    to: "post(group.state.postings, 'cash', 'fees', fee.amount);",
    tests: simulated,
  },
  {
    name: 'a fee in a coin is paid twice',
    file: 'src/books/apply-contract-fill.ts',
    from: 'payCoinFee(group, fee.amount, rateOf(booked, coin, context), false, move);',
    to: `payCoinFee(group, fee.amount, rateOf(booked, coin, context), false, move);
    payCoinFee(group, fee.amount, rateOf(booked, coin, context), false, move);`,
    tests: ['test/books/fees.test.ts', 'test/books/contracts.test.ts'],
  },
  {
    name: 'a withdrawal comes in',
    file: 'src/books/apply-cash.ts',
    from: "fact.kind === 'withdrawal' || fact.kind === 'fee'",
    to: "fact.kind === 'fee'",
    tests: simulated,
  },
  {
    name: 'a late fill is folded where it arrived',
    file: 'src/books/account-fold.ts',
    from: 'else if (group.last !== null && compareOrder(order, group.last) < 0) {',
    to: 'else if (group.last !== null && compareOrder(order, group.last) < -1) {',
    tests: ['test/books/order.test.ts'],
  },
  {
    name: 'a bust is ignored',
    file: 'src/service/in-force.ts',
    from: "if (standing.some(({ kind }) => kind === 'bust' || kind === 'reversal')) return null;",
    to: "if (standing.some(({ kind }) => kind === 'reversal')) return null;",
    tests: ['test/service/listening/simulation.test.ts', 'test/service/record.test.ts'],
  },
  {
    name: 'a reduction rounds its cost down',
    file: 'src/books/holding.ts',
    from: 'cost: shareHalfEven(holding.cost, part, holding.quantity, roundingScale),',
    to: 'cost: shareHalfEven(holding.cost, part, holding.quantity, 8),',
    tests: simulated,
  },
  {
    name: 'another content under a known id is absorbed in silence',
    file: 'src/service/stream.ts',
    from: "if (verdict.verdict === 'same') return",
    to: "if (verdict.verdict !== 'completes') return",
    tests: ['test/service/record.test.ts', ...simulated],
  },
  {
    name: 'the hash leaves out a price',
    file: 'src/journal/chain.ts',
    from: '    row.price,\n',
    to: '    null,\n',
    tests: ['test/journal/chain.test.ts', 'test/store/verify.test.ts'],
  },
  {
    name: 'a writer that lost its lease goes on',
    file: 'src/store/transaction.ts',
    from: '      fence(epoch);\n',
    to: '',
    tests: ['test/store/write.test.ts', 'test/store/lease.test.ts'],
  },
];

const ofListening: readonly Mutant[] = [
  {
    name: 'a page cursor is off by one',
    file: 'src/venues/paper/paper-venue.ts',
    from: 'cursor: String(end), through',
    to: 'cursor: String(end + 1), through',
    tests: ['test/venues/paper/paper-venue.test.ts'],
  },
  {
    name: 'pages of Bybit end with the first',
    file: 'src/venues/ccxt/bybit-paging.ts',
    from: "if (page.cursor === '' || page.rows.length === 0) return { rows, at };",
    to: 'return { rows, at };',
    tests: ['test/venues/ccxt/bybit-statement.test.ts', 'test/venues/ccxt/bybit-orders.test.ts'],
  },
  {
    name: 'the cursor is kept before its page is booked',
    file: 'src/service/listening/listing.ts',
    from: '  const kept = await desk.book(facts, {\n    ...{ feeds, opened,',
    to: `  await desk.book([], { feeds });
  const kept = await desk.book(facts, {
    ...{ feeds, opened,`,
    tests: [...listener, 'test/service/listening/pull.test.ts'],
  },
  {
    name: 'a parse error is swallowed',
    file: 'src/service/listening/messages.ts',
    from: "const why = told.faults.length === 0 ? null : told.faults.join('; ');",
    to: 'const why = null;',
    tests: listener,
  },
  {
    name: 'a reconnect is no gap',
    file: 'src/service/listening/listener.ts',
    from: "} else if (event.kind === 'gap') {",
    to: "} else if (event.kind === 'gap' && event.since === null) {",
    tests: listener,
  },
  {
    name: 'a silent stream is believed',
    file: 'src/service/listening/stream-watch.ts',
    from: 'if (one.told || addMilliseconds(one.at, silenceMs) > now) continue;',
    to: 'if (one.told || addMilliseconds(one.at, silenceMs) <= now) continue;',
    tests: listener,
  },
  {
    name: 'one listing that says otherwise corrects a fill',
    file: 'src/service/listening/amendments.ts',
    from: 'this.#differing.set(key, { content, round: this.#round });\n    return false;',
    to: 'return true;',
    tests: ['test/service/listening/amendments.test.ts', ...listener],
  },
  {
    name: 'a fill that is listed no more is gone, whatever its order says',
    file: 'src/service/listening/amendments.ts',
    from: 'return equals(filled, rest);',
    to: 'return filled !== rest;',
    tests: ['test/service/listening/amendments.test.ts', ...simulated, ...listener],
  },
  {
    name: 'what was kept before a crash is not read after it',
    file: 'src/service/listening/following.ts',
    from: '    await this.#readOpen();\n  }\n\n  /**\n   * Messages in the order',
    to: '  }\n\n  /**\n   * Messages in the order',
    tests: listener,
  },
  {
    name: 'a gap closes by a listing that began before its end',
    file: 'src/service/listening/following.ts',
    from: 'const until = through < began ? through : began;',
    to: 'const until = clock.now();',
    tests: listener,
  },
];

const ofChecking: readonly Mutant[] = [
  {
    name: 'a failed answer is an empty one',
    file: 'src/service/venue-check/taking.ts',
    from: '...{ complete: false, scope: null, error, from: null, to: null, items: [] },',
    to: '...{ complete: true, scope: null, error: null, from: null, to: null, items: [] },',
    tests: venueChecks,
  },
  {
    name: 'an incomplete answer is read as empty',
    file: 'src/reconcile/scope.ts',
    from: 'section?.complete === true && section.error === null;',
    to: 'section != null;',
    tests: [...venueChecks, 'test/reconcile/compare.test.ts'],
  },
  {
    name: 'a whole and empty answer is believed',
    file: 'src/reconcile/live/emptied.ts',
    from: 'if (believesEmpty) return statement;',
    to: 'if (!believesEmpty) return statement;',
    tests: venueChecks,
  },
  {
    name: 'one snapshot is enough',
    file: 'src/reconcile/judge.ts',
    from: 'if (live !== undefined && !isFact && live.earlier()',
    to: 'if (settleMs < 0 && live !== undefined && !isFact && live.earlier()',
    tests: venueChecks,
  },
  {
    name: 'the settle window is ignored',
    file: 'src/reconcile/judge.ts',
    from: 'return millisecondsBetween(from, now) < settleMs;',
    to: 'return false;',
    tests: venueChecks,
  },
  {
    name: 'an old statement counts as new',
    file: 'src/service/venue-check/taking.ts',
    from: 'const why = this.#staleness(statement, after);',
    to: 'const why = after === statement ? this.#staleness(statement, after) : null;',
    tests: venueChecks,
  },
  {
    name: 'a tolerance of 0.0001 for everything',
    file: 'src/reconcile/judge.ts',
    from: 'compareDecimals(absolute(difference), tolerance) <= 0;',
    to: 'compareDecimals(absolute(difference), { coefficient: 1, scale: 4 }) <= 0;',
    tests: ['test/reconcile/compare.test.ts', 'test/reconcile/lessons.test.ts'],
  },
  {
    name: 'only sizes are compared',
    file: 'src/reconcile/judge.ts',
    from: 'const difference = subtract(theirs, ours);',
    to: 'const difference = subtract(absolute(theirs), absolute(ours));',
    tests: ['test/reconcile/compare.test.ts', 'test/reconcile/lessons.test.ts'],
  },
  {
    name: 'a repair is written onto a book that moved',
    file: 'src/service/syncing.ts',
    from: 'if (factSequence(file, account.account) !== plan.sequence) return null;',
    to: '',
    tests: ['test/service/reconcile/plans.test.ts', 'test/service/reconcile/life.test.ts'],
  },
  {
    name: 'what needs approval is done without',
    file: 'src/service/syncing.ts',
    from: 'if (!repair.needsApproval) return true;',
    to: 'return true;',
    tests: ['test/service/reconcile/plans.test.ts', 'test/service/reconcile/extra.test.ts'],
  },
  {
    name: 'a program that has just begun may trade',
    file: 'src/reconcile/gate.ts',
    from: 'lastComplete !== null && startedAt !== null && lastComplete.at < startedAt',
    to: 'lastComplete !== null && startedAt !== null && lastComplete.at > startedAt',
    tests: ['test/reconcile/gate.test.ts', 'test/service/venue-check/gate.test.ts'],
  },
];

const ofRowsAndExits: readonly Mutant[] = [
  {
    name: 'a stored symbol is stripped until it fits',
    file: 'src/reconcile/positions/symbols.ts',
    from: 'this.#truth.instruments.get(symbol) ?? instrumentFromName(this.#venue, symbol);',
    to: `this.#truth.instruments.get(symbol) ??
      [...this.#truth.instruments.values()].find((one) => one.base + one.quote === symbol) ??
      instrumentFromName(this.#venue, symbol);`,
    tests: [`${rows}/rows.test.ts`, `${rows}/incident.test.ts`],
  },
  {
    name: 'the side of a stored row is ignored',
    file: 'src/reconcile/positions/rows.ts',
    from: "quantity: direction === 'short' ? negate(quantity!) : quantity! };",
    to: 'quantity: quantity! };',
    tests: [`${rows}/rows.test.ts`, `${rows}/incident.test.ts`],
  },
  {
    name: 'a phantom is closed with a profit of 0',
    file: 'src/reconcile/positions/row-changes.ts',
    from: 'exitPrice = null, realisedPnl = null, fees = null } = closed ?? {};',
    to: `exitPrice = null, fees = null } = closed ?? {};
  const realisedPnl = closed?.realisedPnl ?? { coefficient: 0, scale: 0 };`,
    tests: [`${rows}/phantom.test.ts`],
  },
  {
    name: 'an exit is sized from what is stored',
    file: 'src/exits/plan.ts',
    from: 'const quantity = roundDown(absolute(line.quantity), lotSize);',
    to: 'const quantity = roundDown(absolute(line.booked ?? line.quantity), lotSize);',
    tests: ['test/exits/incident.test.ts', 'test/exits/plan.test.ts'],
  },
  {
    name: 'an exit may open the other side',
    file: 'src/service/exiting/acting.ts',
    from: 'reduceOnly: true,',
    to: 'reduceOnly: false,',
    tests: ['test/service/exiting/races.test.ts', 'test/service/exiting/crashes.test.ts'],
  },
  {
    name: 'an order without an answer is sent again under a new id',
    file: 'src/service/exiting/acting.ts',
    from: 'if (found.value === null || isOpen(found.value)) {',
    to: 'if (found.value === null) {',
    tests: ['test/service/exiting/crashes.test.ts', 'test/service/exiting/races.test.ts'],
  },
];

export const mutants: readonly Mutant[] = [
  ...ofTheBook,
  ...ofListening,
  ...ofChecking,
  ...ofRowsAndExits,
];
