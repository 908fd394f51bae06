import type { writeRow } from '../../../shared/api/meters.ts';
import type { WriteOutcome } from '../../../shared/domain/meter-write.ts';
import { whoText, WRITE_OUTCOME_TEXTS, WRITE_TEXTS } from '../../../shared/i18n/meter-writes.ts';
import { useLocale } from '../../ui/locale.ts';
import { type Mark, StateMark } from '../../ui/state-mark.tsx';

export const OUTCOME_MARKS: Readonly<Record<WriteOutcome, Mark>> = { done: 'ok', refused: 'fault', unknown: 'attention' };

type WriteRow = ReturnType<(typeof writeRow)['parse']>;

/** What was written to the meter of one point so far. */
export function WriteHistory({ rows }: { readonly rows: readonly WriteRow[] }) {
  const { t, language, time } = useLocale();
  if (rows.length === 0) return <p className="verdict">{t('writing.noHistory')}</p>;
  return (
    <table className="plain wide" data-testid="table-writes">
      <thead>
        <tr>
          <th scope="col">{t('writing.at')}</th>
          <th scope="col">{t('writing.what')}</th>
          <th scope="col">{t('writing.outcome')}</th>
          <th scope="col">{t('writing.who')}</th>
          <th scope="col">{t('writing.reason')}</th>
          <th scope="col">{t('column.meterSerial')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.auditId}>
            <td className="nowrap">{time.dateTime(row.at)}</td>
            <td>{WRITE_TEXTS[row.kind][language].name}</td>
            <td>
              <StateMark state={OUTCOME_MARKS[row.outcome]} label={WRITE_OUTCOME_TEXTS[row.outcome][language]} />
            </td>
            <td>{whoText(row.who, language)}</td>
            <td>{row.reason ?? ''}</td>
            <td>{row.meterSerial}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
