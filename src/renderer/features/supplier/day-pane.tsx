import { Button } from '@mantine/core';
import { Fragment } from 'react';
import type { SupplierDay, SupplierFileCard, SupplierPreview } from '../../../shared/api/supplier.ts';
import { routeHref } from '../../app/routes.ts';
import { useAction } from '../../client/action.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { SidePane } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/figures.tsx';
import { formatBytes, formatDecimal } from '../../ui/format.ts';
import { type Locale, useLocale } from '../../ui/locale.ts';
import { ErrorNotice, Notice, ProgressLine } from '../../ui/notices.tsx';
import { Section } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { printDate } from '../../ui/time.ts';
import { saveBase64 } from './bytes.ts';
import { createFileSlice, createPreviewSlice, dayMark, fileNote, groupedReasons, markOfDay, replyText } from './slice.ts';
import { ReasonTable } from './reasons.tsx';

export interface DayPaneProps {
  readonly day: SupplierDay;
  /** False while the settings of the file lack something: then there is nothing to try. */
  readonly isSetUp: boolean;
  readonly settingsHref: string;
  readonly onClose: () => void;
  readonly onChange: () => Promise<void>;
}

/** One day: what making its file would come to, what holds it, the file with its way, and what can be done. */
export function DayPane({ day, isSetUp, settingsHref, onClose, onChange }: DayPaneProps) {
  const locale = useLocale();
  const { t } = locale;
  const { client } = useServices();
  const preview = useResource(createPreviewSlice, isSetUp ? { day: day.day } : null, { on: ['supplier.changed'] });
  const card = useResource(createFileSlice, day.file === null ? null : { fileId: day.file.id }, { on: ['supplier.changed'] });
  const make = useAction(async () => {
    await client.call('supplier.make', { day: day.day });
    await Promise.all([onChange(), preview.load({ day: day.day })]);
  });
  const repeat = useAction(async (fileId: number) => {
    await client.call('supplier.repeat', { fileId });
    await onChange();
  });
  const download = useAction(async (fileId: number) => {
    for (const { name, base64 } of await client.call('supplier.download', { fileId })) saveBase64(name, base64);
  });
  const shown = preview.data?.day === day.day ? preview.data : null;
  const file = day.file !== null && card.data?.file.id === day.file.id ? card.data : null;
  const error = make.error ?? repeat.error ?? download.error ?? preview.error;
  const makeLabel =
    shown?.outcome === 'correction' ? 'supplier.makeCorrection' : shown?.outcome === 'held' ? 'supplier.makeHeld' : 'supplier.make';
  return (
    <SidePane title={t('supplier.pane', { day: printDate(day.day) })} onClose={onClose}>
      <ProgressLine isLoading={preview.isLoading || card.isLoading} />
      <div className="supplier-state">
        <StateMark {...markOfDay(day, t)} />
        {day.file === null ? null : <span className="dim">{fileNote(day.file, t, locale.language)}</span>}
      </div>
      {isSetUp ? null : (
        <Notice kind="attention">
          <strong>{t('supplier.problems')}.</strong> {t('supplier.setUpFirst')} <a href={settingsHref}>{t('supplier.toSettings')}</a>
        </Notice>
      )}
      {error === null ? null : <ErrorNotice error={error} />}
      {repeat.isDone ? <Notice kind="ok">{t('supplier.repeated')}</Notice> : null}
      {shown === null ? null : (
        <Section title={t('supplier.would')}>
          <p>{t(`supplier.outcome.${shown.outcome}`, { number: shown.number ?? '' })}</p>
          {shown.changedDays.length === 0 ? null : (
            <Notice kind="attention">{t('supplier.changedDays', { days: shown.changedDays.map(printDate).join(', ') })}</Notice>
          )}
          {shown.leftOut.length === 0 ? null : (
            <p className="dim">{t('supplier.leftOut', { names: shown.leftOut.map(({ name }) => name).join(', ') })}</p>
          )}
          <div className="form-actions">
            {day.file === null ? null : (
              <>
                <Button variant="default" loading={download.isBusy} onClick={() => void download.run(day.file?.id ?? 0)}>
                  {t('supplier.download')}
                </Button>
                <Button
                  variant="default"
                  data-testid="supplier-repeat"
                  loading={repeat.isBusy}
                  onClick={() => void repeat.run(day.file?.id ?? 0)}
                >
                  {t('supplier.repeat')}
                </Button>
              </>
            )}
            {shown.outcome === 'same' ? null : (
              <Button data-testid="supplier-make" loading={make.isBusy} onClick={() => void make.run()}>
                {t(makeLabel)}
              </Button>
            )}
          </div>
        </Section>
      )}
      {shown === null || shown.reasons.length === 0 ? null : (
        <Section title={t('supplier.reasons')} note={t('supplier.reasonsFound', { count: groupedReasons(shown.reasons).length })}>
          <ReasonTable reasons={shown.reasons} day={day.day} />
          <p className="dim">{t('supplier.whatToDo')}</p>
          <p className="supplier-ways">
            <a href={routeHref('completeness', null, { period: 'day', date: day.day })}>{t('nav.completeness')}</a>
            <a href={routeHref('closing', null, { date: day.day })}>{t('closing.tabs.gaps')}</a>
            <a href={settingsHref}>{t('exchange.layout')}</a>
          </p>
        </Section>
      )}
      {file === null ? null : <FileCard card={file} locale={locale} />}
      {shown === null || shown.points.length === 0 ? null : <Contents preview={shown} locale={locale} />}
    </SidePane>
  );
}

