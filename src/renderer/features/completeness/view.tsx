import { Button } from '@mantine/core';
import { useCallback, useState } from 'react';
import type { CompletenessDay, CompletenessMap, Forgetting, OUTLOOKS, RereadRow } from '../../../shared/api/completeness.ts';
import { reasonText } from '../../../shared/i18n/causes.ts';
import { navigate, type Query, routeHref, selectionOf } from '../../app/routes.ts';
import { useAction } from '../../client/action.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { Absent, Figure } from '../../ui/figures.tsx';
import { completenessPercent, formatCount } from '../../ui/format.ts';
import { type Locale, useLocale } from '../../ui/locale.ts';
import { EmptyState, ErrorNotice, ProgressLine } from '../../ui/notices.tsx';
import { PageBar, PageBody, Section } from '../../ui/page.tsx';
import { periodDays } from '../../ui/period.ts';
import { PeriodPicker } from '../../ui/period-picker.tsx';
import { type Mark, StateMark } from '../../ui/state-mark.tsx';
import { DayMap, type MapPoint } from './day-map.tsx';
import { DayPane } from './day-pane.tsx';
import { createMapSlice, createRereadsSlice } from './slice.ts';

const OUTLOOK_MARKS: Readonly<Record<(typeof OUTLOOKS)[number], Mark>> = {
  complete: 'ok',
  'on-track': 'ok',
  'at-risk': 'attention',
  incomplete: 'fault',
};
const LATEST_REQUESTS = { offset: 0, limit: 20 };

/** Will the month be complete, and if not, which meter forgets what and when. */
export function CompletenessView({ query }: { readonly query: Query }) {
  const locale = useLocale();
  const { t, time } = locale;
  const { serverNow } = useServices();
  const today = time.isoDate(serverNow());
  const { date } = selectionOf(query, today);
  const period = { kind: 'month', date } as const;
  const map = useResource(createMapSlice, periodDays(period), { on: ['data.changed', 'checks.changed'], everyMs: 60_000 });
  const requests = useResource(createRereadsSlice, LATEST_REQUESTS, { on: ['data.changed'], everyMs: 5000 });
  const [chosen, setChosen] = useState<{ readonly point: MapPoint; readonly day: CompletenessDay } | null>(null);
  const choose = useCallback((point: MapPoint, day: CompletenessDay) => setChosen({ point, day }), []);
  const error = map.error ?? requests.error;
  return (
    <>
      <PageBar path={[{ label: t('nav.completeness') }]}>
        <PeriodPicker
          period={period}
          kinds={['month']}
          today={today}
          onChange={(next) => navigate(routeHref('completeness', null, { ...query, date: next.date }))}
        />
      </PageBar>
      <ProgressLine isLoading={map.isLoading} />
      {error === null ? null : <ErrorNotice error={error} />}
      {map.data === null ? null : map.data.points.length === 0 ? (
        <EmptyState text={t('fullness.empty')} action={{ label: t('nav.setup'), href: routeHref('setup') }} />
      ) : (
        <PageBody>
          <Summary map={map.data} locale={locale} />
          <Section title={t('fullness.map')} note={<Legend locale={locale} />}>
            <DayMap points={map.data.points} onDay={choose} />
          </Section>
          <div className="columns-2">
            <Section title={t('fullness.forgetting')}>
              <ForgettingTable rows={map.data.forgetting} locale={locale} />
            </Section>
            <Section title={t('fullness.requests')}>
              {requests.data === null ? null : (
                <Requests rows={requests.data.rows} locale={locale} onChange={() => requests.load(LATEST_REQUESTS)} />
              )}
            </Section>
          </div>
        </PageBody>
      )}
      {chosen === null ? null : <DayPane {...chosen} onClose={() => setChosen(null)} onAsked={() => requests.load(LATEST_REQUESTS)} />}
    </>
  );
}

