import { TextInput } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import { useResource } from '../../client/resource.ts';
import { useLocale } from '../../ui/locale.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { createTreeSlice } from '../points/slice.ts';

export interface PointTreePaneProps {
  readonly chosen: readonly number[];
  readonly onChange: (chosen: readonly number[]) => void;
}

/** Substations and their points with a box each; arrows go up and down, Space ticks. */
export function PointTreePane({ chosen, onChange }: PointTreePaneProps) {
  const { t } = useLocale();
  const { data } = useResource(createTreeSlice, {}, { everyMs: 60_000 });
  const [filter, setFilter] = useState('');
  const [closed, setClosed] = useState<ReadonlySet<number>>(new Set());
  const wanted = filter.trim().toLowerCase();
  const isShown = (point: { name: string; code: string }) => wanted === '' || `${point.name} ${point.code}`.toLowerCase().includes(wanted);
  const toggle = (ids: readonly number[], isOn: boolean) =>
    onChange(isOn ? [...chosen, ...ids.filter((id) => !chosen.includes(id))] : chosen.filter((id) => !ids.includes(id)));
  return (
    <aside className="tree" aria-label={t('consumption.points')}>
      <TextInput
        size="xs"
        aria-label={t('consumption.find')}
        placeholder={t('consumption.find')}
        value={filter}
        onChange={({ currentTarget }) => setFilter(currentTarget.value)}
      />
      <div className="tree-head">
        <span className="dim">{t('consumption.chosen', { count: chosen.length })}</span>
        {chosen.length === 0 ? null : (
          <button type="button" className="link" onClick={() => onChange([])}>
            {t('consumption.clear')}
          </button>
        )}
      </div>
      <div className="tree-list" onKeyDown={moveFocus}>
        {(data ?? []).map((substation) => {
          const points = substation.points.filter(isShown);
          if (points.length === 0) return null;
          const ids = points.map((point) => point.id);
          const isOpen = wanted !== '' || !closed.has(substation.id);
          const count = ids.filter((id) => chosen.includes(id)).length;
          return (
            <div key={substation.id} role="group" aria-label={substation.name}>
              <div className="tree-group">
                <button
                  type="button"
                  className="tree-fold"
                  aria-expanded={isOpen}
                  aria-label={substation.name}
                  onClick={() =>
                    setClosed(
                      (before) =>
                        new Set(before.has(substation.id) ? [...before].filter((id) => id !== substation.id) : [...before, substation.id]),
                    )
                  }
                >
                  <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
                    <path d={isOpen ? 'M1 3h8L5 8Z' : 'M3 1v8l5-4Z'} fill="currentColor" />
                  </svg>
                </button>
                <label>
                  <input
                    type="checkbox"
                    checked={count === ids.length}
                    ref={(box) => {
                      if (box !== null) box.indeterminate = count > 0 && count < ids.length;
                    }}
                    onChange={({ currentTarget }) => toggle(ids, currentTarget.checked)}
                  />
                  <strong>{substation.name}</strong>
                </label>
                <span className="dim">{ids.length}</span>
              </div>
              {isOpen
                ? points.map((point) => (
                    <label key={point.id} className="tree-point" title={`${point.name} (${point.code})`}>
                      <input
                        type="checkbox"
                        checked={chosen.includes(point.id)}
                        onChange={({ currentTarget }) => toggle([point.id], currentTarget.checked)}
                      />
                      <span className="tree-name">{point.name}</span>
                      {point.state === 'ok' ? null : <StateMark state={point.state} isBare />}
                    </label>
                  ))
                : null}
            </div>
          );
        })}
      </div>
    </aside>
  );
}

function moveFocus(event: KeyboardEvent<HTMLDivElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const boxes = [...event.currentTarget.querySelectorAll('input')];
  const at = boxes.findIndex((box) => box === document.activeElement);
  boxes[Math.min(Math.max(at + (event.key === 'ArrowDown' ? 1 : -1), 0), boxes.length - 1)]?.focus();
  event.preventDefault();
}
