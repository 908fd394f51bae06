import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Action } from '../../client/action.ts';
import { useLocale } from '../../ui/locale.ts';
import { ErrorNotice, Notice } from '../../ui/notices.tsx';
import { Section } from '../../ui/page.tsx';

export interface EditorProps {
  readonly title: string;
  readonly note: string;
  /** Why it cannot be saved as it is; null = it can. */
  readonly obstacle: string | null;
  readonly save: Action<readonly []>;
  /** Instead of the words of the error's code. */
  readonly faults?: ReactNode;
  readonly children: ReactNode;
}

/** A page of things that are saved together. */
export function Editor({ title, note, obstacle, save, faults = null, children }: EditorProps) {
  const { t } = useLocale();
  return (
    <form
      className="page-body report-editor"
      onSubmit={(event) => {
        event.preventDefault();
        if (obstacle === null) void save.run();
      }}
    >
      <Section title={title}>
        <p className="dim">{note}</p>
        {children}
        {obstacle === null ? null : <Notice kind="attention">{obstacle}</Notice>}
        {save.error === null ? null : (faults ?? <ErrorNotice error={save.error} />)}
        <div className="form-actions">
          <Button type="submit" data-testid="report-save" disabled={obstacle !== null} loading={save.isBusy}>
            {t('action.save')}
          </Button>
          {save.isDone ? <span className="dim">{t('reports.saved')}</span> : null}
        </div>
      </Section>
    </form>
  );
}
