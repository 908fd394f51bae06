import { Button } from '@mantine/core';
import { useMemo } from 'react';
import type { LineTest } from '../../../shared/api/search.ts';
import { useAction } from '../../client/action.ts';
import { useServices } from '../../client/services.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { Figure } from '../../ui/figures.tsx';
import { FindingList } from '../../ui/finding.tsx';
import { formatCount, formatDecimal } from '../../ui/format.ts';
import { useLocale } from '../../ui/locale.ts';
import { EmptyState, ErrorNotice } from '../../ui/notices.tsx';
import { Section } from '../../ui/page.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { TASK_MARKS } from '../../ui/task-state.ts';
import { GradeMark, meterColumns } from './columns.tsx';
import { createLineTestsSlice, sharePercent, worstMeters } from './slice.ts';

/** One test of a line: its grade, what it measured of the line and of each meter, and what it noticed. */
export function LineTestReport({ test }: { readonly test: LineTest }) {
  const locale = useLocale();
  const { t, numbers, time } = locale;
  const columns = useMemo(() => meterColumns(locale), [locale]);
  const meters = useMemo(() => worstMeters(test.meters), [test.meters]);
  const isRunning = test.endedAt === null;
  const share = (part: number) => {
    const percent = sharePercent(part, test.exchanges);
    return percent === null ? null : formatDecimal(percent, 1, numbers);
  };
  const milliseconds = (ms: number | null) => (ms === null ? null : formatCount(Math.round(ms), numbers));
  return (
    <>
      <div className="figures">
        <div className="figure">
          <div className="figure-label">{t('lineTest.title')}</div>
          <div className="figure-state">
            {test.grade === null ? (
              <StateMark state={TASK_MARKS[test.state]} label={t(`task.${test.state}`)} />
            ) : (
              <GradeMark grade={test.grade} t={t} />
            )}
          </div>
          <div className="figure-note">{isRunning ? <CancelTest test={test} /> : time.dateTime(test.startedAt)}</div>
        </div>
        <Figure
          label={t('lineTest.lost')}
          value={share(test.lost)}
          unit="%"
          reason={t('lineTest.noExchanges')}
          note={t('lineTest.lostNote', { lost: formatCount(test.lost, numbers), total: formatCount(test.exchanges, numbers) })}
        />
        <Figure
          label={t('lineTest.damaged')}
          value={share(test.damaged)}
          unit="%"
          reason={t('lineTest.noExchanges')}
          note={t('lineTest.damagedNote', { echoes: formatCount(test.echoes, numbers), stray: formatCount(test.strayBytes, numbers) })}
        />
        <Figure
          label={t('lineTest.firstByteP99Ms')}
          value={milliseconds(test.firstByteP99Ms)}
          unit={t('unit.ms')}
          reason={t('lineTest.noAnswers')}
          note={
            isRunning ? (
              <ProgressBar label={t('lineTest.progress')} done={test.done} total={test.total}>
                {t('search.ofExchanges', { done: formatCount(test.done, numbers), total: formatCount(test.total, numbers) })}
              </ProgressBar>
            ) : (
              t('lineTest.median', { ms: milliseconds(test.firstByteP50Ms) ?? '–' })
            )
          }
        />
      </div>
      <Section title={t('search.findings')}>
        <FindingList findings={test.findings} none={t(isRunning ? 'search.noFindingsYet' : 'lineTest.noFindings')} />
      </Section>
      <div className="table-fixed">
        <DataTable
          id="table-line-test"
          label={t('lineTest.meters')}
          columns={columns}
          rows={meters}
          rowKey={(meter) => `${meter.serial} ${meter.address}`}
          fileName={t('lineTest.file')}
          empty={<EmptyState text={t('lineTest.noMeters')} />}
        >
          <strong>{t('lineTest.meters')}</strong>
        </DataTable>
      </div>
    </>
  );
}

function CancelTest({ test }: { readonly test: LineTest }) {
  const { t } = useLocale();
  const services = useServices();
  const cancel = useAction(async () => {
    services
      .slice(createLineTestsSlice)
      .getState()
      .put(await services.client.call('lineTest.cancel', { testId: test.id }));
  });
  return (
    <>
      <Button variant="default" size="compact-xs" loading={cancel.isBusy} onClick={() => void cancel.run()}>
        {t('task.cancel')}
      </Button>
      {cancel.error === null ? null : <ErrorNotice error={cancel.error} />}
    </>
  );
}
