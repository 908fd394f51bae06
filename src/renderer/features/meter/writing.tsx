import { Button, Radio, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { WritePlan } from '../../../shared/api/meters.ts';
import type { PointCard } from '../../../shared/api/methods.ts';
import { METER_WRITE_KINDS, type MeterWrite, WRITABLE_BAUD_RATES, WRITABLE_PARITIES } from '../../../shared/domain/meter-write.ts';
import { WRITE_TEXTS } from '../../../shared/i18n/meter-writes.ts';
import { routeHref } from '../../app/routes.ts';
import { useAction } from '../../client/action.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { useLocale } from '../../ui/locale.ts';
import { EmptyState, ErrorNotice, ProgressLine } from '../../ui/notices.tsx';
import { PageBody, Section } from '../../ui/page.tsx';
import { createSettingsSlice } from '../setup/slice.ts';
import { createWritesSlice } from './slice.ts';
import { FIRST_DRAFT, type WriteDraft, writeOf } from './write-draft.ts';
import { WriteHistory } from './write-history.tsx';
import { WriteSteps } from './write-steps.tsx';

/** The newest writes of the site; those of one point are picked from them. */
const WRITES_ASKED = { offset: 0, limit: 1000 };

/** Writing to the meter of a point: behind a door, planned before it is done, done once. */
export function MeterWriting({ card }: { readonly card: PointCard }) {
  const { t } = useLocale();
  const { client } = useServices();
  const settings = useResource(createSettingsSlice, {});
  const writes = useResource(createWritesSlice, WRITES_ASKED);
  const rows = useMemo(() => (writes.data?.rows ?? []).filter((row) => row.pointCode === card.code), [writes.data, card.code]);
  const [draft, setDraft] = useState<WriteDraft>(FIRST_DRAFT);
  const [plan, setPlan] = useState<WritePlan | null>(null);
  const ask = useAction(async (write: MeterWrite) => setPlan(await client.call('writes.plan', { pointId: card.id, write })));
  const change = (part: Partial<WriteDraft>) => {
    ask.reset();
    setPlan(null);
    setDraft((before) => ({ ...before, ...part }));
  };
  const write = writeOf(draft);
  const error = settings.error ?? writes.error;
  return (
    <>
      <ProgressLine isLoading={settings.isLoading || writes.isLoading} />
      {error === null ? null : <ErrorNotice error={error} />}
      {settings.data === null ? null : (
        <PageBody>
          {settings.data.writes.isEnabled ? (
            <div className="columns-2">
              <Section title={t('writing.choose')}>
                <form
                  onSubmit={(event) => {
                    event.preventDefault();
                    if (write !== null) void ask.run(write);
                  }}
                >
                  <WriteChoice draft={draft} onChange={change} />
                  {ask.error === null ? null : <ErrorNotice error={ask.error} />}
                  <div className="form-actions">
                    <Button type="submit" variant="default" data-testid="write-plan" disabled={write === null} loading={ask.isBusy}>
                      {t('writing.plan')}
                    </Button>
                  </div>
                </form>
              </Section>
              <Section title={t('writing.dryRun')}>
                {plan === null ? (
                  <p className="verdict dim">{t('writing.noPlan')}</p>
                ) : (
                  <WriteSteps key={plan.planId} plan={plan} onDone={() => writes.load(WRITES_ASKED)} onDrop={() => setPlan(null)} />
                )}
              </Section>
            </div>
          ) : (
            <EmptyState text={t('writing.off')} action={{ label: t('writing.toSetup'), href: routeHref('setup') }} />
          )}
          <Section title={t('writing.history')}>{writes.data === null ? null : <WriteHistory rows={rows} />}</Section>
        </PageBody>
      )}
    </>
  );
}

function WriteChoice({ draft, onChange }: { readonly draft: WriteDraft; readonly onChange: (part: Partial<WriteDraft>) => void }) {
  const { t, language } = useLocale();
  return (
    <>
      <Radio.Group
        aria-label={t('writing.choose')}
        value={draft.kind}
        onChange={(value) => {
          const kind = METER_WRITE_KINDS.find((known) => known === value);
          if (kind !== undefined) onChange({ kind });
        }}
      >
        <div className="write-kinds">
          {METER_WRITE_KINDS.map((kind) => (
            <Radio key={kind} size="xs" value={kind} label={WRITE_TEXTS[kind][language].name} />
          ))}
        </div>
      </Radio.Group>
      {draft.kind === 'address' ? (
        <TextInput
          className="form-field"
          w={200}
          label={t('writing.address')}
          inputMode="numeric"
          value={draft.address}
          onChange={({ currentTarget }) => onChange({ address: currentTarget.value.trim() })}
        />
      ) : null}
      {draft.kind === 'profile-period' ? (
        <TextInput
          className="form-field"
          w={200}
          label={t('writing.minutes')}
          inputMode="numeric"
          value={draft.minutes}
          onChange={({ currentTarget }) => onChange({ minutes: currentTarget.value.trim() })}
        />
      ) : null}
      {draft.kind === 'line-parameters' ? (
        <div className="form-row">
          <Select
            label={t('writing.baudRate')}
            data={WRITABLE_BAUD_RATES.map(String)}
            value={draft.baudRate}
            allowDeselect={false}
            onChange={(baudRate) => onChange({ baudRate: baudRate ?? draft.baudRate })}
          />
          <Select
            label={t('writing.parity')}
            data={WRITABLE_PARITIES.map((parity) => ({ value: parity, label: t(`parity.${parity}`) }))}
            value={draft.parity}
            allowDeselect={false}
            onChange={(value) => onChange({ parity: WRITABLE_PARITIES.find((known) => known === value) ?? draft.parity })}
          />
        </div>
      ) : null}
      {draft.kind === 'relay' ? (
        <SegmentedControl
          size="xs"
          aria-label={WRITE_TEXTS.relay[language].name}
          value={draft.isOn ? 'on' : 'off'}
          onChange={(value) => onChange({ isOn: value === 'on' })}
          data={[
            { value: 'off', label: t('writing.relayOff') },
            { value: 'on', label: t('writing.relayOn') },
          ]}
        />
      ) : null}
      <p className="write-consequence">{WRITE_TEXTS[draft.kind][language].consequence}</p>
    </>
  );
}
