import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { type AppError } from '../../shared/api/errors.ts';
import { ERROR_TEXTS } from '../../shared/i18n/errors.ts';
import type { Advice } from '../../shared/i18n/language.ts';
import { useLocale } from './locale.ts';

/** What happened, what it means, what to do. */
export function AdviceText({ advice }: { readonly advice: Advice }) {
  return (
    <>
      <strong>{advice.what}.</strong> {advice.means} <span className="advice-todo">{advice.todo}</span>
    </>
  );
}

/** An error in the words of its code; the server's own message is for its log. */
export function ErrorNotice({ error, children }: { readonly error: AppError; readonly children?: ReactNode }) {
  const { t, language } = useLocale();
  // A person has stopped it: that is what was wanted, and no fault.
  if (error.code === 'api/cancelled' && error.context['isStopped'] === true) {
    return (
      <div className="notice notice-plain" role="status" data-testid="stopped">
        {t('work.stopped')} {children}
      </div>
    );
  }
  return (
    <div className="notice notice-fault" role="alert" data-testid="error" data-code={error.code}>
      <AdviceText advice={ERROR_TEXTS[error.code][language]} />
      {children}
    </div>
  );
}

export function Notice({ kind, children }: { readonly kind: 'attention' | 'ok' | 'plain'; readonly children: ReactNode }) {
  return (
    <div className={`notice notice-${kind}`} role="status">
      {children}
    </div>
  );
}

export interface EmptyStateProps {
  /** One sentence why there is nothing. */
  readonly text: string;
  /** One button what to do. */
  readonly action?: { readonly label: string; readonly href: string };
}

export function EmptyState({ text, action }: EmptyStateProps) {
  return (
    <div className="empty">
      <p>{text}</p>
      {action === undefined ? null : (
        <Button component="a" href={action.href}>
          {action.label}
        </Button>
      )}
    </div>
  );
}

/** A thin line on top of what is being asked again; the old content stays under it. */
export function ProgressLine({ isLoading }: { readonly isLoading: boolean }) {
  return <div className={isLoading ? 'progress progress-on' : 'progress'} aria-hidden="true" />;
}
