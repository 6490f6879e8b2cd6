/** The chart, whose code comes when it is first looked at. Its figures stand in the table below. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Equity } from '../../api/equity.ts';
import { asOf } from '../../state/location.ts';
import { palette, systemThemes, theme } from '../../state/settings.ts';
import type { DrawnCurve } from './draw-curve.ts';

export function Curve({ equity }: { readonly equity: Equity }) {
  const element = useRef<HTMLDivElement>(null);
  const drawn = useRef<DrawnCurve | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const newest = useRef(equity);
  newest.current = equity;
  useEffect(() => {
    let isGone = false;
    import('./draw-curve.ts')
      .then(({ drawCurve }) => {
        if (isGone || element.current === null) return;
        drawn.current = drawCurve(element.current);
        drawn.current.show(newest.current);
      })
      .catch((error: unknown) => setFailed(error instanceof Error ? error.message : String(error)));
    return () => {
      isGone = true;
      drawn.current?.remove();
      drawn.current = null;
    };
  }, [theme.value, palette.value, systemThemes.value, asOf.value === null]);
  useEffect(() => drawn.current?.show(equity), [equity]);
  return (
    <figure class="curve-figure">
      <div
        ref={element}
        class="curve-chart"
        role="img"
        aria-label="Equity and drawdown over time"
      />
      {failed !== null && <p class="quiet">The chart could not be drawn: {failed}</p>}
      <figcaption class="quiet">
        <span class="key-curve">equity</span> <span class="key-drawdown">drawdown</span>{' '}
        <span class="key-period">not proven true</span> <span>arrows: money in and out</span>{' '}
        <span>chart by</span>{' '}
        <a href="https://www.tradingview.com/" target="_blank" rel="noreferrer">
          TradingView
        </a>
      </figcaption>
    </figure>
  );
}
