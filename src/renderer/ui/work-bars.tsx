import { Button } from '@mantine/core';
import { ONEC_KINDS } from '../../shared/api/receivers.ts';
import type { WorkItem } from '../../shared/api/works.ts';
import { useNow } from './age.tsx';
import { durationText } from './duration.ts';
import { useLocale } from './locale.ts';
import { ProgressBar } from './progress-bar.tsx';
import { printDate } from './time.ts';

/** What is over sooner needs no bar: it would only flicker. */
const SHOWN_AFTER_MS = 1000;

export interface WorkBarsProps {
  readonly items: readonly WorkItem[];
  readonly onStop: (workId: string) => void;
}

/** Long work with how far it is, for how long, and the way to stop it. */
export function WorkBars({ items, onStop }: WorkBarsProps) {
  return items.map((item) => <WorkBar key={item.id} item={item} onStop={() => onStop(item.id)} />);
}

function WorkBar({ item, onStop }: { readonly item: WorkItem; readonly onStop: () => void }) {
  const { t } = useLocale();
  const seconds = useNow((now) => Math.max(0, Math.floor((now - Date.parse(item.startedAt)) / 1000)));
  const isShown = useNow((now) => now - Date.parse(item.startedAt) >= SHOWN_AFTER_MS);
  const { kind, stage, done, of, state } = item;
  const subject = useSubject(item);
  if (!isShown) return null;
  const label = subject === '' ? t(`work.kind.${kind}`) : `${t(`work.kind.${kind}`)}: ${subject}`;
  // The step in hand is the one after those that are behind.
  const step = of === 0 ? t(`work.stage.${stage}`) : t(`work.step.${stage}`, { done: Math.min(done + 1, of), of });
  return (
    <div className="work-bar" role="status" data-testid="work" data-kind={kind} data-state={state}>
      <span className="work-name">
        <strong>{label}</strong>
        <span className="dim">
          {step}, {t('work.for', { time: durationText(seconds, t) })}
        </span>
      </span>
      <ProgressBar label={label} done={done} total={of} />
      <span className="work-end">
        {state === 'committed' ? (
          <span className="dim">{t(kind === 'package' ? 'work.committed' : 'work.keeping')}</span>
        ) : (
          <Button size="compact-xs" variant="default" data-testid="work-stop" loading={state === 'stopping'} onClick={onStop}>
            {t('work.stop')}
          </Button>
        )}
      </span>
    </div>
  );
}

/** Kind of a package or title of a report, and the period. */
function useSubject({ kind, name, from, to }: WorkItem): string {
  const { t } = useLocale();
  const isPackage = kind === 'package' || kind === 'package-preview';
  const named = ONEC_KINDS.filter((known) => isPackage && known === name).map((known) => t(`kind.${known}`).toLowerCase());
  const days = [from, to].flatMap((day) =>
    day === null ? [] : [day.length === 7 ? `${day.slice(5)}.${day.slice(0, 4)}` : printDate(day)],
  );
  const period = days[0] === days[1] ? days.slice(0, 1) : days;
  return [...named, ...(period.length === 0 ? [] : [period.join(t('work.to'))])].join(', ');
}
