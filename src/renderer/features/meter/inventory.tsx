import { Button, TextInput } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { InventoryItem } from '../../../shared/api/meters.ts';
import { ERROR_TEXTS } from '../../../shared/i18n/errors.ts';
import { exchangeLabelText } from '../../../shared/i18n/exchange-labels.ts';
import type { Language } from '../../../shared/i18n/language.ts';
import { meterFieldName, meterValueText } from '../../../shared/i18n/meter-fields.ts';
import { inventoryGroupText } from '../../../shared/i18n/meter-items.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { tsvText } from '../../ui/clipboard.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Absent } from '../../ui/figures.tsx';
import { formatCount } from '../../ui/format.ts';
import { type Locale, useLocale } from '../../ui/locale.ts';
import { EmptyState, ErrorNotice, ProgressLine } from '../../ui/notices.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import type { TableColumn } from '../../ui/table-columns.ts';
import { createInventorySlice, createReadingsSlice, groupItems, type ItemReading } from './slice.ts';

/** Everything that the meter holds, by group; read one thing or a whole group on demand. */
export function MeterInventory({ pointId }: { readonly pointId: number }) {
  const locale = useLocale();
  const { t, language, numbers } = locale;
  const { data, error, isLoading, params } = useResource(createInventorySlice, { pointId });
  const store = useServices().slice(createReadingsSlice);
  const { byKey, run, choose, read, cancel } = useStore(store);
  useEffect(() => choose(pointId), [choose, pointId]);
  const groups = useMemo(() => groupItems(params?.pointId === pointId ? (data ?? []) : []), [data, params, pointId]);
  const [groupName, setGroupName] = useState<string | null>(null);
  const [chosenKey, setChosenKey] = useState<string | null>(null);
  const group = groups.find((one) => one.group === groupName) ?? groups[0] ?? null;
  const [wanted, setWanted] = useState('');
  const items = useMemo(() => itemsLike(group?.items ?? [], wanted, language), [group, wanted, language]);
  const chosen = items.find((item) => item.key === chosenKey) ?? null;
  const columns = useMemo(
    () =>
      inventoryColumns(locale, byKey, (item) => {
        setChosenKey(item.key);
        if (byKey[item.key] === undefined) void read([item.key]);
      }),
    [locale, byKey, read],
  );
  return (
    <>
      <ProgressLine isLoading={isLoading} />
      {error === null ? null : <ErrorNotice error={error} />}
      {group === null ? (
        data === null ? null : (
          <EmptyState text={t('meter.noInventory')} />
        )
      ) : (
        <div className="inventory">
          <nav className="inventory-groups" aria-label={t('meter.groups')}>
            {groups.map((one) => (
              <button
                key={one.group}
                type="button"
                aria-current={one === group ? 'true' : undefined}
                onClick={() => {
                  setGroupName(one.group);
                  setWanted('');
                  setChosenKey(null);
                }}
              >
                {inventoryGroupText(one.group, language)} <span className="count">{formatCount(one.items.length, numbers)}</span>
              </button>
            ))}
          </nav>
          <div className="page-columns-main">
            <DataTable
              key={group.group}
              id="table-inventory"
              label={inventoryGroupText(group.group, language)}
              columns={columns}
              rows={items}
              rowKey={(item) => item.key}
              onOpen={(item) => {
                setChosenKey(item.key);
                void read([item.key]);
              }}
              fileName={t('meter.file')}
            >
              <TextInput
                aria-label={t('meter.find')}
                placeholder={t('meter.find')}
                w={150}
                value={wanted}
                onChange={({ currentTarget }) => setWanted(currentTarget.value)}
              />
              {run === null ? (
                <Button
                  size="compact-xs"
                  data-testid="read-group"
                  disabled={items.length === 0}
                  onClick={() => void read(items.map((item) => item.key))}
                >
                  {t('meter.readGroup', { count: items.length })}
                </Button>
              ) : (
                <span className="inventory-run">
                  <ProgressBar label={t('meter.reading')} done={run.done} total={run.total} />
                  <span>
                    {run.done + 1} / {run.total}
                  </span>
                  <Button variant="default" size="compact-xs" onClick={cancel}>
                    {t('task.cancel')}
                  </Button>
                </span>
              )}
            </DataTable>
          </div>
          <aside className="inventory-item" tabIndex={0} aria-label={t('meter.itemValues')}>
            {chosen === null ? (
              <p className="dim">{t('meter.chooseItem')}</p>
            ) : (
              <ItemDetails item={chosen} reading={byKey[chosen.key] ?? null} isBusy={run !== null} onRead={() => void read([chosen.key])} />
            )}
          </aside>
        </div>
      )}
    </>
  );
}

