import { Button, Checkbox, NumberInput, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ONEC_KINDS } from '../../../shared/api/receivers.ts';
import type { Schedule } from '../../../shared/api/schedules.ts';
import type { Settings } from '../../../shared/api/settings.ts';
import { useAction } from '../../client/action.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { SidePane } from '../../ui/dialog.tsx';
import { useLocale } from '../../ui/locale.ts';
import { ErrorNotice } from '../../ui/notices.tsx';
import { REPORT_NAMES } from '../../../shared/api/reports.ts';
import { reportName } from './calendar.ts';
import { receiverChoices } from './receivers.ts';
import { checkDraft, type ScheduleDraft } from './schedule-draft.ts';
import { createExportSettingsSlice } from './slice.ts';

export interface ScheduleFormProps {
  readonly first: ScheduleDraft;
  readonly isNew: boolean;
  readonly onClose: () => void;
  readonly onSaved: () => void;
}

const WHATS = ['onec', 'xml80020', 'report'] as const;

/** One job: what, for which period, when, and how long it waits. */
export function ScheduleForm({ first, isNew, onClose, onSaved }: ScheduleFormProps) {
  const { t } = useLocale();
  const { client } = useServices();
  const settings = useResource(createExportSettingsSlice, {});
  const [draft, setDraft] = useState(first);
  const [isRemoving, setRemoving] = useState(false);
  const { schedule, faults } = checkDraft(draft);
  /** The newest settings with the list of jobs changed: another page may have saved meanwhile. */
  const saveList = async (change: (before: readonly Schedule[]) => Schedule[]) => {
    const now: Settings = await client.call('settings.get', {});
    await client.call('settings.set', { ...now, schedules: change(now.schedules) });
    onSaved();
  };
  const save = useAction(async (next: Schedule) =>
    saveList((before) =>
      before.some(({ id }) => id === next.id) ? before.map((one) => (one.id === next.id ? next : one)) : [...before, next],
    ),
  );
  const remove = useAction(async () => saveList((before) => before.filter(({ id }) => id !== draft.id)));
  const set = (part: Partial<ScheduleDraft>) => {
    save.reset();
    setDraft({ ...draft, ...part });
  };
  const faultText = (field: keyof ScheduleDraft) => {
    const fault = faults[field];
    return fault === undefined ? null : t(`jobs.fault.${fault}`);
  };
  const time = (field: 'at' | 'latest', description?: string) => (
    <TextInput
      label={t(`jobs.${field}`)}
      {...(description === undefined ? {} : { description })}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      value={draft[field]}
      maxLength={5}
      error={faultText(field)}
      onChange={({ currentTarget }) => set({ [field]: currentTarget.value })}
    />
  );
  const number = (field: 'dayOfMonth' | 'threshold', max: number) => (
    <NumberInput
      size="xs"
      label={t(`jobs.${field}`)}
      value={draft[field]}
      min={1}
      max={max}
      allowDecimal={false}
      error={faultText(field)}
      onChange={(value) => set({ [field]: String(value) })}
    />
  );
  return (
    <SidePane title={isNew ? t('jobs.new') : t('jobs.edit')} onClose={onClose}>
      <form
        className="job-form"
        data-testid="job-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (schedule !== null) void save.run(schedule);
        }}
      >
        <Checkbox
          label={t('jobs.enabled')}
          checked={draft.isEnabled}
          onChange={({ currentTarget }) => set({ isEnabled: currentTarget.checked })}
        />
        <Select
          label={t('jobs.what')}
          data={WHATS.map((value) => ({ value, label: t(`handover.what_${value}`) }))}
          value={draft.what}
          allowDeselect={false}
          onChange={(value) => set({ what: WHATS.find((known) => known === value) ?? draft.what })}
        />
        {draft.what === 'onec' ? (
          <div className="form-row">
            <Select
              label={t('jobs.receiver')}
              data={settings.data === null ? [] : receiverChoices(settings.data)}
              value={draft.receiver}
              allowDeselect={false}
              onChange={(value) => set({ receiver: value ?? draft.receiver })}
            />
            <Select
              label={t('jobs.kind')}
              data={ONEC_KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
              value={draft.kind}
              allowDeselect={false}
              onChange={(value) => set({ kind: ONEC_KINDS.find((known) => known === value) ?? draft.kind })}
            />
          </div>
        ) : null}
        {draft.what === 'report' ? (
          <>
            <div className="form-row">
              <Select
                label={t('jobs.report')}
                data={REPORT_NAMES.map((value) => ({ value, label: reportName(value, t) }))}
                value={draft.report}
                allowDeselect={false}
                onChange={(value) => set({ report: REPORT_NAMES.find((known) => known === value) ?? draft.report })}
              />
              <Select
                label={t('jobs.format')}
                data={[
                  { value: 'xlsx', label: 'XLSX' },
                  { value: 'pdf', label: 'PDF' },
                ]}
                value={draft.format}
                allowDeselect={false}
                onChange={(value) => set({ format: value === 'pdf' ? 'pdf' : 'xlsx' })}
              />
            </div>
            <TextInput
              label={t('jobs.folder')}
              description={t('jobs.folderHint')}
              placeholder="\\server\reports"
              value={draft.folder}
              error={faultText('folder')}
              onChange={({ currentTarget }) => set({ folder: currentTarget.value })}
            />
          </>
        ) : null}
        <div className="form-field">
          <span className="form-label">{t('jobs.periodOf')}</span>
          <SegmentedControl
            size="xs"
            aria-label={t('jobs.periodOf')}
            value={draft.period}
            onChange={(value) => set({ period: value === 'previous-month' ? 'previous-month' : 'previous-day' })}
            data={[
              { value: 'previous-day', label: t('jobs.previousDay') },
              { value: 'previous-month', label: t('jobs.previousMonth') },
            ]}
          />
        </div>
        <div className="form-row">
          {time('at')}
          {draft.period === 'previous-month' ? number('dayOfMonth', 28) : <span />}
        </div>
        <Checkbox
          label={t('jobs.waits')}
          description={t('jobs.waitsHint')}
          checked={draft.whenComplete}
          onChange={({ currentTarget }) => set({ whenComplete: currentTarget.checked })}
        />
        {draft.whenComplete ? (
          <div className="form-row">
            {time('latest', t('jobs.latestHint'))}
            {number('threshold', 100)}
          </div>
        ) : null}
        {draft.what === 'onec' ? (
          <Checkbox
            label={t('jobs.corrections')}
            checked={draft.corrections}
            onChange={({ currentTarget }) => set({ corrections: currentTarget.checked })}
          />
        ) : null}
        {save.error === null ? null : <ErrorNotice error={save.error} />}
        {remove.error === null ? null : <ErrorNotice error={remove.error} />}
        <div className="form-actions">
          {isNew ? null : isRemoving ? (
            <Button color="red" variant="light" loading={remove.isBusy} onClick={() => void remove.run()} data-testid="job-remove-sure">
              {t('jobs.removeSure')}
            </Button>
          ) : (
            <Button color="red" variant="subtle" onClick={() => setRemoving(true)} data-testid="job-remove">
              {t('jobs.remove')}
            </Button>
          )}
          <span className="form-gap" />
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" disabled={schedule === null} loading={save.isBusy} data-testid="job-save">
            {t('action.save')}
          </Button>
        </div>
      </form>
    </SidePane>
  );
}
