import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { CompletenessDay } from '../../../shared/api/completeness.ts';
import { dayCheckText, reasonText } from '../../../shared/i18n/causes.ts';
import { routeHref } from '../../app/routes.ts';
import { useAction } from '../../client/action.ts';
import { useServices } from '../../client/services.ts';
import { SidePane } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/figures.tsx';
import { formatCount } from '../../ui/format.ts';
import { useLocale } from '../../ui/locale.ts';
import { ErrorNotice, Notice } from '../../ui/notices.tsx';
import { Section } from '../../ui/page.tsx';
import { addDays, printDate } from '../../ui/time.ts';
import type { MapPoint } from './day-map.tsx';

export interface DayPaneProps {
  readonly point: MapPoint;
  readonly day: CompletenessDay;
  readonly onClose: () => void;
  readonly onAsked: () => Promise<void>;
}

/** One day of one point: what is absent and why, and the meter asked once more. */
export function DayPane({ point, day, onClose, onAsked }: DayPaneProps) {
  const { t, language, numbers, time } = useLocale();
  const { client } = useServices();
  const [reason, setReason] = useState('');
  const again = useAction(async () => {
    await client.call('rereads.ask', {
      pointId: point.pointId,
      from: time.dayStart(day.day),
      to: time.dayStart(addDays(day.day, 1)),
      reason: reason.trim() === '' ? null : reason.trim(),
    });
    await onAsked();
  });
  return (
    <SidePane title={`${point.name}, ${printDate(day.day)}`} onClose={onClose}>
      <Section title={t('fullness.day')}>
        <Facts
          rows={[
            [t('fullness.meter'), point.meterSerial],
            [t('fullness.expected'), formatCount(day.expected, numbers)],
            [t('fullness.received'), formatCount(day.received, numbers)],
            [t('fullness.open'), formatCount(day.open, numbers)],
            [t('fullness.lost'), formatCount(day.lost, numbers)],
            ...(day.reason === null ? [] : [[t('fullness.reason'), reasonText(day.reason, language)] as const]),
          ]}
        />
        {day.open > 0 && day.deadline !== null ? (
          <Notice kind="plain">{t('fullness.forgets', { at: time.dateTime(day.deadline) })}</Notice>
        ) : null}
        {day.mismatch === null ? null : (
          <Notice kind="attention">
            {t('fullness.mismatch')}: {dayCheckText(day.mismatch, language)}.
          </Notice>
        )}
        <p>
          <a href={routeHref('consumption', null, { points: String(point.pointId), period: 'day', date: day.day })}>
            {t('fullness.toConsumption')}
          </a>
        </p>
      </Section>
      <Section title={t('fullness.again')}>
        <p className="dim">{t('fullness.againNote')}</p>
        {again.isDone ? (
          <Notice kind="ok">{t('fullness.asked')}</Notice>
        ) : (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              void again.run();
            }}
          >
            <TextInput
              className="form-field"
              label={t('fullness.againReason')}
              placeholder={t('fullness.againReasonHint')}
              maxLength={500}
              value={reason}
              onChange={({ currentTarget }) => setReason(currentTarget.value)}
            />
            {again.error === null ? null : <ErrorNotice error={again.error} />}
            <div className="form-actions">
              <Button type="submit" variant="default" data-testid="read-again" loading={again.isBusy}>
                {t('fullness.again')}
              </Button>
            </div>
          </form>
        )}
      </Section>
    </SidePane>
  );
}
