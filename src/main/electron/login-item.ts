import { app } from 'electron';

/** Argument of a start at logon: the tray alone, no window. */
export const HIDDEN_ARGUMENT = '--hidden';

/**
 * Whether Windows starts Feeder when this user logs on. Without a user logged on only the service polls.
 * @public Called by the settings of the PC once the screens have them.
 */
export function setStartAtLogon(isWanted: boolean): void {
  app.setLoginItemSettings({ openAtLogin: isWanted, args: [HIDDEN_ARGUMENT] });
}
