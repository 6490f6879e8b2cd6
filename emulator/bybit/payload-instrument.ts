/** Instruments in Bybit's words. */
import { type Decimal, decimalOf, multiply, one } from '../../src/decimal/decimal.ts';
import { toText } from '../../src/decimal/text.ts';
import type { Instrument } from '../../src/model/instrument.ts';
import type { Terms } from './terms.ts';

const smallest = decimalOf(1, 8);
const million = decimalOf(1_000_000, 0);

export interface InstrumentRules {
  readonly minNotional: Decimal | null;
  readonly leverageMax: number;
  readonly fundingHours: number;
}

export function instrumentPayload(
  instrument: Instrument,
  { names }: Terms,
  { minNotional, leverageMax, fundingHours }: InstrumentRules,
) {
  const lot = instrument.lotSize ?? smallest;
  const tick = toText(instrument.tickSize ?? smallest);
  const least = toText(minNotional ?? one);
  const sizes = { minOrderQty: toText(lot), maxOrderQty: toText(multiply(lot, million)) };
  const both = {
    symbol: names.symbol(instrument.name),
    baseCoin: instrument.base,
    quoteCoin: instrument.quote,
    status: 'Trading',
  };
  if (instrument.type === 'spot') {
    return {
      ...both,
      innovation: '0',
      marginTrading: 'none',
      lotSizeFilter: {
        ...{ basePrecision: toText(lot), quotePrecision: toText(smallest), ...sizes },
        ...{ minOrderAmt: least, maxOrderAmt: '1000000000' },
      },
      priceFilter: { tickSize: tick },
    };
  }
  return {
    ...both,
    contractType: instrument.type === 'linear' ? 'LinearPerpetual' : 'InversePerpetual',
    settleCoin: instrument.settle,
    launchTime: '1577836800000',
    deliveryTime: '0',
    deliveryFeeRate: '',
    priceScale: String(tick.split('.')[1]?.length ?? 0),
    leverageFilter: { minLeverage: '1', maxLeverage: String(leverageMax), leverageStep: '0.01' },
    priceFilter: { minPrice: tick, maxPrice: '10000000', tickSize: tick },
    lotSizeFilter: {
      ...{ ...sizes, qtyStep: toText(lot), maxMktOrderQty: sizes.maxOrderQty },
      ...{ postOnlyMaxOrderQty: sizes.maxOrderQty, minNotionalValue: least },
    },
    unifiedMarginTrade: true,
    fundingInterval: fundingHours * 60,
    isPreListing: false,
  };
}
