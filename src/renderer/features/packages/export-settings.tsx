import { ActionIcon, Button, Checkbox, Select, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Schedule, Settings } from '../../../shared/api/settings.ts';
import { settings as settingsSchema } from '../../../shared/api/settings.ts';
import { useAction } from '../../client/action.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { useLocale } from '../../ui/locale.ts';
import { ErrorNotice, Notice } from '../../ui/notices.tsx';
import { Section } from '../../ui/page.tsx';
import { createExportSettingsSlice } from './slice.ts';

/** Folder, encoding and schedule of the exchange with 1C. */
export function ExportSettings() {
  const { t } = useLocale();
  const { client } = useServices();
  const { data, error, load } = useResource(createExportSettingsSlice, {});
  const [draft, setDraft] = useState<Settings | null>(null);
  useEffect(() => setDraft((before) => before ?? data), [data]);
  const save = useAction(async (next: Settings) => {
    setDraft(await client.call('settings.set', next));
    await load({});
  });
  if (draft === null) return error === null ? null : <ErrorNotice error={error} />;
  const change = (next: Settings) => {
    save.reset();
    setDraft(next);
  };
  const { onec, schedules } = draft;
  const setOnec = (part: Partial<Settings['onec']>) => change({ ...draft, onec: { ...onec, ...part } });
  const setJob = (index: number, part: Partial<Schedule>) =>
    change({ ...draft, schedules: schedules.map((job, at) => (at === index ? { ...job, ...part } : job)) });
  const isValid = settingsSchema.safeParse(draft).success;
  return (
    <form
      className="page-body form"
      onSubmit={(event) => {
        event.preventDefault();
        void save.run(draft);
      }}
    >
      <Section title={t('packages.folderSection')}>
        <TextInput
          label={t('packages.folder')}
          description={t('packages.folderHint')}
          placeholder="\\server\1c\energy"
          value={onec.folder ?? ''}
          onChange={({ currentTarget }) => setOnec({ folder: currentTarget.value.trim() === '' ? null : currentTarget.value })}
        />
        <div className="form-row">
          <TextInput
            label={t('packages.receiver')}
            value={onec.name}
            onChange={({ currentTarget }) => setOnec({ name: currentTarget.value })}
          />
          <Select
            label={t('packages.encoding')}
            data={['windows-1251', 'utf-8']}
            value={onec.encoding}
            allowDeselect={false}
            onChange={(value) => setOnec({ encoding: value === 'utf-8' ? 'utf-8' : 'windows-1251' })}
          />
        </div>
      </Section>
      <Section title={t('packages.schedule')} note={t('packages.scheduleNote')}>
        {schedules.length === 0 ? <p className="verdict">{t('packages.noSchedule')}</p> : null}
        {schedules.map((job, index) => (
          <div key={job.id} className="job-row">
            <Checkbox
              aria-label={t('packages.jobEnabled')}
              checked={job.isEnabled}
              onChange={({ currentTarget }) => setJob(index, { isEnabled: currentTarget.checked })}
            />
            <Select
              aria-label={t('packages.kind')}
              data={[
                { value: 'IV', label: t('kind.IV') },
                { value: 'RD', label: t('kind.RD') },
              ]}
              value={job.kind}
              allowDeselect={false}
              onChange={(value) => setJob(index, { kind: value === 'RD' ? 'RD' : 'IV' })}
            />
            <Select
              aria-label={t('packages.period')}
              data={[
                { value: 'previous-day', label: t('packages.previousDay') },
                { value: 'previous-month', label: t('packages.previousMonth') },
              ]}
              value={job.period}
              allowDeselect={false}
              onChange={(value) => setJob(index, { period: value === 'previous-month' ? 'previous-month' : 'previous-day' })}
            />
            <TimeInput label={t('packages.jobAt')} value={job.at} onChange={(at) => setJob(index, { at })} />
            <Checkbox
              label={t('packages.whenComplete')}
              checked={job.whenComplete}
              onChange={({ currentTarget }) => setJob(index, { whenComplete: currentTarget.checked })}
            />
            <TimeInput
              label={t('packages.latest')}
              value={job.latest}
              isDisabled={!job.whenComplete}
              onChange={(latest) => setJob(index, { latest })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('packages.removeJob')}
              onClick={() => change({ ...draft, schedules: schedules.filter((_, at) => at !== index) })}
            >
              ×
            </ActionIcon>
          </div>
        ))}
        <Button
          variant="default"
          size="compact-sm"
          onClick={() =>
            change({
              ...draft,
              schedules: [
                ...schedules,
                {
                  id: freeJobId(schedules),
                  kind: 'IV',
                  at: '06:00',
                  period: 'previous-day',
                  whenComplete: true,
                  latest: '09:00',
                  isEnabled: true,
                },
              ],
            })
          }
        >
          {t('packages.addJob')}
        </Button>
      </Section>
      {save.error === null ? null : <ErrorNotice error={save.error} />}
      {save.isDone ? <Notice kind="ok">{t('action.saved')}</Notice> : null}
      <div className="form-actions">
        <Button type="submit" disabled={!isValid} loading={save.isBusy}>
          {t('action.save')}
        </Button>
      </div>
    </form>
  );
}

interface TimeInputProps {
  readonly label: string;
  readonly value: string;
  readonly isDisabled?: boolean;
  readonly onChange: (value: string) => void;
}

/** `hh:mm` typed as text: the browser's own field would follow its language instead of the site's. */
function TimeInput({ label, value, isDisabled = false, onChange }: TimeInputProps) {
  const isValid = /^([01]\d|2[0-3]):[0-5]\d$/.test(value);
  return (
    <label className="time-input">
      <span>{label}</span>
      <TextInput
        aria-label={label}
        value={value}
        maxLength={5}
        disabled={isDisabled}
        error={!isValid}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </label>
  );
}

function freeJobId(schedules: readonly Schedule[]): string {
  let number = schedules.length + 1;
  while (schedules.some((job) => job.id === `job-${number}`)) number += 1;
  return `job-${number}`;
}
