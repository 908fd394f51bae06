import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ReportAccounts } from '../../../shared/api/report-settings.ts';
import { useAction } from '../../client/action.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { type Locale, useLocale } from '../../ui/locale.ts';
import { Editor } from './editor.tsx';
import { draftOf, LOSS_FIELDS, LOSS_KINDS, type LossDraft, lossesOfDraft } from './losses-draft.ts';
import { createAccountsSlice, createReportTreeSlice, shownDecimal } from './slice.ts';

/** Losses between meters and their boundaries, dated. */
export function LossesEditor() {
  const locale = useLocale();
  const { t, numbers, time } = locale;
  const { client, serverNow } = useServices();
  const tree = useResource(createReportTreeSlice, {});
  const accounts = useResource(createAccountsSlice, {});
  const [drafts, setDrafts] = useState<readonly LossDraft[]>([]);
  const stored = accounts.data?.losses ?? null;
  const storedText = JSON.stringify(stored);
  useEffect(() => setDrafts(draftsOf(stored ?? [], locale)), [storedText]);
  const isWhole = drafts.every((draft) => lossesOfDraft(draft) !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(draft.from));
  const save = useAction(async () => {
    const pointIds = new Set([...drafts.map(({ pointId }) => pointId), ...(stored ?? []).map(({ pointId }) => pointId)]);
    for (const pointId of pointIds) {
      const periods = drafts
        .filter((draft) => draft.pointId === pointId)
        .map((draft) => ({ from: time.dayStart(draft.from), losses: lossesOfDraft(draft) ?? null }));
      await client.call('reports.setLosses', { pointId, periods });
    }
    await accounts.load({});
  });
  if (tree.data === null) return null;
  const points = tree.data.flatMap((substation) =>
    substation.points.map(({ id, name, code }) => ({ value: String(id), label: `${name} (${code})` })),
  );
  const first = tree.data.flatMap((substation) => substation.points)[0];
  const change = (next: readonly LossDraft[]) => {
    save.reset();
    setDrafts(next);
  };
  const set = (index: number, part: Partial<LossDraft>) =>
    change(drafts.map((draft, at) => (at === index ? { ...draft, ...part } : draft)));
  return (
    <Editor
      title={t('reports.losses.title')}
      note={t('reports.losses.note')}
      obstacle={isWhole ? null : t('reports.losses.bad')}
      save={save}
    >
      {drafts.length === 0 ? <p className="verdict">{t('reports.losses.empty')}</p> : null}
      {drafts.map((draft, index) => (
        <div key={index} className="report-row">
          <Select
            searchable
            label={t('reports.losses.point')}
            data={points}
            value={String(draft.pointId)}
            allowDeselect={false}
            onChange={(value) => set(index, { pointId: Number(value) })}
          />
          <TextInput
            type="date"
            label={t('reports.losses.from')}
            value={draft.from}
            onChange={({ currentTarget }) => set(index, { from: currentTarget.value })}
          />
          <Select
            label={t('reports.losses.stands')}
            data={[
              { value: 'behind-boundary', label: t('reports.losses.behind') },
              { value: 'before-boundary', label: t('reports.losses.before') },
            ]}
            value={draft.meterStands}
            allowDeselect={false}
            onChange={(value) => set(index, { meterStands: value === 'before-boundary' ? 'before-boundary' : 'behind-boundary' })}
          />
          <Select
            label={t('reports.losses.kind')}
            data={LOSS_KINDS.map((kind) => ({ value: kind, label: t(`reports.losses.kinds.${kind}`) }))}
            value={draft.kind}
            allowDeselect={false}
            onChange={(value) => set(index, { kind: LOSS_KINDS.find((known) => known === value) ?? draft.kind, figures: {} })}
          />
          {LOSS_FIELDS[draft.kind].map((field) => (
            <TextInput
              key={field}
              className="narrow"
              label={t(`reports.losses.${field}`)}
              value={shownDecimal(draft.figures[field], numbers)}
              onChange={({ currentTarget }) => set(index, { figures: { ...draft.figures, [field]: currentTarget.value } })}
            />
          ))}
          <ActionIcon
            className="report-row-end"
            variant="subtle"
            color="gray"
            aria-label={t('reports.remove')}
            onClick={() => change(drafts.filter((_, at) => at !== index))}
          >
            ×
          </ActionIcon>
        </div>
      ))}
      <div className="report-adds">
        <Button
          variant="default"
          size="compact-sm"
          disabled={first === undefined}
          onClick={() => {
            if (first === undefined) return;
            const from = `${time.isoDate(serverNow()).slice(0, 7)}-01`;
            change([...drafts, { ...draftOf(first.id, from, null), kind: 'percent' }]);
          }}
        >
          {t('reports.losses.add')}
        </Button>
      </div>
    </Editor>
  );
}

function draftsOf(losses: ReportAccounts['losses'], { time }: Locale): LossDraft[] {
  return losses.flatMap(({ pointId, periods }) => periods.map(({ from, losses: own }) => draftOf(pointId, time.isoDate(from), own)));
}
