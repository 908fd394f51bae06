import { Button, FileButton } from '@mantine/core';
import { useState } from 'react';
import type { AppError } from '../../../shared/api/errors.ts';
import type { ImportResult } from '../../../shared/api/methods.ts';
import { importFaultText } from '../../../shared/i18n/import-columns.ts';
import { routeHref } from '../../app/routes.ts';
import { useAction } from '../../client/action.ts';
import { useServices } from '../../client/services.ts';
import { saveFile } from '../../ui/clipboard.ts';
import { Facts } from '../../ui/figures.tsx';
import { formatCount } from '../../ui/format.ts';
import { useLocale } from '../../ui/locale.ts';
import { ErrorNotice, Notice } from '../../ui/notices.tsx';
import { base64, type ImportFaultRow, importFaults } from './slice.ts';

interface Checked {
  readonly name: string;
  readonly fileBase64: string;
  readonly result: ImportResult | null;
}

/** A file a person can fill in: header, a row with a link and one without. */
const SAMPLE = [
  'substation;point_code;point_name;line;driver;address;serial;password;access_level;ct_ratio;vt_ratio;role;scheme',
  'ТП-1;TP1-V1;Ввод 1;tcp:10.0.0.5:4001:9600-8N1;mercury-23x;21;01234567;;1;600/5;1;settlement;3CT',
  'ТП-1;TP1-O5;Освещение склада;;manual;;01234568;;;1;1;technical;direct',
  '',
].join('\r\n');

/** Choose a file, see what it would change or what is wrong in it, take it. */
export function ImportPanel() {
  const { t, numbers } = useLocale();
  const { client } = useServices();
  const [checked, setChecked] = useState<Checked | null>(null);
  const [done, setDone] = useState<ImportResult | null>(null);
  const check = useAction(async (file: File) => {
    setDone(null);
    const fileBase64 = base64(new Uint8Array(await file.arrayBuffer()));
    setChecked({ name: file.name, fileBase64, result: null });
    setChecked({ name: file.name, fileBase64, result: await client.call('import.check', { fileBase64 }) });
  });
  const apply = useAction(async (fileBase64: string) => {
    setDone(await client.call('import.apply', { fileBase64 }));
    setChecked(null);
  });
  const error = check.error ?? apply.error;
  return (
    <div className="import">
      <div className="form-line">
        <FileButton
          accept=".csv,text/csv,text/plain"
          onChange={(file) => {
            apply.reset();
            if (file !== null) void check.run(file);
          }}
        >
          {(props) => (
            <Button {...props} variant={checked?.result == null ? 'filled' : 'default'} loading={check.isBusy} data-testid="import-choose">
              {t('setup.choose')}
            </Button>
          )}
        </FileButton>
        <button type="button" className="link" onClick={() => saveFile('points.csv', `\uFEFF${SAMPLE}`)}>
          {t('setup.sample')}
        </button>
        {checked === null ? null : <code>{checked.name}</code>}
      </div>
      {error === null ? null : <Faults error={error} />}
      {checked === null || checked.result === null || error !== null ? null : (
        <>
          <Facts
            rows={[
              [t('setup.rows'), formatCount(checked.result.points, numbers)],
              [t('setup.added'), formatCount(checked.result.added, numbers)],
              [t('setup.unchanged'), formatCount(checked.result.unchanged, numbers)],
              [t('setup.lines'), formatCount(checked.result.lines, numbers)],
            ]}
          />
          {checked.result.warnings.length === 0 ? null : <Notice kind="attention">{t('setup.warnings')}</Notice>}
          <FaultTable faults={checked.result.warnings} id="import-warnings" />
          {checked.result.added === 0 ? (
            <Notice kind="plain">{t('setup.nothingNew')}</Notice>
          ) : (
            <Button data-testid="import-apply" loading={apply.isBusy} onClick={() => void apply.run(checked.fileBase64)}>
              {t('setup.apply', { count: checked.result.added })}
            </Button>
          )}
        </>
      )}
      {done === null ? null : (
        <Notice kind="ok">
          {t('setup.applied', { count: done.added })} <a href={routeHref('live')}>{t('nav.live')}</a>
        </Notice>
      )}
    </div>
  );
}

function Faults({ error }: { readonly error: AppError }) {
  return (
    <>
      <ErrorNotice error={error} />
      <FaultTable faults={importFaults(error.context)} id="import-faults" />
    </>
  );
}

function FaultTable({ faults, id }: { readonly faults: readonly ImportFaultRow[]; readonly id: string }) {
  const { t, language } = useLocale();
  if (faults.length === 0) return null;
  return (
    <table className="plain wide" data-testid={id}>
      <thead>
        <tr>
          <th scope="col" className="number">
            {t('setup.faultLine')}
          </th>
          <th scope="col">{t('setup.faultColumn')}</th>
          <th scope="col">{t('setup.faultRule')}</th>
        </tr>
      </thead>
      <tbody>
        {faults.map((fault, index) => (
          <tr key={`${fault.line}-${fault.column}-${index}`} title={fault.message}>
            <td className="number">{fault.line}</td>
            <td>
              <code>{fault.column === '' ? t('setup.wholeRow') : fault.column}</code>
            </td>
            <td>{importFaultText(fault, language)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
