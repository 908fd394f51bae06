import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Why } from '../../../shared/api/methods.ts';
import { CHANNELS, type Channel, energyUnit } from '../../../shared/domain/channel.ts';
import { ABSENCE_TEXTS, FLAG_TEXTS } from '../../../shared/i18n/causes.ts';
import type { Step } from '../../app/routes.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { SidePane } from '../../ui/dialog.tsx';
import { Absent, Facts } from '../../ui/figures.tsx';
import { energyPrefix, formatDecimal } from '../../ui/format.ts';
import { energyUnitText, useLocale } from '../../ui/locale.ts';
import { ErrorNotice, Notice, ProgressLine } from '../../ui/notices.tsx';
import { Section } from '../../ui/page.tsx';
import { EnergyCell } from './cell.tsx';
import { stepLabel } from './columns.tsx';
import { createPartsSlice, createWhySlice } from './slice.ts';
import { Exchange } from './exchange.tsx';

/** A figure that somebody asks about. */
export interface WhyTarget {
  readonly pointId: number;
  readonly code: string;
  readonly name: string;
  readonly start: string;
  readonly minutes: number;
  readonly step: Step;
}

/** The step that a figure is shown to be the sum of; a half-hour goes down to its bytes. */
const FINER: Readonly<Record<Step, Step | null>> = { month: 'day', day: 'half-hour', hour: 'half-hour', 'half-hour': null };

/** "Where from": a coarse figure opens into its parts, an interval into reading, bytes, ratio and formula. */
export function WhyDrawer({
  target,
  channel,
  onClose,
}: {
  readonly target: WhyTarget;
  readonly channel: Channel;
  readonly onClose: () => void;
}) {
  const { t, time } = useLocale();
  const [path, setPath] = useState<readonly WhyTarget[]>([target]);
  const shown = path.at(-1) ?? target;
  const finer = FINER[shown.step];
  const when =
    shown.step === 'month' || shown.step === 'day'
      ? time.date(shown.start)
      : `${time.date(shown.start)} ${time.interval(shown.start, shown.minutes)}`;
  return (
    <SidePane title={`${t('why.title')}: ${shown.name}, ${when}`} onClose={onClose}>
      {path.length === 1 ? null : (
        <Button variant="subtle" size="compact-xs" onClick={() => setPath(path.slice(0, -1))}>
          ‹ {t('why.back')}
        </Button>
      )}
      {finer === null ? (
        <IntervalOrigin target={shown} channel={channel} />
      ) : (
        <Parts target={shown} step={finer} channel={channel} onPick={(part) => setPath([...path, part])} />
      )}
    </SidePane>
  );
}

interface PartsProps {
  readonly target: WhyTarget;
  readonly step: Step;
  readonly channel: Channel;
  readonly onPick: (part: WhyTarget) => void;
}

