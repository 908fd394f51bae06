import { Button } from '@mantine/core';
import type { PackageSummary } from '../../../shared/api/methods.ts';
import { ERROR_TEXTS, isErrorCode } from '../../../shared/i18n/errors.ts';
import { useAction } from '../../client/action.ts';
import { useServices } from '../../client/services.ts';
import { Absent, Facts } from '../../ui/figures.tsx';
import { formatBytes, formatCount, formatDecimal } from '../../ui/format.ts';
import { useLocale } from '../../ui/locale.ts';
import { AdviceText, ErrorNotice, Notice } from '../../ui/notices.tsx';
import { PageBody, Section } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { printDate } from '../../ui/time.ts';
import { packageStateMark } from './state.ts';

/** One package: what it holds, its files with their sums, and delivery once more. */
export function PackageDetails({ pack, onChange }: { readonly pack: PackageSummary; readonly onChange: () => Promise<void> }) {
  const { t, language, numbers, time } = useLocale();
  const { client } = useServices();
  const redeliver = useAction(async () => {
    await client.call('packages.redeliver', { packageId: pack.id });
    await onChange();
  });
  const failure = ERROR_TEXTS[pack.error !== null && isErrorCode(pack.error) ? pack.error : 'export/folder-unavailable'][language];
  const mayRedeliver = pack.state === 'made' || pack.state === 'failed';
  const mark = packageStateMark(pack, t);
  return (
    <PageBody>
      {pack.state === 'failed' ? (
        <Notice kind="attention">
          <AdviceText advice={failure} />
        </Notice>
      ) : null}
      {redeliver.error === null ? null : <ErrorNotice error={redeliver.error} />}
      {redeliver.isDone ? <Notice kind="ok">{t('packages.redelivered')}</Notice> : null}
      <Section
        title={`${t('packages.numbered', { number: pack.number })} · ${t(`kind.${pack.kind}`)}`}
        note={
          mayRedeliver ? (
            <Button size="compact-sm" variant="default" loading={redeliver.isBusy} onClick={() => void redeliver.run()}>
              {t('packages.redeliver')}
            </Button>
          ) : undefined
        }
      >
        <Facts
          rows={[
            [t('column.state'), <StateMark key="state" {...mark} />],
            [t('packages.receiver'), receiverName(pack.receiver)],
            [t('packages.period'), pack.from === pack.to ? printDate(pack.from) : `${printDate(pack.from)}–${printDate(pack.to)}`],
            [t('packages.rows'), formatCount(pack.rows, numbers)],
            [t('packages.missingRows'), formatCount(pack.missingRows, numbers)],
            [
              t('packages.controlSum'),
              pack.controlSum === null ? <Absent key="sum" reason={t('packages.noSum')} /> : formatDecimal(pack.controlSum, 3, numbers),
            ],
            [t('packages.mode'), t(`packages.mode_${pack.mode}`)],
            [t('packages.created'), time.dateTime(pack.createdAt)],
            [t('packages.job'), pack.job === null ? t('packages.byHand') : `${t('packages.bySchedule')} (${pack.job})`],
            [t('packages.folder'), <code key="folder">{pack.folder}</code>],
            [t('packages.packId'), <code key="id">{pack.packId}</code>],
          ]}
        />
      </Section>
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

/** Numbers are counted for `1c`; people know it by another name. */
function receiverName(receiver: string): string {
  return receiver === '1c' ? '1С' : receiver;
}
