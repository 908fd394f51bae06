import type { DayCheckRow } from '../../../shared/api/day-checks.ts';
import { dayCheckText } from '../../../shared/i18n/causes.ts';
import { routeHref } from '../../app/routes.ts';
import { useLocale } from '../../ui/locale.ts';
import { Section } from '../../ui/page.tsx';
import { printDate } from '../../ui/time.ts';

/** Closed days whose intervals and registers tell different things, with the likely cause of each. */
export function Mismatches({ rows }: { readonly rows: readonly DayCheckRow[] }) {
  const { t, language } = useLocale();
  if (rows.length === 0) return null;
  return (
    <Section title={t('events.mismatches')}>
      <p className="dim">{t('events.mismatchNote')}</p>
      <table className="plain wide" data-testid="table-mismatches">
        <thead>
          <tr>
            <th scope="col">{t('fullness.point')}</th>
            <th scope="col">{t('fullness.meter')}</th>
            <th scope="col">{t('events.day')}</th>
            <th scope="col">{t('fullness.reason')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.meter_serial} ${row.day}`}>
              <th scope="row">
                <a href={routeHref('points', row.point_id)}>{row.point_name}</a>
              </th>
              <td>{row.meter_serial}</td>
              <td>
                <a href={routeHref('completeness', null, { date: row.day })}>{printDate(row.day)}</a>
              </td>
              <td>{dayCheckText(row.diagnosis, language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
