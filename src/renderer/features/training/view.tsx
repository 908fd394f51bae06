import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import type { TrainingStatus } from '../../../shared/api/training.ts';
import { faultFieldText, faultKindText } from '../../../shared/i18n/training-faults.ts';
import { routeHref } from '../../app/routes.ts';
import { useAction } from '../../client/action.ts';
import { useServices } from '../../client/services.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { formatCount } from '../../ui/format.ts';
import { useLocale } from '../../ui/locale.ts';
import { ErrorNotice } from '../../ui/notices.tsx';
import { PageBar, PageBody, Section } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { SetupTabs } from '../setup/tabs.tsx';
import { FaultForm } from './fault-form.tsx';
import { createTrainingSlice, type TrainingFault, useTraining } from './slice.ts';

/** The training plant: a simulated plant with faults to practise on, beside the real one. */
export function TrainingView() {
  const { t } = useLocale();
  const { status, error } = useTraining();
  return (
    <>
      <PageBar path={[{ label: t('nav.setup'), href: routeHref('setup') }, { label: t('nav.training') }]}>
        {status === null ? null : <Commands status={status} />}
      </PageBar>
      <SetupTabs current="training" />
      {error === null ? null : <ErrorNotice error={error} />}
      {status === null ? null : (
        <PageBody>
          <Section title={t('training.state')}>
            <p className="verdict">
              <State status={status} />
            </p>
            <p className="dim">{t('training.what')}</p>
          </Section>
          {status.isRunning ? (
            <>
              <div className="columns-2">
                <Section title={t('training.faults')}>
                  <Faults faults={status.faults} />
                </Section>
                <Section title={t('training.newFault')}>
                  <FaultForm status={status} />
                </Section>
              </div>
              <Section title={t('system.lines')}>
                <Lines status={status} />
              </Section>
            </>
          ) : null}
        </PageBody>
      )}
    </>
  );
}

function State({ status }: { readonly status: TrainingStatus }) {
  const { t, time } = useLocale();
  if (!status.isRunning) return <StateMark state="unchecked" label={t('training.stopped')} />;
  return (
    <>
      <StateMark state="ok" label={t('training.running')} />{' '}
      {status.startedAt === null ? null : <span className="dim">{t('training.since', { at: time.dateTime(status.startedAt) })}</span>}
    </>
  );
}

/** Runs a command whose answer is the new status. */
function useTrainingCommand<A extends readonly unknown[]>(run: (...args: A) => Promise<TrainingStatus>) {
  const services = useServices();
  return useAction(async (...args: A) =>
    services
      .slice(createTrainingSlice)
      .getState()
      .put(await run(...args)),
  );
}

function Commands({ status }: { readonly status: TrainingStatus }) {
  const { t } = useLocale();
  const { client, place } = useServices();
  const [isAsking, setAsking] = useState(false);
  const start = useTrainingCommand(() => client.call('training.start', { seed: status.seed }));
  const stop = useTrainingCommand(async () => {
    const stopped = await client.call('training.stop', {});
    if (place.workspace === 'training') place.enter('site');
    return stopped;
  });
  const error = start.error ?? stop.error;
  return (
    <>
      {error === null ? null : <ErrorNotice error={error} />}
      {status.isRunning && place.workspace === 'site' ? (
        <Button size="compact-sm" data-testid="training-show" onClick={() => place.enter('training')}>
          {t('training.show')}
        </Button>
      ) : null}
      <Button variant="default" size="compact-sm" onClick={() => setAsking(true)}>
        {t('training.fresh')}
      </Button>
      {status.isRunning ? (
        <Button variant="default" size="compact-sm" loading={stop.isBusy} onClick={() => void stop.run()}>
          {t('training.stop')}
        </Button>
      ) : (
        <Button size="compact-sm" data-testid="training-start" loading={start.isBusy} onClick={() => void start.run()}>
          {t('training.start')}
        </Button>
      )}
      {isAsking ? <FreshDialog status={status} onClose={() => setAsking(false)} /> : null}
    </>
  );
}

