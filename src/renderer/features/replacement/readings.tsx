import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { MethodParams } from '../../../shared/api/methods.ts';
import type { ManualReadingView, ReadingCheck } from '../../../shared/api/replacement.ts';
import { CHANNELS, type Channel } from '../../../shared/domain/channel.ts';
import { routeHref } from '../../app/routes.ts';
import { useAction } from '../../client/action.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { Absent } from '../../ui/figures.tsx';
import { formatDecimal, shiftDecimal } from '../../ui/format.ts';
import { type Locale, useLocale } from '../../ui/locale.ts';
import { ErrorNotice, Notice, ProgressLine } from '../../ui/notices.tsx';
import { PageBody, Section } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { AuthorInput, DecideDialog, DeskError, useAuthor } from './decide.tsx';
import { createReadingsSlice, createTreeSlice, energyText, wattHoursOf } from './slice.ts';

const TARIFFS = [0, 1, 2, 3, 4] as const;
type NewReading = MethodParams<'readings.check'>;

interface ReadingDraft {
  readonly pointId: string | null;
  readonly date: string;
  readonly time: string;
  readonly channel: Channel;
  readonly tariff: number;
  readonly reading: string;
  readonly isRollOver: boolean;
  readonly reason: string;
}

/** Readings of meters without a link: checked against their neighbours first, then written down. */
export function ReadingsTab({ month, isClosed }: { readonly month: string; readonly isClosed: boolean }) {
  const { t } = useLocale();
  const readings = useResource(createReadingsSlice, { month }, { on: ['replacements.changed'] });
  return (
    <>
      <ProgressLine isLoading={readings.isLoading} />
      {readings.error === null ? null : <ErrorNotice error={readings.error} />}
      <PageBody>
        <div className="reading-columns">
          <Section title={t('closing.reading.enter')}>
            {isClosed ? (
              <Notice kind="plain">{t('closing.reading.closed')}</Notice>
            ) : (
              <EnterForm month={month} onEntered={() => readings.load({ month })} />
            )}
          </Section>
          <Section title={t('closing.reading.list')}>
            {readings.data === null ? null : (
              <ReadingTable rows={readings.data} isClosed={isClosed} onChange={() => readings.load({ month })} />
            )}
          </Section>
        </div>
      </PageBody>
    </>
  );
}

