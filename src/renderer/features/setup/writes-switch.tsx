import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Settings } from '../../../shared/api/settings.ts';
import { useAction } from '../../client/action.ts';
import { useServices } from '../../client/services.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { useLocale } from '../../ui/locale.ts';
import { ErrorNotice } from '../../ui/notices.tsx';
import { Section } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';

/** The door to writing: shut until somebody opens it and says that he knows what follows. */
export function WritesSwitch({ saved, reload }: { readonly saved: Settings; readonly reload: () => Promise<void> }) {
  const { t } = useLocale();
  const { client } = useServices();
  const [isAsking, setAsking] = useState(false);
  const { isEnabled } = saved.writes;
  const turn = useAction(async (next: boolean) => {
    // The settings are replaced as a whole: what another person has changed meanwhile must stay.
    const now = await client.call('settings.get', {});
    await client.call('settings.set', { ...now, writes: { isEnabled: next } });
    setAsking(false);
    await reload();
  });
  return (
    <Section title={t('writing.title')}>
      <div className="form-line">
        <StateMark state={isEnabled ? 'attention' : 'ok'} label={t(isEnabled ? 'writing.isOn' : 'writing.isOff')} />
        <Button
          variant="default"
          size="compact-sm"
          data-testid="writes-switch"
          loading={turn.isBusy}
          onClick={() => (isEnabled ? void turn.run(false) : setAsking(true))}
        >
          {t(isEnabled ? 'writing.turnOff' : 'writing.turnOn')}
        </Button>
      </div>
      <p className="dim">{t('writing.door')}</p>
      {turn.error === null ? null : <ErrorNotice error={turn.error} />}
      {isAsking ? (
        <Dialog title={t('writing.turnOnTitle')} onClose={() => setAsking(false)}>
          <p>{t('writing.turnOnMeans')}</p>
          <div className="form-actions">
            <Button variant="default" data-autofocus onClick={() => setAsking(false)}>
              {t('action.cancel')}
            </Button>
            <Button color="red" data-testid="writes-confirm" loading={turn.isBusy} onClick={() => void turn.run(true)}>
              {t('writing.turnOn')}
            </Button>
          </div>
        </Dialog>
      ) : null}
    </Section>
  );
}
