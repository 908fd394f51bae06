import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { Query } from '../../app/routes.ts';
import { routeHref } from '../../app/routes.ts';
import { useResource } from '../../client/resource.ts';
import { FindingCard, worstFirst } from '../../ui/finding.tsx';
import { useLocale } from '../../ui/locale.ts';
import { EmptyState, ErrorNotice, ProgressLine } from '../../ui/notices.tsx';
import { PageBody } from '../../ui/page.tsx';
import { bySubject, createFindingsSlice } from './slice.ts';

const SUBJECTS = ['all', 'line', 'point'] as const;

/** What is wrong now, by line and by point. */
export function Findings({ query }: { readonly query: Query }) {
  const { t, time } = useLocale();
  const { data, error, isLoading } = useResource(createFindingsSlice, {}, { on: ['findings.changed'] });
  const [kind, setKind] = useState<(typeof SUBJECTS)[number]>('all');
  const shown = (data ?? []).filter(({ subject }) => kind === 'all' || subject.kind === kind);
  return (
    <>
      <ProgressLine isLoading={isLoading} />
      {error === null ? null : <ErrorNotice error={error} />}
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
          {shown.length === 0 ? (
            <EmptyState text={t('events.allWell')} />
          ) : (
            <PageBody>
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