function Summary({ map, locale }: { readonly map: CompletenessMap; readonly locale: Locale }) {
  const { t, numbers } = locale;
  const { expected, received, open, lost } = map.totals;
  return (
    <div className="figures">
      <div className="figure">
        <div className="figure-label">{t('fullness.verdict')}</div>
        <div className="figure-state" data-testid="outlook">
          <StateMark state={OUTLOOK_MARKS[map.outlook]} label={t(`fullness.outlook.${map.outlook}`)} />
        </div>
        <div className="figure-note">{t(`fullness.outlookNote.${map.outlook}`)}</div>
      </div>
      <Figure
        label={t('fullness.received')}
        value={completenessPercent({ expected, received }, numbers)}
        unit="%"
        note={t('fullness.of', { expected: formatCount(expected, numbers) })}
      />
      <Figure label={t('fullness.open')} value={formatCount(open, numbers)} note={t('fullness.openNote')} />
      <Figure label={t('fullness.lost')} value={formatCount(lost, numbers)} note={t('fullness.lostNote')} />
    </div>
  );
}

function Legend({ locale: { t } }: { readonly locale: Locale }) {
  return (
    <span className="day-legend">
      <span>
        <i className="day-cell day-open">8</i> {t('fullness.legendOpen')}
      </span>
      <span>
        <i className="day-cell day-lost">−8</i> {t('fullness.legendLost')}
      </span>
      <span>
        <i className="day-cell day-mismatch">≠</i> {t('fullness.legendMismatch')}
      </span>
    </span>
  );
}

function ForgettingTable({ rows, locale }: { readonly rows: readonly Forgetting[]; readonly locale: Locale }) {
  const { t, language, numbers, time } = locale;
  if (rows.length === 0) return <p className="verdict">{t('fullness.nothingForgotten')}</p>;
  return (
    <table className="plain wide" data-testid="table-forgetting">
      <thead>
        <tr>
          <th scope="col">{t('fullness.point')}</th>
          <th scope="col">{t('fullness.meter')}</th>
          <th scope="col">{t('fullness.intervals')}</th>
          <th scope="col">{t('fullness.reason')}</th>
          <th scope="col">{t('fullness.deadline')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.pointId} ${row.meterSerial} ${row.reason}`}>
            <th scope="row">
              <a href={routeHref('points', row.pointId)}>{row.name}</a>
            </th>
            <td>{row.meterSerial}</td>
            <td title={`${time.dateTime(row.from)} – ${time.dateTime(row.to)}`}>{formatCount(row.intervals, numbers)}</td>
            <td>{reasonText(row.reason, language)}</td>
            <td>{row.deadline === null ? <Absent reason={t('fullness.deadlineUnknown')} /> : time.dateTime(row.deadline)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface RequestsProps {
  readonly rows: readonly RereadRow[];
  readonly locale: Locale;
  readonly onChange: () => Promise<void>;
}

function Requests({ rows, locale, onChange }: RequestsProps) {
  const { t, language, time } = locale;
  const { client } = useServices();
  const cancel = useAction(async (rereadId: number) => {
    await client.call('rereads.cancel', { rereadId });
    await onChange();
  });
  if (rows.length === 0) return <p className="verdict dim">{t('fullness.noRequests')}</p>;
  const result = ({ outcome, open, waitsFor, found, changed }: RereadRow) => {
    if (outcome !== null) return t('fullness.outcome', { found: found ?? 0, changed: changed ?? 0 });
    if (open === null) return '';
    return waitsFor === null ? t('fullness.waitsOpen', { open }) : t('fullness.waitsFor', { open, reason: reasonText(waitsFor, language) });
  };
  return (
    <>
      {cancel.error === null ? null : <ErrorNotice error={cancel.error} />}
      <table className="plain wide" data-testid="table-rereads">
        <thead>
          <tr>
            <th scope="col">{t('fullness.point')}</th>
            <th scope="col">{t('fullness.period')}</th>
            <th scope="col">{t('column.state')}</th>
            <th scope="col">{t('fullness.result')}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.rereadId} title={row.reason ?? undefined}>
              <th scope="row">{row.pointCode}</th>
              <td>
                {time.dateTime(row.from)} – {time.dateTime(row.to)}
              </td>
              <td>
                <StateMark
                  state={row.outcome === 'done' ? 'ok' : row.outcome === 'cancelled' ? 'no-data' : 'unchecked'}
                  label={t(`fullness.state.${row.outcome ?? 'waits'}`)}
                />
              </td>
              <td>{result(row)}</td>
              <td>
                {row.outcome === null ? (
                  <Button size="compact-xs" variant="subtle" onClick={() => void cancel.run(row.rereadId)}>
                    {t('fullness.cancel')}
                  </Button>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
