import type { PackageSummary } from '../../../shared/api/methods.ts';
import { Absent, Facts } from '../../ui/figures.tsx';
import { formatCount } from '../../ui/format.ts';
import { useLocale } from '../../ui/locale.ts';
import { Section } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import type { State } from '../../../shared/api/values.ts';

const ACK_MARKS: Readonly<Record<'accepted' | 'partial' | 'rejected', State>> = { accepted: 'ok', partial: 'attention', rejected: 'fault' };

/** What the receiver answered, in its own words, with the rows that it did not take. */
export function PackageAnswer({ pack: { ack } }: { readonly pack: PackageSummary }) {
  const { t, numbers, time } = useLocale();
  if (ack === null) {
    return (
      <Section title={t('packages.ack')}>
        <p className="verdict">{t('packages.ackNone')}</p>
      </Section>
    );
  }
  const count = (rows: number | null) => (rows === null ? <Absent reason={t('packages.ackNone')} /> : formatCount(rows, numbers));
  const reason = (text: string) => (text === 'period_closed' ? t('packages.periodClosed') : text);
  return (
    <Section title={t('packages.ack')}>
      <Facts
        rows={[
          [t('column.state'), <StateMark key="state" state={ACK_MARKS[ack.status]} label={t(`packages.ackStatus_${ack.status}`)} />],
          [t('packages.ackAt'), time.dateTime(ack.at)],
          [t('packages.rowsOk'), count(ack.rowsOk)],
          [t('packages.rowsBad'), count(ack.rowsBad)],
          ...(ack.text === '' ? [] : [[t('packages.ackText'), <q key="text">{reason(ack.text)}</q>] as const]),
        ]}
      />
      {ack.faults.length === 0 ? null : (
        <>
          <h3>
            {t('packages.faults')}
            {ack.faults.length < ack.faultCount ? (
              <span className="dim">
                {' '}
                {t('packages.faultsShown', { shown: formatCount(ack.faults.length, numbers), all: formatCount(ack.faultCount, numbers) })}
              </span>
            ) : null}
          </h3>
          <table className="plain wide" data-testid="table-faults">
            <thead>
              <tr>
                <th scope="col">{t('packages.faultRow')}</th>
                <th scope="col">{t('packages.faultKey')}</th>
                <th scope="col">{t('packages.faultReason')}</th>
              </tr>
            </thead>
            <tbody>
              {ack.faults.map((fault) => (
                <tr key={`${fault.row} ${fault.key}`}>
                  <td>{count(fault.row)}</td>
                  <td>
                    <code>{fault.key}</code>
                  </td>
                  <td>{reason(fault.reason)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </Section>
  );
}
