/** A row under a finger: drawn to the right or to the left, and let go. */
import { useRef } from 'preact/hooks';

export interface Swipes<T> {
  readonly right: (row: T) => void;
  readonly left: (row: T) => void;
}

/** A shorter way is a tap that slipped. */
const farPx = 72;
/** More of it downwards is scrolling. */
const steepest = 0.5;

/** To which side so much of a way leads; null: to none. */
export function sideOf(x: number, y: number): 'left' | 'right' | null {
  if (Math.abs(x) < farPx || Math.abs(y) > Math.abs(x) * steepest) return null;
  return x > 0 ? 'right' : 'left';
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The row goes along with the finger, and says what it would do by the edge it uncovers. */
export function useSwiping<T>(row: T, swipes: Swipes<T> | undefined) {
  const from = useRef<Point | null>(null);
  if (swipes === undefined) return {};
  return {
    onTouchStart: ({ touches }: TouchEvent) => {
      const [touch] = touches;
      from.current =
        touch === undefined || touches.length > 1 ? null : { x: touch.clientX, y: touch.clientY };
    },
    onTouchMove: (event: TouchEvent) => {
      const { x, y } = wayFrom(from.current, event);
      const isAcross = Math.abs(x) > 12 && Math.abs(y) <= Math.abs(x) * steepest;
      show(event.currentTarget, isAcross ? x : 0, sideOf(x, y));
    },
    onTouchEnd: (event: TouchEvent) => {
      const { x, y } = wayFrom(from.current, event);
      const side = sideOf(x, y);
      from.current = null;
      show(event.currentTarget, 0, null);
      if (side !== null) swipes[side](row);
    },
    onTouchCancel: ({ currentTarget }: TouchEvent) => {
      from.current = null;
      show(currentTarget, 0, null);
    },
  };
}

function wayFrom(from: Point | null, { changedTouches: [touch] }: TouchEvent): Point {
  if (from === null || touch === undefined) return { x: 0, y: 0 };
  return { x: touch.clientX - from.x, y: touch.clientY - from.y };
}

function show(element: EventTarget | null, x: number, side: string | null): void {
  if (!(element instanceof HTMLElement)) return;
  element.style.transform = x === 0 ? '' : `translateX(${x}px)`;
  if (side === null) delete element.dataset['swipe'];
  else element.dataset['swipe'] = side;
}
