import { Button } from '@mantine/core';
import { useState } from 'react';
import { FIRST_RECEIVER, type Receiver, receiversOf } from '../../../shared/api/receivers.ts';
import { useResource } from '../../client/resource.ts';
import { Absent } from '../../ui/figures.tsx';
import { type Locale, useLocale } from '../../ui/locale.ts';
import { ErrorNotice, ProgressLine } from '../../ui/notices.tsx';
import { PageBody, Section } from '../../ui/page.tsx';
import { newReceiver } from './receiver-draft.ts';
import { ReceiverForm } from './receiver-form.tsx';
import { createExportSettingsSlice } from './slice.ts';

/** Who takes packages, where they lie, and what they look like. */
export function ReceiversTab() {
  const locale = useLocale();
  const { t } = locale;
  const { data, error, isLoading, load } = useResource(createExportSettingsSlice, {});
  const [open, setOpen] = useState<{ readonly receiver: Receiver; readonly isNew: boolean } | null>(null);
  return (
    <>
      <ProgressLine isLoading={isLoading} />
      {error === null ? null : <ErrorNotice error={error} />}
      {data === null ? null : (
        <PageBody>
          <Section
            title={t('receivers.table')}
            note={
              <Button
                size="compact-sm"
                variant="default"
                data-testid="receiver-add"
                onClick={() => setOpen({ receiver: newReceiver(data, ''), isNew: true })}
              >
                {t('receivers.add')}
              </Button>
            }
          >
            <div className="jobs-scroll">
              <table className="plain wide jobs-table" data-testid="table-receivers">
                <thead>
                  <tr>
                    <th scope="col">{t('receivers.name')}</th>
                    <th scope="col">{t('receivers.folder')}</th>
                    <th scope="col">{t('receivers.kinds')}</th>
                    <th scope="col">{t('receivers.formats')}</th>
                    <th scope="col">{t('receivers.acks')}</th>
                    <td />
                  </tr>
                </thead>
                <tbody>
                  {receiversOf(data).map((receiver) => (
                    <ReceiverRow
                      key={receiver.id}
                      receiver={receiver}
                      locale={locale}
                      onChange={() => setOpen({ receiver, isNew: false })}
                    />
                  ))}
                </tbody>
              </table>
            </div>
          </Section>
        </PageBody>
      )}
      {open === null || data === null ? null : (
        <ReceiverForm
          {...open}
          settings={data}
          onClose={() => setOpen(null)}
          onSaved={() => {
            setOpen(null);
            void load({});
          }}
        />
      )}
    </>
  );
}

interface ReceiverRowProps {
  readonly receiver: Receiver;
  readonly locale: Locale;
  readonly onChange: () => void;
}

function ReceiverRow({ receiver, locale: { t }, onChange }: ReceiverRowProps) {
  const { acknowledges, formats } = receiver;
  return (
    <tr>
      <th scope="row">
        <button type="button" className="cell-button" onClick={onChange}>
          {receiver.name}
        </button>
        <div className="dim">{receiver.id === FIRST_RECEIVER ? t('receivers.first') : receiver.id}</div>
      </th>
      <td className="folder-cell">
        {receiver.folder === null ? <Absent reason={t('receivers.noFolder')} /> : <code>{receiver.folder}</code>}
      </td>
      <td>{receiver.kinds.map((kind) => t(`kind.${kind}`)).join(', ')}</td>
      <td className="nowrap">
        {formats.join(', ').toUpperCase()}
        {formats.includes('csv') ? <div className="dim">{receiver.encoding}</div> : null}
      </td>
      <td className="nowrap">{acknowledges.isExpected ? t('receivers.within', { hours: acknowledges.withinH }) : t('receivers.noAcks')}</td>
      <td className="row-actions">
        <Button size="compact-xs" variant="subtle" onClick={onChange} data-testid={`receiver-edit-${receiver.id}`}>
          {t('jobs.change')}
        </Button>
      </td>
    </tr>
  );
}
