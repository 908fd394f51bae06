import { Button, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { ERROR_TEXTS } from '../../../shared/i18n/errors.ts';
import { useAction } from '../../client/action.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { Facts } from '../../ui/figures.tsx';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { useLocale } from '../../ui/locale.ts';
import { AdviceText, ErrorNotice, Notice } from '../../ui/notices.tsx';
import { Section } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { printDate } from '../../ui/time.ts';
import { createSettingsSlice } from '../setup/slice.ts';
import { createBackupSlice } from './slice.ts';

const NOTHING = {};

/** When the data were copied last, where to, and a copy by hand. */
export function Backups() {
  const { t, language, numbers, time } = useLocale();
  const { client } = useServices();
  const { data, error, load } = useResource(createBackupSlice, NOTHING, { everyMs: 15_000 });
  const make = useAction(async () => {
    await client.call('backup.make', {});
    await load(NOTHING);
  });
  if (data === null) return error === null ? null : <ErrorNotice error={error} />;
  const [last] = data.files;
  const units = [t('unit.B'), t('unit.KB'), t('unit.MB'), t('unit.GB')] as const;
  return (
    <Section
      title={t('backup.title')}
      note={
        <Button
          size="compact-sm"
          variant="default"
          data-testid="make-backup"
          loading={make.isBusy || data.isRunning}
          onClick={() => void make.run()}
        >
          {t('backup.make')}
        </Button>
      }
    >
      {make.error === null ? null : <ErrorNotice error={make.error} />}
      {data.failure === null ? null : (
        <Notice kind="attention">
          {t('backup.failed', { at: time.dateTime(data.failure.at) })}. <AdviceText advice={ERROR_TEXTS[data.failure.code][language]} />
        </Notice>
      )}
      <Facts
        rows={[
          [
            t('backup.last'),
            last === undefined ? (
              t('backup.none')
            ) : (
              <span key="last" title={last.file}>
                {printDate(last.day)}, {formatBytes(last.bytes, units, numbers)} <StateMark state="ok" label={t('backup.checked')} />
              </span>
            ),
          ],
          [t('backup.all'), formatCount(data.files.length, numbers)],
          [t('backup.folder'), <code key="folder">{data.folder}</code>],
        ]}
      />
      <FolderForm onSaved={() => load(NOTHING)} />
      <p className="dim">{t('backup.restore')}</p>
    </Section>
  );
}

function FolderForm({ onSaved }: { readonly onSaved: () => Promise<void> }) {
  const { t } = useLocale();
  const { client } = useServices();
  const { data, load } = useResource(createSettingsSlice, NOTHING);
  const saved = data?.backup.folder ?? '';
  const [folder, setFolder] = useState(saved);
  useEffect(() => setFolder(saved), [saved]);
  const save = useAction(async (next: string) => {
    // The settings are replaced as a whole: what another person has changed meanwhile must stay.
    const now = await client.call('settings.get', {});
    await client.call('settings.set', { ...now, backup: { folder: next.trim() === '' ? null : next.trim() } });
    await load(NOTHING);
    await onSaved();
  });
  return (
    <form
      className="form-line"
      onSubmit={(event) => {
        event.preventDefault();
        void save.run(folder);
      }}
    >
      <TextInput
        w={420}
        size="xs"
        aria-label={t('backup.folder')}
        placeholder={t('backup.folderHint')}
        value={folder}
        onChange={({ currentTarget }) => setFolder(currentTarget.value)}
      />
      <Button type="submit" size="compact-sm" variant="default" loading={save.isBusy} disabled={folder === saved}>
        {t('action.save')}
      </Button>
      {save.error === null ? null : <ErrorNotice error={save.error} />}
    </form>
  );
}
