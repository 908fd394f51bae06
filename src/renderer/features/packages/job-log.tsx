import { useMemo } from 'react';
import type { JobRunRow } from '../../../shared/api/jobs.ts';
import { ERROR_TEXTS } from '../../../shared/i18n/errors.ts';
import { type Query, routeHref } from '../../app/routes.ts';
import { useResource } from '../../client/resource.ts';
import { SidePane } from '../../ui/dialog.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { durationText } from '../../ui/duration.ts';
import { type Locale, useLocale } from '../../ui/locale.ts';
import { AdviceText, EmptyState, ErrorNotice, Notice, ProgressLine } from '../../ui/notices.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import type { TableColumn } from '../../ui/table-columns.ts';
import { periodText } from './calendar.ts';
import { outcomeMark } from './job-words.ts';
import { createJobLogSlice } from './slice.ts';

export interface JobLogProps {
  readonly job: string;
  readonly name: string;
  readonly query: Query;
  readonly onClose: () => void;
}

/** What came of each run of a job, newest first. The last failure is explained above. */
export function JobLog({ job, name, query, onClose }: JobLogProps) {
  const locale = useLocale();
  const { t, language } = locale;
  const { data, error, isLoading } = useResource(createJobLogSlice, { jobId: job, limit: 1000 }, { on: ['jobs.changed'] });
  const rows = data?.rows ?? [];
  const queryKey = JSON.stringify(query);
  const columns = useMemo(() => runColumns(locale, query), [locale, queryKey]);
  const failure = rows[0]?.error ?? null;
  return (
    <SidePane title={t('jobs.logTitle', { job: name })} onClose={onClose}>
      <ProgressLine isLoading={isLoading} />
      {error === null ? null : <ErrorNotice error={error} />}
      {failure === null ? null : (
        <Notice kind="attention">
          <AdviceText advice={ERROR_TEXTS[failure][language]} />
        </Notice>
      )}
      <div className="pane-table">
        <DataTable
          id="table-job-log"
          label={t('jobs.logTitle', { job: name })}
          columns={columns}
          rows={rows}
          rowKey={(run) => String(run.runId)}
          fileName={t('jobs.logFile')}
          {...(data === null ? {} : { empty: <EmptyState text={t('jobs.logEmpty')} /> })}
        />
      </div>
    </SidePane>
  );
}

function runColumns({ t, language, time }: Locale, query: Query): TableColumn<JobRunRow>[] {
  const reason = ({ error }: JobRunRow) => (error === null ? '' : ERROR_TEXTS[error][language].what);
  const made = ({ made: things }: JobRunRow) => things.map(({ kind, name }) => (kind === 'package' ? `№ ${name}` : name)).join(', ');
  return [
    {
      id: 'started',
      title: t('jobs.started'),
      width: 128,
      kind: 'text',
      sortValue: (run) => run.startedAt,
      text: (run) => time.dateTime(run.startedAt),
    },
    {
      id: 'period',
      title: t('jobs.period'),
      width: 100,
      kind: 'text',
      sortValue: (run) => run.from,
      text: (run) => periodText(run, language),
    },
    {
      id: 'outcome',
      title: t('jobs.outcome'),
      width: 126,
      kind: 'text',
      sortValue: (run) => outcomeMark(run, t).label,
      text: (run) => outcomeMark(run, t).label,
      render: (run) => <StateMark {...outcomeMark(run, t)} />,
    },
    {
      id: 'made',
      title: t('jobs.made'),
      width: 112,
      kind: 'text',
      sortValue: made,
      text: made,
      render: (run) =>
        run.made.map((thing, index) => (
          <span key={`${thing.kind} ${thing.id} ${thing.name}`}>
            {index === 0 ? '' : ', '}
            {thing.kind === 'package' && thing.id !== null ? (
              <a href={routeHref('packages', thing.id, query)} tabIndex={-1}>
                № {thing.name}
              </a>
            ) : (
              thing.name
            )}
          </span>
        )),
    },
    {
      id: 'duration',
      title: t('jobs.duration'),
      width: 104,
      kind: 'number',
      sortValue: (run) => run.durationMs,
      text: (run) => durationText(run.durationMs / 1000, t),
    },
    {
      id: 'tries',
      title: t('jobs.tries'),
      width: 76,
      kind: 'number',
      sortValue: (run) => run.tries,
      text: (run) => String(run.tries),
    },
    {
      id: 'cause',
      title: t('jobs.cause'),
      width: 104,
      kind: 'text',
      sortValue: (run) => run.cause,
      text: (run) => t(`jobs.cause_${run.cause}`),
    },
    { id: 'error', title: t('jobs.error'), width: 220, kind: 'text', sortValue: reason, text: reason },
  ];
}
