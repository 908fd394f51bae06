import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { AppError } from '../../../shared/api/errors.ts';
import type { MethodParams } from '../../../shared/api/methods.ts';
import { useAction } from '../../client/action.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { useLocale } from '../../ui/locale.ts';
import { Editor } from './editor.tsx';
import { createAccountsSlice } from './slice.ts';

type Draft = MethodParams<'reports.setFormulas'>['formulas'][number];

const FAULTS = [
  'no-term',
  'unreadable',
  'unknown-point',
  'unknown-formula',
  'zero-coefficient',
  'name-taken',
  'unit-mixed',
  'cycle',
  'too-deep',
] as const;

/** Calculated points and groups as text; the server says which part of which one it does not take. */
export function FormulaEditor() {
  const { t } = useLocale();
  const { client } = useServices();
  const accounts = useResource(createAccountsSlice, {});
  const [drafts, setDrafts] = useState<readonly Draft[]>([]);
  const stored = accounts.data?.formulas.map(({ name, unit, text }) => ({ name, unit, text })) ?? [];
  const storedText = JSON.stringify(stored);
  useEffect(() => setDrafts(stored), [storedText]);
  const save = useAction(async () => {
    await client.call('reports.setFormulas', { formulas: drafts.map((draft) => ({ ...draft, name: draft.name.trim() })) });
    await accounts.load({});
  });
  const change = (next: readonly Draft[]) => {
    save.reset();
    setDrafts(next);
  };
  const set = (index: number, part: Partial<Draft>) => change(drafts.map((draft, at) => (at === index ? { ...draft, ...part } : draft)));
  return (
    <Editor
      title={t('reports.formula.title')}
      note={t('reports.formula.note')}
      obstacle={drafts.every(({ name }) => name.trim() !== '') ? null : t('reports.formula.name')}
      save={save}
      faults={<Faults error={save.error} />}
    >
      {drafts.length === 0 ? (
        <p className="verdict">{t('reports.formula.empty')}</p>
      ) : (
        <table className="plain wide" data-testid="table-formulas">
          <thead>
            <tr>
              <th scope="col">{t('reports.formula.name')}</th>
              <th scope="col">{t('reports.formula.unit')}</th>
              <th scope="col">{t('reports.formula.text')}</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {drafts.map((draft, index) => (
              <tr key={index}>
                <td>
                  <TextInput
                    aria-label={t('reports.formula.name')}
                    value={draft.name}
                    maxLength={100}
                    onChange={({ currentTarget }) => set(index, { name: currentTarget.value })}
                  />
                </td>
                <td className="narrow">
                  <Select
                    size="xs"
                    aria-label={t('reports.formula.unit')}
                    data={[
                      { value: 'Wh', label: t('unit.kWh') },
                      { value: 'varh', label: t('unit.kvarh') },
                    ]}
                    value={draft.unit}
                    allowDeselect={false}
                    onChange={(value) => set(index, { unit: value === 'varh' ? 'varh' : 'Wh' })}
                  />
                </td>
                <td>
                  <TextInput
                    className="formula-text"
                    aria-label={t('reports.formula.text')}
                    spellCheck={false}
                    value={draft.text}
                    onChange={({ currentTarget }) => set(index, { text: currentTarget.value })}
                  />
                </td>
                <td>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t('reports.remove')}
                    onClick={() => change(drafts.filter((_, at) => at !== index))}
                  >
                    ×
                  </ActionIcon>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div className="report-adds">
        <Button variant="default" size="compact-sm" onClick={() => change([...drafts, { name: '', unit: 'Wh', text: '' }])}>
          {t('reports.formula.add')}
        </Button>
      </div>
    </Editor>
  );
}

function Faults({ error }: { readonly error: AppError | null }) {
  const { t } = useLocale();
  const faults = error?.context.faults;
  if (!Array.isArray(faults)) return null;
  return (
    <div className="notice notice-fault" role="alert" data-testid="formula-faults">
      {(faults as { formula: string; code: string; part: string }[]).map(({ formula, code, part }, index) => {
        const known = FAULTS.find((name) => name === code) ?? 'unreadable';
        return (
          <div key={index}>
            {t('reports.formula.fault', {
              formula,
              what: t(`reports.formula.faults.${known}`),
              part,
            })}
          </div>
        );
      })}
    </div>
  );
}
