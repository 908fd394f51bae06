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
import { bySubject, createFindingsSlice, createMismatchesSlice } from './slice.ts';

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
              {bySubject(shown).map((group) => {
                const [{ subject }] = group;
                const href = subject.kind === 'line' ? routeHref('system', subject.id) : routeHref('points', subject.id, query);
                return (
                  <section key={`${subject.kind}-${subject.id}`} className="section finding-group" aria-label={subject.name}>
                    <h2>
                      <a href={href}>{subject.name}</a> <span className="dim">{t(`events.is_${subject.kind}`)}</span>
                    </h2>
                    <ul className="attention-list">
                      {worstFirst(group).map((finding) => (
                        <li key={`${finding.code}-${JSON.stringify(finding.params)}`}>
                          <FindingCard finding={finding}>{t('events.since', { at: time.dateTime(finding.since) })}</FindingCard>
                        </li>
                      ))}
                    </ul>
                  </section>
                );
              })}
            </PageBody>
          )}
        </>
      )}
    </>
  );
}
