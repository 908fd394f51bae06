import { exchangeHref } from '../../app/exchange-tabs.tsx';
import { type Query, routeHref } from '../../app/routes.ts';
import { useResource } from '../../client/resource.ts';
import { formatCount } from '../../ui/format.ts';
import type { Locale } from '../../ui/locale.ts';
import { Section } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { handedOverCount, periodText, streamMark, streamName } from '../packages/calendar.ts';
import { createCalendarSlice } from '../packages/slice.ts';
import { createMonthsSlice, monthText } from '../replacement/slice.ts';

export interface HandedOverProps {
  /** ISO date at the site. */
  readonly today: string;
  readonly query: Query;
  readonly locale: Locale;
}

/** How the month stands with those who get the figures, and whether the one before it is closed. */
export function HandedOver({ today, query, locale }: HandedOverProps) {
  const { t, numbers, language } = locale;
  const month = `${today.slice(0, 7)}-01`;
  const calendar = useResource(createCalendarSlice, { month }, { on: ['packages.changed', 'jobs.changed'], everyMs: 60_000 });
  const months = useResource(createMonthsSlice, {}, { on: ['replacements.changed'] });
  const streams = calendar.data?.streams ?? [];
  const last = months.data?.find(({ isOver }) => isOver) ?? null;
  if (calendar.data === null && months.data === null) return null;
  return (
    <Section title={t('overview.handedOver')} note={<a href={exchangeHref('calendar', { date: month })}>{t('exchange.calendar')}</a>}>
      <table className="plain wide" data-testid="table-handed-over">
        <thead>
          <tr>
            <th scope="col">{t('handover.stream')}</th>
            <th scope="col">{t('packages.period')}</th>
            <th scope="col">{t('column.state')}</th>
            <th scope="col" className="number">
              {t('handover.onTime')}
            </th>
          </tr>
        </thead>
        <tbody>
          {streams.map((stream) => {
            const { due, done } = handedOverCount(stream);
            const place = stream.what === 'xml80020' ? 'supplier' : 'calendar';
            return (
              <tr key={`${stream.what} ${stream.receiver} ${stream.kind}`}>
                <td>
                  <a href={exchangeHref(place, { date: month })}>{streamName(stream, t)}</a>
                </td>
                <td className="nowrap">{calendar.data === null ? '' : periodText(calendar.data, language)}</td>
                <td>
                  <StateMark {...streamMark(stream, t)} />
                </td>
                <td className="number">
                  {formatCount(done, numbers)} / {formatCount(due, numbers)}
                </td>
              </tr>
            );
          })}
          {last === null ? null : (
            <tr>
              <td>
                <a href={routeHref('closing', null, { ...query, tab: 'months', date: `${last.month}-01` })}>{t('nav.closing')}</a>
              </td>
              <td className="nowrap">{monthText(last.month, locale)}</td>
              <td>
                <StateMark
                  state={last.closed === null ? 'unchecked' : 'ok'}
                  label={t(last.closed === null ? 'closing.month.open' : 'closing.month.closed')}
                />
              </td>
              <td />
            </tr>
          )}
        </tbody>
      </table>
    </Section>
  );
}
