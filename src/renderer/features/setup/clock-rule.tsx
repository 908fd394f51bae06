import { Button, Checkbox, NumberInput, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Settings } from '../../../shared/api/settings.ts';
import { useAction } from '../../client/action.ts';
import { useServices } from '../../client/services.ts';
import { useLocale } from '../../ui/locale.ts';
import { ErrorNotice, Notice } from '../../ui/notices.tsx';
import { Section } from '../../ui/page.tsx';

type Rule = Settings['clock'];

/** When Feeder may correct the clocks of the meters by itself. */
export function ClockRule({ saved, reload }: { readonly saved: Settings; readonly reload: () => Promise<void> }) {
  const { t } = useLocale();
  const { client } = useServices();
  const [rule, setRule] = useState<Rule>(saved.clock);
  useEffect(() => setRule(saved.clock), [saved.clock]);
  const save = useAction(async (clock: Rule) => {
    // The settings are replaced as a whole: what another person has changed meanwhile must stay.
    const now = await client.call('settings.get', {});
    await client.call('settings.set', { ...now, clock });
    await reload();
  });
  const change = (part: Partial<Rule>) => {
    save.reset();
    setRule({ ...rule, ...part });
  };
  const threshold = (name: 'settlementThresholdS' | 'technicalThresholdS') => (
    <NumberInput
      w={200}
      label={t(`clockRule.${name}`)}
      suffix={` ${t('unit.s')}`}
      min={2}
      max={240}
      clampBehavior="strict"
      allowDecimal={false}
      value={rule[name]}
      onChange={(value) => change({ [name]: Number(value) })}
    />
  );
  return (
    <Section title={t('clockRule.title')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save.run(rule);
        }}
      >
        <Checkbox
          size="xs"
          data-testid="clock-rule"
          label={t('clockRule.isCorrected')}
          checked={rule.isCorrected}
          onChange={({ currentTarget }) => change({ isCorrected: currentTarget.checked })}
        />
        <p className="dim">{t('clockRule.means')}</p>
        {rule.isCorrected && !saved.writes.isEnabled ? <Notice kind="attention">{t('clockRule.needsDoor')}</Notice> : null}
        <div className="form-row">
          {threshold('settlementThresholdS')}
          {threshold('technicalThresholdS')}
        </div>
        <TextInput
          className="form-field"
          label={t('clockRule.reason')}
          description={t('clockRule.reasonHint')}
          maxLength={500}
          value={rule.settlementReason ?? ''}
          onChange={({ currentTarget }) => change({ settlementReason: currentTarget.value === '' ? null : currentTarget.value })}
        />
        {save.error === null ? null : <ErrorNotice error={save.error} />}
        <div className="form-actions">
          {save.isDone ? <span className="dim">{t('action.saved')}</span> : null}
          <Button type="submit" variant="default" loading={save.isBusy} disabled={JSON.stringify(rule) === JSON.stringify(saved.clock)}>
            {t('action.save')}
          </Button>
        </div>
      </form>
    </Section>
  );
}
