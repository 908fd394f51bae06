import { Button } from '@mantine/core';
import { useState } from 'react';
import { copyText } from './clipboard.ts';
import { useLocale } from './locale.ts';

/** Puts a text into the clipboard and says so. */
export function CopyButton({ label, text }: { readonly label: string; readonly text: () => string }) {
  const { t } = useLocale();
  const [state, setState] = useState<'idle' | 'done' | 'failed'>('idle');
  const copy = () => setState(copyText(text()) ? 'done' : 'failed');
  return (
    <Button variant="subtle" size="compact-xs" onClick={copy} onBlur={() => setState('idle')}>
      {state === 'idle' ? label : t(state === 'done' ? 'action.copied' : 'action.notCopied')}
    </Button>
  );
}
