import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { SearchState } from '../../../shared/api/search.ts';
import { ERROR_TEXTS, isErrorCode } from '../../../shared/i18n/errors.ts';
import { navigate, routeHref } from '../../app/routes.ts';
import { useAction } from '../../client/action.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { ageText } from '../../ui/age.tsx';
import { tsvText } from '../../ui/clipboard.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { durationText } from '../../ui/duration.ts';
import { Absent, Figure } from '../../ui/figures.tsx';
import { FindingList } from '../../ui/finding.tsx';
import { formatCount } from '../../ui/format.ts';
import { useLocale } from '../../ui/locale.ts';
import { AdviceText, EmptyState, ErrorNotice } from '../../ui/notices.tsx';
import { PageBar, type PageBarProps, Section } from '../../ui/page.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { TASK_MARKS } from '../../ui/task-state.ts';
import { createTreeSlice } from '../points/slice.ts';
import { foundColumns } from './columns.tsx';
import { importRows, notInPlant } from './found.ts';
import { SearchLogTable } from './log.tsx';
import { createSearchesSlice, isActive } from './slice.ts';

export interface SearchDetailsProps {
  readonly search: SearchState;
  /** Name of its line. */
  readonly line: string;
  /** What the page stands under. */
  readonly path: PageBarProps['path'];
}

/** One search: how far it is, what it found, what it noticed, and every exchange. */
export function SearchDetails({ search, line, path }: SearchDetailsProps) {
  const { t, numbers, time } = useLocale();
  const services = useServices();
  const command = useAction(async (method: 'search.pause' | 'search.resume' | 'search.cancel') => {
    services
      .slice(createSearchesSlice)
      .getState()
      .put(await services.client.call(method, { searchId: search.id }));
  });
  const button = (method: 'search.pause' | 'search.resume' | 'search.cancel', label: string) => (
    <Button variant="default" size="compact-sm" loading={command.isBusy} onClick={() => void command.run(method)}>
      {label}
    </Button>
  );
  return (
    <>
      <PageBar path={[...path, { label: `${line}, ${time.dateTime(search.startedAt)}` }]}>
        {search.state === 'running' || search.state === 'waiting' ? button('search.pause', t('task.pause')) : null}
        {search.state === 'paused' ? button('search.resume', t('task.resume')) : null}
        {isActive(search) ? (
          button('search.cancel', t('task.cancel'))
        ) : (
          <Button component="a" size="compact-sm" href={routeHref('search', null, { line: search.line })}>
            {t('search.again')}
          </Button>
        )}
      </PageBar>
      {command.error === null ? null : <ErrorNotice error={command.error} />}
      {search.error === null ? null : <Failure code={search.error.code} />}
      <div className="figures">
        <div className="figure">
          <div className="figure-label">{t('column.state')}</div>
          <div className="figure-state">
            <StateMark state={TASK_MARKS[search.state]} label={t(`task.${search.state}`)} />
          </div>
          <div className="figure-note">
            {search.address === null || !isActive(search)
              ? t(search.isThorough ? 'search.wasThorough' : 'search.wasQuick')
              : t('search.now', { address: search.address, setting: search.setting ?? '' })}
          </div>
        </div>
        <Figure
          label={t('search.found')}
          value={formatCount(search.found.length, numbers)}
          note={t('search.foundNew', { count: notInPlant(search.found).length })}
        />
        <Figure
          label={t('search.missing')}
          value={formatCount(search.missing.length, numbers)}
          note={t(search.missing.length === 0 ? 'search.noneMissing' : 'search.someMissing')}
        />
        <Figure
          label={t(isActive(search) ? 'task.left' : 'task.took')}
          value={
            isActive(search)
              ? search.secondsLeft === null
                ? null
                : durationText(search.secondsLeft, t)
              : search.endedAt === null
                ? null
                : durationText((Date.parse(search.endedAt) - Date.parse(search.startedAt)) / 1000, t)
          }
          reason={t('task.leftUnknown')}
          note={
            <ProgressBar label={t('search.progress')} done={search.done} total={search.total}>
              {t('search.ofExchanges', { done: formatCount(search.done, numbers), total: formatCount(search.total, numbers) })}
            </ProgressBar>
          }
        />
      </div>
      <div className="page-columns">
        <div className="page-columns-main">
          <Found search={search} />
          <SearchLogTable search={search} />
        </div>
        <div className="page-columns-side page-columns-right" tabIndex={0}>
          <Section title={t('search.findings')}>
            <FindingList findings={search.findings} none={t(noFindingsKey(search))} />
          </Section>
          {search.missing.length === 0 ? null : (
            <Section title={t('search.missing')} note={<CopyButton label={t('action.copy')} text={() => search.missing.join('\r\n')} />}>
              <p className="serials">{search.missing.join(' ')}</p>
              <p className="dim">{t('search.missingTodo')}</p>
            </Section>
          )}
          <Neighbours search={search} />
        </div>
      </div>
    </>
  );
}

