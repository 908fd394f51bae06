import { Button, Checkbox } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { ReplacementProposal } from '../../../shared/api/replacement.ts';
import { reasonText } from '../../../shared/i18n/causes.ts';
import { routeHref } from '../../app/routes.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { useWorks } from '../../client/works.ts';
import { energyPrefix, formatCount, sumDecimals } from '../../ui/format.ts';
import { type Locale, useLocale } from '../../ui/locale.ts';
import { ErrorNotice, Notice, ProgressLine } from '../../ui/notices.tsx';
import { PageBody, Section } from '../../ui/page.tsx';
import { WorkBars } from '../../ui/work-bars.tsx';
import { DecideDialog } from './decide.tsx';
import { Decisions } from './decisions.tsx';
import { GapPane } from './gap-pane.tsx';
import {
  choiceOf,
  createGapsSlice,
  energyOf,
  energyText,
  type GapDraft,
  gapKey,
  groupBy,
  methodOf,
  shortStretchText,
  stretchText,
} from './slice.ts';

/** More gaps than a person decides on at once. */
const SHOWN = 300;

const WORKS = ['proposals'] as const;

/** Gaps of the month on the left, the chosen one on the right, below what was approved. */
export function GapsTab({ month, onChange }: { readonly month: string; readonly onChange: () => Promise<void> }) {
  const locale = useLocale();
  const { t } = locale;
  const { client } = useServices();
  const gaps = useResource(createGapsSlice, { month }, { on: ['replacements.changed'], everyMs: 120_000 });
  const works = useWorks(WORKS);
  const [drafts, setDrafts] = useState<ReadonlyMap<string, GapDraft>>(new Map());
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [openKey, setOpenKey] = useState<string | null>(null);
  const [isApproving, setApproving] = useState(false);
  const reload = async () => {
    await Promise.all([gaps.load({ month }), onChange()]);
  };
  const data = gaps.data?.month === month ? gaps.data : null;
  const proposals = useMemo(() => data?.proposals.slice(0, SHOWN) ?? [], [data]);
  const chosen = proposals.filter((gap) => ticked.has(gapKey(gap)));
  const choices = chosen.flatMap((gap) => choiceOf(gap, drafts.get(gapKey(gap))) ?? []);
  const open = proposals.find((gap) => gapKey(gap) === openKey) ?? proposals[0] ?? null;
  const tick = (keys: readonly string[], isOn: boolean) => {
    const next = new Set(ticked);
    for (const key of keys) {
      if (isOn) next.add(key);
      else next.delete(key);
    }
    setTicked(next);
  };
  return (
    <>
      <ProgressLine isLoading={gaps.isLoading} />
      <WorkBars items={data === null ? works.items : []} onStop={works.stop} />
      {gaps.error === null ? null : (
        <ErrorNotice error={gaps.error}>
          <Button size="compact-xs" variant="default" onClick={() => void gaps.load({ month })}>
            {t('work.again')}
          </Button>
        </ErrorNotice>
      )}
      {data === null ? null : (
        <PageBody>
          <div className="gap-columns">
            <Section
              title={t('closing.gap.list')}
              note={data.proposals.length > SHOWN ? t('closing.gap.more', { shown: SHOWN, total: data.proposals.length }) : undefined}
            >
              {data.isClosed ? <Notice kind="plain">{t('closing.gap.closed')}</Notice> : null}
              {proposals.length === 0 ? (
                <p className="verdict">{t('closing.gap.nothing')}</p>
              ) : (
                <>
                  <div className="gap-table">
                    <GapTable
                      gaps={proposals}
                      drafts={drafts}
                      ticked={ticked}
                      isClosed={data.isClosed}
                      openKey={open === null ? null : gapKey(open)}
                      onTick={tick}
                      onOpen={setOpenKey}
                    />
                  </div>
                  {data.isClosed ? null : (
                    <div className="gap-bar">
                      <span>{choices.length === 0 ? t('closing.gap.chosenNone') : chosenText(chosen, drafts, locale)}</span>
                      <Button data-testid="approve" disabled={choices.length === 0} onClick={() => setApproving(true)}>
                        {t('closing.gap.approve')}
                      </Button>
                    </div>
                  )}
                </>
              )}
            </Section>
            {open === null ? (
              <Section title={t('closing.pane.howComputed')}>
                <p className="verdict dim">{t('closing.gap.pick')}</p>
              </Section>
            ) : (
              <GapPane
                key={gapKey(open)}
                gap={open}
                draft={drafts.get(gapKey(open))}
                isClosed={data.isClosed}
                onDraft={(draft) => setDrafts(new Map(drafts).set(gapKey(open), draft))}
              />
            )}
          </div>
          <Decisions decisions={data.decisions} isClosed={data.isClosed} onChange={reload} />
        </PageBody>
      )}
      {isApproving ? (
        <DecideDialog
          title={t('closing.form.approveTitle')}
          confirm={t('closing.gap.approve')}
          hasDocument
          onClose={() => setApproving(false)}
          onDecide={async (decision) => {
            try {
              await client.call('replacements.approve', { month, choices, ...decision });
              setTicked(new Set());
            } finally {
              await reload();
            }
          }}
        >
          <p>{chosenText(chosen, drafts, locale)}</p>
          <MethodTotals gaps={chosen} drafts={drafts} locale={locale} />
          <p className="dim">{t('closing.form.approveNote')}</p>
        </DecideDialog>
      ) : null}
    </>
  );
}

