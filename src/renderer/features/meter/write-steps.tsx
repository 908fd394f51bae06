import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { settingValue, WritePlan, WriteReport } from '../../../shared/api/meters.ts';
import { exchangeLabelText } from '../../../shared/i18n/exchange-labels.ts';
import { meterFieldName, meterValueText } from '../../../shared/i18n/meter-fields.ts';
import { WRITE_OBSTACLE_TEXTS, WRITE_OUTCOME_TEXTS, WRITE_TEXTS } from '../../../shared/i18n/meter-writes.ts';
import { useAction } from '../../client/action.ts';
import { useServices } from '../../client/services.ts';
import { Absent } from '../../ui/figures.tsx';
import { HexText } from '../../ui/hex.tsx';
import { useLocale } from '../../ui/locale.ts';
import { ErrorNotice, Notice } from '../../ui/notices.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { OUTCOME_MARKS } from './write-history.tsx';

export interface WriteStepsProps {
  readonly plan: WritePlan;
  readonly onDone: () => Promise<void>;
  readonly onDrop: () => void;
}

/** A planned write: the bytes, what stands in the way, the consequence, the confirmation, and after it the report. */
export function WriteSteps({ plan, onDone, onDrop }: WriteStepsProps) {
  const { t, language } = useLocale();
  const { client } = useServices();
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('');
  const [report, setReport] = useState<WriteReport | null>(null);
  const perform = useAction(async () => {
    setReport(
      await client.call('writes.perform', {
        planId: plan.planId,
        confirmation: typed.trim(),
        reason: reason.trim() === '' ? null : reason.trim(),
      }),
    );
    await onDone();
  });
  const text = WRITE_TEXTS[plan.write.kind][language];
  // What the reason answers is not in the way once it is given.
  const obstacles = plan.obstacles.filter((obstacle) => obstacle !== 'settlement-without-reason');
  // A plan is good for one write: after a failure another dry run says what stands in the meter.
  const isSpent = perform.error !== null;
  const isReady = !isSpent && obstacles.length === 0 && typed.trim() === plan.confirmation && (!plan.needsReason || reason.trim() !== '');
  if (report !== null) return <Report report={report} onDrop={onDrop} />;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) void perform.run();
      }}
    >
      {plan.requests.length === 0 ? null : (
        <>
          <h3>{t('writing.bytes')}</h3>
          <table className="plain wide">
            <tbody>
              {plan.requests.map((request, index) => (
                <tr key={`${index}-${request.label}`}>
                  <th scope="row">{exchangeLabelText(request.label, language)}</th>
                  <td>
                    <HexText hex={request.hex} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="dim">{t('writing.bytesNote', { level: plan.accessLevel })}</p>
          <h3>{t('writing.before')}</h3>
          <Values values={plan.before} after={null} />
        </>
      )}
      {obstacles.length === 0 ? null : (
        <Notice kind="attention">
          <strong>{t('writing.obstacles')}</strong>
          <ul className="obstacles">
            {obstacles.map((obstacle) => (
              <li key={obstacle}>{WRITE_OBSTACLE_TEXTS[obstacle][language]}</li>
            ))}
          </ul>
        </Notice>
      )}
      {obstacles.length > 0 ? null : (
        <div className="write-confirm">
          <p>
            <strong>{text.name}.</strong> {text.consequence} {t('writing.once')}
          </p>
          {plan.needsReason ? (
            <TextInput
              label={t('writing.reason')}
              description={t('writing.reasonHint')}
              value={reason}
              maxLength={500}
              data-testid="write-reason"
              onChange={({ currentTarget }) => setReason(currentTarget.value)}
            />
          ) : null}
          <TextInput
            className="form-field"
            label={t('writing.confirm', { serial: plan.confirmation })}
            autoComplete="off"
            value={typed}
            data-testid="write-confirmation"
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          />
        </div>
      )}
      {perform.error === null ? null : <ErrorNotice error={perform.error} />}
      <div className="form-actions">
        <Button variant="default" onClick={onDrop}>
          {t(isSpent ? 'action.close' : 'action.cancel')}
        </Button>
        <Button type="submit" color="red" data-testid="write-perform" disabled={!isReady} loading={perform.isBusy}>
          {t('writing.perform')}
        </Button>
      </div>
    </form>
  );
}

function Report({ report, onDrop }: { readonly report: WriteReport; readonly onDrop: () => void }) {
  const { t, language } = useLocale();
  return (
    <div data-testid="write-report">
      <Notice kind={report.outcome === 'done' ? 'ok' : 'attention'}>
        <StateMark state={OUTCOME_MARKS[report.outcome]} label={WRITE_OUTCOME_TEXTS[report.outcome][language]} />
        {report.status === null || report.status === 0 ? null : <div>{t('writing.status', { status: report.status })}</div>}
        <div className="dim">{t('writing.recorded', { id: report.auditId })}</div>
      </Notice>
      <Values values={report.before} after={report.after} />
      <div className="form-actions">
        <Button variant="default" onClick={onDrop}>
          {t('action.close')}
        </Button>
      </div>
    </div>
  );
}

type Value = ReturnType<(typeof settingValue)['parse']>;

/** Settings before, and after when there is an after. */
function Values({ values, after }: { readonly values: readonly Value[]; readonly after: readonly Value[] | null }) {
  const { t, language } = useLocale();
  const print = (value: Value | undefined) =>
    value === undefined || value.value === null ? (
      <Absent reason={t('meter.notTold')} />
    ) : (
      meterValueText({ ...value, value: value.value }, language)
    );
  if (values.length === 0 && (after ?? []).length === 0) return <p className="verdict dim">{t('writing.noBefore')}</p>;
  const names = [...new Set([...values, ...(after ?? [])].map(({ name }) => name))];
  return (
    <table className="plain wide">
      <thead>
        <tr>
          <th scope="col">{t('why.field')}</th>
          <th scope="col">{t('writing.was')}</th>
          {after === null ? null : <th scope="col">{t('writing.is')}</th>}
        </tr>
      </thead>
      <tbody>
        {names.map((name) => (
          <tr key={name}>
            <th scope="row" title={name}>
              {meterFieldName(name, language)}
            </th>
            <td>{print(values.find((value) => value.name === name))}</td>
            {after === null ? null : <td>{print(after.find((value) => value.name === name))}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
