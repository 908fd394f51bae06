/** Backup copies by hand: made beside a running service, put back while nobody owns the folder. */
import { join, resolve } from 'node:path';
import { statSync } from 'node:fs';
import { systemClock } from '../../platform/clock.ts';
import { backupName, openStoreReader, restoreBackup } from '../../store/store.ts';
import type { Command } from '../command.ts';
import { withSite } from '../data-folder.ts';

export const backupCommand: Command = {
  name: 'backup',
  usage: '--data DIR [--to FILE]',
  summary:
    'Copies the database, beside a running service or without one, and checks the copy. Without --to it is the daily copy in DIR/backups.',
  flags: { data: 'value', to: 'value' },
  words: { min: 0, max: 0 },
  run: (args, io) =>
    withSite(args.required('data'), async (site) => {
      const { store } = site;
      const file = resolve(args.value('to') ?? join(store.folder, 'backups', backupName(site.zone.dateOf(site.nowUtc()))));
      await store.backUpTo(file);
      io.out({ file, bytes: statSync(file).size, checked: true });
    }),
};

export const restoreCommand: Command = {
  name: 'restore',
  usage: '--data DIR FILE',
  summary:
    'Puts a backup copy in the place of the database; the former one stays beside it. What is missing since is read from the meters again.',
  flags: { data: 'value' },
  words: { min: 1, max: 1 },
  run(args, io) {
    const folder = args.required('data');
    const file = resolve(args.words[0] ?? '');
    const before = restoreBackup(folder, file, systemClock.now());
    const store = openStoreReader({ folder });
    try {
      io.out({ restored: file, before, points: store.plant.load().points.length });
    } finally {
      store.close();
    }
    return Promise.resolve(0);
  },
};