interface GapTableProps {
  readonly gaps: readonly ReplacementProposal[];
  readonly drafts: ReadonlyMap<string, GapDraft>;
  readonly ticked: ReadonlySet<string>;
  readonly isClosed: boolean;
  readonly openKey: string | null;
  readonly onTick: (keys: readonly string[], isOn: boolean) => void;
  readonly onOpen: (key: string) => void;
}

/** Grouped by point: its name stands once. The arrows walk from gap to gap. */
function GapTable({ gaps, drafts, ticked, isClosed, openKey, onTick, onOpen }: GapTableProps) {
  const locale = useLocale();
  const { t, numbers, language } = locale;
  const fillable = gaps.filter((gap) => choiceOf(gap, drafts.get(gapKey(gap))) !== null).map(gapKey);
  const prefix = energyPrefix(gaps.map((gap) => energyOf(gap, drafts.get(gapKey(gap)))));
  const isAll = fillable.length > 0 && fillable.every((key) => ticked.has(key));
  return (
    <table
      className="plain wide"
      aria-label={t('closing.gap.list')}
      data-testid="table-gaps"
      onKeyDown={(event) => {
        const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
        if (step === 0) return;
        const next = gaps[gaps.findIndex((gap) => gapKey(gap) === openKey) + step];
        if (next === undefined) return;
        event.preventDefault();
        onOpen(gapKey(next));
        event.currentTarget.querySelector<HTMLElement>(`[data-gap="${gapKey(next)}"]`)?.focus();
      }}
    >
      <thead>
        <tr>
          <th scope="col" className="gap-tick">
            {isClosed ? null : (
              <Checkbox
                aria-label={t('closing.gap.selectAll')}
                title={t('closing.gap.selectAll')}
                checked={isAll}
                indeterminate={!isAll && ticked.size > 0}
                onChange={() => onTick(fillable, !isAll)}
              />
            )}
          </th>
          <th scope="col">{t('closing.gap.period')}</th>
          <th scope="col">{t('closing.gap.channel')}</th>
          <th scope="col" className="number">
            {t('closing.gap.intervals')}
          </th>
          <th scope="col">{t('closing.gap.cause')}</th>
          <th scope="col">{t('closing.gap.method')}</th>
          <th scope="col" className="number">
            {t('closing.gap.energy')}
          </th>
        </tr>
      </thead>
      {groupBy(gaps, ({ pointId }) => pointId).map((group) => (
        <tbody key={group[0]?.pointId}>
          <tr className="gap-group">
            <th scope="rowgroup" colSpan={7}>
              <a href={routeHref('points', group[0]?.pointId ?? null)}>{group[0]?.name}</a>{' '}
              <span className="dim">
                {group[0]?.substation}, {group[0]?.code}
              </span>
            </th>
          </tr>
          {group.map((gap) => {
            const key = gapKey(gap);
            const draft = drafts.get(key);
            const method = methodOf(gap, draft);
            const energy = energyOf(gap, draft);
            const period = stretchText(gap, locale);
            const cause = gap.state === 'incomplete' ? t('closing.gap.incomplete') : reasonText(gap.reason ?? 'not-read', language);
            return (
              <tr key={key} className={key === openKey ? 'chosen' : undefined} onClick={() => onOpen(key)}>
                <td className="gap-tick">
                  {isClosed ? null : (
                    <Checkbox
                      aria-label={t('closing.gap.select', { name: gap.name, period })}
                      checked={ticked.has(key)}
                      disabled={choiceOf(gap, draft) === null}
                      onClick={(event) => event.stopPropagation()}
                      onChange={({ currentTarget }) => onTick([key], currentTarget.checked)}
                    />
                  )}
                </td>
                <td className="nowrap">
                  <button type="button" className="link" data-gap={key} onClick={() => onOpen(key)}>
                    {shortStretchText(gap, locale)}
                  </button>
                </td>
                <td>{gap.channel.replace('-', '−')}</td>
                <td className="number">{formatCount(gap.intervals, numbers)}</td>
                <td className="gap-words gap-cause" title={cause}>
                  {cause}
                </td>
                <td
                  className={method === null ? 'gap-words dim' : 'gap-words'}
                  title={method === null ? undefined : t(`closing.method.${method}`)}
                >
                  {method === null ? t('closing.gap.none') : t(`closing.methodShort.${method}`)}
                </td>
                <td className="number nowrap">{energy === null ? '–' : energyText(energy, gap.channel, locale, prefix)}</td>
              </tr>
            );
          })}
        </tbody>
      ))}
    </table>
  );
}

