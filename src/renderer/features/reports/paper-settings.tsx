import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { type ReportSettings, reportSettings } from '../../../shared/api/report-settings.ts';
import { useAction } from '../../client/action.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { useLocale } from '../../ui/locale.ts';
import { monthName, printDate } from '../../ui/time.ts';
import { Editor } from './editor.tsx';
import { createReportSettingsSlice, shownDecimal, typedDecimal } from './slice.ts';

const MONTHS = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'] as const;

/** Who signs, how figures are printed, and the conditions that maxima and tenants go by. */
export function PaperSettings() {
  const { t, language, numbers } = useLocale();
  const { client } = useServices();
  const settings = useResource(createReportSettingsSlice, {});
  const [draft, setDraft] = useState<ReportSettings | null>(null);
  const [days, setDays] = useState('');
  const stored = settings.data?.reports ?? null;
  const storedText = JSON.stringify(stored);
  useEffect(() => {
    setDraft(stored);
    setDays((stored?.daysOff ?? []).map(printDate).join(', '));
  }, [storedText]);
  const save = useAction(async () => {
    if (settings.data === null || draft === null) return;
    await client.call('settings.set', { ...settings.data, reports: draft });
    await settings.load({});
  });
  if (draft === null) return null;
  const set = (part: Partial<ReportSettings>) => {
    save.reset();
    setDraft({ ...draft, ...part });
  };
  const setSignature = (index: number, part: Partial<ReportSettings['signatures'][number]>) =>
    set({ signatures: draft.signatures.map((one, at) => (at === index ? { ...one, ...part } : one)) });
  return (
    <Editor
      title={t('reports.paper.title')}
      note={t('reports.paper.note')}
      obstacle={reportSettings.safeParse(draft).success ? null : t('reports.paper.bad')}
      save={save}
    >
      <div className="report-row">
        <TextInput
          label={t('reports.paper.organisation')}
          description={t('reports.paper.organisationHint')}
          value={draft.organisation}
          onChange={({ currentTarget }) => set({ organisation: currentTarget.value })}
        />
        <Select
          label={t('reports.paper.digits')}
          description={' '}
          data={['0', '1', '2', '3']}
          value={String(draft.digits)}
          allowDeselect={false}
          onChange={(value) => set({ digits: Number(value) })}
        />
        <TextInput
          label={t('reports.paper.balanceLimit')}
          description={t('reports.paper.balanceLimitHint')}
          value={shownDecimal(draft.balanceLimit, numbers)}
          onChange={({ currentTarget }) => set({ balanceLimit: typedDecimal(currentTarget.value) })}
        />
      </div>
      <h3>{t('reports.paper.signatures')}</h3>
      {draft.signatures.map((signature, index) => (
        <div key={index} className="report-row">
          <TextInput
            aria-label={t('reports.paper.position')}
            placeholder={t('reports.paper.position')}
            value={signature.position}
            onChange={({ currentTarget }) => setSignature(index, { position: currentTarget.value })}
          />
          <TextInput
            aria-label={t('reports.paper.person')}
            placeholder={t('reports.paper.person')}
            value={signature.name}
            onChange={({ currentTarget }) => setSignature(index, { name: currentTarget.value })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('reports.remove')}
            onClick={() => set({ signatures: draft.signatures.filter((_, at) => at !== index) })}
          >
            ×
          </ActionIcon>
        </div>
      ))}
      {draft.signatures.length >= 4 ? null : (
        <Button variant="default" size="compact-sm" onClick={() => set({ signatures: [...draft.signatures, { position: '', name: '' }] })}>
          {t('reports.paper.addSignature')}
        </Button>
      )}
      <h3>{t('reports.paper.peakHours')}</h3>
      <p className="dim">{t('reports.paper.peakHoursHint')}</p>
      <div className="report-months">
        {MONTHS.map((month) => (
          <TextInput
            key={month}
            label={monthName(Number(month), language, 'long')}
            placeholder="8-11,16-21"
            value={draft.peakHours[month] ?? ''}
            onChange={({ currentTarget }) => {
              const { [month]: _, ...others } = draft.peakHours;
              const text = currentTarget.value.replaceAll(' ', '').replaceAll('–', '-');
              set({ peakHours: text === '' ? others : { ...others, [month]: text } });
            }}
          />
        ))}
      </div>
      <h3>{t('reports.paper.conditions')}</h3>
      <div className="report-row">
        <TextInput
          label={t('reports.paper.daysOff')}
          description={t('reports.paper.daysOffHint')}
          value={days}
          onChange={({ currentTarget }) => {
            setDays(currentTarget.value);
            set({ daysOff: isoDates(currentTarget.value) });
          }}
        />
        <TextInput
          label={t('reports.paper.tenantPrice')}
          description={t('reports.paper.tenantPriceHint')}
          value={shownDecimal(draft.tenantPrice, numbers)}
          onChange={({ currentTarget }) => set({ tenantPrice: typedDecimal(currentTarget.value) })}
        />
        <TextInput
          label={t('reports.paper.vat')}
          description={' '}
          value={shownDecimal(draft.vatPercent, numbers)}
          onChange={({ currentTarget }) => set({ vatPercent: typedDecimal(currentTarget.value) ?? '' })}
        />
      </div>
    </Editor>
  );
}

/** Dates as people write them; what is none stays as it is, so that the schema refuses it. */
function isoDates(text: string): string[] {
  return text
    .split(/[,;\s]+/)
    .filter(Boolean)
    .map((part) => part.replace(/^(\d{2})\.(\d{2})\.(\d{4})$/, '$3-$2-$1'));
}