/** Silence without a reason that has a name is not a clean line. */
function noFindingsKey(search: SearchState) {
  if (isActive(search)) return 'search.noFindingsYet';
  if (search.done === 0 && search.error !== null) return 'search.notAsked';
  return search.found.length === 0 ? 'search.noReason' : 'search.noFindings';
}

function Failure({ code }: { readonly code: string }) {
  const { language } = useLocale();
  return (
    <div className="notice notice-fault" role="alert">
      <AdviceText advice={ERROR_TEXTS[isErrorCode(code) ? code : 'bug'][language]} />
    </div>
  );
}

function Found({ search }: { readonly search: SearchState }) {
  const locale = useLocale();
  const { t } = locale;
  const { data: tree } = useResource(createTreeSlice, {});
  const pointHref = useMemo(() => {
    const ids = new Map((tree ?? []).flatMap(({ points }) => points.map((point) => [point.code, point.id] as const)));
    return (code: string | null) => {
      const id = code === null ? undefined : ids.get(code);
      return id === undefined ? null : routeHref('points', id);
    };
  }, [tree]);
  const columns = useMemo(() => foundColumns(locale, pointHref), [locale, pointHref]);
  const added = notInPlant(search.found);
  return (
    <DataTable
      id="table-found"
      label={t('search.foundMeters')}
      columns={columns}
      rows={search.found}
      rowKey={(meter) => `${meter.setting} ${meter.address} ${meter.serial}`}
      onOpen={({ pointCode }) => {
        const href = pointHref(pointCode);
        if (href !== null) navigate(href);
      }}
      fileName={t('search.file')}
      empty={<EmptyState text={t(isActive(search) ? 'search.noneYet' : 'search.noneFound')} />}
    >
      <strong>{t('search.foundMeters')}</strong>
      {search.found.length === 0 ? null : (
        <CopyButton
          label={t('search.copyTsv')}
          text={() =>
            tsvText(
              columns.map(({ title }) => title),
              search.found.map((meter) => columns.map((column) => column.text(meter))),
            )
          }
        />
      )}
      {added.length === 0 ? null : <CopyButton label={t('search.copyImport', { count: added.length })} text={() => importRows(added)} />}
    </DataTable>
  );
}

/** Polling goes on beside a search: how old its neighbours' values have become. */
function Neighbours({ search }: { readonly search: SearchState }) {
  const { t } = useLocale();
  const [isAll, setAll] = useState(false);
  const oldest = [...search.neighbours].sort((a, b) => (b.ageS ?? Infinity) - (a.ageS ?? Infinity));
  const shown = isAll ? oldest : oldest.slice(0, NEIGHBOURS_SHOWN);
  return (
    <Section title={t('search.neighbours')} note={t('search.neighboursNote')}>
      {oldest.length === 0 ? (
        <p className="verdict">{t('search.noNeighbours')}</p>
      ) : (
        <table className="plain wide">
          <tbody>
            {shown.map((one) => (
              <tr key={one.pointCode}>
                <td>{one.pointCode}</td>
                <td className="number">{one.ageS === null ? <Absent reason={t('value.notRead')} /> : ageText(one.ageS * 1000, t)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {oldest.length > NEIGHBOURS_SHOWN ? (
        <button type="button" className="link" onClick={() => setAll(!isAll)}>
          {isAll ? t('search.fewerNeighbours') : t('overview.more', { count: oldest.length - NEIGHBOURS_SHOWN })}
        </button>
      ) : null}
    </Section>
  );
}

const NEIGHBOURS_SHOWN = 6;