function chosenText(gaps: readonly ReplacementProposal[], drafts: ReadonlyMap<string, GapDraft>, locale: Locale): string {
  const { t } = locale;
  const sums = [
    ['A+', gaps.filter(({ channel }) => channel.startsWith('A'))],
    ['R+', gaps.filter(({ channel }) => channel.startsWith('R'))],
  ] as const;
  const energies = sums.flatMap(([channel, ofKind]) => {
    const total = sumDecimals(ofKind.map((gap) => energyOf(gap, drafts.get(gapKey(gap)))));
    return total === null ? [] : [energyText(total, channel, locale)];
  });
  return `${t('closing.gap.chosen', { count: gaps.length })}: ${energies.join(', ')}`;
}

function MethodTotals({
  gaps,
  drafts,
  locale,
}: {
  readonly gaps: readonly ReplacementProposal[];
  readonly drafts: ReadonlyMap<string, GapDraft>;
  readonly locale: Locale;
}) {
  const { t } = locale;
  const byMethod = groupBy(gaps, (gap) => `${methodOf(gap, drafts.get(gapKey(gap)))} ${gap.channel}`);
  return (
    <table className="plain wide">
      <tbody>
        {byMethod.map((group) => {
          const [first] = group;
          const method = first === undefined ? null : methodOf(first, drafts.get(gapKey(first)));
          const energy = sumDecimals(group.map((gap) => energyOf(gap, drafts.get(gapKey(gap)))));
          if (first === undefined || method === null || energy === null) return null;
          return (
            <tr key={`${method} ${first.channel}`}>
              <th scope="row">{t(`closing.method.${method}`)}</th>
              <td>{first.channel.replace('-', '−')}</td>
              <td className="number">{t('closing.gap.count', { count: group.length })}</td>
              <td className="number nowrap">{energyText(energy, first.channel, locale)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
