import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { StrangerRow } from '../../../shared/api/strangers.ts';
import { useAction } from '../../client/action.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { useLocale } from '../../ui/locale.ts';
import { ErrorNotice, Notice } from '../../ui/notices.tsx';
import { createStrangersSlice } from './slice.ts';

interface StrangersProps {
  readonly pointId: number;
  /** A person says that this meter has replaced the one of the point. */
  readonly onReplacement: (stranger: StrangerRow) => void;
}

/** Meters that answer in place of the one of the point and wait for a decision; nothing where there are none. */
export function Strangers({ pointId, onReplacement }: StrangersProps) {
  const asked = { pointId };
  const { data, error, load } = useResource(createStrangersSlice, asked, { on: ['data.changed'], everyMs: 30_000 });
  const waiting = (data ?? []).filter((row) => row.state === 'quarantined' && row.pointId === pointId);
  return (
    <>
      {error === null ? null : <ErrorNotice error={error} />}
      {waiting.map((row) => (
        <Stranger key={row.serial} row={row} onReplacement={onReplacement} onRejected={() => load(asked)} />
      ))}
    </>
  );
}

interface StrangerProps {
  readonly row: StrangerRow;
  readonly onReplacement: StrangersProps['onReplacement'];
  readonly onRejected: () => Promise<void>;
}

function Stranger({ row, onReplacement, onRejected }: StrangerProps) {
  const { t, time } = useLocale();
  const { client } = useServices();
  /** `null` = nobody is about to reject it. */
  const [reason, setReason] = useState<string | null>(null);
  const reject = useAction(async (text: string) => {
    await client.call('strangers.reject', { serial: row.serial, reason: text });
    await onRejected();
  });
  const { serial, intervals: count, isDenied } = row;
  return (
    <Notice kind="attention">
      <div data-testid="stranger">
        <p>
          {t('stranger.answers', { serial, since: time.dateTime(row.firstSeen), count })}
          {isDenied ? ` ${t('stranger.denied')}` : null}
        </p>
        {reject.error === null ? null : <ErrorNotice error={reject.error} />}
        {reason === null ? (
          <div className="form-actions">
            <Button variant="default" data-testid="stranger-reject" onClick={() => setReason('')}>
              {t('stranger.reject')}
            </Button>
            <Button data-testid="stranger-replaces" onClick={() => onReplacement(row)}>
              {t('stranger.isReplacement')}
            </Button>
          </div>
        ) : (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (reason.trim() !== '') void reject.run(reason.trim());
            }}
          >
            <TextInput
              className="form-field"
              label={t('stranger.why')}
              placeholder={t('stranger.whyHint')}
              maxLength={500}
              value={reason}
              data-testid="stranger-reason"
              onChange={({ currentTarget }) => setReason(currentTarget.value)}
            />
            <div className="form-actions">
              <Button variant="default" onClick={() => setReason(null)}>
                {t('action.cancel')}
              </Button>
              <Button type="submit" data-testid="stranger-reject-perform" disabled={reason.trim() === ''} loading={reject.isBusy}>
                {t('stranger.reject')}
              </Button>
            </div>
          </form>
        )}
      </div>
    </Notice>
  );
}
