import { ActionIcon, Button, Checkbox, MultiSelect, NumberInput, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { FIRST_RECEIVER, ONEC_FORMATS, ONEC_KINDS, type OnecKind, type Receiver } from '../../../shared/api/receivers.ts';
import type { Settings } from '../../../shared/api/settings.ts';
import { useAction } from '../../client/action.ts';
import { useServices } from '../../client/services.ts';
import { SidePane } from '../../ui/dialog.tsx';
import { useLocale } from '../../ui/locale.ts';
import { ErrorNotice } from '../../ui/notices.tsx';
import {
  columnChoices,
  moveColumn,
  type ReceiverFault,
  receiverFaults,
  withColumns,
  withoutReceiver,
  withReceiver,
} from './receiver-draft.ts';

export interface ReceiverFormProps {
  readonly receiver: Receiver;
  readonly isNew: boolean;
  readonly settings: Settings;
  readonly onClose: () => void;
  readonly onSaved: () => void;
}

/** One receiver: folder, kinds, files, answers. */
export function ReceiverForm({ receiver, isNew, settings, onClose, onSaved }: ReceiverFormProps) {
  const { t } = useLocale();
  const { client } = useServices();
  const [draft, setDraft] = useState(receiver);
  const [isRemoving, setRemoving] = useState(false);
  const faults = receiverFaults(settings, draft);
  /** Applied to the newest settings: another page may have saved meanwhile. */
  const saveAs = async (change: (now: Settings) => Settings) => {
    await client.call('settings.set', change(await client.call('settings.get', {})));
    onSaved();
  };
  const save = useAction(async () => saveAs((now) => withReceiver(now, draft)));
  const remove = useAction(async () => saveAs((now) => withoutReceiver(now, draft.id)));
  const set = (part: Partial<Receiver>) => {
    save.reset();
    setDraft({ ...draft, ...part });
  };
  const fault = (name: ReceiverFault) => (faults.includes(name) ? t(`receivers.fault.${name}`) : null);
  const isTyped = draft.formats.includes('csv');
  return (
    <SidePane title={isNew ? t('receivers.new') : t('receivers.edit', { name: receiver.name })} onClose={onClose}>
      <form
        className="job-form"
        data-testid="receiver-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (faults.length === 0) void save.run();
        }}
      >
        <TextInput
          label={t('receivers.name')}
          value={draft.name}
          error={fault('name')}
          onChange={({ currentTarget }) => set({ name: currentTarget.value })}
        />
        <TextInput
          label={t('receivers.folder')}
          description={t('packages.folderHint')}
          placeholder="\\server\1c\energy"
          value={draft.folder ?? ''}
          error={fault('folder')}
          onChange={({ currentTarget }) => set({ folder: currentTarget.value.trim() === '' ? null : currentTarget.value })}
        />
        <MultiSelect
          size="xs"
          label={t('receivers.kinds')}
          data={ONEC_KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
          value={draft.kinds}
          error={fault('kinds')}
          onChange={(values) => set({ kinds: ONEC_KINDS.filter((kind) => values.includes(kind)) })}
        />
        <MultiSelect
          size="xs"
          label={t('receivers.formats')}
          description={t('receivers.formatsHint')}
          data={ONEC_FORMATS.map((value) => ({ value, label: value.toUpperCase() }))}
          value={draft.formats}
          error={fault('formats')}
          onChange={(values) => set({ formats: ONEC_FORMATS.filter((format) => values.includes(format)) })}
        />
        {isTyped ? (
          <div className="form-row form-row-3">
            <Select
              label={t('packages.encoding')}
              data={['windows-1251', 'utf-8']}
              value={draft.encoding}
              allowDeselect={false}
              onChange={(value) => set({ encoding: value === 'utf-8' ? 'utf-8' : 'windows-1251' })}
            />
            <Select
              label={t('receivers.separator')}
              data={[
                { value: ';', label: t('receivers.semicolon') },
                { value: ',', label: t('receivers.comma') },
                { value: '\t', label: t('receivers.tab') },
              ]}
              value={draft.csv.separator}
              error={fault('csv')}
              allowDeselect={false}
              onChange={(value) => set({ csv: { ...draft.csv, separator: value === ',' ? ',' : value === '\t' ? '\t' : ';' } })}
            />
            <Select
              label={t('receivers.decimal')}
              data={[
                { value: ',', label: t('receivers.comma') },
                { value: '.', label: t('receivers.point') },
              ]}
              value={draft.csv.decimal}
              allowDeselect={false}
              onChange={(value) => set({ csv: { ...draft.csv, decimal: value === '.' ? '.' : ',' } })}
            />
          </div>
        ) : null}
        {draft.formats.includes('dbf') ? (
          <div className="form-row">
            <Select
              label={t('receivers.dbfEncoding')}
              data={['cp1251', 'cp866']}
              value={draft.dbfEncoding}
              allowDeselect={false}
              onChange={(value) => set({ dbfEncoding: value === 'cp866' ? 'cp866' : 'cp1251' })}
            />
            <Checkbox
              className="form-check"
              label={t('receivers.shortNames')}
              checked={draft.shortNames}
              onChange={({ currentTarget }) => set({ shortNames: currentTarget.checked })}
            />
          </div>
        ) : null}
        <Columns draft={draft} onChange={setDraft} fault={fault('columns')} />
        <Checkbox
          label={t('receivers.expects')}
          description={t('receivers.expectsHint')}
          checked={draft.acknowledges.isExpected}
          onChange={({ currentTarget }) => set({ acknowledges: { ...draft.acknowledges, isExpected: currentTarget.checked } })}
        />
        <div className="form-row">
          <NumberInput
            size="xs"
            label={t('receivers.withinH')}
            value={draft.acknowledges.withinH}
            min={1}
            max={744}
            allowDecimal={false}
            disabled={!draft.acknowledges.isExpected}
            error={fault('withinH')}
            onChange={(value) => set({ acknowledges: { ...draft.acknowledges, withinH: Number(value) } })}
          />
          <TextInput
            label={t('receivers.ackFolder')}
            placeholder={t('receivers.ackFolderUsual')}
            value={draft.acknowledges.folder ?? ''}
            onChange={({ currentTarget }) =>
              set({ acknowledges: { ...draft.acknowledges, folder: currentTarget.value.trim() === '' ? null : currentTarget.value } })
            }
          />
        </div>
        <NumberInput
          size="xs"
          className="form-short"
          label={t('receivers.archiveMonths')}
          value={draft.archiveMonths}
          min={1}
          max={600}
          allowDecimal={false}
          error={fault('archiveMonths')}
          onChange={(value) => set({ archiveMonths: Number(value) })}
        />
        {save.error === null ? null : <ErrorNotice error={save.error} />}
        {remove.error === null ? null : <ErrorNotice error={remove.error} />}
        <div className="form-actions">
          {isNew || draft.id === FIRST_RECEIVER ? null : isRemoving ? (
            <Button color="red" variant="light" loading={remove.isBusy} onClick={() => void remove.run()}>
              {t('receivers.removeSure')}
            </Button>
          ) : (
            <Button color="red" variant="subtle" onClick={() => setRemoving(true)}>
              {t('receivers.remove')}
            </Button>
          )}
          <span className="form-gap" />
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" disabled={faults.length > 0} loading={save.isBusy} data-testid="receiver-save">
            {t('action.save')}
          </Button>
        </div>
      </form>
    </SidePane>
  );
}

