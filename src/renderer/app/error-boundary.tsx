import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { AppError, asAppError } from '../../shared/api/errors.ts';
import { ErrorNotice } from '../ui/notices.tsx';
import { useLocale } from '../ui/locale.ts';

interface State {
  readonly error: AppError | null;
}

/** A screen that fails leaves the frame and the other screens alive. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error: asAppError(error) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error === null ? this.props.children : <Failed error={error} onRetry={() => this.setState({ error: null })} />;
  }
}

function Failed({ error, onRetry }: { readonly error: AppError; readonly onRetry: () => void }) {
  const { t } = useLocale();
  return (
    <ErrorNotice error={new AppError('bug', error.message)}>
      <Button size="compact-sm" variant="default" onClick={onRetry}>
        {t('action.retry')}
      </Button>
    </ErrorNotice>
  );
}
