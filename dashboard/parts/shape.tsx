/** The form of a verdict or state: told apart without colour. Its word stands beside it. */
import type { ShapeName } from '../words/break-words.ts';

export function Shape({ name, size = 14 }: { readonly name: ShapeName; readonly size?: number }) {
  return (
    <svg
      class={`shape shape-${name}`}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      aria-hidden="true"
    >
      {forms[name]}
    </svg>
  );
}

const forms = {
  true: (
    <>
      <circle cx="8" cy="8" r="7.5" class="shape-fill" />
      <path d="M4.4 8.3l2.4 2.6 4.8-5.6" class="shape-mark" />
    </>
  ),
  break: (
    <>
      <path d="M8 .3l7.7 7.7L8 15.7.3 8z" class="shape-fill" />
      <path d="M5.6 5.6l4.8 4.8m0-4.8l-4.8 4.8" class="shape-mark" />
    </>
  ),
  'cannot-say': (
    <>
      <rect x=".9" y=".9" width="14.2" height="14.2" rx="2" class="shape-edge" />
      <path d="M5.7 6a2.4 2.4 0 1 1 3.5 2.2c-.8.4-1.2.8-1.2 1.7" class="shape-line" />
      <circle cx="8" cy="12.3" r="1" class="shape-dot" />
    </>
  ),
  settling: (
    <>
      <circle cx="8" cy="8" r="7" class="shape-edge" />
      <path d="M8 8V1.2A6.8 6.8 0 0 1 14.8 8z" class="shape-dot" />
    </>
  ),
  paused: (
    <>
      <rect x="3" y="2" width="3.6" height="12" class="shape-dot" />
      <rect x="9.4" y="2" width="3.6" height="12" class="shape-dot" />
    </>
  ),
} as const;
