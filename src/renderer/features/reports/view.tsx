import { Button } from '@mantine/core';
import { useRef } from 'react';
import type { MadeReport, ReportFormat, ReportListItem, ReportSheet } from '../../../shared/api/reports.ts';
import { navigate, type Query, routeHref } from '../../app/routes.ts';
import { useAction } from '../../client/action.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { useWorks } from '../../client/works.ts';
import { saveBlob } from '../../ui/clipboard.ts';
import { formatCount } from '../../ui/format.ts';
import { LinkTabs } from '../../ui/link-tabs.tsx';
import { useLocale } from '../../ui/locale.ts';
import { EmptyState, ErrorNotice, Notice, ProgressLine } from '../../ui/notices.tsx';
import { PageBar } from '../../ui/page.tsx';
import { WorkBars } from '../../ui/work-bars.tsx';
import { BalanceEditor } from './balance-editor.tsx';
import { FormulaEditor } from './formula-editor.tsx';
import { LossesEditor } from './losses-editor.tsx';
import { PaperSettings } from './paper-settings.tsx';
import { Parameters } from './parameters.tsx';
import { Sheet } from './sheet.tsx';
import {
  choiceOf,
  createAccountsSlice,
  createReportListSlice,
  createReportSlice,
  createReportTreeSlice,
  type ReportChoice,
  requestOf,
  TABS,
} from './slice.ts';
import './reports.css';

const MIME: Readonly<Record<ReportFormat, string>> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
};

/** Reports as they lie on paper, and what people tell them. */
export function ReportsView({ query }: { readonly query: Query }) {
  const { t, time } = useLocale();
  const { serverNow } = useServices();
  const today = time.isoDate(serverNow());
  const choice = choiceOf(query, today);
  const list = useResource(createReportListSlice, {});
  const tree = useResource(createReportTreeSlice, {});
  const accounts = useResource(createAccountsSlice, {});
  const report = list.data?.find(({ name }) => name === choice.name) ?? null;
  const go = (part: Partial<ReportChoice>) => navigate(routeHref('reports', null, { ...query, ...queryOf({ ...choice, ...part }) }));
  const error = list.error ?? tree.error ?? accounts.error;
  const hasPoints = tree.data === null || tree.data.some(({ points }) => points.length > 0);
  const isReport = choice.tab === 'reports' && report !== null && tree.data !== null && hasPoints;
  return (
    <>
      <PageBar path={[{ label: t('nav.reports') }]}>
        {isReport && tree.data !== null ? (
          <Parameters
            report={report}
            choice={choice}
            tree={tree.data}
            formulas={accounts.data?.formulas ?? []}
            today={today}
            onChange={go}
          />
        ) : null}
      </PageBar>
      <LinkTabs
        label={t('nav.reports')}
        current={choice.tab}
        tabs={TABS.map((tab) => ({
          id: tab,
          label: t(`reports.tabs.${tab}`),
          href: routeHref('reports', null, { ...query, ...queryOf({ ...choice, tab }) }),
        }))}
      />
      {error === null ? null : <ErrorNotice error={error} />}
      {!hasPoints ? (
        <EmptyState text={t('reports.noPoints')} action={{ label: t('reports.toSetup'), href: routeHref('setup') }} />
      ) : choice.tab === 'balance' ? (
        <BalanceEditor />
      ) : choice.tab === 'losses' ? (
        <LossesEditor />
      ) : choice.tab === 'formulas' ? (
        <FormulaEditor />
      ) : choice.tab === 'paper' ? (
        <PaperSettings />
      ) : (
        <div className="split report-split">
          <ReportList reports={list.data ?? []} choice={choice} query={query} />
          {report === null ? null : <Result key={report.name} report={report} choice={choice} />}
        </div>
      )}
    </>
  );
}

function queryOf({ name, tab, points, substation, formulas, channel, period, date }: ReportChoice): Query {
  return {
    report: name,
    tab,
    points: points.join(','),
    substation: substation === null ? '' : String(substation),
    formulas: formulas.join(','),
    channel: channel ?? 'A+',
    period,
    date,
  };
}

interface ReportListProps {
  readonly reports: readonly ReportListItem[];
  readonly choice: ReportChoice;
  readonly query: Query;
}

