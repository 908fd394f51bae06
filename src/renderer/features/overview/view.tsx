import { useViewportSize } from '@mantine/hooks';
import type { Overview, SubstationSummary } from '../../../shared/api/methods.ts';
import type { Attention, Completeness } from '../../../shared/api/values.ts';
import { attentionAdvice } from '../../../shared/i18n/causes.ts';
import { type Query, routeHref } from '../../app/routes.ts';
import { useResource } from '../../client/resource.ts';
import { attentionDetail } from '../../ui/attention.tsx';
import { DayChart } from '../../ui/day-chart.tsx';
import { Absent, Figure } from '../../ui/figures.tsx';
import { completenessPercent, completenessState, energyPrefix, formatCount, formatEnergy, formatPower } from '../../ui/format.ts';
import { energyUnitText, type Locale, useLocale } from '../../ui/locale.ts';
import { EmptyState, ErrorNotice, ProgressLine } from '../../ui/notices.tsx';
import { PageBar, PageBody, Section } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { printDate } from '../../ui/time.ts';
import { failedJobName } from '../packages/job-words.ts';
import { packageStateMark } from '../packages/state.ts';
import { HandedOver } from './handed-over.tsx';
import { createOverviewSlice, groupAttention, subjectsOf } from './slice.ts';

const REFRESH = { on: ['data.changed', 'packages.changed'], everyMs: 10_000 } as const;

export function OverviewView({ query }: { readonly query: Query }) {
  const locale = useLocale();
  const { t } = locale;
  const { data, error, isLoading } = useResource(createOverviewSlice, {}, REFRESH);
  return (
    <>
      <PageBar path={[{ label: t('nav.overview') }]}>
        {data === null ? null : <span className="dim">{t('overview.at', { time: locale.time.timeWithSeconds(data.at) })}</span>}
      </PageBar>
      <ProgressLine isLoading={isLoading && data === null} />
      {error === null ? null : <ErrorNotice error={error} />}
      {data === null ? null : data.power.total === 0 ? (
        <EmptyState text={t('empty.plant')} action={{ label: t('empty.toSetup'), href: routeHref('setup') }} />
      ) : (
        <Body overview={data} query={query} locale={locale} />
      )}
    </>
  );
}

function Body({ overview, query, locale }: { readonly overview: Overview; readonly query: Query; readonly locale: Locale }) {
  const { t, numbers } = locale;
  const { power, today, yesterday, substations, attention, packages } = overview;
  const { height } = useViewportSize();
  const chartHeight = Math.round(Math.min(Math.max(height * 0.3, 220), 380));
  const prefix = energyPrefix([today.total, yesterday.total]);
  const energyFigure = (label: string, day: Overview['today']) => {
    const percent = completenessPercent(day.completeness, numbers);
    return (
      <Figure
        label={`${label}, ${printDate(day.day).slice(0, 5)}`}
        value={day.total === null ? null : formatEnergy(day.total, prefix, numbers)}
        unit={energyUnitText(locale, 'Wh', prefix)}
        reason={t('value.noIntervals')}
        note={
          percent === null ? (
            t('completeness.notYet')
          ) : (
            <StateMark state={completenessState(day.completeness)} label={t('completeness.of', { percent })} />
          )
        }
      />
    );
  };
  return (
    <PageBody>
      <div className="figures">
        <Figure
          label={t('overview.power')}
          value={power.value === null ? null : formatPower(power.value, numbers)}
          unit={t('unit.kW')}
          reason={t('value.noFresh')}
          note={t('overview.fresh', { fresh: formatCount(power.points, numbers), count: power.total })}
        />
        {energyFigure(t('overview.today'), today)}
        {energyFigure(t('overview.yesterday'), yesterday)}
        <div className="figure">
          <div className="figure-label">{t('overview.attention')}</div>
          <div className="figure-value">{formatCount(attention.length, numbers)}</div>
          <div className="figure-note">
            {attention.length === 0 ? (
              <StateMark state="ok" label={t('overview.noAttention')} />
            ) : (
              t('overview.causes', { count: groupAttention(attention).length })
            )}
          </div>
        </div>
      </div>
      <div className="columns-main">
        <div>
          <Section
            title={t('overview.chart')}
            note={
              <span className="legend">
                <span className="legend-item">
                  <i className="legend-bar" /> {t('overview.todayShort')}
                </span>
                <span className="legend-item">
                  <i className="legend-dash" /> {t('overview.yesterdayShort')}
                </span>
                <span className="legend-item">
                  <i className="legend-hatch" /> {t('chart.missing')}
                </span>
              </span>
            }
          >
            <DayChart today={today} yesterday={yesterday} height={chartHeight} />
          </Section>
          <Section title={t('overview.substations')}>
            <Substations rows={substations} query={query} locale={locale} />
          </Section>
          <HandedOver today={today.day} query={query} locale={locale} />
        </div>
        <div>
          <Section title={t('overview.attention')} note={<a href={routeHref('events', null, query)}>{t('overview.byObject')}</a>}>
            {attention.length === 0 ? (
              <p className="verdict">{t(power.points === 0 ? 'overview.tooEarly' : 'overview.allWell')}</p>
            ) : (
              <AttentionGroups items={attention} query={query} locale={locale} />
            )}
          </Section>
          <Section title={t('overview.packages')} note={<a href={routeHref('packages', null, query)}>{t('overview.allPackages')}</a>}>
            <LastPackages packages={packages} query={query} locale={locale} />
          </Section>
        </div>
      </div>
    </PageBody>
  );
}

