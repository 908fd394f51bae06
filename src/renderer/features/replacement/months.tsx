import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import type { MonthLackView, MonthRow } from '../../../shared/api/replacement.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { useWorks } from '../../client/works.ts';
import { Absent } from '../../ui/figures.tsx';
import { energyPrefix, formatCount } from '../../ui/format.ts';
import { type Locale, useLocale } from '../../ui/locale.ts';
import { ErrorNotice, Notice, ProgressLine } from '../../ui/notices.tsx';
import { PageBody, Section } from '../../ui/page.tsx';
import { type Mark, StateMark } from '../../ui/state-mark.tsx';
import { WorkBars } from '../../ui/work-bars.tsx';
import { DecideDialog } from './decide.tsx';
import { createMonthsSlice, energyText, lackGroups, monthText, type MonthCheckResult } from './slice.ts';

const WORKS = ['month-closing'] as const;

export interface MonthsTabProps {
  readonly month: string;
  /** Of the month; null while it is asked for. */
  readonly check: MonthCheckResult | null;
  readonly onMonth: (month: string) => void;
  readonly gapsHref: string;
  readonly onChange: () => Promise<void>;
}

/** Months on the left, what is open in the chosen one on the right. */
export function MonthsTab({ month, check, onMonth, gapsHref, onChange }: MonthsTabProps) {
  const locale = useLocale();
  const { t } = locale;
  const months = useResource(createMonthsSlice, {}, { on: ['replacements.changed'] });
  const reload = async () => {
    await Promise.all([months.load({}), onChange()]);
  };
  const row = months.data?.find((one) => one.month === month) ?? null;
  return (
    <>
      <ProgressLine isLoading={months.isLoading} />
      {months.error === null ? null : <ErrorNotice error={months.error} />}
      <PageBody>
        <div className="month-columns">
          <Section title={t('closing.month.list')}>
            {months.data === null ? null : <MonthTable rows={months.data} month={month} onMonth={onMonth} locale={locale} />}
          </Section>
          <Section title={`${t('closing.month.check')}: ${monthText(month, locale)}`}>
            {check === null ? null : <MonthPane check={check} row={row} gapsHref={gapsHref} onChange={reload} />}
          </Section>
        </div>
      </PageBody>
    </>
  );
}

interface MonthTableProps {
  readonly rows: readonly MonthRow[];
  readonly month: string;
  readonly onMonth: (month: string) => void;
  readonly locale: Locale;
}

