import { ActionIcon, Button, Checkbox, MultiSelect, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { MethodResult } from '../../../shared/api/methods.ts';
import type { ReplacementSettings } from '../../../shared/api/replacement-settings.ts';
import type { Settings } from '../../../shared/api/settings.ts';
import { useAction } from '../../client/action.ts';
import { useResource } from '../../client/resource.ts';
import { useServices } from '../../client/services.ts';
import { useLocale } from '../../ui/locale.ts';
import { ErrorNotice, Notice, ProgressLine } from '../../ui/notices.tsx';
import { PageBody, Section } from '../../ui/page.tsx';
import {
  allMethods,
  hoursOf,
  hoursText,
  moved,
  type PointDraft,
  pointDraft,
  pointRules,
  type PointRulesSetting,
  toggled,
  withPoint,
} from './rules-draft.ts';
import { createSettingsSlice, createTreeSlice } from './slice.ts';

type Tree = MethodResult<'points.tree'>;

/** What the contract says: the order of the methods, and what the methods need to know of each point. */
export function RulesTab() {
  const { client } = useServices();
  const settings = useResource(createSettingsSlice, {});
  const tree = useResource(createTreeSlice, {});
  const error = settings.error ?? tree.error;
  const save = async (replacement: ReplacementSettings) => {
    // Somebody may have changed the rest of the settings meanwhile.
    const current: Settings = await client.call('settings.get', {});
    await client.call('settings.set', { ...current, replacement });
    await settings.load({});
  };
  return (
    <>
      <ProgressLine isLoading={settings.isLoading || tree.isLoading} />
      {error === null ? null : <ErrorNotice error={error} />}
      {settings.data === null || tree.data === null ? null : (
        <PageBody>
          <div className="reading-columns">
            <CommonRules key={JSON.stringify(settings.data.replacement)} rules={settings.data.replacement} onSave={save} />
            <PointRules rules={settings.data.replacement} tree={tree.data} onSave={save} />
          </div>
        </PageBody>
      )}
    </>
  );
}

interface RulesProps {
  readonly rules: ReplacementSettings;
  readonly onSave: (rules: ReplacementSettings) => Promise<void>;
}

function CommonRules({ rules, onSave }: RulesProps) {
  const { t } = useLocale();
  const [methods, setMethods] = useState(rules.methods);
  const [times, setTimes] = useState(String(rules.unusualTimes));
  const [hours, setHours] = useState(hoursText(rules.peakHours));
  const save = useAction(onSave);
  const peakHours = hoursOf(hours);
  const unusualTimes = /^\d{1,3}$/.test(times) && Number(times) >= 2 && Number(times) <= 100 ? Number(times) : null;
  return (
    <Section title={t('closing.rules.order')}>
      <p className="dim">{t('closing.rules.orderNote')}</p>
      <table className="plain wide" data-testid="table-methods">
        <tbody>
          {allMethods(methods).map((method) => {
            const place = methods.indexOf(method);
            return (
              <tr key={method}>
                <td>
                  <Checkbox
                    label={t(`closing.method.${method}`)}
                    checked={place >= 0}
                    onChange={() => setMethods(toggled(methods, method))}
                  />
                </td>
                <td className="number">
                  {place < 0 ? null : (
                    <span className="gap-days">
                      <ActionIcon
                        variant="default"
                        size={22}
                        aria-label={t('closing.rules.earlier', { method: t(`closing.method.${method}`) })}
                        disabled={place === 0}
                        onClick={() => setMethods(moved(methods, method, -1))}
                      >
                        ↑
                      </ActionIcon>
                      <ActionIcon
                        variant="default"
                        size={22}
                        aria-label={t('closing.rules.later', { method: t(`closing.method.${method}`) })}
                        disabled={place === methods.length - 1}
                        onClick={() => setMethods(moved(methods, method, 1))}
                      >
                        ↓
                      </ActionIcon>
                    </span>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <TextInput
        className="form-field"
        label={t('closing.rules.peakHours')}
        description={t('closing.rules.peakHoursNote')}
        placeholder="8–13, 17–21"
        value={hours}
        error={peakHours === null ? t('closing.rules.peakHoursFault') : undefined}
        onChange={({ currentTarget }) => setHours(currentTarget.value)}
      />
      <TextInput
        className="form-field"
        label={t('closing.rules.unusual')}
        inputMode="numeric"
        value={times}
        error={unusualTimes === null ? t('closing.rules.unusualFault') : undefined}
        onChange={({ currentTarget }) => setTimes(currentTarget.value.trim())}
      />
      {save.error === null ? null : <ErrorNotice error={save.error} />}
      {save.isDone ? <Notice kind="ok">{t('action.saved')}</Notice> : null}
      <div className="form-actions">
        <Button
          data-testid="rules-save"
          disabled={peakHours === null || unusualTimes === null}
          loading={save.isBusy}
          onClick={() => {
            if (peakHours !== null && unusualTimes !== null) void save.run({ ...rules, methods, peakHours, unusualTimes });
          }}
        >
          {t('action.save')}
        </Button>
      </div>
    </Section>
  );
}

function PointRules({ rules, tree, onSave }: RulesProps & { readonly tree: Tree }) {
  const { t } = useLocale();
  const codes = tree.flatMap(({ points }) => points.map(({ code }) => code));
  const [draft, setDraft] = useState<PointDraft | null>(null);
  const save = useAction(async (setting: PointRulesSetting) => onSave(withPoint(rules, setting)));
  const choose = (code: string | null) => {
    save.reset();
    setDraft(
      code === null
        ? null
        : pointDraft(
            code,
            rules.points.find(({ pointCode }) => pointCode === code),
          ),
    );
  };
  const setting = draft === null ? null : pointRules(draft);
  return (
    <Section title={t('closing.rules.points')}>
      <PointSelect label={t('closing.reading.point')} tree={tree} value={draft?.pointCode ?? null} onChange={choose} testId="rules-point" />
      {draft === null ? (
        <RulesTable rules={rules} known={codes} tree={tree} onOpen={choose} />
      ) : (
        <form
          className="reading-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (setting !== null) void save.run(setting);
          }}
        >
          <PointFields
            draft={draft}
            tree={tree}
            onChange={(part) => {
              save.reset();
              setDraft({ ...draft, ...part });
            }}
          />
          {save.error === null ? null : <ErrorNotice error={save.error} />}
          {save.isDone ? <Notice kind="ok">{t('action.saved')}</Notice> : null}
          <div className="form-actions">
            <Button variant="default" onClick={() => choose(null)}>
              {t('closing.rules.back')}
            </Button>
            <Button type="submit" data-testid="rules-point-save" disabled={setting === null} loading={save.isBusy}>
              {t('action.save')}
            </Button>
          </div>
        </form>
      )}
    </Section>
  );
}

interface PointFieldsProps {
  readonly draft: PointDraft;
  readonly tree: Tree;
  readonly onChange: (part: Partial<PointDraft>) => void;
}

function PointFields({ draft, tree, onChange }: PointFieldsProps) {
  const { t } = useLocale();
  const others = pointGroups(tree, draft.pointCode);
  return (
    <>
      <div className="form-row">
        <PointSelect
          label={t('closing.rules.control')}
          description={t('closing.rules.controlNote')}
          tree={tree}
          without={draft.pointCode}
          value={draft.control}
          onChange={(control) => onChange({ control })}
          testId="rules-control"
        />
        <PointSelect
          label={t('closing.rules.profileOf')}
          description={t('closing.rules.profileOfNote')}
          tree={tree}
          without={draft.pointCode}
          value={draft.profileOf}
          onChange={(profileOf) => onChange({ profileOf })}
        />
        <PointSelect
          label={t('closing.rules.oppositeEnd')}
          tree={tree}
          without={draft.pointCode}
          value={draft.oppositeEnd}
          onChange={(oppositeEnd) => onChange({ oppositeEnd })}
        />
        <TextInput
          label={t('closing.rules.losses')}
          inputMode="decimal"
          disabled={draft.oppositeEnd === null}
          value={draft.losses}
          onChange={({ currentTarget }) => onChange({ losses: currentTarget.value })}
        />
      </div>
      <Checkbox
        label={t('closing.rules.mirrored')}
        disabled={draft.oppositeEnd === null}
        checked={draft.isMirrored}
        onChange={({ currentTarget }) => onChange({ isMirrored: currentTarget.checked })}
      />
      <div className="form-row">
        <MultiSelect
          size="xs"
          label={t('closing.rules.inputs')}
          searchable
          data={others}
          value={[...draft.inputs]}
          onChange={(inputs) => onChange({ inputs, feeders: draft.feeders.filter((code) => !inputs.includes(code)) })}
        />
        <MultiSelect
          size="xs"
          label={t('closing.rules.feeders')}
          searchable
          data={others}
          value={[...draft.feeders]}
          onChange={(feeders) => onChange({ feeders, inputs: draft.inputs.filter((code) => !feeders.includes(code)) })}
        />
        <TextInput
          label={`${t('closing.rules.maxPower')}, ${t('unit.kW')}`}
          inputMode="numeric"
          value={draft.maxPowerKw}
          data-testid="rules-max-power"
          onChange={({ currentTarget }) => onChange({ maxPowerKw: currentTarget.value })}
        />
        <TextInput
          label={t('closing.rules.hours')}
          inputMode="numeric"
          value={draft.hoursPerDay}
          onChange={({ currentTarget }) => onChange({ hoursPerDay: currentTarget.value })}
        />
        <TextInput
          label={t('closing.rules.digits')}
          description={t('closing.rules.digitsNote')}
          inputMode="numeric"
          value={draft.registerDigits}
          onChange={({ currentTarget }) => onChange({ registerDigits: currentTarget.value })}
        />
      </div>
    </>
  );
}

interface PointSelectProps {
  readonly label: string;
  readonly description?: string;
  readonly tree: Tree;
  /** A point is no source of itself. */
  readonly without?: string;
  readonly value: string | null;
  readonly onChange: (code: string | null) => void;
  readonly testId?: string;
}

function PointSelect({ label, description, tree, without, value, onChange, testId }: PointSelectProps) {
  return (
    <Select
      label={label}
      description={description}
      searchable
      clearable
      value={value}
      data={pointGroups(tree, without)}
      data-testid={testId}
      onChange={onChange}
    />
  );
}

function pointGroups(tree: Tree, without?: string) {
  return tree.map(({ name, points }) => ({
    group: name,
    items: points.filter(({ code }) => code !== without).map((point) => ({ value: point.code, label: `${point.name} (${point.code})` })),
  }));
}

interface RulesTableProps {
  readonly rules: ReplacementSettings;
  readonly known: readonly string[];
  readonly tree: Tree;
  readonly onOpen: (code: string) => void;
}

/** What is set for which points. */
function RulesTable({ rules, known, tree, onOpen }: RulesTableProps) {
  const { t } = useLocale();
  const nameOf = (code: string) => tree.flatMap(({ points }) => points).find((point) => point.code === code)?.name ?? code;
  const set = rules.points.filter(({ pointCode }) => known.includes(pointCode));
  if (set.length === 0) return <p className="verdict dim">{t('closing.rules.none')}</p>;
  return (
    <table className="plain wide" data-testid="table-rules">
      <thead>
        <tr>
          <th scope="col">{t('closing.reading.point')}</th>
          <th scope="col">{t('closing.rules.control')}</th>
          <th scope="col">{t('closing.rules.oppositeEnd')}</th>
          <th scope="col" className="number">
            {t('closing.rules.busShort')}
          </th>
          <th scope="col" className="number">
            {t('closing.rules.maxPowerShort')}, {t('unit.kW')}
          </th>
        </tr>
      </thead>
      <tbody>
        {set.map(({ pointCode, control, oppositeEnd, bus, maxPowerKw }) => (
          <tr key={pointCode}>
            <th scope="row">
              <button type="button" className="link" onClick={() => onOpen(pointCode)}>
                {nameOf(pointCode)}
              </button>
            </th>
            <td>{control === null ? '' : nameOf(control)}</td>
            <td>{oppositeEnd === null ? '' : nameOf(oppositeEnd.pointCode)}</td>
            <td className="number">{bus.length === 0 ? '' : bus.length}</td>
            <td className="number">{maxPowerKw ?? ''}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