function EnterForm({ month, onEntered }: { readonly month: string; readonly onEntered: () => Promise<void> }) {
  const locale = useLocale();
  const { t } = locale;
  const { client } = useServices();
  const tree = useResource(createTreeSlice, {});
  const [author, setAuthor] = useAuthor();
  const [draft, setDraft] = useState<ReadingDraft>(() => firstDraft(month));
  const [checked, setChecked] = useState<{ readonly reading: NewReading; readonly check: ReadingCheck } | null>(null);
  const [isConfirmed, setConfirmed] = useState(false);
  const check = useAction(async (reading: NewReading) => {
    setConfirmed(false);
    setChecked({ reading, check: await client.call('readings.check', reading) });
  });
  const save = useAction(async (reading: NewReading) => {
    await client.call('readings.enter', { ...reading, author: author.trim(), reason: draft.reason.trim(), isConfirmed });
    setChecked(null);
    setDraft((before) => ({ ...before, reading: '', isRollOver: false }));
    await onEntered();
  });
  const edit = (part: Partial<ReadingDraft>) => {
    check.reset();
    save.reset();
    setChecked(null);
    setDraft((before) => ({ ...before, ...part }));
  };
  const reading = readingOf(draft, locale);
  const doubts = checked?.check.doubts ?? [];
  const isRefused = doubts.some((doubt) => doubt.isRefusal);
  const canSave =
    checked !== null && !isRefused && (doubts.length === 0 || isConfirmed) && author.trim() !== '' && draft.reason.trim() !== '';
  return (
    <form
      className="reading-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (reading !== null) void check.run(reading);
      }}
    >
      <Select
        className="form-field"
        label={t('closing.reading.point')}
        searchable
        value={draft.pointId}
        data-testid="reading-point"
        data={(tree.data ?? []).map(({ name, points }) => ({
          group: name,
          items: points
            .filter(({ isReceived }) => isReceived !== true)
            .map((point) => ({ value: String(point.id), label: `${point.name} (${point.code})` })),
        }))}
        onChange={(pointId) => edit({ pointId })}
      />
      <div className="form-row">
        <TextInput
          type="date"
          label={t('closing.reading.date')}
          value={draft.date}
          data-testid="reading-date"
          onChange={({ currentTarget }) => edit({ date: currentTarget.value })}
        />
        <TextInput
          type="time"
          label={t('closing.reading.time')}
          value={draft.time}
          onChange={({ currentTarget }) => edit({ time: currentTarget.value })}
        />
        <Select
          label={t('closing.reading.channel')}
          allowDeselect={false}
          value={draft.channel}
          data={CHANNELS.map((channel) => ({ value: channel, label: channel.replace('-', '−') }))}
          title={t(`channel.${draft.channel}`)}
          onChange={(value) => edit({ channel: CHANNELS.find((known) => known === value) ?? 'A+' })}
        />
        <Select
          label={t('closing.reading.tariff')}
          allowDeselect={false}
          value={String(draft.tariff)}
          data={TARIFFS.map((tariff) => ({ value: String(tariff), label: tariffText(tariff, locale) }))}
          onChange={(value) => edit({ tariff: Number(value ?? 0) })}
        />
      </div>
      <TextInput
        className="form-field"
        label={`${t('closing.reading.reading')}, ${draft.channel.startsWith('A') ? t('unit.kWh') : t('unit.kvarh')}`}
        description={t('closing.reading.readingHint')}
        inputMode="decimal"
        value={draft.reading}
        data-testid="reading-value"
        onChange={({ currentTarget }) => edit({ reading: currentTarget.value })}
      />
      <Checkbox
        label={t('closing.reading.rollOver')}
        checked={draft.isRollOver}
        onChange={({ currentTarget }) => edit({ isRollOver: currentTarget.checked })}
      />
      <div className="form-row">
        <AuthorInput label={t('closing.reading.author')} value={author} onChange={setAuthor} />
        <TextInput
          label={t('closing.form.reason')}
          placeholder={t('closing.form.reasonHint')}
          required
          maxLength={500}
          value={draft.reason}
          data-testid="reading-reason"
          onChange={({ currentTarget }) => setDraft({ ...draft, reason: currentTarget.value })}
        />
      </div>
      {check.error === null ? null : <DeskError error={check.error} conflict={t('closing.reading.conflict')} />}
      {checked === null ? null : <CheckView check={checked.check} channel={draft.channel} locale={locale} />}
      {doubts.length > 0 && !isRefused ? (
        <Checkbox
          className="form-field"
          label={t('closing.reading.confirm')}
          checked={isConfirmed}
          data-testid="reading-confirm"
          onChange={({ currentTarget }) => setConfirmed(currentTarget.checked)}
        />
      ) : null}
      {save.error === null ? null : <DeskError error={save.error} conflict={t('closing.reading.conflict')} />}
      {save.isDone && checked === null ? <Notice kind="ok">{t('closing.reading.saved')}</Notice> : null}
      <div className="form-actions">
        <Button type="submit" variant="default" data-testid="reading-check" disabled={reading === null} loading={check.isBusy}>
          {t('closing.reading.check')}
        </Button>
        <Button
          data-testid="reading-save"
          disabled={!canSave}
          loading={save.isBusy}
          onClick={() => {
            if (checked !== null) void save.run(checked.reading);
          }}
        >
          {t('closing.reading.save')}
        </Button>
      </div>
    </form>
  );
}