function FreshDialog({ status: { seed, isRunning }, onClose }: { readonly status: TrainingStatus; readonly onClose: () => void }) {
  const { t } = useLocale();
  const { client, place } = useServices();
  const [isOther, setOther] = useState(false);
  const fresh = useTrainingCommand(async () => {
    if (isRunning) await client.call('training.stop', {});
    const status = await client.call('training.start', { seed: isOther ? seed + 1 : seed, isFresh: true });
    onClose();
    // What the screens hold of the old plant is gone with it.
    if (place.workspace === 'training') place.enter('training');
    return status;
  });
  return (
    <Dialog title={t('training.fresh')} onClose={onClose}>
      <p>{t('training.freshMeans')}</p>
      <Checkbox label={t('training.otherPlant')} checked={isOther} onChange={({ currentTarget }) => setOther(currentTarget.checked)} />
      {fresh.error === null ? null : <ErrorNotice error={fresh.error} />}
      <div className="form-actions">
        <Button variant="default" onClick={onClose}>
          {t('action.cancel')}
        </Button>
        <Button color="red" data-testid="training-fresh" loading={fresh.isBusy} onClick={() => void fresh.run()}>
          {t('training.freshDo')}
        </Button>
      </div>
    </Dialog>
  );
}

function Lines({ status }: { readonly status: TrainingStatus }) {
  const { t, numbers } = useLocale();
  // A fault without a target is in force on every line.
  const faultsOf = (name: string) => status.faults.filter(({ target }) => target === name || target === '').length;
  return (
    <table className="plain wide" data-testid="table-training-lines">
      <thead>
        <tr>
          <th scope="col">{t('column.line')}</th>
          <th scope="col">{t('lineTest.lineAddress')}</th>
          <th scope="col" className="number">
            {t('system.meters')}
          </th>
          <th scope="col" className="number">
            {t('training.faults')}
          </th>
        </tr>
      </thead>
      <tbody>
        {status.lines.map((line) => (
          <tr key={line.name}>
            <td>{line.name}</td>
            <td>
              <code>{line.address}</code>
            </td>
            <td className="number">{formatCount(line.meters, numbers)}</td>
            <td className="number">{formatCount(faultsOf(line.name), numbers)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Parameters of a fault that stand in the columns of the table. */
const SHOWN_ELSEWHERE: ReadonlySet<string> = new Set(['kind', 'line', 'point', 'serial', 'after_s', 'for_s']);

function Faults({ faults }: { readonly faults: readonly TrainingFault[] }) {
  const { t, language, numbers, time } = useLocale();
  const { client } = useServices();
  const print = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value).replace('.', numbers.decimal));
  const clear = useTrainingCommand((fault: TrainingFault) =>
    client.call('training.clearFault', { kind: fault.kind, target: fault.target }),
  );
  if (faults.length === 0) return <p className="verdict">{t('training.noFaults')}</p>;
  return (
    <>
      {clear.error === null ? null : <ErrorNotice error={clear.error} />}
      <table className="plain wide" data-testid="table-faults">
        <thead>
          <tr>
            <th scope="col">{t('training.kind')}</th>
            <th scope="col">{t('training.target')}</th>
            <th scope="col">{t('training.span')}</th>
            <th scope="col">
              <span className="sr-only">{t('training.end')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {faults.map((fault) => (
            <tr key={`${fault.kind} ${fault.target}`}>
              <td>
                {faultKindText(fault.kind, language)}
                <div className="dim">
                  {Object.entries(fault.params)
                    .filter(([name]) => !SHOWN_ELSEWHERE.has(name))
                    .map(([name, value]) => `${faultFieldText(name, language)}: ${print(value)}`)
                    .join(', ')}
                </div>
              </td>
              <td>{fault.target === '' ? t('training.wholePlant') : fault.target}</td>
              <td>
                {fault.since === null ? t('training.later') : t('training.since', { at: time.timeWithSeconds(fault.since) })}
                {fault.until === null ? null : <div className="dim">{t('training.until', { at: time.timeWithSeconds(fault.until) })}</div>}
              </td>
              <td>
                <Button variant="subtle" size="compact-xs" onClick={() => void clear.run(fault)}>
                  {t('training.end')}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
