import type { LineWaits } from '../../../shared/api/promises.ts';
import { useResource } from '../../client/resource.ts';
import { Absent } from '../../ui/figures.tsx';
import { formatCount, formatDecimal, shiftDecimal } from '../../ui/format.ts';
import { type Locale, useLocale } from '../../ui/locale.ts';
import { Section } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { createWaitsSlice } from './slice.ts';

/** What each kind of work on the line waited over the last hour, beside what is promised. */
export function LineWaitsTable({ lineId }: { readonly lineId: number }) {
  const locale = useLocale();
  const { t, numbers } = locale;
  const { data } = useResource(createWaitsSlice, { lineId }, { everyMs: 10_000 });
  const rows = (data ?? []).filter(({ count }) => count > 0);
  if (rows.length === 0) return null;
  return (
    <Section title={t('waits.title')} note={t('waits.note')}>
      <table className="plain wide" data-testid="table-waits">
        <thead>
          <tr>
            <th scope="col">{t('waits.work')}</th>
            <th scope="col">{t('waits.promise')}</th>
            <th scope="col">{t('waits.p95')}</th>
            <th scope="col">{t('waits.p50')}</th>
            <th scope="col">{t('waits.max')}</th>
            <th scope="col">{t('waits.count')}</th>
            <th scope="col">{t('column.state')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.class}>
              <th scope="row">{t(`waits.class.${row.class}`)}</th>
              <td>{formatCount(row.promiseS, numbers)}</td>
              <td>{secondsOf(row.toDone?.p95Ms, locale)}</td>
              <td>{secondsOf(row.toDone?.p50Ms, locale)}</td>
              <td>{secondsOf(row.toDone?.maxMs, locale)}</td>
              <td>{formatCount(row.count, numbers)}</td>
              <td>
                <StateMark state={isKept(row) ? 'ok' : 'attention'} label={t(isKept(row) ? 'waits.kept' : 'waits.late')} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function isKept({ promiseS, toDone }: LineWaits): boolean {
  return (toDone?.p95Ms ?? 0) <= promiseS * 1000;
}

function secondsOf(ms: number | undefined, { t, numbers }: Locale) {
  return ms === undefined ? <Absent reason={t('value.notRead')} /> : formatDecimal(shiftDecimal(String(Math.round(ms)), -3), 2, numbers);
}
