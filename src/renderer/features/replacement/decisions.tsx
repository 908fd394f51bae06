import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ReplacementDecisionView } from '../../../shared/api/replacement.ts';
import { routeHref } from '../../app/routes.ts';
import { useServices } from '../../client/services.ts';
import { energyPrefix, formatCount } from '../../ui/format.ts';
import { type Locale, useLocale } from '../../ui/locale.ts';
import { Section } from '../../ui/page.tsx';
import { type Mark, StateMark } from '../../ui/state-mark.tsx';
import { DecideDialog } from './decide.tsx';
import { basisTexts, energyText, shortStretchText, stretchText } from './slice.ts';

export interface DecisionsProps {
  readonly decisions: readonly ReplacementDecisionView[];
  readonly isClosed: boolean;
  readonly onChange: () => Promise<void>;
}

/** What was approved in the month, with what has become of it. */
export function Decisions({ decisions, isClosed, onChange }: DecisionsProps) {
  const locale = useLocale();
  const { t, numbers, time } = locale;
  const { client } = useServices();
  const prefix = energyPrefix(decisions.map(({ energy }) => energy));
  const [leaving, setLeaving] = useState<ReplacementDecisionView | null>(null);
  return (
    <Section title={t('closing.decision.list')}>
      {decisions.length === 0 ? (
        <p className="verdict dim">{t('closing.decision.none')}</p>
      ) : (
        <table className="plain wide" data-testid="table-decisions">
          <thead>
            <tr>
              <th scope="col">{t('closing.gap.point')}</th>
              <th scope="col">{t('closing.gap.period')}</th>
              <th scope="col">{t('closing.gap.channel')}</th>
              <th scope="col" className="number">
                {t('closing.gap.intervals')}
              </th>
              <th scope="col" className="number">
                {t('closing.gap.energy')}
              </th>
              <th scope="col">{t('closing.pane.methods')}</th>
              <th scope="col">{t('closing.decision.author')}</th>
              <th scope="col">{t('closing.decision.reason')}</th>
              <th scope="col">{t('closing.decision.state')}</th>
              <th scope="col" />
            </tr>
          </thead>
          <tbody>
            {decisions.map((decision) => (
              <tr key={decision.decisionId} className={decision.withdrawn === null ? undefined : 'dim'}>
                <th scope="row">
                  <a href={routeHref('points', decision.pointId)}>{decision.name}</a>
                </th>
                <td className="nowrap" title={stretchText(decision, locale)}>
                  {shortStretchText(decision, locale)}
                </td>
                <td>{decision.channel.replace('-', '−')}</td>
                <td className="number">{formatCount(decision.intervals, numbers)}</td>
                <td className="number nowrap">{energyText(decision.energy, decision.channel, locale, prefix)}</td>
                <td title={basisTexts(decision.basis, decision.channel, locale).join('\n')}>
                  {t(`closing.methodShort.${decision.method}`)}
                </td>
                <td title={time.dateTime(decision.madeAt)}>{decision.author}</td>
                <td>{decision.document === null ? decision.reason : `${decision.reason}; ${decision.document}`}</td>
                <td>
                  <DecisionState decision={decision} locale={locale} />
                </td>
                <td>
                  {decision.withdrawn !== null || isClosed ? null : (
                    <Button variant="subtle" size="compact-xs" data-testid="withdraw" onClick={() => setLeaving(decision)}>
                      {t('closing.decision.withdraw')}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {leaving === null ? null : (
        <DecideDialog
          title={t('closing.decision.withdrawTitle')}
          confirm={t('closing.decision.withdraw')}
          onClose={() => setLeaving(null)}
          onDecide={async ({ author, reason }) => {
            await client.call('replacements.withdraw', { decisionId: leaving.decisionId, author, reason });
            await onChange();
          }}
        >
          <p>
            {leaving.name}, {stretchText(leaving, locale)}, {leaving.channel.replace('-', '−')}:{' '}
            {energyText(leaving.energy, leaving.channel, locale)}
          </p>
          <p className="dim">{t('closing.decision.withdrawNote')}</p>
        </DecideDialog>
      )}
    </Section>
  );
}

function DecisionState({ decision, locale }: { readonly decision: ReplacementDecisionView; readonly locale: Locale }) {
  const { t, time } = locale;
  const { withdrawn, notNeeded, intervals } = decision;
  const [state, label]: [Mark, string] =
    withdrawn !== null
      ? ['no-data', t('closing.decision.withdrawn', { at: time.dateTime(withdrawn.at), by: withdrawn.by, reason: withdrawn.reason })]
      : notNeeded === intervals
        ? ['info', t('closing.decision.notNeeded')]
        : notNeeded > 0
          ? ['info', t('closing.decision.partlyNeeded', { count: notNeeded, total: intervals })]
          : ['ok', t('closing.decision.inForce')];
  return <StateMark state={state} label={label} />;
}
