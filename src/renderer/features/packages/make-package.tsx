import { Button, Checkbox, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { PackageSummary } from '../../../shared/api/methods.ts';
import { ONEC_KINDS, type OnecFormat, type OnecKind, receiversOf } from '../../../shared/api/receivers.ts';
import { MADE_FORMATS } from '../../../shared/api/settings.ts';
import { useAction } from '../../client/action.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { useWorks } from '../../client/works.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { useLocale } from '../../ui/locale.ts';
import { ErrorNotice, Notice, ProgressLine } from '../../ui/notices.tsx';
import { type Period, periodDays } from '../../ui/period.ts';
import { PeriodPicker } from '../../ui/period-picker.tsx';
import { WorkBars } from '../../ui/work-bars.tsx';
import type { MakeDraft } from './make-draft.ts';
import { MakePreview } from './make-preview.tsx';
import { receiverChoices } from './receivers.ts';
import { createExportSettingsSlice, createPreviewSlice } from './slice.ts';

export interface MakePackageProps {
  /** What stands in the form at first. */
  readonly draft: MakeDraft;
  readonly onMade: (pack: PackageSummary) => void;
  /** Lets go of the form; without it there is no button for it. */
  readonly onClose?: () => void;
}

/** The form in a window of its own. */
export function MakePackageDialog({ onClose, ...props }: MakePackageProps & { readonly onClose: () => void }) {
  const { t } = useLocale();
  return (
    <Dialog title={t('packages.exportNow')} onClose={onClose}>
      <MakePackage {...props} onClose={onClose} />
    </Dialog>
  );
}

const ALL_FORMATS = 'all';
const WORKS = ['package-preview', 'package'] as const;

/** A package now: choose, look at what it would hold and change, confirm what is missing, make. */
export function MakePackage({ draft, onClose, onMade }: MakePackageProps) {
  const { t, time } = useLocale();
  const { client, serverNow } = useServices();
  const today = time.isoDate(serverNow());
  const [receiver, setReceiver] = useState(draft.receiver);
  const [wantedKind, setKind] = useState<OnecKind>(ONEC_KINDS.find((known) => known === draft.kind) ?? 'IV');
  const [mode, setMode] = useState<PackageSummary['mode']>('full');
  const [format, setFormat] = useState<OnecFormat | null>(null);
  const [period, setPeriod] = useState<Period>({ kind: draft.from === draft.to ? 'day' : 'month', date: draft.from });
  const [folder, setFolder] = useState('');
  const [isAgreed, setAgreed] = useState(false);
  const settings = useResource(createExportSettingsSlice, {});
  const chosen = settings.data === null ? undefined : receiversOf(settings.data).find(({ id }) => id === receiver);
  const kinds = chosen?.kinds ?? ONEC_KINDS;
  const kind = kinds.find((known) => known === wantedKind) ?? kinds[0] ?? wantedKind;
  const formats = chosen?.formats ?? ['csv'];
  const usual = chosen?.folder ?? null;
  const question = { receiver, kind, mode, ...periodDays(period), ...(format === null ? {} : { format }) };
  const preview = useResource(createPreviewSlice, settings.data === null ? null : question);
  const isCurrent = !preview.isLoading && JSON.stringify(preview.params) === JSON.stringify(question);
  const shown = isCurrent && preview.error === null ? preview.data : null;
  const make = useAction(async () =>
    onMade(await client.call('packages.make', { ...question, ...(folder.trim() === '' ? {} : { folder: folder.trim() }) })),
  );
  const works = useWorks(WORKS);
  const isEmpty = shown !== null && mode === 'delta' && shown.rows === 0;
  const needsAgreement = shown !== null && !isEmpty && (shown.missingRows > 0 || !shown.isEnded);
  const isReady = shown !== null && !isEmpty && (!needsAgreement || isAgreed) && (usual !== null || folder.trim() !== '');
  const change =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      setAgreed(false);
      make.reset();
      set(value);
    };
  return (
    <div className={onClose === undefined ? 'make-package make-wide' : 'make-package'}>
      <div className="make-form">
        <div className="form-row">
          <Select
            label={t('packages.receiver')}
            data={settings.data === null ? [] : receiverChoices(settings.data)}
            value={receiver}
            allowDeselect={false}
            onChange={(value) => change(setReceiver)(value ?? receiver)}
          />
          <Select
            label={t('packages.kind')}
            data={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
            value={kind}
            allowDeselect={false}
            onChange={(value) => change(setKind)(ONEC_KINDS.find((known) => known === value) ?? kind)}
          />
        </div>
        <div className="form-row">
          <div>
            <span className="form-label">{t('packages.mode')}</span>
            <SegmentedControl
              size="xs"
              aria-label={t('packages.mode')}
              value={kind === 'RF' ? 'full' : mode}
              disabled={kind === 'RF'}
              onChange={(value) => change(setMode)(value === 'delta' ? 'delta' : 'full')}
              data={[
                { value: 'full', label: t('handover.make.full') },
                { value: 'delta', label: t('handover.make.delta') },
              ]}
            />
          </div>
          <Select
            label={t('packages.format')}
            data={[
              { value: ALL_FORMATS, label: t('handover.make.allFormats', { formats: formats.join(', ').toUpperCase() }) },
              ...MADE_FORMATS.map((value) => ({ value, label: value.toUpperCase() })),
            ]}
            value={format ?? ALL_FORMATS}
            allowDeselect={false}
            onChange={(value) => change(setFormat)(MADE_FORMATS.find((known) => known === value) ?? null)}
          />
        </div>
        <div className="form-field">
          <span className="form-label">{t('packages.period')}</span>
          <PeriodPicker period={period} kinds={['day', 'month']} today={today} onChange={change(setPeriod)} />
        </div>
        <TextInput
          label={t('packages.folder')}
          placeholder={usual ?? ''}
          description={usual === null ? t('packages.folderUnset') : t('packages.folderUsual')}
          value={folder}
          onChange={({ currentTarget }) => setFolder(currentTarget.value)}
        />
      </div>
      <div className="preview" aria-live="polite">
        <ProgressLine isLoading={preview.isLoading || settings.isLoading} />
        <WorkBars items={works.items} onStop={works.stop} />
        {preview.error !== null && !preview.isLoading ? (
          <ErrorNotice error={preview.error}>
            <Button size="compact-xs" variant="default" onClick={() => void preview.load(question)}>
              {t('work.again')}
            </Button>
          </ErrorNotice>
        ) : null}
        {shown !== null ? (
          <MakePreview preview={shown} />
        ) : preview.error === null ? (
          <p className="verdict">{t('packages.previewing')}</p>
        ) : null}
        {needsAgreement ? (
          <Notice kind="attention">
            {shown.isEnded ? null : <p>{t('packages.notEnded')}</p>}
            {shown.missingRows === 0 ? null : <p>{t('packages.missingMeans', { count: shown.missingRows })}</p>}
            <Checkbox label={t('packages.agree')} checked={isAgreed} onChange={({ currentTarget }) => setAgreed(currentTarget.checked)} />
          </Notice>
        ) : null}
        {make.error === null ? null : <ErrorNotice error={make.error} />}
        <div className="form-actions">
          {onClose === undefined ? null : (
            <Button variant="default" onClick={onClose}>
              {t('action.cancel')}
            </Button>
          )}
          <Button data-testid="export-confirm" disabled={!isReady} loading={make.isBusy} onClick={() => void make.run()}>
            {t('packages.make')}
          </Button>
        </div>
      </div>
    </div>
  );
}