function CheckView({ check, channel, locale }: { readonly check: ReadingCheck; readonly channel: Channel; readonly locale: Locale }) {
  const { t, time } = locale;
  const unknown = <Absent reason={t('closing.reading.unknown')} />;
  const dated = (reading: ReadingCheck['before']) =>
    reading === null ? unknown : `${registerText(reading.reading, channel, locale)}, ${time.dateTime(reading.at)}`;
  const rows = [
    [t('closing.reading.before'), dated(check.before)],
    [t('closing.reading.after'), dated(check.after)],
    [t('closing.reading.energy'), check.energy === null ? unknown : energyText(check.energy, channel, locale)],
    [t('closing.reading.usual'), check.usual === null ? unknown : energyText(check.usual, channel, locale)],
  ] as const;
  return (
    <div className="form-field" data-testid="reading-verdict">
      <table className="plain wide">
        <tbody>
          {rows.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="number nowrap">{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="dim">{t('closing.reading.counts', { at: time.dateTime(check.countsFrom) })}</p>
      {check.doubts.length === 0 ? <Notice kind="ok">{t('closing.reading.fits')}</Notice> : null}
      {check.doubts.map(({ code, isRefusal }) => (
        <p key={code}>
          <StateMark state={isRefusal ? 'fault' : 'attention'} label={t(`closing.reading.doubt.${code}`)} />
        </p>
      ))}
    </div>
  );
}

function ReadingTable({
  rows,
  isClosed,
  onChange,
}: {
  readonly rows: readonly ManualReadingView[];
  readonly isClosed: boolean;
  readonly onChange: () => Promise<void>;
}) {
  const locale = useLocale();
  const { t, time } = locale;
  const { client } = useServices();
  const [leaving, setLeaving] = useState<ManualReadingView | null>(null);
  if (rows.length === 0) return <p className="verdict dim">{t('closing.reading.none')}</p>;
  return (
    <>
      <table className="plain wide" data-testid="table-readings">
        <thead>
          <tr>
            <th scope="col">{t('closing.reading.point')}</th>
            <th scope="col">{t('closing.reading.date')}</th>
            <th scope="col">{t('closing.reading.channel')}</th>
            <th scope="col">{t('closing.reading.tariff')}</th>
            <th scope="col" className="number">
              {t('closing.reading.reading')}
            </th>
            <th scope="col">{t('closing.reading.author')}</th>
            <th scope="col">{t('closing.form.reason')}</th>
            <th scope="col">{t('closing.reading.state')}</th>
            <th scope="col" />
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.readingId} className={row.withdrawn === null ? undefined : 'dim'}>
              <th scope="row">
                <a href={routeHref('points', row.pointId)}>{row.name}</a>
              </th>
              <td className="nowrap">{time.dateTime(row.at)}</td>
              <td>{row.channel.replace('-', '−')}</td>
              <td>{tariffText(row.tariff, locale)}</td>
              <td className="number nowrap">{registerText(row.reading, row.channel, locale)}</td>
              <td title={time.dateTime(row.madeAt)}>{row.author}</td>
              <td>{row.reason}</td>
              <td>
                {row.withdrawn === null ? (
                  <StateMark state="ok" label={t('closing.decision.inForce')} />
                ) : (
                  <StateMark
                    state="no-data"
                    label={t('closing.decision.withdrawn', {
                      at: time.dateTime(row.withdrawn.at),
                      by: row.withdrawn.by,
                      reason: row.withdrawn.reason,
                    })}
                  />
                )}
              </td>
              <td>
                {row.withdrawn !== null || isClosed ? null : (
                  <Button variant="subtle" size="compact-xs" onClick={() => setLeaving(row)}>
                    {t('closing.decision.withdraw')}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {leaving === null ? null : (
        <DecideDialog
          title={t('closing.reading.withdrawTitle')}
          confirm={t('closing.decision.withdraw')}
          onClose={() => setLeaving(null)}
          onDecide={async ({ author, reason }) => {
            await client.call('readings.withdraw', { readingId: leaving.readingId, author, reason });
            await onChange();
          }}
        >
          <p>
            {leaving.name}, {time.dateTime(leaving.at)}: {registerText(leaving.reading, leaving.channel, locale)}
          </p>
          <p className="dim">{t('closing.reading.withdrawNote')}</p>
        </DecideDialog>
      )}
    </>
  );
}

function firstDraft(month: string): ReadingDraft {
  return { pointId: null, date: `${month}-01`, time: '00:00', channel: 'A+', tariff: 0, reading: '', isRollOver: false, reason: '' };
}

/** Null while something is missing or makes no sense. */
function readingOf(draft: ReadingDraft, { time }: Locale): NewReading | null {
  const clock = /^(\d\d):(\d\d)$/.exec(draft.time);
  const reading = wattHoursOf(draft.reading);
  if (clock === null || reading === null || draft.pointId === null || !/^\d{4}-\d\d-\d\d$/.test(draft.date)) return null;
  const at = Date.parse(time.dayStart(draft.date)) + (Number(clock[1]) * 60 + Number(clock[2])) * 60_000;
  const { channel, tariff, isRollOver } = draft;
  return { pointId: Number(draft.pointId), at: new Date(at).toISOString(), channel, tariff, reading, isRollOver };
}

/** A register in kWh as a meter shows it, three digits. */
function registerText(wattHours: string, channel: Channel, { t, numbers }: Locale): string {
  return `${formatDecimal(shiftDecimal(wattHours, -3), 3, numbers)} ${channel.startsWith('A') ? t('unit.kWh') : t('unit.kvarh')}`;
}

function tariffText(tariff: number, { t }: Locale): string {
  return tariff === 0 ? t('closing.reading.sum') : t('closing.reading.tariffNumber', { tariff });
}
