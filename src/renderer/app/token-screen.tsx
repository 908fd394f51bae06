import { Button, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { ERROR_TEXTS } from '../../shared/i18n/errors.ts';
import { useLocale } from '../ui/locale.ts';
import { AdviceText } from '../ui/notices.tsx';

export interface TokenScreenProps {
  /** The server refused the token that we had. */
  readonly isRefused: boolean;
  readonly onToken: (token: string) => void;
}

/** The browser has no token: where to find one, and a field for it. */
export function TokenScreen({ isRefused, onToken }: TokenScreenProps) {
  const { t, language } = useLocale();
  const [token, setToken] = useState('');
  return (
    <main className="token-screen">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onToken(token.trim());
        }}
      >
        <h1>{t('token.title')}</h1>
        {isRefused ? (
          <div className="notice notice-fault" role="alert">
            <AdviceText advice={ERROR_TEXTS['api/unauthorised'][language]} />
          </div>
        ) : (
          <p>{t('token.why')}</p>
        )}
        <PasswordInput
          label={t('token.label')}
          description={t('token.hint')}
          value={token}
          onChange={({ currentTarget }) => setToken(currentTarget.value)}
          data-testid="token"
        />
        <div className="form-actions">
          <Button type="submit" disabled={token.trim() === ''}>
            {t('token.enter')}
          </Button>
        </div>
      </form>
    </main>
  );
}
