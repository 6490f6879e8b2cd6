/** A fact in a few words, as an audit lists it. */
import { toText, toTextOrNull } from '../decimal/text.ts';
import { type CashFact, type Fact, type Fee, type Fill, isCashFact } from '../model/fact.ts';

export function factWords(fact: Fact): string {
  if (isCashFact(fact)) return cashWords(fact);
  switch (fact.kind) {
    case 'account':
      return `account ${fact.account} at ${fact.venue} in ${fact.currency}`;
    case 'currency':
      return `${fact.currency} has ${fact.decimals} decimals`;
    case 'instrument': {
      const { name, type, multiplier } = fact.instrument;
      return `${name} is ${type}, multiplier ${toText(multiplier)}`;
    }
    case 'opening': {
      const held = [...fact.balances.map((one) => `${toText(one.total)} ${one.currency}`)];
      held.push(...fact.positions.map((one) => `${toText(one.quantity)} ${one.instrument}`));
      return `holds ${held.join(', ') || 'nothing'}`;
    }
    case 'fill':
      return fillWords(fact);
    case 'order': {
      const filled = toTextOrNull(fact.filled) ?? '?';
      const size = `${filled}/${toText(fact.quantity)}`;
      return `${fact.side} ${size} ${fact.instrument} ${fact.status}, order ${fact.orderId}`;
    }
    case 'bust':
      return `takes back execution ${fact.executionId}`;
    case 'correction':
      return `corrects execution ${fact.executionId}${correctedWords(fact)}`;
    case 'split':
      return `${fact.instrument} ${toText(fact.numerator)} for ${toText(fact.denominator)}`;
    case 'return-of-capital':
      return `${toText(fact.amount)} on ${fact.instrument}`;
    case 'rename':
      return `${fact.from} becomes ${fact.to}`;
    case 'delivery':
      return `${fact.instrument} at ${toText(fact.price)}`;
    case 'mark':
      return `${fact.instrument} at ${toText(fact.price)}`;
  }
}

function fillWords(fill: Fill): string {
  const { side, quantity, price, instrument, leg, fees } = fill;
  const legWords = leg === 'net' ? '' : ` ${leg}`;
  return `${side} ${toText(quantity)} ${instrument}${legWords} @ ${toText(price)}${feeWords(fees)}`;
}

function feeWords(fees: readonly Fee[] | null): string {
  if (fees === null) return ', fee not known yet';
  if (fees.length === 0) return '';
  return `, fee ${fees.map(({ amount, currency }) => `${toText(amount)} ${currency}`).join(' + ')}`;
}

function cashWords(fact: CashFact): string {
  const { amount, currency, instrument, state, counterAccount, fee } = fact;
  return [
    `${toText(amount)} ${currency}`,
    ...(instrument === null ? [] : [`on ${instrument}`]),
    ...(counterAccount === null ? [] : [`with ${counterAccount}`]),
    ...(fee === null ? [] : [`fee ${toText(fee.amount)} ${fee.currency}`]),
    ...(state === 'pending' ? ['pending'] : []),
  ].join(' ');
}

function correctedWords(fact: Extract<Fact, { kind: 'correction' }>): string {
  const parts = [
    ...(fact.price === null ? [] : [`price ${toText(fact.price)}`]),
    ...(fact.quantity === null ? [] : [`quantity ${toText(fact.quantity)}`]),
    ...(fact.fees === null ? [] : [feeWords(fact.fees).replace(', ', '') || 'no fee']),
  ];
  return `: ${parts.join(', ')}`;
}
