import { Menu, Tray } from 'electron';
import type { SystemStatus } from '../../shared/api/methods.ts';
import type { ShellText } from './text.ts';

export interface TrayOptions {
  readonly text: ShellText;
  readonly icons: { readonly calm: string; readonly attention: string };
  readonly onOpen: () => void;
  readonly onQuit: () => void;
}

/** The sign that polling goes on while the window is hidden. */
export interface StateTray {
  show(status: SystemStatus): void;
  destroy(): void;
}

export function createTray({ text, icons, onOpen, onQuit }: TrayOptions): StateTray {
  const tray = new Tray(icons.calm);
  let shown = '';
  const draw = (line: string, needsAttention: boolean) => {
    // Windows closes an open menu when it is replaced: only when something changed.
    if (line === shown) return;
    shown = line;
    tray.setImage(needsAttention ? icons.attention : icons.calm);
    tray.setToolTip(line === '' ? text.product : `${text.product}: ${line}`);
    tray.setContextMenu(
      Menu.buildFromTemplate([
        ...(line === '' ? [] : [{ label: line, enabled: false }, { type: 'separator' as const }]),
        { label: text.open, click: onOpen },
        { label: text.quit, click: onQuit },
      ]),
    );
  };
  tray.setToolTip(text.product);
  tray.on('click', onOpen);
  return {
    show: (status) => draw(text.state(status), status.attention > 0 || !status.isPolling),
    destroy: () => tray.destroy(),
  };
}
