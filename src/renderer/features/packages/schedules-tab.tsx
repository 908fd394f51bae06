import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Job } from '../../../shared/api/jobs.ts';
import { exchangeHref } from '../../app/exchange-tabs.tsx';
import { useHasPoints } from '../../app/no-points.tsx';
import { type Query, routeHref } from '../../app/routes.ts';
import { useAction } from '../../client/action.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { Absent } from '../../ui/figures.tsx';
import { type Locale, useLocale } from '../../ui/locale.ts';
import { EmptyState, ErrorNotice, Notice, ProgressLine } from '../../ui/notices.tsx';
import { PageBody, Section } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { periodText } from './calendar.ts';
import { JobLog } from './job-log.tsx';
import { conditionWords, jobMark, jobName, outcomeMark, waitsWords, whenWords } from './job-words.ts';
import { draftOf, newDraft, type ScheduleDraft } from './schedule-draft.ts';
import { ScheduleForm } from './schedule-form.tsx';
import { createJobsSlice } from './slice.ts';

export interface SchedulesTabProps {
  readonly query: Query;
  readonly receiverName: (receiver: string) => string;
}

type Pane = { readonly kind: 'form'; readonly draft: ScheduleDraft; readonly isNew: boolean } | { readonly kind: 'log'; readonly job: Job };

