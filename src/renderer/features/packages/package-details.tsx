import { Button } from '@mantine/core';
import type { PackageSummary } from '../../../shared/api/methods.ts';
import type { Settings } from '../../../shared/api/settings.ts';
import { ERROR_TEXTS } from '../../../shared/i18n/errors.ts';
import { PACKAGE_TEXTS } from '../../../shared/i18n/packages.ts';
import { useAction } from '../../client/action.ts';
import { useServices } from '../../client/services.ts';
import { Absent, Facts } from '../../ui/figures.tsx';
import { formatBytes, formatCount, formatDecimal } from '../../ui/format.ts';
import { useLocale } from '../../ui/locale.ts';
import { AdviceText, ErrorNotice, Notice } from '../../ui/notices.tsx';
import { PageBody, Section } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { periodText } from './calendar.ts';
import { makerWords } from './job-words.ts';
import { PackageAnswer } from './package-answer.tsx';
import { packageErrorCode, packageStateMark } from './state.ts';

export interface PackageDetailsProps {
  readonly pack: PackageSummary;
  readonly receiverName: string;
  /** Null while they are asked for. */
  readonly settings: Settings | null;
  readonly onChange: () => Promise<void>;
  /** Opens the form of a new package of the same period. */
  readonly onMakeAgain: () => void;
}

/** One package: what it holds, its files with their sums, and delivery once more. */
export function PackageDetails({ pack, receiverName, settings, onChange, onMakeAgain }: PackageDetailsProps) {
  const { t, language, numbers, time } = useLocale();
  const { client } = useServices();
  const redeliver = useAction(async () => {
    await client.call('packages.redeliver', { packageId: pack.id });
    await onChange();
  });
  const failure = ERROR_TEXTS[packageErrorCode(pack.error) ?? 'export/folder-unavailable'][language];
  const mayRedeliver = pack.state === 'made' || pack.state === 'failed';
  const mark = packageStateMark(pack, t);
  return (
    <PageBody>
      {pack.state === 'failed' ? (
        <Notice kind="attention">
          <AdviceText advice={failure} />
        </Notice>
      ) : null}
      {pack.state === 'rejected' || pack.state === 'partial' ? (
        <Notice kind="attention">
          <AdviceText advice={{ ...PACKAGE_TEXTS[`package-${pack.state}`][language], todo: t(`packages.todo_${pack.state}`) }} />
        </Notice>
      ) : null}
      {redeliver.error === null ? null : <ErrorNotice error={redeliver.error} />}
      {redeliver.isDone ? <Notice kind="ok">{t('packages.redelivered')}</Notice> : null}
      <Section
        title={`${t('packages.numbered', { number: pack.number })} · ${t(`kind.${pack.kind}`)}`}
        note={
          <span className="section-actions">
            {mayRedeliver ? (
              <Button size="compact-sm" variant="default" loading={redeliver.isBusy} onClick={() => void redeliver.run()}>
                {t('packages.redeliver')}
              </Button>
            ) : null}
            <Button size="compact-sm" variant="default" onClick={onMakeAgain}>
              {t('packages.makeAgain')}
            </Button>
          </span>
        }
      >
        <Facts
          rows={[
            [t('column.state'), <StateMark key="state" {...mark} />],
            [t('packages.receiver'), receiverName],
            [t('packages.period'), periodText(pack, language)],
            [t('packages.rows'), formatCount(pack.rows, numbers)],
            [t('packages.missingRows'), formatCount(pack.missingRows, numbers)],
            [
              t('packages.controlSum'),
              pack.controlSum === null ? <Absent key="sum" reason={t('packages.noSum')} /> : formatDecimal(pack.controlSum, 3, numbers),
            ],
            [t('packages.mode'), t(`packages.mode_${pack.mode}`)],
            [t('packages.formats'), pack.formats.join(', ').toUpperCase()],
            [t('packages.created'), time.dateTime(pack.createdAt)],
            ...(pack.deliveredAt === null ? [] : [[t('packages.deliveredAt'), time.dateTime(pack.deliveredAt)] as const]),
            [t('packages.job'), makerWords(pack.job, settings, t)],
            [t('packages.folder'), <code key="folder">{pack.folder}</code>],
            [t('packages.packId'), <code key="id">{pack.packId}</code>],
            ...(pack.replacesPackId === null ? [] : [[t('packages.repeats'), <code key="repeats">{pack.replacesPackId}</code>] as const]),
          ]}
        />
      </Section>
      <PackageAnswer pack={pack} />
      <Section title={t('packages.files')}>
        {pack.files.length === 0 ? (
          <p className="verdict">{t('packages.noFiles')}</p>
        ) : (
          <table className="plain wide">
            <thead>
              <tr>
                <th scope="col">{t('packages.fileName')}</th>
                <th scope="col" className="number">
                  {t('packages.size')}
                </th>
                <th scope="col">SHA-256</th>
              </tr>
            </thead>
            <tbody>
              {pack.files.map((file) => (
                <tr key={file.name}>
                  <td>
                    <code>{file.name}</code>
                  </td>
                  <td className="number">{formatBytes(file.bytes, [t('unit.B'), t('unit.KB'), t('unit.MB'), t('unit.GB')], numbers)}</td>
                  <td>
                    <code className="dim">{file.sha256}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Section>
    </PageBody>
  );
}
