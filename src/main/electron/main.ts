import { join } from 'node:path';
import { app, protocol } from 'electron';
import { SCREENS_SCHEME } from './channels.ts';
import { runShell } from './shell.ts';

// Both must be said before Electron is ready.
protocol.registerSchemesAsPrivileged([
  { scheme: SCREENS_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
]);
app.setAppUserModelId('ru.feeder.desktop');

if (app.requestSingleInstanceLock()) {
  void runShell({
    bundleFolder: import.meta.dirname,
    resourcesFolder: app.isPackaged ? process.resourcesPath : join(import.meta.dirname, '../../resources'),
    dataFolder: process.env['FEEDER_DATA'] ?? join(app.getPath('userData'), 'data'),
    updateFeed: process.env['FEEDER_UPDATE_FEED'] ?? null,
  });
} else {
  // The first instance shows its window instead.
  app.quit();
}