/** The jobs by the clock: what each hands over, when, what came of it last, and its log. */
export function SchedulesTab({ query, receiverName }: SchedulesTabProps) {
  const locale = useLocale();
  const { t } = locale;
  const { client } = useServices();
  const { data, error, isLoading, load } = useResource(createJobsSlice, {}, { on: ['jobs.changed', 'packages.changed'], everyMs: 30_000 });
  const [pane, setPane] = useState<Pane | null>(null);
  const [outcome, setOutcome] = useState<Parameters<typeof outcomeMark>[0]['outcome'] | null>(null);
  const run = useAction(async (jobId: string) => {
    setOutcome(null);
    const made = await client.call('jobs.run', { jobId });
    setOutcome(made.outcome);
    await load({});
  });
  const add = () => setPane({ kind: 'form', draft: newDraft((data ?? []).map(({ schedule }) => schedule)), isNew: true });
  return (
    <>
      <ProgressLine isLoading={isLoading || run.isBusy} />
      {error === null ? null : <ErrorNotice error={error} />}
      {run.error === null ? null : <ErrorNotice error={run.error} />}
      {outcome === null ? null : (
        <Notice kind={outcome === 'made' || outcome === 'nothing' ? 'ok' : 'attention'}>
          {t('jobs.ran', { outcome: outcomeMark({ outcome }, t).label })}
        </Notice>
      )}
      <PageBody>
        <Section
          title={t('jobs.table')}
          note={
            <Button size="compact-sm" variant="default" data-testid="job-add" onClick={add}>
              {t('jobs.add')}
            </Button>
          }
        >
          {data === null ? null : data.length === 0 ? (
            <EmptyState text={t('jobs.empty')} />
          ) : (
            <div className="jobs-scroll">
              <table className="plain wide jobs-table" data-testid="table-jobs">
                <thead>
                  <tr>
                    <th scope="col">{t('jobs.job')}</th>
                    <th scope="col">{t('jobs.when')}</th>
                    <th scope="col">{t('jobs.state')}</th>
                    <th scope="col" className="nowrap">
                      {t('jobs.nextRun')}
                    </th>
                    <th scope="col">{t('jobs.lastRun')}</th>
                    <td />
                  </tr>
                </thead>
                <tbody>
                  {data.map((job) => (
                    <JobRow
                      key={job.schedule.id}
                      job={job}
                      name={jobName(job.schedule, receiverName, t)}
                      locale={locale}
                      query={query}
                      isBusy={run.isBusy}
                      onRun={() => void run.run(job.schedule.id)}
                      onLog={() => setPane({ kind: 'log', job })}
                      onChange={() => setPane({ kind: 'form', draft: draftOf(job.schedule), isNew: false })}
                    />
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Section>
      </PageBody>
      {pane?.kind === 'form' ? (
        <ScheduleForm
          first={pane.draft}
          isNew={pane.isNew}
          onClose={() => setPane(null)}
          onSaved={() => {
            setPane(null);
            void load({});
          }}
        />
      ) : null}
      {pane?.kind === 'log' ? (
        <JobLog job={pane.job.schedule.id} name={jobName(pane.job.schedule, receiverName, t)} query={query} onClose={() => setPane(null)} />
      ) : null}
    </>
  );
}

interface JobRowProps {
  readonly job: Job;
  readonly name: string;
  readonly locale: Locale;
  readonly query: Query;
  readonly isBusy: boolean;
  readonly onRun: () => void;
  readonly onLog: () => void;
  readonly onChange: () => void;
}

function JobRow({ job, name, locale, query, isBusy, onRun, onLog, onChange }: JobRowProps) {
  const { t, time, language } = locale;
  const { schedule, nextAt, lastRun, state } = job;
  const note = waitsWords(job, locale);
  return (
    <tr className={schedule.isEnabled ? '' : 'dim'}>
      <th scope="row">
        <button type="button" className="cell-button" onClick={onChange}>
          {name}
        </button>
        <div className="dim">{t(`jobs.${schedule.period === 'previous-day' ? 'previousDay' : 'previousMonth'}`)}</div>
      </th>
      <td className="nowrap">
        {whenWords(schedule, t)}
        <div className="dim">{conditionWords(schedule, t)}</div>
      </td>
      <td>
        <StateMark {...jobMark(job, locale)} />
        {state === 'not-ready' ? <WhyNotReady job={job} query={query} /> : note === null ? null : <div className="dim">{note}</div>}
      </td>
      <td className="nowrap">{nextAt === null ? <Absent reason={t('jobs.states.off')} /> : time.dateTime(nextAt)}</td>
      <td>
        {lastRun === null ? (
          <span className="dim">{t('jobs.never')}</span>
        ) : (
          <>
            <span className="nowrap">
              <StateMark {...outcomeMark(lastRun, t)} /> <span className="dim">{time.dateTime(lastRun.endedAt)}</span>
            </span>
            <div className="dim">
              {t('jobs.forPeriod', { period: periodText(lastRun, language) })}
              {lastRun.made.map((thing) => (
                <span key={`${thing.kind} ${thing.id} ${thing.name}`}>
                  {', '}
                  {thing.kind === 'package' && thing.id !== null ? (
                    <a href={routeHref('packages', thing.id, query)}>№ {thing.name}</a>
                  ) : (
                    thing.name
                  )}
                </span>
              ))}
            </div>
          </>
        )}
      </td>
      <td className="row-actions">
        <Button
          size="compact-xs"
          variant="default"
          disabled={isBusy || state === 'running'}
          onClick={onRun}
          data-testid={`job-run-${schedule.id}`}
        >
          {t('jobs.run')}
        </Button>
        <Button size="compact-xs" variant="subtle" onClick={onLog} data-testid={`job-log-${schedule.id}`}>
          {t('jobs.log')}
        </Button>
        <Button size="compact-xs" variant="subtle" onClick={onChange} data-testid={`job-edit-${schedule.id}`}>
          {t('jobs.change')}
        </Button>
      </td>
    </tr>
  );
}

/** What a job lacks, as a link to the place where it is set. */
function WhyNotReady({ job: { schedule }, query }: { readonly job: Job; readonly query: Query }) {
  const { t } = useLocale();
  if (!useHasPoints()) return <a href={routeHref('setup')}>{t('jobs.notReady.points')}</a>;
  if (schedule.what === 'report') return <div className="dim">{t('jobs.notReady.report')}</div>;
  return <a href={exchangeHref(schedule.what === 'onec' ? 'receivers' : 'layout', query)}>{t(`jobs.notReady.${schedule.what}`)}</a>;
}
