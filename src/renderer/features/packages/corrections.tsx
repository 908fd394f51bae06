import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import type { PackagePreview, PackageSummary } from '../../../shared/api/methods.ts';
import { FIRST_RECEIVER } from '../../../shared/api/receivers.ts';
import type { Settings } from '../../../shared/api/settings.ts';
import { useAction } from '../../client/action.ts';
import { useServices } from '../../client/services.ts';
import { useWorks } from '../../client/works.ts';
import { formatCount } from '../../ui/format.ts';
import { useLocale } from '../../ui/locale.ts';
import { ErrorNotice, ProgressLine } from '../../ui/notices.tsx';
import { Section } from '../../ui/page.tsx';
import { WorkBars } from '../../ui/work-bars.tsx';
import { periodText } from './calendar.ts';
import { receiverChoices } from './receivers.ts';

const WORKS = ['corrections'] as const;

export interface CorrectionsProps {
  readonly settings: Settings;
  readonly onMade: (pack: PackageSummary) => void;
}

/** What has changed since it was sent, by kinds; each goes out as a package of changes. It is looked for when a person asks. */
export function Corrections({ settings, onMade }: CorrectionsProps) {
  const { t, language, numbers } = useLocale();
  const { client } = useServices();
  const [receiver, setReceiver] = useState(FIRST_RECEIVER);
  const [found, setFound] = useState<readonly PackagePreview[] | null>(null);
  const look = useAction(async () => {
    setFound(null);
    setFound(await client.call('packages.corrections', { receiver }));
  });
  const send = useAction(async ({ kind, from, to }: PackagePreview) =>
    onMade(await client.call('packages.make', { receiver, kind, from, to, mode: 'delta' })),
  );
  const works = useWorks(WORKS);
  const error = look.error ?? send.error;
  const count = (rows: number) => formatCount(rows, numbers);
  return (
    <Section title={t('handover.corrections.title')}>
      <p className="verdict">{t('handover.corrections.note')}</p>
      <div className="form-line">
        <Select
          aria-label={t('packages.receiver')}
          data={receiverChoices(settings)}
          value={receiver}
          allowDeselect={false}
          onChange={(value) => {
            setFound(null);
            setReceiver(value ?? receiver);
          }}
        />
        <Button variant="default" loading={look.isBusy} onClick={() => void look.run()} data-testid="corrections-look">
          {t('handover.corrections.look')}
        </Button>
      </div>
      <ProgressLine isLoading={look.isBusy || send.isBusy} />
      <WorkBars items={works.items} onStop={works.stop} />
      {error === null ? null : <ErrorNotice error={error} />}
      {found === null ? null : found.length === 0 ? (
        <p className="verdict">{t('handover.corrections.none')}</p>
      ) : (
        <table className="plain wide" data-testid="table-corrections">
          <thead>
            <tr>
              <th scope="col">{t('packages.kind')}</th>
              <th scope="col">{t('packages.period')}</th>
              <th scope="col" className="number">
                {t('handover.corrections.rows')}
              </th>
              <th scope="col" className="number">
                {t('handover.corrections.held')}
              </th>
              <td />
            </tr>
          </thead>
          <tbody>
            {found.map((one) => (
              <tr key={one.kind}>
                <th scope="row">{t(`kind.${one.kind}`)}</th>
                <td>{periodText(one, language)}</td>
                <td className="number">{count(one.rows)}</td>
                <td className="number" title={t('handover.corrections.heldHint')}>
                  {count(one.held)}
                </td>
                <td className="number">
                  <Button size="compact-xs" variant="default" disabled={one.rows === 0 || send.isBusy} onClick={() => void send.run(one)}>
                    {t('handover.corrections.send')}
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}
