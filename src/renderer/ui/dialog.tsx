import { Drawer, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLocale } from './locale.ts';
import { useReturnFocus } from './return-focus.ts';

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Assembled from parts: the ready-made windows bring a second page header for a screen reader. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const { t } = useLocale();
  useReturnFocus();
  return (
    <Modal.Root opened onClose={onClose} size="lg">
      <Modal.Overlay backgroundOpacity={0.25} />
      <Modal.Content aria-label={title}>
        <div className="dialog-head">
          <h2>{title}</h2>
          <Modal.CloseButton aria-label={t('action.close')} />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** A dialog along the right edge: what stands behind stays in sight. */
export function SidePane({ title, onClose, children }: DialogProps) {
  const { t } = useLocale();
  useReturnFocus();
  return (
    <Drawer.Root opened onClose={onClose} position="right" size={620}>
      <Drawer.Overlay backgroundOpacity={0.12} />
      <Drawer.Content aria-label={title}>
        <div className="dialog-head">
          <h2>{title}</h2>
          <Drawer.CloseButton aria-label={t('action.close')} />
        </div>
        <Drawer.Body tabIndex={0}>{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
