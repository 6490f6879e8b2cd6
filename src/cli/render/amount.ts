/** Amounts and times as the terminal shows them. */
export {
  type Amount,
  type AmountParts,
  amountText,
  counted,
  countText,
  moneyText,
  partsOf,
  percentText,
  plainMoney,
} from '../../model/amount.ts';

/** An instant as people read it; the text of JSON has a T. */
export const timeText = (time: string): string => time.replace('T', ' ');