function Share({ value, locale }: { readonly value: Completeness; readonly locale: Locale }) {
  const percent = completenessPercent(value, locale.numbers);
  if (percent === null) return <Absent reason={locale.t('completeness.notYet')} />;
  return (
    <span
      className={`share share-${completenessState(value)}`}
      title={locale.t('completeness.counts', { received: value.received, expected: value.expected })}
    >
      {percent}
    </span>
  );
}

function Substations({
  rows,
  query,
  locale,
}: {
  readonly rows: readonly SubstationSummary[];
  readonly query: Query;
  readonly locale: Locale;
}) {
  const { t, numbers } = locale;
  const today = energyPrefix(rows.map((row) => row.today));
  const yesterday = energyPrefix(rows.map((row) => row.yesterday));
  return (
    <table className="plain wide">
      <thead>
        <tr>
          <th scope="col">{t('column.substation')}</th>
          <th scope="col">{t('column.state')}</th>
          <th scope="col" className="number">
            {t('overview.powerShort')}, {t('unit.kW')}
          </th>
          <th scope="col" className="number">
            {t('overview.today')}, {energyUnitText(locale, 'Wh', today)}
          </th>
          <th scope="col" className="number">
            {t('completeness.short')}, %
          </th>
          <th scope="col" className="number">
            {t('overview.yesterday')}, {energyUnitText(locale, 'Wh', yesterday)}
          </th>
          <th scope="col" className="number">
            {t('completeness.short')}, %
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td className="nowrap" title={t('overview.pointCount', { count: row.points })}>
              <a href={routeHref('live', null, { ...query, substation: row.name })}>{row.name}</a>
            </td>
            <td>
              <StateMark state={row.state} {...(row.silentPoints === 0 ? {} : { label: t('live.silent', { count: row.silentPoints }) })} />
            </td>
            <td className="number" title={t('overview.fresh', { fresh: row.powerPoints, count: row.points })}>
              {row.power === null ? <Absent reason={t('value.noFresh')} /> : formatPower(row.power, numbers)}
            </td>
            <td className="number">
              {row.today === null ? <Absent reason={t('value.noIntervals')} /> : formatEnergy(row.today, today, numbers)}
            </td>
            <td className="number">
              <Share value={row.todayCompleteness} locale={locale} />
            </td>
            <td className="number">
              {row.yesterday === null ? <Absent reason={t('value.noIntervals')} /> : formatEnergy(row.yesterday, yesterday, numbers)}
            </td>
            <td className="number">
              <Share value={row.yesterdayCompleteness} locale={locale} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** More names than this make a wall; the rest is counted. */
const NAMES_SHOWN = 6;

function AttentionGroups({
  items,
  query,
  locale,
}: {
  readonly items: readonly Attention[];
  readonly query: Query;
  readonly locale: Locale;
}) {
  const { t, language } = locale;
  return (
    <ul className="attention-list">
      {groupAttention(items).map((group) => {
        const advice = attentionAdvice(group.code, language);
        return (
          <li key={group.code} className="attention-group">
            <div className="attention-title">
              <StateMark state={group.state} isBare /> <strong>{advice.what}</strong>
              {subjectsOf(group.items).length === 1 ? null : <span className="count">{subjectsOf(group.items).length}</span>}
            </div>
            <div className="attention-subjects">
              {subjectsOf(group.items)
                .slice(0, NAMES_SHOWN)
                .map(([item, ...others], index) => {
                  const details = [item, ...others].flatMap((one) => attentionDetail(one, locale) ?? []);
                  return (
                    <span key={`${item.subject.kind}-${item.subject.id ?? index}`} className="attention-subject">
                      <Subject item={item} query={query} locale={locale} />
                      {details.length === 0 ? null : <span className="dim"> {details.join(', ')}</span>}
                    </span>
                  );
                })}
              {subjectsOf(group.items).length > NAMES_SHOWN ? (
                <span className="dim">{t('overview.more', { count: subjectsOf(group.items).length - NAMES_SHOWN })}</span>
              ) : null}
            </div>
            <div className="dim">
              {advice.means} <span className="advice-todo">{advice.todo}</span>
            </div>
          </li>
        );
      })}
    </ul>
  );
}

function Subject({ item, query, locale }: { readonly item: Attention; readonly query: Query; readonly locale: Locale }) {
  const { subject } = item;
  if (subject.kind === 'point' && subject.id !== null) return <a href={routeHref('points', subject.id, query)}>{subject.name}</a>;
  if (subject.kind === 'package' && subject.id !== null) {
    return <a href={routeHref('packages', subject.id, query)}>{locale.t('packages.numbered', { number: subject.name })}</a>;
  }
  if (subject.kind === 'job') {
    return <a href={routeHref('packages', null, { ...query, tab: 'schedules' })}>{failedJobName(item, locale.t)}</a>;
  }
  if (subject.kind === 'line') return <a href={routeHref('system', subject.id, query)}>{subject.name}</a>;
  if (subject.kind === 'supplier-file') {
    const isDay = /^\d{4}-\d{2}-\d{2}$/.test(subject.name);
    return <a href={routeHref('supplier', null, isDay ? { date: subject.name } : {})}>{isDay ? printDate(subject.name) : subject.name}</a>;
  }
  return <span>{subject.name}</span>;
}

function LastPackages({
  packages,
  query,
  locale,
}: {
  readonly packages: Overview['packages'];
  readonly query: Query;
  readonly locale: Locale;
}) {
  const { t, time } = locale;
  if (packages.length === 0) return <p className="verdict">{t('packages.none')}</p>;
  return (
    <table className="plain wide">
      <tbody>
        {packages.map((pack) => {
          const mark = packageStateMark(pack, t);
          return (
            <tr key={pack.id}>
              <td className="nowrap">
                <a href={routeHref('packages', pack.id, query)}>№ {pack.number}</a>
              </td>
              <td>
                {t(`kind.${pack.kind}`)},{' '}
                {pack.from === pack.to
                  ? printDate(pack.from).slice(0, 5)
                  : `${printDate(pack.from).slice(0, 5)}–${printDate(pack.to).slice(0, 5)}`}
                <div>
                  <StateMark state={mark.state} label={mark.label} />
                </div>
              </td>
              <td className="number dim">{time.time(pack.createdAt)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
