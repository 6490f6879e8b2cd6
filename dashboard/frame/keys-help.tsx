/** Every key that does something here. */
import { Over } from '../parts/over.tsx';
import { commandsNow, everywhere } from '../state/commands.ts';
import { close } from '../state/overlays.ts';

export function KeysHelp() {
  const all = new Set(everywhere.value);
  const here = commandsNow().filter((one) => !all.has(one));
  const groups = [
    { title: 'On this page', commands: here },
    { title: 'Everywhere', commands: everywhere.value },
  ];
  return (
    <Over title="Keys" onClose={close}>
      <div class="keys">
        {groups.map(({ title, commands }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {commands
                .filter(({ keys }) => keys !== null)
                .map(({ keys, words }) => (
                  <div key={keys}>
                    <dt>
                      {keys!.split(' ').map((one) => (
                        <kbd key={one}>{one}</kbd>
                      ))}
                    </dt>
                    <dd>{words}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Over>
  );
}