interface ColumnsProps {
  readonly draft: Receiver;
  readonly onChange: (draft: Receiver) => void;
  readonly fault: string | null;
}

/** Columns of one kind: which, and in what order. */
function Columns({ draft, onChange, fault }: ColumnsProps) {
  const { t } = useLocale();
  const [kind, setKind] = useState<OnecKind>('IV');
  const shown = draft.kinds.includes(kind) ? kind : (draft.kinds[0] ?? kind);
  const choices = columnChoices(draft, shown);
  return (
    <details className="columns-choice">
      <summary>{t('receivers.columns')}</summary>
      <p className="dim">{t('receivers.columnsHint')}</p>
      <SegmentedControl
        size="xs"
        aria-label={t('receivers.columnsOf')}
        value={shown}
        onChange={(value) => setKind(ONEC_KINDS.find((known) => known === value) ?? shown)}
        data={draft.kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
      />
      {fault === null ? null : <p className="form-fault">{fault}</p>}
      <ol data-testid="column-choices">
        {choices.map(({ name, isTaken }) => (
          <li key={name}>
            <Checkbox
              size="xs"
              label={<code>{name}</code>}
              checked={isTaken}
              onChange={({ currentTarget }) => {
                const { checked } = currentTarget;
                const others = choices.filter((one) => one.name !== name);
                const taken = others.filter((one) => one.isTaken);
                const left = others.filter((one) => !one.isTaken);
                onChange(
                  withColumns(
                    draft,
                    shown,
                    checked
                      ? [...taken, { name, isTaken: true }, ...left]
                      : choices.map((one) => (one.name === name ? { name, isTaken: false } : one)),
                  ),
                );
              }}
            />
            {isTaken ? (
              <>
                <ActionIcon
                  size="xs"
                  variant="subtle"
                  color="gray"
                  aria-label={t('receivers.up', { column: name })}
                  onClick={() => onChange(withColumns(draft, shown, moveColumn(choices, name, -1)))}
                >
                  ↑
                </ActionIcon>
                <ActionIcon
                  size="xs"
                  variant="subtle"
                  color="gray"
                  aria-label={t('receivers.down', { column: name })}
                  onClick={() => onChange(withColumns(draft, shown, moveColumn(choices, name, 1)))}
                >
                  ↓
                </ActionIcon>
              </>
            ) : null}
          </li>
        ))}
      </ol>
    </details>
  );
}
