import { Button, MultiSelect, Popover, SegmentedControl, Select } from '@mantine/core';
import { useState } from 'react';
import type { MethodResult } from '../../../shared/api/methods.ts';
import type { ReportAccounts } from '../../../shared/api/report-settings.ts';
import type { ReportListItem } from '../../../shared/api/reports.ts';
import { CHANNELS } from '../../../shared/domain/channel.ts';
import { useLocale } from '../../ui/locale.ts';
import { PeriodPicker } from '../../ui/period-picker.tsx';
import { PointTreePane } from '../consumption/tree.tsx';
import { periodKinds, type ReportChoice } from './slice.ts';

export interface ParametersProps {
  readonly report: ReportListItem;
  readonly choice: ReportChoice;
  readonly tree: MethodResult<'points.tree'>;
  readonly formulas: ReportAccounts['formulas'];
  /** ISO date of today at the site. */
  readonly today: string;
  readonly onChange: (part: Partial<ReportChoice>) => void;
}

/** What may be chosen for a report, in the order in which people say it: what, where, when. */
export function Parameters({ report, choice, tree, formulas, today, onChange }: ParametersProps) {
  const { t } = useLocale();
  const [isOpen, setOpen] = useState(false);
  const takes = (what: ReportListItem['choices'][number]) => report.choices.includes(what);
  const kinds = periodKinds(report);
  const kind = kinds.includes(choice.period) ? choice.period : 'month';
  return (
    <>
      {takes('channel') ? (
        <SegmentedControl
          size="xs"
          aria-label={t('reports.channel')}
          value={choice.channel ?? 'A+'}
          onChange={(value) => onChange({ channel: CHANNELS.find((known) => known === value) ?? 'A+' })}
          data={CHANNELS.map((value) => ({ value, label: <span title={t(`channel.${value}`)}>{value.replace('-', '−')}</span> }))}
        />
      ) : null}
      {takes('formulas') && formulas.length > 0 ? (
        <MultiSelect
          size="xs"
          w={190}
          aria-label={t('reports.formulas')}
          placeholder={choice.formulas.length === 0 ? t('reports.noFormulas') : ''}
          data={formulas.map(({ id, name }) => ({ value: String(id), label: name }))}
          value={choice.formulas.map(String)}
          onChange={(values) => onChange({ formulas: values.map(Number) })}
        />
      ) : null}
      {takes('substation') ? (
        <Select
          size="xs"
          w={190}
          aria-label={t('reports.substation')}
          data={[{ value: '', label: t('reports.allSubstations') }, ...tree.map(({ id, name }) => ({ value: String(id), label: name }))]}
          value={choice.substation === null ? '' : String(choice.substation)}
          allowDeselect={false}
          onChange={(value) => onChange({ substation: value === null || value === '' ? null : Number(value), points: [] })}
        />
      ) : null}
      {takes('points') ? (
        <Popover opened={isOpen} onChange={setOpen} shadow="md" trapFocus position="bottom-end">
          <Popover.Target>
            <Button variant="default" size="compact-sm" data-testid="report-points" onClick={() => setOpen((before) => !before)}>
              {choice.points.length === 0 ? t('reports.allPoints') : t('reports.somePoints', { count: choice.points.length })}
            </Button>
          </Popover.Target>
          <Popover.Dropdown p={0}>
            <div className="report-points">
              <PointTreePane chosen={choice.points} onChange={(points) => onChange({ points, substation: null })} />
            </div>
          </Popover.Dropdown>
        </Popover>
      ) : null}
      <PeriodPicker
        period={{ kind, date: choice.date }}
        kinds={kinds}
        today={today}
        onChange={(next) => onChange({ period: next.kind, date: next.date })}
      />
    </>
  );
}
