import { Button } from '@mantine/core';
import { useServices } from '../../client/services.ts';
import { useLocale } from '../../ui/locale.ts';
import { StateMark } from '../../ui/state-mark.tsx';

/** Says on every screen that the figures are those of the training plant. */
export function TrainingBanner() {
  const { t } = useLocale();
  const { place } = useServices();
  if (place.workspace === 'site') return null;
  return (
    <div className="training-banner" role="status" data-testid="training-banner">
      <StateMark state="attention" label={t('training.banner')} />
      <Button size="compact-xs" variant="default" onClick={() => place.enter('site')}>
        {t('training.back')}
      </Button>
    </div>
  );
}
