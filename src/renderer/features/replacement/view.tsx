import { Button } from '@mantine/core';
import { NoPoints, useHasPoints } from '../../app/no-points.tsx';
import { navigate, type Query, routeHref, selectionOf } from '../../app/routes.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { useWorks } from '../../client/works.ts';
import { Figure } from '../../ui/figures.tsx';
import { formatCount, formatDecimal } from '../../ui/format.ts';
import { LinkTabs } from '../../ui/link-tabs.tsx';
import { type Locale, useLocale } from '../../ui/locale.ts';
import { ErrorNotice, ProgressLine } from '../../ui/notices.tsx';
import { PageBar } from '../../ui/page.tsx';
import { PeriodPicker } from '../../ui/period-picker.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { WorkBars } from '../../ui/work-bars.tsx';
import { GapsTab } from './gaps.tsx';
import { MonthsTab } from './months.tsx';
import { ReadingsTab } from './readings.tsx';
import { RulesTab } from './rules.tsx';
import './replacement.css';
import { createCheckSlice, energyText, type MonthCheckResult } from './slice.ts';

const TABS = ['gaps', 'readings', 'months', 'rules'] as const;
const WORKS = ['month-check', 'month-closing'] as const;
/** Tabs over which the figures of the month stand. */
const WITH_FIGURES: readonly string[] = ['gaps', 'months'];
/** A month is worked out of every half-hour of every point: not with each interval that comes. */
const AGAIN_MS = 120_000;

/** What nobody measured, what people bring in its place, and the month closed over it. */
export function ClosingView({ query }: { readonly query: Query }) {
  const locale = useLocale();
  const { t, time } = locale;
  const { serverNow } = useServices();
  const today = time.isoDate(serverNow());
  const { date } = selectionOf(query, today);
  const month = date.slice(0, 7);
  const tab = TABS.find((known) => known === query.tab) ?? 'gaps';
  const check = useResource(createCheckSlice, { month }, { on: ['replacements.changed'], everyMs: AGAIN_MS });
  const checked = check.data?.month === month ? check.data : null;
  const works = useWorks(WORKS);
  const hasPoints = useHasPoints();
  const recheck = () => check.load({ month });
  const href = (id: string) => routeHref('closing', null, { ...query, tab: id });
  const toMonth = (next: string) => navigate(routeHref('closing', null, { ...query, date: next }));
  return (
    <>
      <PageBar path={[{ label: t('nav.closing') }]}>
        <PeriodPicker period={{ kind: 'month', date }} kinds={['month']} today={today} onChange={(next) => toMonth(next.date)} />
      </PageBar>
      <LinkTabs label={t('nav.closing')} current={tab} tabs={TABS.map((id) => ({ id, label: t(`closing.tabs.${id}`), href: href(id) }))} />
      <ProgressLine isLoading={check.isLoading} />
      {/* What is worked out anew beside figures that stand there already needs no bar. */}
      <WorkBars items={works.items.filter(({ kind }) => kind === 'month-closing' || checked === null)} onStop={works.stop} />
      {check.error === null ? null : (
        <ErrorNotice error={check.error}>
          <Button size="compact-xs" variant="default" onClick={() => void recheck()}>
            {t('work.again')}
          </Button>
        </ErrorNotice>
      )}
      {checked === null || !hasPoints || !WITH_FIGURES.includes(tab) ? null : <Summary check={checked} locale={locale} />}
      {hasPoints || tab === 'rules' ? null : <NoPoints />}
      {tab === 'gaps' && hasPoints ? <GapsTab key={month} month={month} onChange={recheck} /> : null}
      {tab === 'readings' && hasPoints ? <ReadingsTab key={month} month={month} isClosed={checked?.isClosed === true} /> : null}
      {tab === 'rules' ? <RulesTab /> : null}
      {tab === 'months' && hasPoints ? (
        <MonthsTab month={month} check={checked} onMonth={(next) => toMonth(`${next}-01`)} gapsHref={href('gaps')} onChange={recheck} />
      ) : null}
    </>
  );
}

function Summary({ check, locale }: { readonly check: MonthCheckResult; readonly locale: Locale }) {
  const { t, numbers } = locale;
  const { energy, replaced, replacedShare, waiting, isClosed } = check;
  const share = replacedShare === null ? null : formatDecimal(replacedShare, 2, numbers);
  return (
    <div className="figures">
      <div className="figure">
        <div className="figure-label">{t('closing.state')}</div>
        <div className="figure-state" data-testid="month-state">
          <StateMark state={isClosed ? 'ok' : 'info'} label={t(isClosed ? 'closing.isClosed' : 'closing.isOpen')} />
        </div>
        <div className="figure-note">{t(isClosed ? 'closing.closedNote' : 'closing.openNote')}</div>
      </div>
      <Figure label={t('closing.consumed')} value={energyText(energy, 'A+', locale)} note={t('closing.consumedNote')} />
      <Figure
        label={t('closing.replaced')}
        value={energyText(replaced, 'A+', locale)}
        note={share === null ? t('closing.noShare') : t('closing.replacedNote', { share })}
      />
      <Figure
        label={t(isClosed ? 'closing.left' : 'closing.waiting')}
        value={formatCount(waiting, numbers)}
        note={t(isClosed ? 'closing.leftNote' : 'closing.waitingNote')}
      />
    </div>
  );
}