function MonthTable({ rows, month, onMonth, locale }: MonthTableProps) {
  const { t, time } = locale;
  const prefix = energyPrefix(rows.map(({ energy }) => energy));
  const absent = <Absent reason={t('closing.month.open')} />;
  return (
    <table className="plain wide" data-testid="table-months">
      <thead>
        <tr>
          <th scope="col">{t('closing.month.month')}</th>
          <th scope="col">{t('closing.month.state')}</th>
          <th scope="col">{t('closing.month.when')}</th>
          <th scope="col">{t('closing.month.who')}</th>
          <th scope="col">{t('closing.month.reason')}</th>
          <th scope="col" className="number">
            {t('closing.month.energy')}
          </th>
          <th scope="col" className="number">
            {t('closing.month.replaced')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.month} className={row.month === month ? 'chosen' : undefined} onClick={() => onMonth(row.month)}>
            <th scope="row" className="nowrap">
              <button type="button" className="link" onClick={() => onMonth(row.month)}>
                {monthText(row.month, locale)}
              </button>
            </th>
            <td>
              <MonthState row={row} locale={locale} />
            </td>
            <td className="nowrap">{row.closed === null ? absent : time.dateTime(row.closed.at)}</td>
            <td>{row.closed === null ? absent : row.closed.by}</td>
            <td>{row.closed === null ? absent : row.closed.reason}</td>
            <td className="number nowrap">
              {row.closed === null || row.energy === null ? absent : energyText(row.energy, 'A+', locale, prefix)}
            </td>
            <td className="number nowrap">
              {row.closed === null || row.replaced === null ? absent : energyText(row.replaced, 'A+', locale)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function MonthState({ row, locale: { t } }: { readonly row: MonthRow; readonly locale: Locale }) {
  const [state, label]: [Mark, string] =
    row.closed !== null
      ? ['ok', t('closing.month.closed')]
      : row.history.length > 0
        ? ['attention', t('closing.month.reopened')]
        : ['unchecked', t(row.isOver ? 'closing.month.open' : 'closing.month.running')];
  return <StateMark state={state} label={label} />;
}

interface MonthPaneProps {
  readonly check: MonthCheckResult;
  readonly row: MonthRow | null;
  readonly gapsHref: string;
  readonly onChange: () => Promise<void>;
}

function MonthPane({ check, row, gapsHref, onChange }: MonthPaneProps) {
  const locale = useLocale();
  const { t, time } = locale;
  const { client } = useServices();
  const [doing, setDoing] = useState<'close' | 'open' | null>(null);
  const [isConfirmed, setConfirmed] = useState(false);
  const works = useWorks(WORKS);
  const { month, lacks, isOver, isClosed, changedSince } = check;
  return (
    <>
      {isClosed && changedSince !== null ? <Changed since={changedSince} locale={locale} /> : null}
      {lacks.length === 0 ? <Notice kind="ok">{t('closing.month.complete')}</Notice> : <Lacks lacks={lacks} locale={locale} />}
      <div className="form-actions">
        {check.waiting === 0 || isClosed ? null : (
          <Button component="a" variant="default" href={gapsHref}>
            {t('closing.month.toGaps')}
          </Button>
        )}
        {isClosed ? (
          <Button variant="default" data-testid="month-open" onClick={() => setDoing('open')}>
            {t('closing.month.reopen')}
          </Button>
        ) : (
          <Button data-testid="month-close" disabled={!isOver} onClick={() => setDoing('close')}>
            {t('closing.month.close')}
          </Button>
        )}
      </div>
      {isOver ? null : <p className="dim">{t('closing.month.notOver')}</p>}
      {row === null || row.history.length === 0 ? null : (
        <>
          <h3>{t('closing.month.history')}</h3>
          <ul className="gap-list">
            {row.history.flatMap((one) => [
              ...(one.openedAt === null
                ? []
                : [
                    <li key={`open ${one.openedAt}`}>
                      {t('closing.month.openedBy', {
                        by: one.openedBy ?? '',
                        at: time.dateTime(one.openedAt),
                        reason: one.openedReason ?? '',
                      })}
                    </li>,
                  ]),
              <li key={`close ${one.closedAt}`}>
                {t('closing.month.closedBy', { by: one.closedBy, at: time.dateTime(one.closedAt), reason: one.closedReason })}
              </li>,
            ])}
          </ul>
        </>
      )}
      {doing === 'close' ? (
        <DecideDialog
          title={`${t('closing.month.close')}: ${monthText(month, locale)}`}
          confirm={t('closing.month.close')}
          isReady={lacks.length === 0 || isConfirmed}
          onClose={() => setDoing(null)}
          onDecide={async ({ author, reason }) => {
            try {
              const confirmation = lacks.length === 0 ? null : check.confirmation;
              await client.call('months.close', { month, author, reason, confirmation });
            } finally {
              await onChange();
            }
          }}
        >
          <p className="dim">{t('closing.month.closeNote')}</p>
          {lacks.length === 0 ? null : (
            <>
              <Lacks lacks={lacks} locale={locale} />
              <Checkbox
                className="form-field"
                label={t('closing.month.confirm')}
                checked={isConfirmed}
                data-testid="month-confirm"
                onChange={({ currentTarget }) => setConfirmed(currentTarget.checked)}
              />
            </>
          )}
          <WorkBars items={works.items} onStop={works.stop} />
        </DecideDialog>
      ) : null}
      {doing === 'open' ? (
        <DecideDialog
          title={`${t('closing.month.reopen')}: ${monthText(month, locale)}`}
          confirm={t('closing.month.reopen')}
          onClose={() => setDoing(null)}
          onDecide={async ({ author, reason }) => {
            await client.call('months.open', { month, author, reason });
            await onChange();
          }}
        >
          <p className="dim">{t('closing.month.openNote')}</p>
        </DecideDialog>
      ) : null}
    </>
  );
}

function Changed({ since, locale }: { readonly since: NonNullable<MonthCheckResult['changedSince']>; readonly locale: Locale }) {
  const { t } = locale;
  if (since.intervals === 0) return <Notice kind="plain">{t('closing.month.unchanged')}</Notice>;
  return (
    <Notice kind="attention">
      {t('closing.month.changed', { count: since.intervals, energy: energyText(since.energy, 'A+', locale) })}
    </Notice>
  );
}

/** As many as a person reads; the rest is counted. */
const LACKS_SHOWN = 8;

function Lacks({ lacks, locale }: { readonly lacks: readonly MonthLackView[]; readonly locale: Locale }) {
  const { t, numbers } = locale;
  const groups = lackGroups(lacks);
  return (
    <>
      <table className="plain wide" data-testid="table-lacks">
        <thead>
          <tr>
            <th scope="col">{t('closing.month.point')}</th>
            <th scope="col">{t('closing.month.what')}</th>
            <th scope="col" className="number">
              {t('closing.month.intervals')}
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.slice(0, LACKS_SHOWN).map(([lack, ...others]) => (
            <tr key={`${lack.kind} ${lack.pointCode} ${lack.channel} ${lack.receiver} ${lack.number}`}>
              <th scope="row" className="nowrap">
                {lack.pointCode === null ? '' : `${lack.pointCode}, ${channelsOf([lack, ...others])}`}
              </th>
              <td>{t(`closing.month.lack.${lack.kind}`, { number: lack.number ?? '', receiver: lack.receiver ?? '' })}</td>
              <td className="number">{lack.intervals === null ? '' : formatCount(lack.intervals, numbers)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {groups.length > LACKS_SHOWN ? <p className="dim">{t('closing.month.moreLacks', { count: groups.length - LACKS_SHOWN })}</p> : null}
    </>
  );
}

/** `A+, R+` */
function channelsOf(lacks: readonly MonthLackView[]): string {
  return lacks.flatMap(({ channel }) => channel?.replace('-', '−') ?? []).join(', ');
}
