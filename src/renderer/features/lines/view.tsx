import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { LineStatus } from '../../../shared/api/methods.ts';
import { ERROR_TEXTS, isErrorCode } from '../../../shared/i18n/errors.ts';
import { reasonText } from '../../../shared/i18n/causes.ts';
import { routeHref } from '../../app/routes.ts';
import { useAction } from '../../client/action.ts';
import { withLive } from '../../client/live-items.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { Age } from '../../ui/age.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Absent, Facts } from '../../ui/figures.tsx';
import { FindingList } from '../../ui/finding.tsx';
import { formatCount } from '../../ui/format.ts';
import { useLocale } from '../../ui/locale.ts';
import { EmptyState, ErrorNotice, Notice, ProgressLine } from '../../ui/notices.tsx';
import { PageBar, PageBody, Section } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { createFindingsSlice } from '../events/slice.ts';
import { LINE_STALE_S, useSystem } from '../system/slice.ts';
import { testColumns } from './columns.tsx';
import { LineTestReport } from './line-test.tsx';
import { createLineTestListSlice, createLineTestsSlice } from './slice.ts';
import { LineWaitsTable } from './waits.tsx';

/** One line: its state, what is wrong with it, and how well it carries. */
export function LineView({ id }: { readonly id: number }) {
  const { t } = useLocale();
  const status = useSystem((state) => state.status);
  const line = status?.lines.find((one) => one.id === id) ?? null;
  const list = routeHref('system');
  return (
    <>
      {line === null ? (
        <>
          <PageBar path={[{ label: t('nav.system'), href: list }]} />
          {status === null ? null : <EmptyState text={t('lineTest.noLine')} action={{ label: t('lineTest.toLines'), href: list }} />}
        </>
      ) : (
        <Line key={line.id} line={line} />
      )}
    </>
  );
}

function Line({ line }: { readonly line: LineStatus }) {
  const { t } = useLocale();
  const services = useServices();
  const { data, error, isLoading } = useResource(createLineTestListSlice, { lineId: line.id });
  const live = useStore(services.slice(createLineTestsSlice));
  const tests = useMemo(() => withLive(data ?? [], live).filter((test) => test.lineId === line.id), [data, live, line.id]);
  const [chosenId, setChosenId] = useState<number | null>(null);
  const start = useAction(async () => {
    const test = await services.client.call('lineTest.start', { lineId: line.id });
    services.slice(createLineTestsSlice).getState().put(test);
    setChosenId(test.id);
  });
  const shown = tests.find((test) => test.id === chosenId) ?? tests[0] ?? null;
  const isTesting = tests.some((test) => test.endedAt === null);
  const locale = useLocale();
  const columns = useMemo(() => testColumns(locale, (test) => setChosenId(test.id)), [locale]);
  return (
    <>
      <PageBar path={[{ label: t('nav.system'), href: routeHref('system') }, { label: line.name }]}>
        <Button component="a" variant="default" size="compact-sm" href={routeHref('search', null, { line: line.address })}>
          {t('system.search')}
        </Button>
        <Button size="compact-sm" data-testid="line-test" disabled={isTesting} loading={start.isBusy} onClick={() => void start.run()}>
          {t('lineTest.start')}
        </Button>
      </PageBar>
      <ProgressLine isLoading={isLoading} />
      {start.error === null ? null : start.error.code === 'api/conflict' && line.meters > 0 ? (
        <Notice kind="attention">{t('search.lineBusy')}</Notice>
      ) : (
        <ErrorNotice error={start.error} />
      )}
      {error === null ? null : <ErrorNotice error={error} />}
      <PageBody>
        <div className="columns-2">
          <Section title={t('column.line')}>
            <LineFacts line={line} />
          </Section>
          <LineFindings line={line} />
        </div>
        <LineWaitsTable lineId={line.id} />
        {shown === null ? (
          data === null ? null : (
            <Section title={t('lineTest.title')}>
              <p className="verdict">{t('lineTest.empty')}</p>
            </Section>
          )
        ) : (
          <section aria-label={t('lineTest.title')}>
            <LineTestReport test={shown} />
          </section>
        )}
        {tests.length < 2 ? null : (
          <div className="table-fixed">
            <DataTable
              id="table-line-tests"
              label={t('lineTest.history')}
              columns={columns}
              rows={tests}
              rowKey={(test) => String(test.id)}
              rowClass={(test) => (test.id === shown?.id ? 'chosen-row' : '')}
              onOpen={(test) => setChosenId(test.id)}
            >
              <strong>{t('lineTest.history')}</strong>
            </DataTable>
          </div>
        )}
      </PageBody>
    </>
  );
}

function LineFacts({ line }: { readonly line: LineStatus }) {
  const { t, language, numbers } = useLocale();
  const { reason } = line;
  return (
    <>
      <Facts
        rows={[
          [
            t('column.state'),
            <StateMark key="state" state={line.state} {...(reason === null ? {} : { label: reasonText(reason, language) })} />,
          ],
          [t('lineTest.lineAddress'), <code key="address">{line.address}</code>],
          [t('system.meters'), formatCount(line.meters, numbers)],
          [t('system.silent'), formatCount(line.silentMeters, numbers)],
          [t('system.exchanges'), formatCount(line.exchanges, numbers)],
          [
            t('system.failures'),
            line.exchanges === 0 ? <Absent key="none" reason={t('system.noExchanges')} /> : formatCount(line.failures, numbers),
          ],
          [t('system.lastExchange'), <Age key="last" at={line.lastExchangeAt} staleAfterS={LINE_STALE_S} />],
        ]}
      />
      {reason !== null && isErrorCode(reason) ? <p className="verdict">{ERROR_TEXTS[reason][language].todo}</p> : null}
    </>
  );
}

function LineFindings({ line }: { readonly line: LineStatus }) {
  const { t } = useLocale();
  const { data, error } = useResource(createFindingsSlice, {}, { on: ['findings.changed'] });
  return (
    <Section title={t('events.findings')}>
      {error === null ? null : <ErrorNotice error={error} />}
      {data === null ? null : (
        <FindingList
          findings={data.filter(({ subject }) => subject.kind === 'line' && subject.id === line.id)}
          none={t(line.state === 'fault' ? 'lineTest.lineUnknown' : 'lineTest.lineWell')}
        />
      )}
    </Section>
  );
}
