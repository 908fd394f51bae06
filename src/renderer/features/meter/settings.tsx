import { Button } from '@mantine/core';
import { useAction } from '../../client/action.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { Absent } from '../../ui/figures.tsx';
import { FindingList } from '../../ui/finding.tsx';
import { useLocale } from '../../ui/locale.ts';
import { ErrorNotice, ProgressLine } from '../../ui/notices.tsx';
import { PageBody, Section } from '../../ui/page.tsx';
import { configurationRows } from './configuration.ts';
import { createAuditSlice } from './slice.ts';

/** How the meter is set up, and what is wrong with that. */
export function MeterSettings({ pointId }: { readonly pointId: number }) {
  const locale = useLocale();
  const { t, time } = locale;
  const { client } = useServices();
  const { data, error, isLoading, load } = useResource(createAuditSlice, { pointId }, { on: ['findings.changed'] });
  const readNow = useAction(async () => {
    await client.call('meter.auditNow', { pointId });
    await load({ pointId });
  });
  const audit = data?.pointId === pointId ? data : null;
  const rows = configurationRows(audit?.configuration ?? {}, locale);
  return (
    <>
      <ProgressLine isLoading={isLoading || readNow.isBusy} />
      <div className="filter-bar">
        <Button size="compact-sm" data-testid="audit-now" loading={readNow.isBusy} onClick={() => void readNow.run()}>
          {t('meter.readNow')}
        </Button>
        <span className="dim" aria-live="polite">
          {readNow.isBusy
            ? t('meter.reading')
            : audit === null
              ? null
              : audit.at === null
                ? t('meter.neverRead')
                : t('meter.readAt', { at: time.dateTime(audit.at) })}
        </span>
      </div>
      {readNow.error === null ? null : <ErrorNotice error={readNow.error} />}
      {error === null ? null : <ErrorNotice error={error} />}
      {audit === null ? null : (
        <PageBody>
          <div className="columns-2">
            <Section title={t('meter.verdict')}>
              <FindingList findings={audit.findings} none={t(audit.at === null ? 'meter.noVerdict' : 'meter.allWell')} />
            </Section>
            <Section title={t('meter.configuration')}>
              {rows.length === 0 ? (
                <p className="verdict">{t('meter.noConfiguration')}</p>
              ) : (
                <table className="plain wide">
                  <tbody>
                    {rows.map(({ name, value }) => (
                      <tr key={name}>
                        <th scope="row">{name}</th>
                        <td>{value ?? <Absent reason={t('meter.notTold')} />}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              )}
            </Section>
          </div>
        </PageBody>
      )}
    </>
  );
}
