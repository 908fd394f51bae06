import { Button, Checkbox, NumberInput, PasswordInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { MAIL_SECURITIES, MailDelivery } from '../../../shared/api/settings-80020.ts';
import { useAction } from '../../client/action.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { useLocale } from '../../ui/locale.ts';
import { ErrorNotice } from '../../ui/notices.tsx';
import { createMonthSlice } from './slice.ts';

const NEW_MAIL: MailDelivery = { host: '', port: 587, security: 'starttls', user: '', from: '', to: [], subject: '{class} {sender}' };
const SUBJECT_FIELDS = ['class', 'inn', 'day', 'number', 'aiis', 'sender', 'file'].map((field) => `{${field}}`).join(' ');
const USUAL_PORTS = { none: 25, starttls: 587, tls: 465 } as const;

export interface MailFormProps {
  readonly mail: MailDelivery | null;
  /** Paths of the settings that are not taken as they are. */
  readonly faulty: ReadonlySet<string>;
  readonly securities: typeof MAIL_SECURITIES;
  readonly onChange: (mail: MailDelivery | null) => void;
}

/** The letter: server, account, addresses. The password is kept apart and never comes back. */
export function MailForm({ mail, faulty, securities, onChange }: MailFormProps) {
  const { t } = useLocale();
  const change = (part: Partial<MailDelivery>) => onChange({ ...(mail ?? NEW_MAIL), ...part });
  const isFaulty = (field: string) => [...faulty].some((path) => path.startsWith(`delivery.mail.${field}`));
  const labels = { none: t('supplierForm.securityNone'), starttls: t('supplierForm.securityStart'), tls: t('supplierForm.securityTls') };
  const usesUsualPort = mail !== null && Object.values(USUAL_PORTS).some((port) => port === mail.port);
  return (
    <>
      <Checkbox
        mt={8}
        label={t('supplierForm.mail')}
        data-testid="supplier-mail"
        checked={mail !== null}
        onChange={({ currentTarget }) => onChange(currentTarget.checked ? NEW_MAIL : null)}
      />
      {mail === null ? null : (
        <>
          <div className="form-row">
            <TextInput
              label={t('supplierForm.host')}
              value={mail.host}
              error={isFaulty('host')}
              onChange={({ currentTarget }) => change({ host: currentTarget.value.trim() })}
            />
            <div className="form-row">
              <Select
                label={t('supplierForm.security')}
                data={securities.map((value) => ({ value, label: labels[value] }))}
                value={mail.security}
                allowDeselect={false}
                onChange={(value) => {
                  const security = securities.find((known) => known === value) ?? mail.security;
                  change({ security, ...(usesUsualPort ? { port: USUAL_PORTS[security] } : {}) });
                }}
              />
              <NumberInput
                size="xs"
                label={t('supplierForm.port')}
                min={1}
                max={65_535}
                clampBehavior="strict"
                allowDecimal={false}
                value={mail.port}
                onChange={(value) => change({ port: Number(value) })}
              />
            </div>
          </div>
          <div className="form-row">
            <TextInput
              label={t('supplierForm.user')}
              description={t('supplierForm.userHint')}
              autoComplete="off"
              value={mail.user}
              onChange={({ currentTarget }) => change({ user: currentTarget.value })}
            />
            <MailPassword isNeeded={mail.user !== ''} />
          </div>
          <div className="form-row">
            <TextInput
              label={t('supplierForm.from')}
              description={'\u00a0'}
              value={mail.from}
              error={isFaulty('from')}
              onChange={({ currentTarget }) => change({ from: currentTarget.value.trim() })}
            />
            <TextInput
              label={t('supplierForm.to')}
              description={t('supplierForm.toHint')}
              value={mail.to.join(', ')}
              error={isFaulty('to')}
              onChange={({ currentTarget }) => change({ to: currentTarget.value.split(/[,;]\s*/) })}
            />
          </div>
          <TextInput
            className="form-field"
            label={t('supplierForm.subject')}
            description={t('supplierForm.subjectHint', { fields: SUBJECT_FIELDS })}
            value={mail.subject}
            maxLength={200}
            onChange={({ currentTarget }) => change({ subject: currentTarget.value })}
          />
        </>
      )}
    </>
  );
}

function MailPassword({ isNeeded }: { readonly isNeeded: boolean }) {
  const { t, time } = useLocale();
  const { client, serverNow } = useServices();
  const month = { month: time.isoDate(serverNow()).slice(0, 7) };
  const { data, load } = useResource(createMonthSlice, month);
  const [password, setPassword] = useState('');
  const save = useAction(async (next: string) => {
    await client.call('supplier.setMailPassword', { password: next });
    setPassword('');
    await load(month);
  });
  return (
    <div>
      <PasswordInput
        label={t('supplierForm.password')}
        description={t(data?.hasMailPassword === true ? 'supplierForm.passwordSet' : 'supplierForm.passwordUnset')}
        autoComplete="new-password"
        disabled={!isNeeded}
        value={password}
        onChange={({ currentTarget }) => setPassword(currentTarget.value)}
      />
      {save.error === null ? null : <ErrorNotice error={save.error} />}
      {password === '' ? (
        save.isDone ? (
          <span className="dim">{t('supplierForm.passwordSaved')}</span>
        ) : null
      ) : (
        <Button mt={4} size="compact-xs" variant="default" loading={save.isBusy} onClick={() => void save.run(password)}>
          {t('supplierForm.savePassword')}
        </Button>
      )}
    </div>
  );
}
