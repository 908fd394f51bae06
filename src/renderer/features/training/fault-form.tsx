import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { TrainingStatus } from '../../../shared/api/training.ts';
import { faultFieldText, faultKindText } from '../../../shared/i18n/training-faults.ts';
import { useAction } from '../../client/action.ts';
import { useServices } from '../../client/services.ts';
import { PHASE_LETTERS } from '../../ui/attention.tsx';
import { useLocale } from '../../ui/locale.ts';
import { ErrorNotice, Notice } from '../../ui/notices.tsx';
import { createTrainingSlice, EMPTY_FAULT, type FaultDraft, faultOf } from './slice.ts';

/** What the times of a fault mean when they are left empty. */
const PLACEHOLDERS: Readonly<Partial<Record<string, 'training.atOnce' | 'training.untilEnded'>>> = {
  after_s: 'training.atOnce',
  for_s: 'training.untilEnded',
};

/** Puts a fault in force: what, where, how strong, from when and how long. The fields come with the kind. */
export function FaultForm({ status }: { readonly status: TrainingStatus }) {
  const { t, language } = useLocale();
  const services = useServices();
  const [draft, setDraft] = useState<FaultDraft>(EMPTY_FAULT);
  const placeholderOf = (field: string) => {
    const key = PLACEHOLDERS[field];
    return key === undefined ? '' : t(key);
  };
  const kind = status.faultKinds.find((one) => one.kind === draft.kind) ?? null;
  const fault = faultOf(draft, kind);
  const put = useAction(async (given: Record<string, unknown>) => {
    services
      .slice(createTrainingSlice)
      .getState()
      .put(await services.client.call('training.setFault', { fault: given }));
    setDraft({ ...EMPTY_FAULT, kind: draft.kind });
  });
  const change = (part: Partial<FaultDraft>) => {
    put.reset();
    setDraft((before) => ({ ...before, ...part }));
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (fault !== null) void put.run(fault);
      }}
    >
      <div className="form-row">
        <Select
          label={t('training.kind')}
          placeholder={t('training.chooseKind')}
          searchable
          data={status.faultKinds.map((one) => ({ value: one.kind, label: faultKindText(one.kind, language) }))}
          value={draft.kind === '' ? null : draft.kind}
          onChange={(value) => change({ ...EMPTY_FAULT, kind: value ?? '' })}
        />
        {kind === null || kind.target === 'plant' ? (
          <span />
        ) : (
          <Select
            label={t(kind.target === 'line' ? 'column.line' : 'column.point')}
            placeholder={t(kind.target === 'line' ? 'training.wholePlant' : 'training.choosePoint')}
            searchable
            clearable
            data={
              kind.target === 'line'
                ? status.lines.map((line) => line.name)
                : status.points.map((point) => ({ value: point.code, label: `${point.code} · ${point.name}` }))
            }
            value={draft.target === '' ? null : draft.target}
            onChange={(target) => change({ target: target ?? '' })}
          />
        )}
      </div>
      {kind === null ? null : (
        <>
          <div className="form-row">
            {kind.fields.map((field) =>
              field.type === 'phases' ? (
                <Checkbox.Group
                  key={field.name}
                  label={faultFieldText(field.name, language)}
                  value={draft.phases.map(String)}
                  onChange={(values) => change({ phases: values.map(Number) })}
                >
                  <div className="form-line">
                    {PHASE_LETTERS.map((letter, index) => (
                      <Checkbox key={letter} value={String(index + 1)} label={letter} />
                    ))}
                  </div>
                </Checkbox.Group>
              ) : (
                <TextInput
                  key={field.name}
                  label={faultFieldText(field.name, language)}
                  required={field.isRequired}
                  placeholder={placeholderOf(field.name)}
                  value={draft.values[field.name] ?? ''}
                  onChange={({ currentTarget }) => change({ values: { ...draft.values, [field.name]: currentTarget.value } })}
                />
              ),
            )}
          </div>
        </>
      )}
      {put.error === null ? null : <ErrorNotice error={put.error} />}
      {put.isDone ? <Notice kind="ok">{t('training.inForce')}</Notice> : null}
      <div className="form-actions">
        <Button type="submit" data-testid="fault-set" disabled={fault === null} loading={put.isBusy}>
          {t('training.setFault')}
        </Button>
      </div>
    </form>
  );
}
