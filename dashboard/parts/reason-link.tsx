/** The code of a cause, which leads to what speaks for it and what sets it right. */
import type { ComponentChildren } from 'preact';

interface ReasonLinkProps {
  readonly reason: string;
  /** Absent: the code itself. */
  readonly children?: ComponentChildren;
}

export function ReasonLink({ reason, children }: ReasonLinkProps) {
  return (
    <a class="reason" href={`/reference/breaks#${reason}`} title={`What ${reason} means`}>
      {children ?? <code>{reason}</code>}
    </a>
  );
}
