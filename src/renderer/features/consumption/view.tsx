import { SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Consumption } from '../../../shared/api/methods.ts';
import { CHANNELS, type Channel } from '../../../shared/domain/channel.ts';
import { navigate, type Query, routeHref, type Selection, selectionOf, selectionQuery, STEPS_OF } from '../../app/routes.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { useLocale } from '../../ui/locale.ts';
import { EmptyState, ErrorNotice, ProgressLine } from '../../ui/notices.tsx';
import { PageBar } from '../../ui/page.tsx';
import { periodDays } from '../../ui/period.ts';
import { PeriodPicker } from '../../ui/period-picker.tsx';
import { ConsumptionChart } from './chart.tsx';
import { consumptionColumns } from './columns.tsx';
import { PointTreePane } from './tree.tsx';
import { consumptionLines, createConsumptionSlice } from './slice.ts';
import { Totals } from './totals.tsx';
import { type WhyTarget, WhyDrawer } from './why.tsx';

export function ConsumptionView({ query }: { readonly query: Query }) {
  const locale = useLocale();
  const { t, time } = locale;
  const { serverNow } = useServices();
  const today = time.isoDate(serverNow());
  const selection = selectionOf(query, today);
  const { points, period, date, step, channel } = selection;
  const params = points.length === 0 ? null : { pointIds: [...points], ...periodDays({ kind: period, date }), step, channel };
  const { data, error, isLoading } = useResource(createConsumptionSlice, params, { on: ['data.changed'] });
  const [target, setTarget] = useState<WhyTarget | null>(null);
  const go = (part: Partial<Selection>) =>
    navigate(routeHref('consumption', null, { ...query, ...selectionQuery({ ...selection, ...part }) }));
  return (
    <>
      <PageBar path={[{ label: t('nav.consumption') }]}>
        <SegmentedControl
          size="xs"
          aria-label={t('consumption.channel')}
          value={channel}
          onChange={(value) => go({ channel: CHANNELS.find((known) => known === value) ?? channel })}
          data={CHANNELS.map((value) => ({ value, label: <ChannelLabel channel={value} /> }))}
        />
        <SegmentedControl
          size="xs"
          aria-label={t('consumption.step')}
          value={step}
          onChange={(value) => go({ step: STEPS_OF[period].find((known) => known === value) ?? step })}
          data={STEPS_OF[period].map((value) => ({ value, label: t(`step.${value}`) }))}
        />
        <PeriodPicker
          period={{ kind: period, date }}
          today={today}
          onChange={(next) =>
            go({ period: next.kind, date: next.date, ...(next.kind === period ? {} : { step: STEPS_OF[next.kind][0] ?? step }) })
          }
        />
      </PageBar>
      <div className="split">
        <PointTreePane chosen={points} onChange={(chosen) => go({ points: chosen })} />
        <div className="split-main">
          <ProgressLine isLoading={isLoading && params !== null} />
          {error === null ? null : <ErrorNotice error={error} />}
          {params === null ? (
            <EmptyState text={t('consumption.choose')} />
          ) : data === null ? null : (
            <Result consumption={data} onWhy={setTarget} />
          )}
        </div>
      </div>
      {target === null ? null : <WhyDrawer target={target} channel={channel} onClose={() => setTarget(null)} />}
    </>
  );
}

function ChannelLabel({ channel }: { readonly channel: Channel }) {
  const { t } = useLocale();
  return <span title={t(`channel.${channel}`)}>{channel.replace('-', '−')}</span>;
}

function Result({ consumption, onWhy }: { readonly consumption: Consumption; readonly onWhy: (target: WhyTarget) => void }) {
  const locale = useLocale();
  const { t } = locale;
  const { serverNow } = useServices();
  const lines = useMemo(() => consumptionLines(consumption.series), [consumption]);
  // The moment of the answer: a step that was not over then is not over in its figures.
  const nowMs = useMemo(serverNow, [consumption]);
  const columns = useMemo(() => consumptionColumns(consumption, lines, locale, nowMs, onWhy), [consumption, lines, locale, nowMs, onWhy]);
  return (
    <>
      <Totals consumption={consumption} />
      <ConsumptionChart consumption={consumption} lines={lines} nowMs={nowMs} />
      <DataTable
        id="table-consumption"
        label={t('consumption.table')}
        columns={columns}
        rows={lines}
        rowKey={(line) => line.start}
        fileName={`${t('consumption.file')}-${consumption.channel}-${consumption.from.slice(0, 10)}`}
      />
    </>
  );
}
