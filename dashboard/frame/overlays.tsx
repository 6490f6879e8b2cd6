/** The one thing that lies over the page, if any does. */
import { overlay } from '../state/overlays.ts';
import { AsOfPicker } from './as-of-picker.tsx';
import { CommandPalette } from './command-palette.tsx';
import { EntryDrawer } from './entry-drawer.tsx';
import { FigureDrawer } from './figure-drawer.tsx';
import { KeysHelp } from './keys-help.tsx';
import { MorePlaces } from './more-places.tsx';
import { SettingsPanel } from './settings-panel.tsx';
import { WhyDrawer } from './why-drawer.tsx';

export function Overlays() {
  const shown = overlay.value;
  switch (shown?.name) {
    case undefined:
      return null;
    case 'palette':
      return <CommandPalette />;
    case 'keys':
      return <KeysHelp />;
    case 'as-of':
      return <AsOfPicker />;
    case 'settings':
      return <SettingsPanel />;
    case 'more':
      return <MorePlaces />;
    case 'why':
      return <WhyDrawer asked={shown.asked} />;
    case 'figure':
      return <FigureDrawer told={shown.told} />;
    case 'entry':
      return <EntryDrawer account={shown.account} sequence={shown.sequence} />;
  }
}
