import { Button, Checkbox, FileButton } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { ComparedChannel, ReceivedFileRow, ReceivedImport } from '../../../shared/api/supplier.ts';
import { ExchangeTabs } from '../../app/exchange-tabs.tsx';
import { navigate, type Query, routeHref, selectionOf } from '../../app/routes.ts';
import { useAction } from '../../client/action.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { SidePane } from '../../ui/dialog.tsx';
import { Absent } from '../../ui/figures.tsx';
import { formatCount, formatDecimal, plainDecimal } from '../../ui/format.ts';
import { type Locale, useLocale } from '../../ui/locale.ts';
import { EmptyState, ErrorNotice, Notice, ProgressLine } from '../../ui/notices.tsx';
import { PageBar, Section } from '../../ui/page.tsx';
import { PeriodPicker } from '../../ui/period-picker.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import type { TableColumn } from '../../ui/table-columns.ts';
import { addDays, printDate } from '../../ui/time.ts';
import { toBase64 } from './bytes.ts';
import { COMPARISON_MARKS, createCompareSlice, createReceivedSlice, ruleText, verdictOf } from './slice.ts';

const LATEST_FILES = { offset: 0, limit: 20 };
const DIGITS = 3;

/** Files of others: taken in, and their figures beside those of our own meters. */
export function ReceivedView({ query }: { readonly query: Query }) {
  const locale = useLocale();
  const { t, time } = locale;
  const { client, serverNow } = useServices();
  const today = time.isoDate(serverNow());
  const { date } = selectionOf(query, addDays(today, -1));
  const day = { day: date };
  const compared = useResource(createCompareSlice, day, { on: ['data.changed'] });
  const files = useResource(createReceivedSlice, LATEST_FILES);
  const [isSource, setSource] = useState(false);
  const [done, setDone] = useState<readonly ReceivedImport[]>([]);
  const [open, setOpen] = useState<ComparedChannel | null>(null);
  const show = (next: string) => navigate(routeHref('supplier', null, { ...query, tab: 'received', period: 'day', date: next }));
  const take = useAction(async (file: File) => {
    setDone([]);
    const fileBase64 = toBase64(new Uint8Array(await file.arrayBuffer()));
    const result = await client.call('supplier.import', { fileBase64, name: file.name, isSource });
    setDone(result);
    await Promise.all([files.load(LATEST_FILES), compared.load(day)]);
    const [first] = result;
    if (first !== undefined && first.day !== date) show(first.day);
  });
  const columns = useMemo(() => compareColumns(locale), [locale]);
  const rows = useMemo(() => compared.data ?? [], [compared.data]);
  const error = take.error ?? compared.error ?? files.error;
  return (
    <>
      <PageBar path={[{ label: t('nav.packages') }]}>
        <PeriodPicker period={{ kind: 'day', date }} kinds={['day']} today={today} onChange={(next) => show(next.date)} />
        <FileButton
          accept=".xml,.zip"
          onChange={(file) => {
            if (file !== null) void take.run(file);
          }}
        >
          {(props) => (
            <Button {...props} size="compact-sm" loading={take.isBusy} data-testid="received-choose">
              {t('received.choose')}
            </Button>
          )}
        </FileButton>
      </PageBar>
      <ExchangeTabs current="received" query={query} />
      <ProgressLine isLoading={compared.isLoading || files.isLoading} />
      {error === null ? null : <ErrorNotice error={error} />}
      {done.map((one) => (
        <Imported key={`${one.file} ${one.number}`} result={one} locale={locale} />
      ))}
      <div className="received-take">
        <Checkbox label={t('received.asSource')} checked={isSource} onChange={({ currentTarget }) => setSource(currentTarget.checked)} />
        <span className="dim">{t('received.asSourceNote')}</span>
      </div>
      <DataTable
        id="table-received"
        label={t('received.table')}
        columns={columns}
        rows={rows}
        rowKey={(row) => `${row.senderInn} ${row.pointCode} ${row.channel}`}
        onOpen={setOpen}
        hasFilters={rows.length > 0}
        fileName={`${t('received.file')} ${date}`}
        {...(compared.data === null ? {} : { empty: <EmptyState text={t('received.empty')} /> })}
      />
      <Section title={t('received.files')} className="received-files">
        <FileTable rows={files.data?.rows ?? []} onDay={show} locale={locale} />
      </Section>
      {open === null ? null : (
        <PlacesPane
          row={open}
          locale={locale}
          onClose={() => setOpen(null)}
          onDropped={async () => {
            setOpen(null);
            await compared.load(day);
          }}
        />
      )}
    </>
  );
}

function Imported({ result, locale: { t, language } }: { readonly result: ReceivedImport; readonly locale: Locale }) {
  const { day, number, outcome, points, channels, unknownPoints, faults, sources } = result;
  return (
    <Notice kind={faults.length > 0 || unknownPoints.length > 0 || outcome === 'older' ? 'attention' : 'ok'}>
      <p>{t('received.imported', { day: printDate(day), number, outcome: t(`received.outcome.${outcome}`), points, channels })}</p>
      {sources === 0 ? null : <p>{t('received.sources', { count: sources })}</p>}
      {unknownPoints.length === 0 ? null : <p>{t('received.unknown', { codes: unknownPoints.slice(0, 10).join(', ') })}</p>}
      {faults.length === 0 ? null : <p>{t('received.faults', { rules: faults.map((rule) => ruleText(rule, language)).join('; ') })}</p>}
    </Notice>
  );
}

interface FileTableProps {
  readonly rows: readonly ReceivedFileRow[];
  readonly onDay: (day: string) => void;
  readonly locale: Locale;
}

