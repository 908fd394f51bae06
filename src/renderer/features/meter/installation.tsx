import { Button, Radio, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { AppError } from '../../../shared/api/errors.ts';
import type { InstallationRow, PlantChangePreview, PlantChangeRequest } from '../../../shared/api/plant-changes.ts';
import type { StrangerRow } from '../../../shared/api/strangers.ts';
import type { PointCard } from '../../../shared/api/methods.ts';
import { CHANNELS } from '../../../shared/domain/channel.ts';
import { PLANT_CHANGE_KINDS, PLANT_CHANGE_OBSTACLES } from '../../../shared/domain/plant-change.ts';
import { useAction } from '../../client/action.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { Absent } from '../../ui/figures.tsx';
import { formatDecimal, shiftDecimal } from '../../ui/format.ts';
import { type Locale, useLocale } from '../../ui/locale.ts';
import { ErrorNotice, Notice, ProgressLine } from '../../ui/notices.tsx';
import { PageBody, Section } from '../../ui/page.tsx';
import { ACT_TARIFFS, type ChangeDraft, changeOf, readingKey, type ReadingTexts } from './change-draft.ts';
import { createHistorySlice } from './slice.ts';
import { Strangers } from './strangers.tsx';

/** What stands at a point since when, and what a person records of it: first shown, then done. */
export function PointInstallation({ card }: { readonly card: PointCard }) {
  const locale = useLocale();
  const { t } = locale;
  const { client } = useServices();
  const asked = { pointId: card.id };
  const history = useResource(createHistorySlice, asked);
  const [draft, setDraft] = useState<ChangeDraft>(() => firstDraft(card, locale));
  const [planned, setPlanned] = useState<{ readonly change: PlantChangeRequest; readonly preview: PlantChangePreview } | null>(null);
  const check = useAction(async (change: PlantChangeRequest) => {
    setPlanned({ change, preview: await client.call('points.checkChange', { change }) });
  });
  const perform = useAction(async (change: PlantChangeRequest) => {
    await client.call('points.change', { change });
    setPlanned(null);
    setDraft(firstDraft(card, locale));
    await history.load(asked);
  });
  const edit = (part: Partial<ChangeDraft>) => {
    check.reset();
    perform.reset();
    setPlanned(null);
    setDraft((before) => ({ ...before, ...part }));
  };
  const change = changeOf(draft, card.id, locale.time);
  return (
    <>
      <ProgressLine isLoading={history.isLoading} />
      <PageBody>
        <Strangers pointId={card.id} onReplacement={(stranger) => edit(replacementBy(stranger, locale))} />
        <div className="columns-2">
          <Section title={t('installation.change')}>
            <form
              onSubmit={(event) => {
                event.preventDefault();
                if (change !== null) void check.run(change);
              }}
            >
              <ChangeForm card={card} draft={draft} onChange={edit} />
              {check.error === null ? null : <Refusal error={check.error} />}
              <div className="form-actions">
                <Button type="submit" variant="default" data-testid="change-check" disabled={change === null} loading={check.isBusy}>
                  {t('installation.check')}
                </Button>
              </div>
            </form>
          </Section>
          <div>
            <Section title={t('installation.planned')}>
              {perform.isDone && planned === null ? <Notice kind="ok">{t('installation.done')}</Notice> : null}
              {planned === null ? (
                <p className="verdict dim">{t('installation.nothingPlanned')}</p>
              ) : (
                <>
                  <Preview preview={planned.preview} locale={locale} />
                  {perform.error === null ? null : <Refusal error={perform.error} />}
                  <div className="form-actions">
                    <Button variant="default" onClick={() => setPlanned(null)}>
                      {t('action.cancel')}
                    </Button>
                    <Button data-testid="change-perform" loading={perform.isBusy} onClick={() => void perform.run(planned.change)}>
                      {t('installation.perform')}
                    </Button>
                  </div>
                </>
              )}
            </Section>
            <Section title={t('installation.history')}>
              {history.error === null ? null : <ErrorNotice error={history.error} />}
              {history.data === null ? null : <History rows={history.data} locale={locale} />}
            </Section>
          </div>
        </div>
      </PageBody>
    </>
  );
}

function firstDraft(card: PointCard, { time }: Locale): ChangeDraft {
  const now = Math.floor(Date.now() / 1_800_000) * 1_800_000;
  return {
    kind: card.live.reason === 'switched-off' ? 'switch-on' : 'replace-meter',
    date: time.isoDate(now),
    time: time.time(now),
    serial: '',
    address: '',
    password: '',
    ct: plate(card.installation.ct),
    vt: plate(card.installation.vt),
    reason: '',
    final: {},
    first: {},
  };
}

/** The moment of first sight is a proposal: the act says when it was. */
function replacementBy({ serial, address, firstSeen }: StrangerRow, { time }: Locale): Partial<ChangeDraft> {
  return { kind: 'replace-meter', serial, address: String(address), date: time.isoDate(firstSeen), time: time.time(firstSeen) };
}

function plate({ primary, secondary }: { readonly primary: number; readonly secondary: number }): string {
  return secondary === 1 ? String(primary) : `${primary}/${secondary}`;
}

interface ChangeFormProps {
  readonly card: PointCard;
  readonly draft: ChangeDraft;
  readonly onChange: (part: Partial<ChangeDraft>) => void;
}

function ChangeForm({ card, draft, onChange }: ChangeFormProps) {
  const { t } = useLocale();
  const isOff = card.live.reason === 'switched-off';
  const kinds = PLANT_CHANGE_KINDS.filter((kind) => (kind === 'switch-on') === isOff);
  const isReplacement = draft.kind === 'replace-meter';
  return (
    <>
      <Radio.Group
        aria-label={t('installation.change')}
        value={draft.kind}
        onChange={(value) => {
          const kind = kinds.find((known) => known === value);
          if (kind !== undefined) onChange({ kind });
        }}
      >
        <div className="write-kinds">
          {kinds.map((kind) => (
            <Radio key={kind} size="xs" value={kind} label={t(`installation.kind.${kind}`)} />
          ))}
        </div>
      </Radio.Group>
      <p className="write-consequence">{t(`installation.means.${draft.kind}`)}</p>
      <div className="form-row">
        <TextInput
          type="date"
          label={t('installation.date')}
          value={draft.date}
          data-testid="change-date"
          onChange={({ currentTarget }) => onChange({ date: currentTarget.value })}
        />
        <TextInput
          type="time"
          label={t('installation.time')}
          value={draft.time}
          data-testid="change-time"
          onChange={({ currentTarget }) => onChange({ time: currentTarget.value })}
        />
      </div>
      {isReplacement ? (
        <div className="form-row">
          <TextInput
            label={t('installation.serial')}
            inputMode="numeric"
            value={draft.serial}
            data-testid="change-serial"
            onChange={({ currentTarget }) => onChange({ serial: currentTarget.value.trim() })}
          />
          <TextInput
            label={t('installation.address')}
            disabled={card.meter.address === null}
            placeholder={card.meter.address === null ? t('point.noLink') : t('installation.addressHint', { address: card.meter.address })}
            inputMode="numeric"
            value={draft.address}
            onChange={({ currentTarget }) => onChange({ address: currentTarget.value.trim() })}
          />
          <TextInput
            label={t('installation.password')}
            placeholder={t('installation.passwordHint')}
            title={t('installation.passwordHint')}
            autoComplete="off"
            value={draft.password}
            onChange={({ currentTarget }) => onChange({ password: currentTarget.value })}
          />
        </div>
      ) : null}
      {isReplacement || draft.kind === 'change-ratio' ? (
        <div className="form-row">
          <TextInput
            label={t('installation.ct')}
            title={t('installation.ratioHint')}
            value={draft.ct}
            data-testid="change-ct"
            onChange={({ currentTarget }) => onChange({ ct: currentTarget.value })}
          />
          <TextInput
            label={t('installation.vt')}
            title={t('installation.ratioHint')}
            value={draft.vt}
            onChange={({ currentTarget }) => onChange({ vt: currentTarget.value })}
          />
        </div>
      ) : null}
      {isReplacement ? (
        <>
          <Readings
            title={t('installation.finalReadings', { serial: card.meter.serial })}
            texts={draft.final}
            onChange={(final) => onChange({ final })}
          />
          <Readings title={t('installation.firstReadings')} texts={draft.first} onChange={(first) => onChange({ first })} />
        </>
      ) : null}
      <TextInput
        className="form-field"
        label={t('installation.reason')}
        placeholder={t('installation.reasonHint')}
        maxLength={500}
        value={draft.reason}
        data-testid="change-reason"
        onChange={({ currentTarget }) => onChange({ reason: currentTarget.value })}
      />
    </>
  );
}

interface ReadingsProps {
  readonly title: string;
  readonly texts: ReadingTexts;
  readonly onChange: (texts: ReadingTexts) => void;
}

/** The sum first; the tariffs when a person wants them. */
function Readings({ title, texts, onChange }: ReadingsProps) {
  const { t } = useLocale();
  const [isByTariffs, setIsByTariffs] = useState(false);
  const name = (tariff: number) => (tariff === 0 ? t('installation.sum') : t('installation.tariff', { tariff }));
  return (
    <fieldset className="act-readings">
      <legend>{title}</legend>
      <table className="plain">
        <thead>
          <tr>
            <td />
            {CHANNELS.map((channel) => (
              <th key={channel} scope="col">
                <abbr title={t(`channel.${channel}`)}>{channel.replace('-', '−')}</abbr>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ACT_TARIFFS.filter((tariff) => tariff === 0 || isByTariffs).map((tariff) => (
            <tr key={tariff}>
              <th scope="row">{name(tariff)}</th>
              {CHANNELS.map((channel) => (
                <td key={channel}>
                  <TextInput
                    size="xs"
                    w={96}
                    inputMode="decimal"
                    aria-label={`${title}: ${name(tariff)}, ${t(`channel.${channel}`)}`}
                    value={texts[readingKey(tariff, channel)] ?? ''}
                    onChange={({ currentTarget }) => onChange({ ...texts, [readingKey(tariff, channel)]: currentTarget.value })}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="dim">
        {t('installation.readingsHint')}{' '}
        {isByTariffs ? null : (
          <button type="button" className="link" onClick={() => setIsByTariffs(true)}>
            {t('installation.byTariffs')}
          </button>
        )}
      </p>
    </fieldset>
  );
}

/** Why a change cannot be, in the words of its obstacle; any other fault in the words of its code. */
function Refusal({ error }: { readonly error: AppError }) {
  const { t, time } = useLocale();
  const obstacle = PLANT_CHANGE_OBSTACLES.find((known) => known === error.context.obstacle);
  if (obstacle === undefined) return <ErrorNotice error={error} />;
  const params = Object.fromEntries(
    Object.entries(error.context).map(([key, value]) => [
      key,
      typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? time.dateTime(value) : value,
    ]),
  );
  return <Notice kind="attention">{t(`installation.obstacle.${obstacle}`, params)}</Notice>;
}

function Preview({ preview, locale }: { readonly preview: PlantChangePreview; readonly locale: Locale }) {
  const { t, time } = locale;
  const { closes, opens, splitStart, unreadIntervals, isMeterKnown } = preview;
  return (
    <div data-testid="change-preview">
      <p>
        <strong>{t(`installation.kind.${preview.kind}`)}</strong>, {time.dateTime(preview.at)}
      </p>
      <table className="plain wide">
        <tbody>
          {closes === null ? null : (
            <tr>
              <th scope="row">{t('installation.ends')}</th>
              <td>{closes.meterSerial}</td>
              <td>
                {t('installation.ct')} {plate(closes.ct)}, {t('installation.vt')} {plate(closes.vt)}
              </td>
            </tr>
          )}
          {opens === null ? null : (
            <tr>
              <th scope="row">{t('installation.begins')}</th>
              <td>{opens.address === null ? opens.meterSerial : `${opens.meterSerial}, ${opens.line}, ${opens.address}`}</td>
              <td>
                {t('installation.ct')} {plate(opens.ct)}, {t('installation.vt')} {plate(opens.vt)}
              </td>
            </tr>
          )}
        </tbody>
      </table>
      {splitStart === null ? null : (
        <Notice kind="attention">
          {t('installation.split', { interval: time.interval(splitStart, 30), date: time.date(splitStart) })}
        </Notice>
      )}
      {unreadIntervals === 0 ? null : <Notice kind="attention">{t('installation.unread', { count: unreadIntervals })}</Notice>}
      {isMeterKnown === true && preview.kind === 'replace-meter' ? (
        <Notice kind="plain">{t('installation.known', { serial: opens?.meterSerial ?? '' })}</Notice>
      ) : null}
    </div>
  );
}

function History({ rows, locale }: { readonly rows: readonly InstallationRow[]; readonly locale: Locale }) {
  const { t, time, numbers } = locale;
  const reading = (act: InstallationRow['firstRegisters']) => {
    const sum = act.find(({ tariff }) => tariff === 0)?.['A+'] ?? null;
    return sum === null ? <Absent reason={t('installation.noReading')} /> : formatDecimal(shiftDecimal(sum, -3), 3, numbers);
  };
  return (
    <table className="plain wide" data-testid="table-installations">
      <thead>
        <tr>
          <th scope="col">{t('installation.meter')}</th>
          <th scope="col">{t('installation.from')}</th>
          <th scope="col">{t('installation.to')}</th>
          <th scope="col">{t('installation.ct')}</th>
          <th scope="col">{t('installation.vt')}</th>
          <th scope="col">{t('installation.readings')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.toReversed().map((row) => (
          <tr key={`${row.meterSerial} ${row.from ?? ''}`}>
            <th scope="row">{row.meterSerial}</th>
            <td>{row.from === null ? t('installation.sinceEver') : time.dateTime(row.from)}</td>
            <td>{row.to === null ? t('installation.tillNow') : time.dateTime(row.to)}</td>
            <td>{plate(row.ct)}</td>
            <td>{plate(row.vt)}</td>
            <td>
              {reading(row.firstRegisters)}
              {row.to === null ? null : <> … {reading(row.lastRegisters)}</>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
