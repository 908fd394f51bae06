import { Button, Select } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { logEntry, type SearchState } from '../../../shared/api/search.ts';
import { useServices } from '../../client/services.ts';
import { saveFile } from '../../ui/clipboard.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { useLocale } from '../../ui/locale.ts';
import { EmptyState, ErrorNotice } from '../../ui/notices.tsx';
import { logColumns } from './columns.tsx';
import { createSearchLogSlice, isActive, jsonLines } from './slice.ts';

const VERDICTS = logEntry.shape.verdict.options;

/** Every exchange as it went over the wire; follows the newest until it is told to stand still. */
export function SearchLogTable({ search }: { readonly search: SearchState }) {
  const locale = useLocale();
  const { t } = locale;
  const store = useServices().slice(createSearchLogSlice);
  const { entries, error, follow, searchId } = useStore(store);
  const [isFollowing, setFollowing] = useState(true);
  const [verdict, setVerdict] = useState<string | null>(null);
  useEffect(() => follow(search.id), [follow, search.id]);
  const columns = useMemo(() => logColumns(locale), [locale]);
  const rows = useMemo(
    () => (searchId !== search.id ? [] : verdict === null ? entries : entries.filter((entry) => entry.verdict === verdict)),
    [entries, verdict, searchId, search.id],
  );
  return (
    <>
      {error === null ? null : <ErrorNotice error={error} />}
      <DataTable
        id="table-search-log"
        label={t('search.log')}
        className="grid-mono"
        columns={columns}
        rows={rows}
        rowKey={(entry) => String(entry.sequence)}
        isFollowing={isFollowing && isActive(search)}
        empty={<EmptyState text={t(verdict === null ? 'search.logEmpty' : 'search.logNone')} />}
      >
        <strong>{t('search.log')}</strong>
        <Select
          aria-label={t('search.verdict')}
          placeholder={t('search.everyVerdict')}
          clearable
          w={170}
          data={VERDICTS.map((one) => ({ value: one, label: t(`verdict.${one}`) }))}
          value={verdict}
          onChange={setVerdict}
        />
        {isActive(search) ? (
          <Button variant="subtle" size="compact-xs" aria-pressed={isFollowing} onClick={() => setFollowing(!isFollowing)}>
            {t(isFollowing ? 'search.stand' : 'search.follow')}
          </Button>
        ) : null}
        <Button
          variant="subtle"
          size="compact-xs"
          onClick={() => saveFile(`search-${search.id}.jsonl`, jsonLines(rows), 'application/x-ndjson')}
        >
          {t('search.jsonLines')}
        </Button>
      </DataTable>
    </>
  );
}
