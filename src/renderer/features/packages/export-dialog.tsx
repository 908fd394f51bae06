import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { PackagePreview, PackageSummary } from '../../../shared/api/methods.ts';
import { MADE_FORMATS, MADE_KINDS, type OnecFormat, type OnecKind } from '../../../shared/api/settings.ts';
import { useAction } from '../../client/action.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Absent, Facts } from '../../ui/figures.tsx';
import { formatCount, formatDecimal } from '../../ui/format.ts';
import { useLocale } from '../../ui/locale.ts';
import { ErrorNotice, Notice, ProgressLine } from '../../ui/notices.tsx';
import { type Period, periodDays } from '../../ui/period.ts';
import { PeriodPicker } from '../../ui/period-picker.tsx';
import { addDays } from '../../ui/time.ts';
import { createExportSettingsSlice, createPreviewSlice } from './slice.ts';

export interface ExportDialogProps {
  readonly onClose: () => void;
  readonly onMade: (pack: PackageSummary) => void;
}

/** A package now: choose, look at what it would hold, confirm what is missing, make. */
export function ExportDialog({ onClose, onMade }: ExportDialogProps) {
  const { t, time } = useLocale();
  const { client, serverNow } = useServices();
  const today = time.isoDate(serverNow());
  const [kind, setKind] = useState<OnecKind>('IV');
  const [format, setFormat] = useState<OnecFormat>('csv');
  const [period, setPeriod] = useState<Period>({ kind: 'day', date: addDays(today, -1) });
  const [folder, setFolder] = useState('');
  const [isAgreed, setAgreed] = useState(false);
  const settings = useResource(createExportSettingsSlice, {});
  const usual = settings.data?.onec.folder ?? null;
  const request = { kind, ...periodDays(period), format, ...(folder.trim() === '' ? {} : { folder: folder.trim() }) };
  const preview = useResource(createPreviewSlice, request);
  const isCurrent = !preview.isLoading && JSON.stringify(preview.params) === JSON.stringify(request);
  const shown = isCurrent ? preview.data : null;
  const make = useAction(async () => onMade(await client.call('packages.make', request)));
  const needsAgreement = shown !== null && (shown.missingRows > 0 || !shown.isEnded);
  const isReady = shown !== null && (!needsAgreement || isAgreed) && (usual !== null || folder.trim() !== '');
  const change =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      setAgreed(false);
      set(value);
    };
  return (
    <Dialog title={t('packages.exportNow')} onClose={onClose}>
      <div className="form-row">
        <Select
          label={t('packages.kind')}
          data={MADE_KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
          value={kind}
          allowDeselect={false}
          onChange={(value) => change(setKind)(MADE_KINDS.find((known) => known === value) ?? kind)}
        />
        <Select
          label={t('packages.format')}
          data={MADE_FORMATS.map((value) => ({ value, label: value.toUpperCase() }))}
          value={format}
          allowDeselect={false}
          onChange={(value) => change(setFormat)(MADE_FORMATS.find((known) => known === value) ?? format)}
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
      <div className="preview" aria-live="polite">
        <ProgressLine isLoading={!isCurrent} />
        {preview.error !== null && !preview.isLoading ? <ErrorNotice error={preview.error} /> : null}
        {shown === null ? <p className="verdict">{t('packages.previewing')}</p> : <Preview preview={shown} />}
      </div>
      {needsAgreement ? (
        <Notice kind="attention">
          {shown.isEnded ? null : <p>{t('packages.notEnded')}</p>}
          {shown.missingRows === 0 ? null : <p>{t('packages.missingMeans', { count: shown.missingRows })}</p>}
          <Checkbox label={t('packages.agree')} checked={isAgreed} onChange={({ currentTarget }) => setAgreed(currentTarget.checked)} />
        </Notice>
      ) : null}
      {make.error === null ? null : <ErrorNotice error={make.error} />}
      <div className="form-actions">
        <Button variant="default" onClick={onClose}>
          {t('action.cancel')}
        </Button>
        <Button data-testid="export-confirm" disabled={!isReady} loading={make.isBusy} onClick={() => void make.run()}>
          {t('packages.make')}
        </Button>
      </div>
    </Dialog>
  );
}

function Preview({ preview }: { readonly preview: PackagePreview }) {
  const { t, numbers } = useLocale();
  const short = preview.points.filter((point) => point.missingRows > 0);
  return (
    <>
      <Facts
        rows={[
          [t('packages.rows'), formatCount(preview.rows, numbers)],
          [t('packages.missingRows'), formatCount(preview.missingRows, numbers)],
          [
            t('packages.controlSum'),
            preview.controlSum === null ? <Absent key="sum" reason={t('packages.noSum')} /> : formatDecimal(preview.controlSum, 3, numbers),
          ],
        ]}
      />
      {short.length === 0 ? null : (
        <div className="preview-points" tabIndex={0}>
          <table className="plain wide">
            <thead>
              <tr>
                <th scope="col">{t('column.point')}</th>
                <th scope="col" className="number">
                  {t('packages.rows')}
                </th>
                <th scope="col" className="number">
                  {t('packages.missingRows')}
                </th>
              </tr>
            </thead>
            <tbody>
              {short.map((point) => (
                <tr key={point.code}>
                  <td>
                    {point.name} <span className="dim">{point.code}</span>
                  </td>
                  <td className="number">{formatCount(point.rows, numbers)}</td>
                  <td className="number">{formatCount(point.missingRows, numbers)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