/** Arrows go up and down, Enter opens. */
function ReportList({ reports, choice, query }: ReportListProps) {
  const { t } = useLocale();
  const place = useRef<HTMLElement>(null);
  return (
    <nav
      ref={place}
      className="report-list"
      aria-label={t('reports.list')}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
        const links = [...(place.current?.querySelectorAll('a') ?? [])];
        const at = links.findIndex((link) => link === document.activeElement);
        links[Math.min(Math.max(at + (event.key === 'ArrowDown' ? 1 : -1), 0), links.length - 1)]?.focus();
        event.preventDefault();
      }}
    >
      {reports.map(({ name, title, purpose }) => (
        <a
          key={name}
          title={purpose}
          href={routeHref('reports', null, { ...query, ...queryOf({ ...choice, name }) })}
          data-testid={`report-${name}`}
          aria-current={name === choice.name ? 'page' : undefined}
        >
          <strong>{title}</strong>
          {name === choice.name ? <span>{purpose}</span> : null}
        </a>
      ))}
    </nav>
  );
}

const WORKS = ['report-sheet', 'report'] as const;

function Result({ report, choice }: { readonly report: ReportListItem; readonly choice: ReportChoice }) {
  const { t } = useLocale();
  const { client } = useServices();
  const request = requestOf(report, choice);
  const { data: last, error, isLoading, params, load } = useResource(createReportSlice, request);
  const works = useWorks(WORKS);
  // The old rows stay while new ones are asked, another report does not.
  const data = last?.name === report.name ? last : null;
  const isCurrent = JSON.stringify(params) === JSON.stringify(request);
  const make = useMade(async (format) => client.call('reports.make', { request, format }));
  return (
    <div className="split-main">
      <ProgressLine isLoading={isLoading || (!isCurrent && error === null)} />
      <div className="report-bar">
        <State sheet={isCurrent ? data : null} choice={choice} />
        <span className="report-actions">
          <Button
            variant="default"
            data-testid="report-xlsx"
            disabled={data === null}
            loading={make.busy === 'xlsx'}
            onClick={() => void make.run('xlsx')}
          >
            XLSX
          </Button>
          <Button
            variant="default"
            data-testid="report-pdf"
            disabled={data === null}
            loading={make.busy === 'pdf'}
            onClick={() => void make.run('pdf')}
          >
            PDF
          </Button>
          <Button variant="default" disabled={data === null} onClick={() => window.print()}>
            {t('reports.print')}
          </Button>
        </span>
      </div>
      <WorkBars items={works.items} onStop={works.stop} />
      {error !== null && !isLoading ? (
        <ErrorNotice error={error}>
          <Button size="compact-xs" variant="default" onClick={() => void load(request)}>
            {t('work.again')}
          </Button>
        </ErrorNotice>
      ) : null}
      {make.error === null ? null : <ErrorNotice error={make.error} />}
      {make.made === null ? null : (
        <Notice kind="ok">{t(make.made.missing === 0 ? 'reports.made' : 'reports.madeMissing', { ...make.made })}</Notice>
      )}
      {data === null ? null : (
        <div className={`report-desk${data.isLandscape ? ' report-landscape' : ''}`} tabIndex={0}>
          <Sheet sheet={data} />
        </div>
      )}
    </div>
  );
}

/** A file at a person's click, handed to the downloads. */
function useMade(ask: (format: ReportFormat) => Promise<MadeReport>) {
  const last = useRef<{ format: ReportFormat; made: MadeReport | null }>({ format: 'xlsx', made: null });
  const action = useAction(async (format: ReportFormat) => {
    last.current = { format, made: null };
    const made = await ask(format);
    last.current = { format, made };
    if (made.contentBase64 === null) return;
    const bytes = Uint8Array.from(atob(made.contentBase64), (letter) => letter.charCodeAt(0));
    saveBlob(made.file, new Blob([bytes], { type: MIME[format] }));
  });
  return {
    run: action.run,
    error: action.error,
    busy: action.isBusy ? last.current.format : null,
    made: action.isDone ? last.current.made : null,
  };
}

/** What of the report is not whole, and where to look for the reason. */
function State({ sheet, choice }: { readonly sheet: ReportSheet | null; readonly choice: ReportChoice }) {
  const { t, numbers } = useLocale();
  if (sheet === null) return <span />;
  return (
    <span className="report-state">
      {sheet.rows === 0 ? null : sheet.missing === 0 ? (
        <span className="dim">{t('reports.whole')}</span>
      ) : (
        <span>
          ▲ {t('reports.missing', { count: sheet.missing }).replace(String(sheet.missing), formatCount(sheet.missing, numbers))}{' '}
          <a href={routeHref('completeness', null, { period: choice.period, date: choice.date })}>{t('reports.toCompleteness')}</a>
        </span>
      )}
      {sheet.hiddenSections === 0 ? null : <span className="dim"> {t('reports.hidden', { count: sheet.hiddenSections })}</span>}
    </span>
  );
}