/** Items whose name holds every typed word: a group of an archive has hundreds of them. */
function itemsLike(items: readonly InventoryItem[], wanted: string, language: Language): readonly InventoryItem[] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return items;
  return items.filter(({ label }) => {
    const name = exchangeLabelText(label, language).toLowerCase();
    return words.every((word) => name.includes(word));
  });
}

interface ItemDetailsProps {
  readonly item: InventoryItem;
  readonly reading: ItemReading | null;
  readonly isBusy: boolean;
  readonly onRead: () => void;
}

function ItemDetails({ item, reading, isBusy, onRead }: ItemDetailsProps) {
  const { t, language, time } = useLocale();
  const fields = dataOf(reading?.fields ?? []);
  return (
    <>
      <h2>{exchangeLabelText(item.label, language)}</h2>
      <div className="form-line">
        <Button size="compact-xs" variant="default" disabled={isBusy} onClick={onRead}>
          {t(reading === null ? 'meter.readItem' : 'meter.readAgain')}
        </Button>
        {fields.length === 0 ? null : (
          <CopyButton
            label={t('action.copy')}
            text={() =>
              tsvText(
                [t('why.field'), t('why.value')],
                fields.map((field) => [
                  meterFieldName(field.name, language),
                  field.value === null ? '' : meterValueText({ ...field, value: field.value }, language),
                ]),
              )
            }
          />
        )}
      </div>
      {reading?.at == null ? null : <p className="hint">{t('meter.readAt', { at: time.dateTime(reading.at) })}</p>}
      {reading === null || reading.error === null ? null : <ErrorNotice error={reading.error} />}
      {fields.length === 0 ? null : (
        <table className="plain wide">
          <thead>
            <tr>
              <th scope="col">{t('why.field')}</th>
              <th scope="col">{t('why.value')}</th>
            </tr>
          </thead>
          <tbody>
            {fields.map((field, index) => (
              <tr key={`${field.name}-${index}`}>
                <td title={field.name}>{meterFieldName(field.name, language)}</td>
                <td className="field-value">
                  {field.value === null ? (
                    <Absent reason={t('meter.notTold')} />
                  ) : (
                    meterValueText({ ...field, value: field.value }, language)
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

/** Parts of the frame around what the meter tells. */
const FRAME: ReadonlySet<string> = new Set(['address', 'command', 'crc', 'echo', 'noise']);

function dataOf(fields: ItemReading['fields']): ItemReading['fields'] {
  return fields.filter((field) => field.in === 'response' && !FRAME.has(field.name));
}

/** The first values of a reading, for the row of its item. */
function summary({ fields }: ItemReading, language: Language): string {
  return dataOf(fields)
    .flatMap((field) => (field.value !== null ? [{ ...field, value: field.value }] : []))
    .map((field) => `${meterFieldName(field.name, language)} ${meterValueText(field, language)}`)
    .join('; ');
}

function inventoryColumns(
  { t, language, time }: Locale,
  byKey: Readonly<Record<string, ItemReading>>,
  press: (item: InventoryItem) => void,
): TableColumn<InventoryItem>[] {
  const text = (item: InventoryItem) => {
    const reading = byKey[item.key];
    if (reading === undefined) return '';
    return reading.error === null ? summary(reading, language) : ERROR_TEXTS[reading.error.code][language].what;
  };
  return [
    {
      id: 'label',
      title: t('meter.item'),
      width: 226,
      kind: 'text',
      sortValue: (item) => exchangeLabelText(item.label, language),
      text: (item) => exchangeLabelText(item.label, language),
      press,
    },
    {
      id: 'value',
      title: t('meter.values'),
      width: 244,
      kind: 'text',
      sortValue: text,
      text,
      render: (item) => {
        const reading = byKey[item.key];
        if (reading === undefined) return <span className="dim">{t('value.notRead')}</span>;
        return reading.error === null ? text(item) : <StateMark state="attention" label={text(item)} />;
      },
      note: (item) => text(item) || null,
    },
    {
      id: 'at',
      title: t('meter.at'),
      width: 84,
      kind: 'text',
      sortValue: (item) => byKey[item.key]?.at ?? null,
      text: (item) => {
        const at = byKey[item.key]?.at ?? null;
        return at === null ? '' : time.timeWithSeconds(at);
      },
    },
    {
      id: 'key',
      title: t('meter.key'),
      width: 170,
      kind: 'text',
      isHiddenAtFirst: true,
      sortValue: (item) => item.key,
      text: (item) => item.key,
    },
  ];
}
