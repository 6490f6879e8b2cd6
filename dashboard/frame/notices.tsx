/** What was just done, with its way back; what failed, until it was read. */
import { Shape } from '../parts/shape.tsx';
import { dismiss, notices } from '../state/notices.ts';

export function Notices() {
  return (
    <div class="notices" aria-live="polite">
      {notices.value.map(({ n, tone, words, detail, undo }) => (
        <div key={n} class={`notice notice-${tone}`} role={tone === 'failed' ? 'alert' : 'status'}>
          <Shape name={tone === 'done' ? 'true' : 'break'} />
          <div>
            <p>{words}</p>
            {detail !== null && detail !== '' && <p class="quiet">{detail}</p>}
          </div>
          {undo !== null && (
            <button
              type="button"
              class="button"
              onClick={() => {
                dismiss(n);
                undo.run();
              }}
            >
              {undo.label}
            </button>
          )}
          <button type="button" class="copy" aria-label="Dismiss" onClick={() => dismiss(n)}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
