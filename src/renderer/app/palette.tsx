import { Modal, TextInput } from '@mantine/core';
import { type KeyboardEvent, useId, useState } from 'react';
import { createTreeSlice } from '../features/points/slice.ts';
import { useSystem } from '../features/system/slice.ts';
import { useResource } from '../client/resource.ts';
import { useLocale } from '../ui/locale.ts';
import { useReturnFocus } from '../ui/return-focus.ts';
import { StateMark } from '../ui/state-mark.tsx';
import { findEntries, type PaletteEntry } from './palette-search.ts';
import { palettePlaces } from './palette-places.ts';
import { navigate, type Query, routeHref } from './routes.ts';

/** Find a point or a screen: type, arrows, Enter. */
export function Palette({ query, onClose }: { readonly query: Query; readonly onClose: () => void }) {
  const { t } = useLocale();
  useReturnFocus();
  const listId = useId();
  const { data } = useResource(createTreeSlice, {});
  const lines = useSystem((state) => state.status?.lines);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const entries: PaletteEntry[] = [
    ...palettePlaces(t, query),
    ...(lines ?? []).map((line) => ({
      label: line.name,
      detail: t('column.line'),
      href: routeHref('system', line.id, query),
      state: line.state,
    })),
    ...(data ?? []).flatMap((substation) =>
      substation.points.map((point) => ({
        label: point.name,
        detail: `${substation.name} · ${point.code}`,
        href:
          point.isReceived === true
            ? routeHref('consumption', null, { ...query, points: String(point.id) })
            : routeHref('points', point.id, { ...query, points: String(point.id) }),
        state: point.state,
      })),
    ),
  ];
  const found = findEntries(entries, text);
  const open = (entry: PaletteEntry | undefined) => {
    if (entry === undefined) return;
    onClose();
    navigate(entry.href);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt(Math.min(at + 1, found.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
    else if (event.key === 'Enter') open(found[at]);
    else return;
    event.preventDefault();
  };
  return (
    <Modal.Root opened onClose={onClose} size={560} yOffset="12vh">
      <Modal.Overlay backgroundOpacity={0.25} />
      <Modal.Content aria-label={t('palette.open')}>
        <TextInput
          data-autofocus
          variant="unstyled"
          size="md"
          className="palette-input"
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={found.length === 0 ? undefined : `${listId}-${at}`}
          aria-label={t('palette.open')}
          placeholder={t('palette.open')}
          value={text}
          onChange={({ currentTarget }) => {
            setText(currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        <div className="palette-list" id={listId} role="listbox" aria-label={t('palette.found')}>
          {found.map((entry, index) => (
            <div
              key={`${entry.href} ${entry.label}`}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === at}
              className="palette-row"
              onClick={() => open(entry)}
              onMouseMove={() => setAt(index)}
            >
              {entry.state === null ? <span className="palette-dot" /> : <StateMark state={entry.state} isBare />}
              <span>{entry.label}</span>
              <span className="dim">{entry.detail}</span>
            </div>
          ))}
        </div>
        {found.length === 0 ? <p className="palette-none">{t('palette.none')}</p> : null}
      </Modal.Content>
    </Modal.Root>
  );
}
