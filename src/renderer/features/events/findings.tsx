import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { Query } from '../../app/routes.ts';
import { routeHref } from '../../app/routes.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { FindingCard, worstFirst } from '../../ui/finding.tsx';
import { useLocale } from '../../ui/locale.ts';
import { EmptyState, ErrorNotice, ProgressLine } from '../../ui/notices.tsx';
import { PageBody } from '../../ui/page.tsx';
import { addDays } from '../../ui/time.ts';
import { Mismatches } from './mismatches.tsx';
import { createFindingsSlice, createMismatchesSlice, type CurrentFinding, type FindingGroup, findingGroups } from './slice.ts';

/** Days that are still worth a look: two closed months. */
const TOLD_DAYS = 62;
const SUBJECTS = ['all', 'line', 'point'] as const;

/** What is wrong now, by line and by point. */
export function Findings({ query }: { readonly query: Query }) {
  const { t, time } = useLocale();
  const { data, error, isLoading } = useResource(createFindingsSlice, {}, { on: ['findings.changed'] });
  const { serverNow } = useServices();
  const since = addDays(time.isoDate(serverNow()), -TOLD_DAYS);
  const checks = useResource(createMismatchesSlice, { from: since, verdict: 'mismatch', limit: 1000 }, { on: ['checks.changed'] });
  const [kind, setKind] = useState<(typeof SUBJECTS)[number]>('all');
  const shown = (data ?? []).filter(({ subject }) => kind === 'all' || subject.kind === kind);
  const failure = error ?? checks.error;
  const mismatches = kind === 'line' ? [] : (checks.data?.rows ?? []);
  return (
    <>
      <ProgressLine isLoading={isLoading} />
      {failure === null ? null : <ErrorNotice error={failure} />}
      {data === null ? null : (
        <>
          <div className="filter-bar">
            <SegmentedControl
              size="xs"
              aria-label={t('events.subject')}
              value={kind}
              onChange={(value) => setKind(SUBJECTS.find((known) => known === value) ?? 'all')}
              data={SUBJECTS.map((value) => ({ value, label: t(`events.of_${value}`) }))}
            />
            <span className="dim">{t('events.findingCount', { count: shown.length })}</span>
          </div>
          {shown.length === 0 && mismatches.length === 0 ? (
            <EmptyState text={t('events.allWell')} />
          ) : (
            <PageBody>
              <Mismatches rows={mismatches} />
              {findingGroups(shown).map((group) =>
                group.subject === null ? (
                  <SharedSetting key={group.findings[0].code + JSON.stringify(group.findings[0].params)} group={group} query={query} />
                ) : (
                  <SubjectFindings
                    key={`${group.subject.kind}-${group.subject.id}`}
                    subject={group.subject}
                    findings={group.findings}
                    query={query}
                  />
                ),
              )}
            </PageBody>
          )}
        </>
      )}
    </>
  );
}

function SubjectFindings({
  subject,
  findings,
  query,
}: {
  readonly subject: CurrentFinding['subject'];
  readonly findings: readonly CurrentFinding[];
  readonly query: Query;
}) {
  const { t, time } = useLocale();
  const href = subject.kind === 'line' ? routeHref('system', subject.id) : routeHref('points', subject.id, query);
  return (
    <section className="section finding-group" aria-label={subject.name}>
      <h2>
        <a href={href}>{subject.name}</a> <span className="dim">{t(`events.is_${subject.kind}`)}</span>
      </h2>
      <ul className="attention-list">
        {worstFirst(findings).map((finding) => (
          <li key={`${finding.code}-${JSON.stringify(finding.params)}`}>
            <FindingCard finding={finding}>{t('events.since', { at: time.dateTime(finding.since) })}</FindingCard>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What several meters have alike is said once, with the points where they stand. */
function SharedSetting({ group: { findings }, query }: { readonly group: FindingGroup; readonly query: Query }) {
  const { t, time } = useLocale();
  const title = t('events.alike');
  return (
    <section className="section finding-group" aria-label={title}>
      <h2>{title}</h2>
      <FindingCard finding={findings[0]}>
        <details>
          <summary>{t('overview.pointCount', { count: findings.length })}</summary>
          <ul className="finding-points">
            {findings.map(({ subject, since }) => (
              <li key={subject.id}>
                <a href={routeHref('points', subject.id, query)}>{subject.name}</a> {t('events.since', { at: time.dateTime(since) })}
              </li>
            ))}
          </ul>
        </details>
      </FindingCard>
    </section>
  );
}
