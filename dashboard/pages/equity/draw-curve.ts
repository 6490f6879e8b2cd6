/**
 * Draws equity and drawdown. Coordinates are doubles, which is near enough for pixels; every figure
 * that is read as a number stands as exact text beside the chart.
 */
import {
  BaselineSeries,
  createChart,
  createSeriesMarkers,
  LineSeries,
  type SeriesMarker,
  type UTCTimestamp,
} from 'lightweight-charts';
import type { Equity, EquityPoint } from '../../api/equity.ts';
import { coordinateOf, isNegative, shownAmount } from '../../words/amounts.ts';
import { spansOf } from './drawn-spans.ts';
import { Shading } from './shading.ts';

export interface DrawnCurve {
  show(equity: Equity): void;
  remove(): void;
}

const groupedText = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 2 });
const percentText = (value: number) => `${(value === 0 ? 0 : value).toFixed(2)} %`;
const second = (time: string): UTCTimestamp => Math.floor(Date.parse(time) / 1000) as UTCTimestamp;

/** Of a point before an unknown one: the chart would bridge it. */
const unseen = {
  ...{ topLineColor: 'transparent', topFillColor1: 'transparent', topFillColor2: 'transparent' },
  ...{ bottomLineColor: 'transparent', bottomFillColor1: 'transparent' },
  bottomFillColor2: 'transparent',
} as const;

export function drawCurve(element: HTMLElement): DrawnCurve {
  const colour = coloursOf(element);
  const chart = createChart(element, optionsOf(colour));
  const curve = chart.addSeries(LineSeries, {
    ...{ color: colour('--accent'), lineWidth: 2, priceLineVisible: false },
    priceFormat: { type: 'custom', minMove: 0.01, formatter: groupedText },
  });
  const open = chart.addSeries(LineSeries, {
    ...{ color: colour('--accent'), lineWidth: 2, lineStyle: 2 },
    ...{ priceLineVisible: false, lastValueVisible: false },
    priceFormat: { type: 'custom', minMove: 0.01, formatter: groupedText },
  });
  const loss = chart.addSeries(
    BaselineSeries,
    {
      ...{ baseValue: { type: 'price', price: 0 }, lineWidth: 1, priceLineVisible: false },
      ...{ topLineColor: colour('--bad'), bottomLineColor: colour('--bad') },
      ...{ bottomFillColor1: colour('--shade'), bottomFillColor2: colour('--shade') },
      priceFormat: { type: 'custom', minMove: 0.01, formatter: percentText },
    },
    1,
  );
  const shading = new Shading(colour('--shade'));
  curve.attachPrimitive(shading);
  const markers = createSeriesMarkers(curve, []);
  chart.panes()[1]?.setHeight(84);
  let isFitted = false;
  return {
    show(equity) {
      const points = distinct(equity.points);
      curve.setData(partOf(points, false));
      open.setData(partOf(points, true));
      // The label of the last value has the colour of its series' last point, which may be unseen.
      const isOpen = points.at(-1)?.provisional === true;
      curve.applyOptions({ lastValueVisible: !isOpen });
      open.applyOptions({ lastValueVisible: isOpen });
      chart.timeScale().applyOptions({ secondsVisible: isShort(points) });
      loss.setData(
        // Also where it is not known: both panes have one axis of time.
        points.map(({ time, drawdownPercent }, index) => ({
          time: second(time),
          ...(drawdownPercent === null ? {} : { value: -Math.abs(coordinateOf(drawdownPercent)) }),
          ...(points[index + 1]?.drawdownPercent === null ? unseen : {}),
        })),
      );
      shading.show(spansOf(points, equity.breakPeriods));
      markers.setMarkers(transfersOf(equity, points, colour('--ink-2')));
      if (!isFitted) chart.timeScale().fitContent();
      isFitted = true;
    },
    remove: () => chart.remove(),
  };
}

function optionsOf(colour: (name: string) => string): Parameters<typeof createChart>[1] & object {
  return {
    autoSize: true,
    localization: { locale: 'en-US' },
    layout: {
      background: { color: 'transparent' },
      textColor: colour('--ink-2'),
      fontFamily: getComputedStyle(document.body).fontFamily,
      fontSize: 11,
      // The page names its maker in words: a picture would bring a style of its own.
      attributionLogo: false,
      panes: { separatorColor: colour('--line'), enableResize: false },
    },
    grid: { vertLines: { visible: false }, horzLines: { color: colour('--line') } },
    rightPriceScale: { borderVisible: false },
    timeScale: { borderVisible: false, timeVisible: true, secondsVisible: false },
    crosshair: { vertLine: { labelVisible: true }, horzLine: { labelVisible: true } },
    handleScroll: { mouseWheel: false, pressedMouseMove: true },
    handleScale: { mouseWheel: false, pinch: true },
  };
}

/** Of minutes: without seconds many points would have the same time below them. */
const isShort = (points: readonly EquityPoint[]): boolean => {
  const [first, last] = [points[0], points.at(-1)];
  return first !== undefined && second(last!.time) - second(first.time) < shortSeconds;
};

const shortSeconds = 600;

const coloursOf = (element: HTMLElement) => {
  const style = getComputedStyle(element);
  return (name: string): string => style.getPropertyValue(name).trim();
};

/** One a second is what a chart can take: the last one of it. */
const distinct = (points: readonly EquityPoint[]): readonly EquityPoint[] => [
  ...new Map(points.map((point) => [second(point.time), point])).values(),
];

/** From a point on where the other part is drawn, or nothing is known, this one is not seen. */
const partOf = (points: readonly EquityPoint[], isOpen: boolean) =>
  points.map(({ time, total, provisional }, index) => {
    const isSeen = provisional === isOpen && points[index + 1]?.total !== null;
    return {
      time: second(time),
      ...(total === null ? {} : { value: coordinateOf(total) }),
      ...(isSeen ? {} : { color: 'transparent' }),
    };
  });

/** At the point that follows each of them. */
function transfersOf(
  { transfers }: Equity,
  points: readonly EquityPoint[],
  color: string,
): SeriesMarker<UTCTimestamp>[] {
  return transfers.flatMap(({ time, amount, currency }) => {
    const at = points.find((point) => second(point.time) >= second(time));
    const out = isNegative(amount);
    if (at === undefined) return [];
    return [
      {
        ...{ time: second(at.time), color, text: `${shownAmount(amount, true)} ${currency}` },
        position: out ? ('aboveBar' as const) : ('belowBar' as const),
        shape: out ? ('arrowDown' as const) : ('arrowUp' as const),
      },
    ];
  });
}
