/** Shades spans of a chart behind its curves: from one point of its time to another. */
import type {
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesPrimitive,
  Logical,
  SeriesAttachedParameter,
  Time,
} from 'lightweight-charts';
import type { Span } from './drawn-spans.ts';

export class Shading implements ISeriesPrimitive<Time>, IPrimitivePaneView, IPrimitivePaneRenderer {
  readonly #colour: string;
  #spans: readonly Span[] = [];
  #on: SeriesAttachedParameter<Time> | null = null;

  constructor(colour: string) {
    this.#colour = colour;
  }

  show(spans: readonly Span[]): void {
    this.#spans = spans;
    this.#on?.requestUpdate();
  }

  attached(on: SeriesAttachedParameter<Time>): void {
    this.#on = on;
  }

  detached(): void {
    this.#on = null;
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return [this];
  }

  zOrder(): 'bottom' {
    return 'bottom';
  }

  renderer(): IPrimitivePaneRenderer {
    return this;
  }

  draw(target: Parameters<IPrimitivePaneRenderer['draw']>[0]): void {
    const scale = this.#on?.chart.timeScale();
    if (scale === undefined) return;
    target.useMediaCoordinateSpace(({ context, mediaSize: { height } }) => {
      context.fillStyle = this.#colour;
      for (const [from, to] of this.#spans) {
        const left = scale.logicalToCoordinate(from as Logical);
        const right = scale.logicalToCoordinate(to as Logical);
        if (left === null || right === null) continue;
        context.fillRect(left, 0, Math.max(2, right - left), height);
      }
    });
  }
}