function FileCard({ card, locale }: { readonly card: SupplierFileCard; readonly locale: Locale }) {
  const { t, language, numbers, time } = locale;
  const { file, steps, parts, replies, others } = card;
  const sizes = [t('unit.B'), t('unit.KB'), t('unit.MB'), t('unit.GB')] as const;
  return (
    <>
      <Section title={t('supplier.theFile')}>
        <Facts
          rows={[
            [t('supplier.name'), <code key="name">{file.name}</code>],
            [t('supplier.number'), file.number],
            [t('supplier.layout'), file.messageClass],
            [t('supplier.stamp'), <code key="stamp">{file.timestamp}</code>],
            [t('supplier.job'), t(file.job === null ? 'packages.byHand' : 'packages.bySchedule')],
            [t('supplier.signed'), t(file.isSigned ? 'supplier.yes' : 'supplier.no')],
            ...(file.folder === null
              ? []
              : [
                  [
                    t('supplier.folder'),
                    `${file.folder} – ${file.folderAt === null ? t('supplier.notYet') : time.dateTime(file.folderAt)}`,
                  ] as const,
                ]),
            [
              t('supplier.mail'),
              !file.isMailed ? t('supplier.notMailed') : file.mailAt === null ? t('supplier.notYet') : time.dateTime(file.mailAt),
            ],
          ]}
        />
      </Section>
      <Section title={t('supplier.history')}>
        <table className="plain">
          <tbody>
            {steps.map((step, index) => (
              <tr key={`${step.at} ${index}`}>
                <td>{time.dateTime(step.at)}</td>
                <td>
                  <StateMark {...dayMark(step.state, t)} />
                </td>
                <td>{fileNote(step, t, language)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
      <Section title={t('supplier.parts')}>
        <table className="plain wide">
          <tbody>
            {parts.map((part) => (
              <tr key={part.name} title={`SHA-256 ${part.sha256}`}>
                <td>
                  <code>{part.name}</code>
                </td>
                <td className="number">{formatBytes(part.bytes, sizes, numbers)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
      {replies.length === 0 ? null : (
        <Section title={t('supplier.replies')}>
          <table className="plain wide">
            <tbody>
              {replies.map((reply) => (
                <tr key={`${reply.name} ${reply.seenAt}`}>
                  <td>{time.dateTime(reply.seenAt)}</td>
                  <td>{replyText(reply.status, t)}</td>
                  <td>
                    <code>{reply.name}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Section>
      )}
      {others.length === 0 ? null : (
        <Section title={t('supplier.others')}>
          <table className="plain wide">
            <tbody>
              {others.map((other) => (
                <tr key={other.id}>
                  <td className="number">{other.number}</td>
                  <td>{time.dateTime(other.madeAt)}</td>
                  <td>
                    <StateMark {...dayMark(other.state, t)} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Section>
      )}
    </>
  );
}

/** Sums of the file by point and channel: as printed, exact, and what goes over. */
function Contents({ preview, locale: { t, numbers } }: { readonly preview: SupplierPreview; readonly locale: Locale }) {
  return (
    <Section title={t('supplier.contents')}>
      <table className="plain wide" data-testid="supplier-contents">
        <thead>
          <tr>
            <th scope="col">{t('supplier.point')}</th>
            <th scope="col">{t('supplier.channel')}</th>
            <th scope="col" className="number">
              {t('supplier.printed')}
            </th>
            <th scope="col" className="number">
              {t('supplier.exact')}
            </th>
            <th scope="col" className="number" title={t('supplier.carryHint')}>
              {t('supplier.carry')}
            </th>
          </tr>
        </thead>
        <tbody>
          {preview.points.map((point) => (
            <Fragment key={point.code}>
              {point.channels.map((one, index) => (
                <tr key={one.channel}>
                  <td>
                    {index > 0 ? null : (
                      <>
                        {point.name} <span className="dim">{point.code}</span>
                      </>
                    )}
                  </td>
                  <td>{one.channel}</td>
                  <td className="number">{formatDecimal(one.sum, one.sum.split('.')[1]?.length ?? 0, numbers)}</td>
                  <td className="number">{formatDecimal(one.exact, 3, numbers)}</td>
                  <td className="number">{formatDecimal(one.carry, 3, numbers)}</td>
                </tr>
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
