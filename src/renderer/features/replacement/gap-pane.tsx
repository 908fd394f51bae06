import { ActionIcon, Radio, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { ReplacementDay, ReplacementProposal } from '../../../shared/api/replacement.ts';
import type { Channel } from '../../../shared/domain/channel.ts';
import type { ReplacementMethod } from '../../../shared/domain/replacement.ts';
import { routeHref } from '../../app/routes.ts';
import { useResource } from '../../client/resource.ts';
import { Chart, type ChartSeries } from '../../ui/chart.tsx';
import type { Missing } from '../../ui/chart-marks.ts';
import { ABSENT, formatDecimal, formatPower, meanPower } from '../../ui/format.ts';
import { type Locale, useLocale } from '../../ui/locale.ts';
import { ErrorNotice } from '../../ui/notices.tsx';
import { Section } from '../../ui/page.tsx';
import { printDate } from '../../ui/time.ts';
import { basisTexts, createDaySlice, daysOf, energyOf, energyText, type GapDraft, methodOf, stretchText } from './slice.ts';

export interface GapPaneProps {
  readonly gap: ReplacementProposal;
  readonly draft: GapDraft | undefined;
  readonly isClosed: boolean;
  readonly onDraft: (draft: GapDraft) => void;
}

/** One gap: the chart of its day, what the figure is made of, other ways, and why the rest is none. */
export function GapPane({ gap, draft, isClosed, onDraft }: GapPaneProps) {
  const locale = useLocale();
  const { t, numbers } = locale;
  const days = daysOf(gap, locale);
  const [index, setIndex] = useState(0);
  const day = days[index] ?? days[0] ?? '';
  const method = methodOf(gap, draft);
  const own = method === 'manual' ? energyOf(gap, draft) : null;
  const manual = own === null ? null : { from: gap.from, energy: own };
  const asked = { pointId: gap.pointId, channel: gap.channel, day, method, manual };
  const chart = useResource(createDaySlice, asked, { on: ['replacements.changed'] });
  const shown = chart.data?.day === day ? chart.data : null;
  const basis = gap.options.find((option) => option.method === method)?.basis ?? null;
  const energy = energyOf(gap, draft);
  const notes = [
    ...(gap.measured === null ? [] : [`${t('closing.pane.measuredThere')}: ${energyText(gap.measured, gap.channel, locale)}`]),
    ...(energy === null || !gap.channel.startsWith('A')
      ? []
      : [`${t('closing.pane.average')}: ${formatPower(meanPower(energy, gap.intervals * gap.minutes), numbers)} ${t('unit.kW')}`]),
  ];
  return (
    <Section
      className="gap-pane"
      title={`${gap.name}, ${stretchText(gap, locale)}, ${gap.channel.replace('-', '−')}`}
      note={
        days.length < 2 ? undefined : (
          <span className="gap-days">
            <ActionIcon
              variant="default"
              size={22}
              aria-label={t('closing.pane.previous')}
              disabled={index === 0}
              onClick={() => setIndex(index - 1)}
            >
              ‹
            </ActionIcon>
            {printDate(day)}
            <ActionIcon
              variant="default"
              size={22}
              aria-label={t('closing.pane.next')}
              disabled={index >= days.length - 1}
              onClick={() => setIndex(index + 1)}
            >
              ›
            </ActionIcon>
          </span>
        )
      }
    >
      {chart.error === null ? null : <ErrorNotice error={chart.error} />}
      <div className="gap-chart">{shown === null ? null : <GapChart gap={gap} day={shown} locale={locale} />}</div>
      {isClosed ? null : (
        <>
          <h3>{t('closing.pane.methods')}</h3>
          <Methods gap={gap} draft={draft} onDraft={onDraft} locale={locale} />
        </>
      )}
      {basis === null ? null : (
        <>
          <h3>{t('closing.pane.howComputed')}</h3>
          <ul className="gap-list">
            {basisTexts(basis, gap.channel, locale).map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </>
      )}
      {notes.length === 0 ? null : <p className="dim">{notes.join('. ')}.</p>}
      <p>
        <a href={routeHref('consumption', null, { points: String(gap.pointId), period: 'day', date: day, channel: gap.channel })}>
          {t('closing.pane.toConsumption')}
        </a>
      </p>
      {gap.obstacles.length === 0 ? null : (
        <>
          <h3>{t('closing.pane.why')}</h3>
          <ul className="gap-list dim" data-testid="why-not">
            {gap.obstacles
              .filter((one) => one.method !== 'manual')
              .map((one) => (
                <li key={one.method}>
                  {t(`closing.method.${one.method}`)}: {t(`closing.obstacle.${one.obstacle}`)}
                </li>
              ))}
          </ul>
        </>
      )}
    </Section>
  );
}

function Methods({ gap, draft, onDraft, locale }: Pick<GapPaneProps, 'gap' | 'draft' | 'onDraft'> & { readonly locale: Locale }) {
  const { t } = locale;
  const method = methodOf(gap, draft);
  const isManualAllowed = gap.obstacles.some((one) => one.method === 'manual');
  const methods: ReplacementMethod[] = [...gap.options.map((option) => option.method), ...(isManualAllowed ? (['manual'] as const) : [])];
  return (
    <>
      <Radio.Group
        aria-label={t('closing.pane.methods')}
        value={method ?? ''}
        onChange={(value) => {
          const next = methods.find((known) => known === value);
          if (next !== undefined) onDraft({ method: next, own: draft?.own ?? '' });
        }}
      >
        <div className="gap-methods">
          {methods.map((known) => {
            const energy = gap.options.find((option) => option.method === known)?.energy;
            return (
              <Radio
                key={known}
                size="xs"
                value={known}
                label={`${t(`closing.method.${known}`)}${energy === undefined ? '' : ` – ${energyText(energy, gap.channel, locale)}`}`}
              />
            );
          })}
        </div>
      </Radio.Group>
      {method === 'manual' ? (
        <TextInput
          className="form-field"
          label={`${t('closing.pane.own')}, ${gap.channel.startsWith('A') ? t('unit.kWh') : t('unit.kvarh')}`}
          description={t('closing.pane.ownHint')}
          inputMode="decimal"
          value={draft?.own ?? ''}
          data-testid="own-energy"
          onChange={({ currentTarget }) => onDraft({ method: 'manual', own: currentTarget.value })}
        />
      ) : null}
    </>
  );
}

const CHANNEL_COLORS: Readonly<Record<Channel, string>> = {
  'A+': 'var(--channel-ap)',
  'A-': 'var(--channel-am)',
  'R+': 'var(--channel-rp)',
  'R-': 'var(--channel-rm)',
};

/** Measured and proposed half-hours as bars, the like day as a dashed step, gaps hatched. */
function GapChart({ gap, day, locale }: { readonly gap: ReplacementProposal; readonly day: ReplacementDay; readonly locale: Locale }) {
  const { t, numbers, time } = locale;
  const { rows } = day;
  const isActive = gap.channel.startsWith('A');
  const unit = isActive ? t('unit.kWh') : t('unit.kvarh');
  const starts = useMemo(() => rows.map(({ start }) => Date.parse(start) / 1000), [rows]);
  const series = useMemo(() => {
    const curve = (label: string, color: string, kind: ChartSeries['kind'], figure: (row: (typeof rows)[number]) => string | null) => {
      const figures = rows.map(figure);
      const series: ChartSeries = {
        label,
        color,
        kind,
        values: figures.map((text) => (text === null ? null : Number(text))),
        text: (at) => (figures[at] === null || figures[at] === undefined ? ABSENT : `${formatDecimal(figures[at], 3, numbers)} ${unit}`),
      };
      return figures.some((text) => text !== null) ? [series] : [];
    };
    return [
      ...curve(t('closing.pane.measured'), CHANNEL_COLORS[gap.channel], 'bars', ({ status, energy }) =>
        status === 'valid' ? energy : null,
      ),
      ...curve(t('closing.pane.suspect'), 'var(--muted)', 'bars', ({ status, energy }) => (status === 'incomplete' ? energy : null)),
      ...curve(t('closing.pane.replaced'), 'var(--replaced)', 'bars', ({ status, energy }) => (status === 'replaced' ? energy : null)),
      ...curve(t('closing.pane.proposed'), 'var(--proposed)', 'bars', ({ proposed }) => proposed),
      ...(day.likeDay === null
        ? []
        : curve(t('closing.pane.like', { day: printDate(day.likeDay) }), 'var(--muted)', 'dashed', ({ like }) => like)),
    ];
  }, [rows, day.likeDay, gap.channel, numbers, unit, t]);
  const missing = useMemo(
    () => rows.map(({ status }): Missing => (status === 'missing' ? 'all' : status === 'incomplete' ? 'part' : 'none')),
    [rows],
  );
  const lengthS = (rows[0]?.minutes ?? 30) * 60;
  return (
    <>
      <Chart
        label={t('closing.pane.chart', { name: gap.name, day: printDate(day.day) })}
        starts={starts}
        end={(starts.at(-1) ?? 0) + lengthS}
        series={series}
        missing={missing}
        height={190}
        unit={unit}
        title={(at) => time.interval((starts[at] ?? 0) * 1000, lengthS / 60)}
      />
      <div className="legend gap-legend" aria-hidden="true">
        {series.map(({ label, color, kind }) => (
          <span key={label} className="legend-item">
            <i className={kind === 'dashed' ? 'legend-dash' : 'legend-bar'} style={kind === 'dashed' ? {} : { background: color }} />
            {label}
          </span>
        ))}
      </div>
    </>
  );
}
