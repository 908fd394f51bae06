import { Button, Select, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { type Settings, settings as settingsSchema } from '../../../shared/api/settings.ts';
import type { Language } from '../../../shared/i18n/language.ts';
import { useAction } from '../../client/action.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { useLocale } from '../../ui/locale.ts';
import { ErrorNotice, Notice } from '../../ui/notices.tsx';
import { PageBar, PageBody, Section } from '../../ui/page.tsx';
import { siteTime, zoneLabel } from '../../ui/time.ts';
import { ClockRule } from './clock-rule.tsx';
import { ImportPanel } from './import-panel.tsx';
import { createSettingsSlice } from './slice.ts';
import { SetupTabs } from './tabs.tsx';
import { WritesSwitch } from './writes-switch.tsx';

/** The zones of Russia, west to east; another IANA name that is already set stays in the list. */
const ZONES = [
  'Europe/Kaliningrad',
  'Europe/Moscow',
  'Europe/Samara',
  'Asia/Yekaterinburg',
  'Asia/Omsk',
  'Asia/Novosibirsk',
  'Asia/Krasnoyarsk',
  'Asia/Irkutsk',
  'Asia/Yakutsk',
  'Asia/Vladivostok',
  'Asia/Magadan',
  'Asia/Kamchatka',
] as const;

export function SetupView({ onLanguage }: { readonly onLanguage: (language: Language) => void }) {
  const { t } = useLocale();
  const { data, error, load } = useResource(createSettingsSlice, {});
  return (
    <>
      <PageBar path={[{ label: t('nav.setup') }]} />
      <SetupTabs current="setup" />
      {error === null ? null : <ErrorNotice error={error} />}
      <PageBody className="form">
        <Section title={t('setup.import')} note={t('setup.importNote')}>
          <ImportPanel />
        </Section>
        {data === null ? null : (
          <>
            <SiteForm saved={data} reload={() => load({})} onLanguage={onLanguage} />
            <WritesSwitch saved={data} reload={() => load({})} />
            <ClockRule saved={data} reload={() => load({})} />
          </>
        )}
      </PageBody>
    </>
  );
}

interface SiteFormProps {
  readonly saved: Settings;
  readonly reload: () => Promise<void>;
  readonly onLanguage: (language: Language) => void;
}

function SiteForm({ saved, reload, onLanguage }: SiteFormProps) {
  const { t } = useLocale();
  const { client, serverNow } = useServices();
  const [draft, setDraft] = useState(saved);
  useEffect(() => setDraft(saved), [saved]);
  const save = useAction(async (next: Settings) => {
    await client.call('settings.set', next);
    onLanguage(next.language);
    await reload();
  });
  const { site } = draft;
  const change = (part: Partial<Settings['site']>) => {
    save.reset();
    setDraft({ ...draft, site: { ...site, ...part } });
  };
  const checked = settingsSchema.safeParse(draft);
  const faulty = new Set(checked.success ? [] : checked.error.issues.map((issue) => issue.path.join('.')));
  const field = (name: 'name' | 'code' | 'inn' | 'kpp') => (
    <TextInput
      label={t(`setup.${name}`)}
      description={t(`setup.${name}Hint`)}
      value={site[name]}
      error={faulty.has(`site.${name}`) ? t(`setup.${name}Fault`) : null}
      onChange={({ currentTarget }) => change({ [name]: currentTarget.value })}
    />
  );
  const zoneText = (zone: string) => {
    const known = ZONES.find((one) => one === zone);
    const offsetMin = siteTime(zone).offsetMin(serverNow());
    return `${known === undefined ? zone : t(`setup.zones.${known}`)}, ${zoneLabel(zone, offsetMin, t('zone.moscow'))}`;
  };
  const zones: readonly string[] = ZONES.some((one) => one === site.timeZone) ? ZONES : [site.timeZone, ...ZONES];
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save.run(draft);
      }}
    >
      <Section title={t('setup.site')}>
        {field('name')}
        <div className="form-row">
          {field('code')}
          <Select
            label={t('setup.timeZone')}
            description={t('setup.timeZoneHint')}
            data={zones.map((zone) => ({ value: zone, label: zoneText(zone) }))}
            value={site.timeZone}
            allowDeselect={false}
            searchable
            onChange={(value) => change({ timeZone: value ?? site.timeZone })}
          />
        </div>
        <div className="form-row">
          {field('inn')}
          {field('kpp')}
        </div>
        <div className="form-row">
          <Select
            label={t('setup.language')}
            description={t('setup.languageHint')}
            data={[
              { value: 'ru', label: 'Русский' },
              { value: 'en', label: 'English' },
            ]}
            value={draft.language}
            allowDeselect={false}
            onChange={(value) => setDraft({ ...draft, language: value === 'en' ? 'en' : 'ru' })}
          />
          <span />
        </div>
        {save.error === null ? null : <ErrorNotice error={save.error} />}
        {save.isDone ? <Notice kind="ok">{t('action.saved')}</Notice> : null}
        <div className="form-actions">
          <Button type="submit" disabled={!checked.success} loading={save.isBusy}>
            {t('action.save')}
          </Button>
        </div>
      </Section>
    </form>
  );
}