function Parts({ target, step, channel, onPick }: PartsProps) {
  const locale = useLocale();
  const { t, time } = locale;
  const { serverNow } = useServices();
  const startMs = Date.parse(target.start);
  const endMs = startMs + target.minutes * 60_000;
  const params = { pointIds: [target.pointId], from: time.isoDate(startMs), to: time.isoDate(endMs - 1000), step, channel };
  const { data, params: answered, error, isLoading } = useResource(createPartsSlice, params);
  const series = JSON.stringify(answered) === JSON.stringify(params) ? data?.series[0] : undefined;
  const rows = (series?.rows ?? []).filter(({ start }) => Date.parse(start) >= startMs && Date.parse(start) < endMs);
  const prefix = energyPrefix(rows.map((row) => row.energy));
  return (
    <Section title={t('why.parts', { count: rows.length })} note={t('why.partsNote')}>
      <ProgressLine isLoading={isLoading} />
      {error === null ? null : <ErrorNotice error={error} />}
      {data === null || series === undefined ? null : (
        <table className="plain wide">
          <thead>
            <tr>
              <th scope="col">{t('consumption.interval')}</th>
              <th scope="col" className="number">
                {energyUnitText(locale, data.unit, prefix)}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.start}>
                <td>{stepLabel(row, data, locale)}</td>
                <td className="number">
                  <button
                    type="button"
                    className="cell-button"
                    onClick={() => onPick({ ...target, start: row.start, minutes: row.minutes, step })}
                  >
                    <EnergyCell row={row} prefix={prefix} locale={locale} nowMs={serverNow()} />
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

function IntervalOrigin({ target, channel }: { readonly target: WhyTarget; readonly channel: Channel }) {
  const params = { pointCode: target.code, at: target.start };
  const { data, params: answered, error, isLoading } = useResource(createWhySlice, params);
  const isCurrent = JSON.stringify(answered) === JSON.stringify(params);
  return (
    <>
      <ProgressLine isLoading={isLoading} />
      {error === null ? null : <ErrorNotice error={error} />}
      {data === null || !isCurrent ? null : <Origin why={data} channel={channel} />}
    </>
  );
}

function Origin({ why, channel }: { readonly why: Why; readonly channel: Channel }) {
  const { t, language, numbers, time } = useLocale();
  const { interval, formula, exchange, gap } = why;
  const unit = t(`unit.k${energyUnit(channel)}`);
  const kept = CHANNELS.filter((name) => interval.counts[name] !== null);
  return (
    <>
      {interval.reason === null ? null : (
        <Notice kind="attention">
          <strong>{t('why.absent')}:</strong> {ABSENCE_TEXTS[interval.reason][language]}.
          {gap === null ? null : (
            <>
              {' '}
              {t('why.tries', { count: gap.tries })}
              {gap.next_try === null ? '' : ` ${t('why.nextTry', { at: time.dateTime(gap.next_try) })}`}
              {gap.deadline === null ? '' : ` ${t('why.deadline', { at: time.dateTime(gap.deadline) })}`}
            </>
          )}
        </Notice>
      )}
      {kept.length === 0 ? null : (
        <Section title={t('why.reading')} note={t('why.meter', { serial: why.meter_serial })}>
          <table className="plain wide">
            <thead>
              <tr>
                <th scope="col">{t('consumption.channel')}</th>
                <th scope="col" className="number">
                  {t('why.count')}
                </th>
                <th scope="col" className="number">
                  {t('why.secondary')}
                </th>
                <th scope="col" className="number">
                  {t('why.primary')}
                </th>
              </tr>
            </thead>
            <tbody>
              {kept.map((name) => (
                <tr key={name} className={name === channel ? 'chosen' : ''}>
                  <td>
                    {name.replace('-', '−')}, {t(`unit.k${energyUnit(name)}`)}
                  </td>
                  <td className="number">{interval.counts[name]}</td>
                  <td className="number">{figure(interval.secondary[name], t('why.noConstant'))}</td>
                  <td className="number">{figure(interval.primary[name], t('why.noConstant'))}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {interval.flags.length === 0 ? null : (
            <p className="verdict">{interval.flags.map((flag) => FLAG_TEXTS[flag][language]).join('; ')}</p>
          )}
        </Section>
      )}
      {formula === null || kept.length === 0 ? null : (
        <Section title={t('why.formula')}>
          <Facts
            rows={[
              [t('point.constant'), `A = ${formula.constant_imp_per_kwh} ${t('unit.imp')}`],
              [t('point.ct'), formula.ct_ratio],
              [t('point.vt'), formula.vt_ratio],
            ]}
          />
          <p className="formula">
            E = {formula.text}
            {interval.counts[channel] === null || interval.primary[channel] === null ? null : (
              <>
                ; {t('why.with', { count: interval.counts[channel] })} E = <strong>{figure(interval.primary[channel], '')}</strong> {unit}
              </>
            )}
          </p>
        </Section>
      )}
      {exchange === null ? (
        interval.reason === null ? (
          <p className="verdict">{t(interval.flags.includes('proven-off') ? 'why.provenOff' : 'why.noBytes')}</p>
        ) : null
      ) : (
        <Exchange exchange={exchange} />
      )}
      {why.revision === null || why.revision <= 1 ? null : <p className="verdict">{t('why.revision', { number: why.revision })}</p>}
    </>
  );

  /** As many digits as the exact figure has, 3 at least. */
  function figure(text: string | null, reason: string) {
    if (text === null) return <Absent reason={reason} />;
    return formatDecimal(text, Math.max(3, text.split('.')[1]?.length ?? 0), numbers);
  }
}
