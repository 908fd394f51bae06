/** Every decision has an author and a reason: the same fields under each of them. */
import { Button, TextInput } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import type { AppError } from '../../../shared/api/errors.ts';
import { MONTH_CLOSED } from '../../../shared/domain/closing.ts';
import { useAction } from '../../client/action.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { useLocale } from '../../ui/locale.ts';
import { ErrorNotice, Notice } from '../../ui/notices.tsx';
import { monthText } from './slice.ts';

export interface Decision {
  readonly author: string;
  readonly reason: string;
  readonly document: string | null;
}

/** Who decides is remembered by the browser, not by the server: there are no accounts yet. */
export function useAuthor() {
  return useLocalStorage({ key: 'feeder-author', defaultValue: '', getInitialValueInEffect: false });
}

export interface DecideDialogProps {
  readonly title: string;
  readonly confirm: string;
  readonly hasDocument?: boolean;
  /** What will happen, in words and figures. */
  readonly children: ReactNode;
  readonly isReady?: boolean;
  readonly onClose: () => void;
  /** Rejects with AppError; the dialog stays open then. */
  readonly onDecide: (decision: Decision) => Promise<void>;
}

export function DecideDialog({ title, confirm, hasDocument = false, children, isReady = true, onClose, onDecide }: DecideDialogProps) {
  const { t } = useLocale();
  const [author, setAuthor] = useAuthor();
  const [reason, setReason] = useState('');
  const [document, setDocument] = useState('');
  const decide = useAction(async () => {
    await onDecide({ author: author.trim(), reason: reason.trim(), document: document.trim() === '' ? null : document.trim() });
    onClose();
  });
  const isComplete = author.trim() !== '' && reason.trim() !== '' && isReady;
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isComplete) void decide.run();
        }}
      >
        {children}
        <div className="form-row">
          <AuthorInput value={author} onChange={setAuthor} />
          {hasDocument ? (
            <TextInput
              label={t('closing.form.document')}
              placeholder={t('closing.form.documentHint')}
              maxLength={500}
              value={document}
              onChange={({ currentTarget }) => setDocument(currentTarget.value)}
            />
          ) : null}
        </div>
        <TextInput
          className="form-field"
          label={t('closing.form.reason')}
          placeholder={t('closing.form.reasonHint')}
          required
          maxLength={500}
          value={reason}
          data-autofocus
          data-testid="decide-reason"
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
        />
        {decide.error === null ? null : <DeskError error={decide.error} />}
        <div className="form-actions">
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" data-testid="decide" disabled={!isComplete} loading={decide.isBusy}>
            {confirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

export interface AuthorInputProps {
  /** Instead of the ordinary one. */
  readonly label?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function AuthorInput({ label, value, onChange }: AuthorInputProps) {
  const { t } = useLocale();
  return (
    <TextInput
      label={label ?? t('closing.form.author')}
      placeholder={t('closing.form.authorHint')}
      required
      maxLength={100}
      value={value}
      data-testid="decide-author"
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

export interface DeskErrorProps {
  readonly error: AppError;
  /** What a contradiction means here; figures that have changed when not given. */
  readonly conflict?: string;
}

/** A month that is closed and figures that have changed have their own words. */
export function DeskError({ error, conflict }: DeskErrorProps) {
  const locale = useLocale();
  const { t } = locale;
  const { obstacle, month } = error.context;
  if (obstacle === MONTH_CLOSED && typeof month === 'string') {
    return <Notice kind="attention">{t('closing.form.monthClosed', { month: monthText(month, locale) })}</Notice>;
  }
  if (error.code === 'api/conflict') return <Notice kind="attention">{conflict ?? t('closing.form.stale')}</Notice>;
  return <ErrorNotice error={error} />;
}