function FileTable({ rows, onDay, locale: { t, time } }: FileTableProps) {
  if (rows.length === 0) return <p className="verdict dim">{t('received.noFiles')}</p>;
  return (
    <table className="plain wide">
      <thead>
        <tr>
          <th scope="col">{t('received.day')}</th>
          <th scope="col" className="number">
            {t('received.number')}
          </th>
          <th scope="col">{t('received.from')}</th>
          <th scope="col">{t('received.at')}</th>
          <th scope="col">{t('received.name')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td>
              <button type="button" className="link" onClick={() => onDay(row.day)}>
                {printDate(row.day)}
              </button>
            </td>
            <td className="number">{row.number}</td>
            <td>
              {row.sender.name} <span className="dim">{row.sender.inn}</span>
            </td>
            <td>{time.dateTime(row.receivedAt)}</td>
            <td>
              <code>{row.name}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function compareColumns({ t, numbers }: Locale): TableColumn<ComparedChannel>[] {
  const figure = (id: 'ours' | 'theirs' | 'difference', hint?: string): TableColumn<ComparedChannel> => ({
    id,
    title: t(`received.${id}`),
    ...(hint === undefined ? {} : { hint }),
    width: 100,
    kind: 'decimal',
    sortValue: (row) => row[id],
    text: (row) => (row[id] === null ? '' : plainDecimal(row[id], DIGITS, numbers)),
    render: (row) => (row[id] === null ? <Absent reason={t('received.noCommon')} /> : formatDecimal(row[id], DIGITS, numbers)),
  });
  const count = (id: 'differing' | 'onlyOurs' | 'onlyTheirs', width: number, hint?: string): TableColumn<ComparedChannel> => ({
    id,
    title: t(`received.${id}`),
    ...(hint === undefined ? {} : { hint }),
    width,
    kind: 'number',
    sortValue: (row) => row[id],
    text: (row) => String(row[id]),
    render: (row) => formatCount(row[id], numbers),
  });
  const verdict = (row: ComparedChannel) => t(`received.${verdictOf(row)}`);
  return [
    {
      id: 'code',
      title: t('received.pointCode'),
      width: 132,
      kind: 'text',
      sortValue: (row) => row.pointCode,
      text: (row) => row.pointCode,
    },
    {
      id: 'point',
      title: t('supplier.point'),
      width: 150,
      kind: 'text',
      sortValue: (row) => row.pointName,
      text: (row) => row.pointName ?? '',
      render: (row) =>
        row.pointId === null ? <Absent reason={t('received.stranger')} /> : <a href={routeHref('points', row.pointId)}>{row.pointName}</a>,
    },
    {
      id: 'channel',
      title: t('supplier.channel'),
      width: 86,
      kind: 'text',
      sortValue: (row) => row.channel,
      text: (row) => `${row.channel}, ${t(row.channel.startsWith('A') ? 'unit.kWh' : 'unit.kvarh')}`,
    },
    {
      id: 'verdict',
      title: t('received.verdict'),
      width: 122,
      kind: 'text',
      sortValue: verdict,
      text: verdict,
      render: (row) => <StateMark state={COMPARISON_MARKS[verdictOf(row)]} label={verdict(row)} />,
    },
    figure('ours'),
    figure('theirs'),
    figure('difference', t('received.differenceHint')),
    count('differing', 96, t('received.differingHint')),
    count('onlyOurs', 92),
    count('onlyTheirs', 92),
    {
      id: 'sender',
      title: t('received.sender'),
      width: 120,
      kind: 'text',
      isHiddenAtFirst: true,
      sortValue: (row) => row.senderInn,
      text: (row) => row.senderInn,
    },
  ];
}

interface PlacesPaneProps {
  readonly row: ComparedChannel;
  readonly locale: Locale;
  readonly onClose: () => void;
  readonly onDropped: () => Promise<void>;
}

function PlacesPane({ row, locale: { t, numbers, time }, onClose, onDropped }: PlacesPaneProps) {
  const { client } = useServices();
  const drop = useAction(async (pointId: number) => {
    await client.call('supplier.dropSource', { pointId });
    await onDropped();
  });
  const figure = (value: string | null) =>
    value === null ? <Absent reason={t('supplier.reason.missing')} /> : formatDecimal(value, DIGITS, numbers);
  return (
    <SidePane title={`${row.pointName ?? row.pointCode}, ${row.channel}`} onClose={onClose}>
      <div className="supplier-state">
        <StateMark state={COMPARISON_MARKS[verdictOf(row)]} label={t(`received.${verdictOf(row)}`)} />
      </div>
      {drop.error === null ? null : <ErrorNotice error={drop.error} />}
      {!row.isSource ? null : (
        <Section title={t('received.source')}>
          <p className="dim">{t('received.dropNote')}</p>
          <div className="form-actions">
            <Button variant="default" loading={drop.isBusy} onClick={() => void drop.run(row.pointId ?? 0)}>
              {t('received.drop')}
            </Button>
          </div>
        </Section>
      )}
      {row.places.length === 0 || row.isSource ? null : (
        <Section title={t('received.places')}>
          <table className="plain wide">
            <thead>
              <tr>
                <th scope="col">{t('supplier.time')}</th>
                <th scope="col" className="number">
                  {t('received.ours')}
                </th>
                <th scope="col" className="number">
                  {t('received.theirs')}
                </th>
              </tr>
            </thead>
            <tbody>
              {row.places.map((place) => (
                <tr key={place.start}>
                  <td>{time.dateTime(place.start)}</td>
                  <td className="number">{figure(place.ours)}</td>
                  <td className="number">{figure(place.theirs)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Section>
      )}
    </SidePane>
  );
}
