import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { useLocale } from '../../ui/locale.ts';
import { LOSS_FIELDS, type LossDraft } from './losses-draft.ts';
import { shownDecimal } from './slice.ts';

/** A transformer as it is typed. */
export interface TransformerDraft {
  readonly name: string;
  readonly pointId: number;
  readonly figures: LossDraft['figures'];
}

export interface TransformersProps {
  readonly drafts: readonly TransformerDraft[];
  readonly points: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (drafts: readonly TransformerDraft[]) => void;
}

/** Transformers whose losses stand between an input and the bus, by their plates. */
export function Transformers({ drafts, points, onChange }: TransformersProps) {
  const { t, numbers } = useLocale();
  const set = (index: number, part: Partial<TransformerDraft>) =>
    onChange(drafts.map((draft, at) => (at === index ? { ...draft, ...part } : draft)));
  return (
    <>
      <h3>{t('reports.balance.transformers')}</h3>
      <p className="dim">{t('reports.balance.transformersNote')}</p>
      {drafts.map((draft, index) => (
        <div key={index} className="report-row">
          <TextInput
            label={t('reports.balance.transformer')}
            value={draft.name}
            maxLength={100}
            onChange={({ currentTarget }) => set(index, { name: currentTarget.value })}
          />
          <Select
            searchable
            label={t('reports.balance.input')}
            data={[...points]}
            value={String(draft.pointId)}
            allowDeselect={false}
            onChange={(value) => set(index, { pointId: Number(value) })}
          />
          {LOSS_FIELDS.transformer.map((field) => (
            <TextInput
              key={field}
              className="narrow"
              label={t(`reports.losses.${field}`)}
              value={shownDecimal(draft.figures[field], numbers)}
              onChange={({ currentTarget }) => set(index, { figures: { ...draft.figures, [field]: currentTarget.value } })}
            />
          ))}
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('reports.remove')}
            onClick={() => onChange(drafts.filter((_, at) => at !== index))}
          >
            ×
          </ActionIcon>
        </div>
      ))}
      <div className="report-adds">
        <Button
          variant="default"
          size="compact-sm"
          disabled={points[0] === undefined}
          onClick={() => onChange([...drafts, { name: '', pointId: Number(points[0]?.value), figures: {} }])}
        >
          {t('reports.balance.addTransformer')}
        </Button>
      </div>
    </>
  );
}
